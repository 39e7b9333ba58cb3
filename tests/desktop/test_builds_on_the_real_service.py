"""A project dropped on the window on the real service: really built, really added, really ended."""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from tests.builds.conftest import is_running
from tests.builds.trees import contents, make_tree
from tests.desktop.drags import Drag

from cheeseboard.desktop.building.build_question import BuildQuestion
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.locations import find_locations
from cheeseboard.service import Service

SOON_MS = 30_000


@pytest.fixture
def service(own_home: Path) -> Iterator[Service]:
    made = Service(find_locations(os.environ), dict(os.environ))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        made.change_settings(port=probe.getsockname()[1])
    yield made
    made.close()


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, service: Service, jobs: Jobs) -> Iterator[MainWindow]:
    made = MainWindow(service, jobs, theme, lambda path: None)
    qtbot.addWidget(made)
    made.show()
    made.start()
    qtbot.waitUntil(lambda: service.opened, timeout=SOON_MS)
    yield made
    made.close()


def drop(qtbot: QtBot, window: MainWindow, *paths: Path) -> BuildQuestion:
    Drag(window, paths).drop()
    qtbot.waitUntil(lambda: window.builds.question is not None, timeout=SOON_MS)
    assert window.builds.question is not None
    return window.builds.question


def workplaces() -> list[Path]:
    return [path for path in find_locations(os.environ).builds.glob("*/*") if path.is_dir()]


@contextlib.contextmanager
def watched(stalls: list[float]) -> Iterator[None]:
    """Note how late each turn of Qt's loop comes."""
    last = time.monotonic()

    def on_turn() -> None:
        nonlocal last
        now = time.monotonic()
        stalls.append(now - last)
        last = now

    timer = QTimer()
    timer.timeout.connect(on_turn)
    timer.start(5)
    yield
    timer.stop()


def press(window: MainWindow, words: str) -> None:
    next(button for button in window.notices.buttons() if button.text() == words).click()


def test_a_dropped_project_is_built_added_and_taken_back(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    tree = make_tree(tmp_path / "acme-core")
    before = contents(tree)

    with qtbot.waitSignal(window.builds.settled, timeout=SOON_MS):
        drop(qtbot, window, tree).build.click()

    assert window.notices.sentence == "Added acme-core 7.0.1 (2 files)."
    assert {file.filename for file in service.snapshot.files()} == {
        "acme_core-7.0.1-py3-none-any.whl",
        "acme_core-7.0.1.tar.gz",
    }
    assert contents(tree) == before
    press(window, "Undo")
    qtbot.waitUntil(lambda: not service.snapshot.projects, timeout=SOON_MS)


def test_the_same_version_built_again_can_replace_what_is_here(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    tree = make_tree(tmp_path / "acme-core")
    with qtbot.waitSignal(window.builds.settled, timeout=SOON_MS):
        drop(qtbot, window, tree).build.click()
    first = {file.sha256 for file in service.snapshot.files()}
    (tree / "module.py").write_text("VERSION = 'another'\n")
    with qtbot.waitSignal(window.builds.settled, timeout=SOON_MS):
        drop(qtbot, window, tree).build.click()

    press(window, "Replace all 2")

    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Replaced 2 files."), timeout=SOON_MS)
    assert len(first | {file.sha256 for file in service.snapshot.files()}) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc who lives")
def test_cancel_ends_what_the_project_started_and_leaves_nothing(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    code = """
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    print("pids", os.getpid(), child.pid, flush=True)
    time.sleep(600)
    """
    drop(qtbot, window, make_tree(tmp_path / "acme-core", before=code)).build.click()
    window.builds.show_log()
    text = window.sides.build_log.text
    qtbot.waitUntil(lambda: "pids " in text.toPlainText(), timeout=SOON_MS)
    pids = [int(word) for word in text.toPlainText().partition("pids ")[2].split()[:2]]
    assert all(is_running(pid) for pid in pids)

    with qtbot.waitSignal(window.builds.settled, timeout=SOON_MS):
        window.building.cancel.click()

    assert window.notices.sentence == "Cancelled. Nothing was built."
    assert not any(is_running(pid) for pid in pids)
    assert [list(place.rglob("*")) for place in workplaces()] == [
        [place / "results"] for place in workplaces()
    ]
    assert not service.snapshot.projects


def test_a_flood_of_output_does_not_hold_the_window_up(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    code = "for number in range(150_000): print('line', number, 'x' * 80)"
    tree = make_tree(tmp_path / "acme-core", before=code)
    question = drop(qtbot, window, tree)
    stalls: list[float] = []

    with watched(stalls), qtbot.waitSignal(window.builds.settled, timeout=SOON_MS):
        question.build.click()
        window.builds.show_log()

    assert window.notices.sentence == "Added acme-core 7.0.1 (2 files)."
    assert max(stalls) < 0.5
    assert "lines left out" in window.sides.build_log.text.toPlainText()
