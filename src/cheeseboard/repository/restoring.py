"""A backup comes back: laid out, held against its catalog, and only then put where the folder belongs.

What comes back is a stranger's archive. No name in it becomes a path before it was matched, its catalog must
be made just as ours are, and what that says of a file is kept only where the file, judged anew, confirms it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, cast

import zstandard
from packaging.utils import canonicalize_name

from cheeseboard.distributions.attestations import InvalidAttestations, check_attestations
from cheeseboard.distributions.distribution import Distribution
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.distributions.judge import judge
from cheeseboard.errors import BackupError, DistributionError
from cheeseboard.events import EventBus, Progress
from cheeseboard.repository.backup import (
    ABOUT,
    CATALOG,
    END,
    FILES,
    FORMAT,
    SECRETS,
    Cancelled,
    alone,
    explained,
)
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.scan import ForeignFile
from cheeseboard.repository.store import stamp_of, sync_directory

_ABOUT_LIMIT = 16 * 1024 * 1024
_SECRET_LIMIT = 1024 * 1024
_METADATA_LIMIT = 16 * 1024 * 1024
_SECRET_NAMES = frozenset({"authority.pem", "authority.key"})
_ATTESTATIONS_LIMIT = 16 * 1024 * 1024
_CATALOG_LIMIT = 4 * 1024 * 1024 * 1024
_STEP = 1024 * 1024
# The largest that is read as a whole is what the backup says of itself.
_MOST_AT_ONCE = _ABOUT_LIMIT
# What a column is declared as, and how SQLite keeps it then.
_STORED_AS = {"INTEGER": "integer", "TEXT": "text", "BLOB": "blob"}
# From the year 1 to the year 9999: no date is outside.
_FIRST_TIME_US, _LAST_TIME_US = -62_135_596_800_000_000, 253_402_300_799_999_999
_LARGEST_SERIAL = 1 << 53
# A damaged file that was written seconds before its backup may seem to be still on its way.
_LONGEST_LOOK_SECONDS = 5.0
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


# Told the folder, which is in no place yet, and the settings.
Furnish = Callable[[Path, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back.

    Attributes:
        folder: Where it is now.
        files: How many files are in the index again.
        missing: Names that the catalog lists and the backup does not hold as they were.
        refused: Files that were laid in their places and are not offered, and why.
        settings: What was set for the repository.
        secrets: Files of the authority, by name; empty unless asked for.
    """

    folder: Path
    files: int
    missing: tuple[str, ...]
    refused: tuple[ForeignFile, ...]
    settings: Mapping[str, Any]
    secrets: Mapping[str, bytes]


def restore_backup(
    source: Path,
    folder: Path,
    *,
    with_secrets: bool = False,
    furnish: Furnish | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Restored:
    """Bring a repository back into a folder that is missing or empty: whole, or not at all.

    Args:
        source: The backup.
        folder: Where it shall be.
        with_secrets: Whether to hand over the authority that may be in it.
        furnish: Puts in what others keep there, by the backup's settings, before anybody can see it.
        progress: Told after every file that was laid out.
        cancelled: Asked often.

    Raises:
        BackupError: The folder is not empty, or the backup is damaged or none.
        RepositoryError: The folder's disk failed.
        Cancelled: ``cancelled`` said so.
    """
    with explained(folder):
        if os.path.lexists(folder) and not _is_empty(folder):
            raise BackupError(
                f"{folder} is not empty, and a restored repository replaces nothing. Name another folder.",
                folder,
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
    with explained(folder), alone(folder) as beside:
        work = beside / "repository"
        work.mkdir()
        unpacked = unpack_backup(
            source, work, with_secrets=with_secrets, progress=progress, cancelled=cancelled
        )
        layout = Layout(work)
        with explained(source):
            layout.private.mkdir(mode=0o700)
            unpacked.catalog.rename(layout.catalog)
            _check_catalog(source, layout)
            missing = _confirm(layout, cancelled)
        files, refused = _open_once(source, work)
        if furnish is not None:
            furnish(work, unpacked.settings)
        if os.path.lexists(folder):
            folder.rmdir()
        work.rename(folder)
        sync_directory(folder.parent)
    placed = tuple(ForeignFile(folder / file.path.relative_to(work), file.refusal) for file in refused)
    return Restored(folder, files, missing, placed, unpacked.settings, unpacked.secrets)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def _check_catalog(source: Path, layout: Layout) -> None:
    """Make sure that a stranger's database is made just as ours are, and brings no code along.

    Raises:
        BackupError: It is not.
    """
    with contextlib.closing(sqlite3.connect(layout.catalog)) as connection:
        kinds = {kind for (kind,) in connection.execute("SELECT type FROM sqlite_master")}
        sound = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    if not sound or not kinds <= {"table", "index"}:
        raise BackupError(f"The catalog in {source} is damaged. Nothing was restored.", source)
    Catalog(layout.catalog, layout.folder).close()  # brings an older one up to date
    with tempfile.TemporaryDirectory(dir=layout.private) as fresh:
        ours = Path(fresh, CATALOG)
        Catalog(ours, layout.folder).close()
        if _shape(ours) != _shape(layout.catalog):
            raise BackupError(
                f"The catalog in {source} is none of Cheeseboard's. Nothing was restored.", source
            )
    with contextlib.closing(sqlite3.connect(layout.catalog)) as connection, connection:
        wrong = _find_wrong_value(connection)
        # A backup of ours has none: they mean nothing elsewhere, and name paths.
        connection.execute("DELETE FROM foreign_files")
        connection.execute("DELETE FROM trash")
    if wrong:
        raise BackupError(
            f"The catalog in {source} holds what none of ours does: {wrong}. Nothing was restored.", source
        )


def _find_wrong_value(connection: sqlite3.Connection) -> str:
    """Return the first column with a value that ours never has; "" when all is well.

    SQLite keeps any value in any column, and each later look would stumble over it.
    """
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables.remove("sqlite_sequence")  # its columns are of no type
    for table in tables:
        for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
            bad = f"typeof({column}) NOT IN ('{_STORED_AS.get(kind, '')}', 'null')"
            if column.endswith("_us"):
                bad += f" OR {column} NOT BETWEEN {_FIRST_TIME_US} AND {_LAST_TIME_US}"
            if column in {"serial", "changed"}:
                bad += f" OR {column} NOT BETWEEN 0 AND {_LARGEST_SERIAL}"
            query = f"SELECT 1 FROM {table} WHERE {bad} LIMIT 1"  # noqa: S608  # names of the schema
            if connection.execute(query).fetchone():
                return f"{table}.{column}"
    return ""


def _shape(catalog: Path) -> set[tuple[str, str, str | None]]:
    with contextlib.closing(sqlite3.connect(catalog)) as connection:
        return set(connection.execute("SELECT type, name, sql FROM sqlite_master"))


def _confirm(layout: Layout, cancelled: Callable[[], bool] | None) -> tuple[str, ...]:
    """Keep what the catalog says of each file that confirms it; return the names of those missing.

    A file that says otherwise is new to the catalog: the scan takes it in, or tells why not.
    """
    missing: list[str] = []
    with contextlib.closing(sqlite3.connect(layout.catalog)) as connection, connection:
        _drop_false_metadata(connection)
        _drop_false_attestations(connection)
        rows = connection.execute(
            "SELECT filename, project, version, size, sha256, metadata_sha256 FROM files WHERE present"
        ).fetchall()

        def confirm(row: tuple[Any, ...]) -> Distribution | None:
            if cancelled is not None and cancelled():
                raise Cancelled
            return _confirmed(layout, row)

        with ThreadPoolExecutor(2, thread_name_prefix="restore") as pool:
            for row, distribution in zip(rows, pool.map(confirm, rows), strict=True):
                if distribution is None:
                    connection.execute("UPDATE files SET present = 0 WHERE filename = ?", (row[0],))
                    if not (_is_place(row[1], row[0]) and layout.place(row[1], row[0]).exists()):
                        missing.append(ascii(row[0])[1:-1])
                    continue
                stamp = stamp_of(layout.place(row[1], row[0]))
                connection.execute(
                    "UPDATE files SET display_name = ?, kind = ?, summary = ?, requires_python = ?, "
                    "warnings = ?, mtime_ns = ?, inode = ? WHERE filename = ?",
                    (
                        distribution.display_name,
                        distribution.kind.value,
                        distribution.summary,
                        distribution.requires_python,
                        " ".join(distribution.warnings),
                        stamp.mtime_ns,
                        stamp.inode,
                        row[0],
                    ),
                )
    return tuple(missing)


def _drop_false_metadata(connection: sqlite3.Connection) -> None:
    for sha256, content in connection.execute("SELECT sha256, content FROM core_metadata").fetchall():
        try:
            inflated = zlib.decompressobj().decompress(content, _METADATA_LIMIT)
        except (zlib.error, TypeError):
            inflated = b""
        if hashlib.sha256(inflated).digest() != sha256:
            connection.execute("DELETE FROM core_metadata WHERE sha256 = ?", (sha256,))
            connection.execute("UPDATE files SET metadata_sha256 = x'' WHERE metadata_sha256 = ?", (sha256,))


def _drop_false_attestations(connection: sqlite3.Connection) -> None:
    """Drop attestations that no upload would have been allowed to bring."""
    rows = connection.execute(
        "SELECT filename, files.sha256, attestations_sha256, content FROM files "
        "LEFT JOIN attestations a ON attestations_sha256 = a.sha256 WHERE attestations_sha256 IS NOT NULL"
    ).fetchall()
    for filename, sha256, attested, content in rows:
        try:
            inflated = zlib.decompressobj().decompress(content or b"", _ATTESTATIONS_LIMIT)
            check_attestations(inflated.decode(), filename=filename, sha256=sha256.hex())
            sound = hashlib.sha256(inflated).digest() == attested
        except (zlib.error, UnicodeDecodeError, InvalidAttestations):
            sound = False
        if not sound:
            connection.execute("UPDATE files SET attestations_sha256 = NULL WHERE filename = ?", (filename,))
    connection.execute(
        "DELETE FROM attestations WHERE sha256 NOT IN "
        "(SELECT attestations_sha256 FROM files WHERE attestations_sha256 IS NOT NULL)"
    )


def _confirmed(layout: Layout, row: tuple[Any, ...]) -> Distribution | None:
    filename, project, version, size, sha256, metadata_sha256 = row
    if not (isinstance(filename, str) and isinstance(project, str) and _is_place(project, filename)):
        return None
    path = layout.place(project, filename)
    verdict = judge(path) if path.exists() else None
    if not isinstance(verdict, Distribution):
        return None
    said = (project, version, size, sha256, metadata_sha256)
    true = (
        verdict.project,
        verdict.version,
        verdict.size,
        bytes.fromhex(verdict.sha256),
        bytes.fromhex(verdict.metadata_sha256),
    )
    return verdict if said == true else None


def _open_once(source: Path, folder: Path) -> tuple[int, tuple[ForeignFile, ...]]:
    """Open what was laid out as it will be opened; return how many files it offers, and what it refuses."""
    try:
        repository = Repository(folder, EventBus())
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BackupError(
            f"The catalog in {source} holds what none of ours does: {error}.", source
        ) from error
    try:
        deadline = time.monotonic() + _LONGEST_LOOK_SECONDS
        while (again := repository.scan()) is not None and time.monotonic() + again < deadline:
            time.sleep(again)
        return _look_at_all(repository), repository.foreign_files
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BackupError(
            f"The catalog in {source} holds what none of ours does: {error}.", source
        ) from error
    finally:
        repository.close()


def _look_at_all(repository: Repository) -> int:
    """Make every value that is made only when somebody asks for it; return how many files there are."""
    repository.activity()
    return sum(len(project.files) for project in repository.snapshot.projects.values())


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive laid out in a directory, each name matched, nothing judged yet.

    Attributes:
        catalog: The catalog's copy: a stranger's, to be read with care.
        settings: What was set for the repository.
        secrets: Files of the authority, by name; empty unless asked for.
        files: How many files were laid in their places.
    """

    catalog: Path
    settings: Mapping[str, Any]
    files: int
    secrets: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


def unpack_backup(
    source: Path,
    directory: Path,
    *,
    with_secrets: bool,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Unpacked:
    """Lay a backup out: files in their places below ``directory``, the catalog beside them.

    Args:
        source: The backup.
        directory: Exists and is empty; the caller clears it when this raises.
        with_secrets: Whether to hand over the authority that may be in it.
        progress: Told after every file.
        cancelled: Asked often.

    Raises:
        BackupError: It is no backup, is damaged, or holds what a backup never holds.
        Cancelled: ``cancelled`` said so.
    """
    with explained(source), _open_archive(source) as archive:
        about = _read_about(source, archive)
        if about["size"] > (free := shutil.disk_usage(directory).free):
            raise BackupError(
                f"{source} holds {about['size']:,} bytes, but only {free:,} are free there.", source
            )
        reading = _Reading(source, directory, with_secrets, about["files"], about["size"])
        while (member := archive.next()) is not None:
            if cancelled is not None and cancelled():
                raise Cancelled
            reading.take(archive, member)
            if progress is not None and member.name.startswith(FILES):
                progress(Progress(reading.files, about["files"], reading.size, about["size"]))
    if not (reading.ended and reading.catalog.exists()):
        raise BackupError(f"{source} is cut short: the end of the backup is missing.", source)
    return Unpacked(reading.catalog, about["settings"], reading.files, reading.secrets)


@contextlib.contextmanager
def _open_archive(source: Path) -> Iterator[tarfile.TarFile]:
    with source.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        stream: Any = file
        if magic == _ZSTANDARD:
            stream = zstandard.ZstdDecompressor().stream_reader(file, closefd=False)
        try:
            with tarfile.open(fileobj=cast("IO[bytes]", _Forward(stream)), mode="r:") as archive:
                yield archive
        except (ValueError, OverflowError, RecursionError) as error:  # what tarfile makes of hostile headers
            raise BackupError(f"{source} is damaged, or no backup.", source) from error


class _Forward:
    """A stream as tarfile reads it, but never much at once: a header may say that it has gigabytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int) -> bytes:
        """Return so many bytes; fewer at the end alone."""
        if not 0 <= size <= _MOST_AT_ONCE:
            raise tarfile.ReadError("one of its headers is too large")
        pieces = []
        while size and (piece := self._stream.read(size)):
            pieces.append(piece)
            size -= len(piece)
            self._at += len(piece)
        return b"".join(pieces)

    def seek(self, position: int) -> None:
        """Pass over what is before a position."""
        if position < self._at:
            raise tarfile.ReadError("it leads backwards")
        while self._at < position and self.read(min(_STEP, position - self._at)):
            pass

    def tell(self) -> int:
        """Return the position."""
        return self._at


def _read_about(source: Path, archive: tarfile.TarFile) -> dict[str, Any]:
    member = archive.next()
    if member is None or member.name != ABOUT or not member.isreg() or member.size > _ABOUT_LIMIT:
        raise BackupError(f"{source} is no backup of Cheeseboard's.", source)
    content = archive.extractfile(member)
    try:
        about = json.loads(content.read() if content else b"")
        found = about["format"]
        sound = isinstance(about["settings"], dict) and all(
            isinstance(about[key], int) for key in ("format", "files", "size")
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source} is no backup of Cheeseboard's.", source) from error
    if sound and found > FORMAT:
        raise BackupError(f"{source} was written by a newer Cheeseboard. Update Cheeseboard first.", source)
    if not sound:
        raise BackupError(f"{source} is no backup of Cheeseboard's.", source)
    return dict(about)


class _Reading:
    """Takes an archive's members one by one; each must be just what a backup holds."""

    def __init__(self, source: Path, directory: Path, with_secrets: bool, files: int, size: int) -> None:
        self._announced = (files, size)
        self._source = source
        self._layout = Layout(directory)
        self._with_secrets = with_secrets
        self._names: set[str] = set()
        self.catalog = directory / f".{CATALOG}.from-backup"
        self.secrets: dict[str, bytes] = {}
        self.files = 0
        self.size = 0
        self.ended = False

    def take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Lay one member in its place.

        Raises:
            BackupError: No backup has such a member, or has it twice.
        """
        folded = member.name.lower()
        if self.ended or not member.isreg() or folded in self._names or member.size < 0:
            self._refuse(member)
        self._names.add(folded)
        content = archive.extractfile(member)
        assert content is not None  # noqa: S101  # a regular member has content
        parts = member.name.split("/")
        if member.name == END:
            self.ended = True
        elif member.name == CATALOG:
            if member.size > _CATALOG_LIMIT:
                self._refuse(member)
            self._write(content, self.catalog, member)
        elif len(parts) == 2 and parts[0] == SECRETS and parts[1] in _SECRET_NAMES:
            if member.size > _SECRET_LIMIT:
                self._refuse(member)
            if self._with_secrets:
                self.secrets[parts[1]] = content.read()
        elif len(parts) == 3 and parts[0] == FILES and _is_place(parts[1], parts[2]):
            files, size = self._announced
            if self.files >= files or self.size + member.size > size:
                raise BackupError(
                    f"{self._source} holds more than it says. Nothing was restored.", self._source
                )
            place = self._layout.place(parts[1], parts[2])
            place.parent.mkdir(exist_ok=True)
            self._write(content, place, member)
            self.files += 1
            self.size += member.size
        else:
            self._refuse(member)

    def _write(self, content: IO[bytes], path: Path, member: tarfile.TarInfo) -> None:
        with path.open("xb") as writing:
            shutil.copyfileobj(content, writing, _STEP)
            writing.flush()
            os.fsync(writing.fileno())
            if writing.tell() != member.size:
                raise BackupError(f"{self._source} is cut short.", self._source)
        os.utime(path, ns=(int(member.mtime * 1_000_000) * 1000,) * 2)

    def _refuse(self, member: tarfile.TarInfo) -> None:
        shown = ascii(member.name)
        raise BackupError(
            f"{self._source} holds {shown}, which no backup of Cheeseboard's does. Nothing was restored.",
            self._source,
        )


def _is_place(project: str, filename: str) -> bool:
    """Tell whether these two name a file's place: the file name's own grammar leaves no path in it."""
    try:
        named = {candidate.project for candidate in parse_filename(filename).candidates}
    except DistributionError:
        return False
    return canonicalize_name(project) == project and project in named
