"""The core's news, told to the parts of the window that show them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.pages.side_pages import Side
from cheeseboard.desktop.projects.project_rows import RowChange
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Act, Notice
from cheeseboard.desktop.words import first_words
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.events import FileDownloaded
from cheeseboard.server.state import Serving
from cheeseboard.service import Service

if TYPE_CHECKING:
    from cheeseboard.desktop.window.main_window import MainWindow


class CoreNews(QObject):
    """Listens to the bridge; what is shown is read from the service, never from the news."""

    def __init__(self, window: "MainWindow", service: Service, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._service = service
        self._jobs = jobs
        self.problem: str | None = None
        self._page_next = QTimer(self)
        self._page_next.setSingleShot(True)
        self._page_next.timeout.connect(self._on_page_next)
        self._connect()

    def _connect(self) -> None:
        window, bridge = self._window, self._window.bridge
        bridge.snapshot_changed.connect(window.loader.load)
        window.loader.loaded.connect(self._on_rows)
        bridge.scanned.connect(self._on_scanned)
        bridge.folder_changed.connect(self._on_folder)
        bridge.foreign_files_changed.connect(self._on_foreign)
        bridge.server_changed.connect(self._on_server)
        bridge.clients_changed.connect(self._on_clients)
        bridge.access_changed.connect(self._on_access_changed)
        bridge.switched.connect(self._on_switched)
        bridge.neighbours_changed.connect(lambda: window.sides.refresh(Side.NEIGHBOURS))
        bridge.downloaded.connect(self._on_downloaded)
        bridge.asked_for.connect(window.activity.note_requests)
        window.check.found.connect(window.model.note_collisions)
        window.broken.counted.connect(window.status.show_foreign)
        window.broken.found.connect(window.model.note_broken)
        window.broken.found.connect(window.panel.show_broken)

    def open_repository(self) -> None:
        """Open (again); everything that waits for it goes on then."""

        def task(job: Job[None]) -> None:
            del job
            self._service.open()

        self.problem = None
        self._window.show_page()
        self._jobs.run(task, self._on_opened, self._on_open_failed)

    def close(self) -> None:
        """Listen no more."""
        self._window.bridge.close()
        self._page_next.stop()

    # --- the repository and its files -------------------------------------------------------------

    def _on_opened(self, result: None) -> None:
        del result
        self._on_folder()  # a folder may be read-only from the start
        self._on_scanned()
        self._on_foreign()  # no event tells of what earlier starts found
        self._on_clients()
        self._window.check.load()
        self._window.sharing.begin()

    def _on_open_failed(self, error: Exception) -> None:
        window = self._window
        notice = failure_notice(error, try_again=None, open_folder=window.open_folder)
        self.problem = notice.sentence
        window.stage.unusable.hint.setText(notice.sentence)
        window.show_page()

    def _on_switched(self) -> None:
        """Another folder is open: nothing of the former one may stay, undo steps neither."""
        window = self._window
        window.history.clear()
        window.notices.dismiss()
        window.panel.forget()
        window.activity.forget()
        window.first_share.withdraw()
        window.check.cancel()
        window.check.load()
        self.problem = None
        self._on_folder()
        window.header.name.setText(self._service.name)
        window.setWindowTitle(first_words.window_title(self._service.name))

    def _on_scanned(self) -> None:
        self._window.loader.load()
        self._window.intake.advance()

    def _on_rows(self, change: RowChange) -> None:
        window = self._window
        self._jobs.right_of_way.take()
        window.model.change_rows(change)
        if change.gone or change.come:
            window.check.load()  # what pip takes instead depends on what is offered here
        window.header.show_count(len(window.loader.rows))
        if window.stage.page is window.stage.empty and window.loader.rows:
            self._page_next.start()  # the list is laid out and painted in a turn of its own
            window.show_status()
        else:
            window.show_page()
        window.activity.refresh()
        window.sides.refresh(Side.TRASH)
        window.sides.refresh(Side.UPKEEP)

    def _on_page_next(self) -> None:
        self._jobs.right_of_way.take()
        self._window.show_page()

    def _on_folder(self) -> None:
        window, error = self._window, self._service.folder_problem
        problem = None if error is None else failure(error)
        if problem and problem != self.problem:
            again = Act(tr("Try again"), "refresh-cw", self._service.rescan, dismisses=False)
            look = Act(tr("Open folder"), "folder-open", window.open_folder, dismisses=False)
            window.notices.show_notice(Notice(Tone.ERROR, problem, (look, again)))
        elif not problem and self.problem and window.notices.sentence == self.problem:
            window.notices.dismiss()
        self.problem = problem
        window.presence.notifications.note_folder(problem)
        window.show_page()

    def _on_foreign(self) -> None:
        self._window.broken.look()
        self._window.sides.refresh(Side.FOREIGN)

    # --- the server and those who ask it ----------------------------------------------------------

    def _on_server(self) -> None:
        window, state = self._window, self._service.sharing.server_state
        window.share.show_state(state)
        window.sharing.note_state()
        window.presence.note_server()
        self._explain_again()
        window.sides.refresh(Side.PREFERENCES)
        window.sides.refresh(Side.SETUP)
        if isinstance(state, Serving):
            window.sides.refresh(Side.INDEX)

    def _on_access_changed(self) -> None:
        self._window.sides.refresh(Side.ACCESS)
        self._window.sides.refresh(Side.SETUP)
        self._explain_again()

    def _explain_again(self) -> None:
        """Keep true what is said of the network while somebody can read it."""
        window = self._window
        if not window.first_share.is_due:
            return
        if window.share.address:
            window.sharing.look_who_may_read()
        else:
            window.first_share.withdraw()

    def _on_downloaded(self, arrived: tuple[FileDownloaded, ...]) -> None:
        window = self._window
        window.share.note_downloads([event.address for event in arrived])
        window.activity.note_downloads(arrived)
        for event in arrived:
            window.presence.notifications.note_download(event)

    def _on_clients(self) -> None:
        states = self._service.clients.states()
        self._window.status.show_clients(states)
        self._window.panel.show_clients(states)
        self._window.use.refresh()
