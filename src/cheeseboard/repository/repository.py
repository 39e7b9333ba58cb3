"""One managed folder, open: the door in, the truth about it, and every decision of its owner.

Every method may be called from any thread. Those that touch the disk are slow and say what they
raise; ``snapshot`` never waits.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import (
    FolderReadOnly,
    RefusalReason,
    RepositoryError,
)
from cheeseboard.events import (
    EventBus,
    FileRemoved,
    ForeignFilesChanged,
    Progress,
    Way,
)
from cheeseboard.repository.adding import Readiness, add_all
from cheeseboard.repository.check import Fault, Finding, settle
from cheeseboard.repository.held import HeldFolder
from cheeseboard.repository.intake import Accepted, Batch, Conflict, Outcome, Prepared, Rejected
from cheeseboard.repository.keeper import Keeper
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.opened import OpenedFolder
from cheeseboard.repository.records import Activity, ProjectRow, Removal, TrashRow
from cheeseboard.repository.salvage import Decisions, apply_decisions
from cheeseboard.repository.scan import ForeignFile
from cheeseboard.repository.snapshot import File, ProjectStatus, Snapshot
from cheeseboard.repository.staged import StagedFile

logger = logging.getLogger(__name__)


def now_us() -> int:
    """Return the time, microseconds since the epoch."""
    return time.time_ns() // 1000


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
        self._keeper: Keeper | None = None
        self._held = HeldFolder(self.folder, bus, clock)

    @property
    def _opened(self) -> OpenedFolder:
        return self._held.opened

    @property
    def _to_change(self) -> OpenedFolder:
        """The parts of the folder, for what its owner does: in a copied catalog it would be lost.

        Raises:
            FolderReadOnly: It was read-only when it was opened.
        """
        if self._opened.copy is not None:
            sentence = f"Nothing was changed: the managed folder {self.folder} is read-only."
            raise FolderReadOnly(sentence, self.folder)
        return self._opened

    @property
    def layout(self) -> Layout:
        """Where things lie."""
        return self._opened.layout

    # --- the truth -------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """The current state, frozen."""
        return self._held.snapshot

    @property
    def scanned(self) -> bool:
        """Whether the folder was looked through since it was opened."""
        return self._held.first_scan.is_set()

    @property
    def problem(self) -> RepositoryError | None:
        """What is wrong with the folder; None when all is well."""
        return self._held.problem

    @property
    def available(self) -> bool:
        """Whether what is not in the snapshot is not here: then, and only then, can installers be told so.

        False while the folder is missing, and before it was looked through for the first time (or since
        its catalog had to be made anew): an installer that is told of no project takes it from elsewhere.
        """
        return self._held.available

    @property
    def foreign_files(self) -> tuple[ForeignFile, ...]:
        """What lies in the folder and was not taken in, with the reason."""
        return tuple(
            ForeignFile(self.folder / row.path, Refusal(RefusalReason(row.reason), row.detail))
            for row in self._opened.catalog.foreign_files().values()
        )

    def path_of(self, file: File) -> Path:
        """Return where a file lies."""
        return self._opened.layout.place(file.project, file.filename)

    def metadata_of(self, file: File) -> bytes | None:
        """Return a file's METADATA or PKG-INFO, the very bytes."""
        return self._opened.catalog.core_metadata(file.metadata_sha256)

    def attestations_of(self, file: File) -> bytes | None:
        """Return what was attested of a file when it was uploaded (PEP 740): a JSON array, or None."""
        kept = file.attestations_sha256
        return None if kept is None else self._opened.catalog.attestations(kept)

    def activity(self, limit: int = 200) -> tuple[Activity, ...]:
        """Return what happened, the latest first."""
        return self._opened.catalog.activity(limit)

    # --- living with the folder --------------------------------------------------------------------

    def start(self) -> None:
        """Scan, then watch, on a thread of our own, until :meth:`close`."""
        self._keeper = Keeper(self._held)
        self._keeper.start()

    def look_first(self, seconds: float) -> None:
        """See to it that the folder was looked through once; wait for the watching thread, but not for long.

        Raises:
            RepositoryError: Nobody watches, and the folder is missing or its disk failed.
        """
        if self._keeper is not None:
            self._held.complete.wait(seconds)
        elif not self._held.complete.is_set():
            self.scan()

    def close(self) -> None:
        """Stop watching and let go of the folder; idempotent."""
        self._held.end_looks()
        if self._keeper is not None:
            self._keeper.stop()
        self._held.close()

    def rescan(self) -> None:
        """Ask for a look through the whole folder, soon, by the watching thread."""
        if self._keeper is not None:
            self._held.try_again()
            self._keeper.wake()

    def check(self) -> None:
        """Make sure that the folder is still the one that was opened.

        Raises:
            FolderUnavailable: It is missing, or (FolderReplaced) another stands in its place.
        """
        self._held.check()

    def scan(self) -> float | None:
        """Reconcile the folder with the catalog, now.

        Returns:
            Seconds after which files that may still be growing deserve another look, or None.

        Raises:
            RepositoryError: The folder is missing, or its disk failed.
        """
        return min(self._held.look().values(), default=None)

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
        return add_all(
            self._to_change.intake,
            paths,
            lambda ready: self._commit(ready, way),
            progress=progress,
            cancelled=cancelled,
        )

    def stage(self, size: int) -> StagedFile:
        """Return a place for a file that somebody sends, of ``size`` bytes at most.

        Raises:
            RepositoryError: The folder is missing or read-only, or has no room for it.
        """
        self._to_change.check()
        return StagedFile(self._to_change.store, self.folder, size)

    def take_in(self, uploaded: Prepared | Rejected) -> Outcome:
        """Take in a file that was uploaded and judged, or note that it was refused.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self._commit([uploaded], Way.UPLOAD)[0]

    def _commit(self, ready: Sequence[Readiness], way: Way) -> list[Outcome]:
        """Commit the prepared ones among ``ready``; outcomes in the order given."""
        prepared = [item for item in ready if isinstance(item, Prepared)]
        committed = iter(self._to_change.intake.commit(prepared, way) if prepared else ())
        outcomes: list[Outcome] = [next(committed) if isinstance(item, Prepared) else item for item in ready]
        self._note_refusals(outcomes, way)
        self._held.refresh()
        self._held.announce(outcomes, way)
        return outcomes

    def count_downloads(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Add to the downloads of each (day as YYYY-MM-DD in UTC, filename).

        Raises:
            RepositoryError: The folder's disk failed.
        """
        with self._to_change.catalog.writing() as writer:
            writer.count_downloads(counts)

    def downloads(self, since_day: str = "") -> dict[str, int]:
        """Return how often each file was downloaded on and after a day (YYYY-MM-DD, UTC)."""
        return self._opened.catalog.downloads(since_day)

    def trash(self) -> tuple[TrashRow, ...]:
        """Return what was removed, the latest first."""
        return self._opened.catalog.trash()

    def empty_trash(self, *, keep_days: int, keep_bytes: int | None = None, spared_days: int = 0) -> int:
        """Delete for good what was removed long ago; see :meth:`Trash.empty`.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self._to_change.trash.empty(
            keep_days=keep_days, keep_bytes=keep_bytes, spared_days=spared_days
        )

    def expect(self, known: Decisions) -> None:
        """Lay ready what is known of files that will be added: it holds for just those bytes.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        apply_decisions(self._to_change.catalog, known)

    def settle(self, findings: Sequence[Finding], way: Way) -> tuple[Finding, ...]:
        """Take what a check found changed or missing out of the index; return what still holds.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        with self._held.scanning:
            layout, catalog = self._opened.layout, self._opened.catalog
            held = tuple(each for each in findings if settle(each, layout, catalog, self._clock(), way))
        self._held.refresh()
        for finding in held:
            if finding.file is not None and finding.fault is not Fault.UNREADABLE:
                file = finding.file
                self._bus.publish(FileRemoved(file.filename, file.project, file.version, way))
        if held:
            self._bus.publish(ForeignFilesChanged())
        return held

    def _note_refusals(self, outcomes: Sequence[Outcome], way: Way) -> None:
        refused = [outcome for outcome in outcomes if isinstance(outcome, Rejected | Conflict)]
        if not refused:
            return
        now = self._clock()
        with self._to_change.catalog.writing() as writer:
            for outcome in refused:
                if isinstance(outcome, Rejected):
                    reason = outcome.refusal.reason
                else:
                    reason = RefusalReason.ALREADY_HERE
                writer.note(Activity(now, "refused", outcome.source.name, "", way, reason.value))

    # --- deciding ------------------------------------------------------------------------------------

    def remove(self, files: Sequence[File], way: Way) -> Removal:
        """Move files to the trash; :meth:`restore` brings them back byte for byte.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        with self._held.scanning:  # or a scan finds what is recorded as gone and not moved yet
            removal = self._to_change.trash.remove(files, way, self._held.refresh)
        for row in removal.rows:
            self._bus.publish(FileRemoved(row.filename, row.project, row.version, way))
        return removal

    def restore(self, removal: Removal, way: Way) -> tuple[Outcome, ...]:
        """Bring removed files back, with their yanks and upload times.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        with self._held.scanning:
            outcomes = [self._restore(row, way) for row in removal.rows]
        self._held.refresh()
        self._held.announce(outcomes, way)
        return tuple(outcomes)

    def _restore(self, row: TrashRow, way: Way) -> Outcome:
        """Bring one file back; in one transaction, lest another process takes it for a removal under way."""
        place = self._opened.layout.place(row.project, row.filename)
        with self._to_change.catalog.writing() as writer:
            found = writer.find(row.filename)
            if found is not None and found.present:
                return Conflict(place, found.file)
            try:
                if not self._to_change.trash.restore_path(row):
                    writer.drop_trash(row.id)
                    return Rejected(place, Refusal(RefusalReason.UNREADABLE, "not in the trash any more"))
            except FileExistsError:
                return Rejected(place, Refusal(RefusalReason.NAME_TAKEN, str(place)))
            verdict = self._to_change.intake.prepare_found(place)
            if isinstance(verdict, Rejected) or verdict.distribution.sha256 != row.sha256:
                self._to_change.store.to_trash(place, row)
                return Rejected(place, Refusal(RefusalReason.DIGEST_MISMATCH))
            now = self._clock()
            file = writer.record(verdict.distribution, verdict.stamp, row.upload_time_us)
            writer.decide_file(row.filename, yanked=row.yanked, upload_time_us=row.upload_time_us)
            writer.drop_trash(row.id)
            writer.note(Activity(now, "restored", row.filename, row.project, way))
        return Accepted(place, file)

    def replace(self, conflict: Conflict, way: Way) -> tuple[Outcome, Removal]:
        """Take the conflicting file in after all; the one that was here goes to the trash first.

        The new one is copied and judged before the old one leaves, and the old one leaves the index
        before the new one enters it.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        project = self.snapshot.projects.get(conflict.existing.project)
        if project is not None and project.status in {ProjectStatus.ARCHIVED, ProjectStatus.QUARANTINED}:
            refusal = Refusal(RefusalReason.PROJECT_CLOSED, project.status.value)
            return Rejected(conflict.source, refusal), Removal()
        prepared = self._to_change.intake.prepare_copy(conflict.source, cancelled=None, copied=_ignore_bytes)
        if not isinstance(prepared, Prepared):
            return prepared, Removal()
        try:
            removal = self.remove([conflict.existing], way)
        except BaseException:
            self._to_change.intake.abandon(prepared)
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
        with self._to_change.catalog.writing() as writer:
            for file in files:
                found = writer.find(file.filename)
                if found is None or found.file.sha256 != file.sha256:
                    continue  # another file has taken its name since
                writer.decide_file(file.filename, yanked=yanked)
                writer.note(Activity(self._clock(), act, file.filename, file.project, way, yanked or ""))
        self._held.refresh()

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
        with self._to_change.catalog.writing() as writer:
            before = self._opened.shown.decided(project)
            kept = display_name or (before.display_name if before else None)
            writer.decide_project(ProjectRow(project, kept, status, reason))
            writer.note(Activity(self._clock(), status.value, "", project, way, reason))
        self._held.refresh()


def _ignore_bytes(_count: int) -> None:
    """Nobody watches the progress of a single file."""
