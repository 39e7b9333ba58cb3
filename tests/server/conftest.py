"""A repository on disk as plain values, a certificate authority of the tests' own, and a running listener."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.server.authority import Authority, make_authority
from tests.server.board import Board
from tests.server.client import Client

from cheeseboard.server.app import create_app
from cheeseboard.server.guarding.visitors import Visitors
from cheeseboard.server.listener import Listener
from cheeseboard.server.rsgi import Application


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def board(tmp_path: Path, authority: Authority) -> Board:
    return Board(tmp_path / "packages", ca_pem=authority.ca.read_bytes())


@pytest.fixture
def make_listener(board: Board, authority: Authority) -> Iterator[Callable[..., Listener]]:
    """Return a function that makes listeners; they are stopped afterwards."""
    made: list[Listener] = []

    def make(
        *hosts: str, port: int = 0, app: Application | None = None, upload_port: int | None = None
    ) -> Listener:
        certificate, key = authority.issue()
        listener = Listener(
            app or create_app(board.source(), lambda: board.hosts),
            hosts_to_bind=hosts or ("127.0.0.1",),
            port=port,
            certificate=certificate,
            key=key,
            ca=authority.ca,
            upload_port=upload_port,
        )
        made.append(listener)
        return listener

    yield make
    for listener in made:
        listener.stop(2.0)


@pytest.fixture
def hurried(board: Board, authority: Authority, make_listener: Callable[..., Listener]) -> Client:
    """Return a client of a listener that lets nobody ask more than a few times."""
    visitors = Visitors(per_second=0.01, burst=3, is_exempt=lambda _: False)
    port = make_listener(app=create_app(board.source(), lambda: board.hosts, visitors=visitors)).start()
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    return Client("127.0.0.1", port, authority.ca)


@pytest.fixture
def uploaders(board: Board, authority: Authority, make_listener: Callable[..., Listener]) -> Client:
    """Return a client of the port for uploads alone of a running listener on 127.0.0.1."""
    listener = make_listener(upload_port=0)
    ports = (listener.start(), listener.upload_port)
    assert ports[1] is not None
    board.hosts = frozenset({f"{host}:{port}" for host in ("127.0.0.1", "localhost") for port in ports})
    return Client("127.0.0.1", ports[1], authority.ca)


@pytest.fixture
def client(board: Board, authority: Authority, make_listener: Callable[..., Listener]) -> Client:
    """Return a client of a running listener on 127.0.0.1."""
    port = make_listener().start()
    board.hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
    return Client("127.0.0.1", port, authority.ca)
