"""The log on disk: what nobody was told, or was told in one sentence. Kept locally, small, private."""

import logging
import logging.handlers
from pathlib import Path

from cheeseboard.locations import make_private

_LARGEST = 1024 * 1024
_KEPT = 3


def keep_log(directory: Path) -> Path | None:
    """Write everything from INFO on to a rotated file; return its path.

    A log that cannot be kept is no reason not to work: then only warnings are shown, on stderr.
    """
    path = directory / "cheeseboard.log"
    try:
        make_private(directory)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", delay=True
        )
    except OSError as error:
        logging.getLogger(__name__).warning("No log is kept in %s: %s", directory, error)
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path
