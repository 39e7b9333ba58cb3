"""The one thing that both faces hold: the managed folder, and what serves, trusts and configures it.

Methods marked *slow* touch the disk, the network or another program: call them off the window's
thread. Everything else answers at once. Every method may be called from any thread.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.utils import NormalizedName

from cheeseboard.errors import FolderReadOnly, FolderUnavailable, RepositoryError, Sentence
from cheeseboard.events import EventBus, Progress, RepositorySwitched, Way
from cheeseboard.locations import Locations, make_private
from cheeseboard.repository.intake import Batch, Conflict, Outcome
from cheeseboard.repository.records import Activity, Removal, TrashRow
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.scan import ForeignFile
from cheeseboard.repository.snapshot import File, ProjectStatus, Snapshot
from cheeseboard.repository.trash import SHORTEST_KEEP_DAYS
from cheeseboard.server.addresses import Address, host_name, local_addresses
from cheeseboard.server.state import Serving
from cheeseboard.service.access import Access
from cheeseboard.service.autostart import Autostart
from cheeseboard.service.builds import Builds
from cheeseboard.service.clients import Clients
from cheeseboard.service.last_act import LastAct
from cheeseboard.service.preview import Preview, preview, projects_among
from cheeseboard.service.reaching import Reaching
from cheeseboard.service.repositories import (
    KnownRepository,
    forget,
    known_repositories,
    name_of,
    remember,
)
from cheeseboard.service.sharing import Sharing, Surroundings
from cheeseboard.service.trust import Trust
from cheeseboard.service.upkeep import Upkeep
from cheeseboard.settings import KeptSettings, Settings, managed_folder
from cheeseboard.tls.store import Answer
from cheeseboard.tls.trust_store import TrustOutcome, run_command

if TYPE_CHECKING:
    from cheeseboard.server.discovery import Discovery

logger = logging.getLogger(__name__)


class Service:
    """One user's Cheeseboard: a repository, its server, its certificates, this computer's installers."""

    def __init__(
        self,
        locations: Locations,
        environ: Mapping[str, str],
        *,
        folder: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        addresses: Callable[[], Sequence[Address]] = local_addresses,
        computer_name: Callable[[], str] = host_name,
        run_command: Callable[[Sequence[str]], Answer] = run_command,
        discovery: "Discovery | None" = None,
    ) -> None:
        """Read the settings; nothing is opened yet.

        Args:
            locations: Where settings, state and keys live.
            environ: The user's environment, as their installers will see it.
            folder: The managed folder, where it is not the one in the settings.
            clock: Tells the time to certificates.
            addresses: Tells this computer's addresses, the likeliest first.
            computer_name: Tells its name.
            run_command: Runs what changes trust stores.
            discovery: Announces and finds repositories on the network.

        Raises:
            SettingsError: The settings file cannot be used.
        """
        self.bus = EventBus()
        self._locations = locations
        self._kept = KeptSettings(locations.settings_file)
        self.folder = managed_folder(self._kept.current, folder, locations.default_folder)
        self._repository: Repository | None = None
        self.trust = Trust(
            locations.authority, environ, run_command=run_command, computer_name=computer_name, clock=clock
        )
        self.autostart = Autostart(environ)
        self.access = Access(locations.access, self.bus, folder=lambda: self.folder, clock=clock)
        self.clients = Clients(
            locations.clients,
            environ,
            self.bus,
            self._kept,
            self.trust,
            self.access,
            place=lambda: self.sharing.place,
            snapshot=lambda: self.snapshot,
            clock=clock,
        )
        self.sharing = Sharing(
            self.bus,
            self._kept,
            self.trust,
            self.clients,
            self.access,
            Surroundings(addresses, computer_name, discovery),
            repository=self._open_repository,
            folder=lambda: self.folder,
            name=lambda: self.name,
            access_log=locations.logs / "access.log",
            clock=clock,
        )
        self.reaching = Reaching(
            self._kept,
            self.trust,
            addresses=addresses,
            computer_name=computer_name,
            port=lambda: self.sharing.port,
            name=lambda: self.name,
        )
        self.builds = Builds(locations.builds, environ, self._kept, add=self.add)
        self.upkeep = Upkeep(
            self._kept,
            self.trust,
            locations.state / "checks.json",
            repository=self._open_repository,
            folder=lambda: self.folder,
            known=self.repositories,
            clock=clock,
        )
        self.last_act = LastAct(
            locations.state / "last-acts", repository=self._open_repository, folder=lambda: self.folder
        )

    # --- the repository ----------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The repository's name, for people."""
        return name_of(self._kept, self.folder)

    def repositories(self) -> tuple[KnownRepository, ...]:
        """Return the folders known, the open one among them, by name."""
        return known_repositories(self._kept, self.folder, self._locations.default_folder)

    def remember_repository(self, name: str, folder: Path) -> None:
        """Know a folder by a name from now on; it is not opened.

        Raises:
            ValueError: The name is empty, or another folder's.
            SettingsError: The settings cannot be written.
        """
        remember(self._kept, name, folder)

    def forget_repository(self, folder: Path) -> None:
        """Know a folder no more; its files stay as they are, and an open one stays open.

        Raises:
            SettingsError: The settings cannot be written.
        """
        forget(self._kept, folder)

    def switch(self, folder: Path) -> None:
        """Close this folder and open another, served as widely as this one was; slow.

        When the other one cannot be opened, this one is opened again.

        Raises:
            RepositoryError: The other folder cannot be used.
            ServerError: It is open, but cannot be served; the state tells why.
        """
        with self.sharing.changing:
            before, state = self.folder, self.sharing.server_state
            self.close()
            self._repository = None
            self.folder = folder.expanduser().absolute()
            try:
                self.open()
            except RepositoryError:
                self.folder = before
                self.open()
                raise
            finally:
                self.bus.publish(RepositorySwitched())
                if isinstance(state, Serving):
                    self.sharing.serve(lan=state.lan)
            self.change_settings(folder=str(self.folder))

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._kept.current

    def change_settings(self, **changes: Any) -> None:  # noqa: ANN401  # Settings checks each
        """Change some settings, on disk too.

        Raises:
            ValueError: A value is out of its range.
            SettingsError: The file cannot be written.
        """
        self._kept.change(**changes)

    def open(self, *, watch: bool = True) -> None:
        """Open the folder and, unless told otherwise, begin to scan and watch it; slow.

        Raises:
            RepositoryError: It cannot be used.
        """
        if self._repository is None:
            self.builds.clear_dead()
            if self.folder == self._locations.default_folder:
                make_private(self.folder.parent)
            repository = Repository(self.folder, self.bus)
            if watch:
                repository.start()
            self._repository = repository
            if not isinstance(repository.problem, FolderReadOnly):
                self._empty_trash(repository)

    def _empty_trash(self, repository: Repository) -> None:
        """Delete for good what is older, or more, than was set; never what was removed within 30 days."""
        days, megabytes = self._kept.current.trash_days, self._kept.current.trash_megabytes
        try:
            emptied = repository.empty_trash(
                keep_days=days,
                keep_bytes=megabytes * 1_000_000 if megabytes else None,
                spared_days=SHORTEST_KEEP_DAYS,
            )
        except RepositoryError as error:
            logger.warning("The trash could not be emptied: %s", error)
            return
        if emptied:
            logger.info("Deleted %d files for good that were removed long ago", emptied)

    def look_through(self, longest: float = 5.0) -> None:
        """Scan the folder now, waiting a little for files that are still being written; slow.

        Raises:
            RepositoryError: The folder is missing, or its disk failed.
        """
        deadline = time.monotonic() + longest
        while (again := self._open_repository().scan()) is not None:
            if time.monotonic() + again > deadline:
                return
            time.sleep(again)

    def close(self) -> None:
        """Stop serving, then let go of the folder; slow, idempotent."""
        self.sharing.close()
        self.builds.close()
        if self._repository is not None:
            self._repository.close()

    @property
    def opened(self) -> bool:
        """Whether the folder was looked through since it was opened."""
        return self._repository is not None and self._repository.scanned

    @property
    def snapshot(self) -> Snapshot:
        """The repository as it is now, frozen."""
        return Snapshot() if self._repository is None else self._repository.snapshot

    @property
    def folder_problem(self) -> RepositoryError | None:
        """What is wrong with the folder; None when all is well."""
        return None if self._repository is None else self._repository.problem

    @property
    def foreign_files(self) -> tuple[ForeignFile, ...]:
        """What lies in the folder and was not taken in."""
        return () if self._repository is None else self._repository.foreign_files

    def preview(self, paths: Sequence[Path]) -> tuple[Preview, ...]:
        """Tell by name alone what would be added."""
        return tuple(preview(path) for path in paths)

    def projects_among(self, paths: Sequence[Path]) -> frozenset[NormalizedName]:
        """Tell by names alone of which projects files would be added; slow for folders."""
        return projects_among(paths)

    def add(
        self,
        paths: Sequence[Path],
        way: Way,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Batch:
        """Copy files, and what directories hold, into the repository; slow.

        Raises:
            RepositoryError: The folder's disk failed; what was accepted before stays.
        """
        return self._open_repository().add(paths, way, progress=progress, cancelled=cancelled)

    def undo(self, batch: Batch, way: Way = Way.DROP) -> Removal:
        """Take a batch's accepted files back, to the trash; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self.remove([accepted.file for accepted in batch.accepted], way)

    def replace(self, conflict: Conflict, way: Way = Way.DROP) -> Outcome:
        """Take the conflicting file in after all; the one that was here goes to the trash; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        outcome, _ = self._open_repository().replace(conflict, way)
        return outcome

    def remove(self, files: Sequence[File], way: Way = Way.DROP) -> Removal:
        """Move files to the trash; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self._open_repository().remove(files, way)

    def restore(self, removal: Removal, way: Way = Way.DROP) -> tuple[Outcome, ...]:
        """Bring removed files back; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self._open_repository().restore(removal, way)

    def trash(self) -> tuple[TrashRow, ...]:
        """Return what was removed, the latest first; slow."""
        return self._open_repository().trash()

    def restore_rows(self, rows: Sequence[TrashRow], way: Way = Way.DROP) -> tuple[Outcome, ...]:
        """Bring chosen files back from the trash; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self._open_repository().restore(Removal(tuple(rows)), way)

    def empty_trash(self) -> int:
        """Delete everything in the trash for good, because its owner says so; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self._open_repository().empty_trash(keep_days=0)

    def yank(self, files: Sequence[File], reason: str = "", way: Way = Way.DROP) -> None:
        """Mark files as yanked: installers take them only when pinned exactly; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        self._open_repository().yank(files, reason, way)

    def unyank(self, files: Sequence[File], way: Way = Way.DROP) -> None:
        """Take a yank back; slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        self._open_repository().unyank(files, way)

    def set_project_status(
        self, project: NormalizedName, status: ProjectStatus, reason: str = "", way: Way = Way.DROP
    ) -> None:
        """Set a project's status (PEP 792); slow.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        self._open_repository().set_project_status(project, status, reason, way)

    def activity(self, limit: int = 200) -> tuple[Activity, ...]:
        """Return what happened to which file, the latest first; slow."""
        return self._open_repository().activity(limit)

    def downloads(self, since_day: str = "") -> dict[str, int]:
        """Return how often each file was downloaded on and after a day (YYYY-MM-DD, UTC); slow."""
        return self._open_repository().downloads(since_day)

    def rescan(self) -> None:
        """Ask for a look through the whole folder, soon."""
        self._open_repository().rescan()

    def path_of(self, file: File) -> Path:
        """Return where a file lies."""
        return self._open_repository().path_of(file)

    def metadata_of(self, file: File) -> bytes | None:
        """Return a file's METADATA or PKG-INFO, the very bytes; slow (one look into the catalog)."""
        return self._open_repository().metadata_of(file)

    def _open_repository(self) -> Repository:
        if self._repository is None:
            raise FolderUnavailable(
                Sentence("The managed folder {folder} is not open.", folder=self.folder), self.folder
            )
        return self._repository

    # --- the authority, wherever it is trusted ---------------------------------------------------

    def remove_authority(self) -> tuple[TrustOutcome, ...]:
        """Undo what trusts our authority on this computer, then destroy it; slow.

        Installers first: one that names a bundle which is gone can't install anything. Where a store
        can't be changed, the authority stays, and nothing is destroyed.

        Raises:
            CertificateError: A file cannot be removed.
            ClientConfigError: An installer's configuration cannot be undone.
        """
        self.sharing.stop_serving()
        for state in self.clients.states():
            if state.files:
                self.clients.unuse(state.tool)
        outcomes = self.trust.uninstall()
        if all(outcome.done for outcome in outcomes):
            self.trust.destroy()
        return outcomes

    def rotate_authority(self) -> tuple[TrustOutcome, ...]:
        """Replace our authority by a new one, here where it was trusted and served; slow.

        Colleagues need the new certificate. Where a store can't be changed, the old one stays.

        Raises:
            CertificateError: A file cannot be removed or made.
            ServerError: It cannot be served again.
        """
        trusted = [state.name for state in self.trust.states() if state.trusted]
        before = self.sharing.server_state
        outcomes = self.trust.uninstall(trusted) if trusted else ()
        if not all(outcome.done for outcome in outcomes):
            return outcomes
        self.trust.destroy()
        outcomes = self.trust.install(trusted) if trusted else ()
        self.clients.refresh()
        if isinstance(before, Serving):
            self.sharing.serve(lan=before.lan)
        return outcomes
