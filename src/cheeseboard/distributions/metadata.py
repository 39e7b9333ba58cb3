"""Core metadata, read leniently: a wrong field is left out and told, not a reason to refuse the file.

Source: PyPUG "Core metadata specifications". Files with metadata 2.0 (never accepted) and 2.5 are real.
"""

import email.errors
import re
from dataclasses import dataclass

from packaging.metadata import RawMetadata, parse_email
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from cheeseboard.distributions.distribution import WarningReason
from cheeseboard.distributions.members import printable
from cheeseboard.errors import InvalidMetadata, RefusalReason

_SHORTENED_SUMMARY = 512
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_MOST_LINES = 20_000
_MOST_NAMES = 256
_LONGEST_VERSION = 200


@dataclass(frozen=True, slots=True)
class CoreMetadata:
    """The fields on which decisions rest, and those that a list shows.

    Attributes:
        display_name: As spelled.
        summary: One line; may be empty.
        requires_python: A valid specifier, or None.
    """

    name: NormalizedName
    display_name: str
    version: Version
    summary: str
    requires_python: str | None
    warnings: tuple[WarningReason, ...]


@dataclass(frozen=True, slots=True)
class ProjectDetails:
    """What a page about the project shows; every field may be empty."""

    summary: str = ""
    requires_python: str = ""
    license: str = ""
    author: str = ""
    description: str = ""
    description_content_type: str = ""
    requires_dist: tuple[str, ...] = ()
    project_urls: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    classifiers: tuple[str, ...] = ()


def parse_metadata(content: bytes) -> CoreMetadata:
    """Read METADATA or PKG-INFO.

    Raises:
        InvalidMetadata: No single valid Name and Version.
    """
    raw, unparsed = _parse(content)
    for field in ("name", "version"):
        if field in unparsed:
            raise InvalidMetadata(
                RefusalReason.INVALID_METADATA, f"{field.title()}: {_first(unparsed[field])}"
            )
        if not raw.get(field):
            raise InvalidMetadata(RefusalReason.INVALID_METADATA, field.title())
    display_name, version_text = raw["name"].strip(), raw["version"].strip()
    try:
        name = canonicalize_name(display_name, validate=True)
    except InvalidName:
        raise InvalidMetadata(RefusalReason.INVALID_METADATA, f"Name: {printable(display_name)}") from None
    version = _version(version_text)
    requires_python, warnings = _requires_python(raw, unparsed)
    return CoreMetadata(
        name=name,
        display_name=display_name,
        version=version,
        summary=_one_line(raw.get("summary", "")),
        requires_python=requires_python,
        warnings=warnings,
    )


def _version(text: str) -> Version:
    try:
        # The longest plausible one: Python takes long over thousands of digits, or refuses them.
        return Version(text if len(text) <= _LONGEST_VERSION else "")
    except InvalidVersion:
        raise InvalidMetadata(RefusalReason.INVALID_VERSION, printable(text)) from None


def parse_details(content: bytes) -> ProjectDetails:
    """Read what a page about the project shows; unreadable fields are left empty, nothing is raised."""
    try:
        raw, _ = _parse(content)
    except InvalidMetadata:
        return ProjectDetails()
    author = (
        raw.get("author")
        or raw.get("author_email")
        or raw.get("maintainer")
        or raw.get("maintainer_email")
        or ""
    )
    return ProjectDetails(
        summary=_one_line(raw.get("summary", "")),
        requires_python=raw.get("requires_python", ""),
        license=_one_line(raw.get("license_expression") or raw.get("license", "")),
        author=_one_line(author),
        description=raw.get("description", "") or _body(content),
        description_content_type=raw.get("description_content_type", ""),
        requires_dist=tuple(raw.get("requires_dist", ())),
        project_urls=tuple(raw.get("project_urls", {}).items()),
        keywords=tuple(raw.get("keywords", ())),
        classifiers=tuple(raw.get("classifiers", ())),
    )


def _body(content: bytes) -> str:
    """Return what follows the headers: the description, where no header holds it."""
    return "".join(part.decode("utf-8", "replace") for part in _HEAD_END.split(content, maxsplit=1)[1:])


def _parse(content: bytes) -> tuple[RawMetadata, dict[str, list[str]]]:
    head = _HEAD_END.split(content, maxsplit=1)[0]
    lines = head.split(b"\n")
    names = {line.partition(b":")[0].strip().lower() for line in lines if line[:1] not in {b" ", b"\t"}}
    if len(lines) > _MOST_LINES or len(names) > _MOST_NAMES:
        # packaging's reader takes quadratic time for many different names.
        raise InvalidMetadata(RefusalReason.METADATA_TOO_LARGE, str(len(content)))
    try:
        # Without the body: nobody decides by it, and mail knows bodies that nest without end.
        return parse_email(head + b"\n\n")
    except (ValueError, LookupError, email.errors.MessageError) as error:
        raise InvalidMetadata(RefusalReason.INVALID_METADATA, printable(str(error))) from error


def _requires_python(
    raw: RawMetadata, unparsed: dict[str, list[str]]
) -> tuple[str | None, tuple[WarningReason, ...]]:
    text = raw.get("requires_python", "").strip()
    if not text:
        odd = "requires-python" in unparsed or "requires_python" in unparsed
        return None, (WarningReason.INVALID_REQUIRES_PYTHON,) if odd else ()
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return None, (WarningReason.INVALID_REQUIRES_PYTHON,)
    return text, ()


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()), _SHORTENED_SUMMARY)


def _first(values: list[str]) -> str:
    return printable(str(values[0])) if values else ""
