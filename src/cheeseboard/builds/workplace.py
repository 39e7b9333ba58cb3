"""Where a build happens: a private directory of its own, gone afterwards, or else at the next start."""

import logging
import os
import shutil
import stat
import uuid
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from cheeseboard.builds.process import kill_left_behind
from cheeseboard.locations import make_private

logger = logging.getLogger(__name__)

_LOCK_NAME = "owner.lock"
_CLEARING_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Workplace:
    """The directories of one build.

    Attributes:
        directory: All of it, 0700.
    """

    directory: Path

    @property
    def source(self) -> Path:
        """The copy of the source tree."""
        return self.directory / "source"

    @property
    def results(self) -> Path:
        """Where wheel and sdist are put."""
        return self.directory / "results"

    @property
    def temporary(self) -> Path:
        """The build's own place for temporary files: its environment, what its tools make."""
        return self.directory / "tmp"

    @property
    def mark(self) -> str:
        """The environment entry by which processes of this build are known."""
        return f"TMPDIR={self.temporary}"

    def clear(self) -> None:
        """Remove all but the results."""
        for directory in (self.source, self.temporary):
            remove_tree(directory)


class Workplaces:
    """The workplaces of one process, and those that dead processes left behind."""

    def __init__(self, directory: Path) -> None:
        """Make nothing yet."""
        self._directory = directory
        self._own: Path | None = None
        self._lock: FileLock | None = None
        self._made = 0

    def make(self) -> Workplace:
        """Return a new workplace.

        Raises:
            OSError: It cannot be made.
        """
        own = self._own or self._open()
        self._made += 1
        workplace = Workplace(own / str(self._made))
        for directory in (workplace.directory, workplace.results, workplace.temporary):
            directory.mkdir(mode=0o700)
        return workplace

    def _open(self) -> Path:
        make_private(self._directory)
        own = self._directory / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        # Made on the thread that builds, released on the one that closes.
        lock = FileLock(own / _LOCK_NAME, thread_local=False)
        with self._clearing():
            self._clear_dead()
            own.mkdir(mode=0o700)
            lock.acquire(timeout=0)
        self._own, self._lock = own, lock
        return own

    def clear_dead(self) -> None:
        """Clear away what killed processes left, their builds too where they still run; never raises."""
        try:
            if self._directory.is_dir() and any(self._directory.iterdir()):
                with self._clearing():
                    self._clear_dead()
        except (OSError, Timeout) as error:
            logger.warning("Can't clear %s: %s", self._directory, error)

    def _clearing(self) -> FileLock:
        # Held lest a directory is taken for a dead one before its own lock is.
        return FileLock(self._directory / "clearing.lock", timeout=_CLEARING_SECONDS)

    def _clear_dead(self) -> None:
        for directory in self._directory.iterdir():
            if not directory.is_dir() or directory == self._own:
                continue
            lock = FileLock(directory / _LOCK_NAME)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            for place in directory.iterdir():
                kill_left_behind(Workplace(place).mark)
            lock.release()
            remove_tree(directory)

    def close(self) -> None:
        """Remove all workplaces of this process; idempotent."""
        if self._own is not None and self._lock is not None:
            self._lock.release()
            remove_tree(self._own)
            self._own = self._lock = None


def remove_tree(directory: Path) -> None:
    """Remove a directory of ours, read-only parts too; what cannot be removed now waits for a later start."""
    if not directory.exists():
        return
    shutil.rmtree(directory, ignore_errors=True)
    if directory.exists():
        for parent, names, _ in os.walk(directory):
            for name in names:
                _make_writable(Path(parent, name))
        shutil.rmtree(directory, ignore_errors=True)
    if directory.exists():
        logger.warning("%s could not be removed entirely yet", directory)


def _make_writable(path: Path) -> None:
    try:
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode):
            path.chmod(0o700)
    except OSError as error:
        logger.warning("Can't change %s: %s", path, error)
