"""Tab follows what the eye reads: also controls that were made after those behind them."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QSplitter, QStackedWidget, QWidget


def follow_layout(root: QWidget) -> None:
    """Order the controls below ``root`` as its layouts do; Qt has them in the order they were made in."""
    for before, after in pairwise(controls(root)):
        if before.nextInFocusChain() is not after:
            QWidget.setTabOrder(before, after)


def controls(widget: QWidget) -> Iterator[QWidget]:
    """Yield what Tab stops at, in reading order."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    below: list[QWidget | None] = []
    match widget:
        case QSplitter():
            below += [widget.widget(at) for at in range(widget.count())]
        case QStackedWidget():
            below.append(widget.currentWidget())
        case QScrollArea():
            below.append(widget.widget())
        case _ if (layout := widget.layout()) is not None:
            below += _widgets(layout)
    for one in below:
        if one is not None:
            yield from controls(one)


def _widgets(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _widgets(inner)
