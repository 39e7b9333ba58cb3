"""The catalog's tables, version by version, and the way from an older version to the newest."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from cheeseboard.errors import CatalogTooNew
from cheeseboard.repository.database import explained, transaction

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

_COUNT_DOWNLOADS = """
CREATE TABLE downloads (
    day TEXT NOT NULL,
    filename TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, filename)
) WITHOUT ROWID;
"""

_KEEP_ATTESTATIONS = """
ALTER TABLE files ADD COLUMN attestations_sha256 BLOB;

-- What uploaders attested (PEP 740), a JSON array, deflated: nothing in the folder tells it again.
CREATE TABLE attestations (
    sha256 BLOB PRIMARY KEY,
    content BLOB NOT NULL
) WITHOUT ROWID;
"""

_NOTE_THE_FIRST_LOOK = """
-- Until the folder was looked through once, what is not recorded may be there all the same.
ALTER TABLE repository ADD COLUMN looked_through INTEGER NOT NULL DEFAULT 0;
UPDATE repository SET looked_through = 1 WHERE serial > 0;
"""

# Step N brings a catalog from version N to N + 1; a new one takes them all.
_MIGRATIONS = (_FIRST_SCHEMA, _COUNT_DOWNLOADS, _KEEP_ATTESTATIONS, _NOTE_THE_FIRST_LOOK)
SCHEMA_VERSION = len(_MIGRATIONS)


def migrate(connection: sqlite3.Connection, path: Path, folder: Path) -> None:
    """Bring a catalog to the newest version, in one transaction, after a backup copy beside it.

    Raises:
        CatalogTooNew: A newer Cheeseboard wrote it.
        RepositoryError: It cannot be read, or the disk failed.
    """
    with explained(folder):
        found = _version(connection)
        if found > SCHEMA_VERSION:
            raise CatalogTooNew(folder, found, SCHEMA_VERSION)
        if found == SCHEMA_VERSION:
            return
        if found:
            _back_up(connection, path.with_name(f"catalog-before-version-{SCHEMA_VERSION}.sqlite3"))
        with transaction(connection, "IMMEDIATE"):
            # Another process may have migrated while this one waited.
            for step in range(_version(connection), SCHEMA_VERSION):
                for statement in _statements(_MIGRATIONS[step]):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def visit_pages(connection: sqlite3.Connection) -> None:
    """Visit the pages of all that no start reads in whole, so that a damaged one is found at a start.

    The core metadata, most of the database by far, are left to the integrity check.

    Raises:
        sqlite3.DatabaseError: A page is damaged.
    """
    parts = connection.execute(
        "SELECT type, name, tbl_name FROM sqlite_schema "
        "WHERE sql IS NOT NULL AND name NOT IN ('files', 'core_metadata')"
    ).fetchall()
    for kind, name, table in parts:
        which = "NOT INDEXED" if kind == "table" else f'INDEXED BY "{name}"'
        connection.execute(f'SELECT count(*) FROM "{table}" {which}').fetchone()  # noqa: S608  # our own schema


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _back_up(connection: sqlite3.Connection, path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
