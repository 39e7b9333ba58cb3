"""What *Serve on LAN* means is told once for each repository (UX.md, flow 3)."""

from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService

from cheeseboard.desktop.pages.side_pages import Side
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.events import AccessChanged
from cheeseboard.server.access.tokens import Reading


def serve(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(window.share.serve.isVisible)
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)
    qtbot.waitUntil(lambda: not window._jobs.busy)


def test_the_first_time_it_says_which_address_and_that_anyone_can_download(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    assert window.first_share.isHidden()

    serve(qtbot, window)

    qtbot.waitUntil(window.first_share.isVisible)
    told = "Colleagues reach this repository at https://ada-laptop.local:8443/simple/"
    assert window.first_share.title.text() == told
    assert window.first_share.meaning.text().startswith("Anyone on this network can download")
    assert window.stage.pages.isEnabled()


def test_while_reading_is_private_it_says_that_a_token_is_needed(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.access.reading = Reading.TOKEN
    window = open_window(six)

    serve(qtbot, window)

    qtbot.waitUntil(lambda: window.first_share.meaning.text().startswith("Only those to whom you gave"))


def test_what_it_says_follows_the_reading_rule(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    serve(qtbot, window)
    qtbot.waitUntil(window.first_share.isVisible)

    six.access.reading = Reading.TOKEN
    six.bus.publish(AccessChanged())

    qtbot.waitUntil(lambda: window.first_share.meaning.text().startswith("Only those to whom you gave"))


def test_once_read_it_does_not_come_again_for_this_repository(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    serve(qtbot, window)
    qtbot.waitUntil(window.first_share.isVisible)

    window.first_share.okay.click()
    assert window.first_share.isHidden()
    assert six.settings.network_explained == (str(six.folder),)
    window.share.stop.click()
    serve(qtbot, window)

    assert window.first_share.isHidden()


def test_who_may_read_leads_to_the_page_of_tokens(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    serve(qtbot, window)
    qtbot.waitUntil(window.first_share.isVisible)

    window.first_share.access.click()

    assert window.sides.shown is Side.ACCESS
    assert window.first_share.isHidden()


def test_it_goes_when_serving_stops_and_is_told_again_as_nobody_has_read_it(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    serve(qtbot, window)
    qtbot.waitUntil(window.first_share.isVisible)

    window.share.stop.click()
    qtbot.waitUntil(window.first_share.isHidden)
    serve(qtbot, window)

    qtbot.waitUntil(window.first_share.isVisible)


def test_escape_puts_it_away(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    serve(qtbot, window)
    qtbot.waitUntil(window.first_share.isVisible)

    window.escape()

    assert window.first_share.isHidden()


def test_it_makes_way_for_a_page_and_comes_back(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    serve(qtbot, window)
    qtbot.waitUntil(window.first_share.isVisible)

    window.open_preferences()
    assert window.first_share.isHidden()
    window.sides.close()

    assert window.first_share.isVisible()
