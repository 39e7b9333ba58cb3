"""The watcher wakes: it tells that something may have happened, and where to look first.

Events carry no truth. They are lost under load, when the queue overflows, when the folder is renamed
or its file system has none; the slow timer of the repository makes up for all of that.
"""

import logging
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

logger = logging.getLogger(__name__)

# A burst of events is one wake-up: wait for this much quiet, but not for ever.
_QUIET = 0.05
_LONGEST_BURST = 0.5


# What changes something. A file that is merely opened, as for every download, must wake nobody: it
# halved the downloads a second.
_CHANGES: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirModifiedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]


class Watcher:
    """Collects the directories in which something happened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._condition = threading.Condition()
        self._directories: set[str] = set()
        self._last_event = 0.0
        self._woken = False
        self._observer: BaseObserver | None = None

    @property
    def active(self) -> bool:
        """Whether the platform delivers events at all; otherwise somebody must poll."""
        return self._observer is not None

    def start(self) -> None:
        """Begin to listen; without events on this system, :attr:`active` stays False."""
        observer = Observer()
        try:
            observer.schedule(_Handler(self), str(self._folder), recursive=True, event_filter=_CHANGES)
            observer.start()
        except OSError as error:
            # Too few inotify watches or instances, or a file system without events.
            logger.warning("No folder events for %s (%s); looking regularly instead", self._folder, error)
            return
        self._observer = observer

    def stop(self) -> None:
        """End listening; idempotent."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(5)

    def wake(self, directory: str | None = None) -> None:
        """Ask for a look at one directory below the folder ("" is the top), or (None) at nothing new."""
        with self._condition:
            if directory is not None:
                self._directories.add(directory)
                self._last_event = time.monotonic()
            self._woken = True
            self._condition.notify_all()

    def wait(self, timeout: float) -> frozenset[str]:
        """Sleep until something may have happened; return the directories in which."""
        with self._condition:
            if not self._woken:
                self._condition.wait(timeout)
            self._woken = False
            first = time.monotonic()
            while self._directories:
                now = time.monotonic()
                quiet_at = min(self._last_event + _QUIET, first + _LONGEST_BURST)
                if now >= quiet_at:
                    break
                self._condition.wait(quiet_at - now)
            self._woken = False
            directories, self._directories = frozenset(self._directories), set()
        return directories


class _Handler(FileSystemEventHandler):
    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def on_any_event(self, event: FileSystemEvent) -> None:
        for text in {event.src_path, event.dest_path} - {""}:
            path = Path(text.decode() if isinstance(text, bytes) else text)
            folder = self._watcher._folder  # noqa: SLF001  # one idea in two classes
            try:
                relative = path.relative_to(folder)
            except ValueError:
                continue
            if relative.parts and relative.parts[0] == ".cheeseboard":
                continue
            if event.is_directory or len(relative.parts) < 2:
                # A directory came, went or moved: its parent's whole content may differ.
                self._watcher.wake("")
            if len(relative.parts) > 1:
                self._watcher.wake(relative.parts[0])
