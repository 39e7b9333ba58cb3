"""A small index over real TLS, as well or as badly as a test wants it."""

import http.server
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address

from cheeseboard.tls.authority import Authority


@dataclass
class Index:
    """A small index over real TLS.

    Attributes:
        status: What it answers with, when not 200.
        pages: What it answers besides, by path.
    """

    port: int = 0
    status: int = 200
    files: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/simple/"


def start(index: Index, context: ssl.SSLContext | None) -> Callable[[], None]:
    """Serve; return what stops it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            project, _, name = self.path.removeprefix("/simple/").partition("/")
            if self.path in index.pages:
                self.answer(200, index.pages[self.path])
            elif name in index.files:
                self.answer(200, index.files[name])
            elif index.status == 200 and project == "acme-core":
                page = "".join(f'<a href="{name}">{name}</a>' for name in index.files)
                self.answer(200, page.encode())
            else:
                self.answer(404 if index.status == 200 else index.status, b"")

        do_HEAD = do_GET  # noqa: N815 # uv asks so for a wheel that is not known by its hash

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # http.server's name
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # clients break handshakes on purpose
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    index.port = int(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join(10)
        server.server_close()

    return stop


def server_context(authority: Authority, names: list[str], now: datetime) -> ssl.SSLContext:
    leaf = authority.leaf(names, [ip_address("127.0.0.1")] if "localhost" in names else [], now=now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.certificate_path, leaf.key_path)
    return context
