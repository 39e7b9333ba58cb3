"""A transaction ends whatever happens in it, and the next one begins."""

import sqlite3
from pathlib import Path

import pytest

from cheeseboard.errors import StorageFull
from cheeseboard.repository.database import connect, explained, transaction


def test_a_database_that_fills_up_says_so_and_goes_on_once_there_is_room(tmp_path: Path) -> None:
    connection = connect(tmp_path / "catalog.sqlite3", tmp_path)
    connection.execute("CREATE TABLE words (word TEXT)")
    connection.execute("PRAGMA max_page_count = 5")
    with pytest.raises(StorageFull), explained(tmp_path), transaction(connection, "IMMEDIATE"):
        connection.executemany("INSERT INTO words VALUES (?)", [("x" * 4000,)] * 100)
    connection.execute("PRAGMA max_page_count = 1000")
    with explained(tmp_path), transaction(connection, "IMMEDIATE"):
        connection.execute("INSERT INTO words VALUES ('one')")
    assert connection.execute("SELECT count(*) FROM words").fetchone() == (1,)
    connection.close()


def test_a_commit_that_fails_leaves_no_transaction_open(tmp_path: Path) -> None:
    connection = connect(tmp_path / "catalog.sqlite3", tmp_path)
    connection.executescript(
        "PRAGMA foreign_keys = ON; CREATE TABLE a (x PRIMARY KEY);"
        "CREATE TABLE b (x REFERENCES a DEFERRABLE INITIALLY DEFERRED);"
    )
    with pytest.raises(sqlite3.IntegrityError), transaction(connection, "IMMEDIATE"):
        connection.execute("INSERT INTO b VALUES (1)")
    with transaction(connection, "IMMEDIATE"):
        connection.execute("INSERT INTO a VALUES (1)")
    connection.close()
