"""The folder while it is held open: looked through, followed when others change it, and told of.

What the watching thread asks of a repository is here; what its owner asks is in ``repository.py``.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from pathlib import Path

from cheeseboard.errors import (
    FolderReadOnly,
    FolderUnavailable,
    RepositoryError,
    Sentence,
    StorageFailed,
    StorageFull,
)
from cheeseboard.events import (
    EventBus,
    FileAdded,
    FileRemoved,
    FirstScanFinished,
    FolderStateChanged,
    ForeignFilesChanged,
    SnapshotChanged,
    Way,
)
from cheeseboard.repository.intake import Accepted, Outcome
from cheeseboard.repository.opened import OpenedFolder, collector_paused, open_folder
from cheeseboard.repository.scanner import ScanStep
from cheeseboard.repository.snapshot import Snapshot

logger = logging.getLogger(__name__)

# What a scan takes in is shown this often while it lasts.
_TELL_EVERY_SECONDS = 0.25


class HeldFolder:
    """One folder, held open by one process.

    Attributes:
        scanning: Held for each step of a scan, and by whoever moves files that a scan must not meet halfway.
        first_scan: Whether the folder was looked through since it was opened.
        complete: Whether what is not in the snapshot is not in the folder.
    """

    def __init__(self, folder: Path, bus: EventBus, clock: Callable[[], int]) -> None:
        """Open the folder.

        Raises:
            RepositoryError: It cannot be used.
        """
        self.folder = folder
        self._bus = bus
        self._clock = clock
        self.scanning = threading.Lock()
        self._looking = threading.RLock()
        self.first_scan = threading.Event()
        self.complete = threading.Event()
        self._closing = threading.Event()
        self._asked_again = threading.Event()
        self._problem: RepositoryError | None = None
        self._data_version = -1
        with collector_paused():
            self._opened = open_folder(folder, clock)
        self._set_complete(known=self._opened.looked_through)
        self._recover()
        self.set_problem(None)

    @property
    def opened(self) -> OpenedFolder:
        """The parts of the folder that stands there now."""
        return self._opened

    @property
    def snapshot(self) -> Snapshot:
        """The current state, frozen."""
        return self._opened.shown.snapshot

    @property
    def problem(self) -> RepositoryError | None:
        """What is wrong with the folder; None when all is well."""
        return self._problem

    @property
    def available(self) -> bool:
        """Whether what is not in the snapshot is not here."""
        return self.complete.is_set() and not isinstance(self._problem, FolderUnavailable)

    def end_looks(self) -> None:
        """End a look under way after its step; none begins from now on."""
        self._closing.set()

    def close(self) -> None:
        """Let go of the folder; idempotent."""
        self.end_looks()
        self._opened.close()

    # --- what may happen to it ---------------------------------------------------------------------

    def check(self) -> None:
        """Make sure that the folder is still the one that was opened.

        Raises:
            FolderUnavailable: It is missing, or (FolderReplaced) another stands in its place.
        """
        self._opened.check()

    def reopen(self) -> None:
        """Open the repository that stands in the folder's place now, and show what it holds.

        Raises:
            RepositoryError: It cannot be used.
        """
        with self.scanning:
            before, former = self.snapshot, self._opened
            if former.copy is None:
                former.close()  # what is damaged cannot be set aside on Windows while it is open
            with collector_paused():
                self._opened = open_folder(self.folder, self._clock, thorough=True)
            former.close()
            self._data_version = -1
            self._set_complete(known=self._opened.looked_through)
            self._recover()
            names = frozenset(before.projects) | frozenset(self.snapshot.projects)
        self._bus.publish(SnapshotChanged(self.snapshot.serial, names))

    def try_again(self) -> None:
        """Try, at the next look, whether a read-only folder can be written to: some say so to no question."""
        self._asked_again.set()

    def _recover(self) -> None:
        if self._opened.copy is None:
            self._opened.trash.recover()

    def follow(self) -> None:
        """Take over what another process recorded, and that a read-only folder can be written to by now.

        Raises:
            RepositoryError: The catalog cannot be read.
        """
        copy = self._opened.copy
        if copy is not None and (self._asked_again.is_set() or copy.is_outdated()):
            self._asked_again.clear()
            self.reopen()
            self.look()
            self.set_problem(None)
        version = self._opened.catalog.data_version()
        if version != self._data_version:
            self._data_version = version
            self.refresh()

    def set_problem(self, problem: RepositoryError | None) -> None:
        """Tell what is wrong with the folder, or that all is well: as well as in a read-only one."""
        if problem is None and self._opened.copy is not None:
            problem = self._opened.copy.problem
        if str(problem) != str(self._problem):
            self._problem = problem
            if problem is not None:
                logger.warning("%s", problem)
            self._bus.publish(FolderStateChanged())

    # --- looking through it ------------------------------------------------------------------------

    def look(self, names: Collection[str] | None = None) -> Mapping[str, float]:
        """Reconcile the folder, or what is at some names of its top, with the catalog, now.

        What is found is shown as it is taken in, not only at the end. Closing ends it early.

        Returns:
            Names at which files may still be growing, with the seconds after which they deserve
            another look.

        Raises:
            RepositoryError: The folder is missing, or its disk failed.
        """
        with self._looking:  # a second look at once would find the same, and tell of it twice
            return self._look(names)

    def _look(self, names: Collection[str] | None) -> Mapping[str, float]:
        again: dict[str, float] = {}
        untold: list[ScanStep] = []
        with self.scanning:
            opened, steps = self._opened, self._begin(names)
        try:
            told_at = time.monotonic()
            while (step := self._next(steps, opened)) is not None:
                again.update(step.look_again)
                untold.append(step)
                if time.monotonic() - told_at >= _TELL_EVERY_SECONDS:
                    self._tell(untold)
                    untold, told_at = [], time.monotonic()
        finally:
            steps.close()
            self._tell(untold)
        if names is None and not self._closing.is_set():
            self._note_look()
        return again

    def _begin(self, names: Collection[str] | None) -> Generator[ScanStep, None, None]:
        """Plan a scan, and return its steps."""
        opened = self._opened
        opened.check()
        self.refresh()
        with self._explained(opened):
            plan = opened.scanner.plan(opened.shown.stamps, names)
        if plan.gone:
            opened.check()  # a file is gone only if its folder is there
        return opened.scanner.carry_out(plan)

    def _next(self, steps: Iterator[ScanStep], opened: OpenedFolder) -> ScanStep | None:
        """Take the next step, unless the folder is closed or was opened anew meanwhile."""
        with self.scanning, self._explained(opened):
            if self._closing.is_set() or opened is not self._opened:
                return None
            return next(steps, None)

    @contextlib.contextmanager
    def _explained(self, opened: OpenedFolder) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            opened.check()  # missing, after all?
            raise StorageFailed(
                Sentence(
                    "Can't look through {folder}: {cause}.", folder=self.folder, cause=error.strerror or error
                ),
                self.folder,
            ) from error

    def _tell(self, steps: Sequence[ScanStep]) -> None:
        """Show and announce what a scan did."""
        self.refresh()
        for step in steps:
            self.announce(step.outcomes, Way.FOLDER)
            for project, filename, version in step.removed:
                self._bus.publish(FileRemoved(filename, project, version, Way.FOLDER))
        if any(step.foreign_changed for step in steps):
            self._bus.publish(ForeignFilesChanged())

    def finish_first_scan(self) -> None:
        """Tell that an empty snapshot means an empty folder from now on."""
        self.first_scan.set()
        self._bus.publish(FirstScanFinished())

    def _note_look(self) -> None:
        """Remember that all that is in the folder is recorded, for later starts too."""
        if self.complete.is_set():
            return
        self.complete.set()
        try:
            with self._opened.catalog.writing() as writer:
                writer.note_look()
        except (FolderReadOnly, StorageFull) as error:
            logger.info("The next start looks through the folder before it is served: %s", error)

    def _set_complete(self, *, known: bool) -> None:
        (self.complete.set if known else self.complete.clear)()

    # --- telling -------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Bring the snapshot up to the catalog, and tell.

        Raises:
            RepositoryError: The catalog cannot be read.
        """
        differing = self._opened.follow()
        if differing:
            self._bus.publish(SnapshotChanged(self.snapshot.serial, differing))

    def announce(self, outcomes: Sequence[Outcome], way: Way) -> None:
        """Tell which files came in."""
        for outcome in outcomes:
            if isinstance(outcome, Accepted):
                file = outcome.file
                self._bus.publish(FileAdded(file.filename, file.project, file.version, way))
