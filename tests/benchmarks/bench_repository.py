"""The managed folder against floors: plain reads, plain walks; and its growth to 100,000 files.

Each measurement of ours and its floor alternate, several rounds, the best of each counts: both see
the same machine. ``--wheels DIR`` scans real wheels (a directory of downloads) instead of made ones.
"""

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import decompress

from tests.builders import write_wheel

from cheeseboard.events import EventBus, Way
from cheeseboard.repository.repository import Repository

LONG_AGO = 1_700_000_000

# Says how many seconds have passed: on the wall, or of this process's work alone.
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    what: str
    ours: str
    floor: str
    ratio: str
    wanted: str


def show(lines: list[Line]) -> None:
    """Print the table."""
    rows = [Line("", "ours", "floor", "ratio", "wanted"), *lines]
    columns = [[getattr(row, name) for row in rows] for name in ("what", "ours", "floor", "ratio", "wanted")]
    widths = [max(map(len, column)) for column in columns]
    for cells in zip(*columns, strict=True):
        padded = [
            cell.ljust(width) if not i else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        sys.stdout.write("  ".join(padded).rstrip() + "\n")
    sys.stdout.flush()


@contextmanager
def timed(into: list[float], clock: Clock = time.perf_counter) -> Iterator[None]:
    """Append the seconds that the block took."""
    began = clock()
    yield
    into.append(clock() - began)


def compare(
    what: str, ours: Callable[[], float], floor: Callable[[], float], wanted: str, rounds: int = 3
) -> Line:
    """Measure both alternately; the best of each counts."""
    mine, least = [], []
    for _ in range(rounds):
        least.append(floor())
        mine.append(ours())
    ratio = min(mine) / min(least)
    return Line(what, f"{min(mine):.3f} s", f"{min(least):.3f} s", f"{ratio:.2f}", wanted)


# --- a cold scan of real wheels -------------------------------------------------------------------


def read_hash_inflate(path: Path) -> None:
    """Do what nobody can do less of: read, sha256, inflate."""
    content = path.read_bytes()
    hashlib.sha256(content).digest()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            at = member.header_offset
            name, extra = (int.from_bytes(content[at + o : at + o + 2], "little") for o in (26, 28))
            start = at + 30 + name + extra
            if member.compress_type == zipfile.ZIP_DEFLATED:
                decompress(content[start : start + member.compress_size], -15, member.file_size or 1)


def cold_scan_of_real_wheels(wheels: Path, place: Path) -> Line:
    paths = sorted(wheels.glob("*.whl"))
    size = sum(path.stat().st_size for path in paths)

    def floor() -> float:
        took: list[float] = []
        with timed(took), ThreadPoolExecutor(2) as pool:
            list(pool.map(read_hash_inflate, paths))
        return took[0]

    def ours() -> float:
        folder = place / "cold"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(wheels, folder)
        settle(folder)
        took: list[float] = []
        with timed(took), closing(Repository(folder, EventBus())) as repository:
            repository.scan()
        return took[0]

    what = f"cold scan, {len(paths)} real wheels, {size / 1e6:.0f} MB"
    return compare(what, ours, floor, "<= 1.5")


# --- many small ones ------------------------------------------------------------------------------


def settle(folder: Path) -> None:
    """Make files look as if they had been there for long."""
    for path in folder.rglob("*.whl"):
        os.utime(path, (LONG_AGO, LONG_AGO))


def make_many(folder: Path, count: int) -> None:
    """Make ``count`` tiny wheels, ten a project, in their places."""
    for number in range(count):
        project = f"project-{number // 10}"
        (folder / project).mkdir(parents=True, exist_ok=True)
        write_wheel(folder / project, project, f"1.{number % 10}")
    settle(folder)


def walk_and_stat(folder: Path, clock: Clock) -> float:
    took: list[float] = []
    with timed(took, clock):
        for entry in os.scandir(folder):
            if entry.is_dir() and not entry.name.startswith("."):
                for file in os.scandir(entry.path):
                    file.stat()
    return took[0]


def warm_start(folder: Path, clock: Clock) -> float:
    took: list[float] = []
    with timed(took, clock), closing(Repository(folder, EventBus())) as repository:
        repository.scan()
    return took[0]


def make_all(folder: Path) -> float:
    """Return the seconds that it takes to make every project, after a start that made none."""
    took: list[float] = []
    with closing(Repository(folder, EventBus())) as repository, timed(took):
        list(repository.snapshot.projects.values())
    return took[0]


def resident_megabytes(folder: Path) -> float:
    """Return the memory of a process that holds the repository, every project of it made."""
    code = (
        "import sys; from pathlib import Path; from cheeseboard.events import EventBus;"
        "from cheeseboard.repository.repository import Repository;"
        "r = Repository(Path(sys.argv[1]), EventBus()); r.scan();"
        "list(r.snapshot.projects.values());"
        "print([l for l in open('/proc/self/status') if l.startswith('VmRSS')][0].split()[1])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    return int(out.stdout) / 1024


def one_more(repository: Repository, source: Path, times: int) -> list[float]:
    """Return the seconds that each of some additions took until the next snapshot held it."""
    took: list[float] = []
    for number in range(times):
        wheel = write_wheel(source, f"one-more-{time.monotonic_ns()}-{number}")
        before = repository.snapshot.file_count
        with timed(took):
            repository.add([wheel], Way.DROP)
        if repository.snapshot.file_count != before + 1:
            raise RuntimeError("it is not in the snapshot")
    return took


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def grow(place: Path, counts: list[int]) -> list[Line]:
    """Measure repositories of growing size."""
    lines = []
    for count in counts:
        folder, source = place / f"packages-{count}", place / f"source-{count}"
        source.mkdir()
        make_many(folder, count)
        cold: list[float] = []
        with timed(cold), closing(Repository(folder, EventBus())) as repository:
            repository.scan()
        name = f"{count:,} files"
        each = cold[0] / count * 1000
        lines.append(Line(f"{name}: cold scan, a file", f"{each:.2f} ms", "", "", "<= 2 ms"))
        lines += [
            compare(
                f"{name}: warm start, nothing changed{which}",
                partial(warm_start, folder, clock),
                partial(walk_and_stat, folder, clock),
                "<= 3",
                rounds=6,
            )
            for which, clock in (("", time.perf_counter), (", CPU time", time.process_time))
        ]
        lines.append(Line(f"{name}: all projects, when asked for", f"{make_all(folder):.3f} s", "", "", ""))
        lines.append(Line(f"{name}: memory", f"{resident_megabytes(folder):.0f} MB", "", "", "<= 250 MB"))
        with closing(Repository(folder, EventBus())) as repository:
            taken = p95(one_more(repository, source, 40)) * 1000
            lines.append(Line(f"{name}: one more, p95", f"{taken:.1f} ms", "", "", "<= 50 ms"))
            wheels = [write_wheel(source, f"bulk-{number}") for number in range(1000)]
            bulk: list[float] = []
            with timed(bulk):
                repository.add(wheels, Way.DROP)
            rate = 1000 / bulk[0]
            lines.append(Line(f"{name}: drop of 1,000 wheels", f"{rate:.0f} /s", "", "", ">= 300 /s"))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--wheels", type=Path, help="a directory of real wheels")
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    arguments = parser.parse_args()
    sys.stdout.write("\nThe managed folder\n\n")
    with tempfile.TemporaryDirectory(prefix="cheeseboard-bench-") as name:
        place = Path(name)
        lines = [cold_scan_of_real_wheels(arguments.wheels, place)] if arguments.wheels else []
        show(lines + grow(place, arguments.counts))


if __name__ == "__main__":
    main()
