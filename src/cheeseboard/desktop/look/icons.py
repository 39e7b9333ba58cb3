"""Draws the SVG icons: tinted with the theme's colours, sharp on every screen."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cheeseboard.locations import resource

APPLICATION_SIZES = (16, 24, 32, 48, 64, 128, 256)


def icon_path(name: str) -> Path:
    """Return the SVG file of the Lucide icon of that name."""
    return _lucide() / f"{name}.svg"


@cache
def _lucide() -> Path:
    return resource("icons/lucide")


def draw_icon(path: Path, colour: str | None, size: QSize, ratio: int) -> QPixmap:
    """Return the SVG drawn at ``size`` for a screen with ``ratio`` pixels to the point.

    Args:
        path: The SVG file.
        colour: What ``currentColor`` in it becomes, "#rrggbb"; None for a drawing with its own colours.
        size: In device-independent pixels.
        ratio: Device pixel ratio.
    """
    source = path.read_bytes()
    if colour is not None:
        source = source.replace(b"currentColor", colour.encode())
    pixmap = QPixmap(size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(source)).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def application_icon() -> QIcon:
    """Return the cheese on its board, for the window and the task switcher."""
    icon = QIcon()
    for size in APPLICATION_SIZES:
        icon.addPixmap(draw_icon(resource("icons/cheeseboard.svg"), None, QSize(size, size), 1))
    return icon
