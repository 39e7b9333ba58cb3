"""*Clean up old releases*: rules, what they would let go and why, and the Trash when the user says so."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QTreeWidgetItem

from cheeseboard.desktop.frame.side_page import plain_list
from cheeseboard.desktop.look.number_field import number_field
from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.look.widgets import Button, Card, label, plain_tip
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Notice
from cheeseboard.desktop.upkeep.section import UpkeepParts, arrange
from cheeseboard.desktop.words import amounts, upkeep_words
from cheeseboard.desktop.words.failure_words import own_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job
from cheeseboard.errors import SettingsError
from cheeseboard.events import Progress, Way
from cheeseboard.repository.records import Removal
from cheeseboard.repository.retention import Lapsed
from cheeseboard.settings import RetentionRule

ALL = "*"
LINE_HEIGHT = 28
LINES_SHOWN = 6
MOST_LINES = 1000
AT_ONCE = 200
SOON_MS = 200
USUAL_RELEASES, USUAL_DAYS = 5, 90
NUMBER_WIDTH = 72
PLACE_ROLE = Qt.ItemDataRole.UserRole


class RetentionSection(Card):
    """Chooses nothing by itself: a rule is ticked first, and a file can be taken off the list."""

    def __init__(self, parts: UpkeepParts) -> None:
        super().__init__(parts.theme)
        self._with = parts
        self._lapsed: tuple[Lapsed, ...] = ()
        self._spared: set[str] = set()
        self._asked = 0
        self.by_count = QCheckBox(tr("Keep only this many releases of each package"))
        self.by_age = QCheckBox(tr("Drop pre-releases older than this many days"))
        self.others = QCheckBox()
        self.kept = QCheckBox(tr("Remember this for this repository"))
        self.count = number_field(tr("Releases to keep"), 1, 9999, NUMBER_WIDTH)
        self.days = number_field(tr("Days to keep pre-releases"), 1, 36500, NUMBER_WIDTH)
        self.count.setText(str(USUAL_RELEASES))
        self.days.setText(str(USUAL_DAYS))
        columns = tuple(map(tr, ("File", "Why", "Size")))
        self.list = plain_list(tr("Files that would go to the Trash"), columns)
        metrics = self.fontMetrics()
        longest = tr("older than the {n} newest releases", n=USUAL_RELEASES)
        self.list.setColumnWidth(1, metrics.horizontalAdvance(longest) + 28)
        self.list.setColumnWidth(2, metrics.horizontalAdvance("999.9 MB") + 28)
        self.more = label(muted=True)
        self.sum = label()
        self.sum.setWordWrap(True)
        self.trash = Button(tr("Move to Trash"), "trash-2", parts.theme)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._preview)
        self._arrange()
        self._connect()
        self._show(())

    def _arrange(self) -> None:
        column = arrange(
            self,
            tr("Clean up old releases"),
            tr(
                "Shows first what would go, and why. What an installer would take today always stays, and "
                "the Trash gives everything back."
            ),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        for row, widgets in enumerate(((self.by_count, self.count), (self.by_age, self.days))):
            for place, widget in enumerate(widgets):
                grid.addWidget(widget, row, place)
        column.addLayout(grid)
        column.addWidget(self.others)
        column.addWidget(self.kept)
        column.addWidget(self.list)
        column.addWidget(self.more)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.trash)
        acts.addWidget(self.sum, 1)
        column.addLayout(acts)

    def _connect(self) -> None:
        for box in (self.by_count, self.by_age, self.others):
            box.toggled.connect(self._on_rules)
        for field in (self.count, self.days):
            field.textChanged.connect(self._on_rules)
        self.kept.clicked.connect(self._on_kept)
        self.list.itemChanged.connect(self._on_ticked)
        self.trash.clicked.connect(self.move_to_trash)

    # --- the rules ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the rules would let go as things are now."""
        others = self._other_rules()
        self.others.setVisible(bool(others))
        if others:
            words = "; ".join(map(upkeep_words.kept_rule, others))
            self.others.setText(tr("Also the rules kept for some packages"))
            self.others.setToolTip(plain_tip(words))
            self.others.setAccessibleDescription(words)
        self._on_rules()

    def read_kept(self) -> None:
        """Begin with what is kept for this folder; nothing is ticked where nothing is."""
        rule = self._kept_rule()
        self._spared.clear()
        self.by_count.setChecked(rule is not None and rule.keep_releases is not None)
        self.by_age.setChecked(rule is not None and rule.prerelease_days is not None)
        self.others.setChecked(False)
        if rule is not None and rule.keep_releases is not None:
            self.count.setText(str(rule.keep_releases))
        if rule is not None and rule.prerelease_days is not None:
            self.days.setText(str(rule.prerelease_days))

    def rules(self) -> tuple[RetentionRule, ...]:
        """Return what is ticked."""
        own = self._own_rule()
        others = self._other_rules() if self.others.isChecked() else ()
        return (*((own,) if own else ()), *others)

    def _own_rule(self) -> RetentionRule | None:
        keep, days = _ticked(self.by_count, self.count), _ticked(self.by_age, self.days)
        return None if keep is None and days is None else RetentionRule(ALL, keep, days)

    def _kept_rule(self) -> RetentionRule | None:
        kept = self._with.service.upkeep.retention_rules
        return next((rule for rule in kept if rule.projects == ALL), None)

    def _other_rules(self) -> tuple[RetentionRule, ...]:
        return tuple(rule for rule in self._with.service.upkeep.retention_rules if rule.projects != ALL)

    def _on_kept(self, wanted: bool) -> None:
        upkeep, rule = self._with.service.upkeep, self._own_rule()
        try:
            if wanted and rule is not None:
                upkeep.keep_retention_rule(rule)
            else:
                upkeep.forget_retention_rule(ALL)
        except SettingsError as error:
            self._with.work.tell(Notice(Tone.ERROR, own_words(error)))
        self._show_kept()

    def _show_kept(self) -> None:
        rule = self._own_rule()
        self.kept.setEnabled(rule is not None)
        self.kept.setChecked(rule is not None and rule == self._kept_rule())

    # --- the preview ----------------------------------------------------------------------------------

    def _on_rules(self) -> None:
        self._show_kept()
        self._asked += 1
        self.trash.setEnabled(False)
        if self.rules():
            self._soon.start()
        else:
            self._soon.stop()
            self._show(())

    def _preview(self) -> None:
        rules, asked, one = self.rules(), self._asked, self._with

        def task(job: Job[tuple[Lapsed, ...]]) -> tuple[Lapsed, ...]:
            del job
            return one.service.upkeep.preview_retention(rules)

        def done(lapsed: tuple[Lapsed, ...]) -> None:
            if asked == self._asked:
                self._show(lapsed)

        def failed(error: Exception) -> None:
            one.work.tell(failure_notice(error, try_again=self.refresh, open_folder=self.refresh))

        one.jobs.run(task, done, failed)

    def _show(self, lapsed: tuple[Lapsed, ...]) -> None:
        self._lapsed = lapsed
        self._spared &= {each.file.filename for each in lapsed}
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addTopLevelItems([self._item(at, each) for at, each in enumerate(lapsed[:MOST_LINES])])
        self.list.blockSignals(False)
        self.list.setVisible(bool(lapsed))
        lines = min(len(lapsed), LINES_SHOWN)
        self.list.setFixedHeight(self.list.header().sizeHint().height() + lines * LINE_HEIGHT + 2)
        left = len(lapsed) - MOST_LINES
        self.more.setVisible(left > 0)
        self.more.setText(tr("and {n} more", n=f"{left:,}"))
        self._show_sum()

    def _item(self, at: int, lapsed: Lapsed) -> QTreeWidgetItem:
        file = lapsed.file
        item = QTreeWidgetItem([file.filename, upkeep_words.lapse(lapsed), amounts.size(file.size)])
        spared = file.filename in self._spared
        item.setCheckState(0, Qt.CheckState.Unchecked if spared else Qt.CheckState.Checked)
        item.setData(0, PLACE_ROLE, at)
        item.setToolTip(0, plain_tip(file.filename))
        item.setToolTip(1, plain_tip(item.text(1)))
        item.setSizeHint(0, QSize(0, LINE_HEIGHT))
        return item

    def _on_ticked(self, item: QTreeWidgetItem) -> None:
        name = self._lapsed[item.data(0, PLACE_ROLE)].file.filename
        if item.checkState(0) is Qt.CheckState.Checked:
            self._spared.discard(name)
        else:
            self._spared.add(name)
        self._show_sum()

    def chosen(self) -> tuple[Lapsed, ...]:
        """Return what would go: listed, and not taken off the list."""
        return tuple(each for each in self._lapsed if each.file.filename not in self._spared)

    def _show_sum(self) -> None:
        chosen = self.chosen()
        if self.rules():
            self.sum.setText(upkeep_words.would_go(chosen))
        else:
            self.sum.setText(tr("No rule is ticked, so nothing would go."))
        self.trash.setEnabled(bool(chosen) and not self._with.work.busy)

    # --- the Trash ------------------------------------------------------------------------------------

    def move_to_trash(self) -> None:
        """Move what is listed and ticked to the Trash, with one Undo."""
        chosen, one = self.chosen(), self._with
        before = one.service.snapshot
        if not chosen:
            return

        def task(job: Job[Removal]) -> Removal:
            removal = Removal()
            for at in range(0, len(chosen), AT_ONCE):
                if job.cancelled():
                    break
                job.report(Progress(at, len(chosen)))
                some = one.service.upkeep.apply_retention(chosen[at : at + AT_ONCE], Way.DROP)
                removal = Removal((*removal.rows, *some.rows), (*removal.files, *some.files))
            return removal

        def done(removal: Removal) -> None:
            if removal.files:
                one.removal.tell(removal.files, before, partial(one.service.restore, removal))

        words = tr("Moving to the Trash…")
        one.work.run(words, task, done, say=upkeep_words.trashing, again=self.refresh)


def _ticked(box: QCheckBox, field: QLineEdit) -> int | None:
    return int(field.text()) if box.isChecked() and field.hasAcceptableInput() else None
