"""granian, embedded: an event loop on a thread of its own, and the servers that run on it.

The upload port runs on the same loop: uploads, from wherever they come, are counted there without a lock.

The listening sockets are ours, so that a new certificate takes over without a moment in which nobody listens.
"""

import asyncio
import logging
import os
import socket
import sys
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from cheeseboard.errors import Sentence, ServerStartFailed
from cheeseboard.server.at_once import let_answer_at_once
from cheeseboard.server.binding import BACKLOG
from cheeseboard.server.guarding.connections import cut_connections
from cheeseboard.server.guarding.native_threads import mark_this_thread, wait_for_marked_threads
from cheeseboard.server.rsgi import AnswersUploads, Application
from cheeseboard.server.upload_port.upload_port import LIMITS, UploadPort, tls_context

logger = logging.getLogger(__name__)

START_SECONDS = 10.0
CONNECTIONS = 4096
_CUT_SECONDS = 3.0
_LINGER_SECONDS = 1.0
# Longer than a client may take from its TLS handshake to the end of its first header.
_RETIRE_SECONDS = 8.0
_HEADER_MILLISECONDS = 5_000
_HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the server is to its clients: certificate chain and private key, PEM files."""

    certificate: Path
    key: Path


@dataclass(slots=True)
class _Generation:
    """The granian servers that share one certificate, one a listening socket."""

    servers: list["_GivenSocketServer"] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def stop_accepting(self) -> None:
        """Leave new connections to others, while those accepted go on.

        granian stops accepting only together with all else, and drops the TLS handshakes under way
        then. So its descriptor is pointed at a socket to which nobody connects; what is already
        accepted is not touched, and gets time before the stop.
        """
        if sys.platform == "win32":  # sockets there are no descriptors that could be pointed elsewhere
            return
        with socket.create_server(("127.0.0.1", 0)) as deserted:
            deserted.setblocking(False)
            for server in self.servers:
                os.dup2(deserted.fileno(), server.descriptor, inheritable=False)

    def stop(self) -> None:
        """Drain and end."""
        for server in self.servers:
            server.stop()  # type: ignore[no-untyped-call]  # granian leaves it unannotated


class Engine:
    """An event loop on its own thread, and the granian servers that run on it."""

    def __init__(self, app: Application) -> None:
        self._app = app
        self._current = _Generation()
        self._retiring: list[asyncio.Task[None]] = []
        self._upload_port: UploadPort | None = None
        self._mark = ""
        started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        # A daemon: a download that nobody waits for any more must not keep the program from ending.
        self._thread = threading.Thread(
            target=self._run, args=(started,), name="cheeseboard-server", daemon=True
        )
        self._thread.start()
        self._loop, self._ending = started.result(START_SECONDS)

    def serve(self, sockets: Sequence[socket.socket], identity: Identity) -> None:
        """Accept on ``sockets`` with ``identity``; what served them before retires."""
        self._wait_for(self._serve(sockets, identity))

    def take_uploads(
        self, app: AnswersUploads, sockets: Sequence[socket.socket], identity: Identity, main_port: int
    ) -> None:
        """Accept on ``sockets``, too, for uploads alone; until the end, when they are closed.

        Raises:
            ServerStartFailed: The certificate cannot be used.
        """
        self._wait_for(self._take_uploads(app, sockets, identity, main_port))

    def end_uploads(self) -> None:
        """Accept none at their own port any more; those under way finish there."""
        if self._upload_port:
            self._wait_for(self._upload_port.stop())

    def _wait_for(self, starting: Coroutine[None, None, None]) -> None:
        try:
            asyncio.run_coroutine_threadsafe(starting, self._loop).result(START_SECONDS)
        except (OSError, TimeoutError) as error:  # ssl.SSLError is an OSError
            raise ServerStartFailed(
                Sentence("The certificate can't be used: {cause}.", cause=error)
            ) from error

    def stop(self, timeout: float, port: int) -> bool:
        """End within about ``timeout``; return whether everything in flight finished."""
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(max(timeout, 0.0))
        if not self._thread.is_alive():
            wait_for_marked_threads(self._mark, _LINGER_SECONDS)
            return True
        cut = cut_connections(port) + self._cut_uploads()
        self._thread.join(_CUT_SECONDS)
        wait_for_marked_threads(self._mark, _LINGER_SECONDS)
        logger.warning("Stopping the server cut off %d connections", cut)
        return cut == 0 and not self._thread.is_alive()

    def _cut_uploads(self) -> int:
        port = self._upload_port
        cut = port.connected if port else 0
        if port and cut:
            with suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(port.cut)
        return cut

    def _run(self, started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
        self._mark = mark_this_thread()
        with asyncio.Runner() as runner:
            runner.run(self._main(started))

    async def _main(self, started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]) -> None:
        ending = asyncio.Event()
        started.set_result((asyncio.get_running_loop(), ending))
        await ending.wait()
        self._current.stop()
        finishing = [self._upload_port.stop()] if self._upload_port else []
        await asyncio.gather(*self._retiring, *self._current.tasks, *finishing, return_exceptions=True)

    async def _serve(self, sockets: Sequence[socket.socket], identity: Identity) -> None:
        fresh = _Generation()
        context = tls_context(identity.certificate, identity.key) if self._upload_port else None
        let_answer_at_once(self._app)
        for listening in sockets:
            # granian owns and closes the descriptor that it is given; ours stays open beside it, so
            # that connections queue on while one generation follows another.
            fresh.servers.append(_make_server(self._app, identity, listening.dup().detach()))
        fresh.tasks = [asyncio.create_task(server.serve()) for server in fresh.servers]
        former, self._current = self._current, fresh
        if self._upload_port and context:
            self._upload_port.context = context
        self._retiring = [task for task in self._retiring if not task.done()]
        if former.servers:
            self._retiring.append(asyncio.create_task(self._retire(former)))

    async def _take_uploads(
        self, app: AnswersUploads, sockets: Sequence[socket.socket], identity: Identity, main_port: int
    ) -> None:
        context = tls_context(identity.certificate, identity.key)
        self._upload_port = UploadPort(app, sockets, context, main_port, LIMITS)

    async def _retire(self, former: _Generation) -> None:
        former.stop_accepting()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), _RETIRE_SECONDS)
        former.stop()
        await asyncio.gather(*former.tasks, return_exceptions=True)


class _GivenSocketServer(Server):
    """granian's embedded server on a socket that is bound already, its one point of extension for that."""

    descriptor: int

    def _init_shared_socket(self) -> None:
        # granian's stub knows neither the constructor nor that the attribute is set here.
        holder = SocketHolder(self.descriptor, False, BACKLOG)  # type: ignore[call-arg]  # see above
        self._shd = holder  # type: ignore[assignment]  # see above


def _make_server(app: Application, identity: Identity, descriptor: int) -> _GivenSocketServer:
    try:
        server = _GivenSocketServer(
            app,
            interface=Interfaces.RSGI,
            # In the automatic mode silent TLS connections are kept for minutes and lock others out.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=_HEADER_MILLISECONDS, max_buffer_size=_HEADER_BYTES
            ),
            websockets=False,
            backlog=BACKLOG,
            backpressure=CONNECTIONS,
            ssl_cert=identity.certificate,
            ssl_key=identity.key,
            ssl_protocol_min=SSLProtocols.tls12,
            # Incremental: granian's own logging configuration would close every handler of the process.
            log_dictconfig={"incremental": True, "formatters": {}, "handlers": {}, "loggers": {}},
            log_level=LogLevels.error,
        )
    except BaseException:
        socket.close(descriptor)
        raise
    server.descriptor = descriptor
    return server
