"""The picture over the whole window while files hang above it: what will be added, what not, and why."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from cheeseboard.desktop.frame.states import draw_dashed
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import scaled
from cheeseboard.desktop.words import intake_words
from cheeseboard.desktop.words.translate import tr

LINE_HEIGHT = 28
ICON = 52
# So many reasons are heard; all are seen.
MOST_SPOKEN = 10


@dataclass(frozen=True, slots=True)
class Judgement:
    """One dragged path as the overlay shows it; ``message`` is the sentence why not."""

    name: str
    accepted: bool
    is_folder: bool
    message: str


class DropOverlay(QWidget):
    """Covers the window, takes no event, and goes when the drag goes."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._judged: tuple[Judgement, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Drop files here"))
        self.hide()

    @property
    def judged(self) -> tuple[Judgement, ...]:
        """What it shows."""
        return self._judged

    @property
    def title(self) -> str:
        """Its heading."""
        accepted = sum(one.accepted and not one.is_folder for one in self._judged)
        return intake_words.drop_title(accepted, sum(one.is_folder for one in self._judged))

    def judge(self, judged: tuple[Judgement, ...]) -> None:
        """Show these, over everything."""
        self._judged = judged
        refused = [one.message for one in judged if not one.accepted][:MOST_SPOKEN]
        self.setAccessibleDescription(" ".join([f"{self.title}.", *refused]))
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw veil, frame, heading and list."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        veil = QColor(tokens.window)
        veil.setAlphaF(0.96)
        painter.fillRect(self.rect(), veil)
        frame = self.rect().adjusted(16, 16, -16, -16)
        wash = QColor(tokens.info_ground)
        wash.setAlphaF(0.6)
        draw_dashed(painter, QRectF(frame), wash, QColor(tokens.accent))
        self._content(painter, frame)
        painter.end()

    def _content(self, painter: QPainter, frame: QRect) -> None:
        heading = scaled(self.font(), 1.7, QFont.Weight.DemiBold)
        rows = max(0, (frame.height() - 200) // LINE_HEIGHT)
        shown = self._judged if len(self._judged) <= rows else self._judged[: max(0, rows - 1)]
        more = len(self._judged) - len(shown)
        height = ICON + 16 + 36 + 16 + LINE_HEIGHT * (len(shown) + bool(more))
        top = frame.top() + max(24, (frame.height() - height) // 2)
        tone = Tone.ACCENT if any(one.accepted for one in self._judged) else Tone.MUTED
        picture = self._theme.pixmap("package-plus", tone, ICON, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRect(frame.center().x() - ICON // 2, top, ICON, ICON), picture)
        top += ICON + 16
        painter.setFont(heading)
        painter.setPen(self._theme.ink(Tone.TEXT))
        room = QRect(frame.left() + 16, top, frame.width() - 32, 36)
        title = QFontMetrics(heading).elidedText(self.title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, title)
        self._list(painter, frame, top + 36 + 16, shown, more)

    def _list(
        self, painter: QPainter, frame: QRect, top: int, shown: tuple[Judgement, ...], more: int
    ) -> None:
        metrics = QFontMetrics(self.font())
        lines = [_line(one) for one in shown]
        widest = max((metrics.horizontalAdvance(line) for line in lines), default=0)
        width = min(widest + 28, frame.width() - 48)
        left = frame.center().x() - width // 2
        painter.setFont(self.font())
        for one, line in zip(shown, lines, strict=True):
            icon = "folder-open" if one.is_folder else "check" if one.accepted else "x"
            tone = Tone.OK if one.accepted else Tone.ERROR
            drawn = self._theme.pixmap(icon, tone, 18, self.devicePixelRatioF())
            painter.drawPixmap(QRect(left, top + 5, 18, 18), drawn)
            painter.setPen(self._theme.ink(Tone.TEXT if one.accepted else Tone.MUTED))
            room = QRect(left + 28, top, width - 28, LINE_HEIGHT)
            text = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            top += LINE_HEIGHT
        if more:
            painter.setPen(self._theme.ink(Tone.MUTED))
            room = QRect(frame.left(), top, frame.width(), LINE_HEIGHT)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, tr("and {n} more", n=more))


def _line(one: Judgement) -> str:
    return one.name if one.accepted else one.message
