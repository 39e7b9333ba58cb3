"""Keeps what the interpreter says when it dies, on this computer only, so that it is told once afterwards."""

import faulthandler
import logging
from pathlib import Path
from typing import TextIO

from cheeseboard.locations import make_private

logger = logging.getLogger(__name__)


class CrashLog:
    """A file that only a crash writes to; an orderly end leaves none."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "crash.log"
        self.last = directory / "last-crash.log"
        self._file: TextIO | None = None

    def open(self) -> bool:
        """Begin to listen for crashes; return whether the start before ended in one."""
        try:
            make_private(self._path.parent)
            crashed = self._path.exists() and self._path.stat().st_size > 0
            if crashed:
                self._path.replace(self.last)
            self._file = self._path.open("w", encoding="utf-8")
        except OSError as error:
            logger.warning("No crash log is kept: %s", error)
            return False
        faulthandler.enable(self._file)
        return crashed

    def close(self) -> None:
        """This start ended well."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        if self._path.exists() and self._path.stat().st_size == 0:
            self._path.unlink()
