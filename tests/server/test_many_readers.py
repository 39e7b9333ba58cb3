"""Each listening socket answers on a thread of its own: what has changed is seen by whoever asks next."""

import http.client
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from tests.server.authority import Authority
from tests.server.board import Board, make_file, make_project
from tests.server.client import Client

from cheeseboard.index.negotiate import Form
from cheeseboard.server.listener import Listener

HOSTS = ("127.0.0.1", "127.0.0.2")
PROJECT, ROOT = "/simple/acme-core/", "/simple/"


@pytest.fixture(autouse=True)
def impatient_threads() -> Iterator[None]:
    """Let threads interrupt each other as often as they can."""
    seconds = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(seconds)


def publish(board: Board, count: int) -> None:
    """Publish so many releases; a second project comes and goes, so that the root changes as well."""
    files = [make_file(f"acme_core-1.{number}-py3-none-any.whl") for number in range(count)]
    others = [make_project("other", [make_file("other-1.0.tar.gz")])] if count % 2 else []
    board.publish(make_project("acme-core", files), *others)


def ask(connection: http.client.HTTPSConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept": Form.JSON.value})
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200
    return body


@contextmanager
def readers(clients: list[Client]) -> Iterator[None]:
    """Let clients read the pages again and again, each on a thread of its own."""
    ended, failed = threading.Event(), list[BaseException]()

    def read(client: Client) -> None:
        with closing(client.connect()) as connection:
            while not ended.is_set():
                try:
                    ask(connection, PROJECT)
                    ask(connection, ROOT)
                except (AssertionError, OSError, http.client.HTTPException) as error:
                    failed.append(error)
                    return

    threads = [threading.Thread(target=read, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert failed == []


def test_a_release_is_on_the_page_at_once_while_many_read_it_on_several_sockets(
    make_listener: Callable[..., Listener], board: Board, authority: Authority
) -> None:
    publish(board, 1)
    port = make_listener(*HOSTS).start()
    board.hosts = frozenset(f"{host}:{port}" for host in HOSTS)
    clients = [Client(host, port, authority.ca) for host in HOSTS]
    with (
        readers(clients * 3),
        closing(clients[0].connect()) as first,
        closing(clients[1].connect()) as second,
    ):
        for count in range(2, 150):
            publish(board, count)
            connection = (first, second)[count // 2 % 2]
            assert f"acme_core-1.{count - 1}-".encode() in ask(connection, PROJECT)
            assert (b'"other"' in ask(connection, ROOT)) is bool(count % 2)
