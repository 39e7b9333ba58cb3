"""Several projects and files at once, their order, and how they leave the window (issue 6, item 1)."""

import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QDrag, QDragEnterEvent, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import NOW, MemoryService, make_file, make_snapshot, name_of

from cheeseboard.desktop.intake.drops import local_paths
from cheeseboard.desktop.look.badges import Badge, BadgeKind
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.projects.project_rows import build_row
from cheeseboard.desktop.projects.projects_model import Column, ProjectsModel
from cheeseboard.desktop.projects.projects_view import ProjectsView, fitting, spans_of
from cheeseboard.desktop.projects.sort_menu import SortMenu
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.words import project_words

DAY_US = 86_400_000_000


def choose(window: MainWindow, *names: str) -> None:
    """Select these projects as Ctrl+click does."""
    flags = QItemSelectionModel.SelectionFlag
    window.table.clearSelection()
    for name in names:
        place = window.model.position_of(name_of(name))
        assert place is not None
        window.table.selectionModel().setCurrentIndex(window.model.index(place, 0), flags.Select | flags.Rows)


def names(window: MainWindow) -> list[str]:
    return [window.model.row_at(place).name for place in range(window.model.rowCount())]


@pytest.fixture
def window(open_window: OpenWindow, six: MemoryService) -> MainWindow:
    return open_window(six)


# --- several at once ------------------------------------------------------------------------------


def test_several_selected_packages_are_summed_up_beside_the_list(window: MainWindow) -> None:
    choose(window, "acme-core", "acme-geo")

    panel = window.selection
    assert panel.isVisible()
    assert not window.panel.isVisible()
    assert panel.name.text() == "2 packages"
    projects = window.table.selected_projects()
    files = sum(len(project.files) for project in projects)
    assert panel.facts.text().startswith(f"{files} files · ")
    assert panel.install.command.text() == "pip install acme-core acme-geo"
    model = panel.list.model()
    assert [model.index(at, 0).data() for at in range(model.rowCount())] == ["acme-core", "acme-geo"]


def test_one_selected_package_is_shown_itself_again(window: MainWindow) -> None:
    choose(window, "acme-core", "acme-geo")
    choose(window, "acme-geo")

    assert window.panel.isVisible()
    assert window.panel.name.text() == "acme-geo"


def test_all_are_selected_and_removed_by_keyboard_and_one_undo_brings_them_back(
    qtbot: QtBot, window: MainWindow, six: MemoryService
) -> None:
    before = set(six.snapshot.projects)
    window.table.setFocus()
    QTest.keySequence(window.table, QKeySequence(QKeySequence.StandardKey.SelectAll))
    assert window.selection.name.text() == f"{len(before)} packages"

    QTest.keyClick(window.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not six.snapshot.projects)
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Moved "))
    QTest.keySequence(window, QKeySequence(QKeySequence.StandardKey.Undo))

    qtbot.waitUntil(lambda: set(six.snapshot.projects) == before)


def test_shift_and_arrow_select_a_range(window: MainWindow) -> None:
    window.table.select(name_of("acme-auth"))
    window.table.setFocus()
    QTest.keyClick(window.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    assert [one.display_name for one in window.table.selected_projects()] == names(window)[:3]
    assert window.selection.name.text() == "3 packages"


def test_the_selection_outlives_another_order_and_a_search_that_shows_it(window: MainWindow) -> None:
    choose(window, "acme-auth", "acme-geo")
    window.table.sortByColumn(Column.PACKAGE, Qt.SortOrder.DescendingOrder)
    assert {one.name for one in window.table.selected_projects()} == {"acme-auth", "acme-geo"}

    window.header.search.setText("acme")

    assert {one.name for one in window.table.selected_projects()} == {"acme-auth", "acme-geo"}
    assert window.selection.isVisible()


def test_selected_packages_are_yanked_together_and_their_yanks_taken_back(
    qtbot: QtBot, window: MainWindow, six: MemoryService
) -> None:
    choose(window, "acme-core", "acme-geo")
    files = [file for project in window.table.selected_projects() for file in project.files]
    fresh = [file for file in files if file.yanked is None]

    window.decisions.yank(files, "built from the wrong branch")
    qtbot.waitUntil(lambda: window.notices.sentence == f"Yanked {len(files)} files.")
    assert {f.yanked for p in ("acme-core", "acme-geo") for f in six.snapshot.projects[name_of(p)].files} == {
        "built from the wrong branch"
    }
    window.undo()

    qtbot.waitUntil(
        lambda: (
            sum(
                f.yanked is None
                for p in ("acme-core", "acme-geo")
                for f in six.snapshot.projects[name_of(p)].files
            )
            == len(fresh)
        )
    )


@pytest.mark.parametrize("where", ["list", "panel"])
def test_the_menu_of_several_is_there_by_keyboard_too(window: MainWindow, where: str) -> None:
    choose(window, "acme-core", "acme-geo")
    if where == "list":
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint(-500, -500))
        QApplication.sendEvent(window.table, event)
    else:
        window.selection.more.click()

    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    assert {"Yank…", "Move to the Trash", "Copy install command"} <= set(words)
    assert "Show in file manager" not in words  # there is not one place
    assert window.geometry().contains(menu.pos())
    menu.close()


def test_runs_of_places_are_found() -> None:
    assert list(spans_of([1, 2, 3, 7, 9, 10])) == [(1, 3), (7, 7), (9, 10)]
    assert list(spans_of([])) == []


def test_a_selection_of_all_of_many_rows_outlives_another_order_at_once(qtbot: QtBot, theme: Theme) -> None:
    row = build_row(next(iter(make_snapshot([make_file("a-1.0.tar.gz")]).projects.values())))
    model = ProjectsModel(lambda: NOW)
    table = ProjectsView(model, theme)
    qtbot.addWidget(table)
    model.show_rows(
        replace(row, project=replace(row.project, name=name_of(f"p{at}")), size=at % 977)
        for at in range(20_000)
    )
    table.selectAll()

    started = time.thread_time()  # a busy machine's turns are not ours
    table.sortByColumn(Column.SIZE, Qt.SortOrder.DescendingOrder)

    assert time.thread_time() - started < 0.4
    assert len(table.selected_projects()) == 20_000


# --- the order ------------------------------------------------------------------------------------


@pytest.fixture
def sorted_window(open_window: OpenWindow, service: MemoryService) -> MainWindow:
    """Four packages that every column orders otherwise, two of them equal but for their names."""
    service.snapshot = make_snapshot(
        [
            make_file("a-10.0-py3-none-any.whl", size=5_000, upload_time_us=3 * DAY_US),
            make_file("b-9.0-py3-none-any.whl", size=9_000, upload_time_us=1 * DAY_US),
            make_file("c-9.0-py3-none-any.whl", size=2_000, upload_time_us=4 * DAY_US),
            make_file("c-9.0.tar.gz", size=1_000, upload_time_us=2 * DAY_US),
            make_file("d-1.0-py3-none-any.whl", size=5_000, upload_time_us=3 * DAY_US),
        ]
    )
    return open_window(service)


@pytest.mark.parametrize(
    ("column", "once", "twice"),
    [
        (Column.PACKAGE, "dcba", "abcd"),  # it was sorted by name already
        (Column.LATEST, "dbca", "abcd"),
        (Column.FILES, "cabd", "abdc"),
        (Column.SIZE, "badc", "cadb"),
        (Column.ADDED, "cadb", "badc"),
    ],
)
def test_a_click_on_a_column_sorts_and_a_second_one_turns_it_round(
    sorted_window: MainWindow, column: Column, once: str, twice: str
) -> None:
    header = sorted_window.table.horizontalHeader()
    sorted_window.resize(1400, 700)
    QApplication.processEvents()
    place = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    for wanted in (once, twice):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert "".join(names(sorted_window)) == wanted
        assert header.isSortIndicatorShown()
        assert header.sortIndicatorSection() == column


def test_every_column_can_be_sorted_by_menu_without_a_mouse(sorted_window: MainWindow) -> None:
    menu = SortMenu(sorted_window.table, sorted_window)
    for column, wanted in zip(Column, ("abcd", "dbca", "cabd", "badc", "cadb"), strict=True):
        menu.columns[column].trigger()
        assert "".join(names(sorted_window)) == wanted
        menu.aboutToShow.emit()
        assert menu.columns[column].isChecked()

    menu.reverse.trigger()

    assert "".join(names(sorted_window)) == "badc"


def test_the_menu_of_the_window_offers_the_order(window: MainWindow) -> None:
    assert window.findChildren(SortMenu)


def test_sizes_are_shown_where_there_is_room_or_where_they_give_the_order(
    qtbot: QtBot, sorted_window: MainWindow
) -> None:
    table = sorted_window.table
    sorted_window.resize(800, 600)
    qtbot.waitUntil(lambda: table.isColumnHidden(Column.SIZE))

    table.sortByColumn(Column.SIZE, Qt.SortOrder.DescendingOrder)
    assert not table.isColumnHidden(Column.SIZE)
    table.sortByColumn(Column.PACKAGE, Qt.SortOrder.AscendingOrder)
    assert table.isColumnHidden(Column.SIZE)
    sorted_window.resize(1600, 800)

    qtbot.waitUntil(lambda: not table.isColumnHidden(Column.SIZE))


def test_in_a_narrow_window_the_count_of_files_makes_room_for_names(
    qtbot: QtBot, sorted_window: MainWindow
) -> None:
    sorted_window.resize(760, 560)
    qtbot.waitUntil(lambda: sorted_window.table.isColumnHidden(Column.FILES))

    SortMenu(sorted_window.table, sorted_window).columns[Column.FILES].trigger()

    assert not sorted_window.table.isColumnHidden(Column.FILES)


@pytest.mark.parametrize(
    ("room", "kept"),
    [(300, "wheel sdist yanked"), (120, "wheel yanked"), (70, "yanked"), (50, "")],
)
def test_where_not_all_badges_fit_those_that_warn_are_kept(room: int, kept: str) -> None:
    badges = [Badge(BadgeKind.WHEEL), Badge(BadgeKind.SDIST), Badge(BadgeKind.YANKED)]

    shown = fitting(badges, [60, 60, 60], room)

    assert " ".join(project_words.badge(badges[at]) for at in shown) == kept


# --- out of the window ----------------------------------------------------------------------------


@pytest.fixture
def dragged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[Path, ...], Qt.DropAction]]:
    """What was dragged out, and what was allowed; the drag itself is not carried out."""
    seen: list[tuple[tuple[Path, ...], Qt.DropAction]] = []

    def execute(drag: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        seen.append((local_paths(drag.mimeData()), actions))
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", execute)
    return seen


def paths(service: MemoryService, project: str, keep: Callable[[str], bool] = bool) -> Sequence[Path]:
    files = service.snapshot.projects[name_of(project)].files
    return [service.path_of(file) for file in files if keep(file.version)]


def test_selected_packages_are_dragged_out_as_copies_of_their_latest_files(
    window: MainWindow, six: MemoryService, dragged: list[tuple[tuple[Path, ...], Qt.DropAction]]
) -> None:
    choose(window, "acme-core", "acme-geo")

    window.table.startDrag(Qt.DropAction.MoveAction)

    ((files, actions),) = dragged
    latest = {one: six.snapshot.projects[name_of(one)].latest for one in ("acme-core", "acme-geo")}
    assert list(files) == [
        path for one, version in latest.items() for path in paths(six, one, version.__eq__)
    ]
    assert actions == Qt.DropAction.CopyAction, "a file manager must not move files out of the repository"


def test_selected_files_of_the_panel_are_dragged_out(
    window: MainWindow, six: MemoryService, dragged: list[tuple[tuple[Path, ...], Qt.DropAction]]
) -> None:
    window.table.select(name_of("acme-core"))
    window.panel.releases.selectAll()

    window.panel.releases.startDrag(Qt.DropAction.MoveAction)

    ((files, actions),) = dragged
    assert set(files) == set(paths(six, "acme-core"))
    assert actions == Qt.DropAction.CopyAction


def test_ctrl_c_copies_the_files_for_file_managers_and_their_paths_for_terminals(
    window: MainWindow, six: MemoryService
) -> None:
    window.table.select(name_of("acme-geo"))
    window.table.setFocus()

    QTest.keySequence(window.table, QKeySequence(QKeySequence.StandardKey.Copy))

    data = QGuiApplication.clipboard().mimeData()
    latest = six.snapshot.projects[name_of("acme-geo")].latest
    wanted = paths(six, "acme-geo", latest.__eq__)
    assert list(local_paths(data)) == wanted
    assert shlex.split(data.text()) == [str(path) for path in wanted]


def test_files_on_their_way_out_are_not_taken_for_a_drop(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from tests.desktop.drags import Drag

    monkeypatch.setattr(QDragEnterEvent, "source", lambda _event: window.table)

    event = Drag(window, [tmp_path / "acme_core-7.0.1-py3-none-any.whl"]).enter()

    assert not event.isAccepted()
    assert window.overlay.isHidden()


# --- going on from there --------------------------------------------------------------------------


def test_what_undo_brings_back_is_selected(qtbot: QtBot, window: MainWindow) -> None:
    window.table.select(name_of("acme-geo"))
    window.table.removal_asked.emit()
    qtbot.waitUntil(lambda: "acme-geo" not in names(window) and window.notices.sentence.startswith("Moved"))

    window.undo()

    qtbot.waitUntil(lambda: "acme-geo" in names(window) and window.panel.name.text() == "acme-geo")


def test_what_is_selected_for_the_user_is_selected_alone_though_ctrl_is_held(window: MainWindow) -> None:
    window.table.select(name_of("acme-core"))
    QTest.keyPress(window.table, Qt.Key.Key_F24, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier

    window.table.select(name_of("acme-geo"))

    QTest.keyRelease(window.table, Qt.Key.Key_F24)
    assert [one.name for one in window.table.selected_projects()] == ["acme-geo"]


def test_a_search_leads_back_to_the_list_from_any_page(qtbot: QtBot, window: MainWindow) -> None:
    window.open_trash()
    window.focus_search()
    QTest.keyClicks(window.header.search, "geo")

    qtbot.waitUntil(window.table.isVisible)
    assert names(window) == ["acme-geo"]
    assert window.header.search.hasFocus()
    assert window.header.search.text() == "geo"


def test_the_panel_does_not_go_on_saying_just_now(window: MainWindow, six: MemoryService) -> None:
    window.table.select(name_of("acme-auth"))
    release = window.panel.releases.model().index(0, 0)
    newest = max(file.upload_time_us for file in six.snapshot.projects[name_of("acme-auth")].files)
    later = datetime.fromtimestamp(newest / 1_000_000).astimezone() + timedelta(minutes=3)

    window.panel.releases.refresh_moments(later)

    assert release.data().endswith("3 min ago")
