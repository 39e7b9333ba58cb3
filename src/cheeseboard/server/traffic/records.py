"""What is kept of the traffic while the server runs: who asked for what, and how often files went out."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cheeseboard.locations import make_private
from cheeseboard.server.traffic.access_log import AccessLog
from cheeseboard.server.traffic.downloads import Counts, DownloadCounts

logger = logging.getLogger(__name__)


class Records:
    """The access log and the download counts of one run of the server.

    Args:
        log: The access log's file; its directory is made when missing.
        count_downloads: Takes counts for good; may raise a CheeseboardError, then it is asked again.
        now: The clock.
    """

    def __init__(
        self,
        log: Path,
        count_downloads: Callable[[Counts], None],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        try:
            make_private(log.parent)
        except OSError as error:
            logger.warning("No access log can be kept in %s: %s", log.parent, error)
        self.access = AccessLog(log, now=now)
        self.downloads = DownloadCounts(count_downloads, now=now)

    def close(self) -> None:
        """Write what is left; idempotent."""
        self.access.close()
        self.downloads.close()
