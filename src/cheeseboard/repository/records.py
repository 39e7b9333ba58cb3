"""What the catalog records, as values: files as they were seen, decisions, the trash, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from packaging.utils import NormalizedName

from cheeseboard.events import Way
from cheeseboard.repository.snapshot import File, ProjectStatus


def storable(text: str) -> str:
    """Return text that a database takes: undecodable bytes of a file name written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Stamp(NamedTuple):
    """What ``stat`` says of a file's bytes without reading them. A tuple: one is made a file and scan."""

    size: int
    mtime_ns: int
    inode: int


class FileRow(NamedTuple):
    """A file as recorded; ``present`` is False once it is gone, ``stamp`` is the last one seen."""

    file: File
    display_name: str
    present: bool
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """What the owner decided about a project."""

    name: NormalizedName
    display_name: str | None
    status: ProjectStatus
    status_reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that changed since some serial number."""

    serial: int
    files: tuple[FileRow, ...]
    projects: tuple[ProjectRow, ...]


# A file as the catalog's table has it; see rows.py.
RecordedFile = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that is present, as a start reads it.

    Attributes:
        files: By project, not made into values yet.
        stamps: (size, mtime_ns, inode) by project and file name: what a scan compares with.
        projects: What owners ever decided.
        total_size: In bytes.
    """

    serial: int
    files: Mapping[NormalizedName, Sequence[RecordedFile]]
    stamps: Mapping[str, Mapping[str, tuple[int, int, int]]]
    projects: tuple[ProjectRow, ...]
    file_count: int
    total_size: int


@dataclass(frozen=True, slots=True)
class ForeignRow:
    """A path in the folder, relative with "/", that was not taken in, and why."""

    path: str
    stamp: Stamp
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class TrashRow:
    """A removed file."""

    id: int
    filename: str
    project: NormalizedName
    version: str
    sha256: str
    size: int
    upload_time_us: int
    yanked: str | None
    removed_us: int


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that happened. ``act`` is "added", "removed", "restored", "yanked", ..."""

    at_us: int
    act: str
    filename: str
    project: str
    way: Way
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """Files that went to the trash together; what one Undo brings back.

    Attributes:
        rows: Where they are now.
        files: As they were, in the same order.
    """

    rows: tuple[TrashRow, ...] = ()
    files: tuple[File, ...] = ()
