"""Attestations that come along with an upload (PEP 740): their shape, and whether they are about this file.

Who signed them is not decided here: that takes a root of trust, which is the reader's to choose. They
are kept as they came, so that whoever installs can verify them.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cheeseboard.distributions.distribution import Kind
from cheeseboard.distributions.filename import ParsedFilename, parse_filename, wheel_tags
from cheeseboard.distributions.members import printable
from cheeseboard.errors import InvalidFilename

_STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
# The two that the specification names ("Index hosted attestations", attestation statement): SLSA provenance,
# and the publish attestation, which is known by its path: an index may document it under its own host.
_SLSA = "https://slsa.dev/provenance/v1"
_PUBLISH = re.compile(r"https://[a-z0-9.-]+/attestations/publish/v1")
_MOST = 32
# Real ones nest to a dozen; every reader has an end, and none has the same.
_DEEPEST = 64


class InvalidAttestations(Exception):
    """They are not what the specification says, or are about another file; told in plain words."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The file that a statement is about.

    Attributes:
        sha256: Lowercase hex.
    """

    filename: str
    sha256: str


def check_attestations(text: str, *, filename: str, sha256: str) -> bytes:
    """Return the attestations as they are kept: a JSON array, in UTF-8.

    Args:
        text: What was sent.
        filename: The file's.
        sha256: Of the file, lowercase hex.

    Raises:
        InvalidAttestations: They can't be kept, and why.
    """
    attestations = _parse(text)
    if not isinstance(attestations, list) or not attestations:
        raise InvalidAttestations("they are not a JSON array of at least one attestation")
    if len(attestations) > _MOST:
        raise InvalidAttestations(f"there are more than {_MOST} of them")
    for attestation in attestations:
        subject = read_subject(attestation)
        if subject.sha256 != sha256:
            raise InvalidAttestations("one is about other bytes: its sha256 is not that of the file")
        if not _is_same_name(subject.filename, filename):
            raise InvalidAttestations(f"one is about another file, {printable(subject.filename)}")
    return _encode(attestations)


def read_subject(attestation: object) -> Subject:
    """Return what one attestation is about.

    Raises:
        InvalidAttestations: It has not the shape of one.
    """
    top = _object(attestation, "an attestation")
    if top.get("version") != 1 or top["version"] is True:
        raise InvalidAttestations("one is not of version 1")
    material = _object(top.get("verification_material"), "verification_material")
    _base64(material.get("certificate"), "certificate")
    entries = material.get("transparency_entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidAttestations("transparency_entries is not an array of objects")
    envelope = _object(top.get("envelope"), "envelope")
    _base64(envelope.get("signature"), "signature")
    statement = _object(_parse(_base64(envelope.get("statement"), "statement")), "the statement")
    return _read_statement(statement)


def _read_statement(statement: dict[str, Any]) -> Subject:
    if statement.get("_type") != _STATEMENT_TYPE:
        raise InvalidAttestations("a statement is not an in-toto statement of version 1")
    predicate_type = str(statement.get("predicateType"))
    if predicate_type != _SLSA and not _PUBLISH.fullmatch(predicate_type):
        raise InvalidAttestations("a statement has a predicateType that the specification doesn't know")
    subjects = statement.get("subject")
    if not isinstance(subjects, list) or len(subjects) != 1:
        raise InvalidAttestations("a statement has not exactly one subject")
    subject = _object(subjects[0], "a subject")
    name, sha256 = subject.get("name"), _object(subject.get("digest"), "digest").get("sha256")
    if not isinstance(name, str) or not isinstance(sha256, str):
        raise InvalidAttestations("a subject has no name or no sha256")
    return Subject(name, sha256.lower())


def _parse(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidAttestations("they are not JSON") from None


def _encode(attestations: list[Any]) -> bytes:
    """Return JSON that every reader takes: Python's own also takes NaN, and half a surrogate pair."""
    level: list[Any] = [attestations]
    for _ in range(_DEEPEST):
        level = [each for value in level for each in _values(value)]
    if level:
        raise InvalidAttestations("they nest too deeply")
    try:
        return json.dumps(attestations, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise InvalidAttestations("they hold a number or a text that JSON has not") from None


def _values(value: object) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidAttestations(f"{what} is not a JSON object")
    return value


def _base64(value: object, what: str) -> bytes:
    try:
        decoded = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        decoded = b""
    if not decoded:
        raise InvalidAttestations(f"{what} is not base64")
    return decoded


def _is_same_name(subject: str, filename: str) -> bool:
    """Tell whether two names are one when read as the specifications of file names say."""
    if subject == filename:
        return True
    try:
        return _meaning(parse_filename(subject)) == _meaning(parse_filename(filename))
    except InvalidFilename:
        return False


def _meaning(parsed: ParsedFilename) -> tuple[object, ...]:
    tags = wheel_tags(parsed.filename) if parsed.kind is Kind.WHEEL else parsed.filename[-4:].lower()
    return parsed.kind, parsed.candidates, parsed.build, tags
