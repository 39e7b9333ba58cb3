"""The bottom line: how much there is, how it is, and which installers look here."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, ElidedLabel
from cheeseboard.desktop.words import first_words
from cheeseboard.desktop.words.translate import tr

if TYPE_CHECKING:
    from cheeseboard.clients.plan import ClientState


class StatusLine(QWidget):
    """Facts on the left, doors to more on the right."""

    clients_asked = Signal()
    foreign_asked = Signal()
    activity_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.facts = ElidedLabel()
        self.foreign = Button("", "triangle-alert", theme, tone=Tone.WARN)
        self.clients = Button("", "link-2-off", theme, tone=Tone.MUTED)
        self.activity = Button(tr("Activity"), "activity", theme)
        self.activity.clicked.connect(self.activity_asked)
        for button in (self.foreign, self.clients, self.activity):
            button.setFlat(True)
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.foreign.clicked.connect(self.foreign_asked)
        self.clients.clicked.connect(self.clients_asked)
        self.foreign.hide()
        self.clients.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self.facts, 1)
        line.addWidget(self.foreign)
        line.addWidget(self.clients)
        line.addWidget(self.activity)

    def show_foreign(self, count: int) -> None:
        """Say how many files in the folder were not taken in."""
        self.foreign.setVisible(count > 0)
        self.foreign.show_as(first_words.foreign(count), "triangle-alert")

    def show_clients(self, states: "tuple[ClientState, ...]") -> None:
        """Say which installers look here: those that do, else the first one known."""
        shown = [state for state in states if state.mode is not None] or list(states[:1])
        self.clients.setVisible(bool(shown))
        if not shown:
            return
        from cheeseboard.desktop.words import frame_words  # noqa: PLC0415  # not before the first paint

        in_use = shown[0].mode is not None
        tone = Tone.WARN if shown[0].edited else Tone.OK if in_use else Tone.MUTED
        words = " · ".join(frame_words.client_state(state) for state in shown)
        self.clients.show_as(words, "link" if in_use else "link-2-off", tone)
