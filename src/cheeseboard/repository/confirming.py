"""A stranger's catalog held against what ours are, and what it says of files held against the files.

Of what a backup's catalog says, just that comes back which the files themselves confirm; the rest the
next scan finds out anew.
"""

import contextlib
import hashlib
import sqlite3
import tempfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cheeseboard.distributions.attestations import InvalidAttestations, check_attestations
from cheeseboard.distributions.distribution import Distribution
from cheeseboard.distributions.judge import judge
from cheeseboard.errors import BackupError, Sentence
from cheeseboard.repository.backup import (
    CATALOG,
    Cancelled,
)
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.store import stamp_of
from cheeseboard.repository.unpacking import is_place

_METADATA_LIMIT = 16 * 1024 * 1024
_ATTESTATIONS_LIMIT = 16 * 1024 * 1024
# What a column is declared as, and how SQLite keeps it then.
_STORED_AS = {"INTEGER": "integer", "TEXT": "text", "BLOB": "blob"}
# From the year 1 to the year 9999: no date is outside.
_FIRST_TIME_US, _LAST_TIME_US = -62_135_596_800_000_000, 253_402_300_799_999_999
_LARGEST_SERIAL = 1 << 53


def check_catalog(source: Path, layout: Layout) -> None:
    """Make sure that a stranger's database is made just as ours are, and brings no code along.

    Raises:
        BackupError: It is not.
    """
    with contextlib.closing(sqlite3.connect(layout.catalog)) as connection:
        kinds = {kind for (kind,) in connection.execute("SELECT type FROM sqlite_master")}
        sound = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    if not sound or not kinds <= {"table", "index"}:
        raise BackupError(
            Sentence("The catalog in {source} is damaged. Nothing was restored.", source=source), source
        )
    Catalog(layout.catalog, layout.folder).close()  # brings an older one up to date
    with tempfile.TemporaryDirectory(dir=layout.private) as fresh:
        ours = Path(fresh, CATALOG)
        Catalog(ours, layout.folder).close()
        if _shape(ours) != _shape(layout.catalog):
            raise BackupError(
                Sentence(
                    "The catalog in {source} is none of Cheeseboard's. Nothing was restored.", source=source
                ),
                source,
            )
    with contextlib.closing(sqlite3.connect(layout.catalog)) as connection, connection:
        wrong = _find_wrong_value(connection)
        # A backup of ours has none: they mean nothing elsewhere, and name paths.
        connection.execute("DELETE FROM foreign_files")
        connection.execute("DELETE FROM trash")
    if wrong:
        raise BackupError(
            Sentence(
                "The catalog in {source} holds what none of ours does: {wrong}. Nothing was restored.",
                source=source,
                wrong=wrong,
            ),
            source,
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


def confirm_files(layout: Layout, cancelled: Callable[[], bool] | None) -> tuple[str, ...]:
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
                    if not (is_place(row[1], row[0]) and layout.place(row[1], row[0]).exists()):
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
    if not (isinstance(filename, str) and isinstance(project, str) and is_place(project, filename)):
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
