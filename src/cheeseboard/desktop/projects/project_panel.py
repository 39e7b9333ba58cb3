"""The selected project beside the table: what it is, how to install it, its files, README and details."""

from collections.abc import Callable, Iterable
from datetime import datetime

from packaging.utils import NormalizedName
from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cheeseboard.clients.plan import ClientState
from cheeseboard.desktop.look.document_view import DocumentView
from cheeseboard.desktop.look.tabs import Tabs
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.look.widgets import ElidedLabel, IconButton, label
from cheeseboard.desktop.projects.broken_files import Broken, BrokenCard
from cheeseboard.desktop.projects.install_line import InstallHint, InstallLine
from cheeseboard.desktop.projects.project_page import ProjectPage, details_html
from cheeseboard.desktop.projects.release_tree import ReleaseTree
from cheeseboard.desktop.words import amounts, project_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.repository.snapshot import Project


class ProjectPanel(QWidget):
    """Shows one project; what it asks for goes out as signals."""

    removal_asked = Signal(tuple)
    folder_asked = Signal(object)
    why_asked = Signal(object)
    project_asked = Signal(str)
    web_link_asked = Signal(QUrl)
    setup_asked = Signal()

    def __init__(self, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._theme = theme
        self._now = now
        self._project: Project | None = None
        self._broken: Broken = {}
        self.setAccessibleName(tr("Selected package"))
        self.name = ElidedLabel(factor=1.5, bold=True)
        self.summary = label(muted=True)
        self.facts = label(muted=True)
        self.why = IconButton(tr("Why can’t it install?"), "circle-question-mark", theme)
        self.folder = IconButton(tr("Show in file manager"), "folder-open", theme)
        self.trash = IconButton(tr("Move package to the Trash"), "trash-2", theme)
        self.broken = BrokenCard(theme)
        self.install = InstallLine(theme)
        self.hint = InstallHint(theme)
        self.tabs = Tabs(tr("About this package"), theme)
        self.releases = ReleaseTree(theme)
        self.readme = DocumentView(tr("README"), theme)
        self.details = DocumentView(tr("Details"), theme)
        self._connect()
        self._arrange()

    def _connect(self) -> None:
        self.why.clicked.connect(lambda: self.why_asked.emit(self._project))
        self.folder.clicked.connect(lambda: self.folder_asked.emit(self._project))
        self.trash.clicked.connect(self._on_trash)
        self.releases.removal_asked.connect(self.removal_asked)
        self.hint.clicked.connect(self.setup_asked)
        for document in (self.readme, self.details):
            document.web_link_asked.connect(self.web_link_asked)
            document.project_asked.connect(self.project_asked)

    def _arrange(self) -> None:
        for text in (self.summary, self.facts):
            text.setWordWrap(True)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.name, 1)
        for button in (self.why, self.folder, self.trash):
            top.addWidget(button)
        self._pages = QStackedWidget()
        for words, page in (
            (tr("Files"), self.releases),
            (tr("README"), self.readme),
            (tr("Details"), self.details),
        ):
            self.tabs.addTab(words)
            self._pages.addWidget(page)
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(top)
        whole.addWidget(self.summary)
        whole.addWidget(self.facts)
        whole.addSpacing(4)
        whole.addWidget(self.broken)
        whole.addWidget(self.install)
        whole.addWidget(self.hint)
        whole.addWidget(self.tabs)
        whole.addWidget(self._pages, 1)
        self.setMinimumWidth(260)

    @property
    def project(self) -> Project | None:
        """What it shows."""
        return self._project

    def show_project(self, project: Project) -> None:
        """Show this project; its pages follow when somebody has read them."""
        if project is self._project:
            return
        same = self._project is not None and self._project.name == project.name
        self._project = project
        self.name.setText(project.display_name)
        self.summary.setText(project.summary)
        self.summary.setVisible(bool(project.summary))
        self.install.show_command(f"pip install {project.name}")
        self._tell_broken()
        self.releases.show_releases(project, self._now(), keep=same)
        if not same:
            self.show_page(ProjectPage(is_read=False))

    def show_page(self, page: ProjectPage) -> None:
        """Add what only the core metadata and the records know."""
        if self._project is None:
            return
        newest = self._project.files[0] if self._project.files else None
        python = project_words.requires_python(newest.requires_python) if newest else ""
        downloads = amounts.downloads(page.downloaded) if page.downloaded else ""
        size = amounts.size(self._project.size)
        parts = (python, page.facts.license, page.facts.author, size, downloads)
        self.facts.setText(" · ".join(_together(part) for part in parts if part))
        self.releases.show_downloads(page.downloads)
        nothing = tr("This package has no README.") if page.is_read else ""
        self.readme.show_html(page.readme or f"<p>{nothing}</p>")
        self.details.show_html(details_html(self._project, page))

    def show_clients(self, states: Iterable[ClientState]) -> None:
        """Say whether the command finds this repository: pip asks the public index alone until it is told."""
        self.hint.setVisible(any(state.tool == "pip" and state.mode is None for state in states))

    def show_broken(self, broken: Broken) -> None:
        """Say from now on of these projects which of their files are not offered, and why."""
        self._broken = broken
        self._tell_broken()

    def forget(self) -> None:
        """Show nothing any more: another repository is open."""
        self._project = None

    def is_about(self, name: NormalizedName) -> bool:
        """Tell whether it shows this project."""
        return self._project is not None and self._project.name == name

    def _tell_broken(self) -> None:
        if self._project is not None:
            self.broken.show_files(self._broken.get(self._project.name, ()))

    def _on_trash(self) -> None:
        if self._project is not None:
            self.removal_asked.emit(self._project.files)


def _together(words: str) -> str:
    """Return words between which no line is broken."""
    return words.replace(" ", "\u00a0")
