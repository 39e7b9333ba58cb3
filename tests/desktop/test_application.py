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
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

import cheeseboard.desktop
from cheeseboard.desktop.application import ground_font, scheme_of
from cheeseboard.desktop.look.theme import Scheme
from cheeseboard.desktop.work.history import History, UndoStep
from cheeseboard.locations import find_locations
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
