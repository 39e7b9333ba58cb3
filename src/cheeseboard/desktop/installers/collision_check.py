"""Which of our names other indexes have, too: asked only on a press, since asking tells them the names."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cheeseboard.clients.collisions import Collision
from cheeseboard.desktop.look.said_card import SaidCard
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, Picture, label
from cheeseboard.desktop.telling.progress_bar import ProgressCard
from cheeseboard.desktop.words import installer_words
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.errors import CheeseboardError
from cheeseboard.events import Progress
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

MOST_LINES = 12
LEAST_WIDTH = 160


@dataclass(frozen=True, slots=True)
class Checked:
    """How the check stands.

    Attributes:
        progress: How far it is; None while nobody asks.
        cancelled: Whether it was ended before its time.
        done: Whether all were asked since the repository was opened.
        problem: Why it could not be done; empty when well.
        found: What is known of our names.
    """

    progress: Progress | None = None
    cancelled: bool = False
    done: bool = False
    problem: str = ""
    found: tuple[Collision, ...] = ()


class CollisionCheck(QObject):
    """Asks through the service, off the Qt thread, and tells whoever shows it."""

    changed = Signal()
    found = Signal(object)

    def __init__(self, service: Service, jobs: Jobs) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._job: Job[tuple[Collision, ...]] | None = None
        self.now = Checked()

    def load(self) -> None:
        """Read what is known from earlier; asks nobody."""

        def task(job: Job[tuple[Collision, ...]]) -> tuple[Collision, ...]:
            del job
            return self._service.clients.collisions

        def done(found: tuple[Collision, ...]) -> None:
            if self._job is None:
                self._tell(Checked(found=found))

        self._jobs.run(task, done, lambda error: logger.warning("No collisions known", exc_info=error))

    def start(self) -> None:
        """Ask the user's other indexes for every name that is not known yet."""
        if self._job is not None:
            return
        service = self._service.clients

        def task(job: Job[tuple[Collision, ...]]) -> tuple[Collision, ...]:
            return service.check_collisions(
                progress=lambda done, total: job.report(Progress(done, total)), cancelled=job.cancelled
            )

        self._job = job = self._jobs.run(task, self._on_done, self._on_failed, self._on_progressed)
        if self._job is job:
            self._tell(Checked(progress=Progress(0, 0), found=self.now.found))

    def cancel(self) -> None:
        """Ask for no further name."""
        if self._job is not None:
            self._job.cancel()

    def _on_progressed(self, progress: Progress) -> None:
        if self._job is not None:
            self._tell(Checked(progress=progress, found=self.now.found))

    def _on_done(self, found: tuple[Collision, ...]) -> None:
        cancelled = self._job is not None and self._job.cancelled()
        self._job = None
        self._tell(Checked(cancelled=cancelled, done=not cancelled, found=found))

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        if not isinstance(error, CheeseboardError):
            logger.error("The names could not be checked", exc_info=error)
        self._tell(Checked(problem=failure(error), found=self.now.found))

    def _tell(self, checked: Checked) -> None:
        news = checked.found != self.now.found
        self.now = checked
        self.changed.emit()
        if news:
            self.found.emit(by_project(checked.found))


def by_project(found: tuple[Collision, ...]) -> Mapping[str, Collision]:
    """Return what is known, by normalized name."""
    return {one.project: one for one in found}


class CollisionCard(Card):
    """Warns of names that exist twice, and offers to find out which do."""

    def __init__(self, check: CollisionCheck, theme: Theme, words: str, *, lists_found: bool = True) -> None:
        """Show the check.

        Args:
            check: What is shown.
            theme: Draws it.
            words: The warning; empty where the page says it.
            lists_found: Whether what was found is listed; a page about one project tells of that one.
        """
        super().__init__(theme, Tone.INFO)
        self._lists_found = lists_found
        self._check = check
        self.said = label(words)
        self.means = label(
            tr("Checking tells the indexes that your pip asks besides what your packages are called."),
            muted=True,
        )
        self.ask = Button(tr("Check these names on your other indexes"), "search", theme)
        self.ask.clicked.connect(check.start)
        self.progress = ProgressCard(theme)
        self.result = SaidCard(theme)
        self._arrange(theme)
        check.changed.connect(self._show)
        self._show()

    def _arrange(self, theme: Theme) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        aligned = Qt.AlignmentFlag.AlignTop if self.said.text() else Qt.AlignmentFlag.AlignVCenter
        line.addWidget(Picture("info", theme, tone=Tone.INFO), 0, aligned)
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (self.said, self.means):
            part.setWordWrap(True)
            part.setMinimumWidth(LEAST_WIDTH)
            words.addWidget(part)
        if not self.said.text():
            self.said.hide()
        line.addLayout(words, 1)
        line.addWidget(self.ask)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 8, 8)
        whole.setSpacing(8)
        whole.addLayout(line)
        whole.addWidget(self.progress)
        whole.addWidget(self.result)

    def _show(self) -> None:
        now = self._check.now
        self.ask.setVisible(now.progress is None)
        self._show_progress(now.progress)
        if now.problem:
            self.result.say(Tone.ERROR, now.problem)
        elif now.found and not self._lists_found:
            self.result.hide()
        elif now.found:
            lines = [installer_words.collision_found(one) for one in now.found[:MOST_LINES]]
            if len(now.found) > MOST_LINES:
                lines.append(tr("And {n} more.", n=len(now.found) - MOST_LINES))
            self.result.say(Tone.WARN, "\n".join(lines))
        elif now.cancelled:
            self.result.say(Tone.INFO, tr("Cancelled. Names that were asked for are remembered."))
        elif now.done:
            words = tr("None of your packages’ names exists there: nothing is taken for yours.")
            self.result.say(Tone.OK, words)
        else:
            self.result.hide()

    def _show_progress(self, progress: Progress | None) -> None:
        if progress is None:
            self.progress.end()
            return
        words = tr("Asking your other indexes…")
        if self.progress.isHidden():
            self.progress.begin(words, self._check.cancel)
        if progress.total:
            words = tr(
                "Asking your other indexes: {done} of {total}", done=progress.done, total=progress.total
            )
            self.progress.advance(words, progress)
