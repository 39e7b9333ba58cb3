"""What a window remembers until the next start: where it stood, the list's order, how wide the panel was."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from cheeseboard.desktop.frame.screen_places import describe_place, restore_place
from cheeseboard.desktop.projects.projects_model import ORDERS
from cheeseboard.desktop.projects.projects_view import ProjectsView

if TYPE_CHECKING:
    from cheeseboard.desktop.window.main_window import MainWindow
    from cheeseboard.settings import Settings

DESCENDING = "descending"


def restore_state(window: "MainWindow", settings: "Settings") -> None:
    """Bring back what :func:`describe_state` told the settings; what is not understood stays as at first."""
    restore_place(window, settings.window_geometry)
    restore_order(window.table, settings.list_order)
    window.stage.splitter.restore_panel(settings.panel_width)


def describe_state(window: "MainWindow") -> dict[str, str | int]:
    """Return what a window remembers, as the settings keep it."""
    return {
        "window_geometry": describe_place(window.window()),
        "list_order": describe_order(window.table),
        "panel_width": window.stage.splitter.panel_width,
    }


def describe_order(table: ProjectsView) -> str:
    """Return by what a list is sorted, such as "added descending"."""
    header = table.horizontalHeader()
    order = next(order for column, order in ORDERS.items() if column == header.sortIndicatorSection())
    descending = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    return f"{order} {DESCENDING}" if descending else str(order)


def restore_order(table: ProjectsView, kept: str) -> None:
    """Sort a list as :func:`describe_order` told."""
    name, _, direction = kept.partition(" ")
    column = next((column for column, order in ORDERS.items() if order == name), None)
    if column is not None:
        descending = direction == DESCENDING
        wanted = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        table.sortByColumn(column, wanted)
