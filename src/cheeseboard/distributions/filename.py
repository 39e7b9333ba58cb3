"""What a file's name alone tells: the first look at a file, and all that a drag overlay can know."""

import re
from dataclasses import dataclass

from packaging.tags import Tag
from packaging.utils import (
    InvalidName,
    InvalidWheelFilename,
    NormalizedName,
    canonicalize_name,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from cheeseboard.distributions.distribution import Kind
from cheeseboard.errors import InvalidFilename, RefusalReason

# The grammar of the binary distribution format, in ASCII. packaging's own parser accepts more:
# any Unicode word character in the name, and anything at all in a tag.
_WHEEL = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)"
    r"-(?P<version>[A-Za-z0-9_.!+]+)"
    r"(?:-(?P<build>[0-9][A-Za-z0-9_.]*))?"
    r"-(?P<tag>[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"
    r"-[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*"
    r"-[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)"
    r"\.whl",
    re.ASCII,
)
_SDIST_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*-[A-Za-z0-9._+!-]*[A-Za-z0-9]", re.ASCII)
_SDIST_SUFFIXES = (".tar.gz", ".zip")
# Formats that an index does not list any more (PEP 527, PEP 715), and those that never were Python's.
LEGACY_SUFFIXES = (
    ".tar.bz2",
    ".tar.xz",
    ".tar.lzma",
    ".tar.z",
    ".tgz",
    ".tbz2",
    ".tbz",
    ".tar",
    ".egg",
    ".exe",
    ".msi",
    ".rpm",
    ".deb",
    ".dmg",
)
# No file system that we meet allows a longer name; our own suffixes (".metadata") need room too.
_LONGEST_NAME = 240


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read an sdist's name; older names hold several dashes, and the metadata decides."""

    project: NormalizedName
    version: Version


@dataclass(frozen=True, slots=True)
class ParsedFilename:
    """The facts in a distribution's file name.

    Attributes:
        candidates: At least one; exactly one for a wheel. The likeliest first.
        build: A wheel's build tag, or empty.
        tag: A wheel's tag triple as written ("py2.py3-none-any"), or empty.
    """

    filename: str
    kind: Kind
    candidates: tuple[Candidate, ...]
    build: str = ""
    tag: str = ""

    @property
    def project(self) -> NormalizedName:
        """The likeliest normalized project name."""
        return self.candidates[0].project

    @property
    def version(self) -> Version:
        """The likeliest version."""
        return self.candidates[0].version


def parse_filename(filename: str) -> ParsedFilename:
    """Read a distribution's file name.

    Raises:
        InvalidFilename: With NOT_A_DISTRIBUTION, LEGACY_FORMAT, INVALID_FILENAME or INVALID_VERSION.

    Sources: PyPUG "Binary distribution format", "Source distribution format" (PEP 625), PEP 440.
    """
    lowered = filename.lower()
    if lowered.endswith(".whl"):
        return _parse_wheel(filename)
    for suffix in _SDIST_SUFFIXES:
        if lowered.endswith(suffix):
            return _parse_sdist(filename, filename[: -len(suffix)])
    legacy = next((suffix for suffix in LEGACY_SUFFIXES if lowered.endswith(suffix)), None)
    if legacy:
        raise InvalidFilename(RefusalReason.LEGACY_FORMAT, legacy)
    raise InvalidFilename(RefusalReason.NOT_A_DISTRIBUTION)


def wheel_tags(filename: str) -> frozenset[Tag]:
    """Return the compatibility tags of a wheel whose name is known to be good."""
    return parse_wheel_filename(filename)[3]


def _parse_wheel(filename: str) -> ParsedFilename:
    match = _WHEEL.fullmatch(filename)
    if match is None or len(filename) > _LONGEST_NAME:
        raise InvalidFilename(RefusalReason.INVALID_FILENAME)
    try:
        version = Version(match["version"])
    except InvalidVersion:
        raise InvalidFilename(RefusalReason.INVALID_VERSION, match["version"]) from None
    try:
        project, _, _, _ = parse_wheel_filename(filename)
        canonicalize_name(match["name"], validate=True)
    except (InvalidWheelFilename, InvalidName) as error:
        raise InvalidFilename(RefusalReason.INVALID_FILENAME, str(error)) from None
    return ParsedFilename(
        filename=filename,
        kind=Kind.WHEEL,
        candidates=(Candidate(project, version),),
        build=match["build"] or "",
        tag=match["tag"],
    )


def _parse_sdist(filename: str, stem: str) -> ParsedFilename:
    if "-" not in stem:
        raise InvalidFilename(RefusalReason.NOT_A_DISTRIBUTION)
    if not _SDIST_STEM.fullmatch(stem) or len(filename) > _LONGEST_NAME:
        raise InvalidFilename(RefusalReason.INVALID_FILENAME)
    candidates = tuple(_sdist_candidates(stem))
    if not candidates:
        version = re.search(r"-(\d.*)", stem)
        raise InvalidFilename(RefusalReason.INVALID_VERSION, version[1] if version else stem)
    return ParsedFilename(filename=filename, kind=Kind.SDIST, candidates=candidates)


def _sdist_candidates(stem: str) -> list[Candidate]:
    found = []
    dash = stem.rfind("-")
    while dash > 0:
        try:
            project = canonicalize_name(stem[:dash], validate=True)
            found.append(Candidate(project, Version(stem[dash + 1 :])))
        except (InvalidName, InvalidVersion):
            pass
        dash = stem.rfind("-", 0, dash)
    return found
