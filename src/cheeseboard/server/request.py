"""A request as the application needs it, read once from RSGI's scope."""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from cheeseboard.server.guarding.visitors import Peer
from cheeseboard.server.rsgi import Scope

READ_METHODS = frozenset({"GET", "HEAD"})
_SINGLE = frozenset({"host", "content-length", "transfer-encoding", "range", "if-range"})
_VERSIONS = {"1": "1.0", "2": "2.0"}
# What may stand in a path as it is (RFC 3986, 3.3), beside letters, digits and "-._~".
_IN_PATHS = "/:@!$&'()*+,;="
_is_plain = re.compile(r"[A-Za-z0-9._~/:@!$&'()*+,;=-]*").fullmatch


class Request(NamedTuple):
    """One request's facts. A tuple: one is made for every request.

    Attributes:
        path: Decoded.
        headers: By lowercase name; repeated ones joined with a comma (RFC 9110, 5.3).
        ambiguous: A header that may come once came twice: a proxy in front of us may have read
            another request than we do.
        peer: The client's IP address and port.
        version: Of HTTP, "1.1".
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    ambiguous: bool
    peer: Peer
    version: str = "1.1"

    @property
    def address(self) -> str:
        """The client's IP address."""
        return self.peer[0]

    @property
    def target(self) -> str:
        """Path and query, printable: what is not was percent-encoded by the client, or is now."""
        path = self.path if _is_plain(self.path) else quote(self.path, safe=_IN_PATHS)
        return f"{path}?{self.query}" if self.query else path

    def header(self, name: str) -> str | None:
        """Return a header's value, or None."""
        return self.headers.get(name)

    @property
    def host(self) -> str:
        """The Host header, lowercase; empty when there was none."""
        return self.headers.get("host", "").lower()

    @property
    def content_length(self) -> int | None:
        """How many bytes the body has, as the client says; None if it does not."""
        text = self.headers.get("content-length", "")
        # At most 19 digits: nobody sends more, and int() of a long text is slow on purpose.
        return int(text[:19]) if text.isascii() and text.isdigit() else None

    def parameter(self, name: str, *, plus: str = "+") -> str | None:
        """Return a query parameter's value, or None.

        Args:
            name: The parameter's.
            plus: What a plus stands for: itself in a media type, which clients send as it is or as
                %2B; a space in what a browser's form sends.
        """
        for pair in self.query.split("&"):
            key, equals, value = pair.partition("=")
            if equals and key == name:
                return unquote(value.replace("+", plus))
        return None


def read_request(scope: Scope) -> Request:
    """Return the facts of a scope."""
    pairs = scope.headers.items()
    headers = dict(pairs)
    ambiguous = False
    if len(headers) != len(pairs):
        headers = {}
        for name, value in pairs:
            if name in headers:
                ambiguous = ambiguous or name in _SINGLE
                headers[name] = f"{headers[name]}, {value}"
            else:
                headers[name] = value
    return Request(
        scope.method,
        scope.path,
        scope.query_string,
        headers,
        ambiguous,
        _read_peer(scope.client),
        _VERSIONS.get(scope.http_version, scope.http_version),
    )


def _read_peer(client: str) -> Peer:
    address, _, port = client.rpartition(":")
    if address.startswith("["):
        # A link-local address comes with its zone, which is no part of who that is.
        address = address[1:-1].partition("%")[0]
    return address, int(port) if port.isdigit() else 0
