"""A plain HTTPS client: what it is told to send is what is sent, and nothing is followed or decoded."""

import http.client
import ssl
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    reason: str = ""

    def header(self, name: str) -> str:
        """Return a header's value, "" when absent."""
        return str(self.headers.get(name, ""))

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True, slots=True)
class Client:
    """Makes verified requests to one server."""

    host: str
    port: int
    ca: Path

    @property
    def url(self) -> str:
        """The server's root, without a slash at its end."""
        return f"https://{self.host}:{self.port}"

    def context(self) -> ssl.SSLContext:
        """Return a TLS context that trusts the tests' authority only."""
        return ssl.create_default_context(cafile=self.ca)

    def connect(self) -> http.client.HTTPSConnection:
        """Return a connection; the caller closes it."""
        return http.client.HTTPSConnection(self.host, self.port, timeout=20, context=self.context())

    def request(self, method: str, path: str, *, content: bytes | None = None, **headers: str) -> Reply:
        """Send one request; header names are spelt with underscores."""
        connection = self.connect()
        try:
            fields = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=content, headers=fields)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read(), response.reason)
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        """Send a GET."""
        return self.request("GET", path, content=None, **headers)
