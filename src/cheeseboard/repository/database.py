"""The connection below the catalog: how SQLite is set up, how a transaction runs, what its errors mean."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from cheeseboard.errors import CatalogUnreadable, FolderReadOnly, Sentence, StorageFailed, StorageFull


def connect(path: Path, folder: Path) -> sqlite3.Connection:
    """Open a database for any thread; transactions are ours to begin.

    Raises:
        RepositoryError: It cannot be opened.
    """
    with explained(folder):
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
def explained(folder: Path) -> Iterator[None]:
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
            raise CatalogUnreadable(
                Sentence("The catalog of {folder} is damaged.", folder=folder), folder
            ) from error
        raise StorageFailed(
            Sentence("Can't use the catalog of {folder}: {cause}.", folder=folder, cause=error), folder
        ) from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    """Hold a transaction ("DEFERRED", "IMMEDIATE"); an exception rolls it back."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk or a failing one has rolled it back already, or left it open at the commit.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
