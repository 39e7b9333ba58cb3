"""The address as a QR code, for a telephone or another computer's camera."""

import segno
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from cheeseboard.desktop.look.theme import LIGHT_CONTRAST, Theme
from cheeseboard.desktop.look.widgets import Button, label
from cheeseboard.desktop.words.translate import tr

QUIET = 4
MODULE = 7


class QrCode(QWidget):
    """Black on white in every theme: cameras want it so; with the quiet zone that the standard asks for."""

    def __init__(self, text: str, module: int = MODULE) -> None:
        super().__init__()
        self._module = module
        self.matrix = tuple(bytes(row) for row in segno.make(text, error="m", micro=False).matrix)
        self.setAccessibleName(tr("QR code of {address}", address=text))
        side = (len(self.matrix) + 2 * QUIET) * module
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw whole modules, so that no edge is blurred."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), LIGHT_CONTRAST.base)
        for y, row in enumerate(self.matrix):
            for x, module in enumerate(row):
                if module:
                    side = self._module
                    place = QRect((x + QUIET) * side, (y + QUIET) * side, side, side)
                    painter.fillRect(place, LIGHT_CONTRAST.text)
        painter.end()


class QrDialog(QDialog):
    """The code, the address in letters below it."""

    def __init__(self, address: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Address as QR code"))
        self.code = QrCode(address)
        self.close_button = Button(tr("Close"), "x", theme)
        self.close_button.clicked.connect(self.reject)
        shown = label(address, muted=True)
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 24, 24, 20)
        whole.setSpacing(12)
        for widget in (self.code, shown, self.close_button):
            whole.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
