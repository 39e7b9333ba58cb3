"""Thousands of connections that want nothing good: others are served at once, and memory stays flat."""

import resource
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.builders import wheel_filename
from tests.faults.conftest import Served
from tests.server.large import build_large_wheel
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


def test_a_header_without_end_is_cut_off_and_takes_no_memory(served: Served) -> None:
    served.client.get("/simple/")
    before = served.memory()
    for _ in range(3):
        endless = begin_header(served, 0)
        sent = 0
        try:
            while sent < 64_000_000:
                sent += endless.send(b"X" * 65_536)
        except OSError:
            pass
        endless.close()
        assert sent < 64_000_000
    assert served.memory() - before <= 20
    assert time_of_a_request(served) < 1.0


@pytest.mark.full
def test_slow_bodies_and_stalled_readers_are_cut_off_in_time_while_others_are_served(served: Served) -> None:
    client = served.client
    before = served.memory()
    crowd = [ask(served, post(served, number)) for number in range(100)]
    large = "/simple/acme-large/acme_large-1.0-py3-none-any.whl"
    crowd += [ask(served, f"GET {large} HTTP/1.1\r\nHost: {host(served)}\r\n\r\n") for _ in range(50)]
    waits = [time_of_a_request(served) for _ in range(100)]
    began = time.monotonic()
    trickling = crowd[:100]
    while trickling and time.monotonic() - began < 60:
        trickling = [each for each in trickling if send_a_byte(each)]
        waits.append(time_of_a_request(served))
        threading.Event().wait(0.5)
    assert not trickling
    wait_until(lambda: not list(connections_of(served)), max(1.0, 60 - (time.monotonic() - began)))
    assert sorted(waits)[int(len(waits) * 0.99) - 1] < 1.0
    assert served.memory() - before <= 50
    for each in crowd:
        each.close()
    assert client.get("/simple/").status == 200


def host(served: Served) -> str:
    return f"{served.client.host}:{served.client.port}"


def post(served: Served, number: int) -> str:
    path = "/simple/" if number % 2 else "/legacy/"
    return f"POST {path} HTTP/1.1\r\nHost: {host(served)}\r\nContent-Length: 1000000\r\n\r\n"


def ask(served: Served, request: str) -> ssl.SSLSocket:
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect((served.client.host, served.client.port))
    secured = served.client.context().wrap_socket(plain, server_hostname=served.client.host)
    secured.sendall(request.encode())
    return secured


def send_a_byte(secured: ssl.SSLSocket) -> bool:
    try:
        return secured.send(b"x") == 1
    except OSError:
        return False


def connections_of(served: Served) -> Iterator[str]:
    """Yield the server's established connections, as the system lists them."""
    port = f"{served.client.port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, *_ = line.split()
        if local.endswith(f":{port}") and state == "01":
            yield line


@pytest.mark.parametrize(("clients", "megabytes"), [(8, 60), pytest.param(50, 100, marks=pytest.mark.full)])
def test_memory_stays_flat_while_many_download_a_large_file(
    served: Served, clients: int, megabytes: int
) -> None:
    version = f"{megabytes}.0"
    path = f"/simple/acme-large/{wheel_filename('acme-large', version)}"
    served.put(wheel_filename("acme-large", version), build_large_wheel(megabytes, version=version))
    wait_until(lambda: served.client.request("HEAD", path).status == 200, 60)
    size = int(served.client.request("HEAD", path).header("Content-Length"))
    assert size >= megabytes * 1_000_000
    before = peak = served.memory()
    taken: list[int] = []

    def download() -> None:
        connection = served.client.connect()
        connection.request("GET", path)
        response = connection.getresponse()
        total = 0
        while piece := response.read(1_000_000):
            total += len(piece)
        connection.close()
        taken.append(total)

    downloading = [threading.Thread(target=download) for _ in range(clients)]
    for each in downloading:
        each.start()
    while any(each.is_alive() for each in downloading):
        peak = max(peak, served.memory())
        downloading[0].join(0.05)
    assert taken == [size] * clients
    assert peak - before <= 50
