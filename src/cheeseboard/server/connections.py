"""This process's own TCP connections, found among its file descriptors: how a bounded stop is kept.

granian drains and offers no way to break off; where the system lists a process's descriptors (Linux,
macOS), what is left after the time allowed is shut down here.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_DESCRIPTORS = (Path("/proc/self/fd"), Path("/dev/fd"))


def cut_connections(port: int) -> int:
    """Shut down every accepted connection to our ``port``; return how many."""
    cut = 0
    for connection in _own_connections():
        with connection, suppress(OSError):
            if connection.getsockname()[1] == port and connection.getpeername():
                connection.shutdown(socket.SHUT_RDWR)
                cut += 1
    return cut


def _own_connections() -> Iterator[socket.socket]:
    """Yield a duplicate of each TCP socket of this process; the caller closes it."""
    directory = next((path for path in _DESCRIPTORS if path.is_dir()), None)
    for name in os.listdir(directory) if directory else ():  # noqa: PTH208 - names are numbers, not paths
        duplicate = -1
        try:
            # What we look at is the duplicate: the original may be closed and its number reused meanwhile.
            duplicate = os.dup(int(name))
            found = socket.socket(fileno=duplicate)
        except OSError:
            if duplicate >= 0:
                os.close(duplicate)
            continue
        if found.family in {socket.AF_INET, socket.AF_INET6} and found.type == socket.SOCK_STREAM:
            yield found
        else:
            found.close()
