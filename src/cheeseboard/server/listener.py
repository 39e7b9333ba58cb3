"""The application behind TLS on this computer's addresses, from start to stop, on a thread of its own.

granian runs embedded. The listening sockets are ours: a refusal to bind is known before anything
runs, no second server can share the port silently, the kernel cuts off readers that stall, and a new
certificate takes over without a moment in which nobody listens.
"""

import http.client
import logging
import socket
import ssl
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from cheeseboard.errors import Sentence, ServerError, ServerStartFailed
from cheeseboard.server.binding import bind_all, bind_near
from cheeseboard.server.engine import CONNECTIONS, START_SECONDS, Engine, Identity
from cheeseboard.server.guarding.visitors import Visitors
from cheeseboard.server.guarding.warden import Limits, Warden
from cheeseboard.server.rsgi import AnswersUploads, Application

logger = logging.getLogger(__name__)

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - told apart here; the caller chose to bind it


class Listener:
    """Serves an application over HTTPS; started and stopped as often as wanted, from any thread.

    Attributes:
        upload_port: The second port that is in use now; None for none.
        upload_problem: Why there is none, though one was wanted: one plain sentence.
    """

    def __init__(
        self,
        app: Application,
        *,
        hosts_to_bind: Sequence[str],
        port: int,
        certificate: Path,
        key: Path,
        ca: Path,
        visitors: Visitors | None = None,
        limits: Limits | None = None,
        upload_port: int | None = None,
        insist: bool = False,
    ) -> None:
        """Prepare; nothing is bound yet.

        Args:
            app: The application.
            hosts_to_bind: Addresses; a wildcard takes in the others of its family.
            port: 0 lets the system choose.
            certificate: Chain, PEM.
            key: PEM.
            ca: What signed the certificate, PEM.
            visitors: Where the application notes who asked; without it nobody is told from who never did.
            limits: What a client may take of us.
            upload_port: A second one, for uploads alone, where that can be had, or the next free one: there
                answers say in their status line what is wrong. 0 lets the system choose; None for none.
            insist: Whether no other will do, and nothing is served without it.
        """
        self._app = app
        self._hosts = tuple(hosts_to_bind)
        self._port = port
        self._identity = Identity(certificate, key)
        self._ca = ca
        self._lock = threading.RLock()
        self._sockets: tuple[socket.socket, ...] = ()
        self._engine: Engine | None = None
        self._visitors = visitors
        self._limits = limits or Limits()
        self._warden: Warden | None = None
        self._wanted_upload_port = upload_port
        self._insist = insist
        self.upload_port: int | None = None
        self.upload_problem = ""

    def start(self) -> int:
        """Serve; return the port once a verified TLS request to every bound address was answered.

        Raises:
            AddressInUse: Another program listens there; the error names the next free port.
            AddressUnavailable: This computer does not have an address, or may not use the port.
            ServerStartFailed: The certificate cannot be used, or no request was answered.
        """
        with self._lock:
            if self._engine is None:
                _allow_many_connections()
                self._sockets = bind_all(self._hosts, self._port)
                try:
                    self._run()
                except BaseException:
                    self.stop(0.0)
                    raise
                if self._visitors is not None:
                    self._warden = Warden(self._sockets[0].getsockname()[1], self._visitors, self._limits)
            return int(self._sockets[0].getsockname()[1])

    def stop(self, timeout: float) -> bool:
        """Stop accepting, let downloads in flight finish for ``timeout`` seconds, and end.

        Returns:
            Whether all of them finished in time.
        """
        with self._lock:
            warden, self._warden = self._warden, None
            engine, self._engine = self._engine, None
            sockets, self._sockets = self._sockets, ()
            self.upload_port, self.upload_problem = None, ""
            port = sockets[0].getsockname()[1] if sockets else 0
            for listening in sockets:
                listening.close()
            finished = engine is None or engine.stop(timeout, port)
            # Until now: a reader that trickles must not hold up the stop.
            if warden is not None:
                warden.close()
            return finished

    def renew(self, certificate: Path, key: Path) -> None:
        """Serve new connections with another certificate; those in flight finish with the old one.

        Raises:
            ServerStartFailed: The certificate cannot be used; the old one stays.
        """
        with self._lock:
            identity = Identity(certificate, key)
            if self._engine is not None:
                self._engine.serve(self._sockets, identity)
            self._identity = identity

    def _run(self) -> None:
        self._engine = Engine(self._app)
        self._engine.serve(self._sockets, self._identity)
        for listening in self._sockets:
            _check_answer(listening.getsockname(), self._ca)
        wanted, app = self._wanted_upload_port, cast("object", self._app)
        if wanted is not None and isinstance(app, AnswersUploads):
            try:
                self.upload_port = self._take_uploads(self._engine, app, wanted)
            except ServerError as error:
                if self._insist:
                    raise
                self.upload_problem = str(error)
                logger.warning("Serving without a port for uploads: %s", error)

    def _take_uploads(self, engine: Engine, app: AnswersUploads, wanted: int) -> int:
        """Return the port on which uploads are taken, once a request to every address was answered.

        Raises:
            ServerError: There is none.
        """
        sockets = bind_all(self._hosts, wanted) if self._insist else bind_near(self._hosts, wanted)
        addresses = [listening.getsockname() for listening in sockets]
        try:
            engine.take_uploads(app, sockets, self._identity, self._sockets[0].getsockname()[1])
        except BaseException:
            for listening in sockets:
                listening.close()
            raise
        try:
            for address in addresses:
                _check_answer(address, self._ca)
        except ServerError:
            engine.end_uploads()
            raise
        return int(addresses[0][1])


def _check_answer(address: tuple[str | int, ...], ca: Path) -> None:
    """Make a verified request to ourselves.

    Raises:
        ServerStartFailed: It was not answered.
    """
    host, port = str(address[0]), int(address[1])
    host = _WILDCARDS.get(host, host)
    try:
        context = ssl.create_default_context(cafile=ca)
        connection = http.client.HTTPSConnection(host, port, timeout=START_SECONDS, context=context)
        try:
            connection.request("GET", "/health")
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise ServerStartFailed(
            Sentence(
                "The server does not answer on {host}, port {port}: {cause}.",
                host=host,
                port=port,
                cause=error,
            )
        ) from error
    if status != http.HTTPStatus.OK:
        raise ServerStartFailed(
            Sentence(
                "The server answers on {host}, port {port}, with status {status}.",
                host=host,
                port=port,
                status=status,
            )
        )


def _allow_many_connections() -> None:
    """Raise this process's limit of open files, often 1,024, towards what the system allows."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not there on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(4 * CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            logger.info("The limit of %d open files could not be raised", soft)
