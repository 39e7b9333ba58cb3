"""*Why can't it install?*: a project and a Python; which file an installer takes, and why not the others."""

import logging
import platform
import sys
from collections.abc import Callable

from packaging.specifiers import SpecifierSet
from packaging.version import Version
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QTreeWidgetItem

from cheeseboard.clients.collisions import Collision, preference
from cheeseboard.desktop.frame.side_page import SidePage, plain_list
from cheeseboard.desktop.installers.collision_check import CollisionCard, CollisionCheck
from cheeseboard.desktop.look.said_card import SaidCard
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import label, plain_tip
from cheeseboard.desktop.words import why_words
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.words.tag_words import runs_on
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.distributions.compatibility import (
    Offer,
    Reason,
    System,
    Target,
    Verdict,
    judge,
    platforms_of,
)
from cheeseboard.errors import CheeseboardError
from cheeseboard.repository.snapshot import File, Project, ProjectStatus

logger = logging.getLogger(__name__)

PYTHONS = ("3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8")
# What a Python without its patch number is taken for: the newest patch of its line.
NEWEST_PATCH = 99
MOST_LINES = 2000
LINE_HEIGHT = 32
Judged = tuple[tuple[Verdict, ...], Collision | None]


class WhyPage(SidePage):
    """Works on what the index says, as an installer does; asks nobody."""

    def __init__(
        self,
        jobs: Jobs,
        theme: Theme,
        check: CollisionCheck,
        collisions: Callable[[], tuple[Collision, ...]],
    ) -> None:
        super().__init__(
            tr("Why can’t it install?"),
            tr("What pip would take from this repository, and why not the other files."),
            theme,
        )
        self._jobs = jobs
        self._collisions = collisions
        self._project: Project | None = None
        self._asked = 0
        self.python = _choice(tr("Python"), [(one, one) for one in PYTHONS])
        self.system = _choice(tr("System"), [(why_words.system(one), one.value) for one in System])
        self.version = _choice(tr("Version"), [])
        self.only_wheels = QCheckBox(tr("Wheels only"))
        self.result = SaidCard(theme)
        self.list = plain_list(tr("Files and verdicts"), (tr("File"), tr("Verdict")), stretched=1)
        self.list.setColumnWidth(0, 330)
        self.names = CollisionCard(check, theme, "", lists_found=False)
        check.found.connect(self._judge)
        self._arrange()
        self.python.setCurrentIndex(max(0, self.python.findData(f"3.{sys.version_info.minor}")))
        self.system.setCurrentIndex(self.system.findData(this_system().value))
        for box in (self.python, self.system, self.version):
            box.currentIndexChanged.connect(self._judge)
        self.only_wheels.toggled.connect(self._judge)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for words, box in (
            (tr("Python"), self.python),
            (tr("on"), self.system),
            (tr("asks for"), self.version),
        ):
            line.addWidget(label(words, muted=True))
            line.addWidget(box)
        line.addWidget(self.only_wheels)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addWidget(self.result)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.names)

    def show_project(self, project: Project) -> None:
        """Say it of this project."""
        same = self._project is not None and self._project.name == project.name
        self._project = project
        self.heading.setText(tr("Why can’t {package} install?", package=project.display_name))
        if not same:
            self.version.blockSignals(True)  # Qt's own
            self.version.clear()
            self.version.addItem(tr("any version"), "")
            for version in project.versions[:200]:
                self.version.addItem(f"=={version}", f"=={version}")
            self.version.blockSignals(False)  # Qt's own
        self._judge()

    def refresh(self) -> None:
        """Judge again."""
        self._judge()

    def verdicts(self) -> tuple[tuple[str, str], ...]:
        """Return each file with what is said of it, from the top."""
        items = (self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount()))
        return tuple((item.text(0), item.text(1)) for item in items if item is not None)

    def _judge(self) -> None:
        project = self._project
        if project is None:
            return
        python = Version(f"{self.python.currentData()}.{NEWEST_PATCH}")
        target = Target(python, platforms_of(System(self.system.currentData())))
        work = _work(
            project,
            target,
            SpecifierSet(self.version.currentData() or ""),
            only_wheels=self.only_wheels.isChecked(),
        )
        self._asked += 1
        asked = self._asked
        any_version = not self.version.currentData()

        def task(job: Job[Judged]) -> Judged:
            del job
            verdicts = work()
            return verdicts, self._newer_elsewhere(project, verdicts) if any_version else None

        def done(judged: Judged) -> None:
            if asked == self._asked:
                self._show(project, *judged)

        def failed(error: Exception) -> None:
            if not isinstance(error, CheeseboardError):
                logger.error("The files could not be judged", exc_info=error)
            self.result.say(Tone.ERROR, failure(error))

        self._jobs.run(task, done, failed)

    def _newer_elsewhere(self, project: Project, verdicts: tuple[Verdict, ...]) -> Collision | None:
        """Return what other indexes have that pip wants no less than what is taken from here.

        Known as far as somebody let us ask.
        """
        taken = next((one for one in verdicts if one.reason is None), None)
        known = next((one for one in self._collisions() if one.project == project.name), None)
        if known is None or taken is None:
            return known
        return (
            known if preference(Version(known.theirs)) >= preference(Version(taken.offer.version)) else None
        )

    def _show(self, project: Project, verdicts: tuple[Verdict, ...], newer: Collision | None) -> None:
        taken = next((one for one in verdicts if one.reason is None), None)
        python = str(self.python.currentData())
        if project.status is ProjectStatus.QUARANTINED:
            self.result.say(Tone.ERROR, tr("Nothing: this package is quarantined."))
        elif newer is not None:
            self.result.say(Tone.WARN, why_words.taken_elsewhere(newer, taken.offer if taken else None))
        elif taken is None:
            self.result.say(Tone.ERROR, why_words.nothing_fits(python, self.system.currentText()))
        else:
            self.result.say(Tone.OK, tr("pip takes {file}.", file=taken.offer.filename))
        files = {file.filename: file for file in project.files}
        self.list.clear()
        ordered = sorted(verdicts, key=lambda one: one.reason is not None)[:MOST_LINES]
        items = [self._item(one, files[one.offer.filename], newer) for one in ordered]
        self.list.addTopLevelItems(items)

    def _item(self, verdict: Verdict, file: File, newer: Collision | None) -> QTreeWidgetItem:
        icon, tone = _picture(verdict.reason)
        words = why_words.verdict(verdict, runs_on(file), str(self.python.currentData()))
        if verdict.reason is None and newer is not None:
            icon, tone = "circle-x", Tone.WARN
            words = why_words.beaten(newer, verdict.offer)
        item = QTreeWidgetItem([verdict.offer.filename, words])
        item.setIcon(0, self.theme.icon(icon, tone))
        item.setToolTip(0, plain_tip(verdict.offer.filename))
        item.setToolTip(1, plain_tip(words))
        item.setSizeHint(0, QSize(0, LINE_HEIGHT))
        return item


def this_system() -> System:
    """Return the system of this computer, as far as wheels tell systems apart."""
    arm = platform.machine().lower() in {"arm64", "aarch64"}
    match sys.platform:
        case "win32":
            return System.WINDOWS_ARM64 if arm else System.WINDOWS_X86_64
        case "darwin":
            return System.MACOS_ARM64 if arm else System.MACOS_X86_64
        case _:
            return System.LINUX_ARM64 if arm else System.LINUX_X86_64


def _work(
    project: Project, target: Target, asked_for: SpecifierSet, *, only_wheels: bool
) -> Callable[[], tuple[Verdict, ...]]:
    offers = tuple(
        Offer(file.filename, file.kind, file.version, file.requires_python, file.yanked)
        for file in project.files
    )
    return lambda: judge(offers, target, asked_for=asked_for, only_wheels=only_wheels)


def _picture(reason: Reason | None) -> tuple[str, Tone]:
    match reason:
        case None:
            return "circle-check", Tone.OK
        case Reason.OLDER | Reason.LESS_SUITED | Reason.NOT_ASKED_FOR:
            return "circle-x", Tone.MUTED
        case Reason.YANKED | Reason.PRE_RELEASE | Reason.SOURCE:
            return "circle-x", Tone.WARN
        case _:
            return "circle-x", Tone.ERROR


def _choice(name: str, entries: list[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for words, data in entries:
        box.addItem(words, data)
    return box
