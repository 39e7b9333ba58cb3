"""The repository at one moment, frozen: what the index renders and both faces read.

A change builds a new snapshot that shares every project it did not touch; ``is`` on two projects
therefore tells whether anything about that project changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from packaging.utils import NormalizedName
from packaging.version import Version

from cheeseboard.distributions.distribution import Kind, WarningReason


class ProjectStatus(StrEnum):
    """PEP 792."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    QUARANTINED = "quarantined"
    DEPRECATED = "deprecated"


class File(NamedTuple):
    """One file that the index offers. A tuple: a hundred thousand are made at a start.

    Attributes:
        version: Normalized PEP 440.
        sha256: Lowercase hex.
        metadata_sha256: Of the core metadata; what the index announces for wheels.
        requires_python: A valid specifier, or None.
        upload_time_us: When it came in, microseconds since the epoch, UTC.
        yanked: None if not; else the reason, possibly empty.
        attestations_sha256: Of what was attested of it when it was uploaded (PEP 740); None if nothing was.
    """

    filename: str
    project: NormalizedName
    version: str
    kind: Kind
    size: int
    sha256: str
    metadata_sha256: str
    summary: str
    requires_python: str | None
    upload_time_us: int
    yanked: str | None = None
    warnings: tuple[WarningReason, ...] = ()
    attestations_sha256: str | None = None

    @property
    def upload_time(self) -> datetime:
        """When it came in, as an aware datetime."""
        return datetime.fromtimestamp(self.upload_time_us / 1_000_000, UTC)


@dataclass(frozen=True, slots=True)
class Project:
    """One project and its files.

    Attributes:
        name: Normalized.
        display_name: As its newest metadata spells it, or as the owner decided.
        files: Newest version first; within a version wheels before sdists, then by name.
    """

    name: NormalizedName
    display_name: str
    files: tuple[File, ...]
    status: ProjectStatus = ProjectStatus.ACTIVE
    status_reason: str = ""

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version with a file, newest first, each once."""
        return tuple(dict.fromkeys(file.version for file in self.files))

    @property
    def latest(self) -> str:
        """What an installer would prefer: final before pre-release, not yanked before yanked."""
        return latest_version(self.files)

    @property
    def offered(self) -> str:
        """The version that an installer takes unasked; empty while all are yanked or quarantined."""
        if self.status is ProjectStatus.QUARANTINED:
            return ""
        return latest_version(tuple(file for file in self.files if file.yanked is None))

    @property
    def summary(self) -> str:
        """The newest file's one-line description; may be empty."""
        return self.files[0].summary if self.files else ""

    @property
    def size(self) -> int:
        """Of all files, in bytes."""
        return sum(file.size for file in self.files)

    @property
    def newest_upload_us(self) -> int:
        """When the newest file came in, microseconds since the epoch; 0 without files."""
        return max((file.upload_time_us for file in self.files), default=0)


def latest_version(files: tuple[File, ...]) -> str:
    """Return the version an installer would prefer among ``files``; empty without files.

    Finals win over pre-releases, and what is not yanked over what is (PEP 592).
    """
    if not files:
        return ""

    def preference(file: File) -> tuple[bool, bool, Version]:
        version = Version(file.version)
        return (file.yanked is None, not version.is_prerelease, version)

    return max(files, key=preference).version


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All projects at one moment.

    Attributes:
        serial: Grows with every change.
        projects: By normalized name.
        file_count: Of all projects.
        total_size: In bytes, of all files.
    """

    serial: int = 0
    projects: Mapping[NormalizedName, Project] = field(default_factory=lambda: MappingProxyType({}))
    file_count: int = 0
    total_size: int = 0

    def find(self, project: str, filename: str) -> File | None:
        """Return the file of that exact name in that project (normalized name), or None."""
        found = self.projects.get(NormalizedName(project))
        if found is None:
            return None
        return next((file for file in found.files if file.filename == filename), None)

    def files(self) -> Iterator[File]:
        """Yield every file of every project."""
        for project in self.projects.values():
            yield from project.files
