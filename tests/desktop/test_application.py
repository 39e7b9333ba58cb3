"""The window as a process: it starts, serves, and leaves in order; and rules that hold for the whole room."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import cheeseboard.desktop
from cheeseboard.desktop.application import ground_font, scheme_of
from cheeseboard.desktop.first_sight import FirstSight
from cheeseboard.desktop.frame.states import PlainState
from cheeseboard.desktop.look.theme import Scheme, Theme
from cheeseboard.desktop.opening import Opening
from cheeseboard.desktop.start import Start
from cheeseboard.desktop.system.signals import HeededSignals
from cheeseboard.desktop.work.history import History, UndoStep
from cheeseboard.errors import SettingsError
from cheeseboard.locations import find_locations
from cheeseboard.service import Service
from cheeseboard.settings import Settings, read_settings, write_settings


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to handle")
def test_the_window_serves_and_leaves_in_order_when_asked_to(own_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings_file = find_locations(os.environ).settings_file
    write_settings(settings_file, Settings(port=port))
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen([sys.executable, "-m", "cheeseboard"], env=environment, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: answers(port) or process.poll() is not None)
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=30)
    finally:
        process.kill()

    assert process.returncode == 0
    assert b"Traceback" not in complaints
    assert not answers(port)
    assert read_settings(settings_file).window_geometry


@pytest.mark.parametrize(
    ("setting", "scheme"), [("dark", Scheme.DARK), ("auto", Scheme.AUTO), ("?", Scheme.AUTO)]
)
def test_an_unknown_theme_means_auto(setting: str, scheme: Scheme) -> None:
    assert scheme_of(setting) is scheme


def test_the_font_that_a_desktop_chose_is_kept(qapp: QApplication) -> None:
    chosen = QFont("Noto Serif", 13)
    assert ground_font(chosen) == chosen


def test_without_a_desktop_text_has_a_readable_size(qapp: QApplication) -> None:
    assert ground_font(QFont("DejaVu Sans", 7)).pointSizeF() >= 10


def test_no_colour_is_written_outside_the_theme() -> None:
    room = Path(cheeseboard.desktop.__file__).parent
    files = [path for path in room.rglob("*.py") if path.name != "theme.py"]
    assert len(files) > 20

    coloured = [
        path.name
        for path in files
        if re.search(r"#[0-9a-fA-F]{6}|setStyleSheet|GlobalColor\.(?!transparent)", path.read_text("utf-8"))
    ]

    assert coloured == []


def test_undo_takes_back_the_newest_act_and_each_only_once() -> None:
    history, undone = History(), list[str]()
    first, second = UndoStep(lambda: undone.append("first")), UndoStep(lambda: undone.append("second"))
    history.push(first)
    history.push(second)

    assert history.undo()
    assert not history.undo(second)
    assert history.undo(first)
    assert not history.undo()
    assert undone == ["second", "first"]


def test_a_signal_is_heeded_in_the_loop_until_nobody_listens_any_more(qtbot: QtBot) -> None:
    former = signal.getsignal(signal.SIGTERM)
    asked: list[int] = []
    heeded = HeededSignals(lambda: asked.append(1))
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        qtbot.waitUntil(lambda: bool(asked))
    finally:
        heeded.close()
    qtbot.wait(5)

    assert asked == [1]
    assert signal.getsignal(signal.SIGTERM) is former


def test_a_failed_start_is_said_in_the_window_and_ends_with_3(
    qtbot: QtBot, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes: list[int] = []
    monkeypatch.setattr(QCoreApplication, "exit", codes.append)
    sight = FirstSight("packages", theme, "")
    qtbot.addWidget(sight)
    sight.show()
    why = "Can't read the settings: line 3 is not TOML. Mend or delete the file."

    def make_service() -> Service:
        raise SettingsError(why, tmp_path / "settings.toml")

    opening = Opening(Start(Settings(), tmp_path, make_service, tmp_path), sight, theme, lambda _path: None)
    try:
        opening.begin()
        qtbot.waitUntil(lambda: any(one.action for one in sight.findChildren(PlainState)))
        state = next(one for one in sight.findChildren(PlainState) if one.action is not None)
        assert (state.title.text(), state.hint.text()) == ("Cheeseboard can’t start", why)
        assert state.action is not None
        assert codes == []

        state.action.click()
    finally:
        QGuiApplication.setQuitOnLastWindowClosed(True)
        opening.close()

    assert codes == [3]


def test_unreadable_settings_keep_no_window_from_saying_so(own_home: Path) -> None:
    settings_file = find_locations(os.environ).settings_file
    settings_file.parent.mkdir(parents=True, exist_ok=True)
    settings_file.write_text("port = [", "utf-8")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen([sys.executable, "-m", "cheeseboard"], env=environment, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert process.poll() is None, "the window is there to be read"
    finally:
        process.kill()
        process.communicate()

    assert b"settings" in said
    assert settings_file.read_text("utf-8") == "port = ["
