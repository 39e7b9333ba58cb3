"""What pages in the list's place have in common: a way back, a heading, what it means, buttons."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.look.widgets import ElidedLabel, IconButton, label
from cheeseboard.desktop.words.translate import tr


class SidePage(QWidget):
    """The frame of a page; ``body`` takes its content. Drops and the share card go on working beside it."""

    closed = Signal()

    def __init__(self, title: str, about: str, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.setAccessibleName(title)
        self.close_button = IconButton(tr("Back to the packages"), "arrow-left", theme)
        self.close_button.clicked.connect(self.closed)
        self.heading = ElidedLabel(title, factor=1.5, bold=True)
        self.about = label(about, muted=True)
        self.about.setWordWrap(True)
        self.acts = QHBoxLayout()
        self.acts.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.close_button)
        top.addWidget(self.heading, 1)
        top.addLayout(self.acts)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)
        self.body.addLayout(top)
        self.body.addWidget(self.about)

    def refresh(self) -> None:
        """Show things as they are now; a page that shows what it was asked has nothing to renew."""


def scrolling(inner: QWidget) -> QScrollArea:
    """Return an area that scrolls upwards and downwards over what may be too high for the window."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)  # setWidget turned it on
    return area


def plain_list(name: str, columns: tuple[str, ...], stretched: int = 0) -> QTreeWidget:
    """Return an empty list with these columns; one of them takes the room that is left."""
    made = QTreeWidget()
    made.setAccessibleName(name)
    made.setHeaderLabels(list(columns))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setTabKeyNavigation(False)
    made.setAllColumnsShowFocus(True)
    header = made.header()
    header.setStretchLastSection(False)
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column in range(len(columns)):
        mode = QHeaderView.ResizeMode.Stretch if column == stretched else QHeaderView.ResizeMode.Interactive
        header.setSectionResizeMode(column, mode)
    return made
