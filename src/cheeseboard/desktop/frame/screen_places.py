"""Keeps the window on the screens that are there: a stored place may be on one that is gone."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

FIRST_SIZE = (1040, 680)
LEAST_SIZE = (760, 520)
LEAST_VISIBLE = 80


def restore_place(window: QWidget, stored: str) -> None:
    """Put a window where it stood, moved onto the screens that there are now; at first, give it its size.

    Args:
        window: Not yet shown.
        stored: What :func:`describe_place` returned; empty at first.
    """
    window.resize(*FIRST_SIZE)
    window.setMinimumSize(*LEAST_SIZE)
    if not stored:
        return
    window.restoreGeometry(QByteArray.fromBase64(stored.encode()))
    main = QGuiApplication.primaryScreen()
    screens = [main, *(screen for screen in QGuiApplication.screens() if screen is not main)]
    if not window.isMaximized() and not window.isFullScreen():
        places = [screen.availableGeometry() for screen in screens]
        window.setGeometry(clamp(window.geometry(), places, LEAST_SIZE))


def describe_place(window: QWidget) -> str:
    """Return where a window stands and how large it is, as the settings keep it."""
    return bytes(window.saveGeometry().toBase64().data()).decode()


def clamp(window: QRect, screens: Sequence[QRect], least: tuple[int, int]) -> QRect:
    """Return where a window should stand so that its whole title bar can be reached.

    Args:
        window: Where it was.
        screens: The usable parts of the screens present, the main one first; at least one.
        least: The smallest width and height of the window.
    """
    home = max(screens, key=lambda screen: _area(screen.intersected(window)))
    seen = home.intersected(window)
    if seen.width() < LEAST_VISIBLE or seen.height() < LEAST_VISIBLE:
        home = screens[0]
    width = max(least[0], min(window.width(), home.width()))
    height = max(least[1], min(window.height(), home.height()))
    left = min(max(window.left(), home.left()), max(home.left(), home.right() + 1 - width))
    top = min(max(window.top(), home.top()), max(home.top(), home.bottom() + 1 - height))
    return QRect(left, top, width, height)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height() if rect.isValid() else 0
