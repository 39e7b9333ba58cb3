"""What is told outside the window: failures and the first colleague, by tray or by a real message bus."""

import logging
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService
from tests.session_bus import NotificationDaemon

from cheeseboard.desktop.telling.notifications import Notifications
from cheeseboard.desktop.telling.session_bus import notify
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.errors import StorageFull
from cheeseboard.events import FileDownloaded
from cheeseboard.server.state import Failed, Serving, Starting, Stopped

LOCAL = Serving(lan=False, port=8443, urls=("https://localhost:8443/simple/",), local_url="x")
LAN = Serving(lan=True, port=8443, urls=("https://ada.local:8443/simple/",), local_url="x")
TAKEN = Failed("Port 8443 is taken.", 8443, 8444, lan=True)
COLLEAGUE = FileDownloaded("acme.whl", "192.168.1.23", "pip/26.3")
linux = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's")


class Told:
    def __init__(self, *, watched: bool = False) -> None:
        self.all: list[tuple[str, str]] = []
        self.watched = watched
        self.notifications = Notifications(lambda *words: self.all.append(words), lambda: self.watched)


def test_a_failure_is_told_once_until_it_is_over() -> None:
    told = Told()
    for state in (TAKEN, TAKEN, Starting(), TAKEN):
        told.notifications.note_server(state)
    words = ("Can’t serve this repository", "Port 8443 is in use by another program.")
    assert told.all == [words]

    told.notifications.note_server(LAN)
    told.notifications.note_server(TAKEN)

    assert told.all == [words, words]


def test_a_folder_that_cannot_be_used_is_told_once() -> None:
    told = Told()
    for problem in ("The disk is full.", "The disk is full.", None, "The folder is missing."):
        told.notifications.note_folder(problem)
    assert [text for _, text in told.all] == ["The disk is full.", "The folder is missing."]


def test_the_first_colleague_is_told_and_no_other_download() -> None:
    told = Told()
    told.notifications.note_server(LAN)
    told.notifications.note_download(FileDownloaded("acme.whl", "127.0.0.1", "pip/26.3"))
    for _ in range(3):
        told.notifications.note_download(COLLEAGUE)

    assert told.all == [("Your first colleague is here", "pip/26.3 on 192.168.1.23 downloaded acme.whl.")]


def test_nothing_else_is_told() -> None:
    told = Told()
    for state in (Stopped(), Starting(), LOCAL, LAN, LOCAL):
        told.notifications.note_server(state)
    told.notifications.note_download(COLLEAGUE)  # not shared any more
    told.notifications.note_folder(None)
    assert told.all == []


def test_who_looks_at_the_window_is_not_told_twice() -> None:
    told = Told(watched=True)
    told.notifications.note_server(TAKEN)
    told.notifications.note_folder("The disk is full.")
    assert told.all == []


# --- by the tray, by the bus, by nothing ------------------------------------------------------------


def unwatched(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.presence.notifications, "_is_watched", lambda: False)


def test_where_there_is_a_tray_its_icon_tells(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, told = open_window(six), list[str]()
    unwatched(window, monkeypatch)
    window.add_tray()
    assert window.presence.tray is not None
    monkeypatch.setattr(window.presence.tray.icon, "showMessage", lambda title, text: told.append(text))

    six.break_folder(StorageFull)

    qtbot.waitUntil(lambda: told == ["Can’t write to the managed folder: the disk is full."])


@linux
def test_without_a_tray_the_desktop_tells(
    qtbot: QtBot,
    open_window: OpenWindow,
    six: MemoryService,
    session_bus: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = open_window(six)
    unwatched(window, monkeypatch)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", session_bus)
    with NotificationDaemon(session_bus) as desktop:
        window.share.serve.click()
        qtbot.waitUntil(window.share.stop.isVisible)
        six.download("acme_core-7.0.0-py3-none-any.whl")
        qtbot.waitUntil(lambda: len(desktop.shown) == 1)

    title, text = desktop.shown[0]
    assert title == "Your first colleague is here"
    assert text == "pip/26.3 on 192.168.1.23 downloaded acme_core-7.0.0-py3-none-any.whl."
    assert desktop.icons == ["cheeseboard"]


@linux
def test_what_a_stranger_calls_itself_is_no_markup(session_bus: str) -> None:
    with NotificationDaemon(session_bus) as desktop:
        assert notify({"DBUS_SESSION_BUS_ADDRESS": session_bus}, "Title", "<img src='x'/> & co")
    assert desktop.shown == [("Title", "&lt;img src='x'/&gt; &amp; co")]


@pytest.mark.parametrize("address", ["", "nonsense", "unix:path=/nowhere/bus"])
def test_without_a_bus_it_is_silent_and_logged(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    assert not notify({"DBUS_SESSION_BUS_ADDRESS": address}, "Title", "Text")

    assert caplog.messages[0].startswith("No notification: ")


@linux
def test_without_anybody_who_shows_notifications_it_is_silent_and_logged(
    session_bus: str, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.INFO)

    assert not notify({"DBUS_SESSION_BUS_ADDRESS": session_bus}, "Title", "Text")

    assert "org.freedesktop.Notifications" in caplog.messages[0]
