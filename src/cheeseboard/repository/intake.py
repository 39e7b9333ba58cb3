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
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.records import Activity, Stamp
from cheeseboard.repository.snapshot import File, ProjectStatus
from cheeseboard.repository.store import CopyCancelled, Store, discard, stamp_of
from cheeseboard.repository.writer import Writer

logger = logging.getLogger(__name__)

# Up to this many bytes preparing is work for the interpreter more than for a processor: one thread takes tiny
# wheels in with a quarter less of the processors' time than three that wait for each other.
SMALL_FILE = 32 * 1024


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
        attestations: What its uploader attested (PEP 740), a JSON array; empty when nothing.
        who: By whose token it came; empty when by none.
    """

    source: Path
    at: Path
    distribution: Distribution
    stamp: Stamp
    ours: bool
    attestations: bytes = b""
    who: str = ""


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
                if any(isinstance(outcome, Accepted) for outcome in outcomes):
                    # Files that were found in the folder and moved need no more than the folder's own:
                    # after a power cut they lie in their old place or in the new one, and the next look
                    # finds them.
                    self._store.make_durable({path.parent for path in placed})
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
        obstacle = self._obstacle(writer, prepared, destination)
        if obstacle is not None:
            return obstacle
        stamp = prepared.stamp
        if prepared.at != destination:
            try:
                stamp = self._store.place(prepared.at, distribution.project, distribution.filename)
            except FileNotFoundError:
                return Deferred(prepared.source, DeferralReason.STILL_GROWING)
            except FileExistsError:
                # It lies there unrecorded: a scan has not come by yet, or it was refused.
                return Rejected(prepared.source, Refusal(RefusalReason.NAME_TAKEN, str(destination)))
            if prepared.ours:
                placed.append(destination)
        now = self._clock()
        # What stood in its place before we ever saw it came in when it was written there: so a lost
        # catalog does not make everything new.
        came = now if prepared.at != destination else min(now, stamp.mtime_ns // 1000)
        file = writer.record(distribution, stamp, came, prepared.attestations)
        writer.note(Activity(now, "added", file.filename, file.project, way, prepared.who))
        return Accepted(prepared.source, file)

    def _obstacle(self, writer: Writer, prepared: Prepared, destination: Path) -> Outcome | None:
        """Return why a judged file is not taken in; None when nothing stands in its way."""
        distribution = prepared.distribution
        if not prepared.ours and not self._is_unchanged(writer, prepared, destination):
            return Deferred(prepared.source, DeferralReason.STILL_GROWING)
        row = writer.find(distribution.filename)
        if row is not None and row.present:
            other_bytes = row.file.sha256 != distribution.sha256 and prepared.at != destination
            if other_bytes or self._is_twin(row.file, distribution.filename):
                return Conflict(prepared.source, row.file)
            if prepared.at != destination and destination.exists():
                return Identical(prepared.source, row.file)
        if row is not None and row.file.sha256 == distribution.sha256 and prepared.at == destination:
            return None  # it was here before: a closed project takes nothing new, and this is not
        status = writer.project_status(distribution.project)
        if status in {ProjectStatus.ARCHIVED, ProjectStatus.QUARANTINED}:
            return Rejected(prepared.source, Refusal(RefusalReason.PROJECT_CLOSED, status.value))
        return None

    def _is_unchanged(self, writer: Writer, prepared: Prepared, destination: Path) -> bool:
        """Tell whether a file found in the folder is still what was judged, and nobody is removing it."""
        try:
            if stamp_of(prepared.at) != prepared.stamp:
                return False
        except FileNotFoundError:
            return False
        if prepared.at != destination:
            return True
        rows = writer.trashed(prepared.distribution.filename, prepared.distribution.sha256)
        return all(self._store.trash_path(row).exists() for row in rows)

    def _is_twin(self, file: File, filename: str) -> bool:
        """Tell whether the name recorded differs in case alone, and both files are there."""
        if file.filename == filename:
            return False
        recorded = self._layout.place(file.project, file.filename)
        new = self._layout.place(file.project, filename)
        try:
            return not (new.exists() and recorded.samefile(new))
        except FileNotFoundError:
            return False
