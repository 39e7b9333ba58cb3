"""This repository on the local network: announced by name while served, and others found (mDNS, DNS-SD).

Announcing gives colleagues an address that outlives DHCP: ``<computer>.local`` leads here, whatever the
number. What neighbours say of themselves is untrusted until their join line or certificate is checked.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from zeroconf import (
    BadTypeInNameException,
    Error,
    InterfaceChoice,
    ServiceBrowser,
    ServiceInfo,
    ServiceStateChange,
    Zeroconf,
)

logger = logging.getLogger(__name__)

SERVICE_TYPE = "_cheeseboard._tcp.local."
IPAddress = IPv4Address | IPv6Address
_ASK_MILLISECONDS = 3000
# DNS-SD's limit for an instance's name, in bytes (RFC 6763, 4.1.1).
_LONGEST_NAME = 63


@dataclass(frozen=True, slots=True)
class Announcement:
    """What others are told.

    Attributes:
        name: The repository's, for people.
        host: This computer's name, one label.
        port: Where it is served.
        addresses: Where ``<host>.local`` leads.
        ca_sha256: The authority's fingerprint, lowercase hex.
    """

    name: str
    host: str
    port: int
    addresses: tuple[IPAddress, ...]
    ca_sha256: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A repository that somebody announces on this network. Nothing of it is verified.

    Attributes:
        name: The repository's, for people.
        url: Its Simple API URL.
        computer: Its computer's name.
        addresses: Where that leads.
        ca_sha256: The authority that it says to have; compare it over another channel.
    """

    name: str
    url: str
    computer: str
    addresses: tuple[str, ...]
    ca_sha256: str


class Discovery:
    """Announces one repository and finds others; every method may be called from any thread.

    Args:
        interfaces: The addresses of the interfaces to use; all of them when there are none.
        changed: Called, on a thread of its own, when the neighbours changed.
    """

    def __init__(self, interfaces: Sequence[str] = (), *, changed: Callable[[], None] = lambda: None) -> None:
        self._interfaces = tuple(interfaces)
        self._changed = changed
        self._lock = threading.RLock()
        self._zeroconf: Zeroconf | None = None
        self._browser: ServiceBrowser | None = None
        self._info: ServiceInfo | None = None
        self._told: Announcement | None = None
        self._neighbours: dict[str, Neighbour] = {}

    def announce(self, announcement: Announcement) -> bool:
        """Tell the network of a repository, instead of what was told before; slow: names are probed.

        Returns:
            Whether it was told; False without a network, or when mDNS can't be spoken here.
        """
        with self._lock:
            info = _describe(announcement)
            if self._info is not None and self._told == announcement:
                return True
            self.withdraw()
            try:
                zeroconf = self._open()
                # Two repositories of one name are told apart by a number behind it.
                zeroconf.register_service(info, allow_name_change=True)
            except (OSError, Error) as error:
                logger.warning("The repository is not announced on the network: %s", error)
                return False
            self._info, self._told = info, announcement
            return True

    def withdraw(self) -> None:
        """Tell the network that the repository is gone; slow, idempotent."""
        with self._lock:
            info, self._info = self._info, None
            if info is not None and self._zeroconf is not None:
                try:
                    self._zeroconf.unregister_service(info)
                except (OSError, Error) as error:
                    logger.warning("The network is not told that serving ended: %s", error)

    def browse(self) -> None:
        """Begin to look for others; idempotent."""
        with self._lock:
            if self._browser is None:
                try:
                    self._browser = ServiceBrowser(self._open(), SERVICE_TYPE, handlers=[self._on_change])
                except (OSError, Error) as error:
                    logger.warning("The network can't be searched: %s", error)

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """The others found so far, by name; our own is not among them."""
        own = self._info.name if self._info else ""
        found = dict(self._neighbours)
        return tuple(sorted((found[key] for key in found if key != own), key=lambda each: each.name.lower()))

    def close(self) -> None:
        """Withdraw, and end looking; slow, idempotent."""
        with self._lock:
            self.withdraw()
            zeroconf, self._zeroconf, self._browser = self._zeroconf, None, None
        if zeroconf is not None:
            zeroconf.close()  # not under the lock: it waits for our own callbacks

    def _open(self) -> Zeroconf:
        if self._zeroconf is None:
            interfaces = list(self._interfaces) or InterfaceChoice.All
            self._zeroconf = Zeroconf(interfaces=interfaces)
        return self._zeroconf

    def _on_change(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        if state_change is ServiceStateChange.Removed:
            gone = self._neighbours.pop(name, None)
            if gone is not None:
                self._changed()
            return
        try:
            info = zeroconf.get_service_info(service_type, name, _ASK_MILLISECONDS)
        except (OSError, Error, BadTypeInNameException):
            return
        neighbour = _read(info) if info is not None else None
        if neighbour is not None and self._neighbours.get(name) != neighbour:
            self._neighbours[name] = neighbour
            self._changed()


def _describe(announcement: Announcement) -> ServiceInfo:
    # No dots: they would separate labels.
    name = announcement.name.replace(".", " ").strip() or announcement.host
    while len(name.encode()) > _LONGEST_NAME:
        name = name[:-1]
    return ServiceInfo(
        SERVICE_TYPE,
        f"{name}.{SERVICE_TYPE}",
        port=announcement.port,
        properties={"ca": announcement.ca_sha256, "path": "/simple/", "name": announcement.name[:80]},
        server=f"{announcement.host}.local.",
        parsed_addresses=[str(address) for address in announcement.addresses],
    )


def _read(info: ServiceInfo) -> Neighbour | None:
    """Return what a neighbour says; None when it makes no sense: anybody on the network may send it."""
    server, port = (info.server or "").rstrip("."), info.port
    labels = server.split(".")
    plain = all(label.replace("-", "").isalnum() and label.isascii() for label in labels)
    if not plain or labels[-1] != "local" or not port:
        return None
    said = {key: (value or b"") for key, value in info.properties.items()}
    fingerprint = said.get(b"ca", b"").decode("ascii", "replace")
    if len(fingerprint) != 64 or not set(fingerprint) <= set("0123456789abcdef"):
        return None
    name = said.get(b"name", b"").decode("utf-8", "replace") or info.get_name()
    return Neighbour(
        name="".join(character for character in name if character.isprintable())[:80],
        url=f"https://{server.lower()}:{port}/simple/",
        computer=labels[0],
        addresses=tuple(info.parsed_addresses()),
        ca_sha256=fingerprint,
    )
