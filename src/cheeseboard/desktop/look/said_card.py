"""A card that says one sentence about how it went."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Card, Picture, label


class SaidCard(Card):
    """One sentence about how it went."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Tone.OK)
        self._picture = Picture("check", theme, tone=Tone.OK)
        self.text = label()
        self.text.setWordWrap(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 8, 12, 8)
        line.setSpacing(8)
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.text, 1)
        self.hide()

    @property
    def tone(self) -> Tone:
        """How what it says is meant."""
        return self._tone or Tone.TEXT

    def say(self, tone: Tone, sentence: str) -> None:
        """Say it."""
        icon = {Tone.OK: "check", Tone.WARN: "triangle-alert", Tone.ERROR: "circle-alert"}.get(tone, "info")
        self.show_as(tone)
        self._picture.show_as(icon, tone)
        self.text.setText(sentence)
        self.show()
