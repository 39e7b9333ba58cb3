"""The connections to the upload port: accepted, counted, protected by TLS, and seen out.

granian writes the standard's words into each status line. Here the status line says what we say, at the
price of doing in Python what granian does well: so nothing but uploads comes here.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.server.guarding.visitors import Peer, group_of
from cheeseboard.server.guarding.warden import Limits
from cheeseboard.server.rsgi import AnswersUploads
from cheeseboard.server.upload_port.conversation import Conversation

logger = logging.getLogger(__name__)

# Each takes up to half a megabyte while it sends; more uploads than these are not taken at once anyway.
LIMITS = Limits(connections=192, connections_per_address=64)
_HANDSHAKE_SECONDS = 5.0
_GOODBYE_SECONDS = 2.0
_BUFFER = 64 * 1024
_NO_DESCRIPTORS_SECONDS = 0.5
# What rustls offers in TLS 1.2, and so what the main port does; 1.3 has no others.
_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return what the main port does, for Python's own TLS.

    Raises:
        OSError: Certificate or key can't be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_ciphers(_SUITES)
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key)
    return context


@dataclass(slots=True)
class _Caller:
    """Somebody who is connected.

    Attributes:
        group: What counts as one neighbour.
        begun: Whether somebody sees to the connection, and closes it.
        asked: Whether a whole request's header came.
        answered: Whether our answer is on its way.
        transport: What is cut; None before TLS stands.
    """

    peer: Peer
    group: str
    begun: bool = False
    asked: bool = False
    answered: bool = False
    transport: asyncio.Transport | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is being made for it."""
        return self.asked and not self.answered


class UploadPort:
    """Answers on sockets that listen already; made and used on the server's loop.

    Args:
        app: Answers.
        sockets: Listening, not blocking; closed in the end.
        context: TLS for connections from now on.
        main_port: Where everything but uploads is.
        limits: How many may be connected: beyond, those for which nothing is done give way, the oldest first.
    """

    def __init__(
        self,
        app: AnswersUploads,
        sockets: Sequence[socket.socket],
        context: ssl.SSLContext,
        main_port: int,
        limits: Limits,
    ) -> None:
        self._app = app
        self._sockets = sockets
        self.context = context
        self._main_port = main_port
        self._limits = limits
        self._callers: dict[asyncio.Task[None], _Caller] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._accepting = [asyncio.create_task(self._accept(each)) for each in sockets]

    async def stop(self) -> None:
        """Accept nobody any more, let go of who has asked nothing, and wait for the others."""
        for accepting in self._accepting:
            accepting.cancel()
        await asyncio.gather(*self._accepting, return_exceptions=True)
        for listening in self._sockets:
            listening.close()
        for task, caller in list(self._callers.items()):
            if not caller.asked:
                self._dismiss(task)
        while tasks := [*self._callers, *self._leaving]:
            await asyncio.wait(tasks)

    @property
    def connected(self) -> int:
        """How many are connected; may be read on any thread."""
        return len(self._callers)

    def cut(self) -> None:
        """Break off every connection."""
        for caller in self._callers.values():
            if caller.transport is not None:
                caller.transport.abort()

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, address = await loop.sock_accept(listening)
            except ConnectionError:  # it left while it waited
                continue
            except OSError:
                logger.warning("The upload port could not accept a connection", exc_info=True)
                await asyncio.sleep(_NO_DESCRIPTORS_SECONDS)
                continue
            peer = (address[0].partition("%")[0], address[1])
            caller = _Caller(peer, group_of(peer[0]))
            if self._make_room(caller.group):
                self._begin(caller, connection)
            else:
                connection.close()

    def _make_room(self, group: str) -> bool:
        """Return whether one more may come from there, if need be instead of one that is idle."""
        crowd = [task for task, caller in self._callers.items() if caller.group == group]
        if len(crowd) < self._limits.connections_per_address:
            if len(self._callers) < self._limits.connections:
                return True
            crowd = list(self._callers)
        idle = next((task for task in crowd if not self._callers[task].busy), None)
        if idle is not None:
            self._dismiss(idle)
        return idle is not None

    def _begin(self, caller: _Caller, connection: socket.socket) -> None:
        def end(done: asyncio.Task[None]) -> None:
            self._callers.pop(done, None)
            self._leaving.discard(done)
            if not caller.begun:  # dismissed before its first moment
                connection.close()

        task = asyncio.create_task(self._attend(caller, connection))
        self._callers[task] = caller
        task.add_done_callback(end)

    def _dismiss(self, task: asyncio.Task[None]) -> None:
        del self._callers[task]
        self._leaving.add(task)
        task.cancel()

    async def _attend(self, caller: _Caller, connection: socket.socket) -> None:
        """See to one connection from its first byte to its last."""
        caller.begun = True
        try:
            streams = await self._protect(caller, connection)
            await self._converse(caller, Conversation(*streams))
            await _say_goodbye(streams[1])
        except OSError as error:  # TLS' errors and timeouts among them
            logger.debug("A connection to the upload port ended: %s", error)
        except Exception:
            logger.exception("A connection to the upload port could not be answered")
        finally:
            if caller.transport is not None:
                caller.transport.abort()

    async def _protect(
        self, caller: _Caller, connection: socket.socket
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return streams through TLS.

        Raises:
            OSError: There was no TLS to be had, or not in time.
        """
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=_BUFFER, loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        # Closes the connection itself when it fails.
        caller.transport, _ = await loop.connect_accepted_socket(
            lambda: protocol,
            connection,
            ssl=self.context,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS,
            ssl_shutdown_timeout=_GOODBYE_SECONDS,
        )
        return reader, asyncio.StreamWriter(caller.transport, protocol, reader, loop)

    async def _converse(self, caller: _Caller, conversation: Conversation) -> None:
        request = await conversation.hear()
        if request is not None:
            caller.asked = True
            await conversation.answer(request, caller.peer, self._main_port, self._app)
            caller.answered = True


async def _say_goodbye(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            await writer.wait_closed()
