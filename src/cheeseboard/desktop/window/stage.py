"""What stands in the middle of the window: the list, a page in its place, or why neither can be shown."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from cheeseboard.desktop.first_sight import scanning_state
from cheeseboard.desktop.frame.states import EmptyState, PlainState
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.projects.project_panel import ProjectPanel
from cheeseboard.desktop.projects.projects_view import ProjectsView
from cheeseboard.desktop.projects.selection_panel import SelectionPanel
from cheeseboard.desktop.words.translate import tr


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
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self._list)
        self.beside = QStackedWidget()
        self.beside.addWidget(panel)
        self.beside.addWidget(selection)
        self.splitter.addWidget(self.beside)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([640, 352])
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
