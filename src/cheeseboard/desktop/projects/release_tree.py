"""The releases of a project, newest first, and each file with where it runs, its size and its fate."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import plain_tip, scaled
from cheeseboard.desktop.words import amounts, project_words
from cheeseboard.desktop.words.tag_words import runs_on
from cheeseboard.desktop.words.translate import tr
from cheeseboard.repository.snapshot import File, Project

PLACE_ROLE = Qt.ItemDataRole.UserRole
NOTE_ROLE = Qt.ItemDataRole.UserRole + 1
WARNINGS_ROLE = Qt.ItemDataRole.UserRole + 2
RELEASE_HEIGHT = 30
FILE_HEIGHT = 46
WARNING_HEIGHT = 18
WARNING_ICON = 14
SIDE = 8


class _ReleaseDelegate(QStyledItemDelegate):
    """Draws a file in two lines, its name and in muted words where it runs, and one for each warning."""

    def __init__(self, theme: Theme, parent: QTreeWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Give files two lines, and keep the sizes off the edge."""
        wanted = super().sizeHint(option, index)
        height = FILE_HEIGHT if index.parent().isValid() else RELEASE_HEIGHT
        height += WARNING_HEIGHT * len(index.sibling(index.row(), 0).data(WARNINGS_ROLE) or ())
        return QSize(wanted.width() + SIDE * (index.column() == 1), height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Leave room at the right of the sizes; draw a file's second line."""
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            tokens = self._theme.tokens
            painter.fillRect(option.rect, QColor(tokens.info_ground if chosen else tokens.hover))
        if index.column() == 1:
            option.rect = option.rect.adjusted(0, 0, -SIDE, 0)
            # asked for at each paint: the theme may change while the item stays
            option.palette.setColor(QPalette.ColorRole.Text, self._theme.ink(Tone.MUTED))
        if not index.parent().isValid():
            option.textElideMode = Qt.TextElideMode.ElideRight
        note = index.data(NOTE_ROLE)
        if index.column() != 0 or not note:
            super().paint(painter, option, index)
            return
        room = QRect(option.rect)
        option.rect = QRect(room.left(), room.top() + 4, room.width(), 22)
        super().paint(painter, option, index)
        small = scaled(option.font, 0.9)
        painter.save()
        painter.setFont(small)
        painter.setPen(self._theme.ink(Tone.MUTED))
        below = QRect(room.left() + 7, room.top() + 24, room.width() - 7, 18)
        text = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        for warning in index.data(WARNINGS_ROLE) or ():
            below.translate(0, WARNING_HEIGHT)
            self._warning(painter, below, warning)
        painter.restore()

    def _warning(self, painter: QPainter, place: QRect, warning: str) -> None:
        ratio = painter.device().devicePixelRatioF()
        icon = self._theme.pixmap("triangle-alert", Tone.WARN, WARNING_ICON, ratio)
        painter.drawPixmap(QRect(place.left(), place.top() + 2, WARNING_ICON, WARNING_ICON), icon)
        painter.setPen(self._theme.ink(Tone.WARN))
        room = place.adjusted(WARNING_ICON + 5, 0, 0, 0)
        text = painter.fontMetrics().elidedText(warning, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class ReleaseTree(QTreeWidget):
    """Releases and files; what is done with them is asked for by signals."""

    removal_asked = Signal(tuple)
    menu_asked = Signal(tuple, object)
    copy_asked = Signal(tuple)
    drag_asked = Signal(tuple)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._files: list[tuple[File, ...]] = []
        self._downloads: Mapping[str, int] = {}
        self._yanked: set[str] = set()
        self.setAccessibleName(tr("Releases and files"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setAllColumnsShowFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIndentation(16)
        self.setItemDelegate(_ReleaseDelegate(theme, self))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setTabKeyNavigation(False)
        self.setDragEnabled(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(30)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(1, self.fontMetrics().horizontalAdvance("999.9 MB") + 2 * SIDE)
        self.itemExpanded.connect(self._on_expanded)

    # --- what it shows ----------------------------------------------------------------------------

    def show_releases(self, project: Project, now: datetime, *, keep: bool) -> None:
        """Show the files of a project; with ``keep`` what was unfolded stays so."""
        items = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        unfolded = {item.text(0).split()[0] for item in items if item is not None and item.isExpanded()}
        self.clear()
        self._files.clear()
        self._yanked.clear()
        releases = []
        for version, grouped in groupby(project.files, key=lambda file: file.version):
            members = tuple(grouped)
            if all(member.yanked is not None for member in members):
                self._yanked.add(version)
            release = QTreeWidgetItem([_said(version, members, now), ""])
            release.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
            release.setToolTip(0, plain_tip(release.text(0)))
            whole = amounts.size(sum(member.size for member in members))
            release.setData(1, Qt.ItemDataRole.AccessibleTextRole, whole)
            self._note(release, members)
            releases.append((version, release))
        self.addTopLevelItems([release for _, release in releases])
        for at, (version, release) in enumerate(releases):
            release.setFirstColumnSpanned(True)
            if at == 0 or (keep and version in unfolded):
                release.setExpanded(True)

    def refresh_moments(self, now: datetime) -> None:
        """Time has passed: "Just now" is no longer true."""
        for release in map(self.topLevelItem, range(self.topLevelItemCount())):
            if release is not None:
                members = self._files[release.data(0, PLACE_ROLE)]
                release.setText(0, _said(members[0].version, members, now))

    def show_downloads(self, downloads: Mapping[str, int]) -> None:
        """Say how often each file was downloaded."""
        self._downloads = downloads
        for at in range(self.topLevelItemCount()):
            release = self.topLevelItem(at)
            for place in range(release.childCount() if release is not None else 0):
                child = release.child(place) if release is not None else None
                if child is not None:
                    self._describe(child, self._files[child.data(0, PLACE_ROLE)][0])

    def _on_expanded(self, release: QTreeWidgetItem) -> None:
        """Make the lines of the files only now: a project may have ten thousand."""
        if release.childCount() == 0 and release.parent() is None:
            members = self._files[release.data(0, PLACE_ROLE)]
            release.addChildren([self._file_item(member) for member in members])

    def _file_item(self, file: File) -> QTreeWidgetItem:
        item = QTreeWidgetItem([file.filename, amounts.size(file.size)])
        self._note(item, (file,))
        warnings = [project_words.file_warning(reason) for reason in file.warnings]
        facts = tr("{file}\nSHA-256 {hash}", file=file.filename, hash=file.sha256)
        item.setToolTip(0, plain_tip("\n".join((facts, *warnings))))
        item.setData(0, WARNINGS_ROLE, warnings)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._describe(item, file)
        return item

    def _describe(self, item: QTreeWidgetItem, file: File) -> None:
        count, runs = self._downloads.get(file.filename, 0), runs_on(file)
        spoken = project_words.file_note(file, runs, amounts.downloads(count) if count else "")
        shown = file._replace(yanked=None) if file.version in self._yanked else file  # the release says it
        item.setData(0, NOTE_ROLE, project_words.file_note(shown, runs, f"↓\u00a0{count:,}" if count else ""))
        told = (spoken, *(project_words.file_warning(reason) for reason in file.warnings))
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, ". ".join(told))

    def _note(self, item: QTreeWidgetItem, files: tuple[File, ...]) -> None:
        # Qt turns tuples into lists of lists, so the item carries only where they stand.
        item.setData(0, PLACE_ROLE, len(self._files))
        self._files.append(files)

    # --- the selection ----------------------------------------------------------------------------

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
        elif event.matches(QKeySequence.StandardKey.Copy) and self.selectedItems():
            self.copy_asked.emit(self.selected_files())
        else:
            super().keyPressEvent(event)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803  # Qt's name
        """Offer the selected files to other programs."""
        del supportedActions
        self.drag_asked.emit(self.selected_files())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the selected files; by keyboard, too."""
        files = self.selected_files()
        if not files:
            return
        where = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            line = self.visualItemRect(self.selectedItems()[0])
            where = self.viewport().mapToGlobal(line.bottomLeft() + QPoint(SIDE, 0))
        self.menu_asked.emit(files, where)


def _said(version: str, members: tuple[File, ...], now: datetime) -> str:
    newest = max(member.upload_time_us for member in members)
    when = amounts.moment(datetime.fromtimestamp(newest / 1_000_000).astimezone(), now)
    return project_words.release(version, members, when)
