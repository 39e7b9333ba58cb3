"""The network around us: we are announced on it while colleagues may come, and other repositories are found.

What speaks mDNS is imported when it is first wanted: it takes a while, and most commands never do.
"""

import threading
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from cheeseboard.events import EventBus, NeighboursChanged

if TYPE_CHECKING:
    from cheeseboard.server.discovery import Discovery, Neighbour


class Neighbourhood:
    """What this repository tells its network, and hears there; every method may be called from any thread."""

    def __init__(self, bus: EventBus, discovery: "Discovery | None" = None) -> None:
        """Tell and hear nothing yet.

        Args:
            bus: Is told when the neighbours changed.
            discovery: What speaks with the network; None for the network's own way.
        """
        self._bus = bus
        self._lock = threading.Lock()
        self._discovery = discovery

    def announce(
        self,
        *,
        name: str,
        host: str,
        port: int,
        addresses: Sequence[IPv4Address | IPv6Address],
        ca_sha256: str,
    ) -> bool:
        """Tell the network of a repository, instead of what was told before; slow: names are probed.

        Args:
            name: The repository's, for people.
            host: This computer's name, without ``.local``.
            port: Where it is served.
            addresses: Those by which others reach it.
            ca_sha256: Its authority's fingerprint.

        Returns:
            Whether it was told; False without a network, or when mDNS can't be spoken here.
        """
        from cheeseboard.server.discovery import Announcement  # noqa: PLC0415  # see above

        return self._made().announce(Announcement(name, host, port, tuple(addresses), ca_sha256))

    def withdraw(self) -> None:
        """Tell the network that the repository is gone; slow, idempotent."""
        if self._discovery is not None:
            self._discovery.withdraw()

    def look_around(self) -> None:
        """Begin to look for others; ``NeighboursChanged`` tells of them; slow, idempotent."""
        self._made().browse()

    @property
    def neighbours(self) -> "tuple[Neighbour, ...]":
        """The others found so far, by name; nothing of them is verified."""
        return () if self._discovery is None else self._discovery.neighbours

    def close(self) -> None:
        """Withdraw, and end looking; slow, idempotent."""
        if self._discovery is not None:
            self._discovery.close()

    def _made(self) -> "Discovery":
        with self._lock:
            if self._discovery is None:
                from cheeseboard.server.discovery import Discovery  # noqa: PLC0415  # see above

                self._discovery = Discovery(changed=lambda: self._bus.publish(NeighboursChanged()))
            return self._discovery
