"""What stands in the middle of the window: the list, a page in its place, or why neither can be shown."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from cheeseboard.desktop.first_sight import scanning_state
from cheeseboard.desktop.frame.states import EmptyState, PlainState
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.projects.project_panel import ProjectPanel
from cheeseboard.desktop.projects.projects_view import ProjectsView
from cheeseboard.desktop.projects.selection_panel import SelectionPanel
from cheeseboard.desktop.words.translate import tr


class ListAndPanel(QSplitter):
    """The list and what stands beside it, with a line between them to drag."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._wanted = 0
        self.panel_width = 0
        self.setChildrenCollapsible(False)
        self.splitterMoved.connect(self._on_moved)

    def share_room(self) -> None:
        """Give both their part of the room, at first and whenever the window grows."""
        self.setStretchFactor(0, 5)
        self.setStretchFactor(1, 3)
        self.setSizes([640, 352])

    def restore_panel(self, width: int) -> None:
        """Make the panel as wide as somebody drew it, in pixels, once it is seen; 0 for nobody."""
        self._wanted = self.panel_width = max(0, width)

    def showEvent(self, event: QShowEvent) -> None:
        """Bring back the panel's width, now that there is room to share."""
        super().showEvent(event)
        if self._wanted:
            self.setSizes([max(0, self.width() - self.handleWidth() - self._wanted), self._wanted])
            self._wanted = 0

    def _on_moved(self, position: int, index: int) -> None:
        del position, index
        self.panel_width = self.sizes()[1]


class Stage(QObject):
    """The stack of pages, and the states that stand there while there is no list to show."""

    def __init__(
        self, table: ProjectsView, panel: ProjectPanel, selection: SelectionPanel, theme: Theme
    ) -> None:
        """Put the list and the panel side by side; nothing is shown yet.

        Args:
            table: The list.
            panel: What stands beside it for one project.
            selection: And for several.
            theme: Draws the states.
        """
        super().__init__()
        self.empty = EmptyState(theme)
        self.scanning = scanning_state(theme)
        self.nothing = PlainState(
            theme,
            "search",
            tr("Nothing found"),
            tr("No package, version or file has all these words."),
            tr("Clear search"),
            "x",
        )
        self.unusable = PlainState(
            theme,
            "triangle-alert",
            tr("This folder can’t be used"),
            "",
            tr("Try again"),
            "refresh-cw",
        )
        self._table = table
        self.selection = selection
        self._list = QStackedWidget()
        self._list.addWidget(table)
        self._list.addWidget(self.nothing)
        self.splitter = ListAndPanel()
        self.splitter.addWidget(self._list)
        self.beside = QStackedWidget()
        self.beside.addWidget(panel)
        self.beside.addWidget(selection)
        self.splitter.addWidget(self.beside)
        self.splitter.share_room()
        self.pages = QStackedWidget()
        for page in (self.scanning, self.empty, self.splitter, self.unusable):
            self.pages.addWidget(page)

    @property
    def page(self) -> QWidget | None:
        """What is shown."""
        return self.pages.currentWidget()

    def show(self, page: QWidget, *, takes_focus: bool) -> None:
        """Show a page; the keyboard goes to what is to be done there.

        Args:
            page: One of the stack.
            takes_focus: Whether the list may have the keyboard.
        """
        if page is self.page:
            return
        self.pages.setCurrentWidget(page)
        if page is self.empty:
            self.empty.add.setFocus()
        elif page is self.splitter and takes_focus:
            self._table.setFocus()

    def show_found(self, *, found: bool) -> None:
        """Show the list, or that nothing in it answers to the search."""
        self._list.setCurrentWidget(self._table if found else self.nothing)
