"""The pages that open in the list's place: each is made when it is first shown, one is shown at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from cheeseboard.desktop.look.theme import Scheme, Theme

if TYPE_CHECKING:
    from cheeseboard.desktop.building.build_page import BuildPage
    from cheeseboard.desktop.frame.side_page import SidePage
    from cheeseboard.desktop.installers.collision_check import CollisionCheck
    from cheeseboard.desktop.installers.index_sheet import IndexSheet
    from cheeseboard.desktop.installers.installer_use import InstallerUse
    from cheeseboard.desktop.pages.diagnostics_page import DiagnosticsPage
    from cheeseboard.desktop.pages.foreign_page import ForeignPage
    from cheeseboard.desktop.pages.preferences_page import PreferencesPage
    from cheeseboard.desktop.pages.trash_page import TrashPage
    from cheeseboard.desktop.pages.why_page import WhyPage
    from cheeseboard.desktop.sharing.access_page import AccessPage
    from cheeseboard.desktop.sharing.neighbours_page import NeighboursPage
    from cheeseboard.desktop.sharing.setup_page import SetupPage
    from cheeseboard.desktop.telling.notice_bar import NoticeBar
    from cheeseboard.desktop.upkeep.section import UpkeepParts
    from cheeseboard.desktop.upkeep.upkeep_page import UpkeepPage
    from cheeseboard.desktop.work.jobs import Jobs
    from cheeseboard.repository.snapshot import Project
    from cheeseboard.service import Service


Page = TypeVar("Page", bound="IndexSheet | SidePage")


class Side(StrEnum):
    """Which page."""

    INDEX = "index"
    TRASH = "trash"
    FOREIGN = "foreign"
    WHY = "why"
    PREFERENCES = "preferences"
    NEIGHBOURS = "neighbours"
    DIAGNOSTICS = "diagnostics"
    ACCESS = "access"
    SETUP = "setup"
    BUILD = "build"
    UPKEEP = "upkeep"


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the pages work with."""

    service: "Service"
    jobs: "Jobs"
    notices: "NoticeBar"
    theme: Theme
    now: Callable[[], datetime]
    open_path: Callable[[Path], None]
    open_folder: Callable[[], None]
    use: "InstallerUse"
    check: "CollisionCheck"
    logs: Path
    make_upkeep_parts: Callable[[], "UpkeepParts"]


class SidePages(QObject):
    """Makes the pages, puts them into the stack, and knows which one is wanted in the list's place."""

    changed = Signal()
    closed = Signal(object)
    theme_chosen = Signal(Scheme)
    settings_changed = Signal(dict)
    port_chosen = Signal(int)
    repositories_asked = Signal()

    def __init__(self, stack: QStackedWidget, equipment: Equipment) -> None:
        super().__init__(stack)
        self._stack = stack
        self._with = equipment
        self.shown: Side | None = None

    # --- going there and back -----------------------------------------------------------------------

    @property
    def page(self) -> "IndexSheet | SidePage | None":
        """The page that is shown; None while the packages are."""
        return None if self.shown is None else self._page_of(self.shown)

    def open(self, side: Side) -> None:
        """Show a page, as things are now."""
        self.shown = side
        page = self._page_of(side)
        self.changed.emit()
        if side is Side.NEIGHBOURS:
            self.neighbours.open()
        elif side is not Side.WHY:
            self.refresh(side)
        page.close_button.setFocus()

    def explain(self, project: "Project") -> None:
        """Say which file of a project installs where, and why the others do not."""
        self.open(Side.WHY)
        self.why.show_project(project)

    def close(self) -> None:
        """Go back to the packages."""
        was, self.shown = self.shown, None
        self.changed.emit()
        self.closed.emit(was)

    def refresh(self, side: Side) -> None:
        """Bring a page up to date, if anybody sees it."""
        if side is self.shown:
            self._page_of(side).refresh()

    def _page_of(self, side: Side) -> "IndexSheet | SidePage":
        pages: dict[Side, Callable[[], IndexSheet | SidePage]] = {
            Side.INDEX: lambda: self.sheet,
            Side.TRASH: lambda: self.trash,
            Side.FOREIGN: lambda: self.foreign,
            Side.WHY: lambda: self.why,
            Side.PREFERENCES: lambda: self.preferences,
            Side.NEIGHBOURS: lambda: self.neighbours,
            Side.DIAGNOSTICS: lambda: self.diagnostics,
            Side.ACCESS: lambda: self.access,
            Side.SETUP: lambda: self.setup,
            Side.BUILD: lambda: self.build_log,
            Side.UPKEEP: lambda: self.upkeep,
        }
        return pages[side]()

    # --- the pages: their modules are read when they are wanted, not before the first paint -----------

    @cached_property
    def sheet(self) -> "IndexSheet":
        """*Set as extra index*."""
        from cheeseboard.desktop.installers.index_sheet import IndexSheet  # noqa: PLC0415  # see above

        one = self._with
        return self._place(IndexSheet(one.use, one.check, one.theme, one.open_path))

    @cached_property
    def trash(self) -> "TrashPage":
        """What was removed."""
        from cheeseboard.desktop.pages.trash_page import TrashPage  # noqa: PLC0415  # see above

        one = self._with
        return self._place(TrashPage(one.service, one.jobs, one.notices, one.theme, one.now, one.open_folder))

    @cached_property
    def foreign(self) -> "ForeignPage":
        """What lies in the folder and was not taken in."""
        from cheeseboard.desktop.pages.foreign_page import ForeignPage  # noqa: PLC0415  # see above

        one = self._with
        return self._place(ForeignPage(one.service, one.theme, one.open_path))

    @cached_property
    def why(self) -> "WhyPage":
        """*Why can't it install?*."""
        from cheeseboard.desktop.pages.why_page import WhyPage  # noqa: PLC0415  # see above

        one = self._with
        return self._place(WhyPage(one.jobs, one.theme, one.check, lambda: one.service.clients.collisions))

    @cached_property
    def neighbours(self) -> "NeighboursPage":
        """What others announce on this network."""
        from cheeseboard.desktop.sharing.neighbours_page import NeighboursPage  # noqa: PLC0415  # see above

        one = self._with
        return self._place(NeighboursPage(one.service, one.jobs, one.notices, one.theme))

    @cached_property
    def preferences(self) -> "PreferencesPage":
        """What can be set."""
        from cheeseboard.desktop.pages.preferences_page import PreferencesPage  # noqa: PLC0415  # see above

        one = self._with
        page = self._place(PreferencesPage(one.service, one.jobs, one.notices, one.theme, one.open_path))
        page.theme_chosen.connect(self.theme_chosen)
        page.changed.connect(self.settings_changed)
        page.port_chosen.connect(self.port_chosen)
        page.repositories_asked.connect(self.repositories_asked)
        return page

    @cached_property
    def access(self) -> "AccessPage":
        """Who may publish and read."""
        from cheeseboard.desktop.sharing.access_page import AccessPage  # noqa: PLC0415  # see above

        one = self._with
        return self._place(AccessPage(one.service, one.jobs, one.notices, one.theme, one.now))

    @cached_property
    def setup(self) -> "SetupPage":
        """What colleagues paste."""
        from cheeseboard.desktop.sharing.setup_page import SetupPage  # noqa: PLC0415  # see above

        one = self._with
        return self._place(SetupPage(one.service, one.jobs, one.notices, one.theme))

    @cached_property
    def diagnostics(self) -> "DiagnosticsPage":
        """What could be sent to somebody who helps."""
        from cheeseboard.desktop.pages.diagnostics_page import DiagnosticsPage  # noqa: PLC0415  # see above

        one = self._with
        page = DiagnosticsPage(one.service, one.jobs, one.notices, one.theme, one.open_folder, one.logs)
        return self._place(page)

    @cached_property
    def build_log(self) -> "BuildPage":
        """What a build prints."""
        from cheeseboard.desktop.building.build_page import BuildPage  # noqa: PLC0415  # see above

        return self._place(BuildPage(self._with.notices, self._with.theme))

    @cached_property
    def upkeep(self) -> "UpkeepPage":
        """*Keep in order*."""
        from cheeseboard.desktop.upkeep.upkeep_page import UpkeepPage  # noqa: PLC0415  # see above

        return self._place(UpkeepPage(self._with.make_upkeep_parts()))

    def _place(self, page: Page) -> Page:
        page.closed.connect(self.close)
        self._stack.addWidget(page)
        return page
