"""Looking through the packages: the search, the list, the panel beside it, and what a right click offers."""

import logging
from collections.abc import Callable
from pathlib import Path

from packaging.utils import canonicalize_name
from PySide6.QtCore import QObject, QPoint, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cheeseboard.desktop.frame.header import Header
from cheeseboard.desktop.intake.decision_flow import DecisionFlow
from cheeseboard.desktop.intake.removal_flow import RemovalFlow
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.projects.context_menus import ContextActs, files_menu, newest_files, projects_menu
from cheeseboard.desktop.projects.drag_out import drag_out, mime_of
from cheeseboard.desktop.projects.project_page import ProjectPage, read_page
from cheeseboard.desktop.projects.project_panel import ProjectPanel
from cheeseboard.desktop.projects.projects_view import ProjectsView
from cheeseboard.desktop.window.stage import Stage
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.repository.snapshot import File, Project
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

PAGE_MS = 80


class Browsing(QObject):
    """Shows the panel what the list has selected, and hands on what is asked for there."""

    def __init__(
        self,
        window: QWidget,
        service: Service,
        jobs: Jobs,
        theme: Theme,
        header: Header,
        table: ProjectsView,
        panel: ProjectPanel,
        stage: Stage,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._service = service
        self._jobs = jobs
        self._theme = theme
        self._header = header
        self._table = table
        self._panel = panel
        self._stage = stage
        self._page_soon = QTimer(self)
        self._page_soon.setSingleShot(True)
        self._page_soon.setInterval(PAGE_MS)
        self._page_soon.timeout.connect(self._load_page)
        table.current_changed.connect(self._on_current)
        table.chosen_changed.connect(self._on_chosen)

    def connect_acts(
        self,
        removal: RemovalFlow,
        decisions: DecisionFlow,
        explain: Callable[[Project], None],
        open_path: Callable[[Path], None],
        open_url: Callable[[QUrl], object],
    ) -> None:
        """Hand on what is asked for in the list and the panel.

        Args:
            removal: Moves files to the Trash.
            decisions: Yanks, and sets projects' status.
            explain: Says which file of a project installs where.
            open_path: Opens a folder with what the desktop has for it.
            open_url: Opens a web page likewise.
        """
        acts = ContextActs(
            show=lambda file: open_path(self._service.path_of(file).parent),
            yank=decisions.ask_to_yank,
            unyank=decisions.unyank,
            set_status=decisions.set_status,
            explain=explain,
            remove=removal.remove,
            copy=self._copy,
            path_of=self._service.path_of,
        )

        def remove_selected() -> None:
            removal.remove(
                tuple(file for project in self._table.selected_projects() for file in project.files)
            )

        def offer_projects(position: QPoint) -> None:
            projects = self._table.selected_projects()
            if projects:
                projects_menu(self._window, self._theme, acts, projects).popup(position)

        def offer_files(files: tuple[File, ...], position: QPoint) -> None:
            files_menu(self._window, self._theme, acts, files).popup(position)

        def show_in_folder(project: Project) -> None:
            if project.files:
                acts.show(project.files[0])

        self._table.removal_asked.connect(remove_selected)
        self._stage.selection.removal_asked.connect(remove_selected)
        self._stage.selection.menu_asked.connect(offer_projects)
        self._table.copy_asked.connect(lambda: self._copy(newest_files(self._table.selected_projects())))
        self._table.drag_asked.connect(
            lambda: self._drag(self._table, newest_files(self._table.selected_projects()))
        )
        self._panel.releases.copy_asked.connect(self._copy)
        self._panel.releases.drag_asked.connect(lambda files: self._drag(self._panel.releases, files))
        self._table.menu_asked.connect(offer_projects)
        self._panel.removal_asked.connect(removal.remove)
        self._panel.folder_asked.connect(show_in_folder)
        self._panel.releases.menu_asked.connect(offer_files)
        self._panel.why_asked.connect(explain)
        self._panel.project_asked.connect(self.show_project)
        self._panel.web_link_asked.connect(open_url)

    def show_project(self, name: str) -> None:
        """Go to a project, whatever is searched for at the moment."""
        self._header.search.clear()
        self._table.select(canonicalize_name(name))

    def close(self) -> None:
        """Read nothing more."""
        self._page_soon.stop()

    def _copy(self, files: tuple[File, ...]) -> None:
        if files:
            paths = [self._service.path_of(file) for file in files]
            QGuiApplication.clipboard().setMimeData(mime_of(paths))

    def _drag(self, source: QWidget, files: tuple[File, ...]) -> None:
        drag_out(source, [self._service.path_of(file) for file in files], self._theme)

    def _on_chosen(self) -> None:
        """Show one project, or several together."""
        chosen = self._table.selected_rows()
        if len(chosen) > 1:
            self._stage.selection.show_rows(chosen)
        self._stage.beside.setCurrentWidget(self._stage.selection if len(chosen) > 1 else self._panel)

    def _on_current(self, project: Project | None) -> None:
        self._on_chosen()
        self._stage.beside.setVisible(project is not None)
        if project is not None and project is not self._panel.project:
            self._panel.show_project(project)
            self._page_soon.start()

    def _load_page(self) -> None:
        project = self._panel.project
        if project is None or not project.files:
            return
        newest, here = project.files[0], self._service.snapshot.projects.keys()

        def task(job: Job[ProjectPage]) -> ProjectPage:
            del job
            return read_page(project, self._service.metadata_of(newest), self._service.downloads(), here)

        def done(page: ProjectPage) -> None:
            if self._panel.project is project:
                self._panel.show_page(page)

        self._jobs.run(task, done, lambda error: logger.warning("No metadata", exc_info=error))
