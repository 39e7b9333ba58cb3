"""A request as the application needs it, read once from the ASGI scope."""

from typing import NamedTuple
from urllib.parse import unquote

from cheeseboard.server.asgi import Scope
from cheeseboard.server.guarding.visitors import Peer

_SINGLE = frozenset({b"host", b"content-length", b"transfer-encoding", b"range", b"if-range"})


class Request(NamedTuple):
    """One request's facts. A tuple: one is made for every request.

    Attributes:
        target: Path and query as the client sent them.
        headers: By lowercase name; repeated ones joined with a comma (RFC 9110, 5.3).
        ambiguous: A header that may come once came twice: a proxy in front of us may have read
            another request than we do.
        peer: The client's IP address and port.
    """

    method: str
    path: str
    target: bytes
    query: bytes
    headers: dict[bytes, bytes]
    ambiguous: bool
    peer: Peer

    @property
    def address(self) -> str:
        """The client's IP address."""
        return self.peer[0]

    def header(self, name: bytes) -> str | None:
        """Return a header's value, or None."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def host(self) -> str:
        """The Host header, lowercase; empty when there was none."""
        return self.headers.get(b"host", b"").decode("latin-1").lower()

    def parameter(self, name: str, *, plus: str = "+") -> str | None:
        """Return a query parameter's value, or None.

        Args:
            name: The parameter's.
            plus: What a plus stands for: itself in a media type, which clients send as it is or as
                %2B; a space in what a browser's form sends.
        """
        for pair in self.query.decode("latin-1").split("&"):
            key, equals, value = pair.partition("=")
            if equals and key == name:
                return unquote(value.replace("+", plus))
        return None


def read_request(scope: Scope) -> Request:
    """Return the facts of an ASGI HTTP scope."""
    pairs = scope["headers"]
    headers = dict(pairs)
    ambiguous = False
    if len(headers) != len(pairs):
        headers = {}
        for name, value in pairs:
            if name in headers:
                ambiguous = ambiguous or name in _SINGLE
                headers[name] = headers[name] + b", " + value
            else:
                headers[name] = value
    client, query = scope.get("client"), scope["query_string"]
    return Request(
        method=scope["method"],
        path=scope["path"],
        target=scope["raw_path"] + b"?" + query if query else scope["raw_path"],
        query=query,
        headers=headers,
        ambiguous=ambiguous,
        # granian gives the port as text.
        peer=(client[0], int(client[1])) if client else ("", 0),
    )
