"""The watcher wakes: it tells that something may have happened, and where to look first.

Events carry no truth. They are lost under load, when the queue overflows, when the folder is renamed
or its file system has none; the looks through the whole folder make up for all of that.
"""

import logging
import os
import sys
import threading
import time
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirModifiedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from cheeseboard.repository.layout import is_ignored
from cheeseboard.repository.mounts import tells_of_changes

logger = logging.getLogger(__name__)

# A burst of events is one wake-up: wait for this much quiet, but not for ever.
_QUIET = 0.05
_LONGEST_BURST = 0.5

# Stands for a place that an event does not name.
SOMEWHERE = ""

# What changes something. A file that is merely opened, as for every download, must wake nobody: it
# halved the downloads a second.
_CHANGES: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
if sys.platform != "linux":
    # Elsewhere it may stand for what is not told one by one; there it only repeats what was told.
    _CHANGES.append(DirModifiedEvent)


class Watcher:
    """Collects the names at the folder's top at which, or below which, something happened."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._condition = threading.Condition()
        self._names: set[str] = set()
        self._last_event = 0.0
        self._woken = False
        self._observer: BaseObserver | None = None
        self._told = True

    @property
    def active(self) -> bool:
        """Whether events tell of changes at all; otherwise somebody must poll."""
        return self._observer is not None and self._told

    def start(self) -> None:
        """Begin to listen; without events on this system, :attr:`active` stays False."""
        observer = Observer()
        try:
            observer.schedule(_Handler(self), str(self.folder), recursive=True, event_filter=_CHANGES)
            observer.start()
        except OSError as error:
            # Too few inotify watches or instances, or a file system without events.
            logger.warning("No folder events for %s (%s); looking regularly instead", self.folder, error)
            return
        self._observer = observer
        self._told = tells_of_changes(self.folder)
        if not self._told:
            logger.info("%s is shared by other machines: looking regularly for their changes", self.folder)

    def stop(self) -> None:
        """End listening; idempotent."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(5)

    def wake(self, name: str | None = None) -> None:
        """Tell of something at a name at the top (or ``SOMEWHERE``); or (None) just end the waiting."""
        with self._condition:
            if name is not None:
                self._names.add(name)
                self._last_event = time.monotonic()
            self._woken = True
            self._condition.notify_all()

    def wait(self, timeout: float) -> frozenset[str]:
        """Sleep until something may have happened; return the names at which."""
        with self._condition:
            if not self._woken:
                self._condition.wait(timeout)
            self._woken = False
            first = time.monotonic()
            while self._names:
                now = time.monotonic()
                quiet_at = min(self._last_event + _QUIET, first + _LONGEST_BURST)
                if now >= quiet_at:
                    break
                self._condition.wait(quiet_at - now)
            self._woken = False
            names, self._names = frozenset(self._names), set()
        return names


class _Handler(FileSystemEventHandler):
    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._folder = str(watcher.folder)
        self._inside = self._folder.rstrip(os.sep) + os.sep

    def on_any_event(self, event: FileSystemEvent) -> None:
        # Called for each of a storm of events: strings, not paths.
        for path in (event.src_path, event.dest_path):
            text = path if isinstance(path, str) else os.fsdecode(path)
            if text.startswith(self._inside):
                name = text[len(self._inside) :].partition(os.sep)[0]
                if not is_ignored(name):
                    self._watcher.wake(name)
            elif text == self._folder:
                self._watcher.wake(SOMEWHERE)
