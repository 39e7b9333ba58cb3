"""*Setup lines*: each way to join is one click away, in one place (UX.md, flow 5)."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService

from cheeseboard.desktop.pages.side_pages import Side
from cheeseboard.desktop.sharing.qr_dialog import QrCode
from cheeseboard.desktop.sharing.setup_page import SetupPage
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.events import AccessChanged
from cheeseboard.server.access.tokens import Reading

URL = "https://ada-laptop.local:8443/simple/"


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> MainWindow:
    """A window that serves the network."""
    made = open_window(six)
    qtbot.waitUntil(made.share.serve.isVisible)
    made.share.serve.click()
    qtbot.waitUntil(lambda: bool(made.share.address))
    return made


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> SetupPage:
    window.open_setup_lines()
    made = window.sides.setup
    qtbot.waitUntil(lambda: bool(made.join.line.text()))
    return made


def copied(page: SetupPage) -> list[str]:
    """Press every Copy."""
    lines = []
    for card in page.cards():
        card.copy.click()
        lines.append(QGuiApplication.clipboard().text())
    return lines


def test_each_line_is_copied_whole(page: SetupPage, six: MemoryService) -> None:
    expected = six.setup_lines()

    join, undo, uv_join, uv_add, fetch, install = copied(page)

    assert (join, undo, uv_join) == (expected.join, expected.undo, expected.join)
    assert uv_add == f"uv add --index cheeseboard={URL} your-package"
    assert six.ca_sha256 in fetch
    assert install.endswith(f"--cert cheeseboard-ca.pem --extra-index-url {URL} your-package")


def test_a_line_with_the_fingerprint_says_so(window: MainWindow, page: SetupPage) -> None:
    page.fetch.copy.click()
    assert window.notices.sentence.startswith("Setup line copied. It includes the certificate fingerprint")

    page.install.copy.click()
    assert window.notices.sentence == "Line copied."


def test_windows_has_lines_of_its_own(page: SetupPage) -> None:
    page.system.setCurrentIndex(1)

    assert page.join.line.text().startswith("py ")
    assert page.install.line.text().startswith("py ")


def test_the_code_is_that_of_the_shown_address(window: MainWindow, page: SetupPage) -> None:
    page.tabs.setCurrentIndex(3)

    code = page.findChild(QrCode)
    assert code is not None
    assert code.isVisible()
    assert code.matrix == QrCode(window.share.address).matrix
    assert not page.system.isEnabled()


def test_while_reading_is_private_it_says_who_is_asked_for_the_token(
    qtbot: QtBot, page: SetupPage, six: MemoryService
) -> None:
    assert "token" not in page.join_note.text()

    six.access.reading = Reading.TOKEN
    six.bus.publish(AccessChanged())

    qtbot.waitUntil(lambda: "asks for theirs" in page.join_note.text())
    assert "__token__" in page.install_note.text()


def test_lines_of_a_server_that_stopped_are_not_offered(
    qtbot: QtBot, window: MainWindow, page: SetupPage
) -> None:
    window.share.stop.click()

    qtbot.waitUntil(page.problem.isVisible)
    assert page.problem.text.text().startswith("Colleagues can’t see this repository yet.")
    assert not page.join.isVisible()


def test_the_copied_line_leads_to_more_ways(qtbot: QtBot, window: MainWindow) -> None:
    window.share.setup.click()
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Setup line copied."))

    [more] = [button for button in window.notices.buttons() if button.text() == "More ways…"]
    more.click()

    assert window.sides.shown is Side.SETUP


def entries(window: MainWindow) -> dict[str, bool]:
    """Open the card's menu; return each entry and whether it can be chosen."""
    window.share.more.click()
    [menu] = [one for one in window.findChildren(QMenu) if one.isVisible()]
    found = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    menu.close()
    return found


def test_the_cards_menu_has_lines_addresses_code_and_tokens(window: MainWindow) -> None:
    found = entries(window)

    assert list(found) == [
        "Copy setup line",
        "Copy setup line for Windows",
        "Setup lines for colleagues…",
        "Copy address",
        "Show address as QR code",
        "Show another address",
        "Who may publish and read…",
    ]
    assert all(found.values())


def test_without_the_network_the_menu_offers_what_makes_sense(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.share.serve.isVisible)

    can = [words for words, enabled in entries(window).items() if enabled]

    assert can == ["Setup lines for colleagues…", "Who may publish and read…"]
