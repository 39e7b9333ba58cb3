"""Keeps the window on the screens that are there: a stored place may be on one that is gone."""

from collections.abc import Sequence

from PySide6.QtCore import QRect

LEAST_VISIBLE = 80


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
