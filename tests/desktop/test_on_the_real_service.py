"""The window on the real service: a real folder, a real server, a real pip configuration; nothing faked."""

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot
from tests.builders import write_wheel
from tests.desktop.drags import Drag

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.locations import find_locations
from cheeseboard.server.state import Serving
from cheeseboard.service import Service

SOON_MS = 15_000
LONG_TO_COPY = 12_000_000


@pytest.fixture
def port() -> int:
    """A port that is free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        found: int = probe.getsockname()[1]
    return found


@pytest.fixture
def service(own_home: Path, port: int) -> Iterator[Service]:
    made = Service(find_locations(os.environ), dict(os.environ))
    made.change_settings(port=port)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, service: Service) -> Iterator[MainWindow]:
    jobs = Jobs()
    made = MainWindow(service, jobs, theme, lambda path: None)
    qtbot.addWidget(made)
    made.show()
    made.start()
    qtbot.waitUntil(lambda: service.opened, timeout=SOON_MS)
    yield made
    made.close()
    jobs.close()


def fetch(url: str, service: Service) -> str:
    context = ssl.create_default_context(cafile=str(service.trust.ca_path))
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, context=context, timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def test_check_25_the_address_shown_answers_over_verified_tls(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    wheel = write_wheel(tmp_path, "acme-core", "7.0.1")
    before = wheel.read_bytes()
    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        Drag(window, [wheel]).drop()
    assert window.notices.sentence == "Added acme-core 7.0.1 (1 file)."
    qtbot.waitUntil(window.share.serve.isVisible, timeout=SOON_MS)

    window.share.serve.click()
    qtbot.waitUntil(lambda: bool(window.share.address), timeout=SOON_MS)

    assert "acme-core" in fetch(window.share.address, service)
    assert wheel.read_bytes() == before


def test_check_22_serve_shows_an_address_within_2_seconds_that_answers_over_tls(
    qtbot: QtBot, window: MainWindow, service: Service
) -> None:
    qtbot.waitUntil(window.share.serve.isVisible, timeout=SOON_MS)
    started = time.monotonic()

    window.share.serve.click()
    qtbot.waitUntil(lambda: bool(window.share.address), timeout=SOON_MS)
    took = time.monotonic() - started

    assert took < 2
    assert "<html" in fetch(window.share.address, service).lower()


def test_check_14_a_drop_while_serving_is_offered_at_once(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    qtbot.waitUntil(window.share.serve.isVisible, timeout=SOON_MS)
    window.share.serve.click()
    qtbot.waitUntil(lambda: bool(window.share.address), timeout=SOON_MS)

    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        Drag(window, [write_wheel(tmp_path, "acme-late", "1.0")]).drop()

    assert "acme_late-1.0-py3-none-any.whl" in fetch(f"{window.share.address}acme-late/", service)


def test_check_15_a_file_that_still_grows_waits(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    # So large that its copy outlasts a busy machine's turns, and each touch a moment of its own:
    # the system's own clock for files stands still for four milliseconds at a time.
    wheel = write_wheel(tmp_path, "acme-slow", "1.0", modules={"acme_slow.bin": os.urandom(LONG_TO_COPY)})
    touching = """
import itertools, os, sys
print(flush=True)
for moment in itertools.count(10**18): os.utime(sys.argv[1], ns=(moment, moment))
"""
    writer = subprocess.Popen([sys.executable, "-c", touching, str(wheel)], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
            Drag(window, [wheel]).drop()
    finally:
        writer.kill()
        writer.communicate()
    assert window.notices.sentence == (
        f"{wheel.name} is still being written. Add it again when it is complete."
    )

    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        Drag(window, [wheel]).drop()
    assert window.notices.sentence == "Added acme-slow 1.0 (1 file)."


def test_check_18_a_drop_of_many_files_never_stops_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    paths = [write_wheel(dist, f"dropped-{n // 4}", f"1.{n % 4}") for n in range(1_000)]
    qtbot.waitUntil(window.share.serve.isVisible, timeout=SOON_MS)
    stalls: list[float] = []
    last = (time.perf_counter(), time.process_time())

    def tick() -> None:
        nonlocal last
        now = (time.perf_counter(), time.process_time())
        # What other programs take of a busy machine is not ours: a stall is a time in which we ran
        # and the window's turn did not come, whichever of our threads kept it from that.
        stalls.append(min(later - earlier for earlier, later in zip(last, now, strict=True)))
        last = now

    timer = QTimer()
    timer.setInterval(2)
    timer.timeout.connect(tick)
    timer.start()
    with qtbot.waitSignal(window.intake.settled, timeout=4 * SOON_MS):
        Drag(window, paths).drop()
    timer.stop()
    qtbot.waitUntil(lambda: window.model.total == 250, timeout=SOON_MS)

    assert len(stalls) > 20, "the window's turn came again and again"
    # On a slow machine the longest, when the list is laid out first, may take it twice as long as the
    # limit; `make bench` measures against the limit itself.
    *_, second, longest = sorted(stalls)
    assert second < 0.1
    assert longest < 0.2


def test_check_19_a_drop_that_is_cancelled_leaves_nothing_half_done(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    paths = [write_wheel(dist, f"dropped-{n}") for n in range(400)]
    with qtbot.waitSignal(window.intake.settled, timeout=4 * SOON_MS):
        Drag(window, paths).drop()
        qtbot.waitUntil(window.progress.cancel.isVisible, timeout=SOON_MS)
        window.progress.cancel.click()

    known = {file.filename for file in service.snapshot.files()}
    placed = {path.name for path in service.folder.glob("*/*.whl") if path.parent.name != ".cheeseboard"}
    staged = [path.name for path in (service.folder / ".cheeseboard/staging").rglob("*") if path.is_file()]
    assert len(known) < len(paths)
    assert placed == known
    assert staged == ["owner.lock"]
    assert all(path.exists() for path in paths)
    assert window.progress.isHidden()


def test_check_23_a_port_that_another_program_holds_is_named_and_the_next_one_taken(
    qtbot: QtBot, theme: Theme, service: Service, port: int
) -> None:
    jobs = Jobs()
    with socket.create_server(("127.0.0.1", port)):
        window = MainWindow(service, jobs, theme, lambda path: None)
        qtbot.addWidget(window)
        window.show()
        window.start()
        qtbot.waitUntil(window.share.other_port.isVisible, timeout=SOON_MS)
        assert window.share.detail.text() == f"Port {port} is in use by another program."

        window.share.other_port.click()
        qtbot.waitUntil(lambda: isinstance(service.sharing.server_state, Serving), timeout=SOON_MS)

    state = service.sharing.server_state
    assert isinstance(state, Serving)
    qtbot.waitUntil(lambda: window.share.title.text() == "Only on this computer")
    assert "/simple/" in state.local_url
    qtbot.waitUntil(lambda: service.sharing.port == state.port)
    window.close()
    jobs.close()


def test_check_16_a_corrupt_wheel_is_refused_in_plain_words(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    wheel = write_wheel(tmp_path, "acme-core", "7.0.1")
    wheel.write_bytes(wheel.read_bytes()[:200])
    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        Drag(window, [wheel]).drop()

    assert window.notices.sentence.startswith("acme_core-7.0.1-py3-none-any.whl is ")
    assert not service.snapshot.projects
    assert wheel.exists()


def test_check_20_what_was_removed_comes_back_byte_for_byte(
    qtbot: QtBot, window: MainWindow, service: Service, tmp_path: Path
) -> None:
    wheel = write_wheel(tmp_path, "acme-core", "7.0.1")
    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        Drag(window, [wheel]).drop()
    qtbot.waitUntil(lambda: window.model.total == 1, timeout=SOON_MS)
    placed = service.folder / "acme-core" / wheel.name

    window.panel.trash.click()
    qtbot.waitUntil(lambda: not placed.exists() and window.model.total == 0, timeout=SOON_MS)
    qtbot.waitUntil(lambda: window.notices.sentence == "Moved acme-core 7.0.1 to the Trash.")
    window.undo()
    qtbot.waitUntil(lambda: window.model.total == 1, timeout=SOON_MS)

    assert placed.read_bytes() == wheel.read_bytes()


def test_a_wheel_copied_into_the_folder_appears(qtbot: QtBot, window: MainWindow, service: Service) -> None:
    write_wheel(service.folder, "acme-auth", "2.4.1")

    qtbot.waitUntil(lambda: window.model.total == 1, timeout=SOON_MS)


def test_check_30_a_pip_conf_that_was_edited_since_is_left_alone_to_the_byte(
    qtbot: QtBot, window: MainWindow, own_home: Path
) -> None:
    conf = own_home / ".config" / "pip" / "pip.conf"
    qtbot.waitUntil(window.share.index.isVisible, timeout=SOON_MS)
    window.share.index.click()
    card = window.sides.sheet.installer("pip")
    qtbot.waitUntil(card.apply.isVisible, timeout=SOON_MS)
    card.apply.click()
    qtbot.waitUntil(card.undo.isVisible, timeout=SOON_MS)
    edited = conf.read_bytes().replace(
        b"extra-index-url = ", b"extra-index-url = https://mine.example/simple/ "
    )
    conf.write_bytes(edited)

    window.escape()
    window.open_sheet()

    words = "pip.conf was changed outside Cheeseboard, so it was left alone."
    qtbot.waitUntil(lambda: card.result.text.text() == words, timeout=SOON_MS)
    assert not card.apply.isVisible()
    assert conf.read_bytes() == edited


def test_check_29_pip_conf_is_written_as_shown_and_undone_byte_for_byte(
    qtbot: QtBot, window: MainWindow, service: Service, own_home: Path
) -> None:
    conf = own_home / ".config" / "pip" / "pip.conf"
    conf.parent.mkdir(parents=True)
    original = b"# mine\n[global]\ntimeout = 20\n"
    conf.write_bytes(original)
    qtbot.waitUntil(window.share.index.isVisible, timeout=SOON_MS)
    window.share.index.click()
    card = window.sides.sheet.installer("pip")
    qtbot.waitUntil(card.apply.isVisible, timeout=SOON_MS)
    shown = [line[1:] for diff in card.diffs() for line in diff.splitlines() if line.startswith("+")]

    card.apply.click()
    qtbot.waitUntil(card.undo.isVisible, timeout=SOON_MS)
    written = conf.read_text().splitlines()
    assert set(shown) <= set(written)
    assert "# mine" in written

    card.undo.click()
    qtbot.waitUntil(lambda: conf.read_bytes() == original, timeout=SOON_MS)
    qtbot.waitUntil(card.apply.isVisible, timeout=SOON_MS)
