"""Several selected projects beside the table: what they are together, and what can be done with them all."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from cheeseboard.desktop.frame.side_page import plain_list
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.look.widgets import ElidedLabel, IconButton, label
from cheeseboard.desktop.projects.install_line import InstallLine
from cheeseboard.desktop.projects.project_rows import Row
from cheeseboard.desktop.words import amounts
from cheeseboard.desktop.words.translate import tr

LINE_HEIGHT = 32
MOST_LINES = 200
MOST_NAMES = 20


class SelectionPanel(QWidget):
    """Shows two projects or more; what it asks for goes out as signals."""

    removal_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(tr("Selected packages"))
        self.name = ElidedLabel(factor=1.5, bold=True)
        self.facts = label(muted=True)
        self.more = IconButton(tr("More for these packages"), "ellipsis-vertical", theme)
        self.trash = IconButton(tr("Move packages to the Trash"), "trash-2", theme)
        self.install = InstallLine(theme)
        self.list = plain_list(tr("Selected packages"), (tr("Package"), tr("Latest"), tr("Size")))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        widest = self.fontMetrics().horizontalAdvance("999.9 MB")
        for column in (1, 2):
            self.list.setColumnWidth(column, widest + 16)
        self.trash.clicked.connect(self.removal_asked)
        self.more.clicked.connect(
            lambda: self.menu_asked.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        )
        self._arrange()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.name, 1)
        top.addWidget(self.more)
        top.addWidget(self.trash)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(top)
        whole.addWidget(self.facts)
        whole.addSpacing(4)
        whole.addWidget(self.install)
        whole.addSpacing(4)
        whole.addWidget(self.list, 1)
        self.setMinimumWidth(260)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show these rows of the table, at least two."""
        self.name.setText(amounts.packages(len(rows)))
        files = sum(len(row.project.files) for row in rows)
        self.facts.setText(f"{amounts.files(files)} · {amounts.size(sum(row.size for row in rows))}")
        self.install.show_command("pip install " + " ".join(row.project.name for row in rows[:MOST_NAMES]))
        self.install.setVisible(len(rows) <= MOST_NAMES)
        self.list.clear()
        items = [_item(row) for row in rows[:MOST_LINES]]
        if len(rows) > MOST_LINES:
            items.append(QTreeWidgetItem([tr("And {n} more.", n=f"{len(rows) - MOST_LINES:,}"), "", ""]))
        self.list.addTopLevelItems(items)


def _item(row: Row) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.name, row.latest, amounts.size(row.size)])
    item.setSizeHint(0, QSize(0, LINE_HEIGHT))
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item
