"""*Keep in order*: the check, old releases, backups and moving here, in memory (issue 7, 4)."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from tests.builders import write_wheel
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, name_of

from cheeseboard.desktop.upkeep.upkeep_page import UpkeepPage
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.errors import BackupError
from cheeseboard.repository.check import Fault, Finding
from cheeseboard.settings import RetentionRule


def opened(window: MainWindow) -> UpkeepPage:
    window.open_upkeep()
    assert window.stage.page is window.sides.upkeep
    return window.sides.upkeep


def tick_count(qtbot: QtBot, page: UpkeepPage, releases: int) -> None:
    page.retention.count.setText(str(releases))
    page.retention.by_count.click()
    qtbot.waitUntil(page.retention.trash.isEnabled)


# --- the check --------------------------------------------------------------------------------------


def test_the_menu_leads_to_the_page(open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    action = next(one for one in window.actions() if one.text() == "Keep in order")

    action.trigger()

    assert window.stage.page is window.sides.upkeep


def test_a_check_that_finds_nothing_says_that_all_is_well(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    page = opened(open_window(six))
    assert page.check.last.text() == "Not checked yet"

    page.check.check.click()

    qtbot.waitUntil(page.check.said.isVisible)
    assert page.check.said.text.text() == "All well: 18 files read, 942 KB, each as it was recorded."
    assert page.check.findings.isHidden()
    assert page.check.last.text() != "Not checked yet"


def test_each_finding_is_named_with_its_one_action(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, opened_paths: list[Path]
) -> None:
    files = list(six.snapshot.projects[name_of("acme-core")].files)
    six.upkeep.findings = (Finding(Fault.CHANGED, files[0]), Finding(Fault.MISSING, files[1]))
    page = opened(open_window(six))

    page.check.check.click()
    qtbot.waitUntil(page.check.findings.isVisible)

    assert page.check.said.text.text() == "2 things need your attention. 18 files read, 942 KB."
    assert [text.split(" is ")[0] for text in page.check.findings.sentences] == [
        files[0].filename,
        files[1].filename,
    ]
    assert [button.text() for button in page.check.findings.buttons] == ["Open folder", "Add files…"]
    page.check.findings.buttons[0].click()
    assert opened_paths == [six.path_of(files[0]).parent]


def test_a_check_shows_how_far_it_is_and_can_be_cancelled(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.upkeep.gate = threading.Event()
    window = open_window(six)
    page = opened(window)
    page.check.check.click()
    qtbot.waitUntil(lambda: "471 KB of 942 KB" in window.long_progress.sentence)
    assert window.long_progress.sentence == "Checking file 9 of 18 · 471 KB of 942 KB"
    assert not page.check.check.isEnabled()
    assert not page.backup.back_up.isEnabled()

    window.long_progress.cancel.click()
    six.upkeep.gate.set()

    qtbot.waitUntil(page.check.said.isVisible)
    assert page.check.said.text.text().startswith("Cancelled after 0 files read")
    assert window.long_progress.isHidden()
    assert page.check.check.isEnabled()


def test_a_check_ends_in_the_bar_when_its_page_was_left(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.upkeep.gate = threading.Event()
    window = open_window(six)
    page = opened(window)
    page.check.check.click()
    window.escape()
    six.upkeep.gate.set()

    qtbot.waitUntil(lambda: window.notices.sentence.startswith("All well"))
    (show,) = window.notices.buttons()
    show.click()
    assert window.stage.page is page


def test_no_other_repository_is_opened_meanwhile(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    six.upkeep.gate = threading.Event()
    window = open_window(six)
    opened(window).check.check.click()

    window.repositories.switch(tmp_path / "other")

    assert window.notices.sentence == "Work on this repository is still under way. Switch when it is done."
    assert six.folder != tmp_path / "other"
    six.upkeep.gate.set()
    qtbot.waitUntil(window.long_progress.isHidden)


# --- old releases -----------------------------------------------------------------------------------


def test_nothing_is_chosen_until_a_rule_is_ticked(open_window: OpenWindow, six: MemoryService) -> None:
    page = opened(open_window(six))

    assert not page.retention.by_count.isChecked()
    assert not page.retention.by_age.isChecked()
    assert not page.retention.trash.isEnabled()
    assert page.retention.list.isHidden()
    assert page.retention.sum.text() == "No rule is ticked, so nothing would go."


def test_what_would_go_is_shown_with_reason_and_size_then_moved_and_undone(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    page = opened(window)
    before = six.snapshot.file_count

    tick_count(qtbot, page, 1)
    item = page.retention.list.topLevelItem(0)
    assert item is not None
    assert (item.text(1), item.text(2)) == ("older than the newest release", "48 KB")
    chosen = len(page.retention.chosen())
    assert page.retention.sum.text().startswith(f"{chosen} files, ")
    assert page.retention.sum.text().endswith("would go to the Trash.")
    assert six.snapshot.file_count == before

    page.retention.trash.click()
    qtbot.waitUntil(lambda: six.snapshot.file_count == before - chosen)
    qtbot.waitUntil(lambda: window.notices.sentence == f"Moved {chosen} files to the Trash.")
    qtbot.waitUntil(lambda: page.retention.sum.text() == "Nothing would go to the Trash.")

    window.undo()
    qtbot.waitUntil(lambda: six.snapshot.file_count == before)


def test_a_file_that_is_taken_off_the_list_stays(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    page = opened(open_window(six))
    tick_count(qtbot, page, 1)
    count = len(page.retention.chosen())
    item = page.retention.list.topLevelItem(0)
    assert item is not None

    item.setCheckState(0, Qt.CheckState.Unchecked)
    assert len(page.retention.chosen()) == count - 1
    assert page.retention.sum.text().startswith(f"{count - 1} ")
    spared = page.retention.list.topLevelItem(0)
    assert spared is not None
    name = spared.text(0)
    page.retention.trash.click()

    qtbot.waitUntil(lambda: len(six.trashed) == count - 1)
    assert name in {file.filename for file in six.snapshot.files()}


def test_a_number_that_says_nothing_chooses_nothing(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    page = opened(open_window(six))
    tick_count(qtbot, page, 1)

    page.retention.count.clear()

    qtbot.waitUntil(lambda: not page.retention.chosen())
    assert not page.retention.trash.isEnabled()


def test_a_rule_is_remembered_and_forgotten_when_asked(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    page = opened(open_window(six))
    assert not page.retention.kept.isEnabled()
    tick_count(qtbot, page, 2)
    assert not six.upkeep.retention_rules

    page.retention.kept.click()
    assert six.upkeep.retention_rules == (RetentionRule("*", 2, None),)

    page.retention.kept.click()
    assert not six.upkeep.retention_rules


def test_rules_for_some_packages_are_offered_and_not_ticked(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.upkeep.retention_rules = (RetentionRule("acme-*", 1),)
    page = opened(open_window(six))
    assert page.retention.others.isVisible()
    assert page.retention.rules() == ()

    page.retention.others.click()

    qtbot.waitUntil(page.retention.trash.isEnabled)
    assert {each.file.project for each in page.retention.chosen()} == {"acme-auth", "acme-core"}


# --- backups ----------------------------------------------------------------------------------------


def test_a_backup_is_written_without_the_authority_unless_asked(
    qtbot: QtBot,
    open_window: OpenWindow,
    six: MemoryService,
    tmp_path: Path,
    opened_paths: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = tmp_path / "backup.tar"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_options: (str(target), ""))
    window = open_window(six)
    page = opened(window)

    page.backup.back_up.click()
    qtbot.waitUntil(lambda: window.notices.sentence == "Backed up 18 files into backup.tar (1.2 MB).")
    window.notices.buttons()[0].click()
    assert opened_paths == [tmp_path]

    page.backup.with_authority.click()
    page.backup.back_up.click()
    qtbot.waitUntil(lambda: "keep it like a password" in window.notices.sentence)
    assert six.upkeep.backups == [(target, False), (target, True)]
    assert not page.backup.with_authority.isChecked()


def test_a_cancelled_backup_says_that_nothing_is_left(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    six.upkeep.gate = threading.Event()
    window = open_window(six)
    opened(window).backup.back_up_to(tmp_path / "backup.tar")
    qtbot.waitUntil(lambda: window.long_progress.sentence == "Backing up file 9 of 18")

    window.long_progress.cancel.click()
    six.upkeep.gate.set()

    qtbot.waitUntil(
        lambda: window.notices.sentence == "Cancelled. Nothing was changed and nothing is left of it."
    )


def test_a_failed_backup_is_one_sentence_with_another_try(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    six.upkeep.failure = BackupError("The disk is full.", tmp_path)
    window = open_window(six)

    opened(window).backup.back_up_to(tmp_path / "backup.tar")

    qtbot.waitUntil(lambda: window.notices.sentence == "The disk is full.")
    assert [button.text() for button in window.notices.buttons()] == ["Try again"]


def test_what_a_backup_lacks_is_named(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    six.upkeep.left_out = (("acme_core-7.0.0.tar.gz", "it changed"),)
    window = open_window(six)

    opened(window).backup.back_up_to(tmp_path / "backup.tar")

    qtbot.waitUntil(
        lambda: (
            window.notices.detail_sentences()
            == ("acme_core-7.0.0.tar.gz is not in the backup: it changed. Check every file.",)
        )
    )


def test_a_restored_backup_can_be_opened(
    qtbot: QtBot,
    open_window: OpenWindow,
    six: MemoryService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "restored"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(tmp_path / "b.tar"), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(folder))
    window = open_window(six)

    opened(window).backup.restore.click()
    qtbot.waitUntil(lambda: window.notices.sentence == f"Restored 3 files into {folder}.")
    (act,) = window.notices.buttons()
    act.click()

    qtbot.waitUntil(lambda: six.folder == folder)


# --- moving here ------------------------------------------------------------------------------------


def test_what_a_folder_holds_is_told_before_anything_is_taken_in(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    for version in ("1.0", "1.1"):
        write_wheel(tmp_path, "acme-moved", version)
    (tmp_path / "acme_auth-2.4.1-py3-none-any.whl").write_bytes(b"other")
    window = open_window(six)
    page = opened(window)

    page.moving.look_at(tmp_path)

    qtbot.waitUntil(page.moving.take.isVisible)
    said = page.moving.said.text.text()
    assert said.startswith("This is a folder of packages: 3 files, ")
    assert said.endswith("Already here by name: 1 file.")
    assert page.moving.take.text() == "Take in 3 files"
    assert not six.added


def test_what_was_found_is_taken_in_with_a_result_for_each_file_and_one_undo(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    for version in ("1.0", "1.1"):
        write_wheel(tmp_path, "acme-moved", version)
    (tmp_path / "acme_auth-2.4.1-py3-none-any.whl").write_bytes(b"other")
    window = open_window(six)
    page = opened(window)
    page.moving.look_at(tmp_path)
    qtbot.waitUntil(page.moving.take.isVisible)

    page.moving.take.click()
    qtbot.waitUntil(lambda: window.notices.sentence == "Added 2 of 3 files. 1 was skipped.")
    assert page.moving.take.isHidden()
    assert window.notices.unanswered == 1

    window.undo()
    qtbot.waitUntil(lambda: name_of("acme-moved") not in six.snapshot.projects)


def test_a_folder_without_packages_offers_nothing(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    page = opened(open_window(six))

    page.moving.look_at(tmp_path)

    qtbot.waitUntil(page.moving.said.isVisible)
    assert page.moving.said.text.text() == "No wheels or source archives were found there."
    assert page.moving.take.isHidden()


def test_what_was_found_is_left_when_another_repository_is_opened(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    write_wheel(tmp_path, "acme-moved", "1.0")
    window = open_window(six)
    page = opened(window)
    page.moving.look_at(tmp_path)
    qtbot.waitUntil(page.moving.take.isVisible)

    window.repositories.switch(tmp_path / "other")
    qtbot.waitUntil(lambda: six.folder == tmp_path / "other")

    qtbot.waitUntil(page.moving.take.isHidden)
