"""The one door: every file that was dropped, copied or uploaded is prepared, then committed, here.

``prepare`` (any thread, several at once) copies and judges; ``commit`` (one at a time, under the
catalog's write transaction) places and records. What became of each file is a value.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cheeseboard.distributions.distribution import Distribution, Refusal
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.distributions.judge import judge
from cheeseboard.errors import DistributionError, RefusalReason
from cheeseboard.events import Way
from cheeseboard.repository.catalog import Catalog, Writer
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.records import Activity, Stamp
from cheeseboard.repository.snapshot import File, ProjectStatus
from cheeseboard.repository.store import CopyCancelled, Store, discard, stamp_of, sync_directory

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Placed, recorded and in the current snapshot."""

    source: Path
    file: File


@dataclass(frozen=True, slots=True)
class Identical:
    """The very same file is here already; nothing was done."""

    source: Path
    file: File


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file of this name is here with other bytes; nothing was done. The caller may replace it."""

    source: Path
    existing: File


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not taken in; left where it is."""

    source: Path
    refusal: Refusal


class DeferralReason(StrEnum):
    """Why a file waits."""

    STILL_GROWING = "still-growing"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not taken in yet; nothing was done."""

    source: Path
    reason: DeferralReason


Outcome = Accepted | Identical | Conflict | Rejected | Deferred


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of everything given at once; what one Undo takes back.

    Attributes:
        outcomes: In the order in which the files were found.
        skipped_directories: How many directories (venvs, VCS, caches) were passed over.
    """

    outcomes: tuple[Outcome, ...] = ()
    skipped_directories: int = 0

    @property
    def accepted(self) -> tuple[Accepted, ...]:
        """The files that were added."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Accepted))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A judged file that waits to be committed.

    Attributes:
        source: What the caller gave.
        at: Where the bytes are: in staging, or in the folder itself.
        stamp: What stat said of ``at`` when it was judged.
        ours: Whether ``at`` is our staged copy, to be cleared away unless it is placed.
    """

    source: Path
    at: Path
    distribution: Distribution
    stamp: Stamp
    ours: bool


class Intake:
    """The door of one repository."""

    def __init__(self, layout: Layout, store: Store, catalog: Catalog, clock: Callable[[], int]) -> None:
        self._layout = layout
        self._store = store
        self._catalog = catalog
        self._clock = clock

    # --- preparing -------------------------------------------------------------------------------

    def prepare_copy(
        self, source: Path, *, cancelled: Callable[[], bool] | None, copied: Callable[[int], None]
    ) -> Prepared | Rejected | Deferred:
        """Copy a file from anywhere into staging and judge the copy.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        try:
            parse_filename(source.name)  # no copy of what can't be one
            staged = self._store.stage_copy(source, cancelled=cancelled, copied=copied)
        except CopyCancelled:
            return Deferred(source, DeferralReason.CANCELLED)
        except DistributionError as error:
            if error.reason is RefusalReason.CHANGED_WHILE_READING:
                return Deferred(source, DeferralReason.STILL_GROWING)
            return Rejected(source, Refusal(error.reason, error.detail))
        verdict = judge(staged, source.name)
        if isinstance(verdict, Refusal):
            discard(staged)
            return Rejected(source, verdict)
        return Prepared(source, staged, verdict, stamp_of(staged), ours=True)

    def prepare_found(self, path: Path) -> Prepared | Rejected:
        """Judge a file that lies in the folder already.

        Raises:
            OSError: It is gone, or the disk failed.
        """
        stamp = stamp_of(path)
        verdict = judge(path)
        if isinstance(verdict, Refusal):
            return Rejected(path, verdict)
        return Prepared(path, path, verdict, stamp, ours=False)

    def abandon(self, prepared: Prepared) -> None:
        """Clear away a prepared file that will not be committed."""
        if prepared.ours:
            discard(prepared.at)

    # --- committing ------------------------------------------------------------------------------

    def commit(self, batch: Sequence[Prepared], way: Way) -> tuple[Outcome, ...]:
        """Place and record files in one transaction; outcomes in the order given.

        Either all that is accepted is in its place, durable, and recorded, or (the disk failed, the
        catalog could not commit) none of it is.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        placed: list[Path] = []
        try:
            with self._catalog.writing() as writer:
                outcomes = tuple(self._commit_one(writer, prepared, way, placed) for prepared in batch)
                for directory in {path.parent for path in placed}:
                    sync_directory(directory)
        except BaseException:
            for path in placed:
                self._store.unplace(path)
            raise
        finally:
            for prepared in batch:
                self.abandon(prepared)
        return outcomes

    def _commit_one(self, writer: Writer, prepared: Prepared, way: Way, placed: list[Path]) -> Outcome:
        distribution = prepared.distribution
        destination = self._layout.place(distribution.project, distribution.filename)
        if not prepared.ours and stamp_of(prepared.at) != prepared.stamp:
            return Deferred(prepared.source, DeferralReason.STILL_GROWING)
        row = writer.find(distribution.filename)
        if row is not None and row.present and prepared.at != destination:
            if row.file.sha256 != distribution.sha256 or row.file.filename != distribution.filename:
                return Conflict(prepared.source, row.file)
            if destination.exists():
                return Identical(prepared.source, row.file)
        status = writer.project_status(distribution.project)
        if status in {ProjectStatus.ARCHIVED, ProjectStatus.QUARANTINED}:
            return Rejected(prepared.source, Refusal(RefusalReason.PROJECT_CLOSED, status.value))
        stamp = prepared.stamp
        if prepared.at != destination:
            try:
                stamp = self._store.place(prepared.at, distribution.project, distribution.filename)
            except FileExistsError:
                # It lies there unrecorded: a scan has not come by yet, or it was refused.
                return Rejected(prepared.source, Refusal(RefusalReason.NAME_TAKEN, str(destination)))
            if prepared.ours:
                placed.append(destination)
        now = self._clock()
        # What stood in its place before we ever saw it came in when it was written there: so a lost
        # catalog does not make everything new.
        came = now if prepared.at != destination else min(now, stamp.mtime_ns // 1000)
        file = writer.record(distribution, stamp, came)
        writer.note(Activity(now, "added", file.filename, file.project, way))
        return Accepted(prepared.source, file)
