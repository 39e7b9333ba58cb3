"""A whole drop at once: what was given is collected, prepared by two workers, committed by one thread."""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.events import Progress
from cheeseboard.repository.intake import (
    SMALL_FILE,
    Batch,
    DeferralReason,
    Deferred,
    Intake,
    Outcome,
    Prepared,
    Rejected,
)
from cheeseboard.repository.layout import is_skipped_directory, looks_like_distribution

_WORKERS = 2
_COMMIT_TOGETHER = 64
_AHEAD = 128

# What preparing a file came to; a prepared one waits for its commit.
Readiness = Prepared | Rejected | Deferred
Commit = Callable[[Sequence[Readiness]], list[Outcome]]


@dataclass(frozen=True, slots=True)
class Given:
    """A file that the caller gave, directly or in a directory."""

    path: Path
    size: int


def add_all(
    intake: Intake,
    paths: Sequence[Path],
    commit: Commit,
    *,
    progress: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Batch:
    """Prepare all files given and commit them in groups, in the order given.

    A cancelled job keeps what it has committed and leaves nothing else behind.

    Raises:
        RepositoryError: The folder's disk failed; what was committed before stays.
    """
    given, skipped = collect(paths)
    tally = _Tally(given, progress)
    outcomes: list[Outcome] = []

    def prepare(path: Path) -> Readiness:
        if cancelled is not None and cancelled():
            return Deferred(path, DeferralReason.CANCELLED)
        return intake.prepare_copy(path, cancelled=cancelled, copied=tally.add_bytes)

    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="intake") as pool:
        # None: prepared here, when it is its turn.
        waiting: deque[tuple[Given, Future[Readiness] | None]] = deque()
        ready: list[Readiness] = []
        upcoming = iter(given)
        try:
            while True:
                while len(waiting) < _AHEAD and (item := next(upcoming, None)) is not None:
                    small = item.size <= SMALL_FILE
                    waiting.append((item, None if small else pool.submit(prepare, item.path)))
                if not waiting:
                    break
                item, job = waiting.popleft()
                ready.append(prepare(item.path) if job is None else job.result())
                if len(ready) >= _COMMIT_TOGETHER or not (waiting and _is_at_hand(waiting[0][1])):
                    outcomes += commit(ready)
                    ready.clear()
                tally.finish(item)
        except BaseException:
            _abandon(intake, ready, [job for _, job in waiting if job is not None])
            raise
    return Batch(tuple(outcomes), skipped)


def _is_at_hand(job: Future[Readiness] | None) -> bool:
    return job is None or job.done()


def _abandon(intake: Intake, ready: Sequence[Readiness], jobs: Sequence[Future[Readiness]]) -> None:
    left = list(ready)
    for job in jobs:
        if not job.cancel():
            with contextlib.suppress(Exception):  # the first failure is the one that is told
                left.append(job.result())
    for item in left:
        if isinstance(item, Prepared):
            intake.abandon(item)


class _Tally:
    """Counts a job's files and bytes and tells its progress."""

    def __init__(self, given: Sequence[Given], progress: Callable[[Progress], None] | None) -> None:
        self._progress = progress
        self._total = len(given)
        self._bytes_total = sum(item.size for item in given)
        self._done = 0
        self._bytes = 0
        self._lock = threading.Lock()

    def add_bytes(self, count: int) -> None:
        with self._lock:
            self._bytes += count

    def finish(self, item: Given) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(Progress(self._done, self._total, self._bytes, self._bytes_total, item.path))


def collect(paths: Sequence[Path]) -> tuple[list[Given], int]:
    """Return the files given, and how many directories (venvs, VCS, caches) were passed over.

    In a directory only what is named like a distribution counts; a file given by itself always does.
    """
    given: list[Given] = []
    skipped = 0
    for path in paths:
        if not path.is_dir():
            given.append(Given(path, _size(path)))
            continue
        for directory, names, filenames in os.walk(path):
            kept = [name for name in names if not is_skipped_directory(Path(directory, name))]
            skipped += len(names) - len(kept)
            names[:] = sorted(kept)
            found = [Path(directory, name) for name in sorted(filenames) if looks_like_distribution(name)]
            given += [Given(file, _size(file)) for file in found]
    return given, skipped


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
