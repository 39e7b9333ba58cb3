"""What we know of each file, and what its owner decided: one SQLite database in the folder.

The catalog caches what reading a file told, keyed by what ``stat`` says of it, so a restart reads no
file that did not change. It also holds what no file can tell: upload times, yanks, statuses, the
trash, foreign files, activity.

Several processes may hold one catalog. Writers serialize on ``BEGIN IMMEDIATE``. Every change gets
the next serial number and is stamped on the rows it touched, so that a reader asks just for the rows
with a higher number than it knows.
"""

import contextlib
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from sys import intern
from typing import Any

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Distribution, Kind, WarningReason
from cheeseboard.errors import CatalogTooNew, CatalogUnreadable, FolderReadOnly, StorageFailed, StorageFull
from cheeseboard.events import Way
from cheeseboard.repository.records import (
    Activity,
    Changes,
    FileRow,
    ForeignRow,
    ProjectRow,
    Stamp,
    TrashRow,
    storable,
)
from cheeseboard.repository.snapshot import File, ProjectStatus

_FIRST_SCHEMA = """
CREATE TABLE repository (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    serial INTEGER NOT NULL
);
INSERT INTO repository VALUES (1, 0);

-- One row for each file that is or was here. A file that is gone keeps its row, so that the owner's
-- decisions meet it again when it comes back. Names are unique without regard to case: on some file
-- systems two that differ only in it are one.
CREATE TABLE files (
    filename TEXT PRIMARY KEY COLLATE NOCASE,
    project TEXT NOT NULL,
    display_name TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    metadata_sha256 BLOB NOT NULL,
    summary TEXT NOT NULL,
    requires_python TEXT,
    upload_time_us INTEGER NOT NULL,
    yanked TEXT,
    warnings TEXT NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    present INTEGER NOT NULL,
    changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX files_by_change ON files (changed);
CREATE INDEX files_by_project ON files (project);

-- METADATA or PKG-INFO, deflated; the files of one release mostly share it.
CREATE TABLE core_metadata (
    sha256 BLOB PRIMARY KEY,
    content BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE projects (
    name TEXT PRIMARY KEY,
    display_name TEXT,
    status TEXT NOT NULL,
    status_reason TEXT NOT NULL,
    changed INTEGER NOT NULL
) WITHOUT ROWID;

-- What lies in the folder and was not taken in: not looked at again until its stat changes.
CREATE TABLE foreign_files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE trash (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    filename TEXT NOT NULL,
    project TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    size INTEGER NOT NULL,
    upload_time_us INTEGER NOT NULL,
    yanked TEXT,
    removed_us INTEGER NOT NULL
);

CREATE TABLE activity (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_us INTEGER NOT NULL,
    act TEXT NOT NULL,
    filename TEXT NOT NULL,
    project TEXT NOT NULL,
    way TEXT NOT NULL,
    detail TEXT NOT NULL
);
"""

_KINDS = {kind.value: kind for kind in Kind}

_COUNT_DOWNLOADS = """
CREATE TABLE downloads (
    day TEXT NOT NULL,
    filename TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, filename)
) WITHOUT ROWID;
"""

# Step N brings a catalog from version N to N + 1; a new one takes them all.
_MIGRATIONS = (_FIRST_SCHEMA, _COUNT_DOWNLOADS)
SCHEMA_VERSION = len(_MIGRATIONS)

# How many acts are remembered.
_ACTIVITY_KEPT = 10_000

_FILE_COLUMNS = (
    "filename, project, version, kind, size, sha256, metadata_sha256, summary, requires_python, "
    "upload_time_us, yanked, warnings, display_name, present, mtime_ns, inode"
)


class Catalog:
    """The database. Safe to use from any thread of the process."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._lock = threading.RLock()
        self._connection = _connect(path, folder)
        self._reading_lock = threading.Lock()
        try:
            self._reader = _connect(path, folder)
            self._migrate()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the database; idempotent."""
        with self._lock, self._reading_lock:
            self._connection.close()
            self._reader.close()

    def data_version(self) -> int:
        """Return a number that changes when another process (or connection) committed."""
        with self._asking() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    # --- reading ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _explained(self._folder):
            yield self._connection

    def changes_since(self, serial: int) -> Changes:
        """Return the rows that changed after ``serial``, from one consistent state."""
        with self._asking() as connection, _transaction(connection, "DEFERRED"):
            now = int(connection.execute("SELECT serial FROM repository").fetchone()[0])
            where = "WHERE changed > ?" if serial else "WHERE changed > ? AND present"
            files = connection.execute(f"SELECT {_FILE_COLUMNS} FROM files {where}", (serial,))  # noqa: S608  # constants
            file_rows = tuple(_file_row(row) for row in files)
            projects = connection.execute(
                "SELECT name, display_name, status, status_reason FROM projects WHERE changed > ?", (serial,)
            )
            project_rows = tuple(
                ProjectRow(NormalizedName(name), display_name, ProjectStatus(status), reason)
                for name, display_name, status, reason in projects
            )
        return Changes(now, file_rows, project_rows)

    def core_metadata(self, sha256: str) -> bytes | None:
        """Return METADATA or PKG-INFO by its hash, the very bytes."""
        with self._reading_lock, _explained(self._folder):
            row = self._reader.execute(
                "SELECT content FROM core_metadata WHERE sha256 = ?", (bytes.fromhex(sha256),)
            ).fetchone()
        return zlib.decompress(row[0]) if row else None

    def find(self, filename: str) -> FileRow | None:
        """Return the row of a file name, matched without regard to case."""
        with self._asking() as connection:
            row = connection.execute(
                f"SELECT {_FILE_COLUMNS} FROM files WHERE filename = ?",  # noqa: S608  # constants
                (filename,),
            ).fetchone()
        return _file_row(row) if row else None

    def foreign_files(self) -> dict[str, ForeignRow]:
        """Return what was not taken in, by relative path."""
        with self._asking() as connection:
            rows = connection.execute("SELECT * FROM foreign_files ORDER BY path").fetchall()
        return {row[0]: ForeignRow(row[0], Stamp(row[1], row[2], row[3]), row[4], row[5]) for row in rows}

    def trash(self) -> tuple[TrashRow, ...]:
        """Return what was removed, the latest first."""
        with self._asking() as connection:
            rows = connection.execute("SELECT * FROM trash ORDER BY id DESC").fetchall()
        return tuple(_trash_row(row) for row in rows)

    def activity(self, limit: int = 200) -> tuple[Activity, ...]:
        """Return what happened, the latest first."""
        with self._asking() as connection:
            rows = connection.execute(
                "SELECT at_us, act, filename, project, way, detail FROM activity ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(Activity(row[0], row[1], row[2], row[3], Way(row[4]), row[5]) for row in rows)

    def downloads(self, since_day: str = "") -> dict[str, int]:
        """Return how often each file was downloaded on and after a day (YYYY-MM-DD, UTC)."""
        with self._asking() as connection:
            rows = connection.execute(
                "SELECT filename, sum(count) FROM downloads WHERE day >= ? GROUP BY filename", (since_day,)
            ).fetchall()
        return dict(rows)

    # --- writing ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self) -> Iterator["Writer"]:
        """Hold the one write transaction; it commits at the end, or rolls back on an exception."""
        with self._lock, _explained(self._folder), _transaction(self._connection, "IMMEDIATE"):
            serial = int(self._connection.execute("SELECT serial FROM repository").fetchone()[0]) + 1
            writer = Writer(self._connection, serial)
            yield writer
            if writer.changed:
                self._connection.execute("UPDATE repository SET serial = ?", (serial,))

    def _migrate(self) -> None:
        with _explained(self._folder):
            found = self._schema_version()
            if found > SCHEMA_VERSION:
                raise CatalogTooNew(self._folder, found, SCHEMA_VERSION)
            if found == SCHEMA_VERSION:
                return
            if found:
                self._back_up(self._path.with_name(f"catalog-before-version-{SCHEMA_VERSION}.sqlite3"))
            with _transaction(self._connection, "IMMEDIATE"):
                # Another process may have migrated while this one waited.
                for step in range(self._schema_version(), SCHEMA_VERSION):
                    for statement in _statements(_MIGRATIONS[step]):
                        self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _schema_version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    def _back_up(self, path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)


class Writer:
    """What may be recorded inside one transaction."""

    def __init__(self, connection: sqlite3.Connection, serial: int) -> None:
        self._connection = connection
        self._serial = serial
        self.changed = False

    def find(self, filename: str) -> FileRow | None:
        """Return the row of a file name, matched without regard to case."""
        row = self._connection.execute(
            f"SELECT {_FILE_COLUMNS} FROM files WHERE filename = ?",  # noqa: S608  # constants
            (filename,),
        ).fetchone()
        return _file_row(row) if row else None

    def project_status(self, name: str) -> ProjectStatus:
        """Return what the owner decided about a project."""
        row = self._connection.execute("SELECT status FROM projects WHERE name = ?", (name,)).fetchone()
        return ProjectStatus(row[0]) if row else ProjectStatus.ACTIVE

    def record(self, distribution: Distribution, stamp: Stamp, upload_time_us: int) -> File:
        """Record a file that stands in its place.

        Args:
            distribution: As judged.
            stamp: What stat says of it in its place.
            upload_time_us: When it came in, if it never was here before.

        Returns:
            The file as it is from now on: an earlier one of the same bytes gives it its upload time
            and yank back.
        """
        before = self.find(distribution.filename)
        same = before is not None and before.file.sha256 == distribution.sha256
        upload_time_us = before.file.upload_time_us if before and same else upload_time_us
        yanked = before.file.yanked if before and same else None
        self._connection.execute(
            "INSERT OR IGNORE INTO core_metadata VALUES (?, ?)",
            (bytes.fromhex(distribution.metadata_sha256), zlib.compress(distribution.metadata)),
        )
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?)",
            (
                distribution.filename,
                distribution.project,
                distribution.display_name,
                distribution.version,
                distribution.kind.value,
                distribution.size,
                bytes.fromhex(distribution.sha256),
                bytes.fromhex(distribution.metadata_sha256),
                distribution.summary,
                distribution.requires_python,
                upload_time_us,
                yanked,
                " ".join(distribution.warnings),
                stamp.mtime_ns,
                stamp.inode,
                self._serial,
            ),
        )
        self.changed = True
        return File(
            filename=distribution.filename,
            project=distribution.project,
            version=distribution.version,
            kind=distribution.kind,
            size=distribution.size,
            sha256=distribution.sha256,
            metadata_sha256=distribution.metadata_sha256,
            summary=distribution.summary,
            requires_python=distribution.requires_python,
            upload_time_us=upload_time_us,
            yanked=yanked,
            warnings=distribution.warnings,
        )

    def expect(self, filename: str, sha256: str, upload_time_us: int, yanked: str | None) -> None:
        """Note what is known of a file that a scan will find: saved from an earlier catalog."""
        self._connection.execute(
            "INSERT OR IGNORE INTO files VALUES (?,'','','','wheel',0,?,x'','',NULL,?,?,'',0,0,0,?)",
            (filename, bytes.fromhex(sha256), upload_time_us, yanked, self._serial),
        )
        self.changed = True

    def put_back_trash(self, values: tuple[object, ...]) -> None:
        """Record a trash row that was saved from an earlier catalog, all columns, its id last."""
        self._connection.execute(
            "INSERT OR IGNORE INTO trash "
            "(filename, project, version, sha256, size, upload_time_us, yanked, removed_us, id) "
            "VALUES (?,?,?,?,?,?,?,?,?)",
            values,
        )

    def restamp(self, filename: str, stamp: Stamp) -> None:
        """Note a new stat of unchanged bytes."""
        self._connection.execute(
            "UPDATE files SET mtime_ns = ?, inode = ?, changed = ? WHERE filename = ?",
            (stamp.mtime_ns, stamp.inode, self._serial, filename),
        )
        self.changed = True

    def forget(self, filename: str) -> None:
        """Note that a file is gone; its row and the owner's decisions stay."""
        self._connection.execute(
            "UPDATE files SET present = 0, changed = ? WHERE filename = ? AND present",
            (self._serial, filename),
        )
        self.changed = True

    def decide_file(self, filename: str, *, yanked: str | None, upload_time_us: int | None = None) -> None:
        """Set a file's yank (None: not yanked) and, when given, its upload time."""
        self._connection.execute(
            "UPDATE files SET yanked = ?, upload_time_us = coalesce(?, upload_time_us), changed = ? "
            "WHERE filename = ?",
            (yanked, upload_time_us, self._serial, filename),
        )
        self.changed = True

    def decide_project(self, row: ProjectRow) -> None:
        """Set what the owner decided about a project."""
        self._connection.execute(
            "INSERT OR REPLACE INTO projects VALUES (?, ?, ?, ?, ?)",
            (row.name, row.display_name, row.status.value, row.status_reason, self._serial),
        )
        self.changed = True

    def set_foreign(self, row: ForeignRow) -> None:
        """Remember a path that was not taken in."""
        self._connection.execute(
            "INSERT OR REPLACE INTO foreign_files VALUES (?, ?, ?, ?, ?, ?)",
            (
                storable(row.path),
                row.stamp.size,
                row.stamp.mtime_ns,
                row.stamp.inode,
                row.reason,
                storable(row.detail),
            ),
        )

    def clear_foreign(self, paths: Iterable[str]) -> None:
        """Forget paths that are gone, changed or taken in."""
        self._connection.executemany("DELETE FROM foreign_files WHERE path = ?", ((path,) for path in paths))

    def trashed(self, filename: str, sha256: str) -> tuple[TrashRow, ...]:
        """Return the trash rows of these very bytes under this name."""
        rows = self._connection.execute(
            "SELECT * FROM trash WHERE filename = ? AND sha256 = ?", (filename, bytes.fromhex(sha256))
        ).fetchall()
        return tuple(_trash_row(row) for row in rows)

    def add_trash(self, file: File, removed_us: int) -> TrashRow:
        """Record that a file goes to the trash, before it moves."""
        cursor = self._connection.execute(
            "INSERT INTO trash "
            "(filename, project, version, sha256, size, upload_time_us, yanked, removed_us) "
            "VALUES (?,?,?,?,?,?,?,?)",
            (
                file.filename,
                file.project,
                file.version,
                bytes.fromhex(file.sha256),
                file.size,
                file.upload_time_us,
                file.yanked,
                removed_us,
            ),
        )
        row_id = cursor.lastrowid or 0
        return TrashRow(
            id=row_id,
            filename=file.filename,
            project=file.project,
            version=file.version,
            sha256=file.sha256,
            size=file.size,
            upload_time_us=file.upload_time_us,
            yanked=file.yanked,
            removed_us=removed_us,
        )

    def drop_trash(self, row_id: int) -> None:
        """Forget a trash row: its file was restored, or is gone for good."""
        self._connection.execute("DELETE FROM trash WHERE id = ?", (row_id,))

    def count_downloads(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Add to the downloads of (day, filename)."""
        self._connection.executemany(
            "INSERT INTO downloads VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            ((day, filename, count) for (day, filename), count in counts.items()),
        )

    def note(self, activity: Activity) -> None:
        """Remember what happened; the oldest acts are forgotten."""
        cursor = self._connection.execute(
            "INSERT INTO activity (at_us, act, filename, project, way, detail) VALUES (?,?,?,?,?,?)",
            (
                activity.at_us,
                activity.act,
                storable(activity.filename),
                activity.project,
                activity.way.value,
                storable(activity.detail),
            ),
        )
        self._connection.execute(
            "DELETE FROM activity WHERE id <= ?", ((cursor.lastrowid or 0) - _ACTIVITY_KEPT,)
        )


def _connect(path: Path, folder: Path) -> sqlite3.Connection:
    with _explained(folder):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        try:
            # WAL: readers never wait for a writer. Where a file system cannot (network shares), SQLite
            # answers with the mode it has, and everything works more slowly.
            connection.execute("PRAGMA journal_mode = WAL")
            # FULL: what was acknowledged survives a power cut, at one fsync a commit.
            connection.execute("PRAGMA synchronous = FULL")
            # 8 MiB of pages: a full load of 100,000 rows reads each page once, so more buys nothing.
            connection.execute("PRAGMA cache_size = -8192")
        except BaseException:
            connection.close()
            raise
        return connection


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what SQLite says into our errors."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            sentence = f"Can't write to the managed folder {folder}: the disk is full."
            raise StorageFull(sentence, folder) from error
        if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
            sentence = f"Can't write to the managed folder {folder}: its catalog can't be opened for writing."
            raise FolderReadOnly(sentence, folder) from error
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise CatalogUnreadable(f"The catalog of {folder} is damaged.", folder) from error
        raise StorageFailed(f"Can't use the catalog of {folder}: {error}.", folder) from error


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _file_row(row: tuple[Any, ...]) -> FileRow:
    # One call for each file at every start: positions instead of names, shared strings, no checks
    # of what the schema guarantees.
    project: NormalizedName = intern(row[1])  # type: ignore[assignment]  # only normalized names are stored
    requires_python, warnings = row[8], row[11]
    file = File(
        row[0],
        project,
        intern(row[2]),
        _KINDS[row[3]],
        row[4],
        row[5].hex(),
        row[6].hex(),
        intern(row[7]),
        None if requires_python is None else intern(requires_python),
        row[9],
        row[10],
        tuple(WarningReason(word) for word in warnings.split()) if warnings else (),
    )
    return FileRow(file, row[12], row[13] != 0, Stamp(row[4], row[14], row[15]))


def _integer(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101  # the schema says so
    return value


def _trash_row(row: tuple[object, ...]) -> TrashRow:
    row_id, filename, project, version, sha256, size, upload_time_us, yanked, removed_us = row
    assert isinstance(sha256, bytes)  # noqa: S101  # the schema says so
    return TrashRow(
        id=_integer(row_id),
        filename=str(filename),
        project=NormalizedName(str(project)),
        version=str(version),
        sha256=sha256.hex(),
        size=_integer(size),
        upload_time_us=_integer(upload_time_us),
        yanked=None if yanked is None else str(yanked),
        removed_us=_integer(removed_us),
    )
