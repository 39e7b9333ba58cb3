"""The icon in a real tray: its menu serves and quits; who ends the program is heard (UX.md, check 38)."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.end_to_end.conftest import Eventually
from tests.end_to_end.screen import Screen

from cheeseboard.locations import find_locations
from cheeseboard.settings import Settings, write_settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a tray of X11")
# The screen's lower right corner, where the tray holds the one icon.
ICON = ("1388", "884")
KEYS = {"Serve on LAN": ("Down", "Down"), "Quit": ("Up",)}


class Board:
    """The window of a test, and the tray its icon stands in."""

    def __init__(self, screen: Screen, port: int, eventually: Eventually) -> None:
        self.screen = screen
        self.port = port
        self.eventually = eventually
        self.log = find_locations(os.environ).logs / "cheeseboard.log"
        self.process: subprocess.Popen[str] = screen.start([sys.executable, "-m", "cheeseboard"])
        eventually(lambda: self.served(1), told="the window did not begin to serve")

    def served(self, times: int) -> bool:
        return self.log.exists() and self.log.read_text("utf-8").count("Serving at") >= times

    def _has_icon(self) -> bool:
        return "Position: 13" in self.screen.xdotool("search", "--name", "^panel$", "getwindowgeometry")

    def _windows(self) -> set[str]:
        return set(self.screen.xdotool("search", "--onlyvisible", "--name", ".*").splitlines())

    def _opens_menu(self) -> bool:
        """Click as who asks for the menu; a bubble beside the icon, while it is there, takes the click."""
        windows = self._windows()
        self.screen.xdotool("mousemove", *ICON, "click", "3")
        return any(self._windows() - windows for _ in range(20))

    def choose(self, entry: str) -> None:
        """Choose an entry of the tray's menu, as who has no window to look at does."""
        self.eventually(self._has_icon, told="there is no icon in the tray")
        self.eventually(self._opens_menu, told="the icon has no menu")
        self.screen.xdotool("key", *KEYS[entry], "Return")

    def serve_the_network(self) -> None:
        self.choose("Serve on LAN")
        self.eventually(lambda: self.served(2), told="the network is not served")

    def answers(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def board(screen: Screen, need_tool: Callable[[str], str], eventually: Eventually, tmp_path: Path) -> Board:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    write_settings(find_locations(os.environ).settings_file, Settings(port=port))
    screen.start([need_tool("trayer"), "--edge", "bottom", "--align", "right", "--widthtype", "request"])
    eventually(lambda: bool(screen.xdotool("search", "--class", "trayer")), told="there is no tray")
    write_wheel(tmp_path, "acme-core")
    return Board(screen, port, eventually)


def test_check_38_a_closed_window_goes_on_serving_from_the_tray_and_quit_ends_it(board: Board) -> None:
    board.serve_the_network()

    board.screen.xdotool("key", "alt+F4")
    board.eventually(lambda: not board.screen.window("Cheeseboard"), told="the window did not close")
    assert board.process.poll() is None
    assert board.answers()

    board.choose("Quit")
    assert board.process.wait(20) == 0


def test_check_38_a_program_that_is_ended_does_not_retreat_to_the_tray(board: Board) -> None:
    board.serve_the_network()
    assert board.screen.window("Cheeseboard")

    board.process.send_signal(signal.SIGTERM)

    assert board.process.wait(20) == 0
