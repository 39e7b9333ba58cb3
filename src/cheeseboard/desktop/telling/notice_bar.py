"""The bar above the status line: results with Undo, refusals with Show why, questions with their answers."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, IconButton, Picture, WrappedLabel
from cheeseboard.desktop.words.translate import tr

TONE_ICONS = {Tone.OK: "check", Tone.INFO: "info", Tone.WARN: "triangle-alert", Tone.ERROR: "circle-alert"}
DETAILS_HEIGHT = 168


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done about a notice.

    Attributes:
        words: On the button.
        icon: Lucide name; empty for none.
        run: Called when pressed.
        dismisses: Whether the notice has done its duty then.
    """

    words: str
    icon: str
    run: Callable[[], None]
    dismisses: bool = True


@dataclass(frozen=True, slots=True)
class Detail:
    """One line below a notice: a file and what is to be said or asked about it."""

    tone: Tone
    sentence: str
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """What the bar says.

    Attributes:
        details: Shown on *Show why*.
        unfolded: Whether the details show at once (they ask something).
    """

    tone: Tone
    sentence: str
    acts: tuple[Act, ...] = ()
    details: tuple[Detail, ...] = ()
    unfolded: bool = False


class NoticeBar(Card):
    """Shows one notice at a time."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Tone.OK)
        self._theme = theme
        self.setAccessibleName(tr("Result"))
        self._picture = Picture("check", theme, tone=Tone.OK, size=18)
        self._text = WrappedLabel()
        self.why = Button(tr("Show why"), "", theme)
        self.why.clicked.connect(self._fold)
        self._close = IconButton(tr("Dismiss"), "x", theme, tone=Tone.MUTED, side=30)
        self._close.clicked.connect(self.dismiss)
        self._buttons: list[Button] = []
        self._acts = QHBoxLayout()
        self._acts.setSpacing(8)
        self._details = _Details(theme)
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._picture)
        line.addSpacing(2)
        line.addWidget(self._text, 1)
        line.addWidget(self.why)
        line.addLayout(self._acts)
        line.addWidget(self._close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 5, 6, 5)
        whole.setSpacing(4)
        whole.addLayout(line)
        whole.addWidget(self._details)

    # --- what it shows ----------------------------------------------------------------------------

    @property
    def sentence(self) -> str:
        """What it says now; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def buttons(self) -> tuple[Button, ...]:
        """Return the buttons of the notice, from the left."""
        return tuple(self._buttons)

    def detail_sentences(self) -> tuple[str, ...]:
        """Return what stands in the unfolded details."""
        return self._details.sentences if not self._details.isHidden() else ()

    def detail_buttons(self) -> tuple[Button, ...]:
        """Return the buttons in the details, from the top."""
        return self._details.buttons

    @property
    def unanswered(self) -> int:
        """How many questions in the details wait for an answer."""
        return 0 if self.isHidden() else self._details.unanswered

    def show_notice(self, notice: Notice) -> None:
        """Show it in place of whatever was there, and announce it to screen readers."""
        self._clear()
        self.show_as(notice.tone)
        self._picture.show_as(TONE_ICONS.get(notice.tone, "info"), notice.tone)
        self._text.setText(notice.sentence)
        for act in notice.acts:
            self._add_act(act)
        self._details.fill(notice.details, self._on_answered)
        self.why.setVisible(bool(notice.details) and not notice.unfolded)
        self.why.show_as(tr("Show why"), "")
        self._details.setVisible(notice.unfolded)
        self.show()
        announcement = QAccessibleAnnouncementEvent(self, notice.sentence)
        QAccessible.updateAccessibility(announcement)

    def dismiss(self) -> None:
        """Hide the notice."""
        if not self.isHidden():
            self._clear()
            self.hide()

    def _on_answered(self) -> None:
        if not self._details.unanswered:
            self.dismiss()

    def _add_act(self, act: Act) -> None:
        button = Button(act.words, act.icon, self._theme)
        button.clicked.connect(_acting(act, self.dismiss))
        self._buttons.append(button)
        self._acts.addWidget(button)

    def _clear(self) -> None:
        for button in self._buttons:
            self._acts.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons.clear()

    def _fold(self) -> None:
        unfold = self._details.isHidden()
        self._details.setVisible(unfold)
        self.why.show_as(tr("Hide") if unfold else tr("Show why"), "")


class _Details(QScrollArea):
    """One line a file, scrolling when there are many."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.sentences: tuple[str, ...] = ()
        self.buttons: tuple[Button, ...] = ()
        self.unanswered = 0
        self.setAccessibleName(tr("What was skipped, and why"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.hide()

    def fill(self, details: tuple[Detail, ...], answered: Callable[[], None]) -> None:
        """Show these lines."""
        self.sentences = tuple(detail.sentence for detail in details)
        self.unanswered = sum(bool(detail.acts) for detail in details)
        buttons: list[Button] = []
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(28, 4, 8, 6)
        lines.setSpacing(8)
        for detail in details:
            lines.addLayout(self._line(detail, buttons, answered))
        lines.addStretch(1)
        self.buttons = tuple(buttons)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)  # setWidget turned it on
        self._fit()

    def _line(self, detail: Detail, buttons: list[Button], answered: Callable[[], None]) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        picture = Picture(_detail_icon(detail.tone), self._theme, tone=detail.tone)
        line.addWidget(picture)
        sentence = WrappedLabel(detail.sentence)
        line.addWidget(sentence, 1)
        own = [Button(act.words, act.icon, self._theme) for act in detail.acts]

        def answer(act: Act) -> None:
            self.unanswered -= 1
            picture.show_as("check", Tone.OK)
            for button in own:
                button.setEnabled(False)
            answered()
            act.run()

        for button, act in zip(own, detail.acts, strict=True):
            button.clicked.connect(lambda _checked=False, act=act: answer(act))
            line.addWidget(button)
        buttons += own
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sentences wrap at another place now."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        inner = self.widget()
        layout = inner.layout() if inner is not None else None
        if layout is not None:
            wanted = layout.totalHeightForWidth(self.viewport().width())
            self.setFixedHeight(min(DETAILS_HEIGHT, max(wanted, layout.minimumSize().height())))


def _detail_icon(tone: Tone) -> str:
    return "x" if tone is Tone.ERROR else TONE_ICONS.get(tone, "info")


def _acting(act: Act, dismiss: Callable[[], None]) -> Callable[[], None]:
    def on_clicked() -> None:
        if act.dismisses:
            dismiss()
        act.run()

    return on_clicked
