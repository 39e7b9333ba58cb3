"""The window: puts the parts in their places and connects them to the flows; it holds no truth of its own."""

import getpass
import logging
import os
import platform
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from packaging.utils import canonicalize_name
from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QWidget

from cheeseboard.desktop.building.build_card import BuildCard
from cheeseboard.desktop.building.build_flow import BuildFlow, BuildParts
from cheeseboard.desktop.first_sight import lay_out, scanning_state
from cheeseboard.desktop.frame.header import Header
from cheeseboard.desktop.frame.menu import MenuActs, make_menu
from cheeseboard.desktop.frame.screen_places import describe_place, restore_place
from cheeseboard.desktop.frame.states import EmptyState, PlainState
from cheeseboard.desktop.frame.status_line import StatusLine
from cheeseboard.desktop.installers.collision_check import CollisionCheck
from cheeseboard.desktop.installers.installer_use import InstallerUse
from cheeseboard.desktop.intake.decision_flow import DecisionFlow
from cheeseboard.desktop.intake.drop_overlay import DropOverlay, Judgement
from cheeseboard.desktop.intake.drops import Drops, local_paths
from cheeseboard.desktop.intake.intake_flow import IntakeFlow
from cheeseboard.desktop.intake.removal_flow import RemovalFlow
from cheeseboard.desktop.look.theme import Scheme, Theme, Tone
from cheeseboard.desktop.pages.activity_drawer import ActivityDrawer
from cheeseboard.desktop.pages.side_pages import Equipment, Side, SidePages
from cheeseboard.desktop.projects.context_menus import ContextActs, files_menu, projects_menu
from cheeseboard.desktop.projects.project_page import ProjectPage, read_page
from cheeseboard.desktop.projects.project_panel import ProjectPanel
from cheeseboard.desktop.projects.project_rows import RowChange
from cheeseboard.desktop.projects.projects_model import ProjectsModel
from cheeseboard.desktop.projects.projects_view import ProjectsView
from cheeseboard.desktop.projects.row_loader import RowLoader
from cheeseboard.desktop.repository_flow import RepositoryFlow
from cheeseboard.desktop.sharing.addresses import address_menu
from cheeseboard.desktop.sharing.first_share import FirstShareCard
from cheeseboard.desktop.sharing.qr_dialog import QrDialog
from cheeseboard.desktop.sharing.share_card import ShareCard
from cheeseboard.desktop.sharing.share_menu import ShareActs, share_menu
from cheeseboard.desktop.sharing.sharing_flow import SharingFlow
from cheeseboard.desktop.system.tray import Tray, TrayActs
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Act, Notice, NoticeBar
from cheeseboard.desktop.telling.notifications import Notifications
from cheeseboard.desktop.telling.progress_bar import ProgressCard
from cheeseboard.desktop.telling.session_bus import notify
from cheeseboard.desktop.upkeep.long_work import LongWork
from cheeseboard.desktop.upkeep.section import UpkeepParts
from cheeseboard.desktop.words import first_words, frame_words, intake_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.bridge import Bridge
from cheeseboard.desktop.work.history import History
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.errors import CheeseboardError
from cheeseboard.events import FileDownloaded
from cheeseboard.repository.intake import Batch
from cheeseboard.repository.snapshot import File, Project
from cheeseboard.server.state import Serving
from cheeseboard.service import Service
from cheeseboard.service.diagnostics import Facts, Person, make_report

logger = logging.getLogger(__name__)

MINUTE_MS = 60_000
PAGE_MS = 80
LOW = 600


def local_now() -> datetime:
    """Return this moment in local time."""
    return datetime.now().astimezone()


class MainWindow(QWidget):
    """One repository's window, or what a :class:`FirstSight` shows from now on."""

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        theme: Theme,
        open_path: Callable[[Path], None],
        now: Callable[[], datetime] = local_now,
        open_url: Callable[[QUrl], object] = QDesktopServices.openUrl,
        logs: Path = Path(),
    ) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._theme = theme
        self._now = now
        self._open_path = open_path
        self._open_url = open_url
        self._logs = logs
        self._tray: Tray | None = None
        self._leaving = False
        self._problem_shown: str | None = None
        self.bridge = Bridge(service.bus)
        self.history = History()
        self._make_parts()
        self._make_flows()
        self._arrange()
        self._connect_parts()
        self._make_timers()
        self._connect_sharing()
        self._connect_core()
        self._connect_keys()
        self.setWindowTitle(first_words.window_title(service.name))
        restore_place(self, service.settings.window_geometry)

    # --- putting it together ----------------------------------------------------------------------

    def _make_parts(self) -> None:
        theme, now = self._theme, self._now
        self.header = Header(
            self._service.name, theme, make_menu(self, self._menu_acts(), self._theme.scheme)
        )
        self.share = ShareCard(theme)
        self.first_share = FirstShareCard(theme)
        self.model = ProjectsModel(now, self)
        self.table = ProjectsView(self.model, theme)
        self.panel = ProjectPanel(theme, now)
        self.empty = EmptyState(theme)
        self.scanning = scanning_state(theme)
        self.nothing = PlainState(
            theme,
            "search",
            tr("Nothing found"),
            tr("No package, version or file has all these words."),
            tr("Clear search"),
            "x",
        )
        self.unusable = PlainState(
            theme,
            "triangle-alert",
            tr("This folder can’t be used"),
            "",
            tr("Try again"),
            "refresh-cw",
        )
        self.notices = NoticeBar(theme)
        self.progress = ProgressCard(theme)
        self.long_progress = ProgressCard(theme)
        self.building = BuildCard(theme, time.monotonic)
        self.status = StatusLine(theme)

    def _make_flows(self) -> None:
        service, jobs, notices = self._service, self._jobs, self.notices
        self.loader = RowLoader(service, jobs)
        self.intake = IntakeFlow(service, jobs, notices, self.progress, self.history, self.open_folder)
        self.long_work = LongWork(jobs, notices, self.long_progress, self.open_folder)
        self.builds = BuildFlow(
            service, jobs, self.intake, self._build_parts(), self._theme, self, self.open_folder
        )
        self.removal = RemovalFlow(service, jobs, notices, self.history, self.open_folder)
        self.decisions = DecisionFlow(
            service, jobs, notices, self.history, self, self._theme, self.open_folder
        )
        self.repositories = RepositoryFlow(
            service, jobs, notices, self._theme, self, self._is_adding, self.open_folder
        )
        self.sharing = SharingFlow(service, jobs, notices)
        self.use = InstallerUse(service, jobs)
        self.check = CollisionCheck(service, jobs)
        self.activity = ActivityDrawer(service, jobs, self._theme, self._now)
        self.notifications = Notifications(self._tell_outside, self.isActiveWindow)

    def _arrange(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        list_page = QStackedWidget()
        list_page.addWidget(self.table)
        list_page.addWidget(self.nothing)
        self._list_page = list_page
        self.splitter.addWidget(list_page)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([640, 352])
        self.pages = QStackedWidget()
        for page in (self.scanning, self.empty, self.splitter, self.unusable):
            self.pages.addWidget(page)
        self.sides = SidePages(self.pages, self._equipment())
        column = lay_out(self)
        column.addWidget(self.header)
        column.addWidget(self.share)
        column.addWidget(self.first_share)
        column.addWidget(self.pages, 1)
        column.addWidget(self.activity)
        column.addWidget(self.progress)
        column.addWidget(self.long_progress)
        column.addWidget(self.building)
        column.addWidget(self.notices)
        column.addSpacing(-8)
        column.addWidget(self.status)
        self.overlay = DropOverlay(self, self._theme)
        self.drops = Drops(self, self.overlay, self._judge)

    def _build_parts(self) -> BuildParts:
        return BuildParts(
            bar=self.notices,
            card=self.building,
            page=lambda: self.sides.build_log,
            show_page=lambda: self.sides.open(Side.BUILD),
        )

    def _is_adding(self) -> bool:
        return self.intake.busy or self.builds.busy or self.long_work.busy

    def _equipment(self) -> Equipment:
        return Equipment(
            service=self._service,
            jobs=self._jobs,
            notices=self.notices,
            theme=self._theme,
            now=self._now,
            open_path=self._open_path,
            open_folder=self.open_folder,
            use=self.use,
            check=self.check,
            make_report=self._make_report,
            make_upkeep_parts=self._upkeep_parts,
        )

    def _upkeep_parts(self) -> UpkeepParts:
        return UpkeepParts(
            service=self._service,
            jobs=self._jobs,
            work=self.long_work,
            intake=self.intake,
            removal=self.removal,
            theme=self._theme,
            now=self._now,
            open_path=self._open_path,
            ask_for_files=self.ask_for_files,
            open_repository=self.repositories.switch,
            show_page=self.open_upkeep,
        )

    def _menu_acts(self) -> MenuActs:
        return MenuActs(
            add_files=self.ask_for_files,
            add_folder=self.ask_for_folder,
            paste=self.paste,
            open_folder=self.open_folder,
            open_trash=self.open_trash,
            open_activity=self.toggle_activity,
            new_repository=self.ask_for_repository,
            open_neighbours=self.open_neighbours,
            open_access=self.open_access,
            open_upkeep=self.open_upkeep,
            open_preferences=self.open_preferences,
            open_diagnostics=self.open_diagnostics,
            choose_theme=self.choose_theme,
            leave=self.leave,
        )

    def _connect_parts(self) -> None:
        self.header.search_changed.connect(self._on_search)
        self.header.add_asked.connect(self.ask_for_files)
        self.header.repositories_asked.connect(lambda place: self.repositories.menu().popup(place))
        self.sides.changed.connect(self._on_side)
        self.sides.closed.connect(self._on_side_closed)
        self.empty.add_asked.connect(self.ask_for_files)
        self.empty.folder_asked.connect(self.open_folder)
        self.nothing.acted.connect(self.header.search.clear)
        self.unusable.acted.connect(self.open_repository)
        self.table.current_changed.connect(self._on_current)
        self.table.removal_asked.connect(self._on_remove_selected)
        self.table.menu_asked.connect(self._on_table_menu)
        self.panel.removal_asked.connect(self.removal.remove)
        self.panel.folder_asked.connect(self._on_show_project)
        self.panel.releases.menu_asked.connect(self._on_files_menu)
        self.panel.why_asked.connect(self.explain)
        self.panel.project_asked.connect(self.show_project)
        self.panel.web_link_asked.connect(self._open_url)
        self.status.clients_asked.connect(self.open_sheet)
        self.status.foreign_asked.connect(self.open_foreign)
        self.status.activity_asked.connect(self.toggle_activity)
        self.activity.closed.connect(self.toggle_activity)
        self.sides.theme_chosen.connect(self.choose_theme)
        self.sides.settings_changed.connect(lambda changes: self._change_settings(**changes))
        self.sides.port_chosen.connect(self.sharing.serve_at)
        self.sides.repositories_asked.connect(self.ask_for_repository)
        self.drops.dropped.connect(self.builds.take)
        self.drops.web_dropped.connect(self._on_web_dropped)
        self.intake.added.connect(self._on_added)

    def _connect_sharing(self) -> None:
        self.share.serve_asked.connect(self.sharing.serve_lan)
        self.share.stop_asked.connect(self.sharing.serve_here)
        self.share.port_asked.connect(self.sharing.serve_at)
        self.share.index_asked.connect(self.open_sheet)
        self.share.setup_asked.connect(self.sharing.copy_setup_line)
        self.share.qr_asked.connect(self.show_qr)
        self.share.addresses_asked.connect(self._on_addresses)
        self.share.more_asked.connect(self._on_more_sharing)
        self.sharing.more_lines_asked.connect(self.open_setup_lines)
        self.sharing.explanation_due.connect(self._on_explanation_due)
        self.first_share.read.connect(self.sharing.note_explained)
        self.first_share.access_asked.connect(self.open_access)

    def _make_timers(self) -> None:
        self._page_soon = QTimer(self)
        self._page_soon.setSingleShot(True)
        self._page_soon.setInterval(PAGE_MS)
        self._page_soon.timeout.connect(self._load_page)
        self._page_next = QTimer(self)
        self._page_next.setSingleShot(True)
        self._page_next.timeout.connect(self._on_page_next)
        self._minutes = QTimer(self)
        self._minutes.setInterval(MINUTE_MS)
        self._minutes.timeout.connect(self.model.refresh_moments)
        self._minutes.start()

    def _connect_core(self) -> None:
        self.bridge.snapshot_changed.connect(self.loader.load)
        self.loader.loaded.connect(self._on_rows)
        self.bridge.scanned.connect(self._on_scanned)
        self.bridge.folder_changed.connect(self._on_folder)
        self.bridge.foreign_files_changed.connect(self._on_foreign)
        self.bridge.server_changed.connect(self._on_server)
        self.bridge.clients_changed.connect(self._on_clients)
        self.bridge.access_changed.connect(self._on_access_changed)
        self.bridge.switched.connect(self._on_switched)
        self.bridge.neighbours_changed.connect(lambda: self.sides.refresh(Side.NEIGHBOURS))
        self.check.found.connect(self.model.note_collisions)
        self.bridge.downloaded.connect(self._on_downloaded)
        self.bridge.asked_for.connect(self.activity.note_requests)

    def _connect_keys(self) -> None:
        standard = QKeySequence.StandardKey
        QShortcut(QKeySequence(standard.Find), self, self.focus_search)
        QShortcut(QKeySequence(standard.Undo), self, self.undo)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.escape)

    # --- start and end ----------------------------------------------------------------------------

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Listen to the core, open the repository off this thread, then serve it on loopback."""
        self.bridge.open()
        self._show_page()
        self.open_repository()
        if paths:
            self.builds.take(paths)

    def open_repository(self) -> None:
        """Open (again); everything that waits for it goes on then."""

        def task(job: Job[None]) -> None:
            del job
            self._service.open()

        self._problem_shown = None
        self._show_page()
        self._show_status()
        self._jobs.run(task, self._on_opened, self._on_open_failed)

    def _on_opened(self, result: None) -> None:
        del result
        self._on_scanned()
        self._on_clients()
        self.check.load()
        self.sharing.begin()

    def _on_scanned(self) -> None:
        self.loader.load()
        self.intake.advance()

    def _on_open_failed(self, error: Exception) -> None:
        notice = failure_notice(error, try_again=None, open_folder=self.open_folder)
        self._problem_shown = notice.sentence
        self.unusable.hint.setText(notice.sentence)
        self._show_page()
        self._show_status()

    def add_tray(self) -> None:
        """Keep an icon in the tray from now on; closing then leaves the network served."""
        acts = TrayActs(
            show=self.come_forward,
            serve=self.sharing.serve_lan,
            stop=self.sharing.serve_here,
            copy=lambda: QGuiApplication.clipboard().setText(self.share.address),
            leave=self.leave,
        )
        self._tray = Tray(self, acts)
        self._tray.show_state(self._service.sharing.server_state)

    def _tell_outside(self, title: str, text: str) -> None:
        """Show a notification: by the tray's icon, else by the desktop itself."""
        if self._tray is not None:
            self._tray.tell(title, text)
            return

        def task(job: Job[bool]) -> bool:
            del job
            return notify(os.environ, title, text)

        self._jobs.run(
            task, lambda _shown: None, lambda error: logger.warning("No notification", exc_info=error)
        )

    def come_forward(self) -> None:
        """Show the window above the others."""
        window = self.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def take_files(self, files: Sequence[Path]) -> None:
        """Add what a second start was given."""
        self.come_forward()
        if files:
            self.builds.take(files)

    def leave(self) -> None:
        """Close for good, tray or not."""
        self._leaving = True
        self.window().close()
        QGuiApplication.quit()

    def _stays_in_tray(self) -> bool:
        state = self._service.sharing.server_state
        return self._tray is not None and not self._leaving and isinstance(state, Serving) and state.lan

    def tell_last_crash(self) -> None:
        """Say once that the start before ended badly."""
        act = Act(tr("Diagnostics…"), "life-buoy", self.open_diagnostics)
        words = tr("Cheeseboard ended unexpectedly the last time. Your packages are safe.")
        self.notices.show_notice(Notice(Tone.WARN, words, (act,)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay in the tray while the network is served; else remember where the window stood, and end."""
        if self._stays_in_tray() and self._tray is not None:
            self._tray.tell_once()
            self.window().hide()
            event.ignore()
            return
        self._change_settings(window_geometry=describe_place(self.window()))
        self.bridge.close()
        self._page_soon.stop()
        self._page_next.stop()
        self._minutes.stop()
        super().closeEvent(event)

    def _judge(self, paths: Sequence[Path]) -> tuple[Judgement, ...]:
        return tuple(
            Judgement(one.path.name, one.accepted, one.is_folder, intake_words.foreseen(one))
            for one in self._service.preview(paths)
        )

    # --- the core's news --------------------------------------------------------------------------

    def _on_switched(self) -> None:
        """Another folder is open: nothing of the former one may stay, undo steps neither."""
        self.history.clear()
        self.notices.dismiss()
        self.panel.forget()
        self.activity.forget()
        self.first_share.withdraw()
        self.check.cancel()
        self.check.load()
        self._problem_shown = None
        self.header.name.setText(self._service.name)
        self.setWindowTitle(first_words.window_title(self._service.name))

    def _on_rows(self, change: RowChange) -> None:
        self._jobs.right_of_way.take()
        self.model.change_rows(change)
        self.header.show_count(len(self.loader.rows))
        if self.pages.currentWidget() is self.empty and self.loader.rows:
            self._page_next.start()  # the list is laid out and painted in a turn of its own
        else:
            self._show_page()
        self._show_status()
        self.activity.refresh()
        self.sides.refresh(Side.TRASH)
        self.sides.refresh(Side.UPKEEP)

    def _on_page_next(self) -> None:
        self._jobs.right_of_way.take()
        self._show_page()

    def _on_folder(self) -> None:
        problem = self._service.folder_problem
        if problem and problem != self._problem_shown:
            act = Act(tr("Open folder"), "folder-open", self.open_folder, dismisses=False)
            self.notices.show_notice(Notice(Tone.ERROR, problem, (act,)))
        elif not problem and self._problem_shown and self.notices.sentence == self._problem_shown:
            self.notices.dismiss()
        self._problem_shown = problem
        self.notifications.note_folder(problem)
        self._show_page()
        self._show_status()

    def _on_foreign(self) -> None:
        self.status.show_foreign(len(self._service.foreign_files))
        self.sides.refresh(Side.FOREIGN)

    def _on_downloaded(self, arrived: tuple[FileDownloaded, ...]) -> None:
        self.share.note_downloads([event.address for event in arrived])
        self.activity.note_downloads(arrived)
        for event in arrived:
            self.notifications.note_download(event)

    def _on_server(self) -> None:
        self.share.show_state(self._service.sharing.server_state)
        self.sharing.note_state()
        self.notifications.note_server(self._service.sharing.server_state)
        self._explain_again()
        if self._tray is not None:
            self._tray.show_state(self._service.sharing.server_state)
        self.sides.refresh(Side.PREFERENCES)
        self.sides.refresh(Side.SETUP)
        if isinstance(self._service.sharing.server_state, Serving):
            self.sides.refresh(Side.INDEX)

    def _on_explanation_due(self, private: bool) -> None:
        self.first_share.explain(self.share.address, private=private)

    def _on_access_changed(self) -> None:
        self.sides.refresh(Side.ACCESS)
        self.sides.refresh(Side.SETUP)
        self._explain_again()

    def _explain_again(self) -> None:
        """Keep true what is said of the network while somebody can read it."""
        if not self.first_share.is_due:
            return
        if self.share.address:
            self.sharing.look_who_may_read()
        else:
            self.first_share.withdraw()

    def _on_clients(self) -> None:
        self.status.show_clients(self._service.clients.states())
        self.use.refresh()

    def _show_status(self) -> None:
        problem = bool(self._service.folder_problem or self._problem_shown)
        scanning = not self._service.opened and not self._problem_shown
        self.status.facts.setText(
            frame_words.status(self._service.snapshot, scanning=scanning, problem=problem)
        )

    def _show_page(self) -> None:
        page: QWidget
        if (side := self.sides.page) is not None:
            page = side
        elif self.loader.rows:
            page = self.splitter
        elif self._service.opened:
            page = self.empty
        elif self._problem_shown:
            page = self.unusable
        else:
            page = self.scanning
        found = self.model.rowCount() > 0
        self._list_page.setCurrentWidget(self.table if found else self.nothing)
        self.header.add.setVisible(page is not self.empty)
        self.share.serve.setEnabled(page is not self.unusable)
        if page is not self.pages.currentWidget():
            self.pages.setCurrentWidget(page)
            if page is self.empty:
                self.empty.add.setFocus()
            elif page is self.splitter and not self.header.search.hasFocus():
                self.table.setFocus()

    # --- what the user does -----------------------------------------------------------------------

    def ask_for_files(self) -> None:
        """Let the user choose files."""
        kinds = tr("Packages (*.whl *.tar.gz *.zip)") + ";;" + tr("All files (*)")
        chosen, _ = QFileDialog.getOpenFileNames(self, tr("Add files"), "", kinds)
        if chosen:
            self.intake.add([Path(name) for name in chosen])

    def ask_for_folder(self) -> None:
        """Let the user choose a folder to search."""
        chosen = QFileDialog.getExistingDirectory(self, tr("Add all packages of a folder"))
        if chosen:
            self.builds.take([Path(chosen)])

    def ask_for_repository(self) -> None:
        """Let the user choose a folder for another repository."""
        self.repositories.ask_for_new()

    def paste(self) -> None:
        """Add the files on the clipboard."""
        paths = local_paths(QGuiApplication.clipboard().mimeData())
        if paths:
            self.builds.take(paths)

    def open_folder(self) -> None:
        """Show the managed folder in the file manager."""
        self._open_path(self._service.folder)

    def focus_search(self) -> None:
        """Go to the search field."""
        self.header.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search.selectAll()

    def undo(self) -> None:
        """Take back the newest act."""
        self.history.undo()

    def escape(self) -> None:
        """Leave what is nearest: the overlay, the sheet, the search, the notice."""
        if not self.overlay.isHidden():
            self.overlay.hide()
        elif self.sides.shown is not None:
            self.sides.close()
        elif self.header.search.text():
            self.header.search.clear()
        elif self.notices.sentence or self.first_share.isHidden():
            self.notices.dismiss()
        else:
            self.first_share.dismiss()

    def open_sheet(self) -> None:
        """Show *Set as extra index*, and work out what would change."""
        self.sides.open(Side.INDEX)

    def show_qr(self, address: str) -> QrDialog:
        """Show an address as a QR code."""
        dialog = QrDialog(address, self._theme, self)
        dialog.open()
        return dialog

    def _on_addresses(self, place: QPoint) -> None:
        chosen = bool(self._service.settings.shown_address)
        choices = self._service.sharing.address_choices()
        address_menu(self, choices, self.sharing.choose_address, chosen_by_user=chosen).popup(place)

    def _on_more_sharing(self, place: QPoint) -> None:
        acts = ShareActs(
            copy_line=self.sharing.copy_setup_line,
            copy_windows_line=lambda: self.sharing.copy_setup_line(windows=True),
            open_lines=self.open_setup_lines,
            copy_address=self.share.copy_address,
            show_qr=lambda: self.show_qr(self.share.address),
            choose_address=self.share.choose_address,
            open_access=self.open_access,
        )
        share_menu(self, self._theme, acts, shared=bool(self.share.address)).popup(place)

    def open_setup_lines(self) -> None:
        """Show what colleagues can paste."""
        self.sides.open(Side.SETUP)

    def open_trash(self) -> None:
        """Show what was removed."""
        self.sides.open(Side.TRASH)

    def open_foreign(self) -> None:
        """Show what lies in the folder and was not taken in."""
        self.sides.open(Side.FOREIGN)

    def open_neighbours(self) -> None:
        """Show what others announce on this network."""
        self.sides.open(Side.NEIGHBOURS)

    def open_preferences(self) -> None:
        """Show what can be set."""
        self.sides.open(Side.PREFERENCES)

    def open_access(self) -> None:
        """Show who may publish and read."""
        self.sides.open(Side.ACCESS)

    def open_upkeep(self) -> None:
        """Show what keeps the repository in order."""
        self.sides.open(Side.UPKEEP)

    def open_diagnostics(self) -> None:
        """Show what could be sent to somebody who helps."""
        self.sides.open(Side.DIAGNOSTICS)

    def _make_report(self) -> str:
        """Return the report; called on a worker."""
        service = self._service
        facts = Facts(
            settings=service.settings,
            folder=service.folder,
            folder_problem=service.folder_problem,
            snapshot=service.snapshot,
            foreign_reasons=[str(one.refusal.reason) for one in service.foreign_files],
            server_state=service.sharing.server_state,
            client_states=service.clients.states(),
            environ=os.environ,
            log=self._logs / "cheeseboard.log",
            last_crash=self._logs / "last-crash.log",
        )
        return make_report(facts, Person(Path.home(), getpass.getuser(), platform.node()))

    def _on_side(self) -> None:
        self.share.show_sheet_open(opened=self.sides.shown is Side.INDEX)
        self._make_way()
        self._show_page()

    def _on_side_closed(self, was: Side) -> None:
        if was is Side.INDEX:
            (self.share.index if self.share.index.isVisible() else self.status.clients).setFocus()
        elif self.splitter.isVisible():
            self.table.setFocus()

    def toggle_activity(self) -> None:
        """Open the drawer, or close it."""
        opened = self.activity.isHidden()
        self.activity.setVisible(opened)
        self._make_way()
        self.activity.refresh()
        (self.activity.list if opened else self.status.activity).setFocus()

    def choose_theme(self, scheme: Scheme) -> None:
        """Switch at once and remember it."""
        self._theme.choose(scheme)
        self._change_settings(theme=scheme.value)

    def _change_settings(self, **changes: str | int) -> None:
        try:
            self._service.change_settings(**changes)
        except (CheeseboardError, ValueError) as error:
            self.notices.show_notice(failure_notice(error, try_again=None, open_folder=self.open_folder))

    def _on_search(self, text: str) -> None:
        self.model.filter(text)
        self._show_page()

    def _on_current(self, project: Project | None) -> None:
        self.panel.setVisible(project is not None)
        if project is not None and project is not self.panel.project:
            self.panel.show_project(project)
            self._page_soon.start()

    def _load_page(self) -> None:
        project = self.panel.project
        if project is None or not project.files:
            return
        newest, here = project.files[0], self._service.snapshot.projects.keys()

        def task(job: Job[ProjectPage]) -> ProjectPage:
            del job
            return read_page(project, self._service.metadata_of(newest), self._service.downloads(), here)

        def done(page: ProjectPage) -> None:
            if self.panel.project is project:
                self.panel.show_page(page)

        self._jobs.run(task, done, lambda error: logger.warning("No metadata", exc_info=error))

    def _on_web_dropped(self, url: QUrl) -> None:
        """Fetch nothing by ourselves: say so, and offer the browser."""

        def open_it() -> None:
            self._open_url(url)

        act = Act(tr("Open in browser"), "arrow-right", open_it)
        words = tr("Nothing was fetched from {host}. Download the file, then drop it here.", host=url.host())
        self.notices.show_notice(Notice(Tone.INFO, words, (act,)))

    def _on_added(self, batch: Batch) -> None:
        self.table.select_soon(batch.accepted[0].file.project)

    def _on_remove_selected(self) -> None:
        self.removal.remove(
            tuple(file for project in self.table.selected_projects() for file in project.files)
        )

    def _on_table_menu(self, position: QPoint) -> None:
        projects = self.table.selected_projects()
        if not projects:
            return
        projects_menu(self, self._theme, self._context_acts(), projects).popup(position)

    def _on_files_menu(self, files: tuple[File, ...], position: QPoint) -> None:
        files_menu(self, self._theme, self._context_acts(), files).popup(position)

    def _context_acts(self) -> ContextActs:
        return ContextActs(
            show=lambda file: self._open_path(self._service.path_of(file).parent),
            yank=self.decisions.ask_to_yank,
            unyank=self.decisions.unyank,
            set_status=self.decisions.set_status,
            explain=self.explain,
            remove=self.removal.remove,
            path_of=self._service.path_of,
        )

    def explain(self, project: Project) -> None:
        """Say which file of a project installs where, and why the others do not."""
        self.sides.explain(project)

    def show_project(self, name: str) -> None:
        """Go to a project, whatever is searched for at the moment."""
        self.header.search.clear()
        self.table.select(canonicalize_name(name))

    def _on_show_project(self, project: Project) -> None:
        if project.files:
            self._open_path(self._service.path_of(project.files[0]).parent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the overlay over everything."""
        super().resizeEvent(event)
        self.overlay.setGeometry(self.rect())
        self._make_way()

    def _make_way(self) -> None:
        """Leave a page, and a drawer in a low window, the room that an explanation would take."""
        low = self.height() < LOW and not self.activity.isHidden()
        self.first_share.make_way(wanted=low or self.sides.shown is not None)
