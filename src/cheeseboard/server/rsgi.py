"""The shapes of RSGI, granian's own interface, that the server's rooms exchange.

Chosen over ASGI because an answer is one plain call with the whole of it, so that most are given without
an event loop (measured: 1.4 times as many pages a second), and because ranges of files go out without
passing through Python. What it lacks is made up for here: the end of a body that broke off looks like any
other (see ``uploading/body.py``), and its streams hold back nobody, so we answer with whole bodies or files.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, runtime_checkable

Headers = list[tuple[str, str]]


class ScopeHeaders(Protocol):
    """A request's headers; a value that is no printable ASCII is left out."""

    def items(self) -> Headers:
        """Return all of them, names in lower case, repeated ones as often as they came."""


class Scope(Protocol):
    """What a request asks for.

    Attributes:
        path: Decoded.
        query_string: As the client sent it.
        client: Address and port, "192.0.2.1:50000" or "[2001:db8::1]:50000".
        http_version: "1", "1.1".
    """

    method: str
    path: str
    query_string: str
    client: str
    http_version: str
    headers: ScopeHeaders


class Exchange(Protocol):
    """One request's body, and the one response to it; RSGI calls it the protocol."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer with headers alone."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with a whole body."""

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        """Answer with a file that granian opens and reads; with 404 if it is gone by then."""

    def response_file_range(self, status: int, headers: Headers, file: str, start: int, end: int) -> None:
        """Answer with the bytes of a file from ``start`` up to ``end``, which is left out."""


@runtime_checkable
class TellsReason(Protocol):
    """An exchange that can say a sentence in its status line; granian's have the standard's words there."""

    def tell_reason(self, sentence: str) -> None:
        """Let the status line say this, as far as it can be said there."""


Application = Callable[[Scope, Exchange], Awaitable[None]]


@runtime_checkable
class AnswersAtOnce(Protocol):
    """An application that gives most answers without waiting for anything."""

    def answer_at_once(self, scope: Scope, exchange: Exchange) -> bool:
        """Answer, on any thread, and return True; or leave the request to the event loop."""


class UploadScope(Scope, Protocol):
    """What a request at the upload port asks for.

    Attributes:
        main_port: Where all else is asked for.
    """

    main_port: int


@runtime_checkable
class AnswersUploads(Protocol):
    """An application that can answer at a port for uploads alone, too."""

    async def answer_upload(self, scope: UploadScope, exchange: Exchange) -> None:
        """Answer an upload, and tell everybody else where to go."""
