"""Repositories on this network: what others announce, none of it verified."""

import logging

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTreeWidgetItem

from cheeseboard.desktop.frame.side_page import SidePage, plain_list
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, plain_tip
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.errors import CheeseboardError
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

LINE_HEIGHT = 32
ADDRESS_ROLE = Qt.ItemDataRole.UserRole


class NeighboursPage(SidePage):
    """Looks around only once somebody has opened it."""

    def __init__(self, service: Service, jobs: Jobs, bar: NoticeBar, theme: Theme) -> None:
        super().__init__(
            tr("Repositories on this network"),
            tr(
                "What other computers say of themselves. To install from one, ask its owner for the setup "
                "line and compare the fingerprint."
            ),
            theme,
        )
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._looking = False
        self.copy = Button(tr("Copy address"), "copy", theme)
        columns = tuple(map(tr, ("Name", "Computer", "Address", "Fingerprint")))
        self.list = plain_list(tr("Repositories on this network"), columns, stretched=2)
        for column, width in ((0, 170), (1, 150), (3, 170)):
            self.list.setColumnWidth(column, width)
        self.acts.addWidget(self.copy)
        self.body.addWidget(self.list, 1)
        self.copy.clicked.connect(self._on_copy)
        self.list.itemSelectionChanged.connect(self._on_selection)

    def open(self) -> None:
        """Begin to look around, off the Qt thread."""
        self.refresh()
        if self._looking:
            return
        self._looking = True

        def task(job: Job[None]) -> None:
            del job
            self._service.sharing.look_around()

        def failed(error: Exception) -> None:
            self._looking = False
            if not isinstance(error, CheeseboardError):
                logger.error("Nobody could be looked for", exc_info=error)
            self._bar.show_notice(Notice(Tone.ERROR, failure(error)))

        self._jobs.run(task, lambda _result: self.refresh(), failed)

    def refresh(self) -> None:
        """Show who is there now."""
        self.list.clear()
        items = []
        for one in self._service.sharing.neighbours:
            item = QTreeWidgetItem([one.name, one.computer, one.url, one.ca_sha256[:16]])
            item.setData(0, ADDRESS_ROLE, one.url)
            item.setToolTip(2, plain_tip(one.url))
            item.setToolTip(3, plain_tip(one.ca_sha256))
            item.setSizeHint(0, QSize(0, LINE_HEIGHT))
            items.append(item)
        if not items:
            waiting = QTreeWidgetItem([tr("Nobody yet"), "", tr("Still looking…"), ""])
            waiting.setFlags(Qt.ItemFlag.NoItemFlags)
            items.append(waiting)
        self.list.addTopLevelItems(items)
        self._on_selection()

    def _on_selection(self) -> None:
        self.copy.setEnabled(bool(self.list.selectedItems()))

    def _on_copy(self) -> None:
        chosen = self.list.selectedItems()
        if chosen:
            QGuiApplication.clipboard().setText(str(chosen[0].data(0, ADDRESS_ROLE)))
            self._bar.show_notice(Notice(Tone.OK, tr("Address copied") + "."))
