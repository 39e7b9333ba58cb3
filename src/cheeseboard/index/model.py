"""The Simple repository API's nouns as frozen values, between the snapshot and what is rendered.

Fields carry the specification's own values (version 1.4): a URL is already relative and escaped, a
time already written, so that both renderings of one value say the same.
"""

from dataclasses import dataclass

from packaging.utils import NormalizedName

from cheeseboard.repository.snapshot import ProjectStatus

API_VERSION = "1.4"


@dataclass(frozen=True, slots=True)
class ProjectList:
    """The root page.

    Attributes:
        names: Every project's normalized name, sorted, each once.
    """

    names: tuple[NormalizedName, ...]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a project page.

    Attributes:
        url: Relative to the project page, percent-escaped, without a fragment.
        sha256: Lowercase hex.
        metadata_sha256: None when there is no ``<file>.metadata`` beside it (sdists).
        requires_python: A valid specifier; None when absent or invalid (uv drops such files silently).
        upload_time: "YYYY-MM-DDThh:mm:ss[.ffffff]Z".
        yanked: None if not; else the reason, possibly empty (PEP 592).
        provenance: Absolute URL of the provenance object (PEP 740), as the specification wants it; None
            without attestations.
    """

    filename: str
    url: str
    sha256: str
    size: int
    upload_time: str
    metadata_sha256: str | None = None
    requires_python: str | None = None
    yanked: str | None = None
    provenance: str | None = None


@dataclass(frozen=True, slots=True)
class ProjectDetail:
    """A project's page.

    Attributes:
        versions: Each once, in PEP 440 order; covers every file.
        status_reason: Free text of the owner (PEP 792); may be empty.
    """

    name: NormalizedName
    files: tuple[File, ...]
    versions: tuple[str, ...]
    status: ProjectStatus = ProjectStatus.ACTIVE
    status_reason: str = ""
