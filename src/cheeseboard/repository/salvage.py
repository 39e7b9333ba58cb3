"""What can still be read of a damaged catalog: the decisions that no file in the folder can tell again.

Each table is read by itself and row by row, so that one bad page costs the rows on it and no more.
"""

import contextlib
import logging
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.records import ProjectRow
from cheeseboard.repository.snapshot import ProjectStatus

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FileDecision:
    """What the owner decided about, or we knew of, one file; it holds for these very bytes."""

    filename: str
    sha256: str
    upload_time_us: int
    yanked: str | None
    attestations: bytes = b""


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that was saved."""

    files: tuple[FileDecision, ...] = ()
    projects: tuple[ProjectRow, ...] = ()
    trash: tuple[tuple[object, ...], ...] = ()


def read_decisions(path: Path) -> Decisions:
    """Read what can be read of a catalog that cannot be opened any more; nothing is raised."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return Decisions(
                files=tuple(_files(connection)),
                projects=tuple(_projects(connection)),
                trash=tuple(
                    _rows(
                        connection,
                        "SELECT filename, project, version, sha256, size, upload_time_us, yanked, "
                        "removed_us, id FROM trash",
                    )
                ),
            )
    except sqlite3.Error as error:
        logger.warning("Nothing could be saved from %s: %s", path, error)
        return Decisions()


def apply_decisions(catalog: Catalog, decisions: Decisions) -> None:
    """Record them in a new catalog, ahead of the scan that finds the files again.

    Raises:
        RepositoryError: The folder's disk failed.
    """
    with catalog.writing() as writer:
        for file in decisions.files:
            writer.expect(file.filename, file.sha256, file.upload_time_us, file.yanked, file.attestations)
        for project in decisions.projects:
            writer.decide_project(project)
        for row in decisions.trash:
            writer.put_back_trash(row)


def _rows(connection: sqlite3.Connection, query: str) -> Iterator[tuple[object, ...]]:
    try:
        yield from connection.execute(query)
    except sqlite3.Error as error:
        logger.warning("A part of the damaged catalog could not be read: %s", error)


def _files(connection: sqlite3.Connection) -> Iterator[FileDecision]:
    attested = dict(_attestations(connection))
    for filename, sha256, upload_time_us, yanked in _rows(
        connection, "SELECT filename, sha256, upload_time_us, yanked FROM files"
    ):
        if isinstance(sha256, bytes) and isinstance(upload_time_us, int):
            reason = None if yanked is None else str(yanked)
            known = attested.get(str(filename), b"")
            yield FileDecision(str(filename), sha256.hex(), upload_time_us, reason, known)


def _attestations(connection: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    """Yield what was attested of each file; nothing from a catalog that is older than that."""
    query = "SELECT filename, content FROM files JOIN attestations a ON attestations_sha256 = a.sha256"
    for filename, content in _rows(connection, query):
        if isinstance(content, bytes):
            with contextlib.suppress(zlib.error):
                yield str(filename), zlib.decompress(content)


def _projects(connection: sqlite3.Connection) -> Iterator[ProjectRow]:
    query = "SELECT name, display_name, status, status_reason FROM projects"
    for name, display_name, status, reason in _rows(connection, query):
        if status in tuple(ProjectStatus):
            shown = None if display_name is None else str(display_name)
            yield ProjectRow(NormalizedName(str(name)), shown, ProjectStatus(str(status)), str(reason))
