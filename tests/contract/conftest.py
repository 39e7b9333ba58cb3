"""A repository of real wheels and sdists behind a real listener, for real installers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import (
    build_sdist,
    core_metadata,
    installable_sdist,
    sdist_filename,
    wheel_filename,
    write_wheel,
)
from tests.server.authority import Authority, make_authority
from tests.server.board import Board
from tests.server.client import Client

from cheeseboard.server.app import create_app
from cheeseboard.server.listener import Listener


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Board:
    board = Board(tmp_path_factory.mktemp("packages"), ca_pem=authority.ca.read_bytes())
    made = tmp_path_factory.mktemp("made")
    add_wheel(board, made, "acme-core", "1.0")
    add_wheel(board, made, "acme-core", "1.1", requires_dist=("acme-util>=1",))
    add_wheel(board, made, "acme-core", "2.0rc1")
    add_wheel(board, made, "acme-core", "3.0", yanked="set fire to a datacentre")
    add_wheel(board, made, "acme-core", "4.0", yanked="")
    add_wheel(board, made, "acme-core", "9.0", requires_python=">=99")
    add_wheel(board, made, "acme-util", "1.5", requires_python=None)
    add_wheel(board, made, "acme-gpu", "1.0+cu12")
    board.add(sdist_filename("acme-built", "1.0"), installable_sdist("acme-built", "1.0"))
    board.add(sdist_filename("acme-core", "1.0"), build_sdist("acme-core", "1.0"))
    for number in range(40):
        board.add(
            f"acme_large-0.{number}.tar.gz",
            build_sdist("acme-large", f"0.{number}"),
            requires_python="<4,>=3.7",
        )
    return board


def add_wheel(
    board: Board,
    directory: Path,
    name: str,
    version: str,
    *,
    requires_dist: tuple[str, ...] = (),
    requires_python: str | None = ">=3.8",
    yanked: str | None = None,
) -> None:
    metadata = core_metadata(name, version, requires_dist=requires_dist, requires_python=requires_python)
    path = write_wheel(directory, name, version, metadata=metadata)
    assert path.name == wheel_filename(name, version)
    board.add(path.name, path.read_bytes(), metadata=metadata, requires_python=requires_python, yanked=yanked)


@pytest.fixture(scope="module")
def client(board: Board, authority: Authority) -> Iterator[Client]:
    certificate, key = authority.issue()
    listener = Listener(
        create_app(board.source(), lambda: board.hosts),
        hosts_to_bind=["127.0.0.1"],
        port=0,
        certificate=certificate,
        key=key,
        ca=authority.ca,
    )
    port = listener.start()
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    yield Client("127.0.0.1", port, authority.ca)
    listener.stop(5.0)


@pytest.fixture
def environment(own_home: Path) -> dict[str, str]:
    """Return the environment of an installer that nobody configured."""
    return {
        **os.environ,
        "HOME": str(own_home),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
