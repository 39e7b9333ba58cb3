"""Thousands of connections that want nothing good: others are served at once, and memory stays flat."""

import resource
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.faults.conftest import Served
from tests.server.waiting import wait_until


@pytest.mark.parametrize(
    ("slow", "silent", "addresses"),
    [
        (100, 300, 1),
        pytest.param(3000, 1500, 1, marks=pytest.mark.full),
        pytest.param(3000, 1500, 200, marks=pytest.mark.full),
    ],
    ids=["few", "many", "many from many addresses"],
)
def test_slow_and_silent_connections_neither_lock_others_out_nor_take_memory(
    served: Served, slow: int, silent: int, addresses: int
) -> None:
    client = served.client
    for _ in range(50):
        assert client.get("/simple/").status == 200
    before = served.memory()
    peak = before
    waits: list[float] = []
    with many_descriptors(slow + silent + 200):
        crowd = [connect(served, number % addresses) for number in range(silent)]
        for number in range(slow):
            crowd.append(begin_header(served, number % addresses))
            if number % (slow // 50) == 0:
                waits.append(time_of_a_request(served))
                peak = max(peak, served.memory())
        for _ in range(50):
            waits.append(time_of_a_request(served))
            peak = max(peak, served.memory())
        wait_until(lambda: all(is_closed(each) for each in crowd), 40)
        for each in crowd:
            each.close()
    assert sorted(waits)[int(len(waits) * 0.99) - 1] < 1.0
    assert peak - before <= 50


def time_of_a_request(served: Served) -> float:
    began = time.monotonic()
    assert served.client.get("/simple/acme-core/").status == 200
    return time.monotonic() - began


def connect(served: Served, number: int) -> socket.socket:
    """Connect from one of this computer's many loopback addresses."""
    address = (served.client.host, served.client.port)
    return socket.create_connection(address, timeout=30, source_address=(f"127.0.1.{number + 1}", 0))


def begin_header(served: Served, number: int) -> socket.socket:
    """Return a TLS connection that has sent half a header; plain when it was cut off on the way."""
    plain = connect(served, number)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        secured = context.wrap_socket(plain)
        secured.sendall(b"GET /simple/ HTTP/1.1\r\nHost: 127")
    except OSError:
        return plain
    return secured


def is_closed(connection: socket.socket) -> bool:
    if connection.fileno() == -1:
        return True
    connection.setblocking(False)
    try:
        closed = connection.recv(65536) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        closed = True
    if closed:
        connection.close()
    return closed


@contextmanager
def many_descriptors(wanted: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
