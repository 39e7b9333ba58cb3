"""What stands in the list's place while there is no list: empty, scanning, nothing found, folder unusable."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Picture, label
from cheeseboard.desktop.words.translate import tr


def _centred(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(24, 24, 24, 24)
    layout.setSpacing(12)
    layout.addStretch(1)
    return layout


class EmptyState(QWidget):
    """The invitation (words 1): a dashed place to drop on, and the way in for the keyboard."""

    add_asked = Signal()
    folder_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.title = label(tr("Drop wheels or source archives here"), factor=1.7, bold=True)
        self.hint = label(
            tr(".whl and .tar.gz files, or a whole dist/ folder. Originals stay where they are."),
            muted=True,
        )
        self.add = Button(tr("Add files…"), "package-plus", theme, primary=True)
        self.folder = Button(tr("Open managed folder"), "folder-open", theme)
        self.add.clicked.connect(self.add_asked)
        self.folder.clicked.connect(self.folder_asked)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        whole = _centred(self)
        whole.addWidget(
            Picture("package-plus", theme, tone=Tone.ACCENT, size=64), 0, Qt.AlignmentFlag.AlignHCenter
        )
        self.title.setWordWrap(True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        whole.addWidget(self.title)
        whole.addWidget(self.hint)
        whole.addSpacing(4)
        whole.addLayout(self._buttons())
        whole.addSpacing(12)
        self._arrows: list[Picture] = []
        self._steps_line = self._steps()
        whole.addLayout(self._steps_line)
        whole.addStretch(1)

    def _buttons(self) -> QBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addStretch(1)
        line.addWidget(self.add)
        line.addWidget(self.folder)
        line.addStretch(1)
        return line

    def _steps(self) -> QBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addStretch(1)
        steps = (
            tr("1  Add packages"),
            tr("2  Serve on LAN"),
            tr("3  Give colleagues the address"),
        )
        for number, step in enumerate(steps):
            if number:
                self._arrows.append(Picture("arrow-right", self._theme, tone=Tone.MUTED))
                line.addWidget(self._arrows[-1])
            line.addWidget(label(step, muted=True), 0, Qt.AlignmentFlag.AlignHCenter)
        line.addStretch(1)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the steps below each other where a line has no room for them."""
        super().resizeEvent(event)
        for arrow in self._arrows:
            arrow.show()
        across = QBoxLayout.Direction.LeftToRight
        self._steps_line.setDirection(across)
        fits = self._steps_line.sizeHint().width() <= self.width() - 48
        self._steps_line.setDirection(across if fits else QBoxLayout.Direction.TopToBottom)
        self._steps_line.setSpacing(12 if fits else 4)
        for arrow in self._arrows:
            arrow.setVisible(fits)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed place."""
        del event
        painter = QPainter(self)
        draw_dashed(painter, QRectF(self.rect()), self._theme.tokens.base, self._theme.tokens.line)
        painter.end()


def draw_dashed(painter: QPainter, rect: QRectF, fill: str | QColor, edge: str | QColor) -> None:
    """Draw a rounded surface with a dashed edge."""
    pen = QPen(QColor(edge), 2, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([4, 3])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 12, 12)


class PlainState(QWidget):
    """A picture, what is so, what it means, and one action."""

    acted = Signal()

    def __init__(
        self, theme: Theme, icon: str, title: str, hint: str, act: str = "", act_icon: str = ""
    ) -> None:
        super().__init__()
        self._theme = theme
        self.title = label(title, factor=1.5, bold=True)
        self.hint = label(hint, muted=True)
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        whole = _centred(self)
        whole.addWidget(Picture(icon, theme, tone=Tone.MUTED, size=48), 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addWidget(self.hint)
        self.action: Button | None = None
        if act:
            self.action = Button(act, act_icon, theme)
            self.action.clicked.connect(self.acted)
            whole.addSpacing(4)
            whole.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a quiet surface."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.tokens.line), 1))
        painter.setBrush(self._theme.tokens.base)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()
