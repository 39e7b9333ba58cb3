"""A real drag: another process, a window manager, a pointer that moves on a virtual screen."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.builders import write_sdist, write_wheel
from tests.end_to_end.conftest import Eventually

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(sys.platform != "linux", reason="a virtual X screen is Linux's"),
]
SOURCE = Path(__file__).with_name("drag_source.py")


@dataclass
class Screen:
    """A virtual screen with a window manager, and what runs on it."""

    variables: dict[str, str]
    tools: dict[str, str]
    started: list["subprocess.Popen[str]"] = field(default_factory=list)

    def start(self, arguments: Sequence[str]) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            arguments, env=self.variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
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


@pytest.fixture
def screen(need_tool: Callable[[str], str], own_home: Path, tmp_path: Path) -> Iterator[Screen]:
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
    variables = {
        "DISPLAY": f":{number}",
        "HOME": str(own_home),
        "CHEESEBOARD_HOME": os.environ["CHEESEBOARD_HOME"],
        "PATH": os.environ["PATH"],
        "QT_QPA_PLATFORM": "xcb",
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    screen = Screen(variables, tools)
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


def test_check_06_and_10_a_real_drag_adds_the_files_and_leaves_the_originals(
    screen: Screen, own_home: Path, tmp_path: Path, eventually: Eventually
) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    files = [write_wheel(downloads), write_sdist(downloads, "acme-geo", "2.0")]
    before = [(file.read_bytes(), file.stat().st_mtime_ns) for file in files]
    folder = own_home / "cheeseboard/data/packages"

    screen.start([sys.executable, "-m", "cheeseboard"])
    eventually(lambda: screen.window("Cheeseboard") != "", 40, "the window did not appear")
    window = screen.window("Cheeseboard")
    screen.xdotool("windowmove", "--sync", window, "300", "60")
    source = screen.start([sys.executable, str(SOURCE), "40", "300", *map(str, files)])
    assert source.stdout is not None
    assert source.stdout.readline() == "ready\n"
    eventually(lambda: screen.window("drag-source") != "", 20, "the source did not appear")
    eventually((folder / ".cheeseboard").is_dir, 20, "the folder was not opened")

    screen.drag((110, 360), (800, 400))
    screen.release()
    placed = [folder / "acme-core" / files[0].name, folder / "acme-geo" / files[1].name]
    eventually(lambda: all(path.exists() for path in placed), 20, "the files did not arrive")
    assert source.stdout.readline() == "ended CopyAction\n"
    assert [(file.read_bytes(), file.stat().st_mtime_ns) for file in files] == before
    assert [path.read_bytes() for path in placed] == [content for content, _ in before]
