"""The repository switcher and the language of the search field (issue 6, items 1)."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, example_files, make_file, make_snapshot

from cheeseboard.desktop.projects.project_rows import build_row, filter_rows
from cheeseboard.desktop.projects.search_words import read_search
from cheeseboard.repository.snapshot import File


def choose(menu: QMenu, words: str) -> None:
    actions = list(menu.actions())
    for action in actions:
        submenu = action.menu()
        actions += submenu.actions() if isinstance(submenu, QMenu) else []
    next(action for action in actions if action.text() == words).trigger()


@pytest.fixture
def staging(six: MemoryService, tmp_path: Path) -> Path:
    """Another folder, known as "staging", with one project."""
    folder = tmp_path / "staging"
    six.known[folder] = "staging"
    six.held[folder] = make_snapshot([make_file("acme_next-1.0.tar.gz")])
    return folder


def test_another_repository_is_shown_whole_and_nothing_of_the_former_stays(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, staging: Path
) -> None:
    window = open_window(six)
    window.removal.remove(next(iter(six.snapshot.projects.values())).files)
    qtbot.waitUntil(lambda: bool(window.notices.sentence))

    choose(window.repositories.menu(), "staging")

    qtbot.waitUntil(lambda: window.header.name.text() == "staging")
    qtbot.waitUntil(lambda: window.model.total == 1)
    assert window.windowTitle().startswith("staging")
    assert window.notices.sentence == ""
    assert not window.history.undo()
    assert window.panel.project is not None
    assert window.panel.project.name == "acme-next"


def test_the_switcher_checks_the_open_one(open_window: OpenWindow, six: MemoryService, staging: Path) -> None:
    menu = open_window(six).repositories.menu()
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked == ["team-packages"]


def test_a_folder_that_cannot_be_used_leaves_the_open_one_and_says_why(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, staging: Path
) -> None:
    six.unusable_folders = frozenset({staging})
    window = open_window(six)

    choose(window.repositories.menu(), "staging")

    qtbot.waitUntil(lambda: window.notices.sentence == f"The managed folder {staging} is missing.")
    assert window.header.name.text() == "team-packages"


def test_a_new_repository_gets_a_name_and_is_opened(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    window = open_window(six)
    dialog = window.repositories.ask_for_name(tmp_path / "fresh")
    assert dialog.reason.text() == "fresh"

    dialog.reason.setText("Fresh cheese")
    dialog.act.click()

    qtbot.waitUntil(lambda: window.header.name.text() == "Fresh cheese")
    qtbot.waitUntil(lambda: window.stage.page is window.stage.empty)


def test_a_name_that_is_taken_is_refused_in_words(
    open_window: OpenWindow, six: MemoryService, staging: Path, tmp_path: Path
) -> None:
    window = open_window(six)

    window.repositories.create("staging", tmp_path / "other")

    assert window.notices.sentence == 'There is a repository called "staging" already.'


def test_a_forgotten_repository_is_off_the_list_and_its_files_stay(
    open_window: OpenWindow, six: MemoryService, staging: Path
) -> None:
    window = open_window(six)

    window.repositories.forget(staging)

    assert [one.name for one in six.repositories()] == ["team-packages"]
    assert "Its files stay in" in window.notices.sentence


# --- search ---------------------------------------------------------------------------------------


def found(files: list[File], text: str) -> list[str]:
    rows = [build_row(project) for project in make_snapshot(files).projects.values()]
    return [row.name for row in filter_rows(rows, text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("is:yanked", ["legacy-soap"]),
        ("has:yanked", ["acme-core", "legacy-soap"]),
        ("is:pre-release", ["internal-cli"]),
        ("is:prerelease", ["internal-cli"]),
        ("has:sdist acme", ["acme-core", "acme-geo"]),
        ("tag:cp311", ["acme-geo"]),
        ("acme is:", ["acme-auth", "acme-core", "acme-geo"]),
        ("py:", ["acme-auth", "acme-core", "acme-geo", "data-loaders", "internal-cli", "legacy-soap"]),
        ("py:2", []),
        ("py:3.8", []),
    ],
)
def test_marks_find_what_they_say(text: str, names: list[str]) -> None:
    assert found(example_files(), text) == names


WHEELS = [
    make_file("linux_only-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", requires_python=None),
    make_file("mac_only-1.0-cp39-abi3-macosx_11_0_arm64.whl", requires_python=None),
    make_file("old-1.0-py2-none-any.whl", requires_python=None),
    make_file("pure-1.0-py3-none-any.whl", requires_python=">=3.13"),
    make_file("windows_only-1.0-cp313-cp313-win_amd64.whl", requires_python=None),
]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("os:windows", ["old", "pure", "windows-only"]),
        ("os:win", ["old", "pure", "windows-only"]),
        ("os:macos", ["mac-only", "old", "pure"]),
        ("py:3.12", ["linux-only", "mac-only"]),
        ("py:3.13", ["mac-only", "pure", "windows-only"]),
        ("py:2.7", ["old"]),
        ("py:3.13 os:windows", ["pure", "windows-only"]),
    ],
)
def test_python_and_system_are_those_that_could_install(text: str, names: list[str]) -> None:
    assert found(WHEELS, text) == names


def test_an_unfinished_mark_filters_nothing() -> None:
    assert read_search("acme py: os:").words == ("acme",)
