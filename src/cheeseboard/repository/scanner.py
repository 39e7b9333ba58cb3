"""Carries out what a scan decided: takes in what is new, follows what changed from outside."""

import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import FolderReadOnly, RefusalReason, StorageFailed
from cheeseboard.events import Way
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.intake import (
    SMALL_FILE,
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
_GRACE_LOOK_SECONDS = 1.0
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
_GROUPS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class ScanStep:
    """What a scan did since its step before.

    Attributes:
        outcomes: Of files that were new.
        removed: (project, filename, version) of files that are gone, or no longer what they were.
        foreign_changed: Whether the list of foreign files differs.
        look_again: Names at the top at which a file may still be growing, with the seconds after which
            they deserve another look.
    """

    outcomes: tuple[Outcome, ...] = ()
    removed: tuple[tuple[str, str, str], ...] = ()
    foreign_changed: bool = False
    look_again: Mapping[str, float] = field(default_factory=dict)


class Scanner:
    """Scans one repository's folder; one step of one scan at a time."""

    def __init__(
        self, layout: Layout, intake: Intake, store: Store, catalog: Catalog, clock: Callable[[], int]
    ) -> None:
        self._layout = layout
        self._intake = intake
        self._store = store
        self._catalog = catalog
        self._clock = clock
        self._looks: dict[str, tuple[Stamp, float]] = {}

    def plan(self, known: Known, names: Collection[str] | None = None) -> Reconciliation:
        """Hold the folder, or what is at some names of its top, against the catalog; change nothing.

        Args:
            known: What the catalog says is present; where another process changed that meanwhile,
                every step looks again inside its transaction.
            names: Files and directories at the top; None for the whole folder.

        Raises:
            OSError: The folder cannot be listed.
            RepositoryError: The catalog cannot be read.
        """
        foreign = self._catalog.foreign_files()
        if names is not None:
            within = frozenset(names)
            foreign = {path: row for path, row in foreign.items() if path.partition("/")[0] in within}
        plan = reconcile(look(self._layout.folder, known, names), known, foreign)
        if names is None and not plan:
            self._looks.clear()
        return plan

    def carry_out(self, plan: Reconciliation) -> Generator[ScanStep, None, None]:
        """Do what there is to do, step by step; whoever stops in between leaves the rest to a later scan.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        if plan.settled:
            with self._catalog.writing() as writer:
                writer.clear_foreign(plan.settled)
        removed = tuple(self._follow(plan))
        ready: list[Seen] = []
        waiting: set[str] = set()
        for seen in plan.unknown:
            if self._is_ready(seen):
                ready.append(seen)
                self._looks.pop(seen.relative, None)
            else:
                waiting.add(_top(seen.relative))
        yield ScanStep((), removed, bool(plan.settled), dict.fromkeys(waiting, _BETWEEN_LOOKS_SECONDS))
        for group in self._judged(ready):
            outcomes = self._take_in(group)
            foreign_changed, unfinished = self._remember_foreign(outcomes)
            yield ScanStep(
                tuple(outcomes), (), foreign_changed, dict.fromkeys(unfinished, _GRACE_LOOK_SECONDS)
            )

    def _judged(self, ready: list[Seen]) -> Iterator[list[tuple[Seen, Prepared | Rejected | None]]]:
        """Judge files in groups: small ones here, others by two workers, ahead of what is taken in."""
        if not ready:
            return
        pool = ThreadPoolExecutor(2, thread_name_prefix="judge")
        try:
            ahead: deque[Iterator[tuple[Seen, Prepared | Rejected | None]]] = deque()
            for group in _groups(iter(ready), _COMMIT_TOGETHER):
                judge = map if _is_small(group) else pool.map
                ahead.append(zip(group, judge(self._judge, group), strict=True))
                if len(ahead) > _GROUPS_AHEAD:
                    yield list(ahead.popleft())
            while ahead:
                yield list(ahead.popleft())
        finally:
            pool.shutdown(cancel_futures=True)

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
                if isinstance(outcome, Identical) and self._layout.aside is not None:
                    # It cannot be put into the trash of a folder that is read-only.
                    refusal = Refusal(RefusalReason.ALREADY_HERE, outcome.file.filename)
                    outcome = Rejected(verdict.source, refusal)
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

    def _remember_foreign(self, outcomes: Iterable[Outcome]) -> tuple[bool, set[str]]:
        """Remember what was not taken in; returns whether anything was, and where some may be unfinished."""
        unfinished: set[str] = set()
        rows = []
        for outcome in outcomes:
            relative = outcome.source.relative_to(self._layout.folder).as_posix()
            refusal = _refusal(outcome)
            if refusal is None:
                if isinstance(outcome, Deferred):
                    unfinished.add(_top(relative))
                continue
            try:
                found = outcome.source.lstat()
            except FileNotFoundError:
                continue
            stamp = Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
            young = 0 <= self._clock() / 1e6 - found.st_mtime < _GRACE_SECONDS
            if young and refusal.reason in _PERHAPS_UNFINISHED:
                unfinished.add(_top(relative))
                continue
            rows.append(ForeignRow(relative, stamp, refusal.reason.value, refusal.detail))
        if rows:
            with self._catalog.writing() as writer:
                for row in rows:
                    writer.set_foreign(row)
        return bool(rows), unfinished


def _refusal(outcome: Outcome) -> Refusal | None:
    if isinstance(outcome, Rejected):
        return outcome.refusal
    if isinstance(outcome, Conflict):
        return Refusal(RefusalReason.ALREADY_HERE, outcome.existing.filename)
    return None


def _is_small(group: Sequence[Seen]) -> bool:
    """Return whether judging costs less than handing it to another thread and waiting for the interpreter."""
    return all(seen.stamp.size <= SMALL_FILE for seen in group)


def _top(relative: str) -> str:
    return relative.partition("/")[0]


def _groups(items: Iterator[_Item], size: int) -> Iterator[list[_Item]]:
    while group := list(islice(items, size)):
        yield group
