import asyncio
import http.client
import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.server.authority import Authority, make_authority
from tests.server.board import Board
from tests.server.client import Client
from tests.server.waiting import wait_until

from cheeseboard.errors import AddressInUse, AddressUnavailable, ServerStartFailed
from cheeseboard.server import binding
from cheeseboard.server.listener import Listener
from cheeseboard.server.rsgi import Exchange, Scope

Make = Callable[..., Listener]


def test_it_answers_over_verified_tls_once_start_returned(make_listener: Make, authority: Authority) -> None:
    port = make_listener().start()
    assert Client("127.0.0.1", port, authority.ca).get("/health").body == b"ok\n"


def test_it_serves_every_address_that_was_asked_for(make_listener: Make, authority: Authority) -> None:
    port = make_listener("127.0.0.1", "::1", "127.0.0.2").start()
    for host in ("127.0.0.1", "::1", "127.0.0.2"):
        assert Client(host, port, authority.ca).get("/health").status == 200


def test_a_wildcard_takes_in_the_loopback_address(make_listener: Make, authority: Authority) -> None:
    port = make_listener("127.0.0.1", "0.0.0.0", "::").start()
    assert Client("127.0.0.1", port, authority.ca).get("/health").status == 200
    assert Client("::1", port, authority.ca).get("/health").status == 200


def test_a_taken_port_is_an_error_that_names_the_next_free_one(make_listener: Make) -> None:
    port = make_listener().start()
    with pytest.raises(AddressInUse) as caught:
        make_listener(port=port).start()
    assert caught.value.port == port
    assert caught.value.free_port
    assert make_listener(port=caught.value.free_port).start() == caught.value.free_port


def test_a_taken_port_is_noticed_although_its_owner_shares_it(make_listener: Make) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AddressInUse):
            make_listener(port=other.getsockname()[1]).start()


def test_one_taken_address_leaves_none_bound(make_listener: Make) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.2", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(AddressInUse):
            make_listener("127.0.0.1", "127.0.0.2", port=port).start()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))


@pytest.mark.parametrize("host", ["203.0.113.7", "2001:db8::7", "no such host", "999.1.1.1"])
def test_an_address_of_another_computer_is_refused(make_listener: Make, host: str) -> None:
    with pytest.raises(AddressUnavailable, match=r"^Can't listen on .*: \w.*\.$"):
        make_listener(host).start()


@pytest.mark.parametrize("port", [-1, 65536, 1_000_000])
def test_a_number_that_is_no_port_is_refused(make_listener: Make, port: int) -> None:
    with pytest.raises(AddressUnavailable, match="a port is a number from 1 to 65535"):
        make_listener(port=port).start()


def test_it_stops_and_starts_again_on_the_same_port(make_listener: Make, authority: Authority) -> None:
    listener = make_listener()
    port = listener.start()
    again = make_listener(port=port)
    for _ in range(3):
        assert listener.stop(5.0)
        assert again.start() == port
        assert Client("127.0.0.1", port, authority.ca).get("/health").status == 200
        assert again.stop(5.0)
        listener = again


def test_stopping_is_idempotent_and_may_come_first(make_listener: Make) -> None:
    listener = make_listener()
    assert listener.stop(1.0)
    listener.start()
    assert listener.stop(1.0)
    assert listener.stop(1.0)


def test_nobody_is_answered_after_stop(make_listener: Make, authority: Authority) -> None:
    listener = make_listener()
    port = listener.start()
    listener.stop(5.0)
    with pytest.raises(ConnectionRefusedError):
        Client("127.0.0.1", port, authority.ca).get("/health")


def test_an_idle_kept_connection_does_not_hold_up_the_stop(make_listener: Make, authority: Authority) -> None:
    listener = make_listener()
    port = listener.start()
    connection = Client("127.0.0.1", port, authority.ca).connect()
    connection.request("GET", "/health")
    connection.getresponse().read()
    before = time.monotonic()
    assert listener.stop(5.0)
    assert time.monotonic() - before < 2
    connection.close()


def test_it_leaves_no_thread_and_no_descriptor_behind(make_listener: Make) -> None:
    make_listener().start()  # whatever is made once is made now
    listener = make_listener()
    threads, descriptors = threading.active_count(), count_descriptors()
    for _ in range(3):
        listener.start()
        listener.stop(5.0)
    wait_until(lambda: threading.active_count() <= threads and count_descriptors() <= descriptors)


def test_it_takes_over_no_signal_and_no_logging(
    make_listener: Make, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    signals = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handler = logging.FileHandler(tmp_path / "log")
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        listener = make_listener()
        listener.start()
        listener.stop(5.0)
        assert handler.stream is not None  # granian's own configuration closes every handler
        assert not handler.stream.closed
        assert {number: signal.getsignal(number) for number in signals} == signals
        assert not caplog.records
        assert not logging.getLogger("_granian").handlers
    finally:
        root.removeHandler(handler)
        handler.close()


def test_a_download_in_flight_finishes_before_stop_returns(
    make_listener: Make, board: Board, authority: Authority
) -> None:
    size = 60_000_000
    file = board.add("acme_core-1.0.tar.gz", bytes(size))
    listener = make_listener()
    port = listener.start()
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    connection = Client("127.0.0.1", port, authority.ca).connect()
    connection.request("GET", f"/simple/acme-core/{file.filename}")
    response = connection.getresponse()
    stopped: list[bool] = []
    stopping = threading.Thread(target=lambda: stopped.append(listener.stop(20.0)))
    stopping.start()
    wait_until(lambda: refuses(port))
    assert not stopped
    assert len(response.read()) == size
    stopping.join(20)
    assert stopped == [True]
    connection.close()


def test_a_download_that_takes_too_long_is_cut_off_and_said_so(
    make_listener: Make, board: Board, authority: Authority
) -> None:
    file = board.add("acme_core-1.0.tar.gz", bytes(60_000_000))
    listener = make_listener()
    port = listener.start()
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    connection = Client("127.0.0.1", port, authority.ca).connect()
    connection.request("GET", f"/simple/acme-core/{file.filename}")
    response = connection.getresponse()
    before = time.monotonic()
    assert listener.stop(0.3) is False
    assert time.monotonic() - before < 4
    with pytest.raises((OSError, http.client.IncompleteRead)):
        response.read()
    connection.close()


def test_a_new_certificate_is_taken_up_without_losing_the_port(
    make_listener: Make, authority: Authority
) -> None:
    listener = make_listener()
    port = listener.start()
    client = Client("127.0.0.1", port, authority.ca)
    kept = client.connect()
    kept.request("GET", "/health")
    kept.getresponse().read()
    before = shown_certificate(client)
    failures: list[OSError] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set() and not failures:
            try:
                assert client.get("/health").status == 200
            except OSError as error:
                failures.append(error)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for each in asking:
        each.start()
    try:
        for number in range(10):
            shown = shown_certificate(client)
            listener.renew(*authority.issue(f"renewed-{number}"))
            wait_until(lambda: shown_certificate(client) != shown)  # noqa: B023 - called before the next round
    finally:
        done.set()
        for each in asking:
            each.join()
    kept.request("GET", "/health")
    assert kept.getresponse().read() == b"ok\n"
    kept.close()
    assert failures == []
    assert shown_certificate(client) != before
    assert listener.stop(5.0)


def test_a_certificate_that_cannot_be_used_is_a_plain_error(
    make_listener: Make, authority: Authority, tmp_path: Path
) -> None:
    listener = make_listener()
    port = listener.start()
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    with pytest.raises(ServerStartFailed, match="The certificate can't be used"):
        listener.renew(broken, broken)
    assert Client("127.0.0.1", port, authority.ca).get("/health").status == 200


def test_it_does_not_call_itself_started_when_its_certificate_does_not_verify(
    make_listener: Make, board: Board, authority: Authority, tmp_path: Path
) -> None:
    stranger = make_authority(tmp_path)
    certificate, key = authority.issue()
    listener = Listener(
        answer_nothing, hosts_to_bind=["127.0.0.1"], port=0, certificate=certificate, key=key, ca=stranger.ca
    )
    with pytest.raises(ServerStartFailed, match="certificate verify failed"):
        listener.start()
    assert listener.stop(1.0)


def test_it_does_not_call_itself_started_when_the_application_fails(make_listener: Make) -> None:
    with pytest.raises(ServerStartFailed, match="with status 500"):
        make_listener(app=answer_nothing).start()


class AnswersWithoutWaiting:
    """Answers everything at once but what says that it waits."""

    def __init__(self) -> None:
        self.threads: set[str] = set()
        self.waited: list[str] = []

    def answer_at_once(self, scope: Scope, exchange: Exchange) -> bool:
        if scope.path == "/wait":
            return False
        self.threads.add(threading.current_thread().name)
        exchange.response_bytes(200, [], b"at once")
        return True

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        self.waited.append(scope.path)
        await asyncio.sleep(0)
        exchange.response_bytes(200, [], b"in time")


def test_what_can_be_answered_at_once_does_not_go_by_the_event_loop(
    make_listener: Make, authority: Authority
) -> None:
    app = AnswersWithoutWaiting()
    client = Client("127.0.0.1", make_listener(app=app).start(), authority.ca)
    assert client.get("/simple/").body == b"at once"
    assert client.get("/wait").body == b"in time"
    assert app.waited == ["/wait"]
    assert app.threads.isdisjoint({"cheeseboard-server", threading.current_thread().name})


def test_with_another_certificate_too_answers_are_given_at_once(
    make_listener: Make, authority: Authority
) -> None:
    app = AnswersWithoutWaiting()
    listener = make_listener(app=app)
    client = Client("127.0.0.1", listener.start(), authority.ca)
    former = shown_certificate(client)
    listener.renew(*authority.issue("renewed"))
    wait_until(lambda: shown_certificate(client) != former)
    assert client.get("/simple/").body == b"at once"
    assert app.waited == []


@pytest.mark.parametrize("header", ["Accept: */*", "Range: bytes=1-"])
def test_a_reader_that_takes_nothing_is_cut_off_while_others_are_served(
    make_listener: Make, board: Board, authority: Authority, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setattr(binding, "_STALLED_MILLISECONDS", 1_000)
    file = board.add("acme_core-1.0.tar.gz", bytes(40_000_000))
    port = make_listener().start()
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    client = Client("127.0.0.1", port, authority.ca)
    stalled = [stall(client, f"/simple/acme-core/{file.filename}", header) for _ in range(10)]
    before = count_descriptors()
    wait_until(lambda: count_descriptors() <= before - len(stalled), 20)
    assert client.get("/simple/acme-core/").status == 200
    for each in stalled:
        each.close()


def stall(client: Client, path: str, header: str) -> ssl.SSLSocket:
    """Ask for a file, and take no more than its first bytes."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect((client.host, client.port))
    secured = client.context().wrap_socket(plain, server_hostname=client.host)
    host = f"{client.host}:{client.port}"
    secured.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{header}\r\n\r\n".encode())
    assert secured.recv(100)
    return secured


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_it_speaks_tls_of_that_version(client: Client, version: ssl.TLSVersion) -> None:
    context = client.context()
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection((client.host, client.port)) as plain,
        context.wrap_socket(plain, server_hostname=client.host) as secured,
    ):
        assert secured.version() == version.name.replace("_", ".")


async def answer_nothing(scope: Scope, exchange: Exchange) -> None:
    return


def shown_certificate(client: Client) -> bytes | None:
    with (
        socket.create_connection((client.host, client.port)) as plain,
        client.context().wrap_socket(plain, server_hostname=client.host) as secured,
    ):
        return secured.getpeercert(binary_form=True)


def refuses(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def count_descriptors() -> int:
    directory = Path("/proc/self/fd")
    return len(list(directory.iterdir())) if directory.is_dir() else 0


def test_a_process_may_end_right_after_the_stop(board: Board, authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.issue("ending")
    script = tmp_path / "ending.py"
    script.write_text(f"""
import http.client, pathlib, ssl
from cheeseboard.server.app import create_app
from cheeseboard.server.listener import Listener
from cheeseboard.server.rsgi import Exchange, Scope
from tests.server.board import Board
board = Board(pathlib.Path({str(tmp_path)!r}))
file = board.add("acme_core-1.0.tar.gz", bytes(30_000_000))
listener = Listener(create_app(board.source(), lambda: board.hosts), hosts_to_bind=["127.0.0.1"], port=0,
    certificate=pathlib.Path({str(certificate)!r}), key=pathlib.Path({str(key)!r}),
    ca=pathlib.Path({str(authority.ca)!r}))
port = listener.start()
board.hosts = frozenset({{f"127.0.0.1:{{port}}"}})
for _ in range(4):
    context = ssl.create_default_context(cafile={str(authority.ca)!r})
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context)
    connection.request("GET", "/simple/acme-core/acme_core-1.0.tar.gz")
    connection.getresponse().read(1000)
    connection.close()
listener.stop(2.0)
""")
    root = Path(__file__).resolve().parents[2]
    for _ in range(4):
        done = subprocess.run(
            [sys.executable, str(script)],
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
