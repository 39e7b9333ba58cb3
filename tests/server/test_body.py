"""A body must come at a lowest pace; time is a parameter."""

import asyncio
from collections.abc import Callable

import pytest

from cheeseboard.server.asgi import Message
from cheeseboard.server.guarding.warden import Limits
from cheeseboard.server.uploading.body import Body, ClientGone, TooSlow

LIMITS = Limits(rate_seconds=30.0, lowest_rate=1000)


class Sender:
    """Sends pieces, each after some seconds of a clock that stands still otherwise."""

    def __init__(self, pieces: list[tuple[float, bytes]], *, ends: bool = True) -> None:
        self.now = 0.0
        self._pieces = list(pieces)
        self._ends = ends

    async def receive(self) -> Message:
        if not self._pieces:
            return {"type": "http.disconnect"}
        seconds, piece = self._pieces.pop(0)
        self.now += seconds
        return {"type": "http.request", "body": piece, "more_body": bool(self._pieces) or not self._ends}


def read(sender: Sender, pause: Callable[[], None] = lambda: None) -> bytes:
    async def whole() -> bytes:
        found = b""
        async for piece in Body(sender.receive, LIMITS, clock=lambda: sender.now).pieces():
            pause()
            found += piece
        return found

    return asyncio.run(whole())


def test_what_comes_fast_enough_is_read() -> None:
    sender = Sender([(1.0, b"x" * 1000)] * 100)
    assert len(read(sender)) == 100_000


def test_who_trickles_is_given_up() -> None:
    with pytest.raises(TooSlow):
        read(Sender([(1.0, b"x" * 999)] * 100))


def test_a_short_body_may_take_its_time() -> None:
    assert read(Sender([(29.0, b"short")])) == b"short"


def test_the_time_that_we_take_does_not_count() -> None:
    sender = Sender([(0.1, b"x" * 200)] * 100)

    def pause() -> None:
        sender.now += 60.0

    assert len(read(sender, pause)) == 20_000


def test_who_breaks_off_is_gone() -> None:
    with pytest.raises(ClientGone):
        read(Sender([(0.1, b"x")], ends=False))


def test_who_says_nothing_is_given_up() -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def whole() -> None:
        async for _ in Body(receive, Limits(rate_seconds=0.01)).pieces():
            pass

    with pytest.raises(TooSlow):
        asyncio.run(whole())


def test_what_is_left_is_drained_and_a_breaking_off_is_no_error() -> None:
    async def drain(sender: Sender) -> int:
        body = Body(sender.receive, LIMITS, clock=lambda: sender.now)
        await body.drain()
        return body.received

    assert asyncio.run(drain(Sender([(0.1, b"x" * 10)] * 5))) == 50
    assert asyncio.run(drain(Sender([(0.1, b"x" * 10)], ends=False))) == 10
