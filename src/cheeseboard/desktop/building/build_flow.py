"""The flow of a dropped source tree: found, asked about, built one after the other, its files added."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from cheeseboard.builds.build import BuildCancelled, BuildOrder, NotBuilt
from cheeseboard.builds.failure import Step
from cheeseboard.builds.log import BuildLog
from cheeseboard.builds.source_tree import SourceTree
from cheeseboard.desktop.building.build_card import BuildCard
from cheeseboard.desktop.building.build_page import BuildPage
from cheeseboard.desktop.building.build_question import BuildQuestion
from cheeseboard.desktop.intake.intake_flow import IntakeFlow
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Act, Detail, Notice, NoticeBar
from cheeseboard.desktop.words import amounts, build_words, intake_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.events import Way
from cheeseboard.repository.intake import Batch
from cheeseboard.service import Service
from cheeseboard.service.builds import BuildOutcome, BuiltAndAdded


@dataclass(frozen=True, slots=True)
class BuildParts:
    """Where a build is shown.

    Attributes:
        page: Returns the page with the log, made when it is first wanted.
        show_page: Brings it to the front.
    """

    bar: NoticeBar
    card: BuildCard
    page: Callable[[], BuildPage]
    show_page: Callable[[], None]


class BuildFlow(QObject):
    """Everything that may hold a source tree comes by here first; what holds none goes on to be added."""

    settled = Signal()

    _stepped = Signal(object)

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        intake: IntakeFlow,
        parts: BuildParts,
        theme: Theme,
        window: QWidget,
        open_folder: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._service = service
        self._jobs = jobs
        self._intake = intake
        self._parts = parts
        self._theme = theme
        self._window = window
        self._open_folder = open_folder
        self._waiting: list[SourceTree] = []
        self._done: list[tuple[SourceTree, BuildOutcome]] = []
        self._current: SourceTree | None = None
        self._job: Job[BuildOutcome] | None = None
        self.question: BuildQuestion | None = None
        self._connected = False
        parts.card.cancel_asked.connect(self.cancel)
        parts.card.log_asked.connect(self.show_log)
        self._stepped.connect(self._on_step, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is being built."""
        return self._job is not None

    # --- what was given -----------------------------------------------------------------------------

    def take(self, paths: Sequence[Path]) -> None:
        """Add files and folders; ask first about folders that can be built."""
        given = tuple(paths)  # the caller's may change while folders are looked into
        folders = tuple(path for path in given if path.is_dir())
        if not folders:
            self._intake.add(given)
            return

        def task(job: Job[tuple[SourceTree, ...]]) -> tuple[SourceTree, ...]:
            del job
            return self._service.builds.find(folders)

        self._jobs.run(
            task, lambda trees: self._on_found(given, trees), lambda _error: self._intake.add(given)
        )

    def _on_found(self, paths: Sequence[Path], trees: Sequence[SourceTree]) -> None:
        sources = [path for path in paths if any(tree.path.is_relative_to(path) for tree in trees)]
        rest = [path for path in paths if path not in sources]
        if rest:
            self._intake.add(rest)
        if trees:
            self._ask(sources, trees)

    def _ask(self, sources: Sequence[Path], trees: Sequence[SourceTree]) -> None:
        question = BuildQuestion(trees, self._theme, self._window)
        built = [path for tree in trees for path in tree.built]
        question.build_asked.connect(self.build)
        question.search_asked.connect(lambda: self._intake.add(built or sources))
        question.finished.connect(self._on_answered)
        self.question = question
        question.open()

    def _on_answered(self) -> None:
        self.question = None

    # --- one after the other --------------------------------------------------------------------------

    def build(self, trees: Sequence[SourceTree]) -> None:
        """Build these, because the user said so; while another is built they wait their turn."""
        self._waiting += trees
        self._advance()

    def _advance(self) -> None:
        if self._job is not None:
            return
        if not self._waiting:
            self._tell()
            return
        tree, log = self._waiting.pop(0), BuildLog()
        self._current = tree

        def task(job: Job[BuildOutcome]) -> BuildOutcome:
            return self._service.builds.build(
                BuildOrder(tree), Way.DROP, log=log, on_step=self._stepped.emit, cancelled=job.cancelled
            )

        self._job = self._jobs.run(
            task, lambda outcome: self._on_built(tree, outcome), lambda error: self._on_failed(tree, error)
        )
        self._parts.bar.dismiss()
        self._parts.card.begin(build_words.step(Step.COPYING, tree.name))
        self._page().begin(build_words.log_title(tree), log)

    def _page(self) -> BuildPage:
        page = self._parts.page()
        if not self._connected:
            page.again_asked.connect(self._again)
            self._connected = True
        return page

    def cancel(self) -> None:
        """End the build under way, and forget those that wait."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def show_log(self) -> None:
        """Show what the build prints, or the last one printed."""
        self._parts.show_page()

    def _again(self) -> None:
        if self._current is not None and self._job is None:
            self.build([self._current])

    def _on_step(self, step: Step) -> None:
        if self._job is None or self._current is None:
            return
        sentence = build_words.step(step, self._current.name)
        self._parts.card.advance(build_words.waiting(sentence, len(self._waiting)), step)
        self._page().say(sentence)

    def _on_built(self, tree: SourceTree, outcome: BuildOutcome) -> None:
        self._job = None
        self._parts.card.end()
        self._done.append((tree, outcome))
        match outcome:
            case BuiltAndAdded():
                self._page().end(intake_words.batch(outcome.batch), failed=False)
            case NotBuilt():
                self._page().end(build_words.not_built(outcome, tree.name), failed=True)
            case BuildCancelled():
                self._page().end(tr("Cancelled. Nothing was built."), failed=True)
        self._advance()

    def _on_failed(self, tree: SourceTree, error: Exception) -> None:
        self._job = None
        self._done.clear()
        self._waiting.clear()
        self._parts.card.end()
        notice = failure_notice(error, try_again=lambda: self.build([tree]), open_folder=self._open_folder)
        self._page().end(notice.sentence, failed=True)
        self._parts.bar.show_notice(notice)
        self.settled.emit()

    # --- the result -----------------------------------------------------------------------------------

    def _tell(self) -> None:
        done, self._done = self._done, []
        added = [outcome for _, outcome in done if isinstance(outcome, BuiltAndAdded)]
        failed = [(tree, outcome) for tree, outcome in done if isinstance(outcome, NotBuilt)]
        if added:
            batch = Batch(tuple(one for outcome in added for one in outcome.batch.outcomes))
            log = Act(tr("Show log"), "terminal", self.show_log, dismisses=False)
            details = self._details(added, failed)
            self._intake.tell(batch, details, (log,) if details else ())
        elif failed:
            self._parts.bar.show_notice(self._failure(failed))
        elif done:
            words = tr("Cancelled. Nothing was built.")
            self._parts.bar.show_notice(Notice(Tone.INFO, words))
        self.settled.emit()

    def _details(
        self, added: Sequence[BuiltAndAdded], failed: Sequence[tuple[SourceTree, NotBuilt]]
    ) -> tuple[Detail, ...]:
        details = [Detail(Tone.ERROR, build_words.not_built(why, tree.name)) for tree, why in failed]
        missing = sum(len(outcome.left_out) for outcome in added)
        if missing:
            details.append(Detail(Tone.WARN, build_words.left_out(missing)))
        return tuple(details)

    def _failure(self, failed: Sequence[tuple[SourceTree, NotBuilt]]) -> Notice:
        trees = [tree for tree, _ in failed]
        acts = (
            Act(tr("Show log"), "terminal", self.show_log, dismisses=False),
            Act(tr("Build again"), "refresh-cw", lambda: self.build(trees)),
        )
        details = self._details((), failed)
        if len(failed) == 1:
            return Notice(Tone.ERROR, details[0].sentence, acts)
        words = tr("{what} weren’t built.", what=amounts.packages(len(failed)))
        return replace(Notice(Tone.ERROR, words, acts, details), unfolded=True)
