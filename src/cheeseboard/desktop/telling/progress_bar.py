"""The bar of the job under way: how far it is, and Cancel."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import BusyBar, Button, Card, ElidedLabel, Picture
from cheeseboard.desktop.words.translate import tr
from cheeseboard.events import Progress


class ProgressCard(Card):
    """Shows one job; hidden when there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Tone.INFO)
        self._on_cancel: Callable[[], None] = lambda: None
        self.setAccessibleName(tr("Progress"))
        self._text = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._bar = BusyBar(tr("Progress"))
        self._bar.setFixedWidth(180)
        self.cancel = Button(tr("Cancel"), "x", theme)
        self.cancel.clicked.connect(self._cancel)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 5, 6, 5)
        line.setSpacing(8)
        line.addWidget(Picture("loader-circle", theme, tone=Tone.INFO, size=18))
        line.addSpacing(2)
        line.addWidget(self._text, 1)
        line.addWidget(self._bar)
        line.addSpacing(4)
        line.addWidget(self.cancel)
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says now; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def begin(self, sentence: str, cancel: Callable[[], None]) -> None:
        """Show a job whose length nobody knows yet."""
        self._on_cancel = cancel
        self._text.setText(sentence)
        self._bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self.show()

    def advance(self, sentence: str, progress: Progress) -> None:
        """Say how far it is; once it was cancelled, nothing but that."""
        if self.isHidden() or not self.cancel.isEnabled():
            return
        self._text.setText(sentence)
        self._bar.setRange(0, max(1, progress.total))
        # QProgressBar paints at once, and with it all that waits to be painted: let it wait its turn.
        self._bar.setUpdatesEnabled(False)
        self._bar.setValue(progress.done)
        self._bar.setUpdatesEnabled(True)

    def end(self) -> None:
        """The job is over."""
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._text.setText(tr("Cancelling…"))
        self._on_cancel()
