"""Workers give way to the window: between two files they wait while Qt's thread has something to do.

Python lets one thread run at a time and knows no precedence: beside three busy workers the window would
get a quarter of it, just when it has a list to show.
"""

import threading

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt

LONGEST_SECONDS = 0.03


class RightOfWay(QObject):
    """Knows whether Qt's loop rests; made on Qt's thread, asked on any."""

    def __init__(self, loop: QAbstractEventDispatcher | None) -> None:
        """Watch a loop; without one nobody ever waits."""
        super().__init__()
        self._resting = threading.Event()
        self._resting.set()
        self._watching = loop is not None
        if loop is not None:
            # At once: a queued connection would itself keep the loop awake.
            loop.awake.connect(self._resting.clear, Qt.ConnectionType.DirectConnection)
            loop.aboutToBlock.connect(self._resting.set, Qt.ConnectionType.DirectConnection)

    def take(self) -> None:
        """Let workers wait from now until the loop rests: what a timer begins, the loop does not tell."""
        if self._watching:
            self._resting.clear()

    def give(self) -> None:
        """Wait until the loop rests, but never long: a loop that is always busy must not stop the work."""
        self._resting.wait(LONGEST_SECONDS)
