"""Files in: drop, paste, results, conflicts, progress, Undo (UX.md, flow 2)."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.drags import Drag
from tests.desktop.memory_service import MemoryService, name_of

from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.errors import FolderReadOnly, StorageFull
from cheeseboard.events import Way
from cheeseboard.repository.intake import Batch

WHEEL = "acme_core-7.0.1-py3-none-any.whl"
SDIST = "acme_core-7.0.1.tar.gz"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A folder with a wheel, an sdist, a document and a damaged wheel."""
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in (WHEEL, SDIST, "notes.docx"):
        (folder / name).write_bytes(name.encode())
    (folder / "broken-1.0-py3-none-any.whl").write_bytes(b"damaged")
    return folder


def press(window: MainWindow, words: str) -> None:
    buttons = window.notices.buttons() + window.notices.detail_buttons()
    next(button for button in buttons if button.text() == words).click()


def test_check_07_the_overlay_shows_within_100_ms_of_drag_enter(
    open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    drag = Drag(window, [dist / WHEEL])

    started = time.thread_time()  # what the window itself takes, however busy the machine is
    event = drag.enter()
    window.grab()
    elapsed = time.thread_time() - started

    assert event.isAccepted()
    assert window.overlay.isVisible()
    assert window.overlay.geometry() == window.rect()
    assert elapsed < 0.1


def test_check_08_the_overlay_names_what_will_not_be_added(
    open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)

    Drag(window, [dist / WHEEL, dist / SDIST, dist / "notes.docx"]).enter()

    assert window.overlay.title == "Drop to add 2 files"
    assert [one.name for one in window.overlay.judged if not one.accepted] == ["notes.docx"]
    why = "notes.docx isn't a wheel or source archive. It will stay where it is."
    assert window.overlay.judged[2].message == why


def test_check_09_leaving_removes_the_overlay(
    open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    drag = Drag(window, [dist / WHEEL])
    drag.enter()
    drag.leave()

    assert not window.overlay.isVisible()


def test_check_09_escape_removes_the_overlay(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    Drag(window, [dist / WHEEL]).enter()

    QTest.keyClick(window, Qt.Key.Key_Escape)

    assert not window.overlay.isVisible()


@pytest.mark.parametrize(
    ("offered", "answer"),
    [
        (Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.CopyAction),
        (Qt.DropAction.MoveAction, Qt.DropAction.IgnoreAction),
    ],
)
def test_check_10_a_drop_never_lets_the_source_delete_its_file(
    qtbot: QtBot,
    open_window: OpenWindow,
    service: MemoryService,
    dist: Path,
    offered: Qt.DropAction,
    answer: Qt.DropAction,
) -> None:
    window = open_window(service)
    before = (dist / WHEEL).read_bytes()
    drag = Drag(window, [dist / WHEEL], offered)
    drag.enter()

    assert drag.move().dropAction() == answer
    with qtbot.waitSignal(window.intake.settled):
        event = drag.drop()

    assert event.dropAction() == answer
    assert set(service.snapshot.projects) == {"acme-core"}
    assert (dist / WHEEL).read_bytes() == before


@pytest.mark.parametrize("part", ["search", "table", "releases", "share"])
def test_a_drag_over_any_part_of_the_window_reaches_the_overlay(
    open_window: OpenWindow, six: MemoryService, dist: Path, part: str
) -> None:
    window = open_window(six)
    parts = {
        "search": window.header.search,
        "table": window.table.viewport(),
        "releases": window.panel.releases.viewport(),
        "share": window.share,
    }

    event = Drag(parts[part], [dist / WHEEL]).enter()

    assert event.isAccepted()
    assert window.overlay.isVisible()


def test_a_drag_without_local_files_is_left_to_others(
    open_window: OpenWindow, service: MemoryService
) -> None:
    window = open_window(service)

    event = Drag(window, ["ftp://127.0.0.1:9/x-1.0-py3-none-any.whl"]).enter()

    assert not event.isAccepted()
    assert not window.overlay.isVisible()


def test_a_dropped_wheel_appears_selected_and_undo_takes_it_out(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, dist: Path
) -> None:
    window = open_window(six)
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, [dist / WHEEL, dist / SDIST]).drop()
    assert window.notices.sentence == "Added acme-core 7.0.1 (2 files)."
    assert six.added[0][1] is Way.DROP
    qtbot.waitUntil(lambda: window.panel.install.command.text() == "pip install acme-core")
    qtbot.waitUntil(lambda: window.table.current_project() is six.snapshot.projects[name_of("acme-core")])

    press(window, "Undo")

    qtbot.waitUntil(lambda: six.snapshot.find("acme-core", WHEEL) is None)
    qtbot.waitUntil(lambda: window.notices.sentence == "Took 2 files back out.")


def test_check_11_a_folder_is_searched_and_its_venv_skipped(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    hidden = dist / ".venv" / "cache"
    hidden.mkdir(parents=True)
    (hidden / "hidden-1.0-py3-none-any.whl").write_bytes(b"x")
    window = open_window(service)
    drag = Drag(window, [dist])
    drag.enter()
    assert window.overlay.title == "Drop to search this folder"

    with qtbot.waitSignal(window.intake.settled):
        drag.drop()

    assert set(service.snapshot.projects) == {"acme-core"}


def test_check_12_a_mixed_drop_adds_the_good_and_says_why_not_the_others(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, sorted(dist.iterdir())).drop()
    assert window.notices.sentence == "Added 2 of 4 files. 2 were skipped."
    assert window.notices.detail_sentences() == ()

    window.notices.why.click()

    assert window.notices.detail_sentences() == (
        "broken-1.0-py3-none-any.whl is damaged: it has no METADATA or PKG-INFO.",
        "notes.docx isn't a wheel or source archive. It was left where it is.",
    )


def test_check_16_a_damaged_wheel_is_told_in_plain_words(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, [dist / "broken-1.0-py3-none-any.whl"]).drop()

    assert (
        window.notices.sentence == "broken-1.0-py3-none-any.whl is damaged: it has no METADATA or PKG-INFO."
    )
    assert window.notices.buttons() == ()


def add_twice(qtbot: QtBot, window: MainWindow, path: Path, second: bytes) -> None:
    for content in (path.read_bytes(), second):
        path.write_bytes(content)
        with qtbot.waitSignal(window.intake.settled):
            Drag(window, [path]).drop()


def test_check_17_the_same_name_with_other_bytes_asks_and_replaces(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    add_twice(qtbot, window, dist / WHEEL, b"other")
    assert window.notices.sentence == f"{WHEEL} is already here with different contents."
    assert [button.text() for button in window.notices.buttons()] == ["Keep existing", "Replace"]

    press(window, "Replace")

    qtbot.waitUntil(lambda: window.notices.sentence == f"Replaced {WHEEL}. The former one is in the Trash.")
    file = service.snapshot.find("acme-core", WHEEL)
    assert file is not None
    assert file.size == len(b"other")


def test_check_17_keeping_the_existing_file_changes_nothing(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    add_twice(qtbot, window, dist / WHEEL, b"other")
    before = service.snapshot

    press(window, "Keep existing")

    assert window.notices.sentence == f"Kept the existing {WHEEL}."
    assert service.snapshot is before


def test_check_17_the_same_bytes_again_ask_nothing(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    add_twice(qtbot, window, dist / WHEEL, (dist / WHEEL).read_bytes())

    assert window.notices.sentence == f"{WHEEL} is already here. Nothing changed."
    assert window.notices.buttons() == ()


def test_a_conflict_among_others_is_asked_for_in_the_details(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, [dist / WHEEL]).drop()
    (dist / WHEEL).write_bytes(b"other")
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, [dist / WHEEL, dist / SDIST]).drop()

    assert [button.text() for button in window.notices.detail_buttons()] == ["Keep existing", "Replace"]
    press(window, "Replace")

    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Replaced"))


def test_answering_one_of_two_conflicts_leaves_the_other_question(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    both = [dist / WHEEL, dist / SDIST]
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, both).drop()
    for path in both:
        path.write_bytes(b"other")
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, both).drop()
    assert [button.text() for button in window.notices.buttons()] == ["Replace all 2"]

    window.notices.detail_buttons()[1].click()
    qtbot.waitUntil(lambda: _size(service, WHEEL) == 5)

    assert window.notices.unanswered == 1
    assert [button.isEnabled() for button in window.notices.detail_buttons()] == [False, False, True, True]


def test_all_conflicts_are_replaced_at_once(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    window = open_window(service)
    both = [dist / WHEEL, dist / SDIST]
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, both).drop()
    for path in both:
        path.write_bytes(b"other")
    with qtbot.waitSignal(window.intake.settled):
        Drag(window, both).drop()

    press(window, "Replace all 2")

    qtbot.waitUntil(lambda: window.notices.sentence == "Replaced 2 files. The former ones are in the Trash.")
    assert {_size(service, name) for name in (WHEEL, SDIST)} == {5}


def _size(service: MemoryService, filename: str) -> int:
    file = service.snapshot.find("acme-core", filename)
    return 0 if file is None else file.size


def test_check_19_a_long_job_shows_progress_and_can_be_cancelled(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    service.adding_gate = threading.Event()
    window = open_window(service)
    Drag(window, [dist / WHEEL, dist / SDIST]).drop()
    qtbot.waitUntil(lambda: window.progress.sentence == f"Adding 1 of 2: {WHEEL}")

    with qtbot.waitSignal(window.intake.settled) as settled:
        window.progress.cancel.click()
        service.adding_gate.set()

    batch = settled.args[0] if settled.args else None
    assert isinstance(batch, Batch)
    assert not batch.accepted
    assert not service.snapshot.projects


def test_news_during_a_drop_leaves_its_progress_and_cancel_alone(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    service.adding_gate = threading.Event()
    window = open_window(service)
    Drag(window, [dist / WHEEL]).drop()
    qtbot.waitUntil(lambda: window.progress.sentence == f"Adding {WHEEL}…")

    service.break_folder(FolderReadOnly)
    qtbot.waitUntil(lambda: "it is read-only." in window.notices.sentence)

    assert window.progress.cancel.isVisible()
    service.adding_gate.set()
    qtbot.waitUntil(lambda: window.progress.sentence == "")


def test_drops_wait_for_the_first_scan_and_are_then_added(
    qtbot: QtBot, show: OpenWindow, service: MemoryService, dist: Path
) -> None:
    service.opening_gate = threading.Event()
    window = show(service)
    Drag(window, [dist / WHEEL]).drop()
    assert window.progress.sentence == "Waiting for the folder to be scanned…"

    with qtbot.waitSignal(window.intake.settled):
        service.opening_gate.set()

    assert window.notices.sentence == "Added acme-core 7.0.1 (1 file)."


def test_a_drop_during_another_is_added_afterwards(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path
) -> None:
    service.adding_gate = threading.Event()
    window = open_window(service)
    Drag(window, [dist / WHEEL]).drop()
    Drag(window, [dist / SDIST]).drop()
    service.adding_gate.set()

    qtbot.waitUntil(lambda: service.snapshot.file_count == 2)
    qtbot.waitUntil(lambda: not window.intake.busy)


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[QClipboard]:
    """The clipboard, emptied afterwards: data made in Python must not outlive Python, Qt deletes it last."""
    yield qapp.clipboard()
    qapp.clipboard().clear()


def test_files_on_the_clipboard_are_pasted(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path, clipboard: QClipboard
) -> None:
    window = open_window(service)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(dist / WHEEL))])
    clipboard.setMimeData(data)

    with qtbot.waitSignal(window.intake.settled):
        QTest.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert set(service.snapshot.projects) == {"acme-core"}


def test_a_full_disk_is_told_with_open_folder_and_try_again(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, dist: Path, opened_paths: list[Path]
) -> None:
    window = open_window(service)
    service.failure = StorageFull("Can't write to the managed folder: the disk is full.", service.folder)
    Drag(window, [dist / WHEEL]).drop()
    qtbot.waitUntil(lambda: window.notices.sentence == "Can’t write to the managed folder: the disk is full.")
    press(window, "Open folder")
    assert opened_paths == [service.folder]

    service.failure = None
    with qtbot.waitSignal(window.intake.settled):
        press(window, "Try again")

    assert set(service.snapshot.projects) == {"acme-core"}


def test_check_13_a_web_address_is_never_fetched_unasked(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window, opened = open_window(six), list[QUrl]()
    window.ways_in._open_url = opened.append
    address = "https://mirror.example/acme_core-7.0.1-py3-none-any.whl"

    Drag(window, [address]).drop()

    assert window.notices.sentence == (
        "Nothing was fetched from mirror.example. Download the file, then drop it here."
    )
    assert six.added == []
    assert opened == []
    window.notices.buttons()[0].click()
    assert opened == [QUrl(address)]
