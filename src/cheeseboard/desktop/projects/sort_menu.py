"""*Sort by*: the order of the table without a mouse, of columns that a narrow window hides, too."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from cheeseboard.desktop.projects.projects_model import Column
from cheeseboard.desktop.projects.projects_view import ProjectsView
from cheeseboard.desktop.words.translate import tr


class SortMenu(QMenu):
    """A choice of columns, as the table is sorted when it opens."""

    def __init__(self, table: ProjectsView, parent: QWidget) -> None:
        super().__init__(tr("Sort by"), parent)
        self._table = table
        group = QActionGroup(self)
        self.columns = {column: self._column(column, group) for column in Column}
        self.addSeparator()
        self.reverse = self.addAction(tr("Reverse the order"))
        self.reverse.triggered.connect(lambda _checked=False: self._reverse())
        self.aboutToShow.connect(self._show_order)

    def _column(self, column: Column, group: QActionGroup) -> QAction:
        words = self._table.model().headerData(column, Qt.Orientation.Horizontal)
        action = self.addAction(str(words))
        action.setCheckable(True)
        action.triggered.connect(partial(self._sort, column))
        group.addAction(action)
        return action

    def _show_order(self) -> None:
        self.columns[Column(self._table.horizontalHeader().sortIndicatorSection())].setChecked(True)

    def _sort(self, column: Column, _checked: bool = False) -> None:  # Qt's
        role = Qt.ItemDataRole.InitialSortOrderRole
        first = self._table.model().headerData(column, Qt.Orientation.Horizontal, role)
        self._table.sortByColumn(column, Qt.SortOrder(first))

    def _reverse(self) -> None:
        header = self._table.horizontalHeader()
        ascending = header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        other = Qt.SortOrder.DescendingOrder if ascending else Qt.SortOrder.AscendingOrder
        self._table.sortByColumn(header.sortIndicatorSection(), other)
