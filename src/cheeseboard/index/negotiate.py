"""Which form of a page a client is given: its Accept header, or ``?format=``, against what we render."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache


class Form(Enum):
    """The three forms of a page; the value is the Content-Type, which never holds a wildcard.

    The order is ours on a tie: JSON before HTML, ``text/html`` last.
    """

    JSON = "application/vnd.pypi.simple.v1+json"
    HTML = "application/vnd.pypi.simple.v1+html"
    LEGACY_HTML = "text/html"


class Encoding(Enum):
    """How a page's bytes travel; the value is the Content-Encoding."""

    IDENTITY = "identity"
    GZIP = "gzip"
    ZSTD = "zstd"


SUPPORTED = tuple(form.value for form in Form)
_LATEST: Mapping[str, Form] = {
    "application/vnd.pypi.simple.latest+json": Form.JSON,
    "application/vnd.pypi.simple.latest+html": Form.HTML,
}
_FORMS: Mapping[str, Form] = {**{form.value: form for form in Form}, **_LATEST}


def form_by_name(name: str) -> Form | None:
    """Return the form that ``?format=`` names; ``latest`` is answered with v1 (PEP 691)."""
    return _FORMS.get(name.strip().lower())


@lru_cache(maxsize=256)
def choose_form(accept: str | None) -> Form | None:
    """Return the form to send, or None when the client accepts none of ours (406).

    Args:
        accept: The Accept header; None, as empty, means ``*/*`` (RFC 9110, 12.5.1).
    """
    ranges = tuple(_media_ranges(accept)) if accept and accept.strip() else (("*/*", 1.0),)
    best: Form | None = None
    best_quality = 0.0
    for form in Form:
        named = [quality for name, quality in ranges if _LATEST.get(name) is form]
        quality = max([_quality(form.value, ranges), *named])
        if quality > best_quality:
            best, best_quality = form, quality
    return best


@lru_cache(maxsize=256)
def choose_encoding(accept_encoding: str | None) -> Encoding:
    """Return the encoding to send: of those with the best quality above 0 the smallest, else none.

    A client that does not name any, or names only what we don't make, is sent the page as it is.
    """
    quality: dict[str, float] = {}
    for name, value in _media_ranges(accept_encoding or ""):
        quality.setdefault("gzip" if name == "x-gzip" else name, value)
    rest = quality.get("*", 0.0)
    best, best_quality = Encoding.IDENTITY, 0.0
    for encoding in (Encoding.ZSTD, Encoding.GZIP):
        # A wildcard is answered with what every client has had for decades.
        found = quality.get(encoding.value, rest if encoding is Encoding.GZIP else 0.0)
        if found > best_quality:
            best, best_quality = encoding, found
    return best


@lru_cache(maxsize=256)
def prefers_html(accept: str | None) -> bool:
    """Return whether a person reads the answer: a browser asks for ``text/html`` before all else."""
    if not accept:
        return False
    ranges = tuple(_media_ranges(accept))
    html = max((quality for name, quality in ranges if name == "text/html"), default=0.0)
    return html > 0 and html >= max(quality for _, quality in ranges)


@lru_cache(maxsize=256)
def names_json(accept: str | None) -> bool:
    """Return whether the client named a JSON type of any kind."""
    return any(
        quality > 0 and (name == "application/json" or name.endswith("+json"))
        for name, quality in _media_ranges(accept or "")
    )


def _quality(name: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality that the most specific range gives to a media type (RFC 9110, 12.5.1)."""
    for candidate in (name, name.split("/", 1)[0] + "/*", "*/*"):
        found = [quality for range_, quality in ranges if range_ == candidate]
        if found:
            return max(found)
    return 0.0


def _media_ranges(header: str) -> Iterator[tuple[str, float]]:
    """Yield (lowercase name, quality); an element with an unreadable quality is passed over."""
    for element in header.split(","):
        name, *parameters = element.split(";")
        name = name.strip().lower()
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = _read_quality(value.strip())
        if quality >= 0:
            yield name, quality


def _read_quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return -1.0
    return quality if 0.0 <= quality <= 1.0 else -1.0
