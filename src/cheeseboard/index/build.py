"""From the repository's snapshot to the Simple API's values."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import NormalizedName
from packaging.version import Version

from cheeseboard.distributions.distribution import Kind
from cheeseboard.index.model import File, ProjectDetail, ProjectList
from cheeseboard.repository import snapshot
from cheeseboard.repository.snapshot import ProjectStatus

PROVENANCE_SUFFIX = ".provenance"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def build_project_list(names: Iterable[NormalizedName]) -> ProjectList:
    """Return the root page's value."""
    return ProjectList(tuple(sorted(set(names))))


def build_project_detail(project: snapshot.Project, origin: str = "") -> ProjectDetail:
    """Return a project page's value.

    A quarantined project offers no file (PEP 792).

    Args:
        project: The project.
        origin: Scheme and host under which it is served ("https://localhost:8443"): the specification
            wants the URLs of provenance objects absolute.
    """
    files = offered_files(project)
    versions = {file.version for file in files}
    return ProjectDetail(
        name=project.name,
        files=tuple(build_file(file, origin) for file in files),
        versions=tuple(sorted(versions, key=Version)),
        status=project.status,
        status_reason=project.status_reason,
    )


def offered_files(project: snapshot.Project) -> tuple[snapshot.File, ...]:
    """Return the files that may be listed and downloaded."""
    return () if project.status is ProjectStatus.QUARANTINED else project.files


def build_file(file: snapshot.File, origin: str = "") -> File:
    """Return one file's entry."""
    return File(
        filename=file.filename,
        url=quote(file.filename, safe=""),
        sha256=file.sha256,
        size=file.size,
        upload_time=format_upload_time(file.upload_time_us),
        metadata_sha256=file.metadata_sha256 if file.kind is Kind.WHEEL else None,
        requires_python=_valid_specifier(file.requires_python),
        yanked=file.yanked,
        provenance=_provenance(file, origin) if file.attestations_sha256 else None,
    )


def _provenance(file: snapshot.File, origin: str) -> str:
    return f"{origin}/simple/{file.project}/{quote(file.filename, safe='')}{PROVENANCE_SUFFIX}"


def format_upload_time(microseconds: int) -> str:
    """Return microseconds since the epoch as the specification writes a time (PEP 700)."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _valid_specifier(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return None
    return text
