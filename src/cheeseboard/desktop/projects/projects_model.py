"""The table's model: a plain list of rows, filtered and sorted by us (Qt's proxy takes seconds for that)."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import IntEnum

from packaging.utils import NormalizedName
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cheeseboard.clients.collisions import Collision
from cheeseboard.desktop.look.badges import Badge
from cheeseboard.desktop.projects.project_rows import (
    Order,
    Row,
    RowChange,
    by_name,
    filter_rows,
    place_of,
    sort_rows,
)
from cheeseboard.desktop.projects.row_notes import RowNotes
from cheeseboard.desktop.words import amounts, project_words
from cheeseboard.desktop.words.translate import tr

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class Column(IntEnum):
    """The columns, from the left."""

    PACKAGE = 0
    LATEST = 1
    FILES = 2
    SIZE = 3
    ADDED = 4


ORDERS = {
    Column.PACKAGE: Order.NAME,
    Column.LATEST: Order.LATEST,
    Column.FILES: Order.FILES,
    Column.SIZE: Order.SIZE,
    Column.ADDED: Order.ADDED,
}
# What people look for first in these: the newest, the most, the largest.
DESCENDING_FIRST = frozenset({Column.FILES, Column.SIZE, Column.ADDED})

# Beyond this it is cheaper to begin anew than to move row by row.
MANY_CHANGES = 100


class ProjectsModel(QAbstractTableModel):
    """One row a project."""

    rows_changing = Signal()
    rows_changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._named: list[Row] = []
        self._sorted: list[Row] = []
        self._shown: list[Row] = []
        self._notes = RowNotes()
        self._filter = ""
        self._order = Order.NAME
        self._descending = False

    # --- what it holds ----------------------------------------------------------------------------

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Replace everything."""
        self._named = by_name(rows)
        self._reset(sort_rows(self._named, self._order, descending=self._descending))

    def change_rows(self, change: RowChange) -> None:
        """Bring the rows up to date; few changes are put in their places, and nothing is sorted anew."""
        if not self._named or len(change.gone) + len(change.come) > MANY_CHANGES:
            gone = {row.project.name for row in change.gone}
            kept = [row for row in self._named if row.project.name not in gone] if gone else self._named
            self.show_rows([*kept, *change.come])
            return
        self.rows_changing.emit()
        come = {row.project.name: row for row in change.come}
        for row in change.gone:
            self._change_row(row, come.pop(row.project.name, None))
        for row in come.values():
            self._change_row(None, row)
        self.rows_changed.emit()

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
        place = bisect_left(self._named, name, key=lambda row: row.project.name)
        if place == len(self._named) or self._named[place].project.name != name:
            return None
        return self._shown_at(self._named[place])

    def positions_of(self, names: Collection[NormalizedName]) -> list[int]:
        """Return where these projects are shown, from the top; looks once at each row, for any number."""
        return [at for at, row in enumerate(self._shown) if row.project.name in names]

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

    def note_collisions(self, known: Mapping[str, Collision]) -> None:
        """Say from now on of these projects that other indexes have them, too."""
        self._note(replace(self._notes, collisions=known))

    def note_broken(self, names: Collection[NormalizedName]) -> None:
        """Say from now on of these projects that they have files in the folder that are not offered."""
        self._note(replace(self._notes, broken=frozenset(names)))

    def note_adding(self, names: Collection[NormalizedName]) -> None:
        """Say from now on of these projects that files of theirs are on their way."""
        self._note(replace(self._notes, adding=frozenset(names)))

    def _note(self, notes: RowNotes) -> None:
        """Paint anew; nothing is sorted or built, for any number of rows."""
        if notes == self._notes:
            return
        self._notes = notes
        if self._shown:
            last = self.index(len(self._shown) - 1, Column.PACKAGE)
            self.dataChanged.emit(self.index(0, Column.PACKAGE), last)

    def badges_of(self, row: Row) -> tuple[Badge, ...]:
        """Return the badges of a row: what is known beside the snapshot, then its own."""
        return (*self._notes.badges_of(row.project.name), *row.badges)

    def refresh_moments(self) -> None:
        """Time has passed: "2 min ago" is no longer true."""
        if self._shown:
            top, bottom = self.index(0, Column.ADDED), self.index(len(self._shown) - 1, Column.ADDED)
            self.dataChanged.emit(top, bottom)

    def _reset(self, ordered: list[Row]) -> None:
        self.beginResetModel()
        self._sorted = ordered
        self._shown = list(filter_rows(ordered, self._filter))
        self.endResetModel()

    def _change_row(self, old: Row | None, new: Row | None) -> None:
        """Take one row out, put one in, or one in another's stead."""
        if old is not None:
            del self._named[place_of(self._named, old, Order.NAME, descending=False)]
            del self._sorted[self._place_of(self._sorted, old)]
        if new is not None:
            self._named.insert(place_of(self._named, new, Order.NAME, descending=False), new)
            self._sorted.insert(self._place_of(self._sorted, new), new)
        was = None if old is None else self._shown_at(old)
        becomes = new if new is not None and filter_rows([new], self._filter) else None
        if was is None and becomes is not None:
            place = self._place_of(self._shown, becomes)
            self.beginInsertRows(NO_INDEX, place, place)
            self._shown.insert(place, becomes)
            self.endInsertRows()
        elif was is not None and becomes is None:
            self.beginRemoveRows(NO_INDEX, was, was)
            del self._shown[was]
            self.endRemoveRows()
        elif was is not None and becomes is not None:
            self._move_row(was, becomes)

    def _move_row(self, was: int, row: Row) -> None:
        place = self._place_of(self._shown, row)
        if place in {was, was + 1}:
            self._shown[was] = row
        else:
            self.beginMoveRows(NO_INDEX, was, was, NO_INDEX, place)
            del self._shown[was]
            place -= place > was
            self._shown.insert(place, row)
            self.endMoveRows()
            was = place
        self.dataChanged.emit(self.index(was, 0), self.index(was, len(Column) - 1))

    def _place_of(self, rows: list[Row], row: Row) -> int:
        return place_of(rows, row, self._order, descending=self._descending)

    def _shown_at(self, row: Row) -> int | None:
        place = self._place_of(self._shown, row)
        return place if place < len(self._shown) and self._shown[place] is row else None

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
        """Return the columns' names, and which way each is sorted at the first click."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            descending = section in DESCENDING_FIRST
            return Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        names = {
            Column.PACKAGE: tr("Package"),
            Column.LATEST: tr("Latest"),
            Column.FILES: tr("Files"),
            Column.SIZE: tr("Size"),
            Column.ADDED: tr("Added"),
        }
        return names[Column(section)] if role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let rows be dragged out."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._order = ORDERS[Column(column)]
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._reset(sort_rows(self._named, self._order, descending=self._descending))

    def _text(self, row: Row, column: Column) -> str:
        match column:
            case Column.PACKAGE:
                return row.name
            case Column.LATEST:
                return row.latest
            case Column.FILES:
                return f"{len(row.project.files):,}"
            case Column.SIZE:
                return amounts.size(row.size)
            case Column.ADDED:
                when = datetime.fromtimestamp(row.added_us / 1_000_000).astimezone()
                return amounts.moment(when, self._now())

    def _spoken(self, row: Row, column: Column) -> str:
        match column:
            case Column.PACKAGE:
                parts = [
                    row.name,
                    *(project_words.badge(badge) for badge in self.badges_of(row)),
                    row.project.summary,
                ]
                return ", ".join(part for part in parts if part)
            case Column.FILES:
                return amounts.files(len(row.project.files))
            case _:
                return self._text(row, column)
