"""Questions that stop nothing but this window: for one line of text, or whether something is really meant."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.look.widgets import Button, label
from cheeseboard.desktop.words.translate import tr

WIDTH = 440


class ConfirmDialog(QDialog):
    """A question, what answering means, and two buttons; Cancel has the focus."""

    def __init__(self, title: str, meaning: str, act: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.act = Button(act, "check", theme, primary=True)
        self.cancel = Button(tr("Cancel"), "", theme)
        self.act.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        heading = label(title, factor=1.2, bold=True)
        explained = label(meaning, muted=True)
        for text in (heading, explained):
            text.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.act)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(8)
        whole.addWidget(heading)
        whole.addWidget(explained)
        whole.addLayout(self.body)
        whole.addSpacing(8)
        whole.addLayout(buttons)
        self.setMinimumWidth(WIDTH)
        self.cancel.setFocus()


class ReasonDialog(ConfirmDialog):
    """Asks for one line besides; ``given`` carries it."""

    given = Signal(str)

    def __init__(
        self,
        title: str,
        meaning: str,
        act: str,
        theme: Theme,
        parent: QWidget,
        *,
        field: str = "",
        text: str = "",
    ) -> None:
        super().__init__(title, meaning, act, theme, parent)
        name = field or tr("Reason, for those who ask for it (may stay empty)")
        self.reason = QLineEdit(text)
        self.reason.setAccessibleName(name)
        self.reason.setMaxLength(200)
        self.reason.setTextMargins(8, 0, 8, 0)
        self.accepted.connect(lambda: self.given.emit(self.reason.text().strip()))
        self.body.addSpacing(4)
        self.body.addWidget(label(name))
        self.body.addWidget(self.reason)
        self.setTabOrder(self.reason, self.cancel)
        self.setTabOrder(self.cancel, self.act)
        self.reason.setFocus()
        self.reason.selectAll()
