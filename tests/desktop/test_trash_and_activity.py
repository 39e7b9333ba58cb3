"""The Trash, the activity drawer, colleagues on the share card, and another repository (issue 6)."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryForeignFile, MemoryService, name_of

from cheeseboard.desktop.telling.ask_dialogs import ConfirmDialog
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.words import activity_words
from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason
from cheeseboard.events import Way
from cheeseboard.repository.records import Activity


def remove(qtbot: QtBot, window: MainWindow, service: MemoryService, project: str) -> None:
    name = name_of(project)
    window.removal.remove(service.snapshot.projects[name].files)
    qtbot.waitUntil(lambda: name not in service.snapshot.projects)


def test_the_trash_restores_what_is_selected(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    remove(qtbot, window, six, "acme-geo")
    window.open_trash()
    qtbot.waitUntil(lambda: window.sides.trash.list.topLevelItemCount() == 2)
    assert window.stage.page is window.sides.trash

    window.sides.trash.list.selectAll()
    window.sides.trash.restore.click()

    qtbot.waitUntil(lambda: name_of("acme-geo") in six.snapshot.projects)
    qtbot.waitUntil(lambda: window.sides.trash.list.topLevelItemCount() == 0)
    assert window.notices.sentence == "Restored 2 files."


def test_the_trash_is_emptied_only_after_a_second_yes(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    remove(qtbot, window, six, "acme-geo")
    window.open_trash()
    qtbot.waitUntil(window.sides.trash.empty.isEnabled)

    window.sides.trash.empty.click()
    first = window.sides.trash.findChild(ConfirmDialog)
    assert first is not None
    assert first.focusWidget() is first.cancel
    first.reject()
    assert len(six.trashed) == 2

    window.sides.trash.ask_to_empty().accept()
    qtbot.waitUntil(lambda: not six.trashed)
    qtbot.waitUntil(lambda: window.notices.sentence == "Deleted 2 files for good.")


def test_an_empty_trash_says_so_and_offers_nothing(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.open_trash()

    assert window.sides.trash.about.text().startswith("The Trash is empty.")
    assert not window.sides.trash.empty.isEnabled()
    assert not window.sides.trash.restore.isEnabled()


def test_escape_leads_back_from_the_trash_to_the_packages(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.open_trash()

    QTest.keyClick(window, Qt.Key.Key_Escape)

    assert window.stage.page is window.stage.splitter


def test_the_drawer_shows_downloads_as_they_come(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.status.activity.click()

    six.download("acme_core-7.0.0.tar.gz")

    told = "pip/26.3 on 192.168.1.23 downloaded acme_core-7.0.0.tar.gz"
    qtbot.waitUntil(lambda: any(line.endswith(told) for line in window.activity.sentences()))


def test_the_drawer_shows_what_happened_to_files(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    remove(qtbot, window, six, "acme-geo")

    window.status.activity.click()
    told = ".tar.gz was moved to the Trash"
    qtbot.waitUntil(lambda: any(line.endswith(told) for line in window.activity.sentences()))
    window.activity.close_button.click()

    assert window.activity.isHidden()


@pytest.mark.parametrize(
    ("act", "detail", "said"),
    [
        ("added", "", "a-1.tar.gz was added, uploaded"),
        ("gone", "", "a-1.tar.gz disappeared from the folder"),
        ("yanked", "broken", "a-1.tar.gz was yanked: broken"),
        ("unyanked", "", "a-1.tar.gz is no longer yanked"),
        ("something-new", "", "a-1.tar.gz: something-new"),
    ],
)
def test_every_act_is_said_in_words(act: str, detail: str, said: str) -> None:
    assert activity_words.activity(Activity(0, act, "a-1.tar.gz", "a", Way.UPLOAD, detail)) == said


def test_the_share_card_counts_colleagues_but_not_this_computer(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.resize(1300, 700)
    window.share.serve.click()
    qtbot.waitUntil(window.share.pill.isVisible)

    for address in ("127.0.0.1", "192.168.1.23", "192.168.1.23", "192.168.1.99"):
        six.download("acme_core-7.0.0.tar.gz", address)

    qtbot.waitUntil(lambda: window.share.pill.text() == "2 colleagues · 3 downloads")


def test_a_file_that_is_not_taken_in_can_be_looked_at_again(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path, opened_paths: list[Path]
) -> None:
    window = open_window(six)
    six.find_foreign(MemoryForeignFile(tmp_path / "notes.docx", Refusal(RefusalReason.NOT_A_DISTRIBUTION)))
    qtbot.waitUntil(window.status.foreign.isVisible)
    window.open_foreign()

    window.sides.foreign.again.click()
    window.sides.foreign.folder.click()

    assert six.rescans == 1
    assert opened_paths == [six.folder]
