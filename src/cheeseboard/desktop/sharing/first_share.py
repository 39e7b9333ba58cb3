"""What *Serve on LAN* means, told once for each repository: the address, and who may download there."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, Picture, label
from cheeseboard.desktop.words import sharing_words
from cheeseboard.desktop.words.translate import tr


class FirstShareCard(Card):
    """Stands below the share card until somebody has read it; nothing waits for it."""

    read = Signal()
    access_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Tone.INFO)
        self.setAccessibleName(tr("Who can download now"))
        self.title = label(bold=True)
        self.meaning = label()
        for words in (self.title, self.meaning):
            words.setWordWrap(True)
        self.access = Button(tr("Who may read…"), "", theme)
        self.okay = Button(tr("OK"), "check", theme)
        self.access.clicked.connect(self._on_access)
        self.okay.clicked.connect(self._on_read)
        self.is_due = False
        self._makes_way = False
        self._arrange(theme)
        self.hide()

    def _arrange(self, theme: Theme) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.meaning)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 12, 10)
        line.setSpacing(8)
        line.addWidget(Picture("info", theme, tone=Tone.INFO, size=18), 0, Qt.AlignmentFlag.AlignTop)
        line.addSpacing(4)
        line.addLayout(words, 1)
        line.addWidget(self.access)
        line.addWidget(self.okay)

    def explain(self, address: str, *, private: bool) -> None:
        """Say what is so from now on."""
        self.title.setText(tr("Colleagues reach this repository at {address}", address=address))
        self.meaning.setText(sharing_words.who_can_download(private=private))
        self.setAccessibleDescription(f"{self.title.text()}. {self.meaning.text()}")
        self.is_due = True
        self._appear()

    def make_way(self, *, wanted: bool) -> None:
        """Leave the room to a page, and come back after it."""
        self._makes_way = wanted
        self._appear()

    def withdraw(self) -> None:
        """Nothing is to be told any more; it may have to be told again."""
        self.is_due = False
        self._appear()

    def dismiss(self) -> None:
        """Somebody has read it and goes on."""
        self._on_read()

    def _on_access(self) -> None:
        self._on_read()
        self.access_asked.emit()

    def _on_read(self) -> None:
        self.withdraw()
        self.read.emit()

    def _appear(self) -> None:
        self.setVisible(self.is_due and not self._makes_way)
