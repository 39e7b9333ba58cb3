"""The flow of a drop: files in, progress with Cancel, a result per file, one Undo for all of it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from packaging.utils import NormalizedName
from PySide6.QtCore import QObject, Signal

from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Act, Detail, Notice, NoticeBar
from cheeseboard.desktop.telling.progress_bar import ProgressCard
from cheeseboard.desktop.words import amounts, intake_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.history import History, UndoStep
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.events import Progress, Way
from cheeseboard.repository.intake import (
    Accepted,
    Batch,
    Conflict,
    Deferred,
    Identical,
    Outcome,
    Rejected,
)
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

MOST_DETAILS = 100


class IntakeFlow(QObject):
    """Drop, paste, *Add files…* and files from the command line all go this way."""

    added = Signal(object)
    settled = Signal(object)
    adding_changed = Signal(object)

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        bar: NoticeBar,
        progress: ProgressCard,
        history: History,
        open_folder: Callable[[], None],
    ) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._progress = progress
        self._history = history
        self._open_folder = open_folder
        self._waiting: list[Path] = []
        self._job: Job[Batch] | None = None
        self._adding: frozenset[NormalizedName] = frozenset()

    @property
    def busy(self) -> bool:
        """Whether files are being added."""
        return self._job is not None

    def add(self, paths: Sequence[Path]) -> None:
        """Add files and folders; while something else is being added, or scanned, they wait their turn."""
        self._waiting += paths
        self.advance()

    def advance(self) -> None:
        """Start on what waits, if the repository is ready."""
        if self._job is not None or not self._waiting:
            return
        if not self._service.opened:
            self._progress.begin(tr("Waiting for the folder to be scanned…"), self._forget_waiting)
            return
        paths, self._waiting = tuple(self._waiting), []

        def task(job: Job[Batch]) -> Batch:
            return self._service.add(paths, Way.DROP, progress=job.report, cancelled=job.cancelled)

        self._job = self._jobs.run(
            task, self._on_added, lambda error: self._on_failed(error, paths), self._on_progress
        )
        self._bar.dismiss()
        self._progress.begin(intake_words.adding(0, 0, None), self._job.cancel)
        self._find_names(paths, self._job)

    def _find_names(self, paths: tuple[Path, ...], batch: Job[Batch]) -> None:
        """Tell which projects a batch is of, beside the batch: folders have to be looked through for that."""

        def task(job: Job[frozenset[NormalizedName]]) -> frozenset[NormalizedName]:
            del job
            return self._service.projects_among(paths)

        def done(names: frozenset[NormalizedName]) -> None:
            if self._job is batch:
                self._tell_adding(names)

        self._jobs.run(task, done, lambda error: logger.warning("No names known", exc_info=error))

    def _tell_adding(self, names: frozenset[NormalizedName]) -> None:
        if names != self._adding:
            self._adding = names
            self.adding_changed.emit(names)

    def _end(self) -> None:
        self._job = None
        self._progress.end()
        self._tell_adding(frozenset())

    def _forget_waiting(self) -> None:
        self._waiting.clear()
        self._progress.end()
        self._bar.show_notice(Notice(Tone.INFO, tr("Cancelled. Nothing was added.")))

    def _on_progress(self, progress: Progress) -> None:
        if self._job is not None:
            self._progress.advance(
                intake_words.adding(progress.done, progress.total, progress.current), progress
            )

    def _on_added(self, batch: Batch) -> None:
        self._end()
        self.tell(batch)
        self.advance()

    def tell(self, batch: Batch, also: tuple[Detail, ...] = (), acts: tuple[Act, ...] = ()) -> None:
        """Say what became of files, with Undo for all of them.

        Args:
            batch: The files.
            also: What else is to be known, before the files' own details.
            acts: What else can be done.
        """
        notice = self._notice(batch)
        if also:
            details = (*also, *notice.details)
            notice = replace(notice, tone=Tone.WARN, details=details, unfolded=True)
        self._bar.show_notice(replace(notice, acts=(*notice.acts, *acts)))
        if batch.accepted:
            self.added.emit(batch)
        self.settled.emit(batch)

    def _on_failed(self, error: Exception, paths: tuple[Path, ...]) -> None:
        self._end()
        notice = failure_notice(error, try_again=lambda: self.add(paths), open_folder=self._open_folder)
        self._bar.show_notice(notice)
        self.advance()

    # --- the result -------------------------------------------------------------------------------

    def _notice(self, batch: Batch) -> Notice:
        acts: list[Act] = []
        conflicts = [one for one in batch.outcomes if isinstance(one, Conflict)]
        if batch.accepted:
            step = UndoStep(lambda: self._undo(batch))
            self._history.push(step)
            acts.append(Act(tr("Undo"), "undo-2", lambda: self._take_back(step)))
        if len(batch.outcomes) == 1 and conflicts:
            acts += self._answers(conflicts[0])
            return Notice(Tone.WARN, intake_words.batch(batch), tuple(acts))
        if len(conflicts) > 1:
            words = tr("Replace all {n}", n=len(conflicts))
            acts.append(Act(words, "replace", lambda: self._replace(conflicts)))
        skipped = [one for one in batch.outcomes if not isinstance(one, Accepted | Identical)]
        return Notice(
            _tone(batch, skipped),
            intake_words.batch(batch),
            tuple(acts),
            self._details(skipped) if len(batch.outcomes) > 1 else (),
            unfolded=bool(conflicts),
        )

    def _details(self, skipped: Sequence[Outcome]) -> tuple[Detail, ...]:
        questions_first = sorted(skipped, key=lambda one: not isinstance(one, Conflict))
        details = [self._detail(one) for one in questions_first[:MOST_DETAILS]]
        if len(skipped) > MOST_DETAILS:
            details.append(Detail(Tone.INFO, tr("and {n} more", n=len(skipped) - MOST_DETAILS)))
        return tuple(details)

    def _detail(self, outcome: Outcome) -> Detail:
        if isinstance(outcome, Conflict):
            return Detail(Tone.WARN, intake_words.outcome(outcome), self._answers(outcome))
        tone = Tone.ERROR if isinstance(outcome, Rejected) else Tone.INFO
        return Detail(tone, intake_words.outcome(outcome))

    def _answers(self, conflict: Conflict) -> tuple[Act, Act]:
        return (
            Act(tr("Keep existing"), "", lambda: self._keep(conflict)),
            Act(tr("Replace"), "replace", lambda: self._replace([conflict])),
        )

    def _keep(self, conflict: Conflict) -> None:
        if not self._bar.unanswered:
            self._bar.show_notice(Notice(Tone.INFO, intake_words.kept(conflict.existing.filename)))

    def _replace(self, conflicts: Sequence[Conflict]) -> None:
        def task(job: Job[list[Outcome]]) -> list[Outcome]:
            return [self._service.replace(one) for one in conflicts if not job.cancelled()]

        def failed(error: Exception) -> None:
            notice = failure_notice(
                error, try_again=lambda: self._replace(conflicts), open_folder=self._open_folder
            )
            self._bar.show_notice(notice)

        self._jobs.run(task, self._on_replaced, failed)

    def _on_replaced(self, outcomes: list[Outcome]) -> None:
        refused = [one for one in outcomes if not isinstance(one, Accepted)]
        if self._bar.unanswered and not refused:
            return  # the line itself shows it; the other questions must stay
        if refused:
            notice = Notice(Tone.WARN, intake_words.outcome(refused[0]), details=self._details(refused[1:]))
        else:
            notice = Notice(Tone.OK, intake_words.replaced([one.source.name for one in outcomes]))
        self._bar.show_notice(notice)

    # --- taking it back ---------------------------------------------------------------------------

    def _take_back(self, step: UndoStep) -> None:
        self._history.undo(step)

    def _undo(self, batch: Batch) -> None:
        def task(job: Job[None]) -> None:
            del job
            self._service.undo(batch)

        def done(result: None) -> None:
            del result
            taken = amounts.files(len(batch.accepted))
            self._bar.show_notice(Notice(Tone.OK, tr("Took {what} back out.", what=taken)))

        def failed(error: Exception) -> None:
            self._bar.show_notice(failure_notice(error, try_again=None, open_folder=self._open_folder))

        self._jobs.run(task, done, failed)


def _tone(batch: Batch, skipped: Sequence[Outcome]) -> Tone:
    if not skipped:
        return Tone.OK if batch.outcomes else Tone.INFO
    if batch.accepted or any(isinstance(one, Conflict) for one in skipped):
        return Tone.WARN
    return Tone.INFO if all(isinstance(one, Deferred) for one in skipped) else Tone.ERROR
