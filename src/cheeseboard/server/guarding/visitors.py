"""Who asks how often: a request-rate cap an address, and which connections have asked anything at all.

The application tells of every request; the warden of connections reads who has never made one.
"""

import ipaddress
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Peer = tuple[str, int]

_MOST_ADDRESSES = 4096


@dataclass(slots=True)
class _Bucket:
    left: float
    filled_at: float


class Visitors:
    """Counts requests by address; used on the server's loop, read from the warden's thread.

    Args:
        per_second: Requests that an address may make in the long run.
        burst: Requests that it may make at once.
        is_exempt: Tells of an address that may ask as often as it likes: by default this computer's own,
            since whoever uses that can burden it without us.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        *,
        per_second: float = 500.0,
        burst: int = 5_000,
        is_exempt: Callable[[str], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._is_exempt = is_exempt or is_this_computer
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._exempt: dict[str, bool] = {}
        self._peers: set[Peer] = set()

    def admit(self, peer: Peer) -> bool:
        """Note a request; return whether its address has kept within its rate."""
        self._peers.add(peer)
        address = peer[0]
        exempt = self._exempt.get(address)
        if exempt is None:
            exempt = self._know(address)
        return exempt or self._take(group_of(address) if ":" in address else address)

    def asked_so_far(self) -> frozenset[Peer]:
        """Return the connections that made a whole request."""
        return frozenset(self._peers)

    def forget(self, peers: Iterable[Peer]) -> None:
        """Let go of connections that are gone."""
        for peer in peers:
            self._peers.discard(peer)

    def _know(self, address: str) -> bool:
        if len(self._exempt) >= _MOST_ADDRESSES:
            self._exempt.clear()
        exempt = self._exempt[address] = self._is_exempt(address)
        return exempt

    def _take(self, group: str) -> bool:
        now = self._clock()
        bucket = self._buckets.get(group)
        if bucket is None:
            if len(self._buckets) >= _MOST_ADDRESSES:
                self._forget_the_full(now)
            bucket = self._buckets[group] = _Bucket(self._burst, now)
        earned = (now - bucket.filled_at) * self._per_second
        bucket.left = min(float(self._burst), bucket.left + earned)
        bucket.filled_at = now
        if bucket.left < 1.0:
            return False
        bucket.left -= 1.0
        return True

    def _forget_the_full(self, now: float) -> None:
        """Let go of the addresses that have been quiet for long enough to be as good as new."""
        seconds = self._burst / self._per_second
        kept = {group: bucket for group, bucket in self._buckets.items() if now - bucket.filled_at < seconds}
        self._buckets = kept if len(kept) < _MOST_ADDRESSES else {}


def group_of(address: str) -> str:
    """Return what counts as one neighbour: an IPv4 address, or the /64 in which an IPv6 host may move."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False))


def is_this_computer(address: str) -> bool:
    """Return whether an address is a loopback one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = ip.ipv4_mapped if ip.version == 6 else None
    return ip.is_loopback if mapped is None else mapped.is_loopback
