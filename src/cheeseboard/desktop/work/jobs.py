"""Work off the Qt thread: cancellable, with progress, its result delivered back on the Qt thread."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, Signal

from cheeseboard.desktop.work.giving_way import RightOfWay
from cheeseboard.events import Progress

logger = logging.getLogger(__name__)

REPORT_EVERY_SECONDS = 0.1

T = TypeVar("T")


class Job(QObject, Generic[T]):
    """One piece of work under way; ``report`` and ``cancelled`` are what the worker may touch."""

    progressed = Signal(Progress)
    ended = Signal()

    _settled = Signal(object, object)

    def __init__(
        self,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        give_way: Callable[[], None],
    ) -> None:
        super().__init__()
        self._give_way = give_way
        self._cancel = threading.Event()
        self._reported = 0.0
        self._done = done
        self._failed = failed
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the worker to stop at the next good moment."""
        self._cancel.set()

    def cancelled(self) -> bool:
        """Tell whether somebody asked to stop; any thread. Whoever asks often lets the window go first."""
        if not self._cancel.is_set():
            self._give_way()
        return self._cancel.is_set()

    def report(self, progress: Progress) -> None:
        """Say how far it is; any thread. Reports too dense for an eye are dropped, the last never."""
        self._give_way()
        now = time.monotonic()
        if progress.done >= progress.total or now - self._reported >= REPORT_EVERY_SECONDS:
            self._reported = now
            self.progressed.emit(progress)

    def work(self, task: Callable[["Job[T]"], T]) -> None:
        """Run ``task``; called on a worker thread."""
        try:
            result = task(self)
        except Exception as error:  # noqa: BLE001  # whatever went wrong is told to who asked for the work
            self._settled.emit(None, error)
        else:
            self._settled.emit(result, None)

    def _on_settled(self, result: T, error: Exception | None) -> None:
        try:
            if error is None:
                self._done(result)
            else:
                self._failed(error)
        finally:
            self.ended.emit()


class Jobs(QObject):
    """Runs jobs on a few threads and keeps them alive until their result was delivered."""

    def __init__(self, executor: Executor | None = None) -> None:
        super().__init__()
        self._executor = executor or ThreadPoolExecutor(max_workers=4, thread_name_prefix="window-job")
        self.right_of_way = RightOfWay(QAbstractEventDispatcher.instance())
        self._running: set[Job[object]] = set()
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether any job has not delivered its result."""
        return bool(self._running)

    def run(
        self,
        task: Callable[[Job[T]], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        progressed: Callable[[Progress], None] | None = None,
    ) -> Job[T]:
        """Start ``task`` on a worker; ``done`` or ``failed`` is called later on the Qt thread.

        Args:
            task: Gets the job, to report progress and to ask whether it was cancelled. No Qt in there.
            done: Told the result.
            failed: Told the exception, whatever it was.
            progressed: Told how far it is.

        After :meth:`close` nothing is started any more.
        """
        job: Job[T] = Job(done, failed, self.right_of_way.give)
        if progressed is not None:
            job.progressed.connect(progressed, Qt.ConnectionType.QueuedConnection)
        if self._closed:
            return job
        self._running.add(job)  # type: ignore[arg-type]  # a set of jobs of every kind
        job.ended.connect(lambda: self._running.discard(job))
        self._executor.submit(job.work, task)
        return job

    def close(self) -> None:
        """Cancel what runs and wait for the workers; results that arrive afterwards go nowhere."""
        if self._closed:
            return
        self._closed = True
        for job in tuple(self._running):
            job.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._running.clear()
