"""Listening sockets, bound by us before any server runs, so that every refusal is a plain sentence."""

import errno
import ipaddress
import socket
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing

from cheeseboard.errors import AddressInUse, AddressUnavailable, Sentence

SocketAddress = tuple[str, int] | tuple[str, int, int, int]

BACKLOG = 1024
# A reader that takes nothing, or has vanished, is cut off by the kernel after this long.
_STALLED_MILLISECONDS = 45_000
_PORTS_TRIED = 200


def bind_all(hosts: Sequence[str], port: int) -> tuple[socket.socket, ...]:
    """Return one listening socket for each address, all on one port.

    A wildcard address takes in the others of its family. Port 0 lets the system choose.

    Raises:
        AddressInUse: Another program listens there; the error names the next free port.
        AddressUnavailable: This computer does not have the address, or may not use the port.
    """
    sockets: list[socket.socket] = []
    try:
        for host in _without_covered(hosts):
            listening = bind(host, port)
            sockets.append(listening)
            port = listening.getsockname()[1]
    except AddressInUse as error:
        _close(sockets)
        raise AddressInUse(error.host, error.port, find_free_port(hosts, error.port + 1)) from None
    except BaseException:
        _close(sockets)
        raise
    return tuple(sockets)


def bind_near(hosts: Sequence[str], port: int) -> tuple[socket.socket, ...]:
    """Return one listening socket for each address, on this port or, where that is taken, the next free one.

    Raises:
        AddressInUse: None of the next ports is free.
        AddressUnavailable: This computer does not have the address, or may not use the port.
    """
    try:
        return bind_all(hosts, port)
    except AddressInUse as error:
        if error.free_port is None:
            raise
        return bind_all(hosts, error.free_port)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        AddressInUse: Another program listens there; ``free_port`` is None.
        AddressUnavailable: This computer does not have the address, or may not use the port.
    """
    if not 0 <= port <= 65535:
        raise AddressUnavailable(host, port, Sentence("a port is a number from 1 to 65535"))
    family, address = _resolve(host, port)
    try:
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        raise AddressUnavailable(
            host, port, Sentence("this computer does not speak that kind of address")
        ) from None
    try:
        _prepare(listening, family)
        listening.bind(address)
        listening.listen(BACKLOG)
        # Duplicates share this flag, and socket.dup() would set it anew under a running server.
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise _explain(error, host, port) from None
    return listening


def find_free_port(hosts: Sequence[str], first: int) -> int | None:
    """Return the first port from ``first`` on that is free on all addresses, or None."""
    for port in range(first, min(first + _PORTS_TRIED, 65536)):
        sockets: list[socket.socket] = []
        try:
            for host in _without_covered(hosts):
                sockets.append(bind(host, port))  # noqa: PERF401 - what was bound must be closed on a refusal
        except (AddressInUse, AddressUnavailable):
            continue
        finally:
            _close(sockets)
        return port
    return None


def _prepare(listening: socket.socket, family: socket.AddressFamily) -> None:
    """Set what accepted connections inherit, and how a restart on the same port works."""
    if sys.platform == "win32":
        # There SO_REUSEADDR would let two programs share one port.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if sys.platform == "linux":
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALLED_MILLISECONDS)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60)


def _resolve(
    host: str, port: int
) -> tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise AddressUnavailable(host, port, Sentence("there is no such address")) from None
    family, _, _, _, address = found[0]
    if len(address) == 4:
        return family, (str(address[0]), int(address[1]), int(address[2]), int(address[3]))
    return family, (str(address[0]), int(address[1]))


def _explain(error: OSError, host: str, port: int) -> AddressInUse | AddressUnavailable:
    if error.errno == errno.EADDRINUSE:
        return AddressInUse(host, port, None)
    if error.errno == errno.EADDRNOTAVAIL:
        return AddressUnavailable(host, port, Sentence("this computer does not have that address"))
    if error.errno in {errno.EACCES, errno.EPERM}:
        if sys.platform == "win32":
            return AddressUnavailable(
                host, port, Sentence("another program or Windows keeps that port for itself")
            )
        return AddressUnavailable(host, port, Sentence("ports below 1024 need the administrator's rights"))
    return AddressUnavailable(host, port, error.strerror or str(error))


def _without_covered(hosts: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses once each, without those that a wildcard of their family takes in."""
    unique = tuple(dict.fromkeys(hosts))
    wildcards = {_version(host) for host in unique if host in {"0.0.0.0", "::"}}  # noqa: S104 - told apart, not bound
    return tuple(
        host
        for host in unique
        if host in {"0.0.0.0", "::"} or _version(host) not in wildcards  # noqa: S104 - as above
    )


def _version(host: str) -> int:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).version
    except ValueError:
        return 4


def _close(sockets: Iterable[socket.socket]) -> None:
    for each in sockets:
        with closing(each):
            pass
