"""The bar of the build under way: what it is at, for how long, its log, and Cancel."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout

from cheeseboard.builds.failure import Step
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import BusyBar, Button, Card, ElidedLabel, Picture, label
from cheeseboard.desktop.words import build_words
from cheeseboard.desktop.words.translate import tr

SECOND_MS = 1000


class BuildCard(Card):
    """Shows one build; hidden when there is none."""

    log_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, theme: Theme, clock: Callable[[], float]) -> None:
        super().__init__(theme, Tone.INFO)
        self._clock = clock
        self._started = 0.0
        self.setAccessibleName(tr("Build"))
        self._text = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._time = label(muted=True)
        self._bar = BusyBar(tr("Build"))
        self._bar.setFixedWidth(120)
        self.log = Button(tr("Show log"), "terminal", theme)
        self.cancel = Button(tr("Cancel"), "x", theme)
        self.log.clicked.connect(self.log_asked)
        self.cancel.clicked.connect(self._on_cancel)
        self._seconds = QTimer(self)
        self._seconds.setInterval(SECOND_MS)
        self._seconds.timeout.connect(self._show_time)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 5, 6, 5)
        line.setSpacing(8)
        line.addWidget(Picture("loader-circle", theme, tone=Tone.INFO, size=18))
        line.addSpacing(2)
        line.addWidget(self._text, 1)
        line.addWidget(self._time)
        line.addWidget(self._bar)
        line.addSpacing(4)
        line.addWidget(self.log)
        line.addWidget(self.cancel)
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says now; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    @property
    def share(self) -> float:
        """How far the bar is, 0 to 1; 0 while nobody knows."""
        return self._bar.value() / self._bar.maximum() if self._bar.maximum() else 0.0

    def begin(self, sentence: str) -> None:
        """Show a build that begins now."""
        self._started = self._clock()
        self._text.setText(sentence)
        self._bar.setRange(0, 0)
        self._show_time()
        self._seconds.start()
        self.cancel.setEnabled(True)
        self.show()

    def advance(self, sentence: str, step: Step) -> None:
        """Say what it is at; once it was cancelled, nothing but that. The bar never goes back."""
        if self.isHidden() or not self.cancel.isEnabled():
            return
        self._text.setText(sentence)
        reached = list(Step).index(step)
        self._bar.setRange(0, len(Step))
        self._bar.setValue(max(self._bar.value(), reached))

    def end(self) -> None:
        """The build is over."""
        self._seconds.stop()
        self.hide()

    def _show_time(self) -> None:
        self._time.setText(build_words.elapsed(self._clock() - self._started))

    def _on_cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._text.setText(tr("Cancelling…"))
        self.cancel_asked.emit()
