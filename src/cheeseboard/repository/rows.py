"""Rows of the catalog's tables, turned into values."""

from sys import intern
from typing import Any

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Kind, WarningReason
from cheeseboard.repository.records import FileRow, Stamp, TrashRow
from cheeseboard.repository.snapshot import File

FILE_COLUMNS = (
    "filename, project, version, kind, size, sha256, metadata_sha256, summary, requires_python, "
    "upload_time_us, yanked, warnings, display_name, present, mtime_ns, inode"
)

_KINDS = {kind.value: kind for kind in Kind}


def file_row(row: tuple[Any, ...]) -> FileRow:
    """Return what a row of ``FILE_COLUMNS`` says."""
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


def trash_row(row: tuple[object, ...]) -> TrashRow:
    """Return what a whole row of the trash says."""
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
