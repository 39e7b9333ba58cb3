"""The small parts that every other part is made of: labels, buttons with icons, cards, pills."""

from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QShowEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from cheeseboard.desktop.look.theme import Theme, Tone

CARD_RADIUS = 10
STEP_MS = 40
STEPS = 60


def scaled(font: QFont, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return ``font`` times ``factor`` in this weight."""
    copy = QFont(font)
    copy.setPointSizeF(font.pointSizeF() * factor)
    copy.setWeight(weight)
    return copy


def fixed_font(like: QFont) -> QFont:
    """Return the system's fixed-width font in the size of ``like``."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(like.pointSizeF() * 0.95)
    return font


def label(text: str = "", *, muted: bool = False, factor: float = 1.0, bold: bool = False) -> QLabel:
    """Return a label of plain text; never interprets markup that came from a file."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    dress(made, muted=muted, factor=factor, bold=bold)
    return made


def dress(widget: QLabel, *, muted: bool = False, factor: float = 1.0, bold: bool = False) -> None:
    """Give a label its size, weight and colour role."""
    weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
    widget.setFont(scaled(widget.font(), factor, weight))
    role = QPalette.ColorRole.PlaceholderText if muted else QPalette.ColorRole.WindowText
    widget.setForegroundRole(role)


def plain_tip(text: str) -> str:
    """Return a tooltip's text so that Qt shows it letter by letter: names come from strangers.

    Qt takes a text for markup when it finds a tag or ``&lt;`` in it; an invisible space makes it none.
    """
    return text.replace("<", "<\u200b").replace("&lt;", "&\u200blt;")


class ElidedLabel(QLabel):
    """One line that shortens itself instead of being clipped; the whole text is its tooltip and name."""

    def __init__(
        self,
        text: str = "",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        muted: bool = False,
        factor: float = 1.0,
        bold: bool = False,
    ) -> None:
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        dress(self, muted=muted, factor=factor, bold=bold)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show ``text``, shortened when there is no room."""
        super().setText(text)
        self.setAccessibleName(text)
        self._explain()

    def minimumSizeHint(self) -> QSize:
        """Be content with a few letters."""
        width = min(
            self.fontMetrics().horizontalAdvance(self.text()), self.fontMetrics().averageCharWidth() * 6
        )
        return QSize(width + 2, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Want the whole text."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as fits."""
        del event
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Offer the whole text as a tooltip only where it is shortened."""
        if event.type() == QEvent.Type.Resize:
            self._explain()
        return super().event(event)

    def _explain(self) -> None:
        shortened = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(plain_tip(self.text() if shortened else ""))


class WrappedLabel(QLabel):
    """Takes as many lines as its words need in the room there is; a long name breaks anywhere."""

    def __init__(self, text: str = "", *, muted: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        dress(self, muted=muted)
        self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """Be content with a few letters in a line."""
        return QSize(self.fontMetrics().averageCharWidth() * 12, self.fontMetrics().height())

    def sizeHint(self) -> QSize:
        """Want one line."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, self.fontMetrics().height())

    def hasHeightForWidth(self) -> bool:
        """Tell the layout to ask."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return what the lines need."""
        layout = QTextLayout(self.text(), self.font())
        layout.setTextOption(_wrapping())
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            height += line.height()
        layout.endLayout()
        return ceil(height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(QRectF(self.rect()), self.text(), _wrapping())
        painter.end()


def _wrapping() -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


class Button(QPushButton):
    """A push button whose icon follows the theme; ``primary`` is the one thing to do next."""

    def __init__(
        self,
        text: str,
        icon: str,
        theme: Theme,
        *,
        primary: bool = False,
        tone: Tone = Tone.TEXT,
    ) -> None:
        super().__init__(text)
        self._theme = theme
        self._icon = icon
        self._tone = Tone.ON_ACCENT if primary else tone
        self.setAutoDefault(False)
        self.setDefault(primary)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tint()

    def show_as(self, text: str, icon: str, tone: Tone | None = None) -> None:
        """Say something else from now on."""
        self._icon = icon
        self._tone = tone or self._tone
        self.setText(text)
        self.setAccessibleName(text)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        if self._icon:
            self.setIcon(self._theme.icon(self._icon, self._tone))


class IconButton(QToolButton):
    """A square button without words; its name is for tooltips and screen readers."""

    def __init__(self, name: str, icon: str, theme: Theme, *, tone: Tone = Tone.TEXT, side: int = 34) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._tone = tone
        self.setAutoRaise(True)
        self.setFixedSize(side, side)
        self.setIconSize(QSize(18, 18) if side > 30 else QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rename(name)
        self._tint()

    def rename(self, name: str) -> None:
        """Change what it is called."""
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))

    def show_as(self, icon: str, tone: Tone) -> None:
        """Change the picture."""
        self._icon, self._tone = icon, tone
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show by a ring where the keyboard is."""
        del event
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        focused = QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_KeyboardFocusChange
        ring = (option.state & focused) == focused
        option.state &= ~QStyle.StateFlag.State_HasFocus
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        if ring:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.ink(Tone.ACCENT), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    def _tint(self) -> None:
        self.setIcon(self._theme.icon(self._icon, self._tone, self.iconSize().width()))


class BusyBar(QProgressBar):
    """A progress bar that moves while nobody knows how long it will take; at rest it costs nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._step = 0
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._on_step)
        self.setRange(0, 0)
        self.setTextVisible(False)
        self.setAccessibleName(name)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to move, unless this desktop does without animations."""
        super().showEvent(event)
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def _on_step(self) -> None:
        if self.maximum() > self.minimum():
            return
        self._step = (self._step + 1) % STEPS
        self.setProperty("phase", 1 - abs(2 * self._step / STEPS - 1))
        self.update()


class Picture(QWidget):
    """An icon that is only looked at."""

    def __init__(self, icon: str, theme: Theme, *, tone: Tone = Tone.TEXT, size: int = 16) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._tone = tone
        self._size = size
        self.setFixedSize(size, size)

    def show_as(self, icon: str, tone: Tone) -> None:
        """Change the picture."""
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon in the colours of this moment."""
        del event
        painter = QPainter(self)
        drawn = self._theme.pixmap(self._icon, self._tone, self._size, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.rect(), drawn)
        painter.end()


class Card(QFrame):
    """A rounded surface; with a tone it is tinted and says how things are."""

    def __init__(self, theme: Theme, tone: Tone | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._tone = tone

    def show_as(self, tone: Tone | None) -> None:
        """Change the tone."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the surface and its edge."""
        del event
        tokens = self._theme.tokens
        if self._tone is None:
            fill, edge = QColor(tokens.raised), QColor(tokens.line)
        else:
            fill = self._theme.ground(self._tone)
            edge = QColor(tokens.edge(self._tone))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CARD_RADIUS, CARD_RADIUS)
        painter.end()


class Pill(QLabel):
    """A few words on their tone's ground."""

    def __init__(self, theme: Theme, tone: Tone) -> None:
        super().__init__()
        self._theme = theme
        self._tone = tone
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(12, 6, 12, 6)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and words."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.ground(self._tone))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setPen(self._theme.ink(self._tone))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
