"""The question before anything is built: what it means, which projects, and what else could be done."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cheeseboard.builds.source_tree import SourceTree
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Picture, label, plain_tip
from cheeseboard.desktop.words import build_words
from cheeseboard.desktop.words.translate import tr

WIDTH = 520
MOST_ROWS = 8
ROW_HEIGHT = 30


class BuildQuestion(QDialog):
    """Nothing is built by Enter or Esc alone: Cancel has the focus, and Enter presses what has it."""

    build_asked = Signal(tuple)
    search_asked = Signal()

    def __init__(self, trees: Sequence[SourceTree], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._trees = tuple(trees)
        title = build_words.question(trees)
        self.setWindowTitle(title)
        self.heading = label(title, factor=1.2, bold=True)
        self.explained = label(build_words.meaning(trees), muted=True)
        self.place = label(str(trees[0].path), muted=True)
        for text in (self.heading, self.explained, self.place):
            text.setWordWrap(True)
        built = sum(len(tree.built) for tree in trees)
        self.built = label(build_words.built_before(built))
        self.built.setVisible(bool(built))
        self.list = self._make_list()
        self.build = Button(tr("Build and add"), "package-plus", theme, primary=True)
        search = build_words.add_those(built) if built else tr("Only search it for packages")
        self.search = Button(search, "", theme)
        self.cancel = Button(tr("Cancel"), "", theme)
        self.build.clicked.connect(self._on_build)
        self.search.clicked.connect(self._on_search)
        self.cancel.clicked.connect(self.reject)
        self._arrange(theme)
        self.cancel.setFocus()

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(tr("Projects to build"))
        for tree in self._trees:
            item = QListWidgetItem(f"{build_words.named(tree)}  —  {tree.path.parent.name}/{tree.path.name}")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setToolTip(plain_tip(str(tree.path)))
            item.setSizeHint(QSize(0, ROW_HEIGHT))
            made.addItem(item)
        made.setFixedHeight(ROW_HEIGHT * min(MOST_ROWS, len(self._trees)) + 2 * made.frameWidth())
        made.itemChanged.connect(self._on_checked)
        made.setVisible(len(self._trees) > 1)
        return made

    def _arrange(self, theme: Theme) -> None:
        built = QHBoxLayout()
        built.setSpacing(8)
        picture = Picture("info", theme, tone=Tone.INFO, size=18)
        picture.setVisible(not self.built.isHidden())
        built.addWidget(picture)
        built.addWidget(self.built, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.cancel, self.search, self.build):
            buttons.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(8)
        whole.addWidget(self.heading)
        whole.addWidget(self.explained)
        if len(self._trees) == 1:
            whole.addWidget(self.place)
        else:
            self.place.hide()
            whole.addWidget(self.list)
        whole.addLayout(built)
        whole.addSpacing(8)
        whole.addLayout(buttons)
        self.setMinimumWidth(WIDTH)

    @property
    def chosen(self) -> tuple[SourceTree, ...]:
        """The projects that are ticked."""
        ticked = (
            self.list.item(row).checkState() is Qt.CheckState.Checked for row in range(self.list.count())
        )
        return tuple(tree for tree, wanted in zip(self._trees, ticked, strict=True) if wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press what has the focus; Qt would press the button that looks like the next step."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif isinstance(focused := self.focusWidget(), QAbstractButton):
            focused.click()

    def _on_checked(self) -> None:
        self.build.setEnabled(bool(self.chosen))

    def _on_build(self) -> None:
        chosen = self.chosen
        self.accept()
        self.build_asked.emit(chosen)

    def _on_search(self) -> None:
        self.accept()
        self.search_asked.emit()
