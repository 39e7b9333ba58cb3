"""What a request's conditions and ranges ask for (RFC 9110, sections 13 and 14), decided purely."""

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

# At most 18 digits: nobody has a larger file, and int() of a long text is slow on purpose.
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """A satisfiable range: ``length`` bytes from ``start``."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """A well-formed range that lies outside the file: answered with 416."""


def matches_etag(if_none_match: str, etag: str) -> bool:
    """Return whether the client holds what ``etag`` names, so that 304 is the answer.

    The comparison is weak (RFC 9110, 13.1.2): proxies turn a strong ETag into ``W/"..."``.
    """
    if if_none_match.strip() == "*":
        return True
    return any(candidate.strip().removeprefix("W/") == etag for candidate in if_none_match.split(","))


def unmodified_since(if_modified_since: str, last_modified: str) -> bool:
    """Return whether ``last_modified`` is not later than the date that the client names."""
    if if_modified_since == last_modified:
        return True
    try:
        return parsedate_to_datetime(last_modified) <= parsedate_to_datetime(if_modified_since)
    except (TypeError, ValueError, OverflowError):
        return False


def choose_range(
    range_header: str,
    if_range: str | None,
    *,
    size: int,
    etag: str,
    last_modified: str,
) -> ByteRange | Unsatisfiable | None:
    """Return the one range to send; None when the whole file is the answer.

    Several ranges at once, a unit other than bytes, a malformed range, and an ``If-Range`` that does
    not name exactly this file are answered with the whole file, as RFC 9110 allows.
    """
    if if_range is not None and if_range.strip() not in {etag, last_modified}:
        return None
    match = _RANGE.fullmatch(range_header)
    if match is None or match.group(1, 2) == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        wanted = min(int(last), size)
        return ByteRange(size - wanted, wanted) if wanted else Unsatisfiable()
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        return Unsatisfiable()
    end = min(int(last), size - 1) if last else size - 1
    return ByteRange(start, end - start + 1)
