"""Shows exactly what would change in a file: added lines on green, removed ones on red, signs included."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import fixed_font
from cheeseboard.desktop.words.translate import tr

MOST_LINES = 14
FEWEST_LINES = 2


class DiffView(QPlainTextEdit):
    """A read-only unified diff."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setAccessibleName(tr("What will change"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setFont(fixed_font(self.font()))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(8)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def show_diff(self, diff: str) -> None:
        """Show a unified diff; its name lines are left out, the path stands above."""
        lines = diff.splitlines()[2:]
        if sum(line.startswith("@@") for line in lines) == 1:
            lines = [line for line in lines if not line.startswith("@@")]
        self.setPlainText("\n".join(lines))
        shown = min(MOST_LINES, max(FEWEST_LINES, len(lines)))
        height = self.fontMetrics().lineSpacing() * shown + 2 * 8 + 4
        if max((self.fontMetrics().horizontalAdvance(line) for line in lines), default=0) > self.width() - 24:
            height += self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(height)
        self.setVerticalScrollBarPolicy(_bar_policy(len(lines) > shown))
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        """Colour anew in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        selections = []
        block = self.document().begin()
        while block.isValid():
            tone = _tone(block.text())
            if tone is not None:
                selections.append(self._selection(QTextCursor(block), tone))
            block = block.next()
        self.setExtraSelections(selections)

    def _selection(self, cursor: QTextCursor, tone: Tone) -> QTextEdit.ExtraSelection:
        look = QTextCharFormat()
        look.setForeground(self._theme.ink(tone))
        if tone is not Tone.MUTED:
            look.setBackground(self._theme.ground(tone))
        look.setProperty(QTextFormat.Property.FullWidthSelection, True)
        selection = QTextEdit.ExtraSelection()
        selection.cursor = cursor
        selection.format = look
        return selection


def _bar_policy(needed: bool) -> Qt.ScrollBarPolicy:
    return Qt.ScrollBarPolicy.ScrollBarAsNeeded if needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def _tone(line: str) -> Tone | None:
    if line.startswith("@@"):
        return Tone.MUTED
    if line.startswith("+"):
        return Tone.OK
    if line.startswith("-"):
        return Tone.ERROR
    return None
