"""The integrity check: every file read again and held against what was recorded, and the catalog itself.

A scan trusts what ``stat`` says and finds what people change; this finds what disks change. A file that is
no longer what it was leaves the index and stays where it is, listed with the reason, as after a scan.
"""

import contextlib
import hashlib
import os
import sqlite3
import stat
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cheeseboard.errors import RefusalReason
from cheeseboard.events import Progress, Way
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.records import Activity, ForeignRow, Stamp
from cheeseboard.repository.snapshot import File

_WORKERS = 2
_READ_STEP = 1024 * 1024


class Fault(StrEnum):
    """What is wrong. The values are stable: ``--json`` holds them."""

    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    CATALOG = "catalog-damaged"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        file: The file concerned; None for the catalog as a whole.
        detail: What the system or SQLite said; may be empty.
    """

    fault: Fault
    file: File | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Attributes:
        checked: How many files were read.
        size: How many bytes they have.
        findings: What is wrong, by file name; the catalog first.
        complete: False when it was cancelled.
    """

    checked: int
    size: int
    findings: tuple[Finding, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class _Looked:
    """A file as the check saw it; not finished when the check was cancelled."""

    file: File
    fault: Fault | None
    detail: str = ""
    finished: bool = True


def check_files(
    files: Sequence[File],
    layout: Layout,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CheckReport:
    """Read all files with two threads and hash them; nothing is changed.

    Args:
        files: As the catalog knows them.
        layout: Where they lie.
        progress: Told after every file; called on the calling thread.
        cancelled: Asked often; called on worker threads.
    """
    tally = _Tally()
    total = sum(file.size for file in files)
    done, findings, complete = 0, list[Finding](), True

    def look(file: File) -> _Looked:
        return _look(file, layout.place(file.project, file.filename), tally, cancelled)

    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="check") as pool:
        for looked in pool.map(look, files):
            if not looked.finished:
                complete = False
                continue
            done += 1
            if looked.fault is not None:
                findings.append(Finding(looked.fault, looked.file, looked.detail))
            if progress is not None:
                progress(Progress(done, len(files), tally.size, total, Path(looked.file.filename)))
    findings.sort(key=lambda finding: finding.file.filename if finding.file else "")
    return CheckReport(done, tally.size, tuple(findings), complete)


class _Tally:
    """Counts the bytes that two threads read."""

    def __init__(self) -> None:
        self.size = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self.size += count


def _look(file: File, path: Path, tally: _Tally, cancelled: Callable[[], bool] | None) -> _Looked:
    if cancelled is not None and cancelled():
        return _Looked(file, None, finished=False)
    try:
        with _open_regular(path) as descriptor:
            digest = hashlib.sha256()
            while piece := os.read(descriptor, _READ_STEP):
                if cancelled is not None and cancelled():
                    return _Looked(file, None, finished=False)
                digest.update(piece)
                tally.add(len(piece))
    except FileNotFoundError:
        return _Looked(file, Fault.MISSING)
    except OSError as error:
        return _Looked(file, Fault.UNREADABLE, detail=error.strerror or str(error))
    fault = None if digest.hexdigest() == file.sha256 else Fault.CHANGED
    return _Looked(file, fault)


@contextlib.contextmanager
def _open_regular(path: Path) -> Iterator[int]:
    """Open a file itself: no link is followed, no FIFO waited for.

    Raises:
        OSError: It cannot be opened, or is no regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "not a file")
        yield descriptor
    finally:
        os.close(descriptor)


def settle(finding: Finding, layout: Layout, catalog: Catalog, now_us: int, way: Way) -> bool:
    """Take a changed or missing file out of the index, unless that was its owner's doing meanwhile.

    Returns:
        Whether the finding still holds.

    Raises:
        RepositoryError: The folder's disk failed.
    """
    if finding.file is None or finding.fault not in {Fault.CHANGED, Fault.MISSING}:
        return True
    file = finding.file
    path = layout.place(file.project, file.filename)
    with catalog.writing() as writer:
        row = writer.find(file.filename)
        if row is None or not row.present or row.file.sha256 != file.sha256:
            return False
        try:
            found = path.lstat()
        except FileNotFoundError:
            found = None
        if (found is None) != (finding.fault is Fault.MISSING):
            return False
        writer.forget(file.filename)
        act = "gone" if found is None else "changed"
        if found is not None:
            stamp = Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
            relative = path.relative_to(layout.folder).as_posix()
            writer.set_foreign(ForeignRow(relative, stamp, RefusalReason.CHANGED.value, ""))
        writer.note(Activity(now_us, act, file.filename, file.project, way))
    return True


def check_catalog(path: Path) -> tuple[Finding, ...]:
    """Let SQLite read the whole catalog; slow for a large one, and nothing is changed."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("PRAGMA integrity_check(20)").fetchall()
    except sqlite3.Error as error:
        return (Finding(Fault.CATALOG, None, str(error)),)
    return tuple(Finding(Fault.CATALOG, None, str(row[0])) for row in rows if row[0] != "ok")


def check_metadata(
    files: Sequence[File],
    metadata_of: Callable[[File], bytes | None],
    *,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Finding, ...]:
    """Hold the metadata that the index offers against its hash, which SQLite does not know to be one."""
    findings: list[Finding] = []
    seen: set[str] = set()
    for file in files:
        if file.metadata_sha256 in seen or (cancelled is not None and cancelled()):
            continue
        seen.add(file.metadata_sha256)
        try:
            content = metadata_of(file)
        except zlib.error:
            content = None
        if content is None or hashlib.sha256(content).hexdigest() != file.metadata_sha256:
            detail = f"the metadata of {file.filename} is not what it was"
            findings.append(Finding(Fault.CATALOG, file, detail))
    return tuple(findings)
