"""What an archive may contain at all: the rules for a member's path, and the limits of expansion."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from cheeseboard.errors import RefusalReason, UnsafeArchive


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an archive may be inside; parameters so that tests need no large files.

    Attributes:
        members: Most members; ansible's wheel has 21,385.
        directory: Most bytes of a zip's central directory.
        expansion: An archive that unpacks to more bytes than this ...
        ratio: ... and to more than this many times its own size, is refused.
        metadata: Most bytes of METADATA, PKG-INFO, WHEEL, entry_points.txt.
        record: Most bytes of RECORD.
    """

    members: int = 50_000
    directory: int = 16 * 1024 * 1024
    expansion: int = 64 * 1024 * 1024
    ratio: int = 50
    metadata: int = 5 * 1024 * 1024
    record: int = 16 * 1024 * 1024

    def allowed_expansion(self, archive_size: int) -> int:
        """Return how many bytes an archive of ``archive_size`` bytes may unpack to."""
        return max(self.expansion, self.ratio * archive_size)


DEFAULT_LIMITS = Limits()

# What nearly every path is, so that nearly every path is checked by one match: components that begin
# with no dot (or a dot and a letter) and hold nothing odd.
_PLAIN_PATH = re.compile(
    r"(?:\.?[A-Za-z0-9_+@~-][A-Za-z0-9_.+@~ -]*/)*(?:\.?[A-Za-z0-9_+@~-][A-Za-z0-9_.+@~ -]*/?)"
)
_LONGEST_PATH = 1024
_LONGEST_COMPONENT = 255
_DEEPEST = 50


def check_path(path: str) -> None:
    """Hold one member's path ("a/b", or "a/b/" for a directory) against the rules.

    Raises:
        UnsafeArchive: UNSAFE_PATH with the offending path, shortened and printable.
    """
    if _PLAIN_PATH.fullmatch(path) and len(path) <= _LONGEST_COMPONENT and path.count("/") < _DEEPEST:
        return
    components = path.removesuffix("/").split("/")
    if (
        "\\" in path
        or any(component in {"", ".", ".."} for component in components)
        or (len(path) > 1 and path[1] == ":" and path[0].isalpha())
        or any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in path)
        or len(components) > _DEEPEST
        or _encoded_length(path) > _LONGEST_PATH
        or max(map(_encoded_length, components)) > _LONGEST_COMPONENT
    ):
        raise UnsafeArchive(RefusalReason.UNSAFE_PATH, printable(path))


# What Windows makes no file of: the names of devices, and characters of its own.
_NOT_FOR_WINDOWS = re.compile(
    r"(?:^|/)(?:con|prn|aux|nul|conin\$|conout\$|com[1-9]|lpt[1-9])(?:\.[^/]*)?(?:/|$)|[<>:\"|?*]",
    re.IGNORECASE,
)


def check_unchanged_by_windows(path: str) -> None:
    """Refuse a path that Windows takes for another one: it drops dots and spaces that end a name.

    Raises:
        UnsafeArchive: UNSAFE_PATH with the path.
    """
    if path[-1:] in {".", " "} or "./" in path or " /" in path:
        raise UnsafeArchive(RefusalReason.UNSAFE_PATH, printable(path))


def is_for_windows(path: str) -> bool:
    """Tell whether Windows can make a file of this path."""
    return _NOT_FOR_WINDOWS.search(path) is None


def check_collisions(paths: Iterable[str]) -> None:
    """Refuse paths that some file system would take for one, or a file that is also a directory.

    Raises:
        UnsafeArchive: DUPLICATE_MEMBER with the path.
    """
    seen: set[str] = set()
    directories: set[str] = set()
    for path in paths:
        folded = path if path.isascii() and path.islower() else unicodedata.normalize("NFC", path).casefold()
        if folded in seen:
            raise UnsafeArchive(RefusalReason.DUPLICATE_MEMBER, printable(path))
        seen.add(folded)
        if folded.endswith("/"):
            directories.add(folded[:-1])
        parent = folded.removesuffix("/").rpartition("/")[0]
        while parent and parent not in directories:
            directories.add(parent)
            parent = parent.rpartition("/")[0]
    both = next((path for path in seen if path in directories), None)
    if both is not None:
        raise UnsafeArchive(RefusalReason.DUPLICATE_MEMBER, printable(both))


def whole_number(text: str) -> int | None:
    """Return a number written in plain digits; None for anything else, and for what no size ever is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _encoded_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def printable(text: str, limit: int = 120) -> str:
    """Return ``text`` fit for a sentence: no control characters, not longer than ``limit``."""
    clean = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return clean if len(clean) <= limit else clean[: limit - 1] + "\N{HORIZONTAL ELLIPSIS}"
