"""The top line: whose repository this is, search, adding files, the menu."""

from PySide6.QtCore import QEvent, QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, ElidedLabel, IconButton, Picture
from cheeseboard.desktop.words import first_words
from cheeseboard.desktop.words.translate import tr

SEARCH_WIDTH = 380


class Header(QWidget):
    """Repository name, search field, *Add files…* and the menu."""

    search_changed = Signal(str)
    add_asked = Signal()
    repositories_asked = Signal(object)

    def __init__(self, name: str, theme: Theme, menu: QMenu) -> None:
        super().__init__()
        self._theme = theme
        self.name = ElidedLabel(name, factor=1.2, bold=True)
        self.switch = IconButton(tr("Repositories"), "chevron-down", theme, side=30)
        self.switch.clicked.connect(self._on_switch)
        self.search = QLineEdit()
        self._glass = QAction(self.search)
        self.add = Button(tr("Add files…"), "package-plus", theme)
        self.add.clicked.connect(self.add_asked)
        self.menu = IconButton(tr("Menu"), "ellipsis-vertical", theme)
        self._entries = menu
        self.menu.clicked.connect(self._on_menu)
        self._shape_search()
        self._arrange()

    def _shape_search(self) -> None:
        self.search.setAccessibleName(tr("Search packages"))
        self.search.setClearButtonEnabled(True)
        self.search.setAcceptDrops(False)
        self.search.setMaximumWidth(SEARCH_WIDTH)
        self.search.setMinimumWidth(220)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        for button in self.search.findChildren(QToolButton):
            glass = self._glass in button.actions()
            button.setAccessibleName(tr("Search") if glass else tr("Clear search"))
        self.search.textChanged.connect(self.search_changed)
        self._tint()
        self.show_count(0)

    def _arrange(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 0, 0, 0)
        line.setSpacing(12)
        left, right = QWidget(), QWidget()
        for side, parts in (
            (left, (Picture("package", self._theme, size=20), self.name, self.switch)),
            (right, (self.add, self.menu)),
        ):
            kept = QSizePolicy.Policy.Ignored if side is left else QSizePolicy.Policy.Preferred
            side.setSizePolicy(kept, QSizePolicy.Policy.Preferred)
            row = QHBoxLayout(side)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            if side is right:
                row.addStretch(1)
            for part in parts:
                row.addWidget(part)
            if side is left:
                row.addStretch(1)
        line.addWidget(left, 1)
        line.addWidget(self.search, 3)
        line.addWidget(right, 1)

    def _on_menu(self) -> None:
        corner = self.menu.mapToGlobal(self.menu.rect().bottomRight())
        self._entries.popup(corner - QPoint(self._entries.sizeHint().width(), -4))

    def _on_switch(self) -> None:
        self.repositories_asked.emit(self.name.mapToGlobal(self.name.rect().bottomLeft() + QPoint(-4, 8)))

    def show_count(self, count: int) -> None:
        """Say how many packages there are to search; none, nothing to search."""
        self.search.setPlaceholderText(first_words.search_placeholder(count))
        self.search.setEnabled(count > 0)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the glass in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        self._glass.setIcon(self._theme.icon("search", Tone.MUTED))
        clear = self.search.findChild(QAction, "_q_qlineeditclearaction")  # Qt's own name for it
        if clear is not None:
            clear.setIcon(self._theme.icon("x", Tone.MUTED))
