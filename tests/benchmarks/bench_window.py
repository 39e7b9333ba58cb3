"""How fast the window is, against a bare PySide6 window: ``python -m tests.benchmarks.bench_window``.

Offscreen unless a display is given by QT_QPA_PLATFORM. Each line stands beside the limit of issue 6.
The repository of a hundred thousand files is in memory, filled off the Qt thread as a real one is;
the drop of a thousand files goes into a real folder.
"""

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QApplication
from tests.desktop.memory_service import MemoryService, make_file, make_snapshot

from cheeseboard.desktop.application import SWITCH_SECONDS
from cheeseboard.service import Service

MANY = 100_000
RUNS = 7
DROPPED = 1_000

BARE = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
{watch}
application = QApplication(sys.argv[:1])
application.setStyle("Fusion")
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
window.resize(1040, 680)
watch = Watch(window)
application.installEventFilter(watch)
window.show()
application.exec()
"""
OURS = """
import sys, time, tempfile
from pathlib import Path
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from cheeseboard.desktop import application as started
from cheeseboard.desktop.main_window import MainWindow
from tests.benchmarks.bench_window import Filling
{watch}
application = QApplication(sys.argv[:1])
watch = Watch(MainWindow)
application.installEventFilter(watch)
started.run(Filling(Path(tempfile.mkdtemp()), files={files}))
"""
WATCH = """
class Watch(QObject):
    def __init__(self, wanted):
        super().__init__()
        self.wanted = wanted
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            if watched is self.wanted or isinstance(self.wanted, type) and isinstance(watched, self.wanted):
                print(time.monotonic(), flush=True)
                QApplication.instance().removeEventFilter(self)
                import os; os._exit(0)
        return False
"""


@dataclass(frozen=True)
class Line:
    """One measurement beside its limit, both in the same unit."""

    what: str
    value: float
    limit: float
    unit: str

    def __str__(self) -> str:
        verdict = "ok" if self.value <= self.limit else "OVER"
        ratio = self.value / self.limit
        return f"{self.what:<46}{self.value:>9.1f} {self.unit:<3}{self.limit:>9.1f} {ratio:>7.2f}  {verdict}"


def first_paint(script: str) -> float:
    """Return the median time from starting a process to the first paint of its window, in ms."""
    taken = []
    for _ in range(RUNS):
        started = time.monotonic()
        command = [sys.executable, "-c", textwrap.dedent(script)]
        out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
        taken.append((float(out.split()[0]) - started) * 1000)
    return statistics.median(taken)


def start_lines() -> list[Line]:
    """Measure the start."""
    bare = first_paint(BARE.format(watch=WATCH))
    lines = [Line("a bare PySide6 window, first paint", bare, bare, "ms")]
    for files in (10, MANY):
        ours = first_paint(OURS.format(watch=WATCH, files=files))
        lines.append(Line(f"first paint with {files:,} files", ours, 1.5 * bare, "ms"))
    return lines


def resident_megabytes() -> float:
    """Return this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def timed(act: Callable[[], object]) -> float:
    """Return how long an act takes, in ms."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


class Filling(MemoryService):
    """A repository that is found out while the window is there already."""

    def __init__(self, folder: Path, files: int, files_a_project: int = 10) -> None:
        super().__init__(folder)
        self._count = files
        self._each = files_a_project

    def open(self) -> None:
        self.snapshot = make_snapshot(
            [
                make_file(f"project_{n // self._each:05}-1.{n % self._each}-py3-none-any.whl")
                for n in range(self._count)
            ]
        )
        super().open()


def wait_for(condition: Callable[[], bool], seconds: float = 300) -> float:
    """Run Qt's loop until a condition holds; return the longest time that the loop stood still, in ms."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, longest, last = QEventLoop(), 0.0, time.perf_counter()
    deadline = last + seconds

    def tick() -> None:
        nonlocal longest, last
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        if condition() or now > deadline:
            loop.quit()

    timer = QTimer()
    timer.setInterval(2)
    timer.timeout.connect(tick)
    timer.start()
    loop.exec()
    timer.stop()
    return longest * 1000


def large_list(directory: Path) -> list[Line]:
    """Measure filtering, sorting, scrolling and memory with a hundred thousand files."""
    from PySide6.QtCore import Qt

    from cheeseboard.desktop.application import dress
    from cheeseboard.desktop.garbage import GarbageTimer
    from cheeseboard.desktop.jobs import Jobs
    from cheeseboard.desktop.main_window import MainWindow
    from cheeseboard.desktop.theme import Scheme

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    before = resident_megabytes()
    theme, jobs, garbage = dress(application, Scheme.LIGHT), Jobs(), GarbageTimer()
    # one file a project is the most rows that a hundred thousand files can make
    service = Filling(directory / "many", files=MANY, files_a_project=1)
    window = MainWindow(cast("Service", service), jobs, theme, lambda path: None)
    window.show()
    window.start()
    stall = wait_for(lambda: window.model.total == MANY)
    gc.collect()
    memory = resident_megabytes()

    def typed(text: str) -> None:
        window.header.search.setText(text)
        window.table.viewport().repaint()

    words = ("project_00123", "1.0-py3", "has:wheel", "nothing")
    keys = [word[:end] for word in words for end in range(1, len(word) + 1)]
    filtering = [timed(lambda text=text: typed(text)) for text in keys]  # type: ignore[misc]  # bound at once
    typed("")

    def sort(column: int, order: Qt.SortOrder) -> None:
        window.table.sortByColumn(column, order)
        window.table.viewport().repaint()

    sorting = [
        timed(lambda column=column, order=order: sort(column, order))  # type: ignore[misc]  # as above
        for column in (1, 2, 3, 0)
        for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder)
    ]
    bar = window.table.verticalScrollBar()

    def scroll(step: int) -> None:
        bar.setValue(step * bar.maximum() // 200)
        window.table.viewport().repaint()

    frames = [timed(lambda step=step: scroll(step)) for step in range(200)]  # type: ignore[misc]  # as above
    wait_for(lambda: not jobs.busy)
    used, started = time.process_time(), time.perf_counter()
    idle_loop(application, 3.0)
    idle = (time.process_time() - used) / (time.perf_counter() - started) * 100
    window.close()
    jobs.close()
    garbage.close()
    return [
        Line("filling with 100,000: longest stand-still", stall, 100, "ms"),
        Line("filter 100,000 rows, p95 of a key, painted", p95(filtering), 50, "ms"),
        Line("sort 100,000 rows, worst column, painted", max(sorting), 150, "ms"),
        Line("scroll, worst frame of 200", max(frames), 32, "ms"),
        Line("resident memory with 100,000 files", memory, 400, "MB"),
        Line("  of which before the window", before, 400, "MB"),
        Line("idle CPU", idle, 1, "%"),
    ]


def idle_loop(application: QApplication, seconds: float) -> None:
    """Let Qt's loop rest."""
    from PySide6.QtCore import QEventLoop, QTimer

    del application
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def large_drop(directory: Path) -> list[Line]:
    """Measure how long the window stands still while a thousand files are dropped into a real folder."""
    from tests.builders import write_wheel

    from cheeseboard.desktop.application import dress
    from cheeseboard.desktop.jobs import Jobs
    from cheeseboard.desktop.main_window import MainWindow
    from cheeseboard.desktop.theme import Scheme
    from cheeseboard.locations import find_locations

    dist = directory / "dist"
    dist.mkdir()
    paths = [write_wheel(dist, f"dropped-{n // 4:03}", f"1.{n % 4}") for n in range(DROPPED)]
    service = Service(find_locations({"CHEESEBOARD_HOME": str(directory / "home")}), {})
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    jobs = Jobs()
    window = MainWindow(service, jobs, dress(application, Scheme.LIGHT), lambda path: None)
    window.sharing.serve_here = lambda: None  # type: ignore[method-assign]  # no port is taken for this
    window.show()
    window.start()
    wait_for(lambda: service.opened and not jobs.busy)
    started = time.perf_counter()
    window.intake.add(paths)
    stall = wait_for(lambda: not window.intake.busy and window.model.total == DROPPED // 4)
    took = time.perf_counter() - started
    window.close()
    jobs.close()
    service.close()
    return [
        Line("1,000-file drop: longest stand-still", stall, 100, "ms"),
        Line("1,000-file drop: files a second (for the eye)", DROPPED / took, DROPPED / took, "1/s"),
    ]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skip-start", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.setswitchinterval(SWITCH_SECONDS)
    sys.stdout.write(f"{'':<46}{'measured':>12}{'limit':>10}{'ratio':>8}\n")
    for line in [] if options.skip_start else start_lines():
        sys.stdout.write(f"{line}\n")
    with tempfile.TemporaryDirectory() as directory:
        for line in (*large_list(Path(directory)), *large_drop(Path(directory))):
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
