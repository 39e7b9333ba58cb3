"""Live requests in the activity drawer: who asked for what, and whether it was here (issue 6, item 1)."""

import pytest
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService

from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.events import Answered, AskedFor, RequestsAnswered

SOMEBODY = ("192.168.1.23", "pip/26.3")


@pytest.fixture
def window(open_window: OpenWindow, six: MemoryService) -> MainWindow:
    """A window with its drawer open."""
    made = open_window(six)
    made.status.activity.click()
    return made


def says(qtbot: QtBot, window: MainWindow, words: str) -> None:
    qtbot.waitUntil(lambda: any(line.endswith(words) for line in window.activity.sentences()))


@pytest.mark.parametrize(
    ("name", "answered", "words"),
    [
        ("acme-core", Answered.HERE, "pip/26.3 on 192.168.1.23 asked for acme-core: here"),
        ("", Answered.HERE, "pip/26.3 on 192.168.1.23 asked for the list of packages: here"),
        ("requests", Answered.NOT_HERE, "pip/26.3 on 192.168.1.23 asked for requests: not here"),
        ("a", Answered.TURNED_AWAY, "pip/26.3 on 192.168.1.23 asked for a and was turned away"),
        ("", Answered.UPLOAD_REFUSED, "pip/26.3 on 192.168.1.23 tried to publish and was turned away"),
    ],
)
def test_a_request_is_told_with_its_answer(
    qtbot: QtBot, window: MainWindow, six: MemoryService, name: str, answered: Answered, words: str
) -> None:
    six.bus.publish(RequestsAnswered((AskedFor(*SOMEBODY, name, answered, 1),)))

    says(qtbot, window, words)


def test_what_is_asked_again_raises_its_number(qtbot: QtBot, window: MainWindow, six: MemoryService) -> None:
    for _ in range(3):
        six.bus.publish(RequestsAnswered((AskedFor(*SOMEBODY, "requests", Answered.NOT_HERE, 400),)))

    says(qtbot, window, "pip/26.3 on 192.168.1.23 (1,200×) asked for requests: not here")
    assert sum("requests" in line for line in window.activity.sentences()) == 1


def test_nothing_is_watched_while_the_drawer_is_closed(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    watched = [six.watched]

    window.status.activity.click()
    watched.append(six.watched)
    window.activity.close_button.click()
    watched.append(six.watched)

    assert watched == [False, True, False]


def test_another_repository_has_requests_of_its_own(
    qtbot: QtBot, window: MainWindow, six: MemoryService
) -> None:
    six.bus.publish(RequestsAnswered((AskedFor(*SOMEBODY, "requests", Answered.NOT_HERE, 1),)))
    says(qtbot, window, "not here")

    window.activity.forget()

    assert window.activity.sentences() == ("Nothing has happened yet.",)
