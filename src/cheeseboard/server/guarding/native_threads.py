"""The server's native threads, seen out: the interpreter must not end while one of them is at work.

granian's last thread lets go of its Python objects a moment after its server has reported the end. An
interpreter that finalizes in that moment aborts the process ("panic in a function that cannot unwind").
"""

import sys
import threading
import time
from pathlib import Path

_TASKS = Path("/proc/self/task")
_BLIND_SECONDS = 0.05


def mark_this_thread() -> str:
    """Return a mark that this thread bears from now on, and with it every thread made from it."""
    # A thread inherits the name of the one that makes it.
    mark = f"srv-{threading.get_native_id()}"
    name_this_thread(mark)
    return mark


def name_this_thread(name: str) -> None:
    """Name this thread to the system, where it can be: a thread made from a marked one is unmarked so."""
    if sys.platform == "linux":  # which keeps 15 bytes
        (_TASKS / str(threading.get_native_id()) / "comm").write_text(name[:15], "ascii")


def wait_for_marked_threads(mark: str, seconds: float) -> bool:
    """Return whether all threads of that mark are gone, waiting so long at most.

    Where the system does not list threads, a moment is waited that is many times what they need.
    """
    if sys.platform != "linux":
        time.sleep(_BLIND_SECONDS)
        return True
    deadline = time.monotonic() + seconds
    while _any_marked(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def _any_marked(mark: str) -> bool:
    for task in _TASKS.iterdir():
        try:
            if (task / "comm").read_text("ascii", errors="replace").strip() == mark:
                return True
        except OSError:  # it ended while we looked
            continue
    return False
