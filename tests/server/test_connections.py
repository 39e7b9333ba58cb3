"""Looking at our own connections leaves everything else that is open alone."""

import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import write_wheel

from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.server.guarding.connections import (
    cut_connections,
    list_connections,
    read_connection_info,
    read_tcp_info,
)
from cheeseboard.service import Service

fcntl = pytest.importorskip("fcntl", reason="the system has no such locks")

OTHER_PROCESS = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(3)
"""


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_lock_on_a_file_holds_while_connections_are_looked_at(
    listening: socket.socket, tmp_path: Path
) -> None:
    path = tmp_path / "locked"
    path.write_bytes(b"x")
    port = listening.getsockname()[1]
    with path.open("r+b") as file, socket.create_connection(("127.0.0.1", port)):
        accepted, _ = listening.accept()
        with accepted:
            fcntl.lockf(file, fcntl.LOCK_EX)
            assert len(list(list_connections(port))) == 1
            assert cut_connections(port) == 1
        other = subprocess.run([sys.executable, "-c", OTHER_PROCESS, str(path)], check=False, timeout=60)
        assert other.returncode == 3


def test_another_process_that_ends_leaves_the_catalogs_log_to_a_server_that_looks_at_its_connections(
    tmp_path: Path, own_home: Path, listening: socket.socket
) -> None:
    service = Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages")
    service.open(watch=False)
    try:
        service.add([write_wheel(tmp_path)], Way.DROP)
        assert list(list_connections(listening.getsockname()[1])) == []
        catalog = service.folder / ".cheeseboard/catalog.sqlite3"
        look = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT 1 FROM files').close()"
        subprocess.run([sys.executable, "-c", look, str(catalog)], check=True, timeout=60)
        assert Path(f"{catalog}-wal").exists()
    finally:
        service.close()


def test_what_linux_tells_of_a_reader_is_read() -> None:
    told = bytearray(232)
    struct.pack_into("=Q", told, 120, 5_000_000_000)
    assert read_tcp_info(bytes(told)) == (5_000_000_000, False)
    struct.pack_into("=I", told, 144, 1)
    assert read_tcp_info(bytes(told)) == (5_000_000_000, True)
    assert read_tcp_info(bytes(100)) == (0, False)


def test_what_macos_tells_of_a_reader_is_read() -> None:
    # netinet/tcp.h: four bytes, eight words up to tcpi_snd_sbbytes, five more, 64-bit counters from 56 on.
    told = struct.pack("=4B13I7Q", *[0] * 4, *[0] * 7, 9, *[0] * 5, 3, 7_000_000_000, *[0] * 5)
    assert read_connection_info(told) == (7_000_000_000, True)
    assert read_connection_info(told[:50]) == (0, False)
