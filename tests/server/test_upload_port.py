"""The port for uploads alone: what it answers, whom it lets go, and how it starts and ends."""

import asyncio
import http.client
import logging
import random
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.server.authority import Authority
from tests.server.board import Board
from tests.server.client import Client
from tests.server.raw import raw, statuses
from tests.server.test_listener import count_descriptors, shown_certificate
from tests.server.waiting import wait_until

from cheeseboard.server import binding
from cheeseboard.server.guarding.warden import Limits
from cheeseboard.server.listener import Listener
from cheeseboard.server.rsgi import Exchange, Scope, UploadScope

Make = Callable[..., Listener]
CONVERSATION = "cheeseboard.server.upload_port.conversation"
PORT = "cheeseboard.server.upload_port.upload_port"


class Uploads:
    """An application that reads a body and says how much came, once it is let go on."""

    def __init__(self) -> None:
        self.threads: set[str] = set()
        self.came: list[int] = []
        self.go_on = threading.Event()
        self.go_on.set()

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        exchange.response_bytes(200, [("content-length", "3")], b"ok\n")

    async def answer_upload(self, scope: UploadScope, exchange: Exchange) -> None:
        if scope.path == "/health":  # the listener's own question
            exchange.response_empty(200, [("content-length", "0")])
            return
        self.threads.add(threading.current_thread().name)
        came = 0
        async for piece in exchange:
            came += len(piece)
        self.came.append(came)
        await asyncio.to_thread(self.go_on.wait, 20)
        said = str(came).encode()
        exchange.response_bytes(200, [("content-length", str(len(said)))], said)


@pytest.fixture
def uploads() -> Uploads:
    return Uploads()


@pytest.fixture
def listener(make_listener: Make, uploads: Uploads) -> Listener:
    listener = make_listener(app=uploads, upload_port=0)
    listener.start()
    return listener


@pytest.fixture
def sender(listener: Listener, authority: Authority) -> Client:
    assert listener.upload_port is not None
    return Client("127.0.0.1", listener.upload_port, authority.ca)


def head(client: Client, method: bytes = b"POST", path: bytes = b"/legacy/", more: bytes = b"") -> bytes:
    host = f"{client.host}:{client.port}".encode()
    return b"%s %s HTTP/1.1\r\nHost: %s\r\n%s\r\n" % (method, path, host, more)


def open_tls(client: Client, stack: ExitStack) -> ssl.SSLSocket:
    plain = stack.enter_context(socket.create_connection((client.host, client.port), timeout=20))
    return stack.enter_context(client.context().wrap_socket(plain, server_hostname=client.host))


def ends(connection: socket.socket) -> bool:
    """Return whether the other side has closed, waiting for it."""
    try:
        while connection.recv(4096):
            pass
    except OSError:
        pass
    return True


def has_ended(connection: socket.socket) -> bool:
    """Return whether the other side has closed by now."""
    try:
        return not connection.recv(4096)
    except TimeoutError:
        return False
    except OSError:
        return True


# --- what it answers --------------------------------------------------------------------------------------


def test_a_refusal_says_in_its_status_line_what_its_body_says(uploaders: Client) -> None:
    answered = raw(uploaders, head(uploaders, more=b"Content-Length: 3\r\n") + b"abc")
    status, _, rest = answered.partition(b"\r\n")
    assert status == b"HTTP/1.1 403 Uploads are not enabled on this server."
    assert rest.endswith(b"\r\n\r\nUploads are not enabled on this server.\n")
    assert b"\r\nconnection: close\r\n" in rest


def test_what_goes_well_has_the_usual_words(uploaders: Client) -> None:
    assert raw(uploaders, head(uploaders, b"GET", b"/health")).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_form_of_the_sentence_for_programs_has_the_same_status_line(uploaders: Client) -> None:
    more = b"Accept: application/problem+json\r\nContent-Length: 0\r\n"
    answered = raw(uploaders, head(uploaders, more=more))
    assert answered.startswith(b"HTTP/1.1 403 Uploads are not enabled on this server.\r\n")
    assert b'"title": "Forbidden"' in answered


@pytest.mark.parametrize(
    "path", ["/", "/simple/", "/simple/acme-core/", "/ca.pem", "/legacyx", "/projects/x/"]
)
def test_who_looks_for_packages_is_told_where_they_are(uploaders: Client, board: Board, path: str) -> None:
    main = next(host for host in board.hosts if host.startswith("127.") and str(uploaders.port) not in host)
    reply = uploaders.get(path)
    assert (reply.status, reply.text) == (
        404,
        f"This port takes uploads alone. All else is at https://{main}/.\n",
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/legacy/", 405),
        ("GET", "/legacy", 405),
        ("PUT", "/legacy/", 405),
        # hatch asks there what is published already, and goes on by a 404
        ("GET", "/legacy/%2Bsimple/acme-core/", 404),
        ("GET", "/legacy/../simple/", 404),
        ("HEAD", "/health", 200),
    ],
)
def test_other_requests_of_uploaders_are_answered_as_at_the_main_port(
    uploaders: Client, method: str, path: str, status: int
) -> None:
    assert uploaders.request(method, path).status == status


def test_no_file_goes_out(uploaders: Client, board: Board) -> None:
    board.add("acme_core-1.0.tar.gz", b"secret")
    assert b"secret" not in raw(uploaders, head(uploaders, b"GET", b"/simple/acme-core/acme_core-1.0.tar.gz"))


def test_another_name_is_not_answered_and_not_repeated(uploaders: Client) -> None:
    reply = uploaders.get("/simple/", Host="evil.example")
    assert reply.status == 421
    assert "evil" not in reply.text


def test_a_request_by_an_address_of_another_form_is_refused(sender: Client, uploads: Uploads) -> None:
    for target in (b"https://127.0.0.1/legacy/", b"*"):
        assert statuses(raw(sender, head(sender, path=target))) == [400]
    assert uploads.came == []


def test_a_body_that_is_wanted_is_asked_for(sender: Client, uploads: Uploads) -> None:
    with ExitStack() as stack:
        connection = open_tls(sender, stack)
        connection.sendall(head(sender, more=b"Content-Length: 3\r\nExpect: 100-continue\r\n"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"abc")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_body_in_chunks_is_read(sender: Client, uploads: Uploads) -> None:
    chunks = b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"
    answered = raw(sender, head(sender, more=b"Transfer-Encoding: chunked\r\n") + chunks)
    assert answered.endswith(b"\r\n\r\n7")


def test_uploads_run_where_those_at_the_main_port_do(sender: Client, uploads: Uploads) -> None:
    raw(sender, head(sender, more=b"Content-Length: 0\r\n"))
    assert uploads.threads == {"cheeseboard-server"}


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_it_speaks_tls_of_that_version(sender: Client, version: ssl.TLSVersion) -> None:
    context = sender.context()
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection((sender.host, sender.port)) as plain,
        context.wrap_socket(plain, server_hostname=sender.host) as secured,
    ):
        assert secured.version() == version.name.replace("_", ".")


def test_it_speaks_no_older_tls(sender: Client) -> None:
    context = sender.context()
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((sender.host, sender.port)) as plain, pytest.raises(OSError):
        context.wrap_socket(plain, server_hostname=sender.host)


# --- whom it lets go --------------------------------------------------------------------------------------


def test_who_says_nothing_is_let_go(sender: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{PORT}._HANDSHAKE_SECONDS", 0.2)
    monkeypatch.setattr(f"{CONVERSATION}.HEADER_SECONDS", 0.2)
    with socket.create_connection((sender.host, sender.port), timeout=10) as silent:
        assert ends(silent)
    with ExitStack() as stack:
        assert ends(open_tls(sender, stack))


def test_a_header_that_trickles_is_given_up(sender: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{CONVERSATION}.HEADER_SECONDS", 0.5)
    began = time.monotonic()
    with ExitStack() as stack:
        connection = open_tls(sender, stack)
        connection.sendall(b"POST /legacy/ HTTP/1.1\r\nX: ")
        connection.settimeout(0.05)
        while not has_ended(connection):
            connection.sendall(b"a")
    assert time.monotonic() - began < 10


def test_who_breaks_off_ends_the_body(sender: Client, uploads: Uploads) -> None:
    with ExitStack() as stack:
        open_tls(sender, stack).sendall(head(sender, more=b"Content-Length: 1000\r\n") + b"abc")
    wait_until(lambda: uploads.came == [3])


def test_a_client_that_closes_its_side_after_the_upload_keeps_nothing_open(
    sender: Client, uploads: Uploads, listener: Listener
) -> None:
    with ExitStack() as stack:
        connection = open_tls(sender, stack)
        connection.sendall(head(sender, more=b"Content-Length: 3\r\n") + b"abc")
        connection.shutdown(socket.SHUT_WR)
        assert ends(connection)
    wait_until(lambda: uploads.came == [3])
    assert listener.stop(5.0)


def test_of_too_many_those_that_asked_nothing_give_way_the_oldest_first(
    make_listener: Make, authority: Authority, monkeypatch: pytest.MonkeyPatch, uploads: Uploads
) -> None:
    monkeypatch.setattr("cheeseboard.server.engine.LIMITS", Limits(connections=8, connections_per_address=4))
    listener = make_listener(app=uploads, upload_port=0)
    listener.start()
    sender = Client("127.0.0.1", listener.upload_port or 0, authority.ca)
    uploads.go_on.clear()
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection((sender.host, sender.port))) for _ in range(4)]
        busy = open_tls(sender, stack)
        assert ends(silent[0])
        busy.sendall(head(sender, more=b"Content-Length: 0\r\n"))
        wait_until(lambda: len(uploads.came) == 1)
        for _ in range(6):
            stack.enter_context(socket.create_connection((sender.host, sender.port)))
        assert ends(silent[1])
        assert ends(silent[3])
        uploads.go_on.set()
        assert busy.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")


def test_when_all_are_busy_one_more_is_sent_away(
    make_listener: Make, authority: Authority, monkeypatch: pytest.MonkeyPatch, uploads: Uploads
) -> None:
    monkeypatch.setattr("cheeseboard.server.engine.LIMITS", Limits(connections=2))
    listener = make_listener(app=uploads, upload_port=0)
    listener.start()
    sender = Client("127.0.0.1", listener.upload_port or 0, authority.ca)
    uploads.go_on.clear()
    with ExitStack() as stack:
        busy = [open_tls(sender, stack) for _ in range(2)]
        for each in busy:
            each.sendall(head(sender, more=b"Content-Length: 0\r\n"))
        wait_until(lambda: len(uploads.came) == 2)
        assert ends(stack.enter_context(socket.create_connection((sender.host, sender.port))))
        uploads.go_on.set()
        assert all(each.recv(4096).startswith(b"HTTP/1.1 200 ") for each in busy)
    assert sender.request("POST", "/legacy/", content=b"abc").body == b"3"


@pytest.mark.parametrize("silent", [200, pytest.param(1500, marks=pytest.mark.full)])
def test_while_many_say_nothing_others_upload(sender: Client, uploads: Uploads, silent: int) -> None:
    with ExitStack() as stack:
        for _ in range(silent):
            stack.enter_context(socket.create_connection((sender.host, sender.port)))
        began = time.monotonic()
        for _ in range(10):
            assert sender.request("POST", "/legacy/", content=b"abc").status == 200
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("count", [150, pytest.param(5_000, marks=pytest.mark.full)])
def test_whatever_bytes_come_are_answered_or_let_go_without_a_fault(
    uploaders: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(f"{CONVERSATION}.HEADER_SECONDS", 0.2)
    monkeypatch.setattr("cheeseboard.server.uploading.body._DRAIN_SECONDS", 0.2)
    more = b"Content-Length: 20\r\nAccept: */*\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    whole = head(uploaders, more=more) + b"--x\r\nContent-Dispo"

    def send(seed: int) -> list[int]:
        choose = random.Random(seed)
        bent = bytearray(whole)
        for _ in range(choose.randrange(1, 6)):
            place = choose.randrange(len(bent))
            match choose.randrange(3):
                case 0:
                    bent[place] = choose.randrange(256)
                case 1:
                    del bent[place : place + choose.randrange(20)]
                case _:
                    bent[place:place] = choose.randbytes(choose.randrange(20))
        return statuses(raw(uploaders, bytes(bent)))

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(send, range(count)))
    assert all(len(each) <= 1 and all(status < 500 or status == 501 for status in each) for each in answered)
    assert any(answered)
    assert uploaders.get("/health").status == 200
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


# --- how it starts, renews and ends -----------------------------------------------------------------------


def test_it_listens_on_every_address_of_the_main_one(make_listener: Make, authority: Authority) -> None:
    listener = make_listener("127.0.0.1", "::1", upload_port=0)
    listener.start()
    for host in ("127.0.0.1", "::1"):
        assert Client(host, listener.upload_port or 0, authority.ca).get("/health").status == 200


def test_a_taken_port_gives_way_to_the_next_free_one(make_listener: Make, authority: Authority) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        listener = make_listener(upload_port=taken)
        listener.start()
        assert (listener.upload_port or 0) > taken
        assert listener.upload_problem == ""
        assert Client("127.0.0.1", listener.upload_port or 0, authority.ca).get("/health").status == 200


def test_where_none_can_be_had_serving_goes_on_and_it_is_said(
    make_listener: Make,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(binding, "_PORTS_TRIED", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        listener = make_listener(upload_port=other.getsockname()[1])
        port = listener.start()
    assert listener.upload_port is None
    assert "in use" in listener.upload_problem
    assert listener.upload_problem in caplog.text
    assert Client("127.0.0.1", port, authority.ca).get("/health").status == 200
    assert listener.stop(5.0)


def test_a_new_certificate_is_shown_to_who_comes_next_while_an_upload_finishes(
    sender: Client, listener: Listener, uploads: Uploads, authority: Authority
) -> None:
    before = shown_certificate(sender)
    with ExitStack() as stack:
        connection = open_tls(sender, stack)
        connection.sendall(head(sender, more=b"Content-Length: 6\r\n") + b"abc")
        listener.renew(*authority.issue("renewed"))
        assert shown_certificate(sender) != before
        connection.sendall(b"def")
        assert connection.recv(4096).endswith(b"\r\n\r\n6")


def test_an_upload_under_way_finishes_before_stop_returns_and_who_asked_nothing_does_not_hold_it_up(
    sender: Client, listener: Listener, uploads: Uploads
) -> None:
    uploads.go_on.clear()
    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        silent = open_tls(sender, stack)
        connection = open_tls(sender, stack)
        connection.sendall(head(sender, more=b"Content-Length: 3\r\n") + b"abc")
        wait_until(lambda: uploads.came == [3])
        stopping = pool.submit(listener.stop, 20.0)
        assert ends(silent)
        assert not stopping.done()
        uploads.go_on.set()
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert stopping.result() is True
    assert listener.upload_port is None
    with pytest.raises(ConnectionRefusedError):
        sender.get("/health")


def test_an_upload_that_takes_too_long_is_cut_off_and_said_so(
    sender: Client, listener: Listener, uploads: Uploads
) -> None:
    with ExitStack() as stack:
        connection = open_tls(sender, stack)
        connection.sendall(head(sender, more=b"Content-Length: 6\r\n") + b"abc")
        wait_until(lambda: bool(uploads.threads))
        began = time.monotonic()
        assert listener.stop(0.3) is False
        assert time.monotonic() - began < 4
        assert ends(connection)


def test_it_starts_again_on_its_port_and_leaves_nothing_behind(
    make_listener: Make, uploads: Uploads, authority: Authority
) -> None:
    make_listener(upload_port=0).start()  # whatever is made once is made now
    listener = make_listener(app=uploads, upload_port=0)
    threads, descriptors = threading.active_count(), count_descriptors()
    listener.start()
    port = listener.upload_port or 0
    listener.stop(5.0)
    again = make_listener(app=uploads, upload_port=port)
    for _ in range(3):
        again.start()
        assert again.upload_port == port
        assert Client("127.0.0.1", port, authority.ca).request("POST", "/legacy/", content=b"a").body == b"1"
        again.stop(5.0)
    wait_until(lambda: threading.active_count() <= threads and count_descriptors() <= descriptors)


def test_an_application_that_fails_is_answered_for(
    make_listener: Make, authority: Authority, monkeypatch: pytest.MonkeyPatch, uploads: Uploads
) -> None:
    async def answer_upload(scope: UploadScope, exchange: Exchange) -> None:
        if scope.path != "/health":
            return
        exchange.response_empty(200, [("content-length", "0")])

    monkeypatch.setattr(uploads, "answer_upload", answer_upload)
    listener = make_listener(app=uploads, upload_port=0)
    listener.start()
    sender = Client("127.0.0.1", listener.upload_port or 0, authority.ca)
    assert sender.request("POST", "/legacy/", content=b"a").status == 500
    assert sender.get("/health").status == 200


def test_an_upload_larger_than_any_buffer_comes_whole(sender: Client, uploads: Uploads) -> None:
    connection = http.client.HTTPSConnection(sender.host, sender.port, timeout=20, context=sender.context())
    connection.request("POST", "/legacy/", body=bytes(20_000_000))
    assert connection.getresponse().read() == b"20000000"
    connection.close()


def test_nobody_is_asked_when_the_application_knows_no_such_port(make_listener: Make, tmp_path: Path) -> None:
    async def answer(scope: Scope, exchange: Exchange) -> None:
        exchange.response_bytes(200, [], b"ok\n")

    listener = make_listener(app=answer, upload_port=0)
    listener.start()
    assert listener.upload_port is None
