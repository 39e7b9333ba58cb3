"""The table's model: a plain list of rows, filtered and sorted by us (Qt's proxy takes seconds for that)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import IntEnum

from packaging.utils import NormalizedName
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cheeseboard.desktop.projects.project_rows import Order, Row, filter_rows, sort_rows
from cheeseboard.desktop.words import messages

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class Column(IntEnum):
    """The columns, from the left."""

    PACKAGE = 0
    LATEST = 1
    FILES = 2
    ADDED = 3


ORDERS = {
    Column.PACKAGE: Order.NAME,
    Column.LATEST: Order.LATEST,
    Column.FILES: Order.FILES,
    Column.ADDED: Order.ADDED,
}


class ProjectsModel(QAbstractTableModel):
    """One row a project."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._sorted: list[Row] = []
        self._shown: list[Row] = []
        self._filter = ""
        self._order = Order.NAME
        self._descending = False

    # --- what it holds ----------------------------------------------------------------------------

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Replace everything."""
        ordered = sort_rows(list(rows), self._order, descending=self._descending)
        self._reset(ordered)

    def filter(self, text: str) -> None:
        """Show only the rows that contain every word of ``text``."""
        if text != self._filter:
            self._filter = text
            self._reset(self._sorted)

    def row_at(self, position: int) -> Row:
        """Return the row shown at this position."""
        return self._shown[position]

    def position_of(self, name: NormalizedName) -> int | None:
        """Return where a project is shown, or None while it is not."""
        return next((at for at, row in enumerate(self._shown) if row.project.name == name), None)

    def find_prefix(self, prefix: str, start: int) -> int | None:
        """Return the next row at or after ``start`` (around the end) whose name starts with ``prefix``."""
        wanted = prefix.lower()
        count = len(self._shown)
        around = ((start + step) % count for step in range(count))
        return next((at for at in around if self._shown[at].name.lower().startswith(wanted)), None)

    @property
    def total(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._sorted)

    def refresh_moments(self) -> None:
        """Time has passed: "2 min ago" is no longer true."""
        if self._shown:
            top, bottom = self.index(0, Column.ADDED), self.index(len(self._shown) - 1, Column.ADDED)
            self.dataChanged.emit(top, bottom)

    def _reset(self, ordered: list[Row]) -> None:
        self.beginResetModel()
        self._sorted = ordered
        self._shown = filter_rows(ordered, self._filter)
        self.endResetModel()

    # --- what Qt asks -----------------------------------------------------------------------------

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text for eyes, and for ears with the badges in words."""
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        row = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, Column(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, Column(index.column()))
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return the columns' names."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {
            Column.PACKAGE: messages.tr("Package"),
            Column.LATEST: messages.tr("Latest"),
            Column.FILES: messages.tr("Files"),
            Column.ADDED: messages.tr("Added"),
        }
        return names[Column(section)] if 0 <= section < len(Column) else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._order = ORDERS[Column(column)]
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._reset(sort_rows(self._sorted, self._order, descending=self._descending))

    def _text(self, row: Row, column: Column) -> str:
        match column:
            case Column.PACKAGE:
                return row.name
            case Column.LATEST:
                return row.latest
            case Column.FILES:
                return str(len(row.project.files))
            case Column.ADDED:
                when = datetime.fromtimestamp(row.added_us / 1_000_000).astimezone()
                return messages.moment(when, self._now())

    def _spoken(self, row: Row, column: Column) -> str:
        match column:
            case Column.PACKAGE:
                parts = [row.name, *(messages.badge(badge) for badge in row.badges), row.project.summary]
                return ", ".join(part for part in parts if part)
            case Column.FILES:
                return messages.files(len(row.project.files))
            case _:
                return self._text(row, column)
