"""Who may stay connected: caps and deadlines that granian lacks, decided purely and enforced from outside."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cheeseboard.server.guarding.connections import (
    Connection,
    count_descriptors,
    cut_connection,
    list_connections,
)
from cheeseboard.server.guarding.visitors import Peer, Visitors, group_of
from cheeseboard.server.repeating import Repeating

logger = logging.getLogger(__name__)

_CALM_SECONDS = 1.0
_CROWDED_SECONDS = 0.25
_CROWDED = 128


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may take of us; parameters so that tests need no thousands and no minutes.

    Attributes:
        connections: In all; beyond, those that never asked anything give way, the oldest first.
        connections_per_address: Likewise, from one address (one /64 in IPv6).
        first_request_seconds: From connecting to the end of the first request's header.
        rate_seconds: Over which the rate of a reader is measured.
        lowest_rate: Bytes a second that a reader must take while bytes wait for it.
    """

    connections: int = 1_000
    connections_per_address: int = 256
    first_request_seconds: float = 15.0
    rate_seconds: float = 30.0
    lowest_rate: int = 8 * 1024


@dataclass(frozen=True, slots=True)
class Guest:
    """A connection over time.

    Attributes:
        since: When it was first seen.
        asked: Whether it ever made a whole request.
        waiting_since: Since when bytes wait for it, or since its rate was last found good; None if none wait.
        taken_then: What it had taken at that time.
    """

    connection: Connection
    since: float
    asked: bool
    waiting_since: float | None
    taken_then: int


def observe(
    connection: Connection, before: Guest | None, *, asked: bool, now: float, limits: Limits
) -> Guest:
    """Return what is known of a connection after one more look."""
    since = now if before is None else before.since
    if not connection.waiting:
        return Guest(connection, since, asked, None, connection.taken)
    if before is None or before.waiting_since is None:
        return Guest(connection, since, asked, now, connection.taken)
    seconds = now - before.waiting_since
    if (
        seconds >= limits.rate_seconds
        and connection.taken - before.taken_then >= seconds * limits.lowest_rate
    ):
        return Guest(connection, since, asked, now, connection.taken)
    return Guest(connection, since, asked, before.waiting_since, before.taken_then)


def choose_to_cut(guests: Iterable[Guest], now: float, limits: Limits) -> list[Guest]:
    """Return whom to cut off: who is too slow, and of too many those that have asked the least."""
    cut: list[Guest] = []
    staying: list[Guest] = []
    for guest in guests:
        (cut if _is_too_slow(guest, now, limits) else staying).append(guest)
    by_address: defaultdict[str, list[Guest]] = defaultdict(list)
    for guest in staying:
        by_address[group_of(guest.connection.peer[0])].append(guest)
    left: list[Guest] = []
    for group in by_address.values():
        over, within = _split(group, limits.connections_per_address)
        cut += over
        left += within
    return cut + _split(left, limits.connections)[0]


def _is_too_slow(guest: Guest, now: float, limits: Limits) -> bool:
    if not guest.asked and now - guest.since > limits.first_request_seconds:
        return True
    if guest.waiting_since is None:
        return False
    # observe() moves the time on when the rate is good: what is older than this was too slow.
    return now - guest.waiting_since >= limits.rate_seconds


def _split(guests: list[Guest], most: int) -> tuple[list[Guest], list[Guest]]:
    """Return who is too many, and who may stay."""
    over = len(guests) - most
    if over <= 0:
        return [], guests
    ranked = sorted(guests, key=_worth)
    return ranked[:over], ranked[over:]


def _worth(guest: Guest) -> tuple[bool, bool, float]:
    """Who goes first: who never asked, then who waits for nothing; the oldest of each."""
    return (guest.asked, guest.connection.waiting, guest.since)


class Warden:
    """Looks at the connections to one port again and again, and cuts off those that take too much.

    Args:
        port: Ours.
        visitors: Knows who has asked anything.
        limits: What is too much.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        port: int,
        visitors: Visitors,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._port = port
        self._visitors = visitors
        self._limits = limits
        self._clock = clock
        self._guests: dict[Peer, Guest] = {}
        self._crowded = min(_CROWDED, limits.connections_per_address)
        self._repeating = Repeating(self._look, seconds=_CALM_SECONDS, name="cheeseboard-warden")

    def close(self) -> None:
        """End; idempotent."""
        self._repeating.close()

    def _look(self) -> None:
        try:
            self._repeating.seconds = (
                _CROWDED_SECONDS if count_descriptors() > self._crowded else _CALM_SECONDS
            )
            self._sweep()
        except OSError:
            logger.exception("The connections could not be looked at")

    def _sweep(self) -> None:
        now = self._clock()
        # Before the connections are listed: who asked by now and is not among them is gone.
        asked = self._visitors.asked_so_far()
        before, self._guests = self._guests, {}
        for found in list_connections(self._port):
            peer = found.peer
            known = before.get(peer)
            self._guests[peer] = observe(found, known, asked=peer in asked, now=now, limits=self._limits)
        self._visitors.forget(asked.difference(self._guests))
        chosen = choose_to_cut(self._guests.values(), now, self._limits)
        cut = sum(cut_connection(guest.connection) for guest in chosen)
        if cut:
            logger.info("Cut off %d connections that took too much", cut)
