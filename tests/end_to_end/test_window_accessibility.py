"""The whole window as screen readers find it: on a real accessibility bus, used by its buttons' actions."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.end_to_end.accessibility import Node, accessibility_bus, programs
from tests.end_to_end.conftest import Eventually
from tests.end_to_end.screen import Screen
from tests.session_bus import connected

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(sys.platform != "linux", reason="AT-SPI is Linux's"),
]
SOURCE = Path(__file__).with_name("drag_source.py")
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
# What is used, whether or not it takes the focus by itself.
CONTROLS = {
    "button",
    "check box",
    "check menu item",
    "combo box",
    "entry",
    "list",
    "menu",
    "menu item",
    "page tab",
    "progress bar",
    "push button",
    "radio menu item",
    "table",
    "text",
    "toggle button",
    "tree",
}
# Pages by the button that opens them, with something that stands there.
PAGES = {"Set as extra index": "Is this safe?", "Why can’t it install?": "Files and verdicts"}
Reader = Callable[[], Node]


@pytest.fixture
def read(
    screen: Screen, session_bus: str, tmp_path: Path, eventually: Eventually
) -> Iterator[tuple[Reader, "subprocess.Popen[str]"]]:
    """Return what reads the window's tree anew, and the window's process; one package is in it."""
    if not LAUNCHER.exists():
        pytest.skip("at-spi2-core is not installed")
    with ExitStack() as stack:
        session = stack.enter_context(connected(session_bus))
        bus = stack.enter_context(connected(accessibility_bus(session)))
        process = screen.start(
            [sys.executable, "-m", "cheeseboard", str(write_wheel(tmp_path, "acme-core", "7.0.1"))],
            DBUS_SESSION_BUS_ADDRESS=session_bus,
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
        )
        eventually(lambda: len(programs(bus)) == 1, told="the window never came to the accessibility bus")

        def window() -> Node:
            return programs(bus)[0]

        eventually(shows(window, "Added acme-core 7.0.1 (1 file)."), told="the wheel never came in")
        yield window, process


def has(root: Node, name: str) -> bool:
    return any(node.name == name for node in root.walk())


def shows(read: Reader, name: str) -> Callable[[], bool]:
    return lambda: has(read(), name)


def button(root: Node, name: str) -> Node:
    return next(node for node in root.walk() if node.name == name and "button" in node.role)


def named(root: Node, name: str) -> Node | None:
    return next((node for node in root.walk() if node.name == name), None)


def unnamed(root: Node) -> list[str]:
    """Return the paths of those that a screen reader could only call by their role."""
    found = list(root.walk())
    assert len(found) > 40, "a window has more than that"
    return [
        str(node) for node in found if (node.focusable or node.role in CONTROLS) and not node.name.strip()
    ]


def test_check_34_the_accessibility_bus_shows_no_unnamed_control_on_any_page(
    read: tuple[Reader, "subprocess.Popen[str]"], screen: Screen, eventually: Eventually
) -> None:
    window, process = read
    assert unnamed(window()) == []

    for name, told in PAGES.items():
        button(window(), name).press()
        eventually(shows(window, told), told=f"{name} opened nothing")
        assert unnamed(window()) == [], name
        button(window(), "Back to the packages").press()
        eventually(lambda: not has(window(), "Back to the packages"))
    screen.xdotool("key", "ctrl+comma")
    eventually(shows(window, "Days in the Trash"), told="the preferences never opened")
    assert unnamed(window()) == []
    button(window(), "Activity").press()
    eventually(shows(window, "Close activity"))

    assert unnamed(window()) == []
    assert process.poll() is None


def test_check_01_and_21_undo_is_told_and_an_empty_repository_invites_with_the_focus_on_add_files(
    read: tuple[Reader, "subprocess.Popen[str]"], screen: Screen, eventually: Eventually
) -> None:
    window, _ = read
    screen.xdotool("windowactivate", "--sync", screen.window("Cheeseboard"))
    undo = button(window(), "Undo")
    assert undo.focusable

    undo.press()

    eventually(shows(window, "Drop wheels or source archives here"), told="it never looked empty")
    eventually(lambda: button(window(), "Add files…").focused, told="the focus went elsewhere")


def test_check_08_a_real_drag_is_judged_by_name_while_it_hovers(
    read: tuple[Reader, "subprocess.Popen[str]"], screen: Screen, tmp_path: Path, eventually: Eventually
) -> None:
    window, _ = read
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    (downloads / "notes.docx").write_bytes(b"no package")
    files = [write_wheel(downloads, "acme-geo"), downloads / "notes.docx"]
    screen.xdotool("windowmove", "--sync", screen.window("Cheeseboard"), "300", "60")
    source = screen.start([sys.executable, str(SOURCE), "40", "300", *map(str, files)])
    assert source.stdout is not None
    assert source.stdout.readline() == "ready\n"
    eventually(lambda: screen.window("drag-source") != "", told="the source did not appear")
    told = "Drop to add 1 file. notes.docx isn't a wheel or source archive. It will stay where it is."

    screen.drag((110, 360), (800, 400))

    def judged() -> bool:
        overlay = named(window(), "Drop files here")
        return overlay is not None and overlay.description == told

    eventually(judged, told="the overlay did not say what will happen")
    screen.release()
    eventually(lambda: not has(window(), "Drop files here"), told="the overlay stayed")
    assert (downloads / "notes.docx").read_bytes() == b"no package"
