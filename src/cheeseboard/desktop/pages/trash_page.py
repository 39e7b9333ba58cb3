"""The Trash: what was removed, back with Restore, gone for good only when somebody says so twice."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidgetItem

from cheeseboard.desktop.frame.side_page import SidePage, plain_list
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, plain_tip
from cheeseboard.desktop.telling.ask_dialogs import ConfirmDialog
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Detail, Notice, NoticeBar
from cheeseboard.desktop.words import amounts, intake_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.repository.intake import Accepted, Identical, Outcome
from cheeseboard.repository.records import TrashRow
from cheeseboard.service import Service

LINE_HEIGHT = 32
PLACE_ROLE = Qt.ItemDataRole.UserRole


class TrashPage(SidePage):
    """Lists what was removed, the latest first."""

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        bar: NoticeBar,
        theme: Theme,
        now: Callable[[], datetime],
        open_folder: Callable[[], None],
    ) -> None:
        super().__init__(tr("Trash"), "", theme)
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._now = now
        self._open_folder = open_folder
        self._rows: tuple[TrashRow, ...] = ()
        self.restore = Button(tr("Restore"), "archive-restore", theme, primary=True)
        self.empty = Button(tr("Empty the Trash…"), "trash-2", theme)
        columns = tuple(map(tr, ("File", "Package", "Removed", "Size")))
        self.list = plain_list(tr("Removed files"), columns)
        for column, sample in (
            (1, "acme-core-library"),
            (2, max(tr("Just now"), tr("{n} min ago", n=59), key=len) + "  "),
            (3, "999.9 MB  "),
        ):
            self.list.setColumnWidth(column, self.fontMetrics().horizontalAdvance(sample) + 16)
        self.acts.addWidget(self.restore)
        self.acts.addWidget(self.empty)
        self.body.addWidget(self.list, 1)
        self.restore.clicked.connect(self._on_restore)
        self.empty.clicked.connect(self.ask_to_empty)
        self.list.itemSelectionChanged.connect(self._on_selection)
        self._show(())

    def refresh(self) -> None:
        """Read what is in the Trash now."""

        def task(job: Job[tuple[TrashRow, ...]]) -> tuple[TrashRow, ...]:
            del job
            return self._service.trash()

        self._jobs.run(task, self._show, self._on_failed)

    def selected(self) -> tuple[TrashRow, ...]:
        """Return the selected rows."""
        return tuple(self._rows[item.data(0, PLACE_ROLE)] for item in self.list.selectedItems())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return restores what is selected."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected():
            self._on_restore()
        else:
            super().keyPressEvent(event)

    def ask_to_empty(self) -> ConfirmDialog:
        """Ask first: this is the one act that nothing brings back."""
        total = amounts.size(sum(row.size for row in self._rows))
        dialog = ConfirmDialog(
            tr("Delete {what} for good?", what=amounts.files(len(self._rows))),
            tr("This frees {size} and can’t be undone.", size=total),
            tr("Delete for good"),
            self.theme,
            self,
        )
        dialog.accepted.connect(self._on_empty)
        dialog.open()
        return dialog

    def _show(self, rows: tuple[TrashRow, ...]) -> None:
        self._rows = rows
        self.list.clear()
        items = [self._item(at, row) for at, row in enumerate(rows)]
        self.list.addTopLevelItems(items)
        if items:
            self.list.setCurrentItem(items[0])
        days = self._service.settings.trash_days
        self.about.setText(intake_words.trash_about(len(rows), days))
        self.empty.setEnabled(bool(rows))
        self._on_selection()

    def _item(self, at: int, row: TrashRow) -> QTreeWidgetItem:
        removed = datetime.fromtimestamp(row.removed_us / 1_000_000).astimezone()
        when = amounts.moment(removed, self._now())
        item = QTreeWidgetItem([row.filename, str(row.project), when, amounts.size(row.size)])
        item.setData(0, PLACE_ROLE, at)
        item.setToolTip(0, plain_tip(row.filename))
        item.setSizeHint(0, QSize(0, LINE_HEIGHT))
        return item

    def _on_selection(self) -> None:
        self.restore.setEnabled(bool(self.list.selectedItems()))

    def _on_restore(self) -> None:
        rows = self.selected()

        def task(job: Job[tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
            del job
            return self._service.restore_rows(rows)

        self._jobs.run(task, self._on_restored, self._on_failed)

    def _on_restored(self, outcomes: tuple[Outcome, ...]) -> None:
        left = [one for one in outcomes if not isinstance(one, Accepted | Identical)]
        details = tuple(Detail(Tone.WARN, intake_words.outcome(one)) for one in left)
        sentence = intake_words.restored(len(outcomes) - len(left))
        tone = Tone.WARN if left else Tone.OK
        self._bar.show_notice(Notice(tone, sentence, details=details, unfolded=bool(left)))
        self.refresh()

    def _on_empty(self) -> None:
        def task(job: Job[int]) -> int:
            del job
            return self._service.empty_trash()

        def done(count: int) -> None:
            words = tr("Deleted {what} for good.", what=amounts.files(count))
            self._bar.show_notice(Notice(Tone.INFO, words))
            self.refresh()

        self._jobs.run(task, done, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        self._bar.show_notice(failure_notice(error, try_again=self.refresh, open_folder=self._open_folder))
