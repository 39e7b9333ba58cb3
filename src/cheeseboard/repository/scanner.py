"""Carries out what a scan decided: takes in what is new, follows what changed from outside."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import FolderReadOnly, RefusalReason, StorageFailed
from cheeseboard.events import Way
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.intake import (
    Accepted,
    Conflict,
    Deferred,
    Identical,
    Intake,
    Outcome,
    Prepared,
    Rejected,
)
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.records import Activity, ForeignRow, Stamp
from cheeseboard.repository.scan import Known, Reconciliation, Seen, look, reconcile
from cheeseboard.repository.store import Store

logger = logging.getLogger(__name__)

_Item = TypeVar("_Item")

# A file that nobody wrote to for this long is looked at at once; a younger one must look the same twice.
_SETTLED_SECONDS = 2.0
_BETWEEN_LOOKS_SECONDS = 0.2
# A damaged file this young may be one that is still on its way.
_GRACE_SECONDS = 3.0
_PERHAPS_UNFINISHED = frozenset(
    {
        RefusalReason.EMPTY,
        RefusalReason.TRUNCATED,
        RefusalReason.DAMAGED,
        RefusalReason.NOT_AN_ARCHIVE,
        RefusalReason.EXTRA_DATA,
        RefusalReason.AMBIGUOUS_ARCHIVE,
        RefusalReason.CHANGED_WHILE_READING,
    }
)
_COMMIT_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan did.

    Attributes:
        outcomes: Of the files that were new.
        removed: (project, filename, version) of files that are gone, or no longer what they were.
        foreign_changed: Whether the list of foreign files differs.
        look_again_in: Seconds after which a file that may still be growing deserves another look;
            None when nothing waits.
    """

    outcomes: tuple[Outcome, ...] = ()
    removed: tuple[tuple[str, str, str], ...] = ()
    foreign_changed: bool = False
    look_again_in: float | None = None


class Scanner:
    """Scans one repository's folder; one scan at a time."""

    def __init__(
        self, layout: Layout, intake: Intake, store: Store, catalog: Catalog, clock: Callable[[], int]
    ) -> None:
        self._layout = layout
        self._intake = intake
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._looks: dict[str, tuple[Stamp, float]] = {}

    def scan(self, known: Known, within: str | None = None) -> ScanResult:
        """Reconcile the folder, or one project's directory, with the catalog.

        Args:
            known: What the catalog says is present; where another process changed that meanwhile,
                every step looks again inside its transaction.
            within: One directory at the top; None for all.

        Raises:
            OSError: The folder cannot be listed.
            RepositoryError: Its disk failed.
        """
        plan = self._plan(known, within)
        if not plan:
            self._looks.clear()
            return ScanResult()
        removed = self._follow(plan)
        ready = [seen for seen in plan.unknown if self._is_ready(seen)]
        waiting = len(plan.unknown) - len(ready)
        outcomes: list[Outcome] = []
        foreign_changed = bool(plan.settled)
        unfinished = 0
        with ThreadPoolExecutor(2, thread_name_prefix="judge") as pool:
            verdicts = pool.map(self._judge, ready)
            for group in _groups(zip(ready, verdicts, strict=True), _COMMIT_TOGETHER):
                group_outcomes = self._take_in(group)
                outcomes += group_outcomes
                kept, left = self._remember_foreign(group_outcomes)
                foreign_changed = foreign_changed or kept
                unfinished += left
        look_again = _BETWEEN_LOOKS_SECONDS if waiting else (1.0 if unfinished else None)
        return ScanResult(tuple(outcomes), tuple(removed), foreign_changed, look_again)

    def _plan(self, known: Known, within: str | None) -> Reconciliation:
        foreign = self._catalog.foreign_files()
        if within is not None:
            foreign = {path: row for path, row in foreign.items() if path.startswith(f"{within}/")}
        plan = reconcile(look(self._layout.folder, known, within), known, foreign)
        if plan.settled:
            with self._catalog.writing() as writer:
                writer.clear_foreign(plan.settled)
        return plan

    # --- what was there before -------------------------------------------------------------------

    def _follow(self, plan: Reconciliation) -> Iterable[tuple[str, str, str]]:
        """Follow deletions, and look again at files whose stat changed."""
        removed: list[tuple[str, str, str]] = []
        for seen in plan.altered:
            removed += self._look_again(seen)
        if plan.gone:
            with self._catalog.writing() as writer:
                for project, filename in plan.gone:
                    row = writer.find(filename)
                    # Another process may have removed it (and said so) since the folder was listed.
                    if row is None or not row.present or self._layout.place(project, filename).exists():
                        continue
                    writer.forget(filename)
                    writer.note(Activity(self._clock(), "gone", filename, project, Way.FOLDER))
                    removed.append((project, filename, row.file.version))
        return removed

    def _look_again(self, seen: Seen) -> list[tuple[str, str, str]]:
        """A recorded file looks different: are its bytes still the same?"""
        project, filename = seen.directory, seen.name
        verdict = self._judge(seen)
        if verdict is None:
            return []
        row = self._catalog.find(filename)
        if row is None or not row.present:
            return []
        if isinstance(verdict, Prepared) and verdict.distribution.sha256 == row.file.sha256:
            with self._catalog.writing() as writer:
                writer.restamp(filename, verdict.stamp)
            return []
        with self._catalog.writing() as writer:
            now = writer.find(filename)
            if now is None or not now.present or now.file.sha256 != row.file.sha256:
                return []  # another process saw it first
            writer.forget(filename)
            writer.set_foreign(ForeignRow(seen.relative, seen.stamp, RefusalReason.CHANGED.value, ""))
            writer.note(Activity(self._clock(), "changed", filename, project, Way.FOLDER))
        return [(project, filename, row.file.version)]

    # --- what is new -----------------------------------------------------------------------------

    def _is_ready(self, seen: Seen) -> bool:
        if seen.refused is not None:
            return True
        age = self._clock() / 1e6 - seen.stamp.mtime_ns / 1e9
        if age > _SETTLED_SECONDS:
            return True
        now = time.monotonic()
        stamp, since = self._looks.get(seen.relative, (None, now))
        if stamp == seen.stamp and now - since >= _BETWEEN_LOOKS_SECONDS:
            del self._looks[seen.relative]
            return True
        if stamp != seen.stamp:
            self._looks[seen.relative] = (seen.stamp, now)
        return False

    def _judge(self, seen: Seen) -> Prepared | Rejected | None:
        """Judge a file where it lies; None when it is gone."""
        path = self._layout.folder / seen.relative
        if seen.refused is not None:
            return Rejected(path, Refusal(seen.refused))
        try:
            return self._intake.prepare_found(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("Can't read %s: %s", path, error)
            return Rejected(path, Refusal(RefusalReason.UNREADABLE, error.strerror or ""))

    def _take_in(self, group: list[tuple[Seen, Prepared | Rejected | None]]) -> list[Outcome]:
        """Commit what was judged good; duplicates of what is here go to the trash."""
        prepared = [verdict for _, verdict in group if isinstance(verdict, Prepared)]
        committed: dict[object, Outcome] = {}
        if prepared:
            for outcome in self._commit(prepared):
                committed[outcome.source] = outcome
        outcomes: list[Outcome] = []
        for _seen, verdict in group:
            if isinstance(verdict, Prepared):
                outcome = committed[verdict.source]
                outcomes.append(outcome)
                if isinstance(outcome, Identical):
                    self._trash_duplicate(verdict, outcome)
                elif isinstance(outcome, Accepted):
                    self._store.remove_if_empty(verdict.source.parent)
            elif verdict is not None:
                outcomes.append(verdict)
        return outcomes

    def _commit(self, prepared: list[Prepared]) -> list[Outcome]:
        """Commit together; when one file cannot be placed, each by itself, so that it holds no other up."""
        try:
            return list(self._intake.commit(prepared, Way.FOLDER))
        except (FolderReadOnly, StorageFailed) as error:
            if len(prepared) == 1:
                cause = error.__cause__
                detail = (cause.strerror or "") if isinstance(cause, OSError) else str(error)
                return [Rejected(prepared[0].source, Refusal(RefusalReason.UNREADABLE, detail))]
        return [outcome for one in prepared for outcome in self._commit([one])]

    def _trash_duplicate(self, prepared: Prepared, outcome: Identical) -> None:
        with self._catalog.writing() as writer:
            row = writer.add_trash(outcome.file, self._clock())
        if not self._store.to_trash(prepared.source, row) and not self._store.trash_path(row).exists():
            with self._catalog.writing() as writer:
                writer.drop_trash(row.id)

    def _remember_foreign(self, outcomes: Iterable[Outcome]) -> tuple[bool, int]:
        """Remember what was not taken in; returns whether anything was, and how many may be unfinished."""
        remembered, unfinished = False, 0
        rows = []
        for outcome in outcomes:
            refusal = _refusal(outcome)
            if refusal is None:
                unfinished += isinstance(outcome, Deferred)
                continue
            try:
                found = outcome.source.lstat()
            except FileNotFoundError:
                continue
            stamp = Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
            young = 0 <= self._clock() / 1e6 - found.st_mtime < _GRACE_SECONDS
            if young and refusal.reason in _PERHAPS_UNFINISHED:
                unfinished += 1
                continue
            relative = outcome.source.relative_to(self._layout.folder).as_posix()
            rows.append(ForeignRow(relative, stamp, refusal.reason.value, refusal.detail))
            remembered = True
        if rows:
            with self._catalog.writing() as writer:
                for row in rows:
                    writer.set_foreign(row)
        return remembered, unfinished


def _refusal(outcome: Outcome) -> Refusal | None:
    if isinstance(outcome, Rejected):
        return outcome.refusal
    if isinstance(outcome, Conflict):
        return Refusal(RefusalReason.ALREADY_HERE, outcome.existing.filename)
    return None


def _groups(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    while group := list(islice(items, size)):
        yield group
