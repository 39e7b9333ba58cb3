"""Keeps a folder and what we know of it together: a thread that is woken, looks, and follows others."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Protocol

from cheeseboard.errors import CatalogUnreadable, FolderReplaced, RepositoryError
from cheeseboard.repository.agenda import Agenda, Look
from cheeseboard.repository.watch import Watcher

logger = logging.getLogger(__name__)

# How soon another process's change is noticed, and how soon after trouble the folder is looked at again.
_FOREIGN_CHANGE_SECONDS = 0.2
_AFTER_PROBLEM_SECONDS = 1.0


class Kept(Protocol):
    """What the thread asks of a repository."""

    folder: Path

    def check(self) -> None:
        """Raise when the folder is missing or was replaced."""

    def look(self, names: Collection[str] | None = None) -> Mapping[str, float]:
        """Reconcile; return which names deserve another look, and in how many seconds."""

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
        self._agenda = Agenda()
        self._asked = threading.Event()
        self._closing = threading.Event()
        self._problem_until: float | None = None
        self._scanned = False
        self._thread = threading.Thread(target=self._live, name="repository", daemon=True)

    def start(self) -> None:
        """Scan, then watch, until :meth:`stop`."""
        self._watcher.start()
        self._thread.start()

    def wake(self) -> None:
        """Look through the whole folder soon."""
        self._asked.set()
        self._watcher.wake()

    def stop(self) -> None:
        """End the thread; idempotent, waits for the step under way."""
        self._closing.set()
        self._watcher.wake()
        if self._thread.is_alive():
            self._thread.join(60)
        self._watcher.stop()

    def _live(self) -> None:
        while not self._closing.is_set():
            try:
                self._step()
            except (FolderReplaced, CatalogUnreadable) as problem:
                self._trouble(problem)
                self._start_anew()
            except RepositoryError as problem:
                self._trouble(problem)
            except Exception:
                # The thread must outlive what nobody foresaw: the next look may go well.
                logger.exception("The folder's thread failed")
                self._put_off()
            names = self._watcher.wait(min(_FOREIGN_CHANGE_SECONDS, self._seconds_left()))
            self._agenda.note(names, time.monotonic())

    def _step(self) -> None:
        """Do the next of what there is to do."""
        self._kept.check()
        now = time.monotonic()
        if self._problem_until is not None and now < self._problem_until:
            return
        if self._asked.is_set() or self._problem_until is not None:
            self._asked.clear()
            self._agenda.ask()
        look = self._agenda.next(now)
        if look is not None:
            self._look(look)
        self._kept.follow()
        if self._problem_until is not None:
            self._problem_until = None
            self._kept.set_problem(None)

    def _look(self, look: Look) -> None:
        began = time.monotonic()
        again = self._kept.look(look.names)
        if look.names is None and not self._scanned and not self._closing.is_set():
            self._scanned = True
            self._kept.finish_first_scan()
        self._agenda.looked(look, began, time.monotonic(), again, told=self._watcher.active)

    def _seconds_left(self) -> float:
        now = time.monotonic()
        if self._problem_until is not None:
            return max(0.0, self._problem_until - now)
        return self._agenda.seconds_left(now)

    def _trouble(self, problem: RepositoryError) -> None:
        self._put_off()
        self._kept.set_problem(problem)

    def _put_off(self) -> None:
        self._problem_until = time.monotonic() + _AFTER_PROBLEM_SECONDS

    def _start_anew(self) -> None:
        """Another folder or catalog stands there: events come from a new watcher, facts from that catalog."""
        try:
            self._kept.reopen()
        except RepositoryError as problem:
            self._kept.set_problem(problem)
            return
        self._problem_until = time.monotonic()
        self._scanned = False
        self._watcher.stop()
        self._watcher = self._make_watcher(self._kept.folder)
        self._watcher.start()
