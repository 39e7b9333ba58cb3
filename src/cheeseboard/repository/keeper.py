"""Keeps a folder and what we know of it together: a thread that is woken, looks, and follows others."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from cheeseboard.errors import CatalogUnreadable, FolderReplaced, RepositoryError
from cheeseboard.repository.watch import Watcher

logger = logging.getLogger(__name__)

# How soon another process's change is noticed, and how often the folder is looked through unasked.
_FOREIGN_CHANGE_SECONDS = 0.2
_UNASKED_SCAN_SECONDS = 30.0
_POLLING_SCAN_SECONDS = 2.0
# A look through a very large folder must not become the machine's main occupation.
_SCAN_SHARE = 100
_AFTER_PROBLEM_SECONDS = 1.0
# More directories than this are looked at in one go, with the whole folder.
_SINGLE_LOOKS = 8


class Kept(Protocol):
    """What the thread asks of a repository."""

    folder: Path

    def check(self) -> None:
        """Raise when the folder is missing or was replaced."""

    def scan(self, within: str | None = None) -> float | None:
        """Reconcile; return when files that may still be growing deserve another look."""

    def follow(self) -> None:
        """Take over what another process recorded."""

    def reopen(self) -> None:
        """Open what stands in the folder's place now."""

    def finish_first_scan(self) -> None:
        """The folder was looked through once."""

    def set_problem(self, problem: RepositoryError | None) -> None:
        """Tell what is wrong, or that all is well."""


class Keeper:
    """The thread of one repository."""

    def __init__(self, kept: Kept, make_watcher: Callable[[Path], Watcher] = Watcher) -> None:
        self._kept = kept
        self._make_watcher = make_watcher
        self._watcher = make_watcher(kept.folder)
        self._closing = threading.Event()
        self._problem = False
        self._scanned = False
        self._thread = threading.Thread(target=self._live, name="repository", daemon=True)

    def start(self) -> None:
        """Scan, then watch, until :meth:`stop`."""
        self._watcher.start()
        self._thread.start()

    def wake(self) -> None:
        """Look through the whole folder soon."""
        self._watcher.wake("")

    def stop(self) -> None:
        """End the thread; idempotent, waits for the step under way."""
        self._closing.set()
        self._watcher.wake()
        if self._thread.is_alive():
            self._thread.join(60)
        self._watcher.stop()

    def _live(self) -> None:
        due = time.monotonic()
        directories: frozenset[str] = frozenset()
        while not self._closing.is_set():
            try:
                due = self._step(directories, due)
            except (FolderReplaced, CatalogUnreadable) as problem:
                due = self._trouble(problem)
                self._start_anew()
            except RepositoryError as problem:
                due = self._trouble(problem)
            except Exception:
                # The thread must outlive what nobody foresaw: the next look may go well.
                logger.exception("The folder's thread failed")
                due = time.monotonic() + _AFTER_PROBLEM_SECONDS
            directories = self._watcher.wait(min(_FOREIGN_CHANGE_SECONDS, max(0.0, due - time.monotonic())))

    def _step(self, directories: frozenset[str], due: float) -> float:
        """Do what there is to do; return when the next unasked look is due."""
        self._kept.check()
        if directories or self._problem or time.monotonic() >= due:
            due = self._look(frozenset() if self._problem else directories)
        self._kept.follow()
        if self._problem:
            self._problem = False
            self._kept.set_problem(None)
        return due

    def _look(self, directories: frozenset[str]) -> float:
        """Scan; return when the next look is due, on the monotonic clock."""
        began = time.monotonic()
        full = not directories or "" in directories or len(directories) > _SINGLE_LOOKS
        within = [None] if full else sorted(directories)
        waits = [seconds for one in within if (seconds := self._kept.scan(one)) is not None]
        if full and not self._scanned:
            self._scanned = True
            self._kept.finish_first_scan()
        ended = time.monotonic()
        if waits:
            return ended + min(waits)
        regular = _UNASKED_SCAN_SECONDS if self._watcher.active else _POLLING_SCAN_SECONDS
        return ended + max(regular, _SCAN_SHARE * (ended - began) if full else 0.0)

    def _trouble(self, problem: RepositoryError) -> float:
        self._problem = True
        self._kept.set_problem(problem)
        return time.monotonic() + _AFTER_PROBLEM_SECONDS

    def _start_anew(self) -> None:
        """Another folder or catalog stands there: events come from a new watcher, facts from that catalog."""
        try:
            self._kept.reopen()
        except RepositoryError as problem:
            self._kept.set_problem(problem)
            return
        self._scanned = False
        self._watcher.stop()
        self._watcher = self._make_watcher(self._kept.folder)
        self._watcher.start()
