"""Files of the user's and our own, replaced whole: old bytes or new ones, never half of them."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

_POSIX = os.name == "posix"
_BINARY = getattr(os, "O_BINARY", 0)
_LARGEST = 16 << 20


class NotRegular(OSError):
    """What lies at the path is no plain file."""


def read_bytes(path: Path) -> bytes | None:
    """Return a file's bytes, through symlinks; None when there is none.

    Raises:
        OSError: It cannot be read, or is a directory, a FIFO, a device or absurdly large.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        raise NotRegular(0, "it is not a plain file")
    return path.read_bytes()


def replace_bytes(path: Path, content: bytes, *, new_mode: int, private: bool = False) -> tuple[Path, ...]:
    """Put ``content`` at ``path``, atomically and durably; a symlink stays and what it leads to is replaced.

    An existing file keeps its mode and owner.

    Args:
        path: The file.
        content: Its new bytes.
        new_mode: The mode of a file that does not exist yet.
        private: Whether nobody else may read it from now on, whatever its mode was.

    Returns:
        The directories that had to be made, the outermost first.

    Raises:
        OSError: It could not be written, or was made read-only by its owner; nothing is left behind.
    """
    target = path.resolve()
    made = _make_directories(target.parent)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        status = target.stat() if target.exists() else None
        if status is not None and not (status.st_mode & 0o222 and os.access(target, os.W_OK)):
            raise PermissionError(0, "it is read-only")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if _POSIX:
                _take_after(file.fileno(), status, new_mode, ~0o077 if private else ~0)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_directory(target.parent)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        remove_directories(made)
        raise
    return made


def remove_file(path: Path, directories: tuple[Path, ...]) -> None:
    """Remove a file of ours, and those directories that we made for it and that are empty now.

    Raises:
        OSError: The file could not be removed.
    """
    target = path.resolve()
    target.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        _sync_directory(target.parent)
    remove_directories(directories)


def remove_directories(directories: tuple[Path, ...]) -> None:
    """Remove directories, the innermost first, stopping at the first that holds something."""
    with contextlib.suppress(OSError):
        for directory in reversed(directories):
            directory.rmdir()


def _make_directories(directory: Path) -> tuple[Path, ...]:
    missing = []
    while not directory.exists():
        missing.append(directory)
        directory = directory.parent
    for path in reversed(missing):
        path.mkdir(mode=0o755, exist_ok=True)
    return tuple(reversed(missing))


def _take_after(descriptor: int, status: os.stat_result | None, new_mode: int, allowed: int) -> None:
    if os.name != "posix":
        return
    if status is None:
        os.fchmod(descriptor, new_mode & allowed)
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        with contextlib.suppress(PermissionError):  # only root may give files away
            os.fchown(descriptor, status.st_uid, status.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode) & allowed)


def _sync_directory(directory: Path) -> None:
    if not _POSIX:
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
