"""*Check every file*: each is read again and held against what was recorded."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cheeseboard.desktop.look.said_card import SaidCard
from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.look.widgets import Button, Card, Picture, label
from cheeseboard.desktop.telling.notice_bar import Act, Notice
from cheeseboard.desktop.upkeep.section import UpkeepParts, arrange, line
from cheeseboard.desktop.words import upkeep_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job
from cheeseboard.events import Way
from cheeseboard.repository.check import CheckReport, Fault, Finding

MOST_LINES = 100


class CheckSection(Card):
    """Says that all is well, or what is wrong with each file and what to do about it."""

    def __init__(self, parts: UpkeepParts) -> None:
        super().__init__(parts.theme)
        self._with = parts
        self.check = Button(tr("Check every file"), "refresh-cw", parts.theme)
        self.check.clicked.connect(self.begin)
        self.last = label(muted=True)
        self.said = SaidCard(parts.theme)
        self.findings = FindingList(parts)
        column = arrange(
            self,
            tr("Check the files"),
            tr(
                "Reads each file and compares it with its fingerprint, to find what a disk or a program "
                "changed unnoticed. With many gigabytes it takes minutes; you can go on working."
            ),
        )
        column.addLayout(line(self.check, self.last))
        column.addWidget(self.said)
        column.addWidget(self.findings)

    def refresh(self) -> None:
        """Show when the last check was, and whether one can be begun."""
        one = self._with
        self.last.setText(upkeep_words.last_check(one.service.upkeep.last_check, one.now()))
        self.check.setEnabled(not one.work.busy)

    def forget(self) -> None:
        """Show nothing of another folder's check."""
        self.said.hide()
        self.findings.show_findings(())

    def begin(self) -> None:
        """Check, off this thread."""
        upkeep = self._with.service.upkeep

        def task(job: Job[CheckReport]) -> CheckReport:
            return upkeep.check(way=Way.DROP, progress=job.report, cancelled=job.cancelled)

        self.forget()
        self._with.work.run(
            tr("Checking every file…"),
            task,
            self._on_checked,
            say=upkeep_words.checking,
            again=self.begin,
        )

    def _on_checked(self, report: CheckReport) -> None:
        sentence = upkeep_words.checked(report)
        tone = Tone.WARN if report.findings else Tone.OK if report.complete else Tone.INFO
        self.said.say(tone, sentence)
        self.findings.show_findings(report.findings)
        self.refresh()
        if self.isVisible():
            announcement = QAccessibleAnnouncementEvent(self, sentence)
            QAccessible.updateAccessibility(announcement)
        else:
            show = Act(tr("Show"), "arrow-right", self._with.show_page)
            self._with.work.tell(Notice(tone, sentence, (show,)))


class FindingList(QWidget):
    """One line a finding, each with its one action."""

    def __init__(self, parts: UpkeepParts) -> None:
        super().__init__()
        self._with = parts
        self.setAccessibleName(tr("What was found"))
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 4, 0, 0)
        self._lines.setSpacing(8)
        self.sentences: tuple[str, ...] = ()
        self.buttons: list[Button] = []
        self.hide()

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show these in place of those before."""
        while (taken := self._lines.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.buttons = []
        self.sentences = tuple(map(upkeep_words.finding, findings[:MOST_LINES]))
        for found, sentence in zip(findings, self.sentences, strict=False):
            self._lines.addWidget(self._line(found, sentence))
        if len(findings) > MOST_LINES:
            more = tr("and {n} more", n=f"{len(findings) - MOST_LINES:,}")
            self._lines.addWidget(label(more, muted=True))
        self.setVisible(bool(findings))

    def _line(self, found: Finding, sentence: str) -> QWidget:
        button = self._button(found)
        said = label(sentence)
        said.setWordWrap(True)
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Picture("triangle-alert", self._with.theme, tone=Tone.WARN))
        row.addWidget(said, 1)
        row.addWidget(button)
        self.buttons.append(button)
        return made

    def _button(self, found: Finding) -> Button:
        one = self._with
        if found.fault is Fault.MISSING:
            button = Button(tr("Add files…"), "package-plus", one.theme)
            button.clicked.connect(one.ask_for_files)
            return button
        folder = one.service.folder
        if found.file is not None and found.fault is not Fault.CATALOG:
            folder = one.service.path_of(found.file).parent
        button = Button(tr("Open folder"), "folder-open", one.theme)
        button.clicked.connect(lambda: one.open_path(folder))
        if found.file is not None:
            button.setAccessibleDescription(found.file.filename)
        return button
