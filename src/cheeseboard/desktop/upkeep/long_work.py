"""Runs what takes minutes, one thing at a time: how far it is and Cancel on a card, the end in the bar."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.telling.progress_bar import ProgressCard
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.events import Progress
from cheeseboard.repository.backup import Cancelled

T = TypeVar("T")


class LongWork(QObject):
    """Goes on while its page is closed; the card stays in sight on every page."""

    changed = Signal()

    def __init__(
        self, jobs: Jobs, bar: NoticeBar, card: ProgressCard, open_folder: Callable[[], None]
    ) -> None:
        super().__init__(card)
        self._jobs = jobs
        self._bar = bar
        self._card = card
        self._open_folder = open_folder
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether something is under way; nothing else is begun then."""
        return self._busy

    def run(
        self,
        sentence: str,
        task: Callable[[Job[T]], T],
        done: Callable[[T], None],
        *,
        say: Callable[[Progress], str] | None = None,
        again: Callable[[], None] | None = None,
    ) -> None:
        """Start ``task`` unless something is under way.

        Args:
            sentence: What is being done.
            task: Runs on a worker; raises :class:`Cancelled` when it was cancelled and left nothing.
            done: Told the result.
            say: Words how far it is; None keeps ``sentence``.
            again: Offered when it fails.
        """
        if self._busy:
            return
        self._busy = True

        def succeeded(result: T) -> None:
            self._end()
            done(result)

        def failed(error: Exception) -> None:
            self._end()
            self._on_failed(error, again)

        def progressed(progress: Progress) -> None:
            if self._busy:
                self._card.advance(say(progress) if say else sentence, progress)

        self._bar.dismiss()
        job = self._jobs.run(task, succeeded, failed, progressed)
        self._card.begin(sentence, job.cancel)
        self.changed.emit()

    def tell(self, notice: Notice) -> None:
        """Say how it went."""
        self._bar.show_notice(notice)

    def _end(self) -> None:
        self._busy = False
        self._card.end()
        self.changed.emit()

    def _on_failed(self, error: Exception, again: Callable[[], None] | None) -> None:
        if isinstance(error, Cancelled):
            words = tr("Cancelled. Nothing was changed and nothing is left of it.")
            self._bar.show_notice(Notice(Tone.INFO, words))
            return
        self._bar.show_notice(failure_notice(error, try_again=again, open_folder=self._open_folder))
