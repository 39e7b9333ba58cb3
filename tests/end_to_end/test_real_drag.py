"""A real drag: another process, a window manager, a pointer that moves on a virtual screen."""

import sys
from pathlib import Path

import pytest
from tests.builders import write_sdist, write_wheel
from tests.end_to_end.conftest import Eventually
from tests.end_to_end.screen import Screen

pytestmark = [
    pytest.mark.xvfb,
    pytest.mark.skipif(sys.platform != "linux", reason="a virtual X screen is Linux's"),
]
SOURCE = Path(__file__).with_name("drag_source.py")
TARGET = Path(__file__).with_name("drop_target.py")


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


def test_a_package_is_dragged_out_to_another_program_as_a_copy(
    screen: Screen, own_home: Path, tmp_path: Path, eventually: Eventually
) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    wheel = write_wheel(tmp_path, "acme-core", "7.0.1")
    placed = own_home / "cheeseboard/data/packages/acme-core" / wheel.name
    screen.start([sys.executable, "-m", "cheeseboard", str(wheel)])
    eventually(lambda: screen.window("Cheeseboard") != "", 40, "the window did not appear")
    screen.xdotool("windowmove", "--sync", screen.window("Cheeseboard"), "300", "60")
    target = screen.start([sys.executable, str(TARGET), "20", "300", str(taken)])
    assert target.stdout is not None
    assert target.stdout.readline() == "ready\n"
    eventually(placed.exists, 20, "the wheel was not added")
    eventually(lambda: screen.window("drop-target") != "", 20, "the target did not appear")

    def drag_the_first_row() -> bool:
        screen.drag((420, 270), (130, 420))
        screen.release()
        return any(taken.iterdir())

    eventually(drag_the_first_row, 30, "nothing was dropped on the other program")

    assert target.stdout.readline() == "copy 1\n"
    assert (taken / wheel.name).read_bytes() == wheel.read_bytes()
    assert placed.read_bytes() == wheel.read_bytes()
