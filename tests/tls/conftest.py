"""Authorities, and a real TLS server for their leaves."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cheeseboard.tls.authority import Authority, open_authority

Serve = Callable[[Path, Path], int]


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # http.server's name
        """Say nothing."""


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def authority(tmp_path: Path, now: datetime) -> Authority:
    return open_authority(tmp_path / "authority", now=now, host_names=["ada-laptop"])


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves HTTPS on 127.0.0.1 with a chain and a key, and gives its port."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(certificate: Path, key: Path) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Hello)
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients break handshakes on purpose
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        servers.append((server, thread))
        return int(server.server_address[1])

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join(10)
        server.server_close()
