"""Keys and tokens on disk: written whole or not at all, for this user only, never through a symlink."""

import contextlib
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from cheeseboard.errors import CheeseboardError

# What is raised, made from a sentence and the path: each room has its own kind of error.
Failure = Callable[[str, Path], CheeseboardError]

_POSIX = os.name == "posix"
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_LARGEST = 1 << 20


def private_directory(directory: Path, failure: Failure) -> None:
    """Make the directory, 0700; one that exists is closed to others.

    Raises:
        CheeseboardError: As made by ``failure``: it cannot be made, belongs to somebody else, or others
            could have written in it.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise failure(f"{directory} should be a private directory, but is not.", directory)
        if _POSIX:
            _check_owner(status, directory, failure)
            if status.st_mode & 0o022:
                raise failure(
                    f"Other users can write in {directory}, so what is in it can't be trusted. "
                    "Make it private (chmod 700) after checking its files, or remove it.",
                    directory,
                )
            if status.st_mode & 0o077:
                directory.chmod(0o700)
    except OSError as error:
        raise failure(f"Can't use {directory}: {_cause(error)}.", directory) from error


def read_private(path: Path, failure: Failure, *, secret: bool) -> bytes | None:
    """Return a file's bytes, or None when there is none.

    Args:
        path: The file.
        failure: Makes the error.
        secret: Whether nobody else may be able to read it.

    Raises:
        CheeseboardError: As made by ``failure``: it is a symlink or no file, too open, somebody else's,
            or unreadable.
    """
    try:
        # Not to hang on a FIFO that somebody put there.
        descriptor = os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failure(f"Can't read {path}: {_cause(error)}.", path) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            raise failure(f"{path} is not a key, certificate or token file.", path)
        if _POSIX:
            _check_owner(status, path, failure)
            forbidden = 0o077 if secret else 0o022
            if status.st_mode & forbidden:
                what = "read" if secret else "change"
                raise failure(
                    f"Other users can {what} {path} (mode {stat.S_IMODE(status.st_mode):04o}). "
                    "If nobody else did, make it private again (chmod 600).",
                    path,
                )
        try:
            return file.read()
        except OSError as error:
            raise failure(f"Can't read {path}: {_cause(error)}.", path) from error


def write_private(path: Path, content: bytes, failure: Failure) -> None:
    """Put a file in place, 0600, durably: after a crash it is whole, or not there.

    Raises:
        CheeseboardError: As made by ``failure``: it could not be written; nothing is left behind.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        # O_EXCL and O_NOFOLLOW: nobody's file or link is written through; the mode holds from the first byte.
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            if _POSIX:
                os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise failure(f"Can't write {path}: {_cause(error)}.", path) from error


def _sync_directory(directory: Path) -> None:
    if not _POSIX:
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_owner(status: os.stat_result, path: Path, failure: Failure) -> None:
    if os.name == "posix" and status.st_uid not in {os.geteuid(), 0} and os.geteuid() != 0:
        raise failure(f"{path} belongs to another user, so it is not used.", path)


def _cause(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
