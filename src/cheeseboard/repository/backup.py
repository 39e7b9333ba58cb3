"""A whole repository as one file, and back: a tar of the files and the catalog, plain or zstandard.

The catalog is copied first, by SQLite's own backup, at one moment; the files follow. Files are never
overwritten, so whatever others add or remove meanwhile, each file of that moment is in its place or in the
trash. :mod:`restoring` brings it back.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import zstandard
from filelock import FileLock, Timeout

from cheeseboard.errors import BackupError, Sentence
from cheeseboard.events import Progress
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.store import move_without_replacing, sync_directory

FORMAT = 1
ABOUT = "cheeseboard-backup.json"
END = "cheeseboard-backup-end.json"
CATALOG = "catalog.sqlite3"
FILES = "files"
SECRETS = "authority"
COMPRESSED_SUFFIX = ".zst"


@dataclass(frozen=True, slots=True)
class Written:
    """What a backup came to.

    Attributes:
        path: The backup.
        files: How many files of the repository are in it.
        size: Its bytes.
        left_out: (filename, why) of files that could not be put in as they were recorded.
    """

    path: Path
    files: int
    size: int
    left_out: tuple[tuple[str, str], ...] = ()


class Cancelled(Exception):  # control flow inside the room, never shown
    """The caller no longer wants it; nothing of it is left."""


def write_backup(
    destination: Path,
    layout: Layout,
    *,
    settings: Mapping[str, Any],
    secret_files: Mapping[str, bytes],
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write everything of a repository into one file, 0600, whole or not at all.

    Args:
        destination: A path that does not exist; ``.zst`` at its end compresses.
        layout: Of the folder.
        settings: What is set for the repository; written as JSON.
        secret_files: Of the authority, when its owner asked for them.
        progress: Told after every file.
        cancelled: Asked often.

    Raises:
        BackupError: There is something at ``destination``, or it cannot be written.
        Cancelled: ``cancelled`` said so.
    """
    if os.path.lexists(destination):
        raise BackupError(
            Sentence(
                "{destination} exists already, and a backup overwrites nothing.", destination=destination
            ),
            destination,
        )
    with explained(destination), alone(destination) as work:
        temporary, copy = work / "backup", work / CATALOG
        _copy_catalog(layout.catalog, copy)
        files = tuple(_recorded_files(copy))
        about = {
            "format": FORMAT,
            "files": len(files),
            "size": sum(file.size for file in files),
            "settings": settings,
        }
        with _create(temporary, compressed=destination.name.endswith(COMPRESSED_SUFFIX)) as stream:
            left_out = _write_all(stream, about, files, layout, copy, secret_files, progress, cancelled)
        try:
            move_without_replacing(temporary, destination)
        except FileExistsError:
            raise BackupError(
                Sentence("{destination} appeared meanwhile; it was left alone.", destination=destination),
                destination,
            ) from None
        sync_directory(destination.parent)
        return Written(destination, len(files) - len(left_out), destination.stat().st_size, left_out)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[Path]:
    """Hold a working directory beside ``path``, 0700; what a killed process left of it is cleared.

    Raises:
        BackupError: Another process works on the same path, or its folder is missing.
    """
    if not path.parent.is_dir():  # the lock would make it
        raise BackupError(Sentence("There is no folder {parent}.", parent=path.parent), path)
    work = path.with_name(f".{path.name}.under-way")
    lock = FileLock(path.with_name(f".{path.name}.under-way.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BackupError(Sentence("Another process is at work on {path}.", path=path), path) from None
    try:
        if work.is_symlink() or work.exists():
            _clear(work)
        work.mkdir(mode=0o700)
        yield work
    finally:
        with contextlib.suppress(OSError):
            _clear(work)
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def _clear(work: Path) -> None:
    if work.is_symlink():
        work.unlink()
    elif work.exists():
        shutil.rmtree(work)


@dataclass(frozen=True, slots=True)
class _Recorded:
    filename: str
    project: str
    size: int
    sha256: str


def _copy_catalog(source: Path, copy: Path) -> None:
    """Copy a catalog in use, as it is at one moment; what would mean nothing elsewhere stays behind."""
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        contextlib.closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as reading,
        contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode = DELETE")
        writing.execute("DELETE FROM foreign_files")
        writing.execute("DELETE FROM trash")
        writing.execute("VACUUM")


def _recorded_files(catalog: Path) -> Iterator[_Recorded]:
    with contextlib.closing(sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT filename, project, size, sha256 FROM files WHERE present ORDER BY project, filename"
        )
        for filename, project, size, sha256 in rows:
            yield _Recorded(filename, project, size, sha256.hex())


@contextlib.contextmanager
def _create(path: Path, *, compressed: bool) -> Iterator[BinaryIO]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        if compressed:
            with zstandard.ZstdCompressor(level=3, threads=2).stream_writer(file, closefd=False) as packing:
                yield cast("BinaryIO", packing)
        else:
            yield file
        file.flush()
        os.fsync(file.fileno())


def _write_all(
    stream: BinaryIO,
    about: Mapping[str, Any],
    files: Sequence[_Recorded],
    layout: Layout,
    catalog: Path,
    secret_files: Mapping[str, bytes],
    progress: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool] | None,
) -> tuple[tuple[str, str], ...]:
    left_out: list[tuple[str, str]] = []
    size, total = 0, sum(file.size for file in files)
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _put_bytes(archive, ABOUT, json.dumps(about, indent=1).encode())
        for name, content in secret_files.items():
            _put_bytes(archive, f"{SECRETS}/{name}", content)
        with catalog.open("rb") as reading:
            _put(archive, CATALOG, reading)
        for number, file in enumerate(files, 1):
            if cancelled is not None and cancelled():
                raise Cancelled
            why = _put_recorded(archive, file, layout)
            if why:
                left_out.append((file.filename, why))
            size += file.size
            if progress is not None:
                progress(Progress(number, len(files), size, total, Path(file.filename)))
        # A tar that is cut between two members looks whole; one without this member is not.
        _put_bytes(archive, END, json.dumps({"left_out": [list(each) for each in left_out]}).encode())
    return tuple(left_out)


def _put_recorded(archive: tarfile.TarFile, file: _Recorded, layout: Layout) -> str:
    """Put one file in; return why it could not be."""
    for path in _whereabouts(file, layout):
        try:
            with path.open("rb") as reading:
                if hashlib.file_digest(reading, "sha256").hexdigest() != file.sha256:
                    return "its bytes changed"
                reading.seek(0)
                _put(archive, f"{FILES}/{file.project}/{file.filename}", reading)
        except FileNotFoundError:
            continue
        except OSError as error:
            return (error.strerror or str(error)).lower()
        return ""
    return "it is missing"


def _whereabouts(file: _Recorded, layout: Layout) -> Iterator[Path]:
    """Yield where a file of that moment may be: in its place, or in the trash since."""
    place = layout.place(file.project, file.filename)
    if not place.is_symlink():
        yield place
    yield from layout.trash.glob(f"*-{file.sha256[:12]}-*")


def _put(archive: tarfile.TarFile, name: str, reading: IO[bytes]) -> None:
    found = os.fstat(reading.fileno())
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = found.st_size, found.st_mtime_ns // 1_000_000_000, 0o644
    # Nanoseconds, so that what a web server says of a file's age is the same after coming back.
    member.pax_headers = {"mtime": f"{found.st_mtime_ns / 1e9:.6f}"}
    archive.addfile(member, reading)


def _put_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what disk, tar, zstandard and SQLite say into our error."""
    try:
        yield
    except (tarfile.TarError, zstandard.ZstdError, EOFError) as error:
        raise BackupError(
            Sentence("{path} is damaged, cut short, or no backup: {cause}.", path=path, cause=error), path
        ) from error
    except sqlite3.Error as error:
        raise BackupError(Sentence("The catalog can't be backed up: {cause}.", cause=error), path) from error
    except OSError as error:
        raise BackupError(
            Sentence("Can't use {path}: {cause}.", path=path, cause=error.strerror or error), path
        ) from error
