"""One managed folder, open: the door in, the truth about it, and every decision of its owner.

Every method may be called from any thread. Those that touch the disk are slow and say what they
raise; ``snapshot`` never waits.
"""

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import (
    CatalogUnreadable,
    FolderReadOnly,
    FolderUnavailable,
    RefusalReason,
    RepositoryError,
)
from cheeseboard.events import (
    EventBus,
    FileAdded,
    FileRemoved,
    FirstScanFinished,
    FolderStateChanged,
    ForeignFilesChanged,
    Progress,
    SnapshotChanged,
    Way,
)
from cheeseboard.repository.advance import advance
from cheeseboard.repository.catalog import Activity, Catalog, Changes, ProjectRow, Stamp
from cheeseboard.repository.intake import (
    Accepted,
    Batch,
    Conflict,
    DeferralReason,
    Deferred,
    Intake,
    Outcome,
    Prepared,
    Rejected,
)
from cheeseboard.repository.layout import Layout, is_ignored, is_skipped_directory
from cheeseboard.repository.scan import ForeignFile
from cheeseboard.repository.scanner import Scanner
from cheeseboard.repository.snapshot import File, ProjectStatus, Snapshot
from cheeseboard.repository.store import Store
from cheeseboard.repository.trash import Removal, Trash
from cheeseboard.repository.watch import Watcher

logger = logging.getLogger(__name__)

# How soon another process's change is noticed, and how often the folder is looked through unasked.
_FOREIGN_CHANGE_SECONDS = 0.2
_UNASKED_SCAN_SECONDS = 30.0
_POLLING_SCAN_SECONDS = 2.0
# A look through a very large folder must not become the machine's main occupation.
_SCAN_SHARE = 100
_WORKERS = 2
_COMMIT_TOGETHER = 64
_AHEAD = 128


def now_us() -> int:
    """Return the time, microseconds since the epoch."""
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True)
class _Given:
    """A file that the caller gave, directly or in a directory."""

    path: Path
    size: int


class Repository:
    """An open managed folder."""

    def __init__(self, folder: Path, bus: EventBus, *, clock: Callable[[], int] = now_us) -> None:
        """Open the folder; made when only its last part is missing.

        Raises:
            RepositoryError: It cannot be used.
        """
        self.folder = folder.absolute()
        self._bus = bus
        self._clock = clock
        self._layout = Layout(self.folder)
        _make_folder(self.folder)
        self._identity = _identity(self.folder)
        self._store = Store(self._layout)
        self._catalog = _open_catalog(self._layout, clock)
        self._intake = Intake(self._layout, self._store, self._catalog, clock)
        self._trash = Trash(self._layout, self._store, self._catalog, clock)
        self._scanner = Scanner(self._layout, self._intake, self._store, self._catalog, clock)
        self._watcher = Watcher(self.folder)
        self._snapshot = Snapshot()
        self._known: dict[str, dict[str, Stamp]] = {}
        self._publishing = threading.Lock()
        self._scanning = threading.Lock()
        self._closing = threading.Event()
        self._first_scan = threading.Event()
        self._problem: RepositoryError | None = None
        self._thread: threading.Thread | None = None
        self._trash.recover()
        self._refresh()

    # --- the truth -------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """The current state, frozen."""
        return self._snapshot

    @property
    def scanned(self) -> bool:
        """Whether the folder was looked through since it was opened."""
        return self._first_scan.is_set()

    @property
    def problem(self) -> RepositoryError | None:
        """What is wrong with the folder; None when all is well."""
        return self._problem

    @property
    def available(self) -> bool:
        """Whether files can be served: False while the folder is missing."""
        return not isinstance(self._problem, FolderUnavailable)

    @property
    def foreign_files(self) -> tuple[ForeignFile, ...]:
        """What lies in the folder and was not taken in, with the reason."""
        return tuple(
            ForeignFile(self.folder / row.path, Refusal(RefusalReason(row.reason), row.detail))
            for row in self._catalog.foreign_files().values()
        )

    def path_of(self, file: File) -> Path:
        """Return where a file lies."""
        return self._layout.place(file.project, file.filename)

    def metadata_of(self, file: File) -> bytes | None:
        """Return a file's METADATA or PKG-INFO, the very bytes."""
        return self._catalog.core_metadata(file.metadata_sha256)

    def activity(self, limit: int = 200) -> tuple[Activity, ...]:
        """Return what happened, the latest first."""
        return self._catalog.activity(limit)

    # --- living with the folder --------------------------------------------------------------------

    def start(self) -> None:
        """Scan, then watch, on a thread of our own, until :meth:`close`."""
        self._watcher.start()
        self._thread = threading.Thread(target=self._live, name="repository", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching and let go of the folder; idempotent."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._watcher.wake()
        if self._thread is not None:
            self._thread.join(30)
        self._watcher.stop()
        self._catalog.close()
        with contextlib.suppress(RepositoryError, OSError):  # the folder may be gone: nothing to clear
            self._store.close()

    def scan(self, within: str | None = None) -> float | None:
        """Reconcile the folder (or one directory of it) with the catalog, now.

        Returns:
            Seconds after which files that may still be growing deserve another look, or None.

        Raises:
            RepositoryError: The folder is missing, or its disk failed.
        """
        with self._scanning:
            self._check_folder()
            try:
                self._refresh()
                result = self._scanner.scan(self._known, within)
            except OSError as error:
                raise FolderUnavailable(
                    f"The managed folder {self.folder} is missing.", self.folder
                ) from error
        self._refresh()
        self._announce(result.outcomes, Way.FOLDER)
        for project, filename, version in result.removed:
            self._bus.publish(FileRemoved(filename, project, version, Way.FOLDER))
        if result.foreign_changed:
            self._bus.publish(ForeignFilesChanged())
        return result.look_again_in

    def _check_folder(self) -> None:
        if _identity(self.folder) != self._identity or not self._layout.catalog.exists():
            raise FolderUnavailable(f"The managed folder {self.folder} is missing.", self.folder)

    def _live(self) -> None:
        """Scan at start, after every wake-up, and now and then unasked; follow other processes."""
        due = time.monotonic()
        version = 0
        directories: frozenset[str] = frozenset()
        while not self._closing.is_set():
            try:
                self._check_folder()
                if directories or time.monotonic() >= due or self._problem is not None:
                    due = self._scan_and_time(directories)
                if (latest := self._catalog.data_version()) != version:
                    version = latest
                    self._refresh()
                self._set_problem(None)
            except RepositoryError as error:
                self._set_problem(error)
                due = time.monotonic() + 1.0
            except Exception:
                # The thread must outlive what nobody foresaw: the next look may go well.
                logger.exception("The folder's thread failed")
                due = time.monotonic() + 1.0
            directories = self._watcher.wait(min(_FOREIGN_CHANGE_SECONDS, max(0.0, due - time.monotonic())))

    def _scan_and_time(self, directories: frozenset[str]) -> float:
        """Scan; return when the next look is due, on the monotonic clock."""
        began = time.monotonic()
        full = not directories or "" in directories or len(directories) > 8
        again = [self.scan()] if full else [self.scan(directory) for directory in sorted(directories)]
        if not self._first_scan.is_set():
            self._first_scan.set()
            self._bus.publish(FirstScanFinished())
        ended = time.monotonic()
        waits = [seconds for seconds in again if seconds is not None]
        if waits:
            return ended + min(waits)
        regular = _UNASKED_SCAN_SECONDS if self._watcher.active else _POLLING_SCAN_SECONDS
        return ended + max(regular, _SCAN_SHARE * (ended - began) if full else 0.0)

    def _set_problem(self, problem: RepositoryError | None) -> None:
        if str(problem) != str(self._problem):
            self._problem = problem
            if problem is not None:
                logger.warning("%s", problem)
            self._bus.publish(FolderStateChanged())

    def _refresh(self) -> None:
        """Bring the snapshot up to the catalog, and tell."""
        with self._publishing:
            changes = self._catalog.changes_since(self._snapshot.serial)
            if changes.serial == self._snapshot.serial:
                return
            self._learn(changes)
            self._snapshot, differing = advance(self._snapshot, changes)
            serial = self._snapshot.serial
        if differing:
            self._bus.publish(SnapshotChanged(serial, frozenset(differing)))

    def _learn(self, changes: Changes) -> None:
        """Keep what a scan compares with: the stamps of all that is present."""
        # A new mapping for each project that changes: a scan may be reading the old one.
        touched: dict[str, dict[str, Stamp]] = {}
        for row in changes.files:
            project = row.file.project
            recorded = touched.get(project)
            if recorded is None:
                recorded = touched[project] = dict(self._known.get(project, {}))
            recorded.pop(row.file.filename, None)
            if row.present:
                recorded[row.file.filename] = row.stamp
        self._known.update(touched)

    def _announce(self, outcomes: Sequence[Outcome], way: Way) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Accepted):
                file = outcome.file
                self._bus.publish(FileAdded(file.filename, file.project, file.version, way))

    # --- adding ------------------------------------------------------------------------------------

    def add(
        self,
        paths: Sequence[Path],
        way: Way,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Batch:
        """Copy files, and what directories hold, into the repository.

        Two workers copy and judge while this thread commits. A cancelled job keeps what it has
        committed (the batch's undo takes it back) and leaves nothing else behind.

        Args:
            paths: Files and directories; a directory's distributions are taken, all else in it passed over.
            way: How they came.
            progress: Told after every file; called on the calling thread.
            cancelled: Asked often; called on worker threads.

        Raises:
            RepositoryError: The folder's disk failed; what was accepted before stays.
        """
        given, skipped = _collect(paths)
        tally = _Tally(given, progress)
        outcomes: list[Outcome] = []
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="intake") as pool:
            waiting: deque[tuple[_Given, Future[Prepared | Rejected | Deferred]]] = deque()
            ready: list[Prepared | Rejected | Deferred] = []
            upcoming = iter(given)
            try:
                while True:
                    while len(waiting) < _AHEAD and (item := next(upcoming, None)) is not None:
                        job = pool.submit(self._prepare, item.path, cancelled, tally.add_bytes)
                        waiting.append((item, job))
                    if not waiting:
                        break
                    item, job = waiting.popleft()
                    ready.append(job.result())
                    if len(ready) >= _COMMIT_TOGETHER or not (waiting and waiting[0][1].done()):
                        outcomes += self._commit(ready, way)
                        ready.clear()
                    tally.finish(item)
                outcomes += self._commit(ready, way)
            except BaseException:
                self._abandon(ready, waiting)
                raise
        return Batch(tuple(outcomes), skipped)

    def _prepare(
        self, path: Path, cancelled: Callable[[], bool] | None, copied: Callable[[int], None]
    ) -> Prepared | Rejected | Deferred:
        if cancelled is not None and cancelled():
            return Deferred(path, DeferralReason.CANCELLED)
        return self._intake.prepare_copy(path, cancelled=cancelled, copied=copied)

    def _commit(self, ready: Sequence[Prepared | Rejected | Deferred], way: Way) -> list[Outcome]:
        """Commit the prepared ones among ``ready``; outcomes in the order given."""
        prepared = [item for item in ready if isinstance(item, Prepared)]
        committed = iter(self._intake.commit(prepared, way) if prepared else ())
        outcomes: list[Outcome] = [next(committed) if isinstance(item, Prepared) else item for item in ready]
        self._refresh()
        self._announce(outcomes, way)
        return outcomes

    def _abandon(
        self,
        ready: Sequence[Prepared | Rejected | Deferred],
        waiting: Sequence[tuple[_Given, Future[Prepared | Rejected | Deferred]]],
    ) -> None:
        for _, job in waiting:
            job.cancel()
        left = list(ready)
        for _, job in waiting:
            if not job.cancelled():
                with contextlib.suppress(Exception):  # the first failure is the one that is told
                    left.append(job.result())
        for item in left:
            if isinstance(item, Prepared):
                self._intake.abandon(item)

    # --- deciding ------------------------------------------------------------------------------------

    def remove(self, files: Sequence[File], way: Way) -> Removal:
        """Move files to the trash; :meth:`restore` brings them back byte for byte.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        removal = self._trash.remove(files, way, self._refresh)
        for row in removal.rows:
            self._bus.publish(FileRemoved(row.filename, row.project, row.version, way))
        return removal

    def restore(self, removal: Removal, way: Way) -> tuple[Outcome, ...]:
        """Bring removed files back, with their yanks and upload times.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        outcomes: list[Outcome] = []
        for row in removal.rows:
            place = self._layout.place(row.project, row.filename)
            try:
                if not self._trash.restore_path(row):
                    continue
            except FileExistsError:
                found = self._catalog.find(row.filename)
                refusal = Rejected(place, Refusal(RefusalReason.NAME_TAKEN, str(place)))
                outcomes.append(Conflict(place, found.file) if found else refusal)
                continue
            verdict = self._intake.prepare_found(place)
            if isinstance(verdict, Rejected):
                outcomes.append(verdict)
                continue
            with self._catalog.writing() as writer:
                file = writer.record(verdict.distribution, verdict.stamp, self._clock())
                writer.decide_file(row.filename, yanked=row.yanked, upload_time_us=row.upload_time_us)
                writer.drop_trash(row.id)
                writer.note(Activity(self._clock(), "restored", row.filename, row.project, way))
            outcomes.append(Accepted(place, file))
        self._refresh()
        self._announce(outcomes, way)
        return tuple(outcomes)

    def replace(self, conflict: Conflict, way: Way) -> tuple[Outcome, Removal]:
        """Take the conflicting file in after all; the one that was here goes to the trash first.

        The new one is copied and judged before the old one leaves, and the old one leaves the index
        before the new one enters it.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        prepared = self._intake.prepare_copy(conflict.source, cancelled=None, copied=_ignore_bytes)
        if not isinstance(prepared, Prepared):
            return prepared, Removal()
        try:
            removal = self.remove([conflict.existing], way)
        except BaseException:
            self._intake.abandon(prepared)
            raise
        return self._commit([prepared], way)[0], removal

    def yank(self, files: Sequence[File], reason: str, way: Way) -> None:
        """Mark files as yanked (PEP 592): installers take them only when pinned exactly.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        self._decide_files(files, reason, "yanked", way)

    def unyank(self, files: Sequence[File], way: Way) -> None:
        """Take a yank back.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        self._decide_files(files, None, "unyanked", way)

    def _decide_files(self, files: Sequence[File], yanked: str | None, act: str, way: Way) -> None:
        with self._catalog.writing() as writer:
            for file in files:
                writer.decide_file(file.filename, yanked=yanked)
                writer.note(Activity(self._clock(), act, file.filename, file.project, way, yanked or ""))
        self._refresh()

    def set_project_status(
        self,
        project: NormalizedName,
        status: ProjectStatus,
        reason: str,
        way: Way,
        *,
        display_name: str | None = None,
    ) -> None:
        """Set a project's status (PEP 792) and, when given, the name people see.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        with self._catalog.writing() as writer:
            writer.decide_project(ProjectRow(project, display_name, status, reason))
            writer.note(Activity(self._clock(), status.value, "", project, way, reason))
        self._refresh()


class _Tally:
    """Counts a job's files and bytes and tells its progress."""

    def __init__(self, given: Sequence[_Given], progress: Callable[[Progress], None] | None) -> None:
        self._progress = progress
        self._total = len(given)
        self._bytes_total = sum(item.size for item in given)
        self._done = 0
        self._bytes = 0
        self._lock = threading.Lock()

    def add_bytes(self, count: int) -> None:
        with self._lock:
            self._bytes += count

    def finish(self, item: _Given) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(Progress(self._done, self._total, self._bytes, self._bytes_total, item.path))


def _ignore_bytes(_count: int) -> None:
    """Nobody watches the progress of a single file."""


def _collect(paths: Sequence[Path]) -> tuple[list[_Given], int]:
    """Return the files given, and how many directories were passed over."""
    given: list[_Given] = []
    skipped = 0
    for path in paths:
        if path.is_dir():
            for directory, names, filenames in os.walk(path):
                kept = [name for name in names if not is_skipped_directory(Path(directory, name))]
                skipped += len(names) - len(kept)
                names[:] = sorted(kept)
                files = sorted(name for name in filenames if _looks_like_distribution(name))
                given += [_Given(Path(directory, name), _size(Path(directory, name))) for name in files]
        else:
            given.append(_Given(path, _size(path)))
    return given, skipped


def _looks_like_distribution(name: str) -> bool:
    return not is_ignored(name) and name.lower().endswith((".whl", ".tar.gz", ".zip"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise FolderUnavailable(f"{folder} is not a folder.", folder) from None
    except PermissionError as error:
        raise FolderReadOnly(f"Can't make the folder {folder}: {error.strerror}.", folder) from error
    except OSError as error:
        raise FolderUnavailable(f"Can't make the folder {folder}: {error.strerror}.", folder) from error


def _open_catalog(layout: Layout, clock: Callable[[], int]) -> Catalog:
    """Open the catalog; a damaged one is set aside, and the scan rebuilds it from the files."""
    try:
        return Catalog(layout.catalog, layout.folder)
    except CatalogUnreadable:
        aside = layout.private / f"catalog-damaged-{clock()}.sqlite3"
        logger.warning("The catalog of %s is damaged; it was set aside as %s", layout.folder, aside.name)
        layout.catalog.rename(aside)
        for suffix in ("-wal", "-shm"):
            Path(f"{layout.catalog}{suffix}").unlink(missing_ok=True)
        return Catalog(layout.catalog, layout.folder)
