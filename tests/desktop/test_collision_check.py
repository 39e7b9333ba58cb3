"""Other indexes are asked for our names only on a press; rows tell what pip would pick (issue 5, item 5)."""

import threading

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, name_of

from cheeseboard.clients.collisions import Collision, Winner
from cheeseboard.desktop.installers.collision_check import CollisionCard
from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.errors import ClientConfigError

THEIRS = Collision("acme-core", "index.example", "7.0.0", "9.1", Winner.UPSTREAM)
SAME = Collision("acme-geo", "index.example", "0.9.3", "0.9.3", Winner.EITHER)


def open_card(qtbot: QtBot, window: MainWindow) -> CollisionCard:
    window.open_sheet()
    qtbot.waitUntil(lambda: not window._jobs.busy)
    return window.sides.sheet.names


def test_nobody_is_asked_before_somebody_agreed_and_the_price_is_said(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    card = open_card(qtbot, open_window(six))

    assert six.asked_names == []
    assert "tells the indexes" in card.means.text()
    assert card.ask.text() == "Check these names on your other indexes"
    assert card.result.isHidden()


def test_what_was_found_is_told_with_what_pip_picks_and_stands_at_the_row(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.collisions_elsewhere = (THEIRS, SAME)
    window = open_window(six)
    card = open_card(qtbot, window)

    card.ask.click()

    qtbot.waitUntil(lambda: card.result.tone is Tone.WARN and card.result.isVisible())
    assert card.result.text.text().splitlines() == [
        "acme-core: pip takes 9.1 from index.example, which is higher than yours, 7.0.0.",
        "acme-geo: index.example has 0.9.3, too; pip takes either.",
    ]
    spoken = [spoken_of(window, name) for name in ("acme-core", "acme-geo", "acme-auth")]
    assert "newer elsewhere" in spoken[0]
    assert "also elsewhere" in spoken[1]
    assert "elsewhere" not in spoken[2]


def test_where_none_of_ours_is_offered_that_is_said_as_the_reason(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.collisions_elsewhere = (Collision("acme-core", "index.example", "", "0.1", Winner.UPSTREAM),)
    card = open_card(qtbot, open_window(six))

    card.ask.click()

    told = "acme-core: pip takes 0.1 from index.example, since none of yours is offered."
    qtbot.waitUntil(lambda: card.result.text.text() == told)


def test_a_yank_shows_at_once_what_pip_takes_instead(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    six.collisions = (THEIRS,)

    six.publish(list(six.snapshot.files())[:-1])

    qtbot.waitUntil(lambda: "newer elsewhere" in spoken_of(window, "acme-core"))


def spoken_of(window: MainWindow, name: str) -> str:
    row = window.model.position_of(name_of(name))
    assert row is not None
    return str(window.model.data(window.model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole))


def test_what_is_known_from_earlier_stands_at_the_row_from_the_start(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.collisions = (THEIRS,)
    window = open_window(six)

    qtbot.waitUntil(lambda: "newer elsewhere" in spoken_of(window, "acme-core"))
    assert six.asked_names == []


def test_ours_being_higher_is_no_badge(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    six.collisions_elsewhere = (Collision("acme-core", "index.example", "7.0.0", "1.0", Winner.OURS),)
    window = open_window(six)
    card = open_card(qtbot, window)

    card.ask.click()

    qtbot.waitUntil(lambda: "is higher and wins" in card.result.text.text())
    assert "elsewhere" not in spoken_of(window, "acme-core")


def test_no_name_found_elsewhere_is_said(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    card = open_card(qtbot, open_window(six))

    card.ask.click()

    qtbot.waitUntil(lambda: card.result.text.text().startswith("None of your packages’ names"))
    assert len(six.asked_names) == 6


def test_asking_can_be_cancelled(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    six.asking_gate = threading.Event()
    card = open_card(qtbot, open_window(six))
    card.ask.click()
    qtbot.waitUntil(card.progress.isVisible)
    assert card.ask.isHidden()

    card.progress.cancel.click()

    qtbot.waitUntil(lambda: card.result.text.text().startswith("Cancelled."))
    assert six.asked_names == []
    assert card.progress.isHidden()
    assert card.ask.isVisible()


def test_an_index_that_is_not_reached_is_said_and_asked_again(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    card = open_card(qtbot, open_window(six))
    six.failure = ClientConfigError("pip did not reach index.example, so nothing is known of a.", "pip")
    card.ask.click()
    qtbot.waitUntil(lambda: card.result.tone is Tone.ERROR)

    six.failure = None
    card.ask.click()

    qtbot.waitUntil(lambda: card.result.tone is Tone.OK)


def test_the_question_why_it_cannot_install_offers_the_same(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.collisions_elsewhere = (THEIRS,)
    window = open_window(six)
    window.explain(six.snapshot.projects[name_of("acme-core")])
    qtbot.waitUntil(lambda: not window._jobs.busy)

    window.sides.why.names.ask.click()

    qtbot.waitUntil(lambda: "instead of" in window.sides.why.result.text.text())
