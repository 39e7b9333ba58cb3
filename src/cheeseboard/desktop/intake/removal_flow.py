"""The flow of Delete: files to the Trash at once, and back with Undo; nobody is asked "are you sure?"."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Act, Detail, Notice, NoticeBar
from cheeseboard.desktop.words import intake_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.history import History, UndoStep
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.repository.intake import Accepted, Identical, Outcome
from cheeseboard.repository.snapshot import File, Snapshot
from cheeseboard.service import Service

Restore = Callable[[], tuple[Outcome, ...]]


class RemovalFlow(QObject):
    """Moves files to the Trash and restores them; ``restored`` names the first project that came back."""

    restored = Signal(str)

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        bar: NoticeBar,
        history: History,
        open_folder: Callable[[], None],
    ) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._history = history
        self._open_folder = open_folder

    def remove(self, files: tuple[File, ...]) -> None:
        """Move these files to the Trash."""
        if not files:
            return
        before = self._service.snapshot

        def task(job: Job[Restore]) -> Restore:
            del job
            return partial(self._service.restore, self._service.remove(files))

        self._jobs.run(task, lambda restore: self.tell(files, before, restore), self._on_failed)

    def tell(self, files: tuple[File, ...], before: Snapshot, restore: Restore) -> None:
        """Say what went to the Trash, with Undo.

        Args:
            files: What went there.
            before: The snapshot that still had them.
            restore: Brings them back; called on a worker.
        """
        step = UndoStep(lambda: self._restore(restore))
        self._history.push(step)
        undo = Act(tr("Undo"), "undo-2", lambda: self._take_back(step))
        self._bar.show_notice(Notice(Tone.OK, intake_words.trashed(files, before), (undo,)))

    def _take_back(self, step: UndoStep) -> None:
        self._history.undo(step)

    def _restore(self, restore: Restore) -> None:
        def task(job: Job[tuple[Outcome, ...]]) -> tuple[Outcome, ...]:
            del job
            return restore()

        self._jobs.run(task, self._on_restored, self._on_failed)

    def _on_restored(self, outcomes: tuple[Outcome, ...]) -> None:
        left = [one for one in outcomes if not isinstance(one, Accepted | Identical)]
        back = next((one.file.project for one in outcomes if isinstance(one, Accepted)), None)
        if back is not None:
            self.restored.emit(back)
        sentence = intake_words.restored(len(outcomes) - len(left))
        details = tuple(Detail(Tone.WARN, intake_words.outcome(one)) for one in left)
        self._bar.show_notice(
            Notice(Tone.WARN if left else Tone.OK, sentence, details=details, unfolded=bool(left))
        )

    def _on_failed(self, error: Exception) -> None:
        self._bar.show_notice(failure_notice(error, try_again=None, open_folder=self._open_folder))
