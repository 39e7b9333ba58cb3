"""Files on disk: staged whole, placed without replacing anything, moved to the trash and back.

Order and durability are those of DESIGN rule 6: a file's bytes are on disk before its name is, and
its name before the catalog knows it.
"""

import contextlib
import errno
import io
import logging
import os
import stat
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from cheeseboard.errors import (
    FolderMissing,
    FolderReadOnly,
    RefusalReason,
    Sentence,
    StorageFailed,
    StorageFull,
    UnreadableArchive,
)
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.records import Stamp, TrashRow

logger = logging.getLogger(__name__)

_COPY_STEP = 1024 * 1024
_LOCK_NAME = "owner.lock"
_CLEARING_SECONDS = 30.0


class CopyCancelled(Exception):  # control flow inside the room, never shown
    """The caller no longer wants the copy; nothing of it is left."""


class Store:
    """The disk's side of one repository, for one process.

    Each process stages in a directory of its own and holds a lock on it; a directory whose lock is
    free belongs to a process that died, and is cleared.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._own = layout.staging / f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        with explained(layout.folder):
            for directory in (layout.private, layout.staging, *([] if layout.aside else [layout.trash])):
                directory.mkdir(mode=0o700, exist_ok=True)
            self._lock = FileLock(self._own / _LOCK_NAME)
            # Held while the dead are cleared away, lest a directory is taken for one before its lock is.
            with FileLock(layout.private / "staging.lock", timeout=_CLEARING_SECONDS):
                self._clear_dead()
                self._own.mkdir(mode=0o700)
                self._lock.acquire(timeout=0)

    def close(self) -> None:
        """Give the staging directory up; idempotent."""
        self._lock.release()
        _clear_directory(self._own)

    # --- staging -----------------------------------------------------------------------------------

    def staging_path(self) -> Path:
        """Return a fresh path for a file to be written; its final name does not matter there."""
        return self._own / uuid.uuid4().hex

    def stage_copy(
        self, source: Path, *, cancelled: Callable[[], bool] | None = None, copied: Callable[[int], None]
    ) -> Path:
        """Copy a file into staging; its bytes are on disk afterwards, the source was only read.

        Args:
            source: A regular file, or a symlink to one.
            cancelled: Asked between pieces.
            copied: Told the bytes of each piece.

        Raises:
            UnreadableArchive: The source cannot be read, or changed while it was.
            CopyCancelled: ``cancelled`` said so.
            RepositoryError: The folder's disk failed.
        """
        staged = self.staging_path()
        try:
            self._copy(source, staged, cancelled, copied)
        except BaseException:
            discard(staged)
            raise
        return staged

    def _copy(
        self,
        source: Path,
        staged: Path,
        cancelled: Callable[[], bool] | None,
        copied: Callable[[int], None],
    ) -> None:
        try:
            descriptor = os.open(
                source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            )
        except OSError as error:
            raise UnreadableArchive(RefusalReason.UNREADABLE, error.strerror or "") from error
        with open(descriptor, "rb", buffering=0) as reading:  # noqa: PTH123  # a descriptor, not a path
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                raise UnreadableArchive(RefusalReason.NOT_A_FILE)
            with explained(self._layout.folder), staged.open("xb", buffering=0) as writing:
                while piece := _read(reading.fileno()):
                    if cancelled is not None and cancelled():
                        raise CopyCancelled
                    write_all(writing, piece)
                    copied(len(piece))
                os.fsync(writing.fileno())
            after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise UnreadableArchive(RefusalReason.CHANGED_WHILE_READING)

    # --- placing -----------------------------------------------------------------------------------

    def place(self, staged: Path, project: str, filename: str) -> Stamp:
        """Give a staged (or misplaced) file its place, without replacing anything.

        The caller makes the name durable (:meth:`make_durable`, once for many files) before it records it.

        Raises:
            FileExistsError: Something is there already.
            RepositoryError: The folder's disk failed.
        """
        destination = self._layout.place(project, filename)
        if destination.parent.is_symlink():
            raise FileExistsError(destination.parent)
        with self._changing():
            staged.chmod(0o644)
            try:
                self._move_into(staged, destination)
            except OSError:
                self.remove_if_empty(destination.parent)
                raise
            return stamp_of(destination)

    def _move_into(self, staged: Path, destination: Path) -> None:
        for attempt in range(3):
            if not destination.parent.is_dir():
                destination.parent.mkdir(mode=0o755, exist_ok=True)
            try:
                move_without_replacing(staged, destination)
            except FileNotFoundError:
                # Another process removed the project's directory, which was empty just then.
                if attempt == 2 or not staged.exists():
                    raise
            else:
                return

    def make_durable(self, directories: Iterable[Path]) -> None:
        """Make the names in some directories of projects durable, and those of the directories themselves.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        with explained(self._layout.folder):
            for directory in (*directories, self._layout.folder):
                sync_directory(directory)

    def unplace(self, path: Path) -> None:
        """Take back a file that :meth:`place` put there and nothing recorded."""
        path.unlink(missing_ok=True)
        self.remove_if_empty(path.parent)

    def remove_if_empty(self, directory: Path) -> None:
        """Remove a project's directory when nothing is left in it."""
        if directory.parent == self._layout.folder and self._layout.aside is None:
            with contextlib.suppress(OSError):  # not empty, or gone: both are fine
                directory.rmdir()

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Change what is in the folder, unless it was found to be read-only."""
        with explained(self._layout.folder):
            if self._layout.aside is not None:
                raise OSError(errno.EROFS, os.strerror(errno.EROFS))
            yield

    # --- the trash ---------------------------------------------------------------------------------

    def trash_path(self, row: TrashRow) -> Path:
        """Return where a removed file lies."""
        # The hash keeps rows of two catalogs apart that number from 1, the cut keeps it a legal name.
        return self._layout.trash / f"{row.id}-{row.sha256[:12]}-{row.filename[-180:]}"

    def to_trash(self, source: Path, row: TrashRow) -> bool:
        """Move a file to the trash; False when somebody else did, or it is gone."""
        with self._changing():
            try:
                move_without_replacing(source, self.trash_path(row))
            except FileNotFoundError:
                return False
            except FileExistsError:
                # The very same bytes lie there, by the name: another process is at it, or was.
                source.unlink(missing_ok=True)
            sync_directory(self._layout.trash)
            sync_directory(source.parent)
        self.remove_if_empty(source.parent)
        return True

    def delete_trashed(self, row: TrashRow) -> None:
        """Delete a removed file for good."""
        with self._changing():
            self.trash_path(row).unlink(missing_ok=True)

    # --- after a crash -----------------------------------------------------------------------------

    def _clear_dead(self) -> None:
        for directory in self._layout.staging.iterdir():
            if not directory.is_dir():
                directory.unlink(missing_ok=True)
                continue
            lock = FileLock(directory / _LOCK_NAME)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            lock.release()
            _clear_directory(directory)


def _clear_directory(directory: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        for path in directory.iterdir():
            path.unlink(missing_ok=True)
        directory.rmdir()


def discard(path: Path) -> None:
    """Delete a file of ours that nobody needs; one that cannot be deleted now is cleared at a later start."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("Can't delete %s yet: %s", path, error)


def write_all(file: io.FileIO, content: bytes) -> None:
    """Write all of ``content`` to an unbuffered file."""
    # An unbuffered write may take just a part, for one when the disk fills up in the middle.
    written = file.write(content)
    while written < len(content):
        written += file.write(content[written:])


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _COPY_STEP)
    except OSError as error:
        raise UnreadableArchive(RefusalReason.UNREADABLE, error.strerror or "") from error


def stamp_of(path: Path) -> Stamp:
    """Return what stat says of the file itself, links not followed."""
    found = path.lstat()
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def move_without_replacing(source: Path, destination: Path) -> None:
    """Rename, never over something that exists.

    Raises:
        FileExistsError: ``destination`` exists.
    """
    if os.name == "nt":
        source.rename(destination)  # Windows' rename never replaces
        return
    try:
        os.link(source, destination, follow_symlinks=False)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS}:
            raise
        # No hard links here (exFAT, some shares): an exclusive create reserves the name, and only
        # our own empty file is ever replaced.
        os.close(os.open(destination, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        source.replace(destination)
        return
    source.unlink()


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable; does nothing where the platform has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the disk under ``folder`` says into our errors.

    Raises:
        FileExistsError, FileNotFoundError: Passed on; they are facts, not failures.
        StorageFull, FolderReadOnly, FolderUnavailable, StorageFailed: All else.
    """
    try:
        yield
    except FileExistsError:
        raise
    except FileNotFoundError as error:
        if not folder.is_dir():
            raise FolderMissing(folder) from error
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(
                f"Can't write to the managed folder {folder}: the disk is full.", folder
            ) from error
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            cause = "the disk is read-only" if error.errno == errno.EROFS else "permission denied"
            raise FolderReadOnly(f"Can't write to the managed folder {folder}: {cause}.", folder) from error
        raise StorageFailed(
            Sentence(
                "Can't use the managed folder {folder}: {cause}.",
                folder=folder,
                cause=error.strerror or error,
            ),
            folder,
        ) from error
