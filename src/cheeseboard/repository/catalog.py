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
from collections.abc import Iterator
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.errors import CatalogUnreadable, Sentence
from cheeseboard.events import Way
from cheeseboard.repository.database import connect, explained, transaction
from cheeseboard.repository.records import (
    Activity,
    Changes,
    Contents,
    FileRow,
    ForeignRow,
    ProjectRow,
    Stamp,
    TrashRow,
)
from cheeseboard.repository.rows import FILE_COLUMNS, contents, file_row, trash_row
from cheeseboard.repository.schema import migrate, visit_pages
from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.repository.writer import Writer


class Catalog:
    """The database. Safe to use from any thread of the process."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._reading_lock = threading.Lock()
        with contextlib.ExitStack() as opened:
            self._connection = opened.enter_context(contextlib.closing(connect(path, folder)))
            self._reader = opened.enter_context(contextlib.closing(connect(path, folder)))
            migrate(self._connection, path, folder)
            opened.pop_all()

    def close(self) -> None:
        """Close the database; idempotent."""
        with self._lock, self._reading_lock:
            self._connection.close()
            self._reader.close()

    def data_version(self) -> int:
        """Return a number that changes when another process (or connection) committed."""
        with self._asking() as connection:
            return int(connection.execute("PRAGMA data_version").fetchone()[0])

    def check(self) -> None:
        """Read the whole database and hold its parts against each other; slow.

        Raises:
            CatalogUnreadable: It is damaged.
        """
        with self._asking() as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise CatalogUnreadable(
                Sentence("The catalog of {folder} is damaged.", folder=self._folder), self._folder
            )

    # --- reading ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self._folder):
            yield self._connection

    def contents(self) -> Contents:
        """Return all that is present, from one consistent state."""
        with self._asking() as connection, transaction(connection, "DEFERRED"):
            visit_pages(connection)
            serial = _serial(connection)
            files = connection.execute(f"SELECT {FILE_COLUMNS} FROM files WHERE present")  # noqa: S608  # constants
            return contents(files, serial, _decided(connection, after=0))

    def changes_since(self, serial: int) -> Changes:
        """Return the rows that changed after ``serial``, from one consistent state."""
        with self._asking() as connection, transaction(connection, "DEFERRED"):
            now = _serial(connection)
            files = connection.execute(
                f"SELECT {FILE_COLUMNS} FROM files WHERE changed > ?",  # noqa: S608  # constants
                (serial,),
            )
            return Changes(now, tuple(file_row(row) for row in files), _decided(connection, after=serial))

    def core_metadata(self, sha256: str) -> bytes | None:
        """Return METADATA or PKG-INFO by its hash, the very bytes."""
        with self._reading_lock, explained(self._folder):
            row = self._reader.execute(
                "SELECT content FROM core_metadata WHERE sha256 = ?", (bytes.fromhex(sha256),)
            ).fetchone()
        return zlib.decompress(row[0]) if row else None

    def attestations(self, sha256: str) -> bytes | None:
        """Return what an uploader attested by its hash, the JSON array as it is kept."""
        with self._reading_lock, explained(self._folder):
            row = self._reader.execute(
                "SELECT content FROM attestations WHERE sha256 = ?", (bytes.fromhex(sha256),)
            ).fetchone()
        return zlib.decompress(row[0]) if row else None

    def find(self, filename: str) -> FileRow | None:
        """Return the row of a file name, matched without regard to case."""
        with self._asking() as connection:
            row = connection.execute(
                f"SELECT {FILE_COLUMNS} FROM files WHERE filename = ?",  # noqa: S608  # constants
                (filename,),
            ).fetchone()
        return file_row(row) if row else None

    def foreign_files(self) -> dict[str, ForeignRow]:
        """Return what was not taken in, by relative path."""
        with self._asking() as connection:
            rows = connection.execute("SELECT * FROM foreign_files ORDER BY path").fetchall()
        return {row[0]: ForeignRow(row[0], Stamp(row[1], row[2], row[3]), row[4], row[5]) for row in rows}

    def trash(self) -> tuple[TrashRow, ...]:
        """Return what was removed, the latest first."""
        with self._asking() as connection:
            rows = connection.execute("SELECT * FROM trash ORDER BY id DESC").fetchall()
        return tuple(trash_row(row) for row in rows)

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

    def looked_through(self) -> bool:
        """Return whether the folder was ever looked through whole, so that what is unknown is not there."""
        with self._asking() as connection:
            return bool(connection.execute("SELECT looked_through FROM repository").fetchone()[0])

    # --- writing ---------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the one write transaction; it commits at the end, or rolls back on an exception."""
        with self._lock, explained(self._folder), transaction(self._connection, "IMMEDIATE"):
            writer = Writer(self._connection, _serial(self._connection) + 1)
            yield writer
            writer.finish()


def _serial(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT serial FROM repository").fetchone()[0])


def _decided(connection: sqlite3.Connection, *, after: int) -> tuple[ProjectRow, ...]:
    projects = connection.execute(
        "SELECT name, display_name, status, status_reason FROM projects WHERE changed > ?", (after,)
    )
    return tuple(
        ProjectRow(NormalizedName(name), display_name, ProjectStatus(status), reason)
        for name, display_name, status, reason in projects
    )
