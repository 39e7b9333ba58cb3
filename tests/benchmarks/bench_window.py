"""How fast the window is, against a bare PySide6 window: ``python -m tests.benchmarks.bench_window``.

Offscreen unless a display is given by QT_QPA_PLATFORM. Each line stands beside the limit of issue 6.
The repository of a hundred thousand files is in memory, filled off the Qt thread as a real one is;
the drop of a thousand files goes into a real folder, and the load comes from wrk over TLS.
"""

import argparse
import gc
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication
from tests.benchmarks.bench_repository import make_many
from tests.desktop.memory_service import MemoryService, make_file, make_snapshot

from cheeseboard.desktop.application import SWITCH_SECONDS
from cheeseboard.events import SnapshotChanged
from cheeseboard.repository.snapshot import Project
from cheeseboard.service import Service

if TYPE_CHECKING:
    from cheeseboard.desktop.window.main_window import MainWindow

FEW = 10
MANY = 100_000
RUNS = 7
DROPPED = 1_000
ADDED_SINGLY = 8
ROUNDS = 3
TICK_MS = 5
LOAD_SECONDS = 8

WATCH = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QMainWindow):
            print(time.monotonic(), flush=True)
            {painted}
        return False
application = QApplication(sys.argv[:1])
watch = Watch()
application.installEventFilter(watch)
"""
BARE = """
from PySide6.QtWidgets import QLabel
{style}
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
window.resize(1040, 680)
window.show()
application.exec()
"""
FUSION = 'application.setStyle("Fusion")'
OUR_STYLE = """
from cheeseboard.desktop.application import dress
from cheeseboard.desktop.look.theme import Scheme
theme = dress(application, Scheme.AUTO)
"""
# A real start; 100,000 files come from a repository in memory, filled on the worker as a real one is.
OURS = "from cheeseboard.__main__ import main; main([])"
OURS_WITH_MANY = """
from pathlib import Path
from cheeseboard.desktop.application import run
from cheeseboard.desktop.start import Start
from cheeseboard.settings import Settings
folder = Path(os.environ["CHEESEBOARD_HOME"])
def make():
    from tests.benchmarks.bench_window import Filling, MANY
    return Filling(folder, files=MANY)
run(Start(Settings(), folder, make, folder))
"""
# From the first paint on, a timer tells how long the loop stood still until the list is there.
STAND_STILL = """
from PySide6.QtCore import QTimer
gaps, last = [], []
def tick():
    now = time.perf_counter()
    gaps.append(now - last[0] if last else 0)
    last[:] = [now]
    content = next((w._content for w in application.topLevelWidgets() if isinstance(w, QMainWindow)), None)
    if content is not None and content.model.total and not content._jobs.busy:
        print(max(gaps) * 1000, flush=True)
        os._exit(0)
timer = QTimer()
timer.setInterval(2)
timer.timeout.connect(tick)
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


def answers_of(script: str, home: Path) -> tuple[float, list[float]]:
    """Run a script in a process of its own; return when it was started and the numbers that it printed."""
    environment = os.environ | {"CHEESEBOARD_HOME": str(home)}
    started = time.monotonic()
    command = [sys.executable, "-c", script]
    out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, env=environment)
    return started, [float(word) for word in out.stdout.split()]


def first_paints(scripts: Sequence[str], home: Path) -> list[float]:
    """Return each script's median time from exec to the first paint, in ms; they take turns."""
    watch = WATCH.format(painted="os._exit(0)")
    taken: list[list[float]] = [[] for _ in scripts]
    for _ in range(RUNS):
        for script, times in zip(scripts, taken, strict=True):
            started, answers = answers_of(watch + script, home)
            times.append((answers[0] - started) * 1000)
    return [statistics.median(times) for times in taken]


def stand_still(script: str, home: Path) -> float:
    """Return the median of the longest stand-stills between first paint and full list, in ms."""
    watch = WATCH.format(painted="application.removeEventFilter(self); timer.start()") + STAND_STILL
    return statistics.median(answers_of(watch + script, home)[1][1] for _ in range(RUNS))


def start_lines(home: Path) -> list[Line]:
    """Measure the start."""
    make_many(home / "data" / "packages", FEW)
    styles = [BARE.format(style=style) for style in (FUSION, OUR_STYLE)]
    fusion, styled, few, many = first_paints([*styles, OURS, OURS_WITH_MANY], home)
    told, nothing = (
        statistics.median(timed(lambda words=words: run_python(words)) for _ in range(RUNS))  # type: ignore[misc]
        for words in (["-m", "cheeseboard", "--version"], ["-c", "pass"])
    )
    return [
        Line("a bare window, Fusion, first paint", fusion, fusion, "ms"),
        Line("a bare window, the same style, first paint", styled, styled, "ms"),
        Line("first paint with 10 files, beside same style", few, 1.5 * styled, "ms"),
        Line("first paint with 100,000, beside same style", many, 1.5 * styled, "ms"),
        Line("first paint with 10 files, beside Fusion", few, 1.5 * fusion, "ms"),
        Line("first paint with 100,000, beside Fusion", many, 1.5 * fusion, "ms"),
        Line("until 10 files are listed: stand-still", stand_still(OURS, home), 100, "ms"),
        Line("until 100,000 are listed: stand-still", stand_still(OURS_WITH_MANY, home), 100, "ms"),
        Line("cheeseboard --version (python -c pass x 3)", told, 3 * nothing, "ms"),
    ]


def run_python(words: Sequence[str]) -> None:
    """Run this Python."""
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)


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

    def open(self, *, watch: bool = True) -> None:
        dice = random.Random(7)
        self.snapshot = make_snapshot(
            [
                make_file(
                    f"project_{n // self._each:05}-{dice.randrange(100)}.{n % 1000}-py3-none-any.whl",
                    upload_time_us=dice.randrange(self._count),
                )
                for n in range(self._count)
            ]
        )
        super().open(watch=watch)

    def add_one(self, filename: str) -> None:
        """Publish one more file of a project of its own, as quickly as a real repository does."""
        file = make_file(filename)
        project = Project(file.project, str(file.project), (file,))
        projects = MappingProxyType({**self.snapshot.projects, file.project: project})
        self.snapshot = replace(self.snapshot, serial=self.snapshot.serial + 1, projects=projects)
        self.bus.publish(SnapshotChanged(self.snapshot.serial, frozenset({file.project})))


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
    from cheeseboard.desktop.look.theme import Scheme
    from cheeseboard.desktop.window.main_window import MainWindow
    from cheeseboard.desktop.work.garbage import GarbageTimer
    from cheeseboard.desktop.work.jobs import Jobs

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    before = resident_megabytes()
    theme, jobs, garbage = dress(application, Scheme.LIGHT), Jobs(), GarbageTimer()
    # one file a project is the most rows that a hundred thousand files can make
    service = Filling(directory / "many", files=MANY, files_a_project=1)
    window = MainWindow(cast("Service", service), jobs, theme, lambda path: None)
    window.show()
    idle_loop(application, 0.5)  # painted, as it is whenever a repository is opened
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
        for column in (1, 2, 3, 4, 0)
        for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder)
    ]

    def add(number: int) -> float:
        window.table.sortByColumn(number % 5, Qt.SortOrder.AscendingOrder)
        service.add_one(f"project_{number * 9_000:05}_more-{number}.0-py3-none-any.whl")
        return wait_for(lambda: window.model.total == MANY + number + 1 and not jobs.busy)

    idle_loop(application, 1.0)
    adding = [add(number) for number in range(ADDED_SINGLY)]
    bar = window.table.verticalScrollBar()

    def scroll(step: int, turn: int) -> None:
        bar.setValue(step * bar.maximum() // 200 + turn * 20)
        window.table.viewport().repaint()

    # Three times, over other rows each: where this machine halts for a moment, it does not halt each time.
    frames = [
        min(timed(lambda step=step, turn=turn: scroll(step, turn)) for turn in range(3))  # type: ignore[misc]  # as above
        for step in range(200)
    ]
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
        Line(f"one file more, worst stand-still of {ADDED_SINGLY}", max(adding), 100, "ms"),
        Line("scroll, worst of 200 frames, each best of 3", max(frames), 32, "ms"),
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


@contextmanager
def real_window(directory: Path, port: int | None = None) -> Iterator[tuple["MainWindow", Service]]:
    """Open a window on a real folder; served where there is a port."""
    from cheeseboard.desktop.application import dress
    from cheeseboard.desktop.look.theme import Scheme
    from cheeseboard.desktop.window.main_window import MainWindow
    from cheeseboard.desktop.work.garbage import GarbageTimer
    from cheeseboard.desktop.work.jobs import Jobs
    from cheeseboard.locations import find_locations
    from cheeseboard.server.state import Serving

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    service = Service(find_locations({"CHEESEBOARD_HOME": str(directory / "home")}), {})
    jobs, garbage = Jobs(), GarbageTimer()
    window = MainWindow(service, jobs, dress(application, Scheme.LIGHT), lambda path: None)
    if port is None:
        window.sharing.begin = lambda: None  # type: ignore[method-assign]  # no port is taken for this
    else:
        service.change_settings(port=port)
    window.show()
    window.start()
    wait_for(lambda: service.opened and not jobs.busy)
    wait_for(lambda: port is None or isinstance(service.sharing.server_state, Serving))
    yield window, service
    window.close()
    jobs.close()
    garbage.close()
    service.close()


def drop_a_thousand(directory: Path) -> tuple[float, float]:
    """Drop a thousand files into a real folder; return the longest stand-still in ms, and the seconds."""
    from tests.builders import write_wheel

    dist = directory / "dist"
    dist.mkdir()
    paths = [write_wheel(dist, f"dropped-{n // 4:03}", f"1.{n % 4}") for n in range(DROPPED)]
    with real_window(directory) as (window, _):
        started = time.perf_counter()
        window.intake.add(paths)
        stall = wait_for(lambda: not window.intake.busy and window.model.total == DROPPED // 4)
        return stall, time.perf_counter() - started


def large_drop() -> list[Line]:
    """Measure a large drop, and beside it a bare loop while another process does the same work."""
    stalls, seconds, controls = [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as directory:
            stall, took = drop_a_thousand(Path(directory))
        stalls.append(stall)
        seconds.append(took)
        command = [sys.executable, "-m", "tests.benchmarks.bench_window", "--only-drop"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as other:
            controls.append(wait_for(lambda other=other: other.poll() is not None))  # type: ignore[misc]  # at once
    rate = DROPPED / statistics.median(seconds)
    return [
        Line(f"1,000-file drop: stand-still, worst of {ROUNDS}", max(stalls), 100, "ms"),
        Line(f"1,000-file drop: stand-still, median of {ROUNDS}", statistics.median(stalls), 100, "ms"),
        Line("  a bare loop while another process does it", max(controls), 100, "ms"),
        Line("1,000-file drop: files a second (for the eye)", rate, rate, "1/s"),
    ]


def full_load(directory: Path) -> list[Line]:
    """Measure how late the window's loop is while sixteen connections load its server fully."""
    from tests.builders import write_wheel

    if shutil.which("wrk") is None:
        sys.stdout.write("wrk is not installed: full load is not measured\n")
        return []
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    dist = directory / "dist"
    dist.mkdir()
    paths = [write_wheel(dist, "acme-core", f"1.{n}") for n in range(60)]
    paths.append(write_wheel(dist, "acme-fifty", "1.0", modules={"acme_fifty.bin": os.urandom(50_000)}))
    lines = []
    with real_window(directory, port) as (window, service):
        window.intake.add(paths)
        wait_for(lambda: not window.intake.busy and window.model.total == 2)
        window.toggle_activity()  # so that every download is shown, too
        base = f"https://localhost:{service.sharing.port}/simple"
        for what, path in (("page of 60", "acme-core/"), ("50 kB", f"acme-fifty/{paths[-1].name}")):
            late, rate = lateness(["wrk", "-t1", "-c16", f"-d{LOAD_SECONDS}s", f"{base}/{path}"])
            lines += [
                Line(f"16 clients, {what}: stand-still, p99", late[int(len(late) * 0.99)], 50, "ms"),
                Line(f"16 clients, {what}: stand-still, worst", late[-1], 100, "ms"),
                Line(f"16 clients, {what}: served (for the eye)", rate, rate, "1/s"),
            ]
    return lines


def lateness(command: Sequence[str]) -> tuple[list[float], float]:
    """Run wrk; return how late a timer of Qt's loop was meanwhile, sorted, in ms, and requests a second."""
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    loop, late, last = QEventLoop(), list[float](), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as wrk:

        def tick() -> None:
            nonlocal last
            now = time.perf_counter()
            late.append((now - last) * 1000 - TICK_MS)
            last = now
            if wrk.poll() is not None:
                loop.quit()

        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(TICK_MS)
        timer.timeout.connect(tick)
        timer.start()
        loop.exec()
        timer.stop()
        told = wrk.stdout.read() if wrk.stdout is not None else ""
    rate = next(float(line.split()[1]) for line in told.splitlines() if "Requests/sec" in line)
    if "Non-2xx" in told:
        raise RuntimeError(told)
    return sorted(late), rate


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--part", action="append", choices=("start", "list", "drop", "load"), help="only this"
    )
    parser.add_argument("--only-drop", action="store_true", help="drop once, tell nothing: for the control")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.setswitchinterval(SWITCH_SECONDS)
    with tempfile.TemporaryDirectory() as made:
        directory = Path(made)
        places = {place: directory / place for place in ("drop", "home", "list", "load")}
        for place in places.values():
            place.mkdir()
        if options.only_drop:
            drop_a_thousand(places["drop"])
            return
        sys.stdout.write(f"{'':<46}{'measured':>12}{'wanted':>10}{'ratio':>8}\n")
        parts: dict[str, Callable[[], list[Line]]] = {
            "start": lambda: start_lines(places["home"]),
            "list": lambda: large_list(places["list"]),
            "drop": large_drop,
            "load": lambda: full_load(places["load"]),
        }
        for name, measure in parts.items():
            if options.part is None or name in options.part:
                sys.stdout.write("".join(f"{line}\n" for line in measure()))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
