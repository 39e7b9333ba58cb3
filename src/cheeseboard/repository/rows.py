"""Rows of the catalog's tables, turned into values."""

from collections.abc import Iterable
from sys import intern

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Kind, WarningReason
from cheeseboard.repository.records import Contents, FileRow, ProjectRow, RecordedFile, Stamp, TrashRow
from cheeseboard.repository.snapshot import File

# The stamp first, so that a scan's comparison is one slice of a row; new columns go to the end.
FILE_COLUMNS = (
    "size, mtime_ns, inode, filename, project, version, kind, sha256, metadata_sha256, summary, "
    "requires_python, upload_time_us, yanked, warnings, display_name, present, attestations_sha256"
)

_KINDS = {kind.value: kind for kind in Kind}
_WARNINGS = {warning.value: warning for warning in WarningReason}


def file_row(row: RecordedFile) -> FileRow:
    """Return what a row of ``FILE_COLUMNS`` says."""
    # Called for each file of a large folder: positions instead of names, shared strings, no checks of
    # what the schema guarantees.
    (
        size,
        mtime_ns,
        inode,
        filename,
        project,
        version,
        kind,
        sha256,
        metadata_sha256,
        summary,
        requires_python,
        upload_time_us,
        yanked,
        warnings,
        display_name,
        present,
        attestations,
    ) = row
    file = File(
        filename,
        intern(project),  # type: ignore[arg-type]  # only normalized names are stored
        intern(version),
        _KINDS[kind],
        size,
        sha256.hex(),
        metadata_sha256.hex(),
        intern(summary),
        None if requires_python is None else intern(requires_python),
        upload_time_us,
        yanked,
        _warnings(warnings) if warnings else (),
        None if attestations is None else attestations.hex(),
    )
    return FileRow(file, display_name, present != 0, Stamp(size, mtime_ns, inode))


def _warnings(words: str) -> tuple[WarningReason, ...]:
    # A later Cheeseboard may have written words that this one does not know.
    return tuple(_WARNINGS[word] for word in words.split() if word in _WARNINGS)


def contents(rows: Iterable[RecordedFile], serial: int, projects: tuple[ProjectRow, ...]) -> Contents:
    """Sort the rows of all that is present by project, and make no value of them yet."""
    files: dict[NormalizedName, list[RecordedFile]] = {}
    stamps: dict[str, dict[str, tuple[int, int, int]]] = {}
    of_project: list[RecordedFile] = []
    stamps_of_project: dict[str, tuple[int, int, int]] = {}
    current = None
    total_size = file_count = 0
    for row in rows:
        project = row[4]
        if project != current:
            current = project
            of_project = files.setdefault(project, [])
            stamps_of_project = stamps.setdefault(project, {})
        of_project.append(row)
        stamps_of_project[row[3]] = row[:3]
        total_size += row[0]
        file_count += 1
    return Contents(serial, files, stamps, projects, file_count, total_size)


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
