"""One program in a process group of its own: its output taken as it comes, ended with all it started."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

_LOOK_EVERY_SECONDS = 0.05
_PIECE = 64 * 1024
# A program that prints without end must not keep the window's thread from running.
_PAUSE_AFTER_FULL_PIECE = 0.002
_LAST_WORDS_SECONDS = 2.0
_HAS_PROC = sys.platform == "linux"
_WINDOWS_FLAGS = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)


class Stop(Enum):
    """Why a program was ended before it ended by itself."""

    CANCELLED = auto()
    TIME_OVER = auto()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended.

    Attributes:
        code: Its exit code; negative for the signal that ended it.
        stop: Why we ended it; None when it ended by itself.
    """

    code: int
    stop: Stop | None = None


def run_group(
    command: Sequence[str],
    *,
    directory: Path,
    environ: Mapping[str, str],
    take: Callable[[bytes], object],
    cancelled: Callable[[], bool],
    mark: str = "",
    seconds: float | None = None,
    grace: float = 3.0,
    clock: Callable[[], float] = time.monotonic,
) -> Ended:
    """Run a program; when this returns or raises, nothing that it started is left running.

    Args:
        command: Without a secret: other users can read it.
        directory: Where it runs.
        environ: Its environment.
        take: Told what it prints, on another thread.
        cancelled: Asked again and again.
        mark: An environment entry ("NAME=value") of this run alone. By it those are found, on Linux, who
            left the group.
        seconds: How long it may take; None for as long as it likes.
        grace: How long it may take to end when told to; then it is killed.
        clock: Tells the time, in seconds.

    Raises:
        OSError: The program cannot be started.
    """
    process = subprocess.Popen(
        list(command),
        cwd=directory,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        # The directory is private; what is built there gets the modes that others can read.
        umask=-1 if os.name == "nt" else 0o022,
        start_new_session=True,
        creationflags=_WINDOWS_FLAGS,
    )
    reader = threading.Thread(target=_read, args=(process, take), name="build-output", daemon=True)
    reader.start()
    until = None if seconds is None else clock() + seconds
    stop: Stop | None = None
    try:
        while stop is None and process.poll() is None:
            if cancelled():
                stop = Stop.CANCELLED
            elif until is not None and clock() >= until:
                stop = Stop.TIME_OVER
            else:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_EVERY_SECONDS)
    finally:
        _end(process, mark, grace)
        # Who left the group unseen may hold the pipe open for ever; then the thread is left to wait.
        reader.join(_LAST_WORDS_SECONDS)
    return Ended(process.returncode, stop)


def _read(process: "subprocess.Popen[bytes]", take: Callable[[bytes], object]) -> None:
    pipe = process.stdout
    if pipe is None:
        return
    with pipe:
        while piece := os.read(pipe.fileno(), _PIECE):
            take(piece)
            if len(piece) == _PIECE:
                time.sleep(_PAUSE_AFTER_FULL_PIECE)


def _end(process: "subprocess.Popen[bytes]", mark: str, grace: float) -> None:
    """End the program and all that it started, first politely."""
    if os.name == "nt":
        if process.poll() is None:
            _end_tree_on_windows(process.pid)
        process.wait()
        return
    for number, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, grace)):
        if not _signal_all(process.pid, mark, number):
            break
        _wait_for_end(process, mark, patience)
    process.wait()


def _wait_for_end(process: "subprocess.Popen[bytes]", mark: str, patience: float) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        process.poll()
        if not _is_alive(process.pid, mark):
            return
        time.sleep(_LOOK_EVERY_SECONDS / 5)


def _is_alive(group: int, mark: str) -> bool:
    if _HAS_PROC:
        return bool(living(group, mark))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, 0)
        return True
    return False


def _signal_all(group: int, mark: str, number: int) -> bool:
    """Send a signal to the group and to those who left it; False when nobody was there."""
    if not _HAS_PROC:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)
            return True
        return False
    found = living(group, mark)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
    for pid in found:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
    return bool(found)


def living(group: int, mark: str) -> tuple[int, ...]:
    """Return the processes in a group, or with this environment entry, on Linux; zombies are dead."""
    found = []
    for directory in Path("/proc").iterdir():
        if not directory.name.isdigit():
            continue
        try:
            # pid (name) state ppid pgrp ...; the name may hold anything
            state, _, belongs = (directory / "stat").read_bytes().rpartition(b")")[2].split()[:3]
            is_ours = int(belongs) == group or (
                bool(mark) and mark.encode() in (directory / "environ").read_bytes().split(b"\0")
            )
        except OSError:  # gone, or another user's
            continue
        if is_ours and state not in {b"Z", b"X"}:
            found.append(int(directory.name))
    return tuple(found)


def kill_left_behind(mark: str) -> None:
    """Kill what a run with this mark left behind when we were killed ourselves; on Linux."""
    if _HAS_PROC:
        for pid in living(-1, mark):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _end_tree_on_windows(pid: int) -> None:
    subprocess.run(  # the system's own tool; a group there ends no grandchildren
        ["taskkill", "/T", "/F", "/PID", str(pid)],  # noqa: S607  # in the system's own directory
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
