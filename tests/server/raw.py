"""Bytes sent to a server just as they are, and what came back."""

import re
import socket

from tests.server.client import Client


def raw(client: Client, request: bytes) -> bytes:
    """Send exactly these bytes; return all that comes back."""
    with (
        socket.create_connection((client.host, client.port), timeout=10) as plain,
        client.context().wrap_socket(plain, server_hostname=client.host) as secured,
    ):
        received = b""
        try:
            secured.sendall(request)
            while piece := secured.recv(65536):
                received += piece
        except OSError:
            pass
        return received


def statuses(received: bytes) -> list[int]:
    """Return the status of each answer in there."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]
