"""The window as a process of its own: one instance, no talk with the outside, an honest report."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.end_to_end.conftest import Computer, Eventually

from cheeseboard.locations import find_locations
from cheeseboard.settings import Settings, write_settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="offscreen windows and strace are Linux's")
CONNECTING = re.compile(
    r'connect\(\d+, \{sa_family=(AF_INET6?),.*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"'
)


@pytest.fixture
def port() -> int:
    """A port that is free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        found: int = probe.getsockname()[1]
    return found


@pytest.fixture
def home(own_home: Path) -> dict[str, str]:
    """Return the variables of somebody without a display server; windows are drawn into memory."""
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_window(home: dict[str, str], port: int) -> Iterator[Start]:
    """Return a function that starts the window, behind another program where one is given."""
    write_settings(find_locations(os.environ).settings_file, Settings(port=port))
    started: list[subprocess.Popen[str]] = []

    def start(*files: Path, behind: tuple[str, ...] = (), **variables: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [*behind, sys.executable, "-m", "cheeseboard", *map(str, files)],
            env=home | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def test_a_folder_given_at_the_first_start_is_added(
    start_window: Start, tmp_path: Path, eventually: Eventually
) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    write_wheel(dist, "acme-core", "7.0.1")

    start_window(dist)

    eventually((find_locations(os.environ).default_folder / "acme-core").exists)


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_check_39_a_second_start_hands_its_files_over_and_exits_0(
    start_window: Start, port: int, tmp_path: Path, eventually: Eventually
) -> None:
    first = start_window()
    eventually(lambda: answers(port), told="the first window never served")
    wheel = write_wheel(tmp_path, "acme-core", "7.0.1")

    second = start_window(wheel)

    assert second.wait(timeout=30) == 0
    placed = find_locations(os.environ).default_folder / "acme-core" / wheel.name
    eventually(placed.exists, told="the file never came to the first window's folder")
    assert first.poll() is None
    assert wheel.exists()


def test_a_door_that_a_killed_window_left_keeps_nobody_out(
    start_window: Start, port: int, eventually: Eventually
) -> None:
    killed = start_window()
    eventually(lambda: answers(port))
    killed.kill()
    killed.communicate()
    eventually(lambda: not answers(port))

    start_window()

    eventually(lambda: answers(port), told="the next window never served")


def test_started_at_login_without_a_tray_it_is_there_all_the_same(
    start_window: Start, port: int, eventually: Eventually
) -> None:
    hidden = start_window(Path("--hidden"))

    eventually(lambda: answers(port) or hidden.poll() is not None, told="it never served")

    assert hidden.poll() is None


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace tells which connections are opened")
def test_check_04_a_first_start_opens_no_connection_to_the_outside(
    start_window: Start, port: int, tmp_path: Path, eventually: Eventually
) -> None:
    log = tmp_path / "connections"
    traced = start_window(behind=("strace", "-f", "-qq", "-e", "trace=connect", "-o", str(log)))
    eventually(lambda: answers(port) or traced.poll() is not None, seconds=60, told="it never served")
    children = Path(f"/proc/{traced.pid}/task/{traced.pid}/children").read_text("ascii").split()
    os.kill(int(children[0]), signal.SIGTERM)
    traced.communicate(timeout=40)

    found = CONNECTING.findall(log.read_text("utf-8", errors="replace"))
    assert ("AF_INET", "127.0.0.1") in found, "it verifies itself over loopback, so something must be seen"
    assert {address for _, address in found if not address.startswith("127.") and address != "::1"} == set()


GRAB = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from cheeseboard.desktop.application import dress
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.look.theme import Scheme, contrast
from tests.desktop.memory_service import MemoryService, example_files, make_snapshot
application = QApplication(sys.argv[:1])
theme = dress(application, Scheme.LIGHT)
service = MemoryService(Path(sys.argv[1]))
service.snapshot = make_snapshot(example_files())
window = MainWindow(service, Jobs(), theme, print)
window.show()
window.start()
for scheme in (Scheme.LIGHT, Scheme.DARK):
    theme.choose(scheme)
    for _ in range(20):
        application.processEvents()
    picture = window.header.add.grab().toImage()
    inks = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    ground = theme.tokens.raised
    readable = max(contrast(ink, ground) for ink in inks) >= 4.5
    print(picture.devicePixelRatio(), ground in inks, readable, flush=True)
import os
os._exit(0)
"""


@pytest.mark.parametrize("scale", ["1", "1.25", "2"])
def test_check_37_it_is_readable_in_both_themes_at_every_scale(
    home: dict[str, str], tmp_path: Path, scale: str
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", GRAB, str(tmp_path)],
        env=home | {"QT_SCALE_FACTOR": scale, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.stdout.splitlines() == [f"{float(scale)} True True"] * 2, result.stderr


def test_check_40_what_a_real_session_reports_holds_no_key_token_or_home(
    start_window: Start, computer: Computer, port: int, tmp_path: Path, eventually: Eventually
) -> None:
    from cheeseboard.service import Service
    from cheeseboard.service.diagnostics import report_on

    window = start_window(write_wheel(tmp_path, "acme-core", "7.0.1"))
    locations = find_locations(os.environ)
    eventually((locations.default_folder / "acme-core").exists)
    log_file = locations.logs / "cheeseboard.log"
    eventually(lambda: log_file.exists() and "Serving at" in log_file.read_text("utf-8"))
    window.send_signal(signal.SIGTERM)
    window.communicate(timeout=30)
    key = next(path for path in locations.authority.iterdir() if "key" in path.name).read_text("utf-8")
    with (locations.logs / "cheeseboard.log").open("a", encoding="utf-8") as log:
        log.write(f"ERROR somebody logged a key by mistake: {key}\n")
        log.write(f"ERROR and a token: token=cb_{'a1' * 20} in {computer.home}\n")
    service = Service(locations, os.environ)

    report = report_on(service, locations.logs, complaints=None)

    assert "Serving" in report
    assert "PRIVATE KEY" not in report
    assert [line for line in key.splitlines()[1:-1] if line in report] == []
    assert "a1a1" not in report
    assert str(computer.home) not in report
