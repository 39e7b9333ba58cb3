"""This process's own TCP connections, found among its file descriptors.

granian offers no way to look at its connections or to break one off; where the system lists a process's
descriptors (Linux, macOS), it is done here from outside: a duplicate of the descriptor is looked at, and
shutting that down ends the connection.
"""

import logging
import os
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.server.guarding.visitors import Peer

logger = logging.getLogger(__name__)

_DESCRIPTORS = (Path("/proc/self/fd"), Path("/dev/fd"))
# Linux' struct tcp_info: tcpi_unacked, tcpi_bytes_acked, tcpi_notsent_bytes.
_UNACKED, _ACKED, _NOT_SENT = 24, 120, 144
_INFO_BYTES = 148
# macOS' struct tcp_connection_info, asked for by a number that Python has no name for before 3.13:
# tcpi_snd_sbbytes, tcpi_txbytes. What was sent fits into the window that the other side opened by reading.
_CONNECTION_INFO = 0x106
_IN_BUFFER, _SENT = 32, 64
_CONNECTION_INFO_BYTES = 112


@dataclass(frozen=True, slots=True)
class Connection:
    """One accepted connection at one moment.

    Attributes:
        descriptor: Its number in this process, which may be another's a moment later.
        taken: Bytes that the other side has acknowledged, or, on macOS, made room for.
        waiting: Whether bytes wait for the other side to take them.
    """

    descriptor: int
    peer: Peer
    taken: int
    waiting: bool


def count_descriptors() -> int:
    """Return how many descriptors this process has open; 0 where the system does not tell."""
    directory = _directory()
    return len(os.listdir(directory)) if directory else 0  # noqa: PTH208 - counting needs no paths


def list_connections(port: int) -> Iterator[Connection]:
    """Yield every accepted connection to our ``port``."""
    for descriptor in _list_descriptors():
        connection = _duplicate(descriptor)
        if connection is None:
            continue
        with connection, suppress(OSError):
            if connection.getsockname()[1] == port:
                peer = connection.getpeername()  # fails for a listening socket
                taken, waiting = _progress(connection)
                yield Connection(descriptor, _as_peer(peer), taken, waiting)


def cut_connection(connection: Connection) -> bool:
    """Break off this very connection; return whether it was still there."""
    duplicate = _duplicate(connection.descriptor)
    if duplicate is None:
        return False
    with duplicate, suppress(OSError):
        if _as_peer(duplicate.getpeername()) == connection.peer:
            duplicate.shutdown(socket.SHUT_RDWR)
            return True
    return False


def cut_connections(port: int) -> int:
    """Break off every accepted connection to our ``port``; return how many."""
    return sum(cut_connection(connection) for connection in list_connections(port))


def _as_peer(address: tuple[str, int]) -> Peer:
    # A link-local address carries its zone here, and none where the server tells of it.
    return address[0].partition("%")[0], address[1]


def _progress(connection: socket.socket) -> tuple[int, bool]:
    """Return how many bytes the other side has taken, and whether more wait for it."""
    try:
        if sys.platform == "linux":
            return read_tcp_info(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES))
        elif sys.platform == "darwin":  # noqa: RET505  # so that mypy follows
            told = connection.getsockopt(socket.IPPROTO_TCP, _CONNECTION_INFO, _CONNECTION_INFO_BYTES)
            return read_connection_info(told)
    except OSError:  # it is counted all the same
        logger.debug("A connection told nothing of itself", exc_info=True)
    return 0, False


def read_tcp_info(told: bytes) -> tuple[int, bool]:
    """Return what Linux tells of a connection: bytes taken, and whether more wait."""
    if len(told) < _INFO_BYTES:
        return 0, False
    (taken,) = struct.unpack_from("=Q", told, _ACKED)
    waiting = any(struct.unpack_from("=I", told, offset)[0] for offset in (_UNACKED, _NOT_SENT))
    return taken, waiting


def read_connection_info(told: bytes) -> tuple[int, bool]:
    """Return what macOS tells of a connection: bytes taken, and whether more wait."""
    if len(told) < _CONNECTION_INFO_BYTES:
        return 0, False
    (sent,) = struct.unpack_from("=Q", told, _SENT)
    (in_buffer,) = struct.unpack_from("=I", told, _IN_BUFFER)
    return sent, in_buffer > 0


def _list_descriptors() -> list[int]:
    directory = _directory()
    return [int(name) for name in os.listdir(directory)] if directory else []  # noqa: PTH208 - numbers, no paths


def _directory() -> Path | None:
    return next((path for path in _DESCRIPTORS if path.is_dir()), None)


def _duplicate(descriptor: int) -> socket.socket | None:
    """Return a duplicate of a TCP socket's descriptor, for the caller to close; None if it is none."""
    try:
        # Never of a file: to close any descriptor of a file gives up all of the process's locks on it
        # (POSIX), and another process then takes the catalog's log for nobody's and removes it.
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return None
        # What we look at is the duplicate: the original may be closed and its number reused meanwhile.
        # Should a file have it by now, the duplicate stays open, for the reason above.
        found = socket.socket(fileno=os.dup(descriptor))
    except OSError:
        return None
    if found.family in {socket.AF_INET, socket.AF_INET6} and found.type == socket.SOCK_STREAM:
        return found
    found.close()
    return None
