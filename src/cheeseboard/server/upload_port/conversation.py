"""One request and its answer, in HTTP/1.1 by h11: the upload port's side of what granian does elsewhere.

A connection has one request. So nothing that follows a request can be taken for another one, and nobody
keeps a connection that he does not use.
"""

import asyncio
import logging
import re
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from urllib.parse import unquote

import h11

from cheeseboard.server.answers import Answer, make_problem
from cheeseboard.server.guarding.visitors import Peer
from cheeseboard.server.rsgi import AnswersUploads, Headers, ScopeHeaders
from cheeseboard.server.upload_port.reason import reason_phrase

logger = logging.getLogger(__name__)

HEADER_SECONDS = 5.0
_HEADER_BYTES = 64 * 1024
_PIECE = 64 * 1024
# What a client may take to read an answer, which fits into the system's own buffer.
_ANSWER_SECONDS = 10.0
# What a refused client still sends is read so far, so that it sees our answer and no reset.
_LINGER_SECONDS = 0.3
_LINGER_BYTES = 1024 * 1024
_is_printable = re.compile(r"[\t -~]*").fullmatch


@dataclass(frozen=True, slots=True)
class _ScopeHeaders:
    """A request's headers; a value that is no printable ASCII is left out, as by granian."""

    pairs: Headers

    def items(self) -> Headers:
        """Return all of them."""
        return self.pairs


@dataclass(slots=True)
class _Scope:
    """What a request asks for, as the application reads it."""

    method: str
    path: str
    query_string: str
    client: str
    http_version: str
    headers: ScopeHeaders
    main_port: int


class _Unacceptable(Exception):
    """A request that nobody is asked about."""


class Conversation:
    """One client's request and our answer, over streams that TLS protects already."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEADER_BYTES)

    async def hear(self) -> h11.Request | None:
        """Return what is asked; None when nothing is, or nothing that could be passed on: that is answered.

        Raises:
            OSError: The client is gone.
            TimeoutError: It takes its time.
        """
        try:
            async with asyncio.timeout(HEADER_SECONDS):
                event = await self._next()
            if not isinstance(event, h11.Request):
                return None
            _refuse_two_readings(event)
        except h11.RemoteProtocolError as error:
            await self._refuse(431 if error.error_status_hint == 431 else 400)
        except _Unacceptable:
            await self._refuse(400)
        else:
            return event
        return None

    async def answer(self, request: h11.Request, peer: Peer, main_port: int, app: AnswersUploads) -> None:
        """Let the application answer, and send what it says.

        Raises:
            OSError: The client is gone.
            TimeoutError: It does not take the answer.
        """
        exchange = _Exchange(self)
        await app.answer_upload(_read_scope(request, peer, main_port), exchange)
        await self._send(exchange.answer or make_problem(500, "Nothing was answered.", None), exchange.reason)

    async def piece(self) -> bytes:
        """Return the next piece of the body; empty at its end, and when the client broke off."""
        try:
            if self._http.they_are_waiting_for_100_continue:
                self._writer.write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])))
                await self._writer.drain()
            event = await self._next()
        except (OSError, h11.RemoteProtocolError):
            logger.debug("An upload broke off", exc_info=True)
            return b""
        return bytes(event.data) if isinstance(event, h11.Data) else b""

    async def _next(self) -> object:
        """Return h11's next event."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._http.receive_data(await self._reader.read(_PIECE))
        return event

    async def _refuse(self, status: int) -> None:
        """Answer what the application does not get to see."""
        words = {431: "The header of this request is too long."}
        sentence = words.get(status, "This request can't be read.")
        await self._send(make_problem(status, sentence, None), sentence)

    async def _send(self, answer: Answer, sentence: str) -> None:
        reason = reason_phrase(sentence) or HTTPStatus(answer.status).phrase.encode()
        headers = [(name, value) for name, value in answer.headers if name != "connection"]
        headers += [("date", formatdate(usegmt=True)), ("connection", "close")]
        events: list[h11.Event] = [
            h11.Response(status_code=answer.status, headers=headers, reason=reason),
            *((h11.Data(data=answer.body),) if answer.body else ()),
            h11.EndOfMessage(),
        ]
        self._writer.write(b"".join(self._http.send(event) or b"" for event in events))
        async with asyncio.timeout(_ANSWER_SECONDS):
            await self._writer.drain()
        if not self._heard_all():
            await self._linger()

    def _heard_all(self) -> bool:
        """Return whether nothing comes, or has come, behind what was read."""
        try:
            if self._http.their_state is h11.SEND_BODY:
                return isinstance(self._http.next_event(), h11.EndOfMessage)
        except h11.RemoteProtocolError:
            return False
        return self._http.their_state is not h11.ERROR and not self._http.trailing_data[0]

    async def _linger(self) -> None:
        """Read what a client that did not wait for us still sends, within bounds."""
        left = _LINGER_BYTES
        with suppress(TimeoutError):
            while left > 0:
                async with asyncio.timeout(_LINGER_SECONDS):
                    piece = await self._reader.read(_PIECE)
                left = left - len(piece) if piece else 0


class _Exchange:
    """A request's body, and the answer to it, kept until the application is done."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self.answer: Answer | None = None
        self.reason = ""

    def __aiter__(self) -> "_Exchange":
        return self

    async def __anext__(self) -> bytes:
        piece = await self._conversation.piece()
        if not piece:
            raise StopAsyncIteration
        return piece

    def tell_reason(self, sentence: str) -> None:
        """Let the status line say this."""
        self.reason = sentence

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer with headers alone."""
        self.answer = Answer(status, headers)

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with a whole body."""
        self.answer = Answer(status, headers, body)

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        """Refuse: no file goes out here."""
        raise NotImplementedError

    def response_file_range(self, status: int, headers: Headers, file: str, start: int, end: int) -> None:
        """Refuse: no file goes out here."""
        raise NotImplementedError


def _refuse_two_readings(request: h11.Request) -> None:
    """Refuse what another reader may take for another request than we do, or what is no request to us.

    Raises:
        _Unacceptable: It is.
    """
    names = {name for name, _ in request.headers}
    if names >= {b"content-length", b"transfer-encoding"}:
        raise _Unacceptable
    if request.http_version not in {b"1.0", b"1.1"} or not request.target.startswith(b"/"):
        raise _Unacceptable


def _read_scope(request: h11.Request, peer: Peer, main_port: int) -> _Scope:
    path, _, query = request.target.decode("ascii").partition("?")
    pairs = [(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers]
    return _Scope(
        method=request.method.decode("ascii"),
        path=unquote(path),
        query_string=query,
        client=f"[{peer[0]}]:{peer[1]}" if ":" in peer[0] else f"{peer[0]}:{peer[1]}",
        http_version=request.http_version.decode("ascii"),
        headers=_ScopeHeaders([pair for pair in pairs if _is_printable(pair[1])]),
        main_port=main_port,
    )
