"""A virtual screen with a window manager, and a pointer that moves on it."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Screen:
    """A virtual screen with a window manager, and what runs on it."""

    variables: dict[str, str]
    tools: dict[str, str]
    started: list["subprocess.Popen[str]"] = field(default_factory=list)

    def start(self, arguments: Sequence[str], **variables: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            arguments,
            env=self.variables | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def xdotool(self, *arguments: str) -> str:
        result = subprocess.run(
            [self.tools["xdotool"], *arguments],
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return result.stdout.strip()

    def window(self, title: str) -> str:
        return self.xdotool("search", "--onlyvisible", "--name", title).split("\n")[0]

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press, move in steps as a hand does, release."""
        self.xdotool("mousemove", str(start[0]), str(start[1]), "mousedown", "1")
        steps = 12
        for step in range(1, steps + 1):
            x, y = (start[i] + (end[i] - start[i]) * step // steps for i in (0, 1))
            self.xdotool("mousemove", str(x), str(y))
            time.sleep(0.03)  # a hand's pace: X and both programs must see each position

    def release(self) -> None:
        self.xdotool("mouseup", "1")


@contextmanager
def virtual_screen(need_tool: Callable[[str], str], variables: Mapping[str, str]) -> Iterator[Screen]:
    """Run Xvfb and openbox; end them, and all that was started on the screen."""
    tools = {name: need_tool(name) for name in ("Xvfb", "openbox", "xdotool")}
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [tools["Xvfb"], "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    screen = Screen({**variables, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}, tools)
    screen.start([tools["openbox"]])
    yield screen
    for process in reversed(screen.started):
        process.terminate()
    for process in screen.started:
        try:
            process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    server.terminate()
    server.wait(20)
