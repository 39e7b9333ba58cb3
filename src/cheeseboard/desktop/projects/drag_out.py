"""Files leave the window as copies: dragged to a file manager or a terminal, or copied to the clipboard."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.words import amounts

HEIGHT = 34
ICON = 16
SIDE = 12


def mime_of(paths: Sequence[Path]) -> QMimeData:
    """Return files as file managers take them, and for terminals as words of a shell."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(os.fspath(path)) for path in paths])
    data.setText(shlex.join(map(os.fspath, paths)))
    return data


def drag_out(source: QWidget, paths: Sequence[Path], theme: Theme) -> None:
    """Let the user drop these files somewhere else; returns when that is done.

    Nothing but Copy is offered, so that no file manager moves a file out of the repository.
    """
    if not paths:
        return
    drag = QDrag(source)
    drag.setMimeData(mime_of(paths))
    words = paths[0].name if len(paths) == 1 else amounts.files(len(paths))
    drag.setPixmap(_picture(source, words, theme))
    drag.setHotSpot(QPoint(-8, -8))
    drag.exec(Qt.DropAction.CopyAction)


def _picture(source: QWidget, words: str, theme: Theme) -> QPixmap:
    ratio = source.devicePixelRatioF()
    width = source.fontMetrics().horizontalAdvance(words) + ICON + 3 * SIDE
    made = QPixmap(round(width * ratio), round(HEIGHT * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(source.font())
    painter.setPen(QColor(theme.tokens.accent))
    painter.setBrush(QColor(theme.tokens.raised))
    painter.drawRoundedRect(QRect(0, 0, width - 1, HEIGHT - 1), 6, 6)
    icon = theme.pixmap("package", Tone.ACCENT, ICON, ratio)
    painter.drawPixmap(QRect(SIDE, (HEIGHT - ICON) // 2, ICON, ICON), icon)
    painter.setPen(theme.ink(Tone.TEXT))
    room = QRect(ICON + 2 * SIDE, 0, width, HEIGHT)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    painter.end()
    return made
