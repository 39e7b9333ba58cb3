"""Preferences, the tray, the window's place, diagnostics and the last crash (UX.md, checks 38 and 40)."""

import faulthandler
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService

from cheeseboard.desktop.frame.screen_places import clamp
from cheeseboard.desktop.look.theme import Scheme, Theme
from cheeseboard.desktop.projects.projects_model import Column
from cheeseboard.desktop.system.last_crash import CrashLog
from cheeseboard.desktop.system.single_instance import Door, read_files
from cheeseboard.errors import AutostartError, StorageFailed
from cheeseboard.events import NeighboursChanged
from cheeseboard.server.discovery import Neighbour
from cheeseboard.server.state import Serving
from cheeseboard.service.diagnostics import Person, redact

SCREEN = QRect(0, 0, 1920, 1040)
SECOND = QRect(1920, 0, 1280, 984)
LEAST = (760, 520)


# --- preferences ----------------------------------------------------------------------------------


def test_a_theme_chosen_in_the_preferences_is_in_force_and_kept(
    open_window: OpenWindow, six: MemoryService, light: Theme
) -> None:
    window = open_window(six)
    window.open_preferences()
    box = window.sides.preferences.scheme

    box.setCurrentIndex(box.findData(Scheme.CONTRAST))
    box.activated.emit(box.currentIndex())

    assert light.scheme is Scheme.CONTRAST
    assert six.settings.theme == "contrast"


def test_another_port_is_served_at_once(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    window.open_preferences()
    assert window.sides.preferences.port.text() == "8443"

    window.sides.preferences.port.setText("9443")
    window.sides.preferences.port.editingFinished.emit()

    qtbot.waitUntil(lambda: isinstance(six.server_state, Serving) and six.server_state.port == 9443)


def test_another_port_is_served_as_widely_as_the_one_before(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.share.serve.click()
    qtbot.waitUntil(lambda: isinstance(six.server_state, Serving) and six.server_state.lan)
    window.open_preferences()

    window.sides.preferences.port.setText("9443")
    window.sides.preferences.port.editingFinished.emit()

    qtbot.waitUntil(lambda: isinstance(six.server_state, Serving) and six.server_state.port == 9443)
    assert isinstance(six.server_state, Serving)
    assert six.server_state.lan


def test_a_number_that_cannot_be_is_not_taken(open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    window.open_preferences()
    window.sides.preferences.trash_days.clear()

    QTest.keyClicks(window.sides.preferences.trash_days, "7")
    QTest.keyClick(window.sides.preferences.trash_days, Qt.Key.Key_Return)

    assert six.settings.trash_days == 90
    window.sides.preferences.trash_days.setText("120")
    QTest.keyClick(window.sides.preferences.trash_days, Qt.Key.Key_Return)
    assert six.settings.trash_days == 120


@pytest.mark.parametrize(("name", "wanted"), [("upload_megabytes", 250), ("trash_megabytes", 5000)])
def test_a_size_is_kept_at_once(open_window: OpenWindow, six: MemoryService, name: str, wanted: int) -> None:
    window = open_window(six)
    window.open_preferences()
    field = getattr(window.sides.preferences, name)
    field.clear()

    QTest.keyClicks(field, str(wanted))
    QTest.keyClick(field, Qt.Key.Key_Return)

    assert getattr(six.settings, name) == wanted


def test_a_python_for_builds_is_kept_and_one_that_cannot_build_is_refused_in_words(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.open_preferences()
    field = window.sides.preferences.python

    QTest.keyClicks(field, "python3.12")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: six.settings.build_python == "python3.12")

    field.setText("missing-python")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("missing-python can’t build"))
    assert six.settings.build_python == field.text() == "python3.12"


def test_pausing_and_announcing_are_switched(open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    window.open_preferences()

    window.sides.preferences.pause.click()
    window.sides.preferences.announce.click()

    assert not six.settings.pause_while_not_serving
    assert not six.settings.announce


def test_starting_at_login_is_off_at_first_and_switched(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.open_preferences()
    box = window.sides.preferences.autostart
    qtbot.waitUntil(lambda: not window._jobs.busy)
    assert not box.isChecked()

    box.click()
    qtbot.waitUntil(lambda: six.enabled)
    box.click()
    qtbot.waitUntil(lambda: not six.enabled)


def test_an_entry_at_login_that_cannot_be_written_is_told_and_not_shown_as_written(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.open_preferences()
    qtbot.waitUntil(lambda: not window._jobs.busy)
    six.failure = AutostartError(
        "Can't change cheeseboard.desktop: Permission denied.", "cheeseboard.desktop"
    )

    window.sides.preferences.autostart.click()

    qtbot.waitUntil(lambda: window.notices.sentence == str(six.failure))
    assert not window.sides.preferences.autostart.isChecked()


def test_repositories_on_this_network_are_listed_once_somebody_looks(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    assert six.looked_around == 0
    window.open_neighbours()
    qtbot.waitUntil(lambda: six.looked_around == 1)
    assert not window.sides.neighbours.copy.isEnabled()

    url = "https://bobs-pc.local:8443/simple/"
    six.neighbours = (Neighbour("bobs", url, "bobs-pc", ("192.168.1.9",), "cd" * 32),)
    six.bus.publish(NeighboursChanged())
    item = window.sides.neighbours.list.topLevelItem
    qtbot.waitUntil(lambda: (first := item(0)) is not None and first.text(0) == "bobs")
    window.sides.neighbours.list.selectAll()
    window.sides.neighbours.copy.click()

    assert QGuiApplication.clipboard().text() == url


# --- tray and place -------------------------------------------------------------------------------


def test_check_38_without_a_tray_closing_ends(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)

    assert window.close()


def test_check_38_with_a_tray_closing_keeps_serving_and_tells_once(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, told = open_window(six), list[str]()
    window.add_tray()
    assert window.presence.tray is not None
    monkeypatch.setattr(window.presence.tray.icon, "showMessage", lambda title, text: told.append(title))
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)

    for _ in range(2):
        window.close()
        assert window.isHidden()
        window.presence.come_forward()

    assert told == ["Still serving"]
    assert not window.presence.tray.entries["serve"].isVisible()
    assert window.presence.tray.status.text() == "Serving on your network"


def test_check_38_with_a_tray_closing_ends_while_only_this_computer_is_served(
    open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.add_tray()

    assert window.close()


@pytest.mark.parametrize(
    ("window", "screens", "expected"),
    [
        (QRect(100, 80, 1040, 680), [SCREEN], QRect(100, 80, 1040, 680)),
        (QRect(2000, 80, 1040, 680), [SCREEN, SECOND], QRect(2000, 80, 1040, 680)),
        (QRect(2000, 80, 1040, 680), [SCREEN], QRect(880, 80, 1040, 680)),
        (QRect(-500, -300, 1040, 680), [SCREEN], QRect(0, 0, 1040, 680)),
        (QRect(0, 0, 5000, 3000), [SCREEN], SCREEN),
    ],
)
def test_a_window_stands_on_a_screen_that_is_there(
    window: QRect, screens: list[QRect], expected: QRect
) -> None:
    assert clamp(window, screens, LEAST) == expected


def test_asking_for_the_tray_s_menu_leaves_the_window_where_it_is(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.add_tray()
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)
    window.close()
    assert window.presence.tray is not None

    window.presence.tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert window.isHidden()

    window.presence.tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert window.isVisible()


def test_who_logs_out_is_not_kept_by_a_window_that_retreats_to_the_tray(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(six)
    window.add_tray()
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)

    monkeypatch.setattr(QGuiApplication, "isSavingSession", lambda _application: True)

    assert window.close()


def test_the_list_s_order_and_the_panel_s_width_are_those_of_the_last_time(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    before = open_window(six)
    usual = before.stage.splitter.sizes()
    before.table.sortByColumn(Column.ADDED, Qt.SortOrder.DescendingOrder)
    before.stage.splitter.moveSplitter(usual[0] - 90, 1)
    drawn = before.stage.splitter.sizes()
    assert drawn[1] == usual[1] + 90
    before.close()

    after = open_window(six)

    qtbot.waitUntil(lambda: after.stage.splitter.sizes()[1] == drawn[1])
    header = after.table.horizontalHeader()
    assert header.sortIndicatorSection() == Column.ADDED
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    added = [after.model.row_at(place).added_us for place in range(6)]
    assert added == sorted(added, reverse=True)
    after.close()
    assert six.settings.panel_width == drawn[1]


@pytest.mark.parametrize(("order", "width"), [("nonsense sideways", -5), ("", 0), ("name", 100_000)])
def test_what_the_settings_cannot_mean_leaves_the_list_usable(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, order: str, width: int
) -> None:
    six.settings = replace(six.settings, list_order=order, panel_width=width)

    window = open_window(six)

    assert window.table.horizontalHeader().sortIndicatorSection() == Column.PACKAGE
    qtbot.waitUntil(lambda: all(size >= 100 for size in window.stage.splitter.sizes()))


# --- one window a repository ----------------------------------------------------------------------


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path, "a home")
    assert made.open()
    yield made
    made.close()


def test_without_an_open_window_nobody_takes_the_files(tmp_path: Path) -> None:
    assert not Door(tmp_path, "nobody's home").hand_over([])


def test_files_are_taken_by_the_open_window(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, door: Door, tmp_path: Path
) -> None:
    window = open_window(six)
    door.handed.connect(window.take_files)
    wheel = tmp_path / "acme_new-1.0-py3-none-any.whl"
    wheel.write_bytes(b"x")
    script = (
        "import sys; from pathlib import Path; from cheeseboard.desktop.system.single_instance import Door;"
        "sys.exit(not Door(Path(sys.argv[1]), 'a home').hand_over([Path(sys.argv[2])]))"
    )
    other = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(wheel)])

    qtbot.waitUntil(lambda: other.poll() is not None, timeout=10_000)

    assert other.returncode == 0
    qtbot.waitUntil(lambda: window.notices.sentence == "Added acme-new 1.0 (1 file).")


def test_files_are_not_given_to_a_socket_of_somebody_else(
    qtbot: QtBot, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[object] = []
    door.handed.connect(taken.append)
    stranger = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: stranger)

    assert not Door(tmp_path, "a home").hand_over([tmp_path / "secret-1.0.tar.gz"])

    qtbot.wait(1)
    assert taken == []


@pytest.mark.parametrize("line", [b"", b"{}", b"[1]", b'["relative.whl"]', b"\xff\xfe", b"[" * 5000])
def test_nonsense_at_the_door_is_not_taken(line: bytes) -> None:
    assert read_files(line) is None


# --- diagnostics and crashes ----------------------------------------------------------------------

ADA = Person(Path("/home/ada"), "ada", "ada-laptop")
SECRETS = [
    "/home/ada/wheels/acme.whl",
    "https://ada:hunter2@mirror.example/simple",
    "token = cb_Zm9vYmFyMTIzNDU2Nzg5MA",
    "Authorization: Basic X190b2tlbl9fOmh1bnRlcjI=",
    "password: hunter2",
    "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49 cut off",
    "sent acme.whl to 192.168.1.23",
    "pypi-AgEIcHlwaS5vcmcCJDEyMzQ1Njc4LTEyMzQ",
    "https://ada-laptop.local:8443/simple/",
]
WORDS = ["/home/ada", "hunter2", "Zm9vYmFy", "X190b2tlbl9f", "MIGH", "192.168.1.23", "AgEIcHlw", "ada-laptop"]


def test_check_40_no_key_token_home_or_name_is_left() -> None:
    redacted = redact("\n".join(SECRETS), ADA)

    assert [word for word in WORDS if word in redacted] == []
    assert "~/wheels/acme.whl" in redacted


def test_what_helps_is_kept() -> None:
    helpful = (
        "2026-11-22 13:00:00 INFO cheeseboard.service: Serving at https://127.0.0.1:8443/simple/ with 3.11.2"
    )
    assert redact(helpful, ADA) == helpful


def test_check_40_the_report_is_shown_whole_before_it_is_copied_or_saved(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    window = open_window(six)
    window._logs = tmp_path
    (tmp_path / "cheeseboard.log").write_text(f"reading {Path.home()}/x\ntoken=abc123\n", "utf-8")
    window.open_diagnostics()
    qtbot.waitUntil(window.sides.diagnostics.save.isEnabled)
    shown = window.sides.diagnostics.text.toPlainText()
    assert "# Versions" in shown
    assert "projects = 6" in shown
    assert "abc123" not in shown
    assert str(Path.home()) not in shown

    window.sides.diagnostics.save_to(tmp_path / "report.txt")
    window.sides.diagnostics.copy.click()

    assert (tmp_path / "report.txt").read_text("utf-8") == shown
    assert QGuiApplication.clipboard().text() == shown


def test_the_report_says_what_is_wrong_or_that_nothing_is(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.folder.mkdir()
    window = open_window(six)
    window.open_diagnostics()
    page = window.sides.diagnostics
    qtbot.waitUntil(page.save.isEnabled)
    assert "# What is wrong\nNothing is wrong here.\n" in page.text.toPlainText()

    six.break_folder(StorageFailed)
    page.refresh()

    qtbot.waitUntil(page.save.isEnabled)
    assert "folder: The folder's disk failed. Open the folder" in page.text.toPlainText()


def test_looking_for_what_is_wrong_can_be_cancelled_and_the_report_says_so(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.folder.mkdir()
    window = open_window(six)
    looking = six.opening_gate = threading.Event()
    six.opened = False  # as while its disk was away
    window.open_diagnostics()
    page = window.sides.diagnostics
    assert page.progress.isVisible()
    assert not page.copy.isEnabled()

    page.progress.cancel.click()
    looking.set()

    qtbot.waitUntil(page.copy.isEnabled)
    assert "# What is wrong\nNobody looked.\n" in page.text.toPlainText()
    assert page.progress.isHidden()


def test_a_crash_is_told_once(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path;"
        "from cheeseboard.desktop.system.last_crash import CrashLog;"
        "CrashLog(Path(sys.argv[1])).open(); os.abort()"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, stderr=subprocess.DEVNULL)

    log = CrashLog(tmp_path)
    assert log.open()
    log.close()
    assert "Aborted" in log.last.read_text("utf-8")
    again = CrashLog(tmp_path)
    assert not again.open()
    again.close()
    faulthandler.enable(sys.__stderr__ or 2)  # pytest's own, which ours took the place of


def test_the_window_tells_of_the_last_crash_and_leads_to_diagnostics(
    open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.tell_last_crash()
    assert "ended unexpectedly" in window.notices.sentence

    window.notices.buttons()[0].click()

    assert window.stage.page is window.sides.diagnostics
