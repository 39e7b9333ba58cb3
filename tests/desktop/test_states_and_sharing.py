"""The states of the list and of the share card (UX.md, flows 1 and 3)."""

import shutil
import subprocess
import threading
from pathlib import Path

import segno
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, make_file, make_snapshot

from cheeseboard.desktop.sharing.qr_dialog import QrDialog
from cheeseboard.errors import FolderUnavailable, StorageFull
from cheeseboard.server.state import Failed, Serving, Starting, Stopping


def test_check_01_an_empty_repository_invites_and_has_the_focus_on_add_files(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService
) -> None:
    window = open_window(service)

    assert window.stage.page is window.stage.empty
    assert window.stage.empty.title.text() == "Drop wheels or source archives here"
    assert (
        window.stage.empty.hint.text()
        == ".whl and .tar.gz files, or a whole dist/ folder. Originals stay where they are."
    )
    qtbot.waitUntil(window.stage.empty.add.hasFocus)


def test_check_02_search_is_disabled_while_there_is_nothing_to_search(
    open_window: OpenWindow, service: MemoryService
) -> None:
    assert not open_window(service).header.search.isEnabled()


def test_the_search_field_counts_what_it_searches(open_window: OpenWindow, six: MemoryService) -> None:
    search = open_window(six).header.search

    assert search.isEnabled()
    assert search.placeholderText() == "Search 6 packages  (Ctrl+F)"


def test_check_03_the_first_scan_says_so_and_never_looks_empty(
    qtbot: QtBot, show: OpenWindow, service: MemoryService
) -> None:
    service.opening_gate = threading.Event()
    window = show(service)

    assert window.stage.page is window.stage.scanning
    assert window.stage.scanning.title.text() == "Scanning…"
    assert window.status.facts.text() == "Scanning…"

    service.opening_gate.set()
    qtbot.waitUntil(lambda: window.stage.page is window.stage.empty)


def test_check_03_a_long_list_that_is_still_being_made_never_looks_empty(
    qtbot: QtBot, show: OpenWindow, tmp_path: Path
) -> None:
    class Long(MemoryService):
        def open(self, *, watch: bool = True) -> None:
            self.snapshot = make_snapshot([make_file(f"project{n:04}-1.0.tar.gz") for n in range(1_200)])
            super().open(watch=watch)

    service = Long(tmp_path / "packages")
    service.opening_gate = threading.Event()
    window = show(service)
    shown: list[QWidget | None] = []
    window.stage.pages.currentChanged.connect(lambda _at: shown.append(window.stage.page))

    service.opening_gate.set()
    qtbot.waitUntil(lambda: window.stage.page is window.stage.splitter)

    assert shown == [window.stage.splitter]


def test_a_folder_that_cannot_be_opened_says_why_and_is_tried_again(
    qtbot: QtBot, show: OpenWindow, service: MemoryService
) -> None:
    service.failure = FolderUnavailable("The folder /srv/packages is missing.", service.folder)
    window = show(service)
    qtbot.waitUntil(lambda: window.stage.page is window.stage.unusable)
    assert window.stage.unusable.hint.text() == "The folder /srv/packages is missing."

    service.failure = None
    assert window.stage.unusable.action is not None
    window.stage.unusable.action.click()

    qtbot.waitUntil(lambda: window.stage.page is window.stage.empty)


def test_a_folder_that_breaks_later_is_told_with_one_action_and_forgotten_when_well(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)

    six.break_folder(StorageFull)
    words = "Can’t write to the managed folder: the disk is full."
    qtbot.waitUntil(lambda: window.notices.sentence == words)
    assert [button.text() for button in window.notices.buttons()] == ["Open folder", "Try again"]

    six.break_folder(None)
    qtbot.waitUntil(lambda: window.notices.sentence == "")


def test_nothing_found_offers_to_clear_the_search(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.header.search.setText("no such thing")
    assert window.stage.nothing.isVisible()
    assert not window.panel.isVisible()

    assert window.stage.nothing.action is not None
    window.stage.nothing.action.click()

    assert window.table.isVisible()
    assert window.model.rowCount() == 6


def test_the_repository_is_served_on_loopback_from_the_start(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)

    qtbot.waitUntil(lambda: window.share.title.text() == "Only on this computer")
    assert window.share.detail.text() == "Colleagues can’t see this repository yet."
    assert isinstance(six.server_state, Serving)
    assert not six.server_state.lan


def test_serve_on_lan_and_stop_widen_and_narrow_who_is_served(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.share.serve.isVisible)

    window.share.serve.click()
    qtbot.waitUntil(lambda: window.share.title.text() == "Serving on your network")
    assert window.share.stop.isVisible()

    window.share.stop.click()
    qtbot.waitUntil(lambda: window.share.title.text() == "Only on this computer")
    assert isinstance(six.server_state, Serving)
    assert not six.server_state.lan


def test_serve_on_lan_asked_for_while_the_folder_is_opened_is_done_once_it_is_open(
    qtbot: QtBot, show: OpenWindow, service: MemoryService
) -> None:
    service.opening_gate = threading.Event()
    window = show(service)
    window.share.serve.click()

    service.opening_gate.set()

    qtbot.waitUntil(lambda: isinstance(service.server_state, Serving))
    qtbot.waitUntil(lambda: not window._jobs.busy)
    assert isinstance(service.server_state, Serving)
    assert service.server_state.lan


def test_while_serving_it_says_that_anyone_can_download(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.share.serve.click()
    # which of the two has room for it is a matter of the font
    said = (window.share.who, window.share.pill)
    qtbot.waitUntil(lambda: [one.text() for one in said if one.isVisible()] == ["Anyone can download"])
    assert window.share.setup.text() == "Copy setup line"
    assert window.share.index.isVisible()

    window.resize(1500, 800)

    qtbot.waitUntil(lambda: window.share.pill.text() == "Anyone on it can download these packages")
    assert window.share.setup.text() == "Copy setup line"


def test_starting_and_stopping_offer_no_buttons(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    for state in (Starting(), Stopping()):
        window.share.show_state(state)
        buttons = (window.share.serve, window.share.stop, window.share.index, window.share.other_port)
        assert [button.text() for button in buttons if not button.isHidden()] == []


def test_check_23_a_busy_port_is_named_and_the_button_takes_the_free_one(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.taken_ports = frozenset({8443})
    window = open_window(six)
    qtbot.waitUntil(lambda: window.share.detail.text() == "Port 8443 is in use by another program.")
    assert window.share.other_port.text() == "Use 8444 instead"

    window.share.other_port.click()

    qtbot.waitUntil(lambda: isinstance(six.server_state, Serving))
    assert isinstance(six.server_state, Serving)
    assert six.server_state.port == 8444
    assert not six.server_state.lan


def test_check_23_after_a_busy_port_the_network_is_served_if_that_was_asked_for(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.share.serve.isVisible)
    six.taken_ports = frozenset({8443})
    window.share.serve.click()
    qtbot.waitUntil(lambda: isinstance(six.server_state, Failed))
    qtbot.waitUntil(window.share.other_port.isVisible)

    window.share.other_port.click()

    qtbot.waitUntil(lambda: window.share.address == "https://ada-laptop.local:8444/simple/")


def test_check_25_the_copied_address_is_the_shown_one(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.share.serve.click()
    qtbot.waitUntil(window.share.copy.isVisible)

    QTest.mouseClick(window.share.copy, Qt.MouseButton.LeftButton)

    assert QGuiApplication.clipboard().text() == window.share.detail.text()
    assert window.share.detail.text() == "https://ada-laptop.local:8443/simple/"
    assert window.share.copy.accessibleName() == "Address copied"


def test_check_26_the_qr_code_is_that_of_the_shown_address(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    window = open_window(six)
    window.share.serve.click()
    qtbot.waitUntil(window.share.qr.isVisible)

    window.share.qr.click()

    dialog = window.findChild(QrDialog)
    assert dialog is not None
    wanted = segno.make(window.share.detail.text(), error="m", micro=False)
    assert dialog.code.matrix == tuple(bytes(row) for row in wanted.matrix)
    if reader := shutil.which("zbarimg"):  # what is drawn, as a camera reads it
        picture = tmp_path / "code.png"
        assert dialog.code.grab().save(str(picture))
        read = subprocess.run(
            [reader, "--quiet", "--raw", str(picture)], capture_output=True, text=True, timeout=30, check=True
        )
        assert read.stdout.strip() == window.share.address


def test_the_setup_line_is_copied_with_the_fingerprint(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.share.serve.click()
    qtbot.waitUntil(window.share.setup.isVisible)

    window.share.setup.click()
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Setup line copied."))
    line = QGuiApplication.clipboard().text()
    assert line.startswith("python3")
    assert six.ca_sha256 in line

    window.notices.buttons()[0].click()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().startswith("py "))


def test_the_window_remembers_where_it_stood(open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    window.resize(780, 600)
    window.close()

    assert open_window(six).size() == window.size()
