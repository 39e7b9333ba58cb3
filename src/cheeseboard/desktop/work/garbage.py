"""Collects cyclic garbage at moments when nobody waits, instead of in the midst of loading a repository.

Python's own schedule walks every object there is again and again while many are made: with a hundred
thousand files that stops the window for up to half a second. Files and rows hold no cycles, so they
are told apart as a crowd and never walked.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 2_000
CROWD = 50_000
WHOLE_EVERY = 150


class GarbageTimer(QObject):
    """Switches Python's schedule off while it lives."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.collect)
        gc.disable()
        self._timer.start()

    def collect(self) -> None:
        """Collect what came since the last time; set a crowd aside."""
        self._turn += 1
        if gc.get_count()[0] > CROWD:
            gc.freeze()
        else:
            gc.collect(2 if self._turn % WHOLE_EVERY == 0 else 1)

    def close(self) -> None:
        """Go back to Python's own schedule."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
