"""A distribution as the rest of the house knows it, and the verdict on a file that is none."""

from dataclasses import dataclass
from enum import StrEnum

from packaging.utils import NormalizedName

from cheeseboard.errors import RefusalReason


class Kind(StrEnum):
    """The two kinds of distribution that an index may list."""

    WHEEL = "wheel"
    SDIST = "sdist"


class WarningReason(StrEnum):
    """What is odd about an accepted file; shown to its owner."""

    INVALID_REQUIRES_PYTHON = "invalid-requires-python"
    ARCHIVE_COMMENT = "archive-comment"
    UNUSUAL_METADATA = "unusual-metadata"
    NOT_FOR_WINDOWS = "not-for-windows"


@dataclass(frozen=True, slots=True)
class Distribution:
    """One wheel or sdist, judged and accepted.

    Attributes:
        filename: The file's name, plain ASCII.
        project: The normalized project name.
        version: The normalized PEP 440 version.
        kind: Wheel or sdist.
        size: In bytes.
        sha256: Of the whole file, lowercase hex.
        metadata: METADATA (wheel) or PKG-INFO (sdist), the very bytes.
        metadata_sha256: Of ``metadata``, lowercase hex.
        display_name: The name as the metadata spells it.
        summary: One line; may be empty.
        requires_python: A valid specifier, or None (absent, or invalid: see ``warnings``).
        warnings: What is odd, for the owner's eyes.
        blake2b_256: Of the whole file, where it was asked for.
    """

    filename: str
    project: NormalizedName
    version: str
    kind: Kind
    size: int
    sha256: str
    metadata: bytes
    metadata_sha256: str
    display_name: str
    summary: str
    requires_python: str | None
    warnings: tuple[WarningReason, ...] = ()
    blake2b_256: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The verdict on a file that is not taken in.

    Attributes:
        reason: For machines; ``cheeseboard.wording`` has the sentence.
        detail: The fact behind it: a member's name, the two versions that differ. May be empty.
    """

    reason: RefusalReason
    detail: str = ""
