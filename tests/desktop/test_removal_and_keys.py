"""Delete, Undo, the keyboard, what screen readers hear (UX.md, checks 20, 21, 34, 35)."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QProgressBar, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryForeignFile, MemoryService, name_of

from cheeseboard.clients.plan import Caution, CautionReason
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason
from cheeseboard.repository.check import Fault, Finding

CONTROL = Qt.KeyboardModifier.ControlModifier


def select(window: MainWindow, name: str) -> None:
    window.table.select(name_of(name))
    window.table.setFocus()


def test_check_20_delete_moves_to_the_trash_and_ctrl_z_restores(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    select(window, "legacy-soap")
    before = set(six.snapshot.files())

    QTest.keyClick(window.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: window.notices.sentence == "Moved legacy-soap (2 files) to the Trash.")
    assert name_of("legacy-soap") not in six.snapshot.projects

    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: set(six.snapshot.files()) == before)
    qtbot.waitUntil(lambda: window.notices.sentence == "Restored 2 files.")


def test_check_20_one_release_is_removed_from_the_panel(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    select(window, "legacy-soap")
    tree = window.panel.releases
    oldest = tree.topLevelItem(1)
    assert oldest is not None
    tree.setCurrentItem(oldest)

    QTest.keyClick(tree, Qt.Key.Key_Delete)

    qtbot.waitUntil(lambda: window.notices.sentence == "Moved legacy-soap 0.4.1 to the Trash.")


def test_undo_works_once_for_each_act(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    for name in ("acme-geo", "acme-auth"):
        select(window, name)
        QTest.keyClick(window.table, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda name=name: name_of(name) not in six.snapshot.projects)  # type: ignore[misc]  # bound at once
        qtbot.waitUntil(lambda name=name: name in window.notices.sentence)  # type: ignore[misc]  # as above

    window.notices.buttons()[0].click()
    qtbot.waitUntil(lambda: name_of("acme-auth") in six.snapshot.projects)
    window.undo()
    qtbot.waitUntil(lambda: name_of("acme-geo") in six.snapshot.projects)
    window.undo()

    assert len(six.snapshot.projects) == 6


def tab_stops(qtbot: QtBot, window: QWidget, first: QWidget) -> list[QWidget]:
    """Press Tab until it comes round; raise when it never does."""
    first.setFocus()
    stops: list[QWidget] = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in stops:
            return stops
        stops.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    raise AssertionError("Tab never came round")


def test_check_21_the_undo_bar_is_reached_by_keyboard(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    select(window, "legacy-soap")
    QTest.keyClick(window.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(window.notices.buttons()))
    undo = window.notices.buttons()[0]
    assert undo in tab_stops(qtbot, window, window.header.search)

    undo.setFocus()
    QTest.keyClick(undo, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: name_of("legacy-soap") in six.snapshot.projects)


def test_check_35_tab_visits_all_controls_in_reading_order_without_a_trap(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)
    stops = tab_stops(qtbot, window, window.header.switch)

    assert stops == [
        window.header.switch,
        window.header.search,
        window.header.add,
        window.header.menu,
        window.share.copy,
        window.share.qr,
        window.share.index,
        window.share.setup,
        window.share.stop,
        window.share.more,
        window.first_share.access,
        window.first_share.okay,
        window.table,
        window.panel.why,
        window.panel.folder,
        window.panel.trash,
        window.panel.install.copy,
        window.panel.hint,
        window.panel.tabs,
        window.panel.releases,
        window.status.clients,
        window.status.activity,
    ]


def test_check_35_a_page_and_the_undo_bar_come_where_they_are_seen(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    select(window, "legacy-soap")
    QTest.keyClick(window.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(window.notices.buttons()))
    window.open_trash()

    stops = tab_stops(qtbot, window, window.share.more)

    (undo,) = window.notices.buttons()
    wanted = [window.share.more, window.sides.trash.close_button, undo, window.status.clients]
    assert [stop for stop in stops if stop in wanted] == wanted
    assert stops[1] is window.sides.trash.close_button


def test_who_serves_and_stops_by_keyboard_goes_on_from_what_came_of_it(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.share.serve.isVisible)
    window.share.serve.setFocus()

    QTest.keyClick(window.share.serve, Qt.Key.Key_Space)
    qtbot.waitUntil(window.share.setup.hasFocus)

    window.share.stop.setFocus()
    QTest.keyClick(window.share.stop, Qt.Key.Key_Space)
    qtbot.waitUntil(window.share.serve.hasFocus)

    window.table.setFocus()
    six.serve(lan=True)
    qtbot.waitUntil(window.share.stop.isVisible)
    assert window.table.hasFocus()


def test_the_row_that_the_keyboard_is_at_is_seen_while_it_is_in_the_list(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    select(window, "acme-core")
    window.share.more.setFocus()
    QTest.keyClick(window.share.more, Qt.Key.Key_Tab)
    assert window.table.hasFocus()
    row = window.table.visualRect(window.table.currentIndex())

    def frame() -> set[str]:
        picture = window.table.viewport().grab().toImage()
        return {picture.pixelColor(x, row.top() + 1).name() for x in range(60, 400)}

    accent = window._theme.tokens.accent
    assert frame() == {accent}
    QTest.keyClick(window.table, Qt.Key.Key_Tab)
    assert accent not in frame()


def test_escape_leads_back_from_a_page_to_where_the_keyboard_was(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.share.more.setFocus()
    QTest.keyClick(window.share.more, Qt.Key.Key_Backtab)
    came_from = window.window().focusWidget()
    assert came_from is not None
    window.open_preferences()
    window.open_access()
    assert window.sides.access.close_button.hasFocus()

    QTest.keyClick(window.sides.access.close_button, Qt.Key.Key_Escape)

    assert window.sides.shown is None
    assert came_from.hasFocus()


def test_escape_closes_the_activity_that_the_keyboard_is_in(
    open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.status.activity.click()
    assert window.activity.list.hasFocus()

    QTest.keyClick(window.activity.list, Qt.Key.Key_Escape)

    assert window.activity.isHidden()
    assert window.status.activity.hasFocus()


def unnamed_controls(window: MainWindow) -> list[QWidget]:
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisibleTo(window) and _is_control(widget) and not _spoken(widget)
    ]


def test_check_34_every_control_of_the_empty_window_has_an_accessible_name(
    open_window: OpenWindow, service: MemoryService
) -> None:
    assert unnamed_controls(open_window(service)) == []


def test_check_34_every_control_of_the_list_has_an_accessible_name(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    window = open_window(six)
    window.share.serve.click()
    qtbot.waitUntil(window.share.copy.isVisible)
    window.header.search.setText("acme")
    six.find_foreign(MemoryForeignFile(tmp_path / "notes.docx", Refusal(RefusalReason.NOT_A_DISTRIBUTION)))
    qtbot.waitUntil(window.status.foreign.isVisible)
    window.status.foreign.click()

    assert unnamed_controls(window) == []


def test_check_34_every_control_of_the_sheet_has_an_accessible_name(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.cautions = (Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, "REQUESTS_CA_BUNDLE"),)
    window = open_window(six)
    qtbot.waitUntil(window.share.index.isVisible)
    window.share.index.click()
    qtbot.waitUntil(lambda: bool(window.sides.sheet.installer("pip").diffs()))

    assert unnamed_controls(window) == []


def test_check_34_every_control_of_keeping_in_order_and_of_the_preferences_has_an_accessible_name(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    file = next(six.snapshot.files())
    six.upkeep.findings = (Finding(Fault.CHANGED, file),)
    window = open_window(six)
    window.open_upkeep()
    page = window.sides.upkeep
    page.check.check.click()
    page.retention.count.setText("1")
    page.retention.by_count.click()
    qtbot.waitUntil(page.check.findings.isVisible)
    qtbot.waitUntil(page.retention.list.isVisible)
    assert unnamed_controls(window) == []

    window.open_preferences()
    assert unnamed_controls(window) == []


def test_check_35_tab_goes_through_keeping_in_order_from_the_top_without_a_trap(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.open_upkeep()
    page = window.sides.upkeep
    page.retention.count.setText("1")
    page.retention.by_count.click()
    qtbot.waitUntil(page.retention.trash.isEnabled)

    stops = tab_stops(qtbot, window, page.close_button)

    wanted: list[QWidget] = [
        page.close_button,
        page.check.check,
        page.retention.by_count,
        page.retention.count,
        page.retention.by_age,
        page.retention.days,
        page.retention.kept,
        page.retention.list,
        page.retention.trash,
        page.backup.with_authority,
        page.backup.back_up,
        page.backup.restore,
        page.moving.choose,
        page.moving.source,
    ]
    assert stops[: len(wanted)] == wanted


def _is_control(widget: QWidget) -> bool:
    if widget.objectName().startswith("qt_"):
        return False
    kinds = (QAbstractButton, QLineEdit, QProgressBar)
    return isinstance(widget, kinds) or widget.focusPolicy() != Qt.FocusPolicy.NoFocus


def _spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def test_ctrl_f_goes_to_the_search_and_escape_clears_it(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    QTest.keyClick(window, Qt.Key.Key_F, CONTROL)
    assert window.header.search.hasFocus()
    QTest.keyClicks(window.header.search, "geo")
    assert window.model.rowCount() == 1

    QTest.keyClick(window.header.search, Qt.Key.Key_Escape)

    assert window.header.search.text() == ""
    assert window.model.rowCount() == 6


def test_foreign_files_are_counted_and_told_one_by_one(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, tmp_path: Path
) -> None:
    window = open_window(six)
    refusal = Refusal(RefusalReason.NOT_A_DISTRIBUTION)
    six.find_foreign(MemoryForeignFile(tmp_path / "notes.docx", refusal))
    qtbot.waitUntil(window.status.foreign.isVisible)
    assert window.status.foreign.text() == "1 file not taken in"

    window.status.foreign.click()

    assert window.stage.page is window.sides.foreign
    assert window.sides.foreign.reasons() == (
        "notes.docx isn't a wheel or source archive. It was left where it is.",
    )


def test_typing_in_the_table_goes_to_the_name(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.setFocus()

    QTest.keyClicks(window.table, "int")

    project = window.table.current_project()
    assert project is not None
    assert project.name == "internal-cli"
