"""A quiet row of tabs: words, and a line of accent under the chosen one."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.look.widgets import scaled

HEIGHT = 34
SIDE = 10


class Tabs(QTabBar):
    """The tabs; arrow keys move between them."""

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def tabSizeHint(self, index: int) -> QSize:
        """Leave room for the words in bold, so that choosing moves nothing."""
        bold = QFontMetrics(scaled(self.font(), 1.0, QFont.Weight.DemiBold))
        return QSize(bold.horizontalAdvance(self.tabText(index)) + 2 * SIDE, HEIGHT)

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Be content with a few letters."""
        del index
        return QSize(48, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw words and line."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(tokens.line))
        for index in range(self.count()):
            chosen, room = index == self.currentIndex(), self.tabRect(index)
            weight = QFont.Weight.DemiBold if chosen else QFont.Weight.Normal
            painter.setFont(scaled(self.font(), 1.0, weight))
            painter.setPen(QColor(tokens.text if chosen else tokens.muted))
            words = painter.fontMetrics().elidedText(
                self.tabText(index), Qt.TextElideMode.ElideRight, room.width() - 8
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)
            if chosen:
                line = QRect(room.left() + 4, room.bottom() - 1, room.width() - 8, 2)
                painter.fillRect(line, QColor(tokens.accent))
            if chosen and self.hasFocus():
                painter.setPen(QPen(QColor(tokens.accent), 2))
                painter.drawRoundedRect(room.adjusted(2, 3, -3, -5), 5, 5)
        painter.end()
