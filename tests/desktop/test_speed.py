"""What the window's speed rests on, told without a clock: what is read before the first paint, what waits.

How fast it is, `make bench ARGS="window"` tells: checks 5, 18 and 32 beside their limits.
"""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QAbstractEventDispatcher
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService

from cheeseboard.desktop.first_sight import FirstSight
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.opening import Opening
from cheeseboard.desktop.start import Start
from cheeseboard.desktop.work.bridge import Bridge
from cheeseboard.desktop.work.giving_way import LONGEST_SECONDS, RightOfWay
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.events import (
    EventBus,
    FileAdded,
    FileDownloaded,
    Progress,
    ServerStateChanged,
    SnapshotChanged,
    Way,
)
from cheeseboard.service import Service
from cheeseboard.settings import Settings

UNTIL_THE_FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            print(*sorted(sys.modules), flush=True)
            os._exit(0)
        return False
application = QApplication(sys.argv[:1])
watch = Watch()
application.installEventFilter(watch)
from cheeseboard.__main__ import main
main([])
"""
ONLY_THE_VERSION = """
import sys
from cheeseboard.__main__ import main
main(["--version"])
print(*sorted(sys.modules))
"""
ONLY_A_LIST = """
import sys
from cheeseboard.__main__ import main
main(["list"])
print(*sorted(sys.modules))
"""
# The rooms of the core, and what they bring along.
HEAVY = {
    "cheeseboard.service",
    "cheeseboard.repository",
    "cheeseboard.index",
    "cheeseboard.tls",
    "cheeseboard.clients",
    "cheeseboard.cli",
    "cheeseboard.desktop.window.main_window",
    "cheeseboard.desktop.words.frame_words",
    "asyncio",
    "cryptography",
    "granian",
    "jinja2",
    "nh3",
    "packaging",
    "readme_renderer",
    "sqlite3",
    "ssl",
    "starlette",
    "tomlkit",
    "watchdog",
    "zeroconf",
}


def modules_of(script: str) -> set[str]:
    """Run a script in a Python of its own and return the modules that it names last."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_check_05_the_first_paint_waits_for_nothing_of_the_core() -> None:
    read = modules_of(UNTIL_THE_FIRST_PAINT)

    assert "cheeseboard.desktop.first_sight" in read
    assert read & HEAVY == set()


def test_the_version_is_told_without_reading_core_or_qt() -> None:
    read = modules_of(ONLY_THE_VERSION)

    assert "cheeseboard" in read
    assert read & (HEAVY | {"PySide6", "argparse"}) == set()


def test_a_list_is_told_without_reading_the_server_or_qt() -> None:
    read = modules_of(ONLY_A_LIST)

    assert "cheeseboard.repository" in read
    assert read & {"PySide6", "cheeseboard.server.app", "granian", "jinja2", "nh3", "starlette"} == set()


# --- first sight, and what takes its place --------------------------------------------------------


class Content(QWidget):
    """A window's content that may refuse to close."""

    def __init__(self, *, closes: bool) -> None:
        super().__init__()
        self._closes = closes

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        event.setAccepted(self._closes)


def test_first_sight_tells_once_that_it_was_painted(qtbot: QtBot, theme: Theme) -> None:
    sight = FirstSight("team-packages", theme, "")
    qtbot.addWidget(sight)
    told: list[int] = []
    sight.painted.connect(lambda: told.append(1))

    sight.show()
    qtbot.waitUntil(lambda: bool(told))
    sight.repaint()
    qtbot.wait(5)

    assert told == [1]


def test_first_sight_goes_on_even_where_nobody_sees_it(qtbot: QtBot, theme: Theme) -> None:
    sight = FirstSight("team-packages", theme, "")
    qtbot.addWidget(sight)

    with qtbot.waitSignal(sight.painted):
        pass


def test_first_sight_is_called_as_what_it_shows(qtbot: QtBot, theme: Theme) -> None:
    sight = FirstSight("team-packages", theme, "")
    qtbot.addWidget(sight)
    assert sight.windowTitle().startswith("team-packages")
    content = Content(closes=True)
    content.setWindowTitle("one")

    sight.adopt(content)
    assert sight.windowTitle() == "one"
    content.setWindowTitle("two")

    assert sight.windowTitle() == "two"


def test_the_repository_is_opened_once_the_whole_window_was_painted(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    order: list[str] = []

    class Noting(MemoryService):
        def open(self, *, watch: bool = True) -> None:
            order.append("opened")
            super().open(watch=watch)

    service = Noting(tmp_path)
    sight = FirstSight("team-packages", theme, "")
    qtbot.addWidget(sight)
    sight.content_painted.connect(lambda: order.append("painted"))
    sight.show()
    start = Start(Settings(), tmp_path, lambda: cast("Service", service), tmp_path)
    opening = Opening(start, sight, theme, lambda _path: None)
    try:
        opening.begin()
        qtbot.waitUntil(lambda: service.opened)
    finally:
        QGuiApplication.setQuitOnLastWindowClosed(True)
        opening.close()

    assert order == ["painted", "opened"]


def test_content_that_nobody_sees_is_not_waited_for(qtbot: QtBot, theme: Theme) -> None:
    sight = FirstSight("team-packages", theme, "")
    qtbot.addWidget(sight)

    with qtbot.waitSignal(sight.content_painted):
        sight.adopt(Content(closes=True))


@pytest.mark.parametrize("closes", [True, False])
def test_what_it_shows_decides_whether_it_closes(qtbot: QtBot, theme: Theme, *, closes: bool) -> None:
    sight = FirstSight("team-packages", theme, "")
    qtbot.addWidget(sight)
    sight.adopt(Content(closes=closes))
    sight.show()

    assert sight.close() is closes


# --- who goes first ----------------------------------------------------------------------------------


def test_workers_wait_while_the_window_is_at_work_but_never_for_good(qtbot: QtBot) -> None:
    right_of_way = RightOfWay(QAbstractEventDispatcher.instance())

    def seconds() -> float:
        started = time.monotonic()
        right_of_way.give()
        return time.monotonic() - started

    right_of_way.take()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(seconds).result() >= LONGEST_SECONDS * 0.9
    at_rest: list[float] = []
    resting = threading.Timer(0.01, lambda: at_rest.append(seconds()))  # while Qt's loop waits below
    resting.start()
    qtbot.waitUntil(lambda: bool(at_rest))
    assert at_rest[0] < LONGEST_SECONDS * 0.9


def test_without_a_loop_nobody_waits() -> None:
    started = time.monotonic()
    right_of_way = RightOfWay(None)
    right_of_way.take()
    right_of_way.give()
    assert time.monotonic() - started < LONGEST_SECONDS


# --- the crossing between the threads ---------------------------------------------------------------


def test_many_events_of_a_kind_cross_as_one(qtbot: QtBot) -> None:
    bus = EventBus()
    bridge = Bridge(bus)
    bridge.open()
    qtbot.wait(1)
    told: list[int] = []
    bridge.server_changed.connect(lambda: told.append(1))

    for _ in range(1000):
        bus.publish(ServerStateChanged())
    qtbot.waitUntil(lambda: bool(told))
    bus.publish(ServerStateChanged())
    qtbot.waitUntil(lambda: len(told) == 2)

    assert len(told) == 2, "one for the thousand, and one that came after them is not lost"


def test_every_download_arrives_but_many_at_a_time(qtbot: QtBot) -> None:
    bus = EventBus()
    bridge = Bridge(bus)
    bridge.open()
    batches: list[tuple[FileDownloaded, ...]] = []
    bridge.downloaded.connect(batches.append)
    sent = [FileDownloaded(f"acme-{n}.whl", "192.168.1.23", "pip/26.3") for n in range(10_000)]

    with ThreadPoolExecutor(1) as pool:
        list(pool.map(bus.publish, sent))
    qtbot.waitUntil(lambda: sum(map(len, batches)) == len(sent))

    assert [one for batch in batches for one in batch] == sent
    assert len(batches) == 1


def test_the_open_drawer_is_not_written_anew_for_every_download(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.toggle_activity()
    qtbot.waitUntil(lambda: window.activity.list.count() > 0)
    resets: list[int] = []
    window.activity.list.model().modelReset.connect(lambda: resets.append(1))

    for number in range(5_000):
        six.bus.publish(FileDownloaded(f"acme-{number}.whl", "192.168.1.23", "pip/26.3"))
    qtbot.waitUntil(lambda: any("acme-4999.whl" in line for line in window.activity.sentences()))

    assert len(resets) <= 3, "5,000 downloads, and what the drawer reads by itself"
    assert "acme-4999.whl" in window.activity.sentences()[0], "the latest first"


def test_check_18_a_thousand_files_renew_the_window_no_more_often_than_an_eye_follows(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, jobs: Jobs
) -> None:
    window = open_window(six)
    renewals: list[int] = []
    advances: list[Progress] = []
    window.bridge.snapshot_changed.connect(lambda: renewals.append(1))

    def drop() -> None:
        for number in range(1000):
            six.bus.publish(FileAdded(f"acme-{number}.whl", "acme", str(number), Way.DROP))
            six.bus.publish(SnapshotChanged(number, frozenset({"acme"})))

    def report_all(job: Job[None]) -> None:
        for done in range(1, 1001):
            job.report(Progress(done, 1000))

    started = time.monotonic()
    threads = [threading.Thread(target=drop) for _ in range(2)]
    for thread in threads:
        thread.start()
    jobs.run(report_all, lambda _result: None, lambda _error: None, advances.append)
    qtbot.waitUntil(lambda: bool(renewals) and not jobs.busy and not any(one.is_alive() for one in threads))
    tenths = (time.monotonic() - started) * 10

    assert 1 <= len(renewals) <= tenths + 2
    assert 1 <= len(advances) <= tenths + 2
    assert advances[-1].done == 1000, "the last is never dropped"
