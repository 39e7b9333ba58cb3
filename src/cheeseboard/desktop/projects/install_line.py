"""The command that installs what is selected, to copy; and what it needs before it finds this repository."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, ElidedLabel, IconButton, fixed_font, plain_tip
from cheeseboard.desktop.words.translate import tr

COPIED_MS = 1600


class InstallLine(Card):
    """A command to copy, in the fixed-width font."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.command = ElidedLabel()
        self.command.setFont(fixed_font(self.font()))
        self.copy = IconButton(tr("Copy install command"), "copy", theme, side=30)
        self.copy.clicked.connect(self._on_copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._copied.timeout.connect(lambda: self._show_copied(copied=False))
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 2, 4, 2)
        line.addWidget(self.command, 1)
        line.addWidget(self.copy)
        self.setFixedHeight(36)

    def show_command(self, command: str) -> None:
        """Show and offer this command."""
        self.command.setText(command)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        self._show_copied(copied=True)
        self._copied.start()

    def _show_copied(self, *, copied: bool) -> None:
        self.copy.show_as("check" if copied else "copy", Tone.OK if copied else Tone.TEXT)
        self.copy.rename(tr("Command copied") if copied else tr("Copy install command"))


class InstallHint(Button):
    """Says that the command finds nothing of ours yet, and leads to where that is changed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("Set pip up first"), "link-2-off", theme, tone=Tone.MUTED)
        why = tr("pip on this computer doesn’t look here yet: it would ask the public index.")
        self.setToolTip(plain_tip(why))
        self.setAccessibleDescription(why)
        self.setFlat(True)
        self.hide()
