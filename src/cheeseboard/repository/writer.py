"""What may be recorded inside one transaction of the catalog."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Mapping

from cheeseboard.distributions.distribution import Distribution
from cheeseboard.repository.records import (
    Activity,
    FileRow,
    ForeignRow,
    ProjectRow,
    Stamp,
    TrashRow,
    storable,
)
from cheeseboard.repository.rows import FILE_COLUMNS, file_row, trash_row
from cheeseboard.repository.snapshot import File, ProjectStatus

# How many acts are remembered.
_ACTIVITY_KEPT = 10_000


class Writer:
    """What may be recorded inside one transaction."""

    def __init__(self, connection: sqlite3.Connection, serial: int) -> None:
        self._connection = connection
        self._serial = serial
        self.changed = False
        self._last_act = 0

    def note_look(self) -> None:
        """Record that the folder was looked through whole."""
        self._connection.execute("UPDATE repository SET looked_through = 1")

    def find(self, filename: str) -> FileRow | None:
        """Return the row of a file name, matched without regard to case."""
        row = self._connection.execute(
            f"SELECT {FILE_COLUMNS} FROM files WHERE filename = ?",  # noqa: S608  # constants
            (filename,),
        ).fetchone()
        return file_row(row) if row else None

    def project_status(self, name: str) -> ProjectStatus:
        """Return what the owner decided about a project."""
        row = self._connection.execute("SELECT status FROM projects WHERE name = ?", (name,)).fetchone()
        return ProjectStatus(row[0]) if row else ProjectStatus.ACTIVE

    def record(
        self, distribution: Distribution, stamp: Stamp, upload_time_us: int, attestations: bytes = b""
    ) -> File:
        """Record a file that stands in its place.

        Args:
            distribution: As judged.
            stamp: What stat says of it in its place.
            upload_time_us: When it came in, if it never was here before.
            attestations: What its uploader attested, a JSON array; empty when nothing.

        Returns:
            The file as it is from now on: an earlier one of the same bytes gives it its upload time,
            yank and attestations back.
        """
        before = self.find(distribution.filename)
        same = before is not None and before.file.sha256 == distribution.sha256
        upload_time_us = before.file.upload_time_us if before and same else upload_time_us
        yanked = before.file.yanked if before and same else None
        attestations_sha256 = before.file.attestations_sha256 if before and same else None
        if attestations:
            attestations_sha256 = self._keep_attestations(attestations)
        self._connection.execute(
            "INSERT OR IGNORE INTO core_metadata VALUES (?, ?)",
            (bytes.fromhex(distribution.metadata_sha256), zlib.compress(distribution.metadata)),
        )
        self._connection.execute(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?,?)",
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
                None if attestations_sha256 is None else bytes.fromhex(attestations_sha256),
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
            attestations_sha256=attestations_sha256,
        )

    def _keep_attestations(self, attestations: bytes) -> str:
        """Keep a JSON array; return its hash."""
        digest = hashlib.sha256(attestations)
        self._connection.execute(
            "INSERT OR IGNORE INTO attestations VALUES (?, ?)", (digest.digest(), zlib.compress(attestations))
        )
        return digest.hexdigest()

    def expect(
        self, filename: str, sha256: str, upload_time_us: int, yanked: str | None, attestations: bytes = b""
    ) -> None:
        """Note what is known of a file that a scan will find: saved from an earlier catalog."""
        kept = bytes.fromhex(self._keep_attestations(attestations)) if attestations else None
        self._connection.execute(
            "INSERT OR IGNORE INTO files VALUES (?,'','','','wheel',0,?,x'','',NULL,?,?,'',0,0,0,?,?)",
            (
                storable(filename),
                bytes.fromhex(sha256),
                upload_time_us,
                None if yanked is None else storable(yanked),
                self._serial,
                kept,
            ),
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
            (None if yanked is None else storable(yanked), upload_time_us, self._serial, filename),
        )
        self.changed = True

    def decide_project(self, row: ProjectRow) -> None:
        """Set what the owner decided about a project."""
        self._connection.execute(
            "INSERT OR REPLACE INTO projects VALUES (?, ?, ?, ?, ?)",
            (
                row.name,
                None if row.display_name is None else storable(row.display_name),
                row.status.value,
                storable(row.status_reason),
                self._serial,
            ),
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
        return tuple(trash_row(row) for row in rows)

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
        """Remember what happened."""
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
        self._last_act = cursor.lastrowid or 0

    def finish(self) -> None:
        """Record what stands for the whole transaction: its serial number; the oldest acts are forgotten."""
        if self._last_act:
            oldest = self._last_act - _ACTIVITY_KEPT
            self._connection.execute("DELETE FROM activity WHERE id <= ?", (oldest,))
        if self.changed:
            self._connection.execute("UPDATE repository SET serial = ?", (self._serial,))
