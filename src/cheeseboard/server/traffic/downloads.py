"""How often each file was downloaded, gathered in memory and handed on now and then."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from cheeseboard.errors import CheeseboardError
from cheeseboard.server.repeating import Repeating

logger = logging.getLogger(__name__)

# (day as YYYY-MM-DD in UTC, file name) -> downloads
Counts = Mapping[tuple[str, str], int]


class DownloadCounts:
    """Counts from any thread at the cost of a dictionary look-up; a thread of its own hands them on.

    Args:
        hand_on: Takes what was counted since it last succeeded; may raise a CheeseboardError.
        now: The clock.
        seconds: How often what was counted is handed on.
    """

    def __init__(
        self,
        hand_on: Callable[[Counts], None],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: float = 3.0,
    ) -> None:
        self._hand_on = hand_on
        self._now = now
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, str]] = Counter()
        self._repeating = Repeating(self._flush, seconds=seconds, name="cheeseboard-downloads")

    def add(self, filename: str) -> None:
        """Count one download, now."""
        day = self._now().astimezone(UTC).date().isoformat()
        with self._lock:
            self._counted[day, filename] += 1

    def close(self) -> None:
        """Hand on what is left and end; idempotent."""
        self._repeating.close()

    def _flush(self) -> None:
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            self._hand_on(counted)
        except CheeseboardError as error:
            # A folder that is read-only or gone for a while: these wait for the next time.
            logger.info("Downloads are not recorded yet: %s", error)
            with self._lock:
                self._counted.update(counted)
