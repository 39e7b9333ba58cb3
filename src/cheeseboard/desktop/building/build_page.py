"""The log of the build under way, or of the last one: to read while it grows, to copy when it failed."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout

from cheeseboard.builds.log import FIRST_LINES, LAST_LINES, BuildLog, LogPart
from cheeseboard.desktop.frame.side_page import SidePage
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, fixed_font
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.words.translate import tr

FOLLOW_MS = 120
# To lay out lines costs far more than to print them; nobody reads a flood as it passes.
MOST_AT_ONCE = 300


class BuildPage(SidePage):
    """Follows the end of the log, unless somebody reads further up."""

    again_asked = Signal()

    def __init__(self, bar: NoticeBar, theme: Theme) -> None:
        super().__init__(tr("Build log"), "", theme)
        self._bar = bar
        self._log = BuildLog()
        self._seen = 0
        self.copy = Button(tr("Copy log"), "copy", theme)
        self.again = Button(tr("Build again"), "refresh-cw", theme)
        self.copy.clicked.connect(self._on_copy)
        self.again.clicked.connect(self.again_asked)
        self.acts.addWidget(self.copy)
        self.acts.addWidget(self.again)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Build log"))
        self.text.setReadOnly(True)
        self.text.setAcceptDrops(False)
        self.text.setUndoRedoEnabled(False)
        self.text.setMaximumBlockCount(FIRST_LINES + LAST_LINES + 1)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setTabChangesFocus(True)
        self.text.setFont(fixed_font(self.font()))
        card = Card(theme)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 8, 2, 2)
        inside.addWidget(self.text)
        self.body.addWidget(card, 1)
        self._follow = QTimer(self)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self.refresh)
        self._growing = False
        self.again.hide()

    def begin(self, title: str, log: BuildLog) -> None:
        """Show a build that begins now."""
        self._log, self._seen = log, 0
        self.text.clear()
        self._growing = True
        self.heading.setText(title)
        self.about.setText("")
        self.again.hide()
        if self.isVisible():
            self._follow.start()

    def say(self, sentence: str) -> None:
        """Say what it is at."""
        self.about.setText(sentence)

    def end(self, sentence: str, *, failed: bool) -> None:
        """Say how it ended; the log stays."""
        self._growing = False
        self.about.setText(sentence)
        self.again.setVisible(failed)
        self._follow.stop()
        if self._log.end > MOST_AT_ONCE:
            self._seen = 0  # its beginning may have been left out on the way
            self.text.clear()
        self._append(self._log.read(self._seen))

    def refresh(self) -> None:
        """Show what came since."""
        part = self._log.read(self._seen)
        if self._growing and len(part.lines) > MOST_AT_ONCE:
            left_out = f"… {len(part.lines) - MOST_AT_ONCE:,} …"
            part = LogPart((left_out, *part.lines[-MOST_AT_ONCE:]), part.end)
        self._append(part)

    def _append(self, part: LogPart) -> None:
        self._seen = part.end
        if not part.lines:
            return
        scroll = self.text.verticalScrollBar()
        follows, at = scroll.value() >= scroll.maximum(), scroll.value()
        self.text.appendPlainText("\n".join(part.lines))
        scroll.setValue(scroll.maximum() if follows else at)

    def showEvent(self, event: QShowEvent) -> None:
        """Follow while somebody looks."""
        super().showEvent(event)
        self.refresh()
        if self._growing:
            self._follow.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._follow.stop()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._log.text())
        self._bar.show_notice(Notice(Tone.OK, tr("Log copied.")))
