"""A window on a repository in memory, offscreen; nothing of it touches the disk but what is dropped."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop.memory_service import MemoryService, example_files, make_snapshot

from cheeseboard.desktop.application import dress
from cheeseboard.desktop.look.theme import Scheme, Theme
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.service import Service


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return dress(qapp, Scheme.LIGHT)


@pytest.fixture
def light(theme: Theme) -> Iterator[Theme]:
    """The theme, light again afterwards."""
    yield theme
    theme.choose(Scheme.LIGHT)


@pytest.fixture
def service(tmp_path: Path) -> MemoryService:
    """An empty repository."""
    return MemoryService(tmp_path / "managed")


@pytest.fixture
def six(service: MemoryService) -> MemoryService:
    """A repository with the six projects of the design's pictures."""
    service.snapshot = make_snapshot(example_files())
    return service


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def opened_paths() -> list[Path]:
    """What the window asked the desktop to open."""
    return []


OpenWindow = Callable[[MemoryService], MainWindow]


@pytest.fixture
def show(qtbot: QtBot, theme: Theme, jobs: Jobs, opened_paths: list[Path]) -> OpenWindow:
    """Return a function that shows a window on a service, without waiting for anything."""

    def make(service: MemoryService) -> MainWindow:
        window = MainWindow(cast("Service", service), jobs, theme, opened_paths.append)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        window.start()
        return window

    return make


@pytest.fixture
def open_window(qtbot: QtBot, show: OpenWindow, jobs: Jobs) -> OpenWindow:
    """Return a function that shows a window and waits until it is at rest."""

    def make(service: MemoryService) -> MainWindow:
        window = show(service)
        qtbot.waitUntil(lambda: service.opened and not jobs.busy)
        qtbot.waitUntil(lambda: window.model.total == len(service.snapshot.projects))
        qtbot.waitUntil(lambda: window.stage.page is not window.stage.empty or not window.model.total)
        return window

    return make
