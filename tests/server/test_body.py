"""A body must come at a lowest pace; time is a parameter."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from cheeseboard.server.guarding.warden import Limits
from cheeseboard.server.uploading.body import Body, ClientGone, TooSlow

LIMITS = Limits(rate_seconds=30.0, lowest_rate=1000)


class Sender:
    """Sends pieces, each after some seconds of a clock that stands still otherwise."""

    def __init__(self, pieces: list[tuple[float, bytes]], *, lacking: int = 0) -> None:
        self.now = 0.0
        self.length = sum(len(piece) for _, piece in pieces) + lacking
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for seconds, piece in self._pieces:
            self.now += seconds
            yield piece


def read(sender: Sender, pause: Callable[[], None] = lambda: None) -> bytes:
    async def whole() -> bytes:
        found = b""
        async for piece in Body(sender, sender.length, LIMITS, clock=lambda: sender.now).pieces():
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
        read(Sender([(0.1, b"x")], lacking=1))


def test_who_says_nothing_is_given_up() -> None:
    async def silence() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    async def whole() -> None:
        async for _ in Body(silence(), 1, Limits(rate_seconds=0.01)).pieces():
            pass

    with pytest.raises(TooSlow):
        asyncio.run(whole())


def test_what_is_left_is_drained_and_a_breaking_off_is_no_error() -> None:
    async def drain(sender: Sender) -> int:
        body = Body(sender, sender.length, LIMITS, clock=lambda: sender.now)
        await body.drain()
        return body.received

    assert asyncio.run(drain(Sender([(0.1, b"x" * 10)] * 5))) == 50
    assert asyncio.run(drain(Sender([(0.1, b"x" * 10)], lacking=1))) == 10
