"""What is done beside the hot path: every few seconds on a thread of its own, and once more at the end."""

import threading
from collections.abc import Callable


class Repeating:
    """Calls an action that never raises, until it is closed.

    Args:
        action: Called on the thread.
        seconds: Between two calls; may be changed by the action.
        name: The thread's, for who looks at one that hangs.
    """

    def __init__(self, action: Callable[[], None], *, seconds: float, name: str) -> None:
        self._action = action
        self.seconds = seconds
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Call the action a last time and end; idempotent."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(self.seconds):
            self._action()
        self._action()
