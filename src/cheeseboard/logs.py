"""The log on disk: what nobody was told, or was told in one sentence. Kept locally, small, private."""

import logging
import logging.handlers
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

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


class _JournalFormatter(logging.Formatter):
    """Begins each line with its priority, as sd-daemon(3) has it; the journal adds the rest."""

    def format(self, record: logging.LogRecord) -> str:
        priority = 3 if record.levelno >= logging.ERROR else 4 if record.levelno >= logging.WARNING else 6
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def _is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Tell whether the stream ends in the journal: a terminal below a service inherits the variable alone."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{found.st_dev}:{found.st_ino}"


def show_log(stream: TextIO, environ: Mapping[str, str]) -> None:
    """Show warnings on ``stream``; to the journal everything from INFO on, each line with its priority."""
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    if _is_journal(stream, environ):
        handler.setFormatter(_JournalFormatter("%(message)s"))
        root.setLevel(logging.INFO)
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    if not root.handlers:
        root.addHandler(handler)
