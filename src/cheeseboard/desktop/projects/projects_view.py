"""The table of projects: fixed rows, a delegate that paints name, badges and summary, selection by name."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from packaging.utils import NormalizedName
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cheeseboard.desktop.look.badges import Badge, BadgeKind
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import scaled
from cheeseboard.desktop.projects.project_rows import Row
from cheeseboard.desktop.projects.projects_model import Column, ProjectsModel
from cheeseboard.desktop.words import project_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.repository.snapshot import Project

ROW_HEIGHT = 58
MARGIN = 16
RING = 2
BAR = 3
# How wide the table is where the count of files, and where sizes, have a column.
NARROW = 460
ROOMY = 700
MOST_SPANS = 2_000

BADGE_TONES = {
    BadgeKind.BROKEN: Tone.ERROR,
    BadgeKind.ADDING: Tone.INFO,
    BadgeKind.WHEEL: Tone.INFO,
    BadgeKind.PLATFORM_WHEEL: Tone.NEUTRAL,
    BadgeKind.SDIST: Tone.NEUTRAL,
    BadgeKind.PRE_RELEASE: Tone.WARN,
    BadgeKind.YANKED: Tone.ERROR,
    BadgeKind.ARCHIVED: Tone.NEUTRAL,
    BadgeKind.DEPRECATED: Tone.WARN,
    BadgeKind.QUARANTINED: Tone.ERROR,
    BadgeKind.NEWER_ELSEWHERE: Tone.WARN,
    BadgeKind.ALSO_ELSEWHERE: Tone.WARN,
}


DESCRIBING = frozenset({BadgeKind.WHEEL, BadgeKind.PLATFORM_WHEEL, BadgeKind.SDIST})


class ProjectDelegate(QStyledItemDelegate):
    """Paints a cell; everything it shows is also in the model's accessible text."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._fonts = CellFonts(QFont())

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row is as high as every other."""
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint ground, then the column's content."""
        model = index.model()
        if not isinstance(model, ProjectsModel):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, Column(index.column()))
        if index.column() == Column.PACKAGE:
            row = model.row_at(index.row())
            self._package(painter, option, row, model.badges_of(row))
        else:
            tone = Tone.TEXT if index.column() == Column.LATEST else Tone.MUTED
            self._line(painter, option, str(model.data(index)), tone)
        self._ring(painter, option, index)
        painter.restore()

    def _ring(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Show which row the keyboard is at, while it is in the list: a frame around all of its cells."""
        view = option.widget
        if not isinstance(view, ProjectsView) or view.currentIndex().row() != index.row():
            return
        if not (view.hasFocus() and view.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)):
            return
        accent, cell = QColor(self._theme.tokens.accent), option.rect
        painter.fillRect(QRect(cell.left(), cell.top(), cell.width(), RING), accent)
        painter.fillRect(QRect(cell.left(), cell.bottom() - RING, cell.width(), RING), accent)
        if cell.right() >= view.viewport().width() - RING:
            painter.fillRect(QRect(cell.right() - RING + 1, cell.top(), RING, cell.height() - 1), accent)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, column: Column) -> None:
        tokens = self._theme.tokens
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(tokens.info_ground))
            if column == Column.PACKAGE:
                painter.fillRect(QRect(option.rect.topLeft(), QSize(BAR, ROW_HEIGHT)), QColor(tokens.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(tokens.hover))
        painter.fillRect(
            QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), QColor(tokens.line)
        )

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, text: str, tone: Tone) -> None:
        room = option.rect.adjusted(8, 0, -8, 0)
        painter.setPen(self._theme.ink(tone))
        painter.setFont(option.font)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _package(
        self, painter: QPainter, option: QStyleOptionViewItem, row: Row, shown: tuple[Badge, ...]
    ) -> None:
        room = option.rect.adjusted(MARGIN, 0, -8, 0)
        if self._fonts.ground != option.font:
            self._fonts = CellFonts(option.font)
        bold, small, metrics = self._fonts.bold, self._fonts.small, self._fonts.metrics
        badges = [(badge, project_words.badge(badge)) for badge in shown]
        widths = [self._fonts.badge_width(text) for _, text in badges]
        needed = metrics.horizontalAdvance(row.name) + 10
        kept = fitting(shown, [width + 6 for width in widths], room.width() - min(needed, room.width() // 2))
        badges, widths = [badges[at] for at in kept], [widths[at] for at in kept]
        for_name = max(room.width() - sum(widths) - 6 * len(widths) - 10, room.width() // 3)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, for_name)
        upper = QRect(room.left(), room.top() + 9, room.width(), 20)
        lower = QRect(room.left(), room.top() + 31, room.width(), 18)
        if not row.project.summary:
            upper.moveTop(room.top() + (ROW_HEIGHT - 20) // 2)
        painter.setFont(bold)
        painter.setPen(self._theme.ink(Tone.TEXT))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        left = upper.left() + metrics.horizontalAdvance(name) + 10
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        for (badge, text), width in zip(badges, widths, strict=True):
            place = QRectF(left, upper.center().y() - 8, width, 18)
            self._badge(painter, place, small, badge, text, selected=selected)
            left += width + 6
        painter.setFont(option.font)
        painter.setPen(self._theme.ink(Tone.MUTED))
        summary = option.fontMetrics.elidedText(
            row.project.summary, Qt.TextElideMode.ElideRight, lower.width()
        )
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, summary)

    def _badge(
        self,
        painter: QPainter,
        place: QRectF,
        font: QFont,
        badge: Badge,
        text: str,
        *,
        selected: bool,
    ) -> None:
        tone = BADGE_TONES[badge.kind]
        ink = self._theme.ink(tone)
        edge = QPen(Qt.PenStyle.NoPen)
        if selected or self._theme.ground(tone) == QColor(self._theme.tokens.base):
            edge = QPen(QColor(self._theme.tokens.edge(tone)), 1)
        painter.setPen(edge)
        painter.setBrush(self._theme.ground(tone))
        painter.drawRoundedRect(place, 9, 9)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def fitting(badges: Sequence[Badge], widths: Sequence[int], room: int) -> list[int]:
    """Return which badges to show, in their order; where not all fit, what warns comes first."""
    kept: list[int] = []
    for at in sorted(range(len(badges)), key=lambda at: badges[at].kind in DESCRIBING):
        if widths[at] <= room:
            kept.append(at)
            room -= widths[at]
    return sorted(kept)


class CellFonts:
    """The fonts of a cell, and how wide badges are in them: worked out once, not at every paint."""

    def __init__(self, ground: QFont) -> None:
        self.ground = QFont(ground)
        self.bold = scaled(ground, 1.0, QFont.Weight.DemiBold)
        self.small = scaled(ground, 0.85)
        self.metrics = QFontMetrics(self.bold)
        self._small_metrics = QFontMetrics(self.small)
        self._badge_widths: dict[str, int] = {}

    def badge_width(self, text: str) -> int:
        """Return how wide a badge with this text is."""
        width = self._badge_widths.get(text)
        if width is None:
            width = self._badge_widths[text] = self._small_metrics.horizontalAdvance(text) + 16
        return width


class _Header(QHeaderView):
    """Column names in muted text on the window's own ground, with a small arrow for the order."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(34)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground where no section is."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(self._theme.tokens.window))
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  # Qt's name
        """Draw one column's name."""
        tokens = self._theme.tokens
        painter.save()
        painter.fillRect(rect, QColor(tokens.window))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(tokens.line))
        text = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal))
        left = MARGIN if logicalIndex == Column.PACKAGE else 8
        room = rect.adjusted(left, 0, 0, 0)
        sorted_here = self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex
        painter.setPen(QColor(tokens.text if sorted_here else tokens.muted))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if sorted_here:
            up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            at = room.left() + painter.fontMetrics().horizontalAdvance(text) + 9
            middle, step = rect.center().y() + 1, -2 if up else 2
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.muted), 1.5))
            painter.drawPolyline(
                [QPointF(at - 3, middle - step), QPointF(at, middle + step), QPointF(at + 3, middle - step)]
            )
        painter.restore()


class ProjectsView(QTableView):
    """The table; it keeps the selection by project name while rows come and go."""

    current_changed = Signal(object)
    chosen_changed = Signal()
    removal_asked = Signal()
    copy_asked = Signal()
    drag_asked = Signal()
    menu_asked = Signal(object)

    def __init__(self, model: ProjectsModel, theme: Theme) -> None:
        super().__init__()
        self._rows = model
        self._theme = theme
        self._kept: NormalizedName | None = None
        self._kept_all: frozenset[NormalizedName] = frozenset()
        self._wanted: NormalizedName | None = None
        self._kept_position = 0
        self._restoring = False
        self.setAccessibleName(tr("Packages"))
        self.setModel(model)
        self.setItemDelegate(ProjectDelegate(theme, self))
        self._shape()
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.rows_changing.connect(self._remember)
        model.rows_changed.connect(self._on_rows_changed)

    def _shape(self) -> None:
        header = _Header(self._theme, self)
        self.setHorizontalHeader(header)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setSortingEnabled(True)
        header.setSortIndicator(Column.PACKAGE, Qt.SortOrder.AscendingOrder)
        header.sortIndicatorChanged.connect(lambda _column, _order: self._show_columns())
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(Column.PACKAGE, QHeaderView.ResizeMode.Stretch)
        for column, sample in (
            (Column.LATEST, "2026.10.0rc1"),
            (Column.FILES, "99,999"),
            (Column.SIZE, "999 MB"),
            (Column.ADDED, tr("{n} min ago", n=59)),
        ):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            named = str(self._rows.headerData(column, Qt.Orientation.Horizontal)) + " ▲"
            widest = max(map(self.fontMetrics().horizontalAdvance, (sample, named)))
            header.resizeSection(column, widest + 20)
        self._show_columns()

    def _show_columns(self) -> None:
        """Show files and sizes where there is room, or where they give the order."""
        sorted_by = self.horizontalHeader().sortIndicatorSection()
        for column, wanted in ((Column.FILES, NARROW), (Column.SIZE, ROOMY)):
            shown = self.viewport().width() >= wanted or sorted_by == column
            if self.isColumnHidden(column) is shown:
                self.setColumnHidden(column, not shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many columns as fit."""
        super().resizeEvent(event)
        self._show_columns()

    # --- the selection ----------------------------------------------------------------------------

    def current_project(self) -> Project | None:
        """Return the project that the panel should show."""
        index = self.currentIndex()
        return self._rows.row_at(index.row()).project if index.isValid() else None

    def selected_projects(self) -> tuple[Project, ...]:
        """Return all selected projects, from the top."""
        return tuple(row.project for row in self.selected_rows())

    def selected_rows(self) -> tuple[Row, ...]:
        """Return all selected rows, from the top."""
        chosen = self.selectionModel().selection()
        spans = {(one.top(), one.bottom()) for one in map(chosen.at, range(chosen.count()))}
        places = sorted({place for top, bottom in spans for place in range(top, bottom + 1)})
        return tuple(self._rows.row_at(position) for position in places)

    def select(self, name: NormalizedName) -> None:
        """Select one project and scroll to it."""
        position = self._rows.position_of(name)
        if position is not None:
            self._select_alone(position)

    def _select_alone(self, place: int) -> None:
        """Select one row and no other, whatever keys are held: ``selectRow`` would add to it under Ctrl."""
        flags = QItemSelectionModel.SelectionFlag
        index = self._rows.index(place, 0)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def select_soon(self, name: NormalizedName) -> None:
        """Select one project now, or as soon as the rows that come next hold it."""
        self.select(name)
        self._kept, self._kept_all = name, frozenset()
        self._wanted = name

    def currentChanged(
        self,
        current: QModelIndex | QPersistentModelIndex,
        previous: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Tell which project is current now."""
        super().currentChanged(current, previous)
        if not self._restoring:
            self._wanted = None  # the user went on
            self.current_changed.emit(self.current_project())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell that other projects are selected now."""
        super().selectionChanged(selected, deselected)
        if not self._restoring:
            self.chosen_changed.emit()

    def _remember(self) -> None:
        current = self.current_project() if self.currentIndex().row() < self._rows.rowCount() else None
        if self._wanted is not None:
            self._kept, self._kept_all = self._wanted, frozenset()
        elif current is not None:
            self._kept, self._kept_position = current.name, self.currentIndex().row()
            self._kept_all = frozenset(project.name for project in self.selected_projects())
        self._restoring = True

    def _select_kept(self, last: int) -> None:
        """Select what was selected or is wanted, else what stands where it stood.

        Args:
            last: The last row.
        """
        wanted = self._wanted
        position = self._rows.position_of(self._kept) if self._kept is not None else None
        self._select_alone(min(self._kept_position, last) if position is None else position)
        self._wanted = wanted if position is None else None

    def _restore(self) -> None:
        self._restoring = False
        count = self._rows.rowCount()
        if not count:
            self.current_changed.emit(None)
            return
        scrolled = self.verticalScrollBar().value()
        self._select_kept(count - 1)
        if len(self._kept_all) > 1:
            self._select_also(self._kept_all)
        self.verticalScrollBar().setValue(scrolled)
        self.scrollTo(self.currentIndex())

    def _on_rows_changed(self) -> None:
        """Some rows changed, and Qt kept the selection: unless its row is lost, or another is wanted."""
        self._restoring = False
        current, count = self.current_project(), self._rows.rowCount()
        if count and (current is None or current.name != self._kept):
            self._select_kept(count - 1)
        self.current_changed.emit(self.current_project())

    def _select_also(self, names: frozenset[NormalizedName]) -> None:
        """Select these rows besides, in one step: each step would be told to all who listen.

        A selection that another order scatters over the whole list is let go, all but the current row.
        """
        flag, found = self.selectionModel().SelectionFlag, QItemSelection()
        spans = list(spans_of(self._rows.positions_of(names)))
        for start, end in spans if len(spans) <= MOST_SPANS else ():
            found.append(
                QItemSelectionRange(self._rows.index(start, 0), self._rows.index(end, len(Column) - 1))
            )
        self.selectionModel().select(found, flag.Select | flag.Rows)

    # --- keyboard and mouse -----------------------------------------------------------------------

    def keyboardSearch(self, search: str) -> None:
        """Go to the next name that starts with what was typed (Qt's own search asks every cell)."""
        found = self._rows.find_prefix(search, max(0, self.currentIndex().row()))
        if found is not None:
            self._select_alone(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to move the selection to the Trash."""
        if event.key() == Qt.Key.Key_Delete and self.selectionModel().hasSelection():
            self.removal_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Copy) and self.selectionModel().hasSelection():
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the selection; by keyboard, too."""
        if not self.selectionModel().hasSelection():
            return
        where = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            line = self.visualRect(self.currentIndex()).intersected(self.viewport().rect())
            where = self.viewport().mapToGlobal(line.bottomLeft() + QPoint(MARGIN, 0))
        self.menu_asked.emit(where)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803  # Qt's name
        """Offer the selection to other programs."""
        del supportedActions
        self.drag_asked.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Repaint in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()


def spans_of(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return where runs of neighbouring places begin and end; the places ascend."""
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in run]
        yield members[0], members[-1]
