"""Rows say which projects have broken files and which are being added; the panel says why (issue 6)."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.builders import write_wheel
from tests.desktop.conftest import OpenWindow
from tests.desktop.drags import Drag
from tests.desktop.memory_service import MemoryForeignFile, MemoryService, name_of

from cheeseboard.desktop.look.badges import Badge, BadgeKind
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.projects.broken_files import find_broken
from cheeseboard.desktop.projects.projects_view import BADGE_TONES
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason, StorageFull
from cheeseboard.locations import find_locations
from cheeseboard.repository.intake import Rejected
from cheeseboard.service import Service

SOON_MS = 15_000
BROKEN = "acme_core-7.0.2-py3-none-any.whl"


def foreign(folder: Path, relative: str, reason: RefusalReason) -> MemoryForeignFile:
    return MemoryForeignFile(folder / relative, Refusal(reason))


def broken_wheel(folder: Path, filename: str = BROKEN) -> MemoryForeignFile:
    return foreign(folder, f"acme-core/{filename}", RefusalReason.METADATA_MISSING)


def badges(window: MainWindow, name: str) -> tuple[Badge, ...]:
    at = window.model.position_of(name_of(name))
    assert at is not None
    return window.model.badges_of(window.model.row_at(at))


def kinds(window: MainWindow, name: str) -> set[BadgeKind]:
    return {badge.kind for badge in badges(window, name)}


def spoken(window: MainWindow, name: str) -> str:
    at = window.model.position_of(name_of(name))
    assert at is not None
    return str(window.model.data(window.model.index(at, 0), Qt.ItemDataRole.AccessibleTextRole))


# --- broken ---------------------------------------------------------------------------------------


def test_a_project_with_a_broken_file_says_so_in_its_row(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)

    six.find_foreign(broken_wheel(six.folder))

    qtbot.waitUntil(lambda: BadgeKind.BROKEN in kinds(window, "acme-core"))
    assert "acme-core, broken" in spoken(window, "acme-core")
    assert "broken" not in spoken(window, "acme-geo")
    assert BADGE_TONES[BadgeKind.BROKEN] is Tone.ERROR


def test_the_panel_says_why_and_leads_to_that_file(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-core"))
    assert window.panel.broken.isHidden()
    notes = foreign(six.folder, "acme-core/notes.docx", RefusalReason.NOT_A_DISTRIBUTION)
    six.find_foreign(notes, broken_wheel(six.folder))
    qtbot.waitUntil(window.panel.broken.isVisible)
    card = window.panel.broken
    why = f"{BROKEN} is damaged: it has no METADATA or PKG-INFO."
    assert card.reason.text() == why
    assert card.look.accessibleDescription() == why

    card.look.click()

    page = window.sides.foreign
    assert window.stage.page is page
    assert page.whole.text.text() == why


def test_more_than_one_broken_file_is_counted(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-core"))
    names = [f"acme_core-7.0.{micro}-py3-none-any.whl" for micro in (2, 3, 4)]

    six.find_foreign(*(broken_wheel(six.folder, name) for name in names[:2]))
    qtbot.waitUntil(lambda: window.panel.broken.reason.text().endswith(" 1 more file is broken."))

    six.find_foreign(*(broken_wheel(six.folder, name) for name in names))
    qtbot.waitUntil(lambda: window.panel.broken.reason.text().endswith(" 2 more files are broken."))


def test_another_project_and_a_mended_one_say_nothing(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    six.find_foreign(broken_wheel(six.folder))
    window.table.select(name_of("acme-core"))
    qtbot.waitUntil(window.panel.broken.isVisible)

    window.table.select(name_of("acme-geo"))
    assert window.panel.broken.isHidden()
    window.table.select(name_of("acme-core"))
    assert window.panel.broken.isVisible()

    six.find_foreign()
    qtbot.waitUntil(window.panel.broken.isHidden)
    assert BadgeKind.BROKEN not in kinds(window, "acme-core")


def test_the_reason_is_never_taken_for_markup(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-core"))
    refusal = Refusal(RefusalReason.INVALID_METADATA, "<b>name</b>")

    six.find_foreign(MemoryForeignFile(six.folder / "acme-core" / BROKEN, refusal))

    qtbot.waitUntil(window.panel.broken.isVisible)
    label: QLabel = window.panel.broken.reason
    assert "<b>name</b>" in label.text()
    assert label.textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(
    ("relative", "project"),
    [
        (f"acme-core/{BROKEN}", "acme-core"),
        (f"Acme_Core/{BROKEN}", "acme-core"),
        (BROKEN, "acme-core"),
        ("Acme_Core/renamed.whl", "acme-core"),
        ("renamed.whl", None),
    ],
)
def test_the_project_is_that_of_the_files_name_else_of_its_directory(
    tmp_path: Path, relative: str, project: str | None
) -> None:
    damaged = Rejected(tmp_path / relative, Refusal(RefusalReason.DAMAGED))

    assert list(find_broken([damaged], tmp_path)) == ([] if project is None else [project])


@pytest.mark.parametrize("reason", [RefusalReason.NOT_A_DISTRIBUTION, RefusalReason.ALREADY_HERE])
def test_what_is_no_distribution_or_whole_breaks_no_project(tmp_path: Path, reason: RefusalReason) -> None:
    assert not find_broken([Rejected(tmp_path / "acme-core" / BROKEN, Refusal(reason))], tmp_path)


# --- adding ---------------------------------------------------------------------------------------


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A folder with a new release of a project that is here, and a file of one that is not."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / BROKEN).write_bytes(b"one")
    (folder / "acme_new-1.0-py3-none-any.whl").write_bytes(b"two")
    return folder


@pytest.mark.parametrize("whole_folder", [False, True], ids=["files", "folder"])
def test_the_row_says_adding_until_the_batch_ends(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, dist: Path, whole_folder: bool
) -> None:
    six.adding_gate = threading.Event()
    window = open_window(six)

    Drag(window, [dist] if whole_folder else sorted(dist.iterdir())).drop()

    qtbot.waitUntil(lambda: BadgeKind.ADDING in kinds(window, "acme-core"))
    assert "acme-core, adding" in spoken(window, "acme-core")
    assert "adding" not in spoken(window, "acme-geo")
    assert BADGE_TONES[BadgeKind.ADDING] is Tone.INFO
    with qtbot.waitSignal(window.intake.settled):
        six.adding_gate.set()
    assert BadgeKind.ADDING not in kinds(window, "acme-core")
    qtbot.waitUntil(lambda: window.model.total == 7)
    assert BadgeKind.ADDING not in kinds(window, "acme-new")


def test_a_cancelled_batch_leaves_no_row_saying_adding(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, dist: Path
) -> None:
    six.adding_gate = threading.Event()
    window = open_window(six)
    Drag(window, [dist / BROKEN]).drop()
    qtbot.waitUntil(lambda: BadgeKind.ADDING in kinds(window, "acme-core"))

    with qtbot.waitSignal(window.intake.settled):
        window.progress.cancel.click()
        six.adding_gate.set()

    assert BadgeKind.ADDING not in kinds(window, "acme-core")


def test_a_batch_that_fails_leaves_no_row_saying_adding(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> NoReturn:
        raise StorageFull("The disk is full.", path)

    monkeypatch.setattr(six, "_take", fail)
    six.adding_gate = threading.Event()
    window = open_window(six)
    Drag(window, [dist / BROKEN]).drop()
    qtbot.waitUntil(lambda: BadgeKind.ADDING in kinds(window, "acme-core"))

    six.adding_gate.set()
    qtbot.waitUntil(lambda: window.notices.sentence != "")

    assert BadgeKind.ADDING not in kinds(window, "acme-core")


def test_a_badge_is_told_once_and_rebuilds_nothing(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    changes: list[int] = []
    window.model.dataChanged.connect(lambda top, bottom: changes.append(bottom.row() - top.row() + 1))
    window.model.modelReset.connect(lambda: changes.append(-1))

    for _ in range(2):
        window.model.note_adding({name_of("acme-core"), name_of("acme-geo")})

    assert changes == [6]


# --- on the real service --------------------------------------------------------------------------


def put_damaged_wheel_beside(good: Path, folder: Path) -> None:
    damaged = folder / "acme-core" / BROKEN
    damaged.write_bytes(good.read_bytes()[:-40])
    before = time.time() - 60  # complete for long, as its date says
    os.utime(damaged, (before, before))


@contextlib.contextmanager
def started(qtbot: QtBot, theme: Theme) -> Iterator[tuple[MainWindow, Service]]:
    """Start the program, and end it afterwards."""
    service, jobs = Service(find_locations(os.environ), dict(os.environ)), Jobs()
    window = MainWindow(service, jobs, theme, lambda path: None)
    qtbot.addWidget(window)
    window.show()
    window.start()
    try:
        qtbot.waitUntil(lambda: service.opened, timeout=SOON_MS)
        yield window, service
    finally:
        window.close()
        jobs.close()
        service.close()


def wait_until_broken(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.model.total == 1, timeout=SOON_MS)
    qtbot.waitUntil(lambda: BadgeKind.BROKEN in kinds(window, "acme-core"), timeout=SOON_MS)
    window.table.select(name_of("acme-core"))
    qtbot.waitUntil(window.panel.broken.isVisible, timeout=SOON_MS)
    assert window.panel.broken.reason.text().startswith(f"{BROKEN} ")
    assert window.status.foreign.text() == "1 file not taken in"


@pytest.mark.usefixtures("own_home")
def test_a_damaged_wheel_put_there_by_hand_is_told_at_once_and_at_the_next_start(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    good = write_wheel(tmp_path, "acme-core", "7.0.1")

    with started(qtbot, theme) as (window, service):
        with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
            Drag(window, [good]).drop()
        put_damaged_wheel_beside(good, service.folder)
        wait_until_broken(qtbot, window)

    with started(qtbot, theme) as (window, _):
        wait_until_broken(qtbot, window)
