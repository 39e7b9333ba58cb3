"""The selected project beside the table: what it is, how to install it, its releases and files."""

from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QGuiApplication, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cheeseboard.desktop import messages
from cheeseboard.desktop.project_facts import Facts
from cheeseboard.desktop.theme import Theme, Tone
from cheeseboard.desktop.widgets import Card, ElidedLabel, IconButton, fixed_font, label
from cheeseboard.repository.snapshot import File, Project

PLACE_ROLE = Qt.ItemDataRole.UserRole
COPIED_MS = 1600
LINE_HEIGHT = 26


class ProjectPanel(QWidget):
    """Shows one project; what it asks for goes out as signals."""

    removal_asked = Signal(tuple)
    folder_asked = Signal(object)

    def __init__(self, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._theme = theme
        self._now = now
        self._project: Project | None = None
        self.setAccessibleName(messages.tr("Selected package"))
        self.name = ElidedLabel(factor=1.5, bold=True)
        self.summary = label(muted=True)
        self.summary.setWordWrap(True)
        self.facts = label(muted=True)
        self.facts.setWordWrap(True)
        self.folder = IconButton(messages.tr("Show in file manager"), "folder-open", theme)
        self.trash = IconButton(messages.tr("Move package to the Trash"), "trash-2", theme)
        self.install = InstallLine(theme)
        self.releases = ReleaseTree(theme)
        self.folder.clicked.connect(lambda: self.folder_asked.emit(self._project))
        self.trash.clicked.connect(self._on_trash)
        self.releases.removal_asked.connect(self.removal_asked)
        self._arrange()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.name, 1)
        top.addWidget(self.folder)
        top.addWidget(self.trash)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(top)
        whole.addWidget(self.summary)
        whole.addWidget(self.facts)
        whole.addSpacing(4)
        whole.addWidget(self.install)
        whole.addSpacing(4)
        whole.addWidget(self.releases, 1)
        self.setMinimumWidth(260)

    @property
    def project(self) -> Project | None:
        """What it shows."""
        return self._project

    def show_project(self, project: Project) -> None:
        """Show this project."""
        if project is self._project:
            return
        same = self._project is not None and self._project.name == project.name
        self._project = project
        self.name.setText(project.display_name)
        self.summary.setText(project.summary)
        self.summary.setVisible(bool(project.summary))
        self.install.show_command(f"pip install {project.name}")
        self.releases.show_releases(project, self._now(), keep=same)
        self.show_facts(Facts())

    def show_facts(self, facts: Facts) -> None:
        """Add what only the core metadata knows."""
        if self._project is None:
            return
        newest = self._project.files[0] if self._project.files else None
        python = messages.requires_python(newest.requires_python) if newest else ""
        parts = (python, facts.license, facts.author, messages.size(self._project.size))
        self.facts.setText(" · ".join(part for part in parts if part))

    def _on_trash(self) -> None:
        if self._project is not None:
            self.removal_asked.emit(self._project.files)


class InstallLine(Card):
    """A command to copy, in the fixed-width font."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.command = ElidedLabel()
        self.command.setFont(fixed_font(self.font()))
        self.copy = IconButton(messages.tr("Copy install command"), "copy", theme, side=30)
        self.copy.clicked.connect(self._on_copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._copied.timeout.connect(lambda: self._show_copied(copied=False))
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 2, 4, 2)
        line.addWidget(self.command, 1)
        line.addWidget(self.copy)
        self.setFixedHeight(36)

    def show_command(self, command: str) -> None:
        """Show and offer this command."""
        self.command.setText(command)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        self._show_copied(copied=True)
        self._copied.start()

    def _show_copied(self, *, copied: bool) -> None:
        self.copy.show_as("check" if copied else "copy", Tone.OK if copied else Tone.TEXT)
        self.copy.rename(messages.tr("Command copied") if copied else messages.tr("Copy install command"))


class _ReleaseDelegate(QStyledItemDelegate):
    """Gives the lines air."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Make every line equally high, and keep the sizes off the edge."""
        wanted = super().sizeHint(option, index)
        return QSize(wanted.width() + 8 * (index.column() == 1), LINE_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Leave room at the right of the sizes."""
        if index.column() == 1:
            option.rect = option.rect.adjusted(0, 0, -8, 0)
        super().paint(painter, option, index)


class ReleaseTree(QTreeWidget):
    """Releases, newest first, each with its files and their sizes."""

    removal_asked = Signal(tuple)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._files: list[tuple[File, ...]] = []
        self.setAccessibleName(messages.tr("Releases and files"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(16)
        self.setUniformRowHeights(True)
        self.setItemDelegate(_ReleaseDelegate(self))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setTabKeyNavigation(False)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(30)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)

    def show_releases(self, project: Project, now: datetime, *, keep: bool) -> None:
        """Show the files of a project; with ``keep`` what was unfolded stays so."""
        items = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        unfolded = {item.text(0).split()[0] for item in items if item is not None and item.isExpanded()}
        self.clear()
        self._files.clear()
        for version, grouped in groupby(project.files, key=lambda file: file.version):
            members = tuple(grouped)
            newest = max(member.upload_time_us for member in members)
            when = messages.moment(datetime.fromtimestamp(newest / 1_000_000).astimezone(), now)
            release = QTreeWidgetItem([messages.release(version, members, when), ""])
            self._note(release, members)
            for member in members:
                release.addChild(self._file_item(member))
            self.addTopLevelItem(release)
            release.setFirstColumnSpanned(True)
            release.setToolTip(0, release.text(0))
            release.setExpanded(self.topLevelItemCount() == 1 or (keep and version in unfolded))

    def _file_item(self, file: File) -> QTreeWidgetItem:
        item = QTreeWidgetItem([file.filename, messages.size(file.size)])
        self._note(item, (file,))
        item.setToolTip(0, messages.tr("{file}\nSHA-256 {hash}", file=file.filename, hash=file.sha256))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(1, QBrush(self._theme.ink(Tone.MUTED)))
        return item

    def _note(self, item: QTreeWidgetItem, files: tuple[File, ...]) -> None:
        # Qt turns tuples into lists of lists, so the item carries only where they stand.
        item.setData(0, PLACE_ROLE, len(self._files))
        self._files.append(files)

    def selected_files(self) -> tuple[File, ...]:
        """Return the files of the selected items, each once."""
        found: dict[str, File] = {}
        for item in self.selectedItems():
            for file in self._files[item.data(0, PLACE_ROLE)]:
                found[file.filename] = file
        return tuple(found.values())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks to move the selected files to the Trash."""
        if event.key() == Qt.Key.Key_Delete and self.selectedItems():
            self.removal_asked.emit(self.selected_files())
        else:
            super().keyPressEvent(event)

    def _on_menu(self, position: QPoint) -> None:
        files = self.selected_files()
        if not files:
            return
        menu = QMenu(self)
        if len(files) == 1:
            copy = menu.addAction(self._theme.icon("copy"), messages.tr("Copy SHA-256"))
            copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(files[0].sha256))
        remove = menu.addAction(self._theme.icon("trash-2"), messages.tr("Move to the Trash"))
        remove.triggered.connect(lambda: self.removal_asked.emit(files))
        menu.exec(self.viewport().mapToGlobal(position))
        menu.deleteLater()
