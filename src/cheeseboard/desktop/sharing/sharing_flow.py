"""The flow of *Serve on LAN* and *Stop*: asks the service off the Qt thread; the share card shows it."""

import logging

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.sharing.addresses import address_news
from cheeseboard.desktop.telling.notice_bar import Act, Notice, NoticeBar
from cheeseboard.desktop.words import sharing_words
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.errors import CheeseboardError
from cheeseboard.server.access.tokens import Reading
from cheeseboard.server.state import Failed, ServerState, Serving
from cheeseboard.service import Service

logger = logging.getLogger(__name__)


class SharingFlow(QObject):
    """While a window is open its repository is served on loopback; the user widens that and back."""

    explanation_due = Signal(bool)
    more_lines_asked = Signal()

    def __init__(self, service: Service, jobs: Jobs, bar: NoticeBar) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._ready = False
        self._wants_lan = False
        self._before: Serving | None = None

    def begin(self) -> None:
        """The repository is open: serve this computer, or the network if that was asked for meanwhile."""
        self._ready = True
        self._serve(lan=self._wants_lan, port=None)

    def serve_here(self) -> None:
        """Serve this computer only; also what *Stop* does."""
        self._serve(lan=False, port=None)

    def serve_lan(self) -> None:
        """Serve the network; after a failure, what was asked for then."""
        state = self._service.sharing.server_state
        self._serve(lan=state.lan if isinstance(state, Failed) else True, port=None)

    def serve_at(self, port: int) -> None:
        """Serve at another port, as widely as now, or as was asked for before it failed."""
        state = self._service.sharing.server_state
        self._serve(lan=isinstance(state, Serving | Failed) and state.lan, port=port)

    def copy_setup_line(self, *, windows: bool = False) -> None:
        """Copy what a colleague pastes into a terminal (words 11)."""

        def task(job: Job[str]) -> str:
            del job
            return self._service.sharing.join_line(windows=windows)

        def done(line: str) -> None:
            QGuiApplication.clipboard().setText(line)
            words = tr("For Windows") if not windows else tr("For Linux and macOS")
            other = Act(words, "copy", lambda: self.copy_setup_line(windows=not windows), dismisses=False)
            more = Act(tr("More ways…"), "", self.more_lines_asked.emit)
            self._bar.show_notice(Notice(Tone.OK, sharing_words.setup_line_copied(), (other, more)))

        self._jobs.run(task, done, self._on_failed)

    def choose_address(self, host: str) -> None:
        """Show this host to colleagues from now on; "" for the likeliest."""

        def task(job: Job[None]) -> None:
            del job
            self._service.sharing.choose_address(host)

        self._jobs.run(task, lambda _result: None, self._on_failed)

    def note_state(self) -> None:
        """Tell when the network gave this computer another address."""
        state = self._service.sharing.server_state
        if not isinstance(state, Serving):
            self._before = None
            return
        before, self._before = self._before, state
        still_works = address_news(before, state) if before is not None else None
        if still_works is None:
            return
        again = Act(tr("Copy setup line"), "terminal", self.copy_setup_line)
        words = sharing_words.address_changed(still_works=still_works)
        tone = Tone.INFO if still_works else Tone.WARN
        self._bar.show_notice(Notice(tone, words, () if still_works else (again,)))

    def _serve(self, *, lan: bool, port: int | None) -> None:
        self._wants_lan = lan
        if not self._ready:
            return

        def task(job: Job[Serving]) -> Serving:
            del job
            return self._service.sharing.serve(lan=lan, port=port)

        self._jobs.run(task, self._on_served, self._on_failed)

    def _on_served(self, serving: Serving) -> None:
        logger.info("Serving at %s", serving.urls)
        if serving.lan and str(self._service.folder) not in self._service.settings.network_explained:
            self.look_who_may_read()

    def look_who_may_read(self) -> None:
        """Find out who may download from the network, and tell whoever explains it."""

        def task(job: Job[Reading]) -> Reading:
            del job
            return self._service.access.reading

        def done(reading: Reading) -> None:
            if is_on_network(self._service.sharing.server_state):
                self.explanation_due.emit(reading is Reading.TOKEN)

        self._jobs.run(task, done, self._on_failed)

    def note_explained(self) -> None:
        """Remember for this repository that its owner was told."""
        known, folder = self._service.settings.network_explained, str(self._service.folder)
        if folder in known:
            return
        try:
            self._service.change_settings(network_explained=(*known, folder))
        except CheeseboardError as error:
            logger.warning("It will be explained again: %s", error)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(self._service.sharing.server_state, Failed):
            return  # the share card says why and offers the way out
        if not isinstance(error, CheeseboardError):
            logger.error("Serving failed", exc_info=error)
        self._bar.show_notice(Notice(Tone.ERROR, failure(error)))


def is_on_network(state: ServerState) -> bool:
    """Tell whether colleagues are served now."""
    return isinstance(state, Serving) and state.lan
