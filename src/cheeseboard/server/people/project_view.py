"""What a project's page shows, worked out from its files and its newest metadata."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from cheeseboard.distributions.metadata import ProjectDetails
from cheeseboard.index.build import offered_files
from cheeseboard.repository.snapshot import File, Project

_MOST_DEPENDENCIES = 500


@dataclass(frozen=True, slots=True)
class Release:
    """One version's files, as a page shows them."""

    version: str
    files: tuple[File, ...]

    @property
    def yanked(self) -> bool:
        """Whether every file of it is."""
        return all(file.yanked is not None for file in self.files)

    @property
    def date(self) -> datetime:
        """When its first file came in."""
        return min(file.upload_time for file in self.files)

    @property
    def requires_python(self) -> str | None:
        """What its first file that says so says."""
        return next((file.requires_python for file in self.files if file.requires_python), None)


@dataclass(frozen=True, slots=True)
class Dependency:
    """One requirement of a project.

    Attributes:
        name: As it is written there.
        project: Normalized; empty when the requirement could not be read.
        details: Extras and versions, "[security]>=2".
        condition: When it applies, as written in a marker; may be empty.
        is_local: Whether the project is in this repository.
    """

    name: str
    project: str
    details: str
    condition: str
    is_local: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A project URL."""

    label: str
    url: str


def shown_file(project: Project) -> File | None:
    """Return the file whose metadata speaks for the project: the one that an installer would prefer."""
    files = offered_files(project)
    latest = project.latest
    return next((file for file in files if file.version == latest), None)


def list_releases(project: Project) -> list[Release]:
    """Return the releases that may be downloaded, newest first."""

    def group() -> Iterator[Release]:
        for version, files in groupby(offered_files(project), key=lambda file: file.version):
            yield Release(version, tuple(files))

    return list(group())


def list_dependencies(details: ProjectDetails, here: Container[NormalizedName]) -> list[Dependency]:
    """Return what a project requires, in the order of its metadata."""
    return [_read(text, here) for text in details.requires_dist[:_MOST_DEPENDENCIES]]


def list_links(details: ProjectDetails) -> list[Link]:
    """Return the project's links that lead to web pages."""
    return [Link(label, url) for label, url in details.project_urls if _is_web_page(url)]


def _read(text: str, here: Container[NormalizedName]) -> Dependency:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return Dependency(text, "", "", "", is_local=False)
    project = canonicalize_name(requirement.name)
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    details = (
        f"{extras}{requirement.specifier}" if requirement.url is None else f"{extras} @ {requirement.url}"
    )
    condition = str(requirement.marker) if requirement.marker else ""
    return Dependency(requirement.name, project, details, condition, is_local=project in here)


def _is_web_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
