"""The main job: files dropped on the window, two buttons, and a real pip finds them over verified HTTPS."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.builders import build_wheel, installable_sdist, sdist_filename, wheel_filename, write_wheel
from tests.desktop.drags import Drag
from tests.end_to_end.conftest import Computer, PublicIndex

from cheeseboard.clients.plan import Mode
from cheeseboard.desktop.application import dress
from cheeseboard.desktop.look.theme import Scheme, Tone
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.locations import find_locations
from cheeseboard.server.state import Failed, Serving
from cheeseboard.service import Service

WAIT = 60_000  # milliseconds; an upper bound, not a measurement


@pytest.fixture
def service(computer: Computer, own_home: Path, free_port: int) -> Service:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    service = Service(locations, computer.variables)
    service.change_settings(port=free_port)
    return service


@pytest.fixture
def window(service: Service, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    jobs = Jobs()
    window = MainWindow(service, jobs, dress(qapp, Scheme.LIGHT), lambda _path: None)
    qtbot.addWidget(window)
    window.show()
    window.start()
    qtbot.waitUntil(lambda: isinstance(service.sharing.server_state, Serving), timeout=WAIT)
    yield window
    window.bridge.close()
    jobs.close()
    service.close()


def press(button: QWidget) -> None:
    """Click in the middle of a button that can be seen."""
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def dropped(tmp_path: Path) -> list[Path]:
    """Return a wheel that needs a public package, an sdist and a text file, as somebody has them."""
    source = tmp_path / "downloads"
    source.mkdir()
    wheel = source / wheel_filename("acme-core", "7.0.1")
    wheel.write_bytes(build_wheel("acme-core", "7.0.1", requires_dist=["public-dependency>=2"]))
    sdist = source / sdist_filename("acme-geo", "0.9.3")
    sdist.write_bytes(installable_sdist("acme-geo", "0.9.3"))
    notes = source / "notes.txt"
    notes.write_text("not for the index")
    return [wheel, sdist, notes]


def test_from_drop_to_pip_install_and_back(
    window: MainWindow,
    service: Service,
    qtbot: QtBot,
    computer: Computer,
    public_index: PublicIndex,
    dropped: list[Path],
) -> None:
    before = (
        f"# my own settings; keep them\n[global]\nindex-url = {public_index.url}\ntimeout = 20\n".encode()
    )
    computer.pip_conf.parent.mkdir(parents=True)
    computer.pip_conf.write_bytes(before)
    originals = [path.read_bytes() for path in dropped]

    Drag(window, dropped).drop()
    qtbot.waitUntil(lambda: window.model.total == 2, timeout=WAIT)
    shown = {window.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)}
    assert any("acme-core" in text for text in shown)
    assert any("acme-geo" in text for text in shown)
    qtbot.waitUntil(window.notices.why.isVisible, timeout=WAIT)
    press(window.notices.why)
    assert "notes.txt isn't a wheel or source archive. It was left where it is." in (
        window.notices.detail_sentences()
    )
    assert [path.read_bytes() for path in dropped] == originals

    press(window.share.serve)
    qtbot.waitUntil(window.share.stop.isVisible, timeout=WAIT)
    serving = service.sharing.server_state
    assert isinstance(serving, Serving)
    assert serving.lan
    assert window.share.address == serving.urls[0]
    press(window.share.index)
    qtbot.waitUntil(window.sides.sheet.installer("pip").apply.isVisible, timeout=WAIT)
    (diff,) = window.sides.sheet.installer("pip").diffs()
    assert "+extra-index-url = https://localhost:" in diff
    press(window.sides.sheet.installer("pip").apply)
    qtbot.waitUntil(lambda: service.clients.states()[0].mode is Mode.EXTRA, timeout=WAIT)
    card = window.sides.sheet.installer("pip")
    qtbot.waitUntil(lambda: bool(card.proofs()), timeout=WAIT)
    assert all(tone is Tone.OK and "over verified HTTPS" in told for tone, told in card.proofs())
    written = computer.pip_conf.read_bytes()
    assert b"# my own settings; keep them" in written
    assert b"trusted-host" not in written

    installed = computer.pip("install", "--no-cache-dir", "acme-core", "acme-geo")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert "WARNING" not in installed.stderr
    imported = computer.run("-c", "import acme_core, acme_geo, public_dependency; print(acme_core.VERSION)")
    assert imported.stdout.strip() == "7.0.1"
    assert any("public-dependency" in path for path in public_index.requests)

    qtbot.waitUntil(window.sides.sheet.installer("pip").undo.isVisible, timeout=WAIT)
    press(window.sides.sheet.installer("pip").undo)
    qtbot.waitUntil(lambda: service.clients.states()[0].mode is None, timeout=WAIT)
    assert computer.pip_conf.read_bytes() == before
    refused = computer.pip("download", "--no-cache-dir", "--no-deps", "acme-core")
    assert refused.returncode != 0


def test_stop_and_start_again_on_the_same_port(
    window: MainWindow, service: Service, qtbot: QtBot, free_port: int
) -> None:
    for _ in range(3):
        press(window.share.serve)
        qtbot.waitUntil(window.share.stop.isVisible, timeout=WAIT)
        state = service.sharing.server_state
        assert isinstance(state, Serving)
        assert state.port == free_port
        press(window.share.stop)
        qtbot.waitUntil(window.share.serve.isVisible, timeout=WAIT)
    assert isinstance(service.sharing.server_state, Serving)


def test_a_taken_port_is_told_and_the_button_takes_the_next_free_one(
    computer: Computer, own_home: Path, qtbot: QtBot, qapp: QApplication, free_port: int
) -> None:
    import socket

    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", free_port))
        occupied.listen()
        locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
        service = Service(locations, computer.variables)
        service.change_settings(port=free_port)
        jobs = Jobs()
        window = MainWindow(service, jobs, dress(qapp, Scheme.LIGHT), lambda _path: None)
        qtbot.addWidget(window)
        window.show()
        window.start()
        qtbot.waitUntil(lambda: isinstance(service.sharing.server_state, Failed), timeout=WAIT)
        failed = service.sharing.server_state
        assert isinstance(failed, Failed)
        assert failed.free_port not in {None, free_port}
        qtbot.waitUntil(window.share.other_port.isVisible, timeout=WAIT)
        press(window.share.other_port)
        qtbot.waitUntil(lambda: isinstance(service.sharing.server_state, Serving), timeout=WAIT)
        serving = service.sharing.server_state
        assert isinstance(serving, Serving)
        assert serving.port == failed.free_port
        window.bridge.close()
        jobs.close()
        service.close()
    again = Service(locations, computer.variables)
    assert again.sharing.port == failed.free_port


def test_the_window_shows_what_was_copied_into_the_folder(
    window: MainWindow, service: Service, qtbot: QtBot, tmp_path: Path
) -> None:
    import shutil

    shutil.copy(write_wheel(tmp_path, "by-hand"), service.folder)
    qtbot.waitUntil(lambda: window.model.total == 1, timeout=WAIT)
