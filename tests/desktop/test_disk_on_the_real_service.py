"""A disk that is full or read-only, for real: the window says so, and *Try again* works once it is mended."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot
from tests.builders import write_wheel
from tests.desktop.drags import Drag
from tests.desktop.memory_service import name_of

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.words.translations import install_translations
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.events import EventBus, Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.repository import Repository
from cheeseboard.service import Service

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux' mounts")

SOON_MS = 15_000


@pytest.fixture
def disk(mount_disk: Callable[[str], Path]) -> Path:
    return mount_disk("1m")


@pytest.fixture
def window(own_home: Path, qtbot: QtBot, theme: Theme, disk: Path) -> Iterator[MainWindow]:
    service = Service(find_locations(os.environ), dict(os.environ), folder=disk / "packages")
    jobs = Jobs()
    made = MainWindow(service, jobs, theme, lambda _path: None)
    qtbot.addWidget(made)
    made.show()
    made.start()
    qtbot.waitUntil(lambda: service.opened, timeout=SOON_MS)
    yield made
    made.close()
    jobs.close()
    service.close()


def act(window: MainWindow, text: str) -> QPushButton:
    (found,) = (button for button in window.notices.buttons() if button.text() == text)
    return found


def test_on_a_full_disk_words_15_are_said_and_try_again_adds_all_once_there_is_room(
    qtbot: QtBot, window: MainWindow, disk: Path, tmp_path: Path
) -> None:
    noise = os.urandom(1 << 18)
    wheels = [write_wheel(tmp_path, f"large-{n}", modules={"noise.bin": noise}) for n in range(4)]
    Drag(window, wheels).drop()
    words = "Can’t write to the managed folder: the disk is full."
    qtbot.waitUntil(lambda: window.notices.sentence == words, timeout=SOON_MS)
    assert [button.text() for button in window.notices.buttons()] == ["Open folder", "Try again"]
    assert window.progress.isHidden()

    subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        act(window, "Try again").click()

    assert window.notices.sentence.startswith("Added ")
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=SOON_MS)


def test_a_folder_that_became_read_only_is_said_its_list_stays_and_try_again_works_once_it_is_not(
    qtbot: QtBot, window: MainWindow, disk: Path, tmp_path: Path
) -> None:
    first, second = write_wheel(tmp_path, "acme-core"), write_wheel(tmp_path, "acme-geo")
    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        Drag(window, [first]).drop()
    # A second, read-only mount over the first: the catalog stays open as it was.
    subprocess.run(["mount", "--bind", str(disk), str(disk)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(disk)], check=True)

    Drag(window, [second]).drop()

    words = "Can’t write to the managed folder: it is read-only. What it holds stays as it is."
    qtbot.waitUntil(lambda: window.notices.sentence == words, timeout=SOON_MS)
    qtbot.waitUntil(lambda: window.model.position_of(name_of("acme-core")) == 0, timeout=SOON_MS)
    subprocess.run(["umount", "-l", str(disk)], check=True)
    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        act(window, "Try again").click()
    qtbot.waitUntil(lambda: window.notices.sentence == "Added acme-geo 1.0 (1 file).", timeout=SOON_MS)


@pytest.fixture
def read_only(own_home: Path, disk: Path, tmp_path: Path) -> None:
    """Let the disk hold a project, and be read-only before the window opens its folder."""
    with closing(Repository(disk / "packages", EventBus())) as repository:
        repository.add([write_wheel(tmp_path, "acme-core")], Way.DROP)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def test_a_folder_that_is_read_only_from_the_start_is_shown_under_the_words(
    read_only: None, qtbot: QtBot, window: MainWindow, disk: Path, tmp_path: Path
) -> None:
    words = "Can’t write to the managed folder: it is read-only. What it holds stays as it is."
    qtbot.waitUntil(lambda: window.notices.sentence == words, timeout=SOON_MS)
    qtbot.waitUntil(lambda: window.model.position_of(name_of("acme-core")) == 0, timeout=SOON_MS)
    assert window.stage.page is window.stage.splitter
    second = write_wheel(tmp_path, "acme-geo")
    window.notices.dismiss()
    Drag(window, [second]).drop()
    qtbot.waitUntil(lambda: window.notices.sentence == words, timeout=SOON_MS)
    assert window.model.rowCount() == 1

    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)

    qtbot.waitUntil(lambda: window.news.problem is None, timeout=SOON_MS)
    with qtbot.waitSignal(window.intake.settled, timeout=SOON_MS):
        Drag(window, [second]).drop()
    qtbot.waitUntil(lambda: window.model.rowCount() == 2, timeout=SOON_MS)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translators = install_translations(qapp, QLocale("de_DE"))
    yield
    for translator in translators:
        QCoreApplication.removeTranslator(translator)


def test_a_full_disk_is_told_in_the_user_s_language(
    german: None, qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    Drag(window, [write_wheel(tmp_path, modules={"noise.bin": os.urandom(2 << 20)})]).drop()

    words = "In den verwalteten Ordner kann nicht geschrieben werden: Der Datenträger ist voll."
    qtbot.waitUntil(lambda: window.notices.sentence == words, timeout=SOON_MS)
