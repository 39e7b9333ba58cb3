"""What lies in the managed folder and was not taken in, each file with the reason."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTreeWidgetItem

from cheeseboard.desktop.frame.side_page import SidePage, plain_list
from cheeseboard.desktop.look.said_card import SaidCard
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, plain_tip
from cheeseboard.desktop.words import intake_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.repository.intake import Rejected
from cheeseboard.service import Service

LINE_HEIGHT = 32
PATH_ROLE = Qt.ItemDataRole.UserRole


class ForeignPage(SidePage):
    """Lists the files; *Look again* asks for a new scan."""

    def __init__(self, service: Service, theme: Theme, open_path: Callable[[Path], None]) -> None:
        super().__init__(
            tr("Files not taken in"),
            tr("These lie in the managed folder but are not in the index. They are left where they are."),
            theme,
        )
        self._service = service
        self._open_path = open_path
        self.again = Button(tr("Look again"), "refresh-cw", theme)
        self.folder = Button(tr("Open folder"), "folder-open", theme)
        self.list = plain_list(tr("Files not taken in"), (tr("File"), tr("Why")), stretched=1)
        self.list.setColumnWidth(0, 240)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.whole = SaidCard(theme)
        self.list.currentItemChanged.connect(self._on_current)
        self.acts.addWidget(self.again)
        self.acts.addWidget(self.folder)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.whole)
        self.again.clicked.connect(service.rescan)
        self.folder.clicked.connect(lambda: open_path(service.folder))
        self.list.itemActivated.connect(self._on_activated)

    def refresh(self) -> None:
        """Read the list anew."""
        folder = self._service.folder
        self.list.clear()
        items = []
        for one in self._service.foreign_files:
            path = one.path.relative_to(folder) if one.path.is_relative_to(folder) else one.path
            why = intake_words.outcome(Rejected(one.path, one.refusal))
            item = QTreeWidgetItem([str(path), why])
            item.setData(0, PATH_ROLE, str(one.path))
            item.setToolTip(0, plain_tip(str(one.path)))
            item.setToolTip(1, plain_tip(why))
            item.setSizeHint(0, QSize(0, LINE_HEIGHT))
            items.append(item)
        self.list.addTopLevelItems(items)
        self.whole.setVisible(bool(items))
        if items:
            self.list.setCurrentItem(items[0])

    def show_file(self, path: Path) -> None:
        """Go to this file, if it is still there."""
        items = (self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount()))
        wanted = str(path)
        found = next((one for one in items if one is not None and one.data(0, PATH_ROLE) == wanted), None)
        if found is not None:
            self.list.setCurrentItem(found)
            self.list.scrollToItem(found)

    def reasons(self) -> tuple[str, ...]:
        """Return what it says of each file, from the top."""
        items = (self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount()))
        return tuple(item.text(1) for item in items if item is not None)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        self._open_path(Path(item.data(0, PATH_ROLE)).parent)

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        """Say the whole reason, which the list may have to shorten."""
        if item is not None:
            self.whole.say(Tone.WARN, item.text(1))
