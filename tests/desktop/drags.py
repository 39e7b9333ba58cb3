"""Real Qt drag events, delivered the way Qt delivers them."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import PySide6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

COPY_OR_MOVE = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction


def _point(x: int, y: int) -> QPoint:
    """Return a position as this Qt's drag events want it: whole until 6.11, then not."""
    new = tuple(int(part) for part in PySide6.__version__.split(".")[:2]) >= (6, 12)
    return cast("QPoint", QPointF(x, y)) if new else QPoint(x, y)


class Drag:
    """One drag over a widget, from entering to leaving or dropping."""

    def __init__(
        self, widget: QWidget, paths: Sequence[Path | str], actions: Qt.DropAction = COPY_OR_MOVE
    ) -> None:
        self._widget = widget
        self._actions = actions
        self._entered = False
        self._data = QMimeData()
        self._data.setUrls([QUrl(p) if isinstance(p, str) else QUrl.fromLocalFile(str(p)) for p in paths])

    def enter(self) -> QDragEnterEvent:
        self._entered = True
        event = QDragEnterEvent(
            _point(200, 200),
            self._actions,
            self._data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._widget, event)
        return event

    def move(self) -> QDragMoveEvent:
        event = QDragMoveEvent(
            _point(210, 210),
            self._actions,
            self._data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._widget, event)
        return event

    def leave(self) -> None:
        QApplication.sendEvent(self._widget, QDragLeaveEvent())

    def drop(self) -> QDropEvent:
        if not self._entered:  # Qt gives a drop only to who was entered
            self.enter()
        event = QDropEvent(
            QPointF(210, 210),
            self._actions,
            self._data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self._widget, event)
        return event
