"""Who may stay connected, as a decision; and that it is enforced on real connections."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.server.authority import Authority
from tests.server.board import Board
from tests.server.client import Client
from tests.server.waiting import wait_until

from cheeseboard.server.app import create_app
from cheeseboard.server.guarding.connections import Connection, list_connections
from cheeseboard.server.guarding.visitors import Visitors
from cheeseboard.server.guarding.warden import Guest, Limits, choose_to_cut, observe
from cheeseboard.server.listener import Listener

LIMITS = Limits(
    connections=6,
    connections_per_address=3,
    first_request_seconds=15.0,
    rate_seconds=10.0,
    lowest_rate=100,
)


def connection(
    port: int = 1, address: str = "10.0.0.1", *, taken: int = 0, waiting: bool = False
) -> Connection:
    return Connection(port, (address, port), taken, waiting)


def guest(port: int = 1, address: str = "10.0.0.1", *, since: float = 0.0, asked: bool = False) -> Guest:
    return Guest(connection(port, address), since, asked, None, 0)


def watch(takes: Callable[[float], int], seconds: int) -> Guest:
    """Return what is known of a reader for whom bytes wait, after a look each second."""
    seen: Guest | None = None
    for second in range(seconds + 1):
        found = connection(taken=takes(float(second)), waiting=True)
        seen = observe(found, seen, asked=True, now=float(second), limits=LIMITS)
    assert seen is not None
    return seen


def cut(guests: list[Guest], now: float = 1.0, limits: Limits = LIMITS) -> set[int]:
    return {each.connection.peer[1] for each in choose_to_cut(guests, now, limits)}


def test_who_never_asks_anything_is_cut_off_in_time() -> None:
    guests = [guest(1), guest(2, asked=True), guest(3, since=10.0)]
    assert cut(guests, now=15.0) == set()
    assert cut(guests, now=15.1) == {1}


def test_a_reader_that_takes_nothing_is_cut_off() -> None:
    assert choose_to_cut([watch(lambda _: 0, 9)], 9.0, LIMITS) == []
    assert len(choose_to_cut([watch(lambda _: 0, 10)], 10.0, LIMITS)) == 1


def test_a_reader_that_trickles_is_cut_off_and_one_that_keeps_the_rate_is_not() -> None:
    assert len(choose_to_cut([watch(lambda second: int(90 * second), 25)], 25.0, LIMITS)) == 1
    assert choose_to_cut([watch(lambda second: int(110 * second), 100)], 100.0, LIMITS) == []


def test_a_connection_for_which_nothing_waits_is_not_measured() -> None:
    before = observe(connection(waiting=True), None, asked=True, now=0.0, limits=LIMITS)
    rested = observe(connection(), before, asked=True, now=9.0, limits=LIMITS)
    again = observe(connection(waiting=True), rested, asked=True, now=11.0, limits=LIMITS)
    assert choose_to_cut([again], 20.9, LIMITS) == []


def test_of_too_many_from_one_address_the_oldest_that_never_asked_give_way() -> None:
    guests = [
        guest(1, asked=True),
        guest(2, since=2),
        guest(3, since=1),
        guest(4, since=3),
        guest(5, asked=True),
    ]
    assert cut(guests, now=5.0) == {3, 2}


def test_many_from_several_addresses_are_let_be() -> None:
    assert cut([guest(number, f"10.0.0.{number}") for number in range(6)]) == set()


def test_of_too_many_in_all_the_oldest_that_never_asked_give_way() -> None:
    guests = [guest(number, f"10.0.0.{number}", since=number, asked=number < 4) for number in range(9)]
    assert cut(guests, now=10.0) == {4, 5, 6}


def test_a_download_outlasts_idle_connections() -> None:
    busy = Guest(connection(9, waiting=True), 0.0, True, 0.0, 0)
    guests = [busy, *(guest(number, since=1.0, asked=True) for number in range(3))]
    assert 9 not in cut(guests)


# --- on real connections --------------------------------------------------------------------------


@pytest.fixture
def make_guarded(board: Board, authority: Authority) -> Iterator[Callable[[Limits], Client]]:
    """Return a function that serves under given limits."""
    made: list[Listener] = []

    def make(limits: Limits) -> Client:
        certificate, key = authority.issue()
        visitors = Visitors()
        listener = Listener(
            create_app(board.source(), lambda: board.hosts, visitors=visitors),
            hosts_to_bind=["127.0.0.1"],
            port=0,
            certificate=certificate,
            key=key,
            ca=authority.ca,
            visitors=visitors,
            limits=limits,
        )
        made.append(listener)
        port = listener.start()
        board.hosts = frozenset({f"127.0.0.1:{port}"})
        return Client("127.0.0.1", port, authority.ca)

    yield make
    for listener in made:
        listener.stop(2.0)


needs_linux = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system lists no descriptors")


@needs_linux
def test_silent_connections_are_cut_off_and_one_that_asked_stays(
    make_guarded: Callable[[Limits], Client],
) -> None:
    client = make_guarded(Limits(first_request_seconds=0.5))
    kept = client.connect()
    kept.request("GET", "/health")
    kept.getresponse().read()
    silent = [socket.create_connection((client.host, client.port), timeout=10) for _ in range(5)]
    assert all(is_closed(each) for each in silent)
    kept.request("GET", "/health")
    assert kept.getresponse().read() == b"ok\n"
    kept.close()


@needs_linux
def test_an_address_cannot_take_all_connections(make_guarded: Callable[[Limits], Client]) -> None:
    client = make_guarded(Limits(connections_per_address=8))
    silent = [socket.create_connection((client.host, client.port), timeout=10) for _ in range(40)]
    wait_until(lambda: sum(is_closed_now(each) for each in silent) >= 32)
    began = time.monotonic()
    assert client.get("/simple/").status == 200
    assert time.monotonic() - began < 1.0
    for each in silent:
        each.close()


@needs_linux
@pytest.mark.parametrize("header", [{}, {"Range": "bytes=1-"}])
def test_a_reader_that_trickles_is_cut_off(
    make_guarded: Callable[[Limits], Client], board: Board, header: dict[str, str]
) -> None:
    client = make_guarded(Limits(rate_seconds=1.5, lowest_rate=1_000_000))
    file = board.add("acme_core-1.0.tar.gz", bytes(40_000_000))
    connection = client.connect()
    connection.request("GET", f"/simple/acme-core/{file.filename}", headers=header)
    response = connection.getresponse()
    pace = threading.Event()
    taken = 0
    deadline = time.monotonic() + 15
    while list(list_connections(client.port)):
        assert time.monotonic() < deadline
        taken += len(response.read(2000))
        pace.wait(0.01)
    with pytest.raises((OSError, http.client.IncompleteRead)):
        response.read()
    assert taken < 10_000_000
    connection.close()


def is_closed(silent: socket.socket) -> bool:
    with silent:
        try:
            return silent.recv(1) == b""
        except ConnectionError:
            return True


def is_closed_now(silent: socket.socket) -> bool:
    silent.setblocking(False)
    try:
        return silent.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
