"""A request's body, read piece by piece from a client that must keep a lowest pace.

granian times no slow body out by itself; one that trickles would hold a connection, and an upload's
place in staging, for ever.
"""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress

from cheeseboard.server.guarding.warden import Limits

# What went astray is read this far, so that its sender sees our answer and no reset.
_DRAIN_BYTES = 256 * 1024 * 1024
_DRAIN_SECONDS = 30.0


class ClientGone(Exception):
    """The client broke off before the body's end; nobody waits for an answer."""


class TooSlow(Exception):
    """The client sends less than the lowest rate."""


class Body:
    """The body of one request; read once.

    Attributes:
        ended: Whether all of it came.
        received: Bytes so far.
    """

    def __init__(
        self,
        arriving: AsyncIterable[bytes],
        length: int | None,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read nothing yet.

        Args:
            arriving: What comes; its end, and a breaking off, look alike.
            length: How many bytes the client said it sends, which tells the two apart; None if it did not.
            limits: The pace: what of theirs counts is ``rate_seconds`` and ``lowest_rate``.
            clock: Monotonic seconds.
        """
        self._arriving = aiter(arriving)
        self._length = length
        self._limits = limits or Limits()
        self._clock = clock
        self.ended = False
        self.received = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body; only the time spent waiting for the client counts against its pace.

        Raises:
            ClientGone: It broke off.
            TooSlow: Nothing came for ``rate_seconds``, or less than ``lowest_rate`` over that time.
        """
        waited, came = 0.0, 0
        seconds, lowest = self._limits.rate_seconds, self._limits.lowest_rate
        while not self.ended:
            began = self._clock()
            piece = await self._next(seconds)
            waited += self._clock() - began
            came += len(piece)
            if waited >= seconds:
                if came < waited * lowest and not self.ended:
                    raise TooSlow
                waited, came = 0.0, 0
            if piece:
                yield piece

    async def _next(self, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                piece = await anext(self._arriving)
        except TimeoutError:
            raise TooSlow from None
        except StopAsyncIteration:
            self.ended = True
            if self._length is not None and self.received < self._length:
                raise ClientGone from None
            return b""
        self.received += len(piece)
        self.ended = self.received == self._length
        return piece

    async def drain(self) -> None:
        """Read what the client still sends, within bounds, so that it comes to read our answer."""
        left = self.received + _DRAIN_BYTES
        with suppress(TimeoutError, ClientGone, TooSlow):
            async with asyncio.timeout(_DRAIN_SECONDS):
                async for _ in self.pieces():
                    if self.received >= left:
                        return
