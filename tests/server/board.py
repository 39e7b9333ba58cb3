"""A repository as the server sees it, made of values and real files, without the repository's room."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from packaging.utils import NormalizedName, canonicalize_name, parse_sdist_filename, parse_wheel_filename

from cheeseboard.distributions.distribution import Kind
from cheeseboard.repository.snapshot import File, Project, ProjectStatus, Snapshot
from cheeseboard.server.ports import Source
from cheeseboard.server.traffic.agent import Agent

METADATA = b"Metadata-Version: 2.4\nName: acme-core\nVersion: 1.0\n"
UPLOADED_US = 1_790_000_000_123_456


def make_file(
    filename: str,
    content: bytes = b"content",
    *,
    metadata: bytes = METADATA,
    requires_python: str | None = ">=3.8",
    yanked: str | None = None,
    summary: str = "A package",
    upload_time_us: int = UPLOADED_US,
) -> File:
    """Return a file as the repository would describe ``content``."""
    if filename.endswith(".whl"):
        project, version, _, _ = parse_wheel_filename(filename)
    else:
        project, version = parse_sdist_filename(filename)
    return File(
        filename=filename,
        project=project,
        version=str(version),
        kind=Kind.WHEEL if filename.endswith(".whl") else Kind.SDIST,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        metadata_sha256=hashlib.sha256(metadata).hexdigest(),
        summary=summary,
        requires_python=requires_python,
        upload_time_us=upload_time_us,
        yanked=yanked,
    )


def make_project(
    name: str,
    files: Iterable[File],
    *,
    status: ProjectStatus = ProjectStatus.ACTIVE,
    status_reason: str = "",
) -> Project:
    """Return a project that holds ``files``."""
    return Project(canonicalize_name(name), name, tuple(files), status, status_reason)


def make_snapshot(*projects: Project, serial: int = 1) -> Snapshot:
    """Return a snapshot of ``projects``."""
    files = [file for project in projects for file in project.files]
    return Snapshot(
        serial=serial,
        projects=MappingProxyType({project.name: project for project in projects}),
        file_count=len(files),
        total_size=sum(file.size for file in files),
    )


@dataclass
class Board:
    """A folder with files, the snapshot that describes them, and what the server reported back."""

    folder: Path
    snapshot: Snapshot = field(default_factory=Snapshot)
    metadata: dict[str, bytes] = field(default_factory=dict)
    available: bool = True
    downloads: list[tuple[str, str, str]] = field(default_factory=list)
    ca_pem: bytes = b""
    hosts: frozenset[str] = frozenset({"localhost", "testserver", "127.0.0.1"})

    def add(
        self, filename: str, content: bytes = b"content", *, metadata: bytes = METADATA, **facts: object
    ) -> File:
        """Put a file into the folder and a new snapshot."""
        file = make_file(filename, content, metadata=metadata, **facts)  # type: ignore[arg-type]  # passed through
        path = self.path_of(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.metadata[filename] = metadata
        self.put(file)
        return file

    def put(self, file: File) -> None:
        """Put a file into a new snapshot only."""
        projects = dict(self.snapshot.projects)
        old = projects.get(file.project)
        files = (*(each for each in old.files if each.filename != file.filename), file) if old else (file,)
        projects[file.project] = replace(old, files=files) if old else make_project(file.project, files)
        self.publish(*projects.values())

    def publish(self, *projects: Project) -> None:
        """Make a new snapshot of exactly these projects the current one."""
        self.snapshot = make_snapshot(*projects, serial=self.snapshot.serial + 1)

    def path_of(self, file: File) -> Path:
        """Where a file lies."""
        return self.folder / file.project / file.filename

    def project(self, name: str) -> Project:
        """Return a project of the current snapshot."""
        return self.snapshot.projects[NormalizedName(name)]

    def _on_download(self, file: File, address: str, agent: Agent) -> None:
        self.downloads.append((file.filename, address, agent.installer))

    def source(self) -> Source:
        """Return the port through which the server reads."""
        return Source(
            name="team-packages",
            snapshot=lambda: self.snapshot,
            path_of=self.path_of,
            metadata_of=lambda file: self.metadata.get(file.filename),
            available=lambda: self.available,
            ca_pem=self.ca_pem,
            on_download=lambda file, address, agent: self.downloads.append(
                (file.filename, address, agent.installer)
            ),
        )
