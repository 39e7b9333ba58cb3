"""A dropped source tree: asked about, built with log and Cancel, its files added (issue 7, item 5)."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.builds.trees import make_tree
from tests.desktop.conftest import OpenWindow
from tests.desktop.drags import Drag
from tests.desktop.memory_service import MemoryService

from cheeseboard.builds.build import NotBuilt
from cheeseboard.builds.failure import BuildFailure
from cheeseboard.desktop.building.build_question import BuildQuestion
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.events import Way

WHEEL = "acme_core-7.0.1-py3-none-any.whl"
SDIST = "acme_core-7.0.1.tar.gz"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "acme-core")


@pytest.fixture
def service(service: MemoryService, tmp_path: Path) -> MemoryService:
    """A repository whose builds of acme-core make a wheel and an sdist."""
    results = tmp_path / "results"
    results.mkdir()
    for name in (WHEEL, SDIST):
        (results / name).write_bytes(name.encode())
    service.builds.results["acme-core"] = (results / WHEEL, results / SDIST)
    return service


def drop(qtbot: QtBot, window: MainWindow, *paths: Path) -> BuildQuestion:
    Drag(window, paths).drop()
    qtbot.waitUntil(lambda: window.builds.question is not None)
    assert window.builds.question is not None
    return window.builds.question


def press(window: MainWindow, words: str) -> None:
    buttons = window.notices.buttons() + window.notices.detail_buttons()
    next(button for button in buttons if button.text() == words).click()


def test_a_dropped_project_is_asked_about_and_nothing_is_built_yet(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    question = drop(qtbot, open_window(service), tree)

    assert question.heading.text() == "Build acme-core 7.0.1 from this folder?"
    assert question.explained.text().startswith("Building runs the project’s own code on this computer.")
    assert question.place.text() == str(tree)
    assert question.search.text() == "Only search it for packages"
    assert (service.builds.ordered, service.added) == ([], [])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_neither_enter_nor_escape_builds(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path, key: Qt.Key
) -> None:
    window = open_window(service)
    question = drop(qtbot, window, tree)

    assert question.cancel.hasFocus()
    QTest.keyClick(question.focusWidget(), key)

    qtbot.waitUntil(lambda: window.builds.question is None)
    assert (service.builds.ordered, service.added) == ([], [])


def test_build_and_add_builds_adds_and_undo_takes_it_back(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    window = open_window(service)
    question = drop(qtbot, window, tree)

    with qtbot.waitSignal(window.builds.settled):
        question.build.click()

    assert [order.tree.path for order in service.builds.ordered] == [tree]
    assert window.notices.sentence == "Added acme-core 7.0.1 (2 files)."
    assert window.building.isHidden()
    press(window, "Undo")
    qtbot.waitUntil(lambda: not service.snapshot.projects)


def test_only_search_adds_the_folder_as_it_always_did(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    window = open_window(service)
    question = drop(qtbot, window, tree)

    with qtbot.waitSignal(window.intake.settled):
        question.search.click()

    assert service.added == [((tree,), Way.DROP)]
    assert service.builds.ordered == []


def test_files_in_dist_are_offered_instead(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    (tree / "dist").mkdir()
    for name in (WHEEL, SDIST):
        (tree / "dist" / name).write_bytes(name.encode())
    window = open_window(service)
    question = drop(qtbot, window, tree)

    assert question.built.text() == "There are 2 files in dist/ already."
    assert question.search.text() == "Add those 2 files instead"
    with qtbot.waitSignal(window.intake.settled):
        question.search.click()
    assert {path.name for path in service.added[0][0]} == {WHEEL, SDIST}


def test_files_dropped_beside_a_project_are_added_without_asking(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path, tmp_path: Path
) -> None:
    beside = tmp_path / "acme_auth-1.0-py3-none-any.whl"
    beside.write_bytes(b"wheel")
    window = open_window(service)

    drop(qtbot, window, tree, beside)

    qtbot.waitUntil(lambda: service.added == [((beside,), Way.DROP)])


def test_a_folder_without_a_project_is_added_without_asking(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tmp_path: Path
) -> None:
    window = open_window(service)
    (tmp_path / "dist").mkdir()

    with qtbot.waitSignal(window.intake.settled):
        Drag(window, [tmp_path / "dist"]).drop()

    assert window.builds.question is None


def test_of_a_larger_checkout_the_ticked_projects_are_built_one_after_the_other(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tmp_path: Path
) -> None:
    for name in ("acme-core", "acme-auth", "acme-cli"):
        make_tree(tmp_path / "all" / name, name=name)
    service.builds.failures["acme-cli"] = NotBuilt(BuildFailure.FAILED, "ValueError: no")
    window = open_window(service)
    question = drop(qtbot, window, tmp_path / "all")
    assert question.heading.text() == "Build 3 packages from this folder?"

    question.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    with qtbot.waitSignal(window.builds.settled):
        question.build.click()

    assert [order.tree.name for order in service.builds.ordered] == ["acme-cli", "acme-core"]
    assert window.notices.sentence == "Added acme-core 7.0.1 (2 files)."
    assert window.notices.detail_sentences() == (
        "acme-cli wasn't built: its own build failed (ValueError: no). The log says more.",
    )


def test_with_nothing_ticked_nothing_can_be_built(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        make_tree(tmp_path / "all" / name, name=name)
    question = drop(qtbot, open_window(service), tmp_path / "all")

    for row in range(2):
        question.list.item(row).setCheckState(Qt.CheckState.Unchecked)

    assert not question.build.isEnabled()


def test_a_running_build_says_what_it_is_at_and_cancel_ends_it(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    service.builds.gate = threading.Event()
    window = open_window(service)
    drop(qtbot, window, tree).build.click()
    qtbot.waitUntil(lambda: window.building.sentence == "Building acme-core: source archive…")
    assert window.building.share == pytest.approx(3 / 6)
    assert window.builds.busy

    window.building.cancel.click()

    qtbot.waitUntil(lambda: window.notices.sentence == "Cancelled. Nothing was built.")
    assert window.building.isHidden()
    assert not service.snapshot.projects


def test_the_log_grows_while_it_is_looked_at(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    service.builds.gate = threading.Event()
    window = open_window(service)
    drop(qtbot, window, tree).build.click()
    qtbot.waitUntil(window.building.isVisible)
    window.building.log.click()
    page = window.sides.build_log
    assert page.isVisible()
    qtbot.waitUntil(lambda: page.text.toPlainText() == "* Building sdist...")
    qtbot.waitUntil(lambda: page.about.text() == "Building acme-core: source archive…")

    service.builds.gate.set()

    qtbot.waitUntil(lambda: page.text.toPlainText().endswith("* Building wheel..."))
    qtbot.waitUntil(lambda: page.about.text() == "Added acme-core 7.0.1 (2 files).")
    page.copy.click()
    assert QGuiApplication.clipboard().text() == "* Building sdist...\n* Building wheel...\n"


def test_a_failure_says_why_in_one_sentence_and_offers_log_and_another_try(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    service.builds.failures["acme-core"] = NotBuilt(BuildFailure.COMPILER_MISSING, "gcc")
    window = open_window(service)
    with qtbot.waitSignal(window.builds.settled):
        drop(qtbot, window, tree).build.click()

    assert window.notices.sentence == (
        "acme-core wasn't built: it needs a compiler that isn't installed (gcc). "
        "Install it, then build again."
    )
    press(window, "Show log")
    assert window.sides.build_log.isVisible()
    service.builds.failures.clear()
    with qtbot.waitSignal(window.builds.settled):
        window.sides.build_log.again.click()
    assert window.notices.sentence == "Added acme-core 7.0.1 (2 files)."


def test_what_could_not_be_read_is_told_beside_what_was_added(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    service.builds.left_out = (tree / "secret",)
    window = open_window(service)
    with qtbot.waitSignal(window.builds.settled):
        drop(qtbot, window, tree).build.click()

    assert window.notices.sentence == "Added acme-core 7.0.1 (2 files)."
    (detail,) = window.notices.detail_sentences()
    assert detail.startswith("1 file of the folder couldn’t be read")


def test_drops_work_while_something_is_built(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path, tmp_path: Path
) -> None:
    service.builds.gate = threading.Event()
    window = open_window(service)
    drop(qtbot, window, tree).build.click()
    qtbot.waitUntil(window.building.isVisible)
    beside = tmp_path / "acme_auth-1.0-py3-none-any.whl"
    beside.write_bytes(b"wheel")

    with qtbot.waitSignal(window.intake.settled):
        Drag(window, [beside]).drop()

    assert "acme-auth" in service.snapshot.projects
    assert window.building.isVisible()
    service.builds.gate.set()
    qtbot.waitUntil(lambda: not window.builds.busy)


def test_closing_the_window_ends_the_build(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, tree: Path
) -> None:
    service.builds.gate = threading.Event()
    window = open_window(service)
    drop(qtbot, window, tree).build.click()
    qtbot.waitUntil(window.building.isVisible)

    window._jobs.close()  # which waits for the workers

    assert not window._jobs.busy
