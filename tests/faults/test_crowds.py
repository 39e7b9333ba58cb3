"""Many files at once, by many hands: everything arrives, once each."""

import contextlib
import itertools
import logging
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.builders import build_wheel, wheel_filename, write_wheel

from cheeseboard.errors import RefusalReason
from cheeseboard.events import EventBus, Way
from cheeseboard.repository.repository import Repository

WORKER = Path(__file__).with_name("worker.py")
WRITER = Path(__file__).with_name("writer.py")


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    repository = Repository(tmp_path / "packages", EventBus())
    yield repository
    repository.close()


def wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")


@contextlib.contextmanager
def short_queue() -> Iterator[None]:
    """Let the system keep few events for who begins to watch meanwhile, where that is allowed (root).

    The limit is taken when a watch is made, so that nobody else's is changed who has one already.
    """
    before = QUEUE.read_text()
    try:
        QUEUE.write_text("2048")
    except OSError:
        yield  # the storm alone has to do
        return
    try:
        yield
    finally:
        QUEUE.write_text(before)


@contextlib.contextmanager
def busy_interpreter() -> Iterator[None]:
    """Let two threads compute, so that no other gets the interpreter for long."""
    ended = threading.Event()

    def be_busy() -> None:
        while not ended.is_set():
            sum(range(2000))

    threads = [threading.Thread(target=be_busy) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def storm(repository: Repository, aside: Path, count: int) -> None:
    """Let another program copy files into the watched folder while this process is busy."""
    aside.mkdir()
    words = [sys.executable, str(WRITER), str(repository.folder), str(aside), str(count)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        with busy_interpreter():
            writer.communicate("now\n", timeout=600)
        assert writer.returncode == 0


def test_a_storm_of_files_in_the_folder_loses_none(repository: Repository, tmp_path: Path) -> None:
    repository.start()
    storm(repository, tmp_path / "aside", 1_000)
    wait(lambda: repository.snapshot.file_count == 1_000, 60)


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="watches for inotify's overflow")
def test_thirty_thousand_files_that_overflow_the_events_are_all_there_within_a_minute(
    repository: Repository,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    count = 30_000
    with short_queue():
        repository.start()
    storm(repository, tmp_path / "aside", count)
    assert "queue overflowed" in caplog.text, "the storm was too weak to lose events"
    began, before = time.monotonic(), repository.snapshot.file_count
    marks = [(began, before)]

    def all_there() -> bool:
        marks.append((time.monotonic(), repository.snapshot.file_count))
        return marks[-1][1] == count

    wait(all_there, 60 * crowding())
    rates = quarter_rates(marks)
    logging.getLogger(__name__).warning(
        "%d there at the end of the storm, all after %.0f s; files a second, by quarter: %s",
        before,
        marks[-1][0] - began,
        [round(rate) for rate in rates],
    )
    assert len(list(repository.folder.glob("*/*.whl"))) == count
    assert list(repository.folder.glob("*.whl")) == []
    assert rates[-1] > rates[0] / 3, "taking a file in grows slower with what is there"


def crowding() -> float:
    """Return how many times as long work takes here now as on a machine that does nothing else."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def quarter_rates(marks: list[tuple[float, int]]) -> list[float]:
    """Return the files a second in each quarter of all that arrived."""
    first, last = marks[0][1], marks[-1][1]
    bounds = [marks[0]]
    bounds += [
        next(mark for mark in marks if mark[1] >= first + (last - first) * part / 4) for part in (1, 2, 3, 4)
    ]
    return [(b[1] - a[1]) / max(b[0] - a[0], 1e-3) for a, b in itertools.pairwise(bounds)]


@pytest.mark.parametrize("each", [100, pytest.param(500, marks=pytest.mark.full)])
def test_two_processes_that_add_at_once_lose_and_double_nothing(tmp_path: Path, each: int) -> None:
    folder = tmp_path / "packages"
    processes = []
    for half in ("one", "two"):
        source = tmp_path / half
        source.mkdir()
        for number in range(each):
            write_wheel(source, f"{half}-{number}")
        for number in range(20):
            write_wheel(source, f"both-{number}")
        processes.append(
            subprocess.Popen(
                [sys.executable, str(WORKER), str(folder), str(source), "add"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    for process in processes:
        out, errors = process.communicate(timeout=240)
        assert (process.returncode, errors) == (0, "")
        assert out.count("present ") == each + 20
    repository = Repository(folder, EventBus())
    assert repository.snapshot.file_count == 2 * each + 20
    assert len(list(folder.glob("*/*.whl"))) == 2 * each + 20
    repository.close()


def test_a_copy_that_stalls_again_and_again_is_taken_in_once_it_is_whole(repository: Repository) -> None:
    repository.start()
    content = build_wheel(modules={"data.bin": os.urandom(50_000)})
    path = repository.folder / wheel_filename("acme-core", "1.0")
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(content), 10_000):
            file.write(content[start : start + 10_000])
            waiting = threading.Event()
            waiting.wait(0.4)  # the stall itself is what is tested
            assert repository.snapshot.file_count == 0 or start + 10_000 >= len(content)
    wait(lambda: repository.snapshot.file_count == 1, 20)
    assert repository.foreign_files == ()


def make_device(path: Path) -> None:
    """Make a node of the device that reads zeros without end, where that is allowed."""
    with contextlib.suppress(PermissionError):
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_odd_things_in_the_folder_are_refused_with_the_reason(repository: Repository, tmp_path: Path) -> None:
    real = write_wheel(tmp_path)
    folder = repository.folder
    (folder / "link-1.0-py3-none-any.whl").symlink_to(real)
    (folder / "dangling-1.0.tar.gz").symlink_to(tmp_path / "nowhere")
    (folder / "linked").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe-1.0-py3-none-any.whl")
    make_device(folder / "device-1.0-py3-none-any.whl")
    long = folder / ("x" * 238 + "-1.0.tar.gz")
    long.write_bytes(b"x")
    os.utime(long, (1_700_000_000, 1_700_000_000))
    repository.add([real], Way.DROP)
    twin = folder / "ACME_CORE-1.0-py3-none-any.whl"
    twin.write_bytes(build_wheel(dist_info="ACME_CORE-1.0.dist-info"))
    os.utime(twin, (1_700_000_000, 1_700_000_000))
    repository.scan()
    found = {file.path.name: file.refusal.reason for file in repository.foreign_files}
    assert found.pop("device-1.0-py3-none-any.whl", RefusalReason.NOT_A_FILE) is RefusalReason.NOT_A_FILE
    assert found == {
        "link-1.0-py3-none-any.whl": RefusalReason.NOT_A_FILE,
        "dangling-1.0.tar.gz": RefusalReason.NOT_A_FILE,
        "linked": RefusalReason.NOT_A_FILE,
        "pipe-1.0-py3-none-any.whl": RefusalReason.NOT_A_FILE,
        long.name: RefusalReason.INVALID_FILENAME,
        twin.name: RefusalReason.ALREADY_HERE,
    }
    assert repository.snapshot.file_count == 1
