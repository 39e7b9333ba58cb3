"""A wheel: one .dist-info, a RECORD that tells the truth about every byte, and nothing that escapes.

Sources: PyPUG "Binary distribution format", "Recording installed projects", "Entry points".
"""

import base64
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from cheeseboard.distributions.distribution import WarningReason
from cheeseboard.distributions.filename import ParsedFilename
from cheeseboard.distributions.members import Limits, is_for_windows, printable, whole_number
from cheeseboard.distributions.reading import HashedReader
from cheeseboard.distributions.zip_archive import (
    Directory,
    Member,
    Sink,
    read_directory,
    read_small,
    stream_members,
)
from cheeseboard.errors import InvalidMetadata, MetadataMismatch, RefusalReason, UnsafeArchive

# The hashes that RECORD may use: sha256 or better, from what hashlib guarantees.
_ALGORITHMS = frozenset({"sha256", "sha384", "sha512"})
# RECORD lists each member once; the signatures and blank lines make a few more.
_ROWS_TO_SPARE = 100
_SCHEMES = frozenset({"purelib", "platlib", "headers", "scripts", "data"})
_SIGNATURE_NAMES = ("RECORD.jws", "RECORD.p7s")
_ENTRY_POINT_SECTION = re.compile(r"\[(?P<name>[^\[\]]*)\]")
_WHEEL_VERSION = re.compile(rb"^Wheel-Version:[ \t]*1\.[0-9]+[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)


class _Hash(Protocol):
    def update(self, content: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ArchiveContent:
    """What a distribution's archive told, beside its hashes.

    Attributes:
        metadata: METADATA or PKG-INFO, the very bytes.
        warnings: What is odd about it but harmless.
    """

    metadata: bytes
    warnings: tuple[WarningReason, ...] = ()


def read_wheel(reader: HashedReader, parsed: ParsedFilename, limits: Limits) -> ArchiveContent:
    """Read a wheel whole and verify it against its own RECORD.

    Raises:
        DistributionError: Why it is not taken in.
    """
    directory = read_directory(reader, limits)
    _check_streams(directory)
    dist_info = _find_dist_info(directory, parsed)
    metadata = _required(reader, directory, f"{dist_info}/METADATA", limits.metadata)
    wheel_file = directory.find(f"{dist_info}/WHEEL")
    if wheel_file is None:
        raise InvalidMetadata(RefusalReason.WHEEL_FILE_MISSING)
    if not _WHEEL_VERSION.search(read_small(reader, wheel_file, limits.metadata)):
        raise InvalidMetadata(RefusalReason.INVALID_METADATA, "Wheel-Version")
    _check_data(directory, dist_info)
    entry_points = directory.find(f"{dist_info}/entry_points.txt")
    if entry_points is not None:
        _check_entry_points(read_small(reader, entry_points, limits.metadata))
    record = directory.find(f"{dist_info}/RECORD")
    if record is None:
        raise MetadataMismatch(RefusalReason.RECORD_MISSING)
    most = len(directory.members) + _ROWS_TO_SPARE
    expected = _parse_record(read_small(reader, record, limits.record), most)
    _verify_record(reader, directory, dist_info, expected)
    warnings = [WarningReason.ARCHIVE_COMMENT] if directory.comment else []
    if _may_meet_windows(parsed) and not all(is_for_windows(member.path) for member in directory.members):
        warnings.append(WarningReason.NOT_FOR_WINDOWS)
    return ArchiveContent(metadata, tuple(warnings))


def _check_streams(directory: Directory) -> None:
    """Refuse "a.py:b": on Windows that writes into a.py, out of sight."""
    path = next((member.path for member in directory.members if ":" in member.path), None)
    if path is not None:
        raise UnsafeArchive(RefusalReason.UNSAFE_PATH, printable(path))


def _may_meet_windows(parsed: ParsedFilename) -> bool:
    """Tell whether an installer on Windows may take this wheel."""
    platforms = parsed.filename.removesuffix(".whl").rpartition("-")[2].lower().split(".")
    return any(platform == "any" or platform.startswith("win") for platform in platforms)


def _find_dist_info(directory: Directory, parsed: ParsedFilename) -> str:
    found = {
        top
        for member in directory.members
        if (top := member.path.split("/", 1)[0]).lower().endswith(".dist-info") and "/" in member.path
    }
    if not found:
        raise InvalidMetadata(RefusalReason.METADATA_MISSING)
    if len(found) > 1:
        raise InvalidMetadata(RefusalReason.METADATA_AMBIGUOUS, ", ".join(sorted(found)))
    dist_info = found.pop()
    name, _, version = dist_info[: -len(".dist-info")].partition("-")
    if canonicalize_name(name) != parsed.project:
        raise MetadataMismatch(RefusalReason.NAME_MISMATCH, printable(dist_info))
    try:
        alike = Version(version) == parsed.version
    except InvalidVersion:
        alike = False
    if not alike:
        raise MetadataMismatch(RefusalReason.VERSION_MISMATCH, printable(dist_info))
    return dist_info


def _required(reader: HashedReader, directory: Directory, path: str, limit: int) -> bytes:
    member = directory.find(path)
    if member is None:
        raise InvalidMetadata(RefusalReason.METADATA_MISSING)
    if member.size > limit:
        raise InvalidMetadata(RefusalReason.METADATA_TOO_LARGE, str(member.size))
    return read_small(reader, member, limit)


def _check_entry_points(content: bytes) -> None:
    """Refuse script names that would be written outside the scripts directory."""
    section = ""
    # Lines end at line feeds alone, for every reader; what looks like a header but is none (a comment
    # behind it, two brackets, a byte order mark) is a header to some of them.
    for raw_line in content.decode("utf-8", "replace").split("\n"):
        line = raw_line.strip(" \t\r\f\v")
        if not line or line[0] in "#;":
            continue
        header = _ENTRY_POINT_SECTION.fullmatch(line)
        if header:
            section = header["name"].strip()
        elif "[" in line.partition("=")[0] or line.startswith("\ufeff"):
            raise UnsafeArchive(RefusalReason.UNSAFE_ENTRY_POINT, printable(line))
        elif section in {"console_scripts", "gui_scripts"}:
            name = line.partition("=")[0].strip()
            unsafe = any(character in name for character in "/\\:") or name in {".", ".."}
            if unsafe or not name.isprintable():
                raise UnsafeArchive(RefusalReason.UNSAFE_ENTRY_POINT, printable(name))


def _check_data(directory: Directory, dist_info: str) -> None:
    """Refuse .data members that installers put in different places, or that are a second .dist-info."""
    own = dist_info.removesuffix(".dist-info").lower() + ".data"
    for member in directory.members:
        top, _, rest = member.path.partition("/")
        if not top.lower().endswith(".data") or not rest:
            continue
        scheme, _, inside = rest.partition("/")
        if top.lower() != own or scheme not in _SCHEMES or (not inside and not member.is_directory):
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(member.path))
        if scheme in {"purelib", "platlib"} and inside.split("/", 1)[0].lower().endswith(".dist-info"):
            raise InvalidMetadata(RefusalReason.METADATA_AMBIGUOUS, printable(member.path))


# --- RECORD -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Recorded:
    """One line of RECORD; ``algorithm`` is empty when the line has no hash."""

    algorithm: str
    digest: bytes
    size: int | None


def _rows(content: bytes) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, "RECORD") from error


def _parse_record(content: bytes, most: int) -> dict[str, _Recorded]:
    found: dict[str, _Recorded] = {}
    for number, row in enumerate(_rows(content)):
        if number > most:
            raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, "RECORD")
        if not row:
            continue
        if len(row) != 3:
            raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, printable(",".join(row)))
        # Some Windows builders wrote backslashes; no member of ours holds one.
        path, hash_text, size = row[0].replace("\\", "/"), row[1], row[2]
        recorded = _parse_line(path, hash_text, size)
        if found.setdefault(path, recorded) != recorded:
            raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, printable(path))
    return found


def _parse_line(path: str, hash_text: str, size: str) -> _Recorded:
    algorithm, _, encoded = hash_text.partition("=")
    try:
        digest = base64.b64decode(
            encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4), b"-_", validate=True
        )
    except ValueError as error:
        raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, printable(path)) from error
    number = whole_number(size)
    if (hash_text and algorithm not in _ALGORITHMS) or (size and number is None):
        raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, printable(path))
    return _Recorded(algorithm, digest, number)


def _verify_record(
    reader: HashedReader, directory: Directory, dist_info: str, expected: dict[str, _Recorded]
) -> None:
    """Stream every member past its hash; RECORD lists each exactly once, and nothing else."""
    unhashed = {f"{dist_info}/RECORD", *(f"{dist_info}/{name}" for name in _SIGNATURE_NAMES)}
    hashes: dict[str, _Hash] = {}

    def sink_for(member: Member) -> Sink | None:
        if member.is_directory or member.path in unhashed:
            return None
        recorded = expected.get(member.path)
        if recorded is None or not recorded.algorithm or recorded.size not in {None, member.size}:
            raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, printable(member.path))
        hashes[member.path] = hashlib.new(recorded.algorithm)
        return hashes[member.path].update

    stream_members(reader, directory, sink_for)
    for path, digest in hashes.items():
        if digest.digest() != expected[path].digest:
            raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, printable(path))
    for path in expected:
        if path not in hashes and path not in unhashed and directory.find(path) is None:
            raise MetadataMismatch(RefusalReason.RECORD_MISMATCH, printable(path))
