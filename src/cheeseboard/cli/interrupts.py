"""Ctrl-C during a long job: the first asks it to end well, the second ends it at once."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def interruptible(stop: threading.Event) -> Iterator[None]:
    """Set ``stop`` on the first Ctrl-C while the context lasts."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
