"""Who gave wrong tokens, and how long more of them wait; a right one is let in meanwhile."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from cheeseboard.server.guarding.visitors import group_of

ALLOWED_FAILURES = 5
_MOST_ADDRESSES = 4096


@dataclass(slots=True)
class _Record:
    failures: int
    failed_at: float
    waits: int = 0
    until: float = 0.0


class Cooldown:
    """Counts failures by address, in bounded memory; used from any thread.

    Args:
        first_seconds: How long five failures make an address wait; each five more twice as long.
        longest_seconds: At most so long.
        memory_seconds: Failures are forgotten after this long without another.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        *,
        first_seconds: float = 30.0,
        longest_seconds: float = 900.0,
        memory_seconds: float = 3600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._first_seconds = first_seconds
        self._longest_seconds = longest_seconds
        self._memory_seconds = memory_seconds
        self._clock = clock
        self._lock = threading.Lock()
        # The one that failed longest ago is first.
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def seconds_left(self, address: str) -> int:
        """Return how long this address has to wait, in whole seconds; 0 when it may try."""
        if not self._records:
            return 0
        with self._lock:
            record = self._records.get(group_of(address))
            return 0 if record is None else max(0, math.ceil(record.until - self._clock()))

    def note_failure(self, address: str) -> None:
        """Count a wrong token."""
        group, now = group_of(address), self._clock()
        with self._lock:
            record = self._records.pop(group, None)
            if record is None or now - max(record.failed_at, record.until) > self._memory_seconds:
                record = _Record(0, now)
            record.failures += 1
            record.failed_at = now
            if record.failures >= ALLOWED_FAILURES:
                seconds = min(self._first_seconds * 2.0**record.waits, self._longest_seconds)
                record.until, record.waits, record.failures = now + seconds, min(record.waits + 1, 16), 0
            self._records[group] = record
            if len(self._records) > _MOST_ADDRESSES:
                self._records.popitem(last=False)

    def note_success(self, address: str) -> None:
        """Forget an address's failures: it has a right token."""
        if self._records:
            with self._lock:
                self._records.pop(group_of(address), None)
