"""The window: puts the parts in their places and connects them to the flows; it holds no truth of its own."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QWidget

from cheeseboard.desktop.building.build_card import BuildCard
from cheeseboard.desktop.building.build_flow import BuildFlow, BuildParts
from cheeseboard.desktop.first_sight import lay_out
from cheeseboard.desktop.frame.header import Header
from cheeseboard.desktop.frame.menu import MenuActs, make_menu
from cheeseboard.desktop.frame.status_line import StatusLine
from cheeseboard.desktop.installers.collision_check import CollisionCheck
from cheeseboard.desktop.installers.installer_use import InstallerUse
from cheeseboard.desktop.intake.decision_flow import DecisionFlow
from cheeseboard.desktop.intake.drop_overlay import DropOverlay, Judgement
from cheeseboard.desktop.intake.drops import Drops
from cheeseboard.desktop.intake.intake_flow import IntakeFlow
from cheeseboard.desktop.intake.removal_flow import RemovalFlow
from cheeseboard.desktop.look.tab_order import follow_layout
from cheeseboard.desktop.look.theme import Scheme, Theme, Tone
from cheeseboard.desktop.pages.activity_drawer import ActivityDrawer
from cheeseboard.desktop.pages.side_pages import Equipment, Side, SidePages
from cheeseboard.desktop.projects.broken_files import BrokenFiles
from cheeseboard.desktop.projects.project_panel import ProjectPanel
from cheeseboard.desktop.projects.projects_model import ProjectsModel
from cheeseboard.desktop.projects.projects_view import ProjectsView
from cheeseboard.desktop.projects.row_loader import RowLoader
from cheeseboard.desktop.projects.selection_panel import SelectionPanel
from cheeseboard.desktop.projects.sort_menu import SortMenu
from cheeseboard.desktop.sharing.addresses import address_menu
from cheeseboard.desktop.sharing.first_share import FirstShareCard
from cheeseboard.desktop.sharing.qr_dialog import QrDialog
from cheeseboard.desktop.sharing.share_card import ShareCard
from cheeseboard.desktop.sharing.share_menu import ShareActs, share_menu
from cheeseboard.desktop.sharing.sharing_flow import SharingFlow
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Act, Notice, NoticeBar
from cheeseboard.desktop.telling.progress_bar import ProgressCard
from cheeseboard.desktop.upkeep.long_work import LongWork
from cheeseboard.desktop.upkeep.section import UpkeepParts
from cheeseboard.desktop.window.browsing import Browsing
from cheeseboard.desktop.window.core_news import CoreNews
from cheeseboard.desktop.window.kept_state import describe_state, restore_state
from cheeseboard.desktop.window.presence import Presence
from cheeseboard.desktop.window.repository_flow import RepositoryFlow
from cheeseboard.desktop.window.stage import Stage
from cheeseboard.desktop.window.ways_in import WaysIn
from cheeseboard.desktop.words import first_words, frame_words, intake_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.bridge import Bridge
from cheeseboard.desktop.work.history import History
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.errors import CheeseboardError
from cheeseboard.repository.intake import Batch
from cheeseboard.repository.snapshot import Project
from cheeseboard.service import Service

MINUTE_MS = 60_000
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
        self._came_from: QWidget | None = None
        self.bridge = Bridge(service.bus)
        self.history = History()
        self._make_parts()
        self._make_flows()
        self._arrange()
        self.news = CoreNews(self, service, jobs)
        self._connect_parts()
        self._connect_sharing()
        self._connect_keys()
        self._minutes = QTimer(self)
        self._minutes.setInterval(MINUTE_MS)
        self._minutes.timeout.connect(self.model.refresh_moments)
        self._minutes.timeout.connect(lambda: self.panel.releases.refresh_moments(self._now()))
        self._minutes.start()
        self.setWindowTitle(first_words.window_title(service.name))
        restore_state(self, service.settings)

    # --- putting it together ----------------------------------------------------------------------

    def _make_parts(self) -> None:
        theme, now = self._theme, self._now
        self.share = ShareCard(theme)
        self.first_share = FirstShareCard(theme)
        self.model = ProjectsModel(now, self)
        self.table = ProjectsView(self.model, theme)
        self.panel = ProjectPanel(theme, now)
        self.selection = SelectionPanel(theme)
        self.stage = Stage(self.table, self.panel, self.selection, theme)
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
        self.broken = BrokenFiles(service, jobs)
        self.activity = ActivityDrawer(service, jobs, self._theme, self._now)
        self.presence = Presence(self, service, jobs)
        self.ways_in = WaysIn(self, self.intake, self.builds, notices, self._open_url)

    def _arrange(self) -> None:
        theme = self._theme
        self.header = Header(self._service.name, theme, make_menu(self, self._menu_acts(), theme.scheme))
        self.browsing = Browsing(
            self, self._service, self._jobs, theme, self.header, self.table, self.panel, self.stage
        )
        self.sides = SidePages(self.stage.pages, self._equipment())
        column = lay_out(self)
        column.addWidget(self.header)
        column.addWidget(self.share)
        column.addWidget(self.first_share)
        column.addWidget(self.stage.pages, 1)
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
            logs=self._logs,
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
            ask_for_files=self.ways_in.ask_for_files,
            open_repository=self.repositories.switch,
            show_page=self.open_upkeep,
        )

    def _menu_acts(self) -> MenuActs:
        return MenuActs(
            add_files=self.ways_in.ask_for_files,
            add_folder=self.ways_in.ask_for_folder,
            paste=self.ways_in.paste,
            open_folder=self.open_folder,
            open_trash=self.open_trash,
            open_activity=self.toggle_activity,
            new_repository=self.repositories.ask_for_new,
            open_neighbours=self.open_neighbours,
            open_access=self.open_access,
            open_upkeep=self.open_upkeep,
            open_preferences=self.open_preferences,
            open_diagnostics=self.open_diagnostics,
            choose_theme=self.choose_theme,
            sorting=partial(SortMenu, self.table),
            leave=self.presence.leave,
        )

    def _connect_parts(self) -> None:
        self.header.search_changed.connect(self._on_search)
        self.header.add_asked.connect(self.ways_in.ask_for_files)
        self.header.repositories_asked.connect(lambda place: self.repositories.menu().popup(place))
        self.sides.changed.connect(self._on_side)
        self.sides.closed.connect(self._on_side_closed)
        self.sides.theme_chosen.connect(self.choose_theme)
        self.sides.settings_changed.connect(lambda changes: self._change_settings(**changes))
        self.sides.port_chosen.connect(self.sharing.serve_at)
        self.sides.repositories_asked.connect(self.repositories.ask_for_new)
        self.stage.empty.add_asked.connect(self.ways_in.ask_for_files)
        self.stage.empty.folder_asked.connect(self.open_folder)
        self.stage.nothing.acted.connect(self.header.search.clear)
        self.stage.unusable.acted.connect(self.news.open_repository)
        self.browsing.connect_acts(
            self.removal, self.decisions, self.explain, self._open_path, self._open_url
        )
        self.panel.setup_asked.connect(self.open_sheet)
        self.panel.broken.asked.connect(self.open_foreign_file)
        self.status.clients_asked.connect(self.open_sheet)
        self.status.foreign_asked.connect(self.open_foreign)
        self.status.activity_asked.connect(self.toggle_activity)
        self.activity.closed.connect(self.toggle_activity)
        self.drops.dropped.connect(self.builds.take)
        self.drops.web_dropped.connect(self.ways_in.on_web_dropped)
        self.intake.added.connect(self._on_added)
        self.intake.adding_changed.connect(self.model.note_adding)
        self.removal.restored.connect(self.table.select_soon)

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

    def _connect_keys(self) -> None:
        standard = QKeySequence.StandardKey
        QShortcut(QKeySequence(standard.Find), self, self.focus_search)
        QShortcut(QKeySequence(standard.Undo), self, self.undo)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.escape)

    # --- start and end ----------------------------------------------------------------------------

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Listen to the core, open the repository off this thread, then serve it on loopback."""
        self.bridge.open()
        self.news.open_repository()
        self.ways_in.take(paths)

    def add_tray(self) -> None:
        """Keep an icon in the tray from now on; closing then leaves the network served."""
        self.presence.add_tray(self.sharing.serve_lan, self.sharing.serve_here, lambda: self.share.address)

    def take_files(self, files: Sequence[Path]) -> None:
        """Add what a second start was given."""
        self.presence.come_forward()
        self.ways_in.take(files)

    def tell_last_crash(self) -> None:
        """Say once that the start before ended badly."""
        act = Act(tr("Diagnostics…"), "life-buoy", self.open_diagnostics)
        words = tr("Cheeseboard ended unexpectedly the last time. Your packages are safe.")
        self.notices.show_notice(Notice(Tone.WARN, words, (act,)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay in the tray while the network is served; else remember how the window was, and end."""
        if self.presence.stay():
            event.ignore()
            return
        self._change_settings(**describe_state(self))
        self.news.close()
        self.browsing.close()
        self._minutes.stop()
        super().closeEvent(event)

    # --- what is shown ----------------------------------------------------------------------------

    def show_page(self) -> None:
        """Show what fits how things are: a page that was opened, the list, or why there is none."""
        page: QWidget
        if (side := self.sides.page) is not None:
            page = side
        elif self.loader.rows:
            page = self.stage.splitter
        elif self._service.opened:
            # Many rows are made on a worker: until then the list is not empty, but not there yet.
            page = self.stage.scanning if self._service.snapshot.projects else self.stage.empty
        elif self.news.problem:
            page = self.stage.unusable
        else:
            page = self.stage.scanning
        self.stage.show_found(found=self.model.rowCount() > 0)
        self.header.add.setVisible(page is not self.stage.empty)
        self.share.serve.setEnabled(page is not self.stage.unusable)
        self.stage.show(page, takes_focus=not self.header.search.hasFocus())
        self.show_status()

    def show_status(self) -> None:
        """Count what is there."""
        problem = bool(self._service.folder_problem or self.news.problem)
        scanning = not self._service.opened and not self.news.problem
        words = frame_words.status(self._service.snapshot, scanning=scanning, problem=problem)
        self.status.facts.setText(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the overlay over everything."""
        super().resizeEvent(event)
        self.overlay.setGeometry(self.rect())
        self._make_way()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  # Qt's name
        """Go on as the eye does, also to what was made just now."""
        follow_layout(self)
        return super().focusNextPrevChild(next)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the pictures in lists anew in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "news"):
            self.activity.refresh()
            self.sides.refresh(Side.WHY)

    def _make_way(self) -> None:
        """Leave a page, and a drawer in a low window, the room that an explanation would take."""
        low = self.height() < LOW and not self.activity.isHidden()
        self.first_share.make_way(wanted=low or self.sides.shown is not None)

    def _judge(self, paths: Sequence[Path]) -> tuple[Judgement, ...]:
        return tuple(
            Judgement(one.path.name, one.accepted, one.is_folder, intake_words.foreseen(one))
            for one in self._service.preview(paths)
        )

    def _on_side(self) -> None:
        if self.stage.splitter.isVisible() or self._came_from is None:
            self._came_from = self.window().focusWidget()
        self.share.show_sheet_open(opened=self.sides.shown is Side.INDEX)
        self._make_way()
        self.show_page()

    def _on_side_closed(self, was: Side) -> None:
        came_from, self._came_from = self._came_from, None
        if self.header.search.hasFocus():
            return  # a search that leads back goes on
        if came_from is not None and came_from.isVisible():
            came_from.setFocus()
        elif was is Side.INDEX:
            (self.share.index if self.share.index.isVisible() else self.status.clients).setFocus()
        elif self.stage.splitter.isVisible():
            self.table.setFocus()

    def _on_search(self, text: str) -> None:
        """Show what is found, also while another page stands in the list's place."""
        self.model.filter(text)
        if text and self.sides.shown is not None:
            self.sides.close()
        self.show_page()

    def _on_added(self, batch: Batch) -> None:
        self.table.select_soon(batch.accepted[0].file.project)

    def _on_explanation_due(self, private: bool) -> None:
        self.first_share.explain(self.share.address, private=private)

    # --- what the user does -----------------------------------------------------------------------

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
        """Leave what is nearest: the overlay, the drawer in use, the sheet, the search, the notice."""
        if not self.overlay.isHidden():
            self.overlay.hide()
        elif self.window().focusWidget() in self.activity.findChildren(QWidget):
            self.toggle_activity()
        elif self.sides.shown is not None:
            self.sides.close()
        elif self.header.search.text():
            self.header.search.clear()
        elif self.notices.sentence or self.first_share.isHidden():
            self.notices.dismiss()
        else:
            self.first_share.dismiss()

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

    # --- pages in the list's place ----------------------------------------------------------------

    def explain(self, project: Project) -> None:
        """Say which file of a project installs where, and why the others do not."""
        self.sides.explain(project)

    def open_sheet(self) -> None:
        """Show *Set as extra index*, and work out what would change."""
        self.sides.open(Side.INDEX)

    def open_setup_lines(self) -> None:
        """Show what colleagues can paste."""
        self.sides.open(Side.SETUP)

    def open_trash(self) -> None:
        """Show what was removed."""
        self.sides.open(Side.TRASH)

    def open_foreign(self) -> None:
        """Show what lies in the folder and was not taken in."""
        self.sides.open(Side.FOREIGN)

    def open_foreign_file(self, path: Path) -> None:
        """Show one of them."""
        self.open_foreign()
        self.sides.foreign.show_file(path)

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
