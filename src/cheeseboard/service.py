"""The one thing that both faces hold: it composes, owns and joins every station of the journey.

Methods marked *slow* touch the disk, the network or another program: call them off the window's
thread. Everything else answers at once. Every method may be called from any thread.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from packaging.utils import NormalizedName

from cheeseboard import settings as settings_file
from cheeseboard import wording
from cheeseboard.clients.collisions import Collision, Collisions, Winner
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.join import JoinScript, join_line, make_join_script
from cheeseboard.clients.paste import PasteLines, paste_lines
from cheeseboard.clients.plan import Caution, CautionReason, ClientState, Mode, Plan, Scope, Undone
from cheeseboard.clients.proof import Proof
from cheeseboard.distributions.distribution import Refusal
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.errors import (
    AddressInUse,
    AddressUnavailable,
    CertificateError,
    CheeseboardError,
    ClientConfigError,
    DistributionError,
    FolderUnavailable,
    RefusalReason,
    RepositoryError,
    ServerError,
    ServerStartFailed,
    SettingsError,
)
from cheeseboard.events import (
    ClientsChanged,
    EventBus,
    FileDownloaded,
    NeighboursChanged,
    Progress,
    RepositorySwitched,
    ServerStateChanged,
    Way,
)
from cheeseboard.locations import Locations, make_private
from cheeseboard.repository.intake import Batch, Conflict, Outcome
from cheeseboard.repository.records import Activity, Removal, TrashRow
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.scan import ForeignFile
from cheeseboard.repository.snapshot import File, ProjectStatus, Snapshot
from cheeseboard.repository.trash import SHORTEST_KEEP_DAYS
from cheeseboard.server.addresses import Address, host_name, host_values, local_addresses, speaks_ipv6
from cheeseboard.server.agent import Agent
from cheeseboard.server.app import create_app
from cheeseboard.server.discovery import Announcement, Discovery, Neighbour
from cheeseboard.server.listener import Listener
from cheeseboard.server.ports import Source
from cheeseboard.server.records import Records
from cheeseboard.server.state import Failed, ServerState, Serving, Starting, Stopped, Stopping
from cheeseboard.server.visitors import Visitors
from cheeseboard.settings import Settings
from cheeseboard.tls.authority import Authority, Leaf, open_authority, remove_authority
from cheeseboard.tls.store import Answer
from cheeseboard.tls.trust_store import TrustOutcome, TrustState, TrustStores, run_command

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
# What installers here are told: pip 24.2 to 25.0 cannot verify a certificate for an IP address.
_LOCAL_NAME = "localhost"
_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104  # Serve on LAN means just this; it is off until asked for
# How long downloads in flight may take to finish when serving stops.
_DRAIN_SECONDS = 30.0
# How soon a new address of this computer is noticed while serving.
_NETWORK_SECONDS = 5.0
_KNOCK_SECONDS = 1.0
_Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Preview:
    """What a dragged path will come to, as far as its name tells.

    Attributes:
        message: Why it will not be added; empty when it will.
    """

    path: Path
    accepted: bool
    is_folder: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class KnownRepository:
    """A folder that the user works with."""

    name: str
    folder: Path
    is_open: bool


@dataclass(frozen=True, slots=True)
class AddressChoice:
    """One way to reach this server from elsewhere.

    Attributes:
        host: As it stands in the address.
        url: The Simple API URL.
        label: The interface that leads there, or "name".
        chosen: Whether it is the one that is shown.
    """

    host: str
    url: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Served:
    """What the running listener was started for."""

    bound: tuple[str, ...]
    port: int
    authority: Authority
    leaf: Leaf
    announced: bool = False


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
        discovery: Discovery | None = None,
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
        self._clock = clock
        self._addresses = addresses
        self._computer_name = computer_name
        self._trust = TrustStores(environ, run_command)
        self._discovery = discovery or Discovery(changed=lambda: self.bus.publish(NeighboursChanged()))
        self._settings = settings_file.read_settings(locations.settings_file)
        chosen = folder or (Path(self._settings.folder) if self._settings.folder else None)
        self.folder = (chosen or locations.default_folder).expanduser().absolute()
        self._installers = Installers(locations.clients, environ)
        self._collisions = Collisions(locations.clients, environ)
        self._repository: Repository | None = None
        self._serving = threading.RLock()
        self._listener: Listener | None = None
        self._served: _Served | None = None
        self._watching = threading.Event()
        self._records: Records | None = None
        self._state: ServerState = Stopped()
        self._hosts: frozenset[str] = frozenset()

    # --- the repository ----------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The repository's name, for people."""
        folder = str(self.folder)
        named = (name for name, known in self._settings.repositories.items() if known == folder)
        return next(named, self.folder.name)

    def repositories(self) -> tuple[KnownRepository, ...]:
        """Return the folders known, the open one among them, by name."""
        known = {Path(folder): name for name, folder in self._settings.repositories.items()}
        known.setdefault(self.folder, self.name)
        known.setdefault(self._locations.default_folder, self._locations.default_folder.name)
        found = [KnownRepository(name, folder, folder == self.folder) for folder, name in known.items()]
        return tuple(sorted(found, key=lambda repository: repository.name.lower()))

    def remember_repository(self, name: str, folder: Path) -> None:
        """Know a folder by a name from now on; it is not opened.

        Raises:
            ValueError: The name is empty, or another folder's.
            SettingsError: The settings cannot be written.
        """
        clean, place = name.strip(), str(folder.expanduser().absolute())
        known = dict(self._settings.repositories)
        if not clean or known.get(clean, place) != place:
            raise ValueError(
                f'There is a repository called "{clean}" already.' if clean else "A name is needed."
            )
        others = {known_name: path for known_name, path in known.items() if path != place}
        self.change_settings(repositories={**others, clean: place})

    def forget_repository(self, folder: Path) -> None:
        """Know a folder no more; its files stay as they are, and an open one stays open.

        Raises:
            SettingsError: The settings cannot be written.
        """
        place = str(folder)
        kept = {name: path for name, path in self._settings.repositories.items() if path != place}
        self.change_settings(repositories=kept)

    def switch(self, folder: Path) -> None:
        """Close this folder and open another, served as widely as this one was; slow.

        When the other one cannot be opened, this one is opened again.

        Raises:
            RepositoryError: The other folder cannot be used.
            ServerError: It is open, but cannot be served; the state tells why.
        """
        with self._serving:
            before, state = self.folder, self._state
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
                    self.serve(lan=state.lan)
            self.change_settings(folder=str(self.folder))

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    def change_settings(self, **changes: Any) -> None:  # noqa: ANN401  # Settings checks each
        """Change some settings, on disk too.

        Raises:
            ValueError: A value is out of its range.
            SettingsError: The file cannot be written.
        """
        changed = settings_file.change(self._settings, **changes)
        settings_file.write_settings(self._locations.settings_file, changed)
        self._settings = changed

    def open(self, *, watch: bool = True) -> None:
        """Open the folder and, unless told otherwise, begin to scan and watch it; slow.

        Raises:
            RepositoryError: It cannot be used.
        """
        if self._repository is None:
            if self.folder == self._locations.default_folder:
                make_private(self.folder.parent)
            repository = Repository(self.folder, self.bus)
            if watch:
                repository.start()
            self._repository = repository
            self._empty_trash(repository)

    def _empty_trash(self, repository: Repository) -> None:
        """Delete for good what is older, or more, than was set; never what was removed within 30 days."""
        days, megabytes = self._settings.trash_days, self._settings.trash_megabytes
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
        self.stop_serving()
        self._discovery.close()
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
    def folder_problem(self) -> str | None:
        """What is wrong with the folder, in one sentence; None when all is well."""
        problem = None if self._repository is None else self._repository.problem
        return None if problem is None else str(problem)

    @property
    def foreign_files(self) -> tuple[ForeignFile, ...]:
        """What lies in the folder and was not taken in."""
        return () if self._repository is None else self._repository.foreign_files

    def preview(self, paths: Sequence[Path]) -> tuple[Preview, ...]:
        """Tell by name alone what would be added."""
        return tuple(_preview(path) for path in paths)

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
            raise FolderUnavailable(f"The managed folder {self.folder} is not open.", self.folder)
        return self._repository

    # --- serving -------------------------------------------------------------------------------------

    @property
    def server_state(self) -> ServerState:
        """The server's state; ``ServerStateChanged`` tells when it changed."""
        return self._state

    def serve(self, *, lan: bool, hosts: Sequence[str] = (), port: int | None = None) -> Serving:
        """Serve on this computer alone, or on the network too; slow.

        Serving already, it changes over: downloads in flight finish first, for a bounded time. When
        the new address cannot be had, the old one is served again, and the state tells the failure.

        Args:
            lan: Whether other computers may reach it.
            hosts: Addresses to bind instead of all of them.
            port: Instead of the repository's own; remembered for it. 0 takes any free one.

        Raises:
            ServerError: It cannot be served there.
            CertificateError: There is no usable certificate.
            RepositoryError: The folder is not open.
        """
        wanted = self.port if port is None else port
        with self._serving:
            before = self._state
            self._stop_listener()
            self._set_state(Starting())
            try:
                serving = self._start(lan=lan, hosts=hosts, port=wanted)
            except CheeseboardError as error:
                self._take_back(before)
                free_port = error.free_port if isinstance(error, AddressInUse) else None
                if self._listener is None and not isinstance(error, AddressInUse):
                    self._pause_installers(_url(_LOCAL_NAME, wanted))
                self._set_state(Failed(str(error), wanted, free_port, lan))
                raise
            if port is not None:
                self._remember_port(serving.port)
            return serving

    @property
    def port(self) -> int:
        """The port of this repository: the one chosen for it, or the general one."""
        return self._settings.ports.get(str(self.folder), self._settings.port)

    def _remember_port(self, port: int) -> None:
        if port == self.port:
            return
        try:
            self.change_settings(ports={**self._settings.ports, str(self.folder): port})
        except SettingsError as error:
            logger.warning("The port is not remembered: %s", error)

    def stop_serving(self) -> bool:
        """Stop serving; slow, idempotent.

        Returns:
            Whether all downloads in flight could finish.
        """
        with self._serving:
            if self._listener is None:
                if not isinstance(self._state, Stopped):
                    self._set_state(Stopped())
                return True
            if isinstance(self._state, Serving):
                # Before the port is free: the next to serve there puts them back.
                self._pause_installers(self._state.local_url)
            self._set_state(Stopping())
            finished = self._stop_listener()
            self._set_state(Stopped())
            return finished

    @property
    def ca_path(self) -> Path:
        """Where the local authority's certificate lies; slow at first: it may have to be made.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self._authority().certificate_path

    @property
    def ca_sha256(self) -> str:
        """The local authority's fingerprint, lowercase hex; slow at first.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self._authority().sha256

    def bundle_path(self) -> Path:
        """Return a CA bundle for installers: the public authorities and ours; slow.

        Raises:
            ClientConfigError: It cannot be written.
            CertificateError: There is no usable certificate.
        """
        return self._installers.bundle(self._authority().certificate_pem)

    def _authority(self) -> Authority:
        names = [self._computer_name()]
        return open_authority(self._locations.authority, now=self._clock(), host_names=names)

    def _start(self, *, lan: bool, hosts: Sequence[str], port: int) -> Serving:
        bound = tuple(hosts) or (_EVERY_ADDRESS if lan else LOOPBACK,)
        addresses = _served_addresses(bound, self._addresses())
        if lan and len(addresses) == 1:
            raise AddressUnavailable(bound[0], port, "this computer is not connected to a network")
        authority = self._authority()
        leaf = self._leaf(authority, addresses)
        records = Records(
            self._locations.logs / "access.log", self._open_repository().count_downloads, now=self._clock
        )
        visitors = Visitors()
        listener = Listener(
            create_app(self._source(authority, records), lambda: self._hosts, records.access, visitors),
            hosts_to_bind=_hosts_to_bind(bound),
            port=port,
            certificate=leaf.certificate_path,
            key=leaf.key_path,
            ca=authority.certificate_path,
            visitors=visitors,
        )
        # The listener asks itself for an answer before it returns: its own name must be allowed by then.
        self._hosts = host_values(leaf.names, leaf.addresses, port)
        try:
            bound_port = listener.start()
        except BaseException:
            records.close()
            raise
        self._hosts = host_values(leaf.names, leaf.addresses, bound_port)
        self._listener, self._records = listener, records
        self._served = _Served(bound, bound_port, authority, leaf)
        serving = self._describe(addresses)
        self._refresh_installers(authority, serving.local_url)
        self._set_state(serving)
        self._watch_network()
        return serving

    def _leaf(self, authority: Authority, addresses: Sequence[_Address]) -> Leaf:
        name = self._computer_name()
        names = tuple(dict.fromkeys(("localhost", name, _local_name(name))))
        return authority.leaf(names, (*addresses, ip_address("::1")), now=self._clock())

    def _describe(self, addresses: Sequence[_Address]) -> Serving:
        served = self._served
        assert served is not None  # noqa: S101 # both callers have just set or read it
        return _describe(served, addresses, self._settings.shown_address)

    def follow_network(self) -> bool:
        """Look whether this computer's addresses or name changed, or the leaf grew old; slow.

        Then a new leaf is served without losing the port, and the state tells the new addresses. While
        serving this is done every few seconds.

        Returns:
            Whether the state changed.
        """
        with self._serving:
            served, listener = self._served, self._listener
            if served is None or listener is None:
                return False
            addresses = _served_addresses(served.bound, self._addresses())
            try:
                leaf = self._leaf(served.authority, addresses)
                if leaf.certificate_path != served.leaf.certificate_path:
                    # Both are asked for by somebody while one certificate takes over from the other.
                    self._hosts |= host_values(leaf.names, leaf.addresses, served.port)
                    listener.renew(leaf.certificate_path, leaf.key_path)
            except (CertificateError, ServerError) as error:
                logger.warning("The certificate is not renewed: %s", error)
                return False
            self._hosts = host_values(leaf.names, leaf.addresses, served.port)
            self._served = replace(served, leaf=leaf)
            if served.announced:
                self._discovery.announce(self._announcement(self._served, addresses))
            serving = self._describe(addresses)
            if serving == self._state:
                return False
            self._set_state(serving)
            return True

    def _watch_network(self) -> None:
        self._watching = ended = threading.Event()

        def watch() -> None:
            self._announce(ended)
            while not ended.wait(_NETWORK_SECONDS):
                with self._serving:
                    if not ended.is_set():
                        self.follow_network()

        threading.Thread(target=watch, name="cheeseboard-network", daemon=True).start()

    def _announce(self, ended: threading.Event) -> None:
        """Tell the network; from then on the name that outlives an address is shown first."""
        served = self._served
        if served is None or not _is_shared(served.bound) or not self._settings.announce:
            return
        addresses = _served_addresses(served.bound, self._addresses())
        # Not under the lock: whoever stops serving meanwhile need not wait for the network.
        told = self._discovery.announce(self._announcement(served, addresses))
        with self._serving:
            if self._served is None or ended.is_set():
                self._discovery.withdraw()
            elif told:
                self._served = replace(self._served, announced=True)
                self._set_state(self._describe(addresses))

    def _announcement(self, served: _Served, addresses: Sequence[_Address]) -> Announcement:
        reachable = tuple(address for address in addresses if not address.is_loopback)
        host = _local_name(self._computer_name()).removesuffix(".local")
        return Announcement(self.name, host, served.port, reachable, served.authority.sha256)

    def look_around(self) -> None:
        """Begin to look for other repositories on this network; ``NeighboursChanged`` tells of them; slow."""
        self._discovery.browse()

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """The repositories that others announce on this network; nothing of them is verified."""
        return self._discovery.neighbours

    @property
    def join_script(self) -> JoinScript:
        """What ``/join.py`` answers: it depends on the repository's name and authority alone; slow.

        Raises:
            CertificateError: There is no usable certificate.
        """
        ca = self._authority()
        return make_join_script(name=self.name, ca_pem=ca.certificate_pem, ca_sha256=ca.sha256)

    def join_line(self, *, windows: bool = False) -> str:
        """Return what a colleague pastes, for the address that is shown; slow.

        Args:
            windows: Python is called "py" there.

        Raises:
            CertificateError: There is no usable certificate.
            ServerError: Nothing is served.
        """
        state = self._state
        if not isinstance(state, Serving):
            raise ServerStartFailed("Nothing is served that a colleague could join.")
        return join_line(state.urls[0], self.join_script, python="py" if windows else "python3")

    def address_choices(self) -> tuple[AddressChoice, ...]:
        """Return the hosts by which colleagues may reach this server, the one shown first in front."""
        state = self._state
        if not isinstance(state, Serving):
            return ()
        labels = {_host(address.ip): f"{address.interface.name}" for address in self._addresses()}
        hosts = [urlsplit(url).netloc.rpartition(":")[0] for url in state.urls]
        return tuple(
            AddressChoice(host, url, labels.get(host, "name"), chosen=url == state.urls[0])
            for host, url in zip(hosts, state.urls, strict=True)
        )

    def choose_address(self, host: str) -> None:
        """Show this host first from now on; "" for the likeliest.

        Raises:
            SettingsError: The settings cannot be written.
        """
        self.change_settings(shown_address=host)
        self.follow_network()

    def _refresh_installers(self, authority: Authority, url: str) -> None:
        """Renew what installers read, and end their pause; serving goes on without."""
        try:
            self._installers.refresh(authority.certificate_pem)
            if self._installers.resume(url):
                self.bus.publish(ClientsChanged())
        except ClientConfigError as error:
            logger.warning("Installers are not told that serving goes on: %s", error)

    def _pause_installers(self, url: str) -> None:
        """Take our entries out of installers' configuration until we serve again."""
        if not self._settings.pause_while_not_serving:
            return
        try:
            if self._installers.pause(url):
                self.bus.publish(ClientsChanged())
        except ClientConfigError as error:
            logger.warning("Installers are not told that serving ended: %s", error)

    def _source(self, authority: Authority, records: Records) -> Source:
        repository = self._open_repository()

        def on_download(file: File, address: str, agent: Agent) -> None:
            records.downloads.add(file.filename)
            facts = (agent.installer, agent.python, agent.system)
            self.bus.publish(FileDownloaded(file.filename, address, *facts))

        return Source(
            name=self.name,
            snapshot=lambda: repository.snapshot,
            path_of=repository.path_of,
            metadata_of=repository.metadata_of,
            available=lambda: repository.available,
            ca_pem=authority.certificate_pem,
            on_download=on_download,
            join_script=self.join_script.content,
        )

    def _take_back(self, before: ServerState) -> None:
        """Serve again where we served before a change that failed."""
        if not isinstance(before, Serving):
            return
        try:
            self._start(lan=before.lan, hosts=(), port=before.port)
        except CheeseboardError as error:
            logger.warning("Can't serve as before: %s", error)

    def _stop_listener(self) -> bool:
        listener, self._listener = self._listener, None
        records, self._records = self._records, None
        self._served = None
        self._watching.set()
        self._discovery.withdraw()
        finished = listener is None or listener.stop(_DRAIN_SECONDS)
        if records is not None:
            records.close()
        return finished

    def _set_state(self, state: ServerState) -> None:
        self._state = state
        self.bus.publish(ServerStateChanged())

    # --- trust ---------------------------------------------------------------------------------------

    def trust_states(self) -> tuple[TrustState, ...]:
        """Return the stores of this computer and whether they trust our authority; slow.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self._trust.states(self._authority())

    def install_trust(self, names: Sequence[str] = ()) -> tuple[TrustOutcome, ...]:
        """Let stores trust our authority; slow, may ask for an administrator's password.

        Args:
            names: Which, as in :meth:`trust_states`; none for all.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self._trust.install(self._authority(), names)

    def uninstall_trust(self, names: Sequence[str] = ()) -> tuple[TrustOutcome, ...]:
        """Take our authority out of stores; slow, arguments and errors as for :meth:`install_trust`."""
        return self._trust.uninstall(self._authority(), names)

    def export_ca(self, path: Path) -> None:
        """Write the authority's certificate, PEM, for somebody who shall trust it.

        Raises:
            CertificateError: There is none, or it cannot be written.
        """
        pem = self._authority().certificate_pem
        try:
            path.write_bytes(pem)
        except OSError as error:
            raise CertificateError(f"Can't write {path}: {error.strerror}.", path) from error

    def remove_authority(self) -> tuple[TrustOutcome, ...]:
        """Undo what trusts our authority on this computer, then destroy it; slow.

        Installers first: one that names a bundle which is gone can't install anything. Where a store
        can't be changed, the authority stays, and nothing is destroyed.

        Raises:
            CertificateError: A file cannot be removed.
            ClientConfigError: An installer's configuration cannot be undone.
        """
        self.stop_serving()
        for state in self._installers.states():
            if state.files:
                self.unuse(state.tool)
        outcomes = self.uninstall_trust()
        if all(outcome.done for outcome in outcomes):
            remove_authority(self._locations.authority)
        return outcomes

    def rotate_authority(self) -> tuple[TrustOutcome, ...]:
        """Replace our authority by a new one, here where it was trusted and served; slow.

        Colleagues need the new certificate. Where a store can't be changed, the old one stays.

        Raises:
            CertificateError: A file cannot be removed or made.
            ServerError: It cannot be served again.
        """
        trusted = [state.name for state in self.trust_states() if state.trusted]
        before = self._state
        outcomes = self.uninstall_trust(trusted) if trusted else ()
        if not all(outcome.done for outcome in outcomes):
            return outcomes
        remove_authority(self._locations.authority)
        outcomes = self.install_trust(trusted) if trusted else ()
        self._installers.refresh(self._authority().certificate_pem)
        if isinstance(before, Serving):
            self.serve(lan=before.lan)
        return outcomes

    # --- this computer's installers ------------------------------------------------------------------

    def client_states(self) -> tuple[ClientState, ...]:
        """Return which installers look here."""
        return self._installers.states()

    def modes(self, tool: str) -> tuple[Mode, ...]:
        """Return how an installer can be told of this repository: not each knows an order of indexes.

        Raises:
            ClientConfigError: We know no such installer.
        """
        return self._installers.modes(tool)

    def plan_use(self, tool: str, *, mode: Mode = Mode.EXTRA, scope: Scope = Scope.USER) -> Plan:
        """Work out what telling an installer of this repository would change; slow.

        Raises:
            ClientConfigError: Its configuration cannot be changed, and why.
            CertificateError: There is no usable certificate.
        """
        plan = self._installers.plan(
            tool, url=self._local_url, ca_pem=self._authority().certificate_pem, mode=mode, scope=scope
        )
        return replace(plan, cautions=(*plan.cautions, *self._cautions(tool, mode, plan.url)))

    def _cautions(self, tool: str, mode: Mode, url: str) -> Iterator[Caution]:
        """Tell what only the service knows: whether somebody serves, and what the upstream has."""
        if not isinstance(self._state, Serving) and not _listens(url):
            yield Caution(CautionReason.NOT_SERVING, url)
        lost = [known.project for known in self.collisions if known.winner is Winner.UPSTREAM]
        if lost and tool == "pip" and mode is not Mode.ONLY:  # others take what the first index has
            yield Caution(CautionReason.NAME_COLLISION, ", ".join(lost))

    @property
    def collisions(self) -> tuple[Collision, ...]:
        """Our projects that exist upstream too, as far as somebody let us ask; fast."""
        return self._collisions.known(self._latest())

    def check_collisions(
        self,
        *,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[Collision, ...]:
        """Ask the user's own indexes for our projects' names; slow, half a second each.

        This tells the upstream what our projects are called, so call it only when the user agreed.

        Args:
            progress: Told how many of how many names are done.
            cancelled: Asked between two names.

        Raises:
            ClientConfigError: There is no pip, or it did not reach its index.
        """
        ours = self._latest()
        self._collisions.ask(
            ours, own_url=self._local_url, now=self._clock(), progress=progress, cancelled=cancelled
        )
        return self._collisions.known(ours)

    def _latest(self) -> dict[str, str]:
        return {str(name): project.latest for name, project in self.snapshot.projects.items()}

    @property
    def _local_url(self) -> str:
        state = self._state
        return state.local_url if isinstance(state, Serving) else _url(_LOCAL_NAME, self.port)

    def apply(self, plan: Plan) -> None:
        """Write what was planned; slow.

        Raises:
            ClientConfigError: It was left alone, or put back, and why.
        """
        self._installers.apply(plan)
        self.bus.publish(ClientsChanged())

    def paste_lines(self, tool: str) -> PasteLines:
        """Return what to paste for a tool that has no configuration of the user's that we could write; slow.

        Raises:
            ClientConfigError: We know no such tool, or the certificates can't be written.
            CertificateError: There is no usable certificate.
        """
        ca = self._authority()
        return paste_lines(tool, url=self._local_url, ca=ca.certificate_path, bundle=self.bundle_path())

    def unuse(self, tool: str) -> tuple[Undone, ...]:
        """Undo what was written for an installer; slow.

        Raises:
            ClientConfigError: There is nothing to undo, or it cannot be undone.
        """
        undone = self._installers.undo(tool)
        self.bus.publish(ClientsChanged())
        return undone

    def prove(self, tool: str | None = None, *, requirement: str | None = None) -> tuple[Proof, ...]:
        """Let real installers ask this repository, and say why one was not served; slow.

        Args:
            tool: This installer alone; None for all that were told of us, pip if none was.
            requirement: What to download, e.g. "acme-core==7.0.1"; None to just ask.

        Raises:
            ClientConfigError: We know no such installer.
        """
        states = self._installers.states()
        used = tuple(state.tool for state in states if state.mode and not state.uploads)
        wanted = (tool,) if tool else used or ("pip",)
        proofs: list[Proof] = []
        for name in wanted:
            state = next((state for state in states if state.tool == name), ClientState(name, None))
            url, mode = state.url or self._local_url, state.mode or Mode.EXTRA
            proofs += self._installers.prove(name, url=url, mode=mode, requirement=requirement)
        return tuple(proofs)


def _preview(path: Path) -> Preview:
    if path.is_dir():
        return Preview(path, accepted=True, is_folder=True)
    try:
        parse_filename(path.name)
    except DistributionError as error:
        message = wording.refusal(Refusal(error.reason, error.detail), path.name)
        return Preview(path, accepted=False, is_folder=False, message=message)
    if not path.exists():
        refusal = Refusal(RefusalReason.UNREADABLE, "no such file")
        return Preview(path, accepted=False, is_folder=False, message=wording.refusal(refusal, path.name))
    return Preview(path, accepted=True, is_folder=False)


def _hosts_to_bind(bound: Sequence[str]) -> list[str]:
    """Return the sockets to listen on: "localhost" means ::1 to some installers."""
    twins = {LOOPBACK: "::1", _EVERY_ADDRESS: "::"} if speaks_ipv6() else {}
    return [*bound, *(twins[host] for host in bound if host in twins)]


def _is_shared(bound: Sequence[str]) -> bool:
    return not all(ip_address(host).is_loopback for host in bound)


def _served_addresses(bound: Sequence[str], local: Sequence[Address]) -> tuple[_Address, ...]:
    """Return the addresses that clients may use, the one to show first in front."""
    served: dict[_Address, None] = {}
    for host in bound:
        address = ip_address(host)
        every = (*(address.ip for address in local), ip_address(LOOPBACK))
        served |= dict.fromkeys(every if address.is_unspecified else (address,))
    return tuple(served)


def _describe(served: _Served, addresses: Sequence[_Address], first: str) -> Serving:
    """Return the state to show; the address that a colleague should use first in front.

    An address outside the authority's constraints is left out, since every client would reject it;
    the computer's own names are always inside.

    Args:
        served: What the listener was started for.
        addresses: This computer's, the likeliest first.
        first: The host that the user wants in front.
    """
    leaf, port = served.leaf, served.port
    signed = [address for address in addresses if address in leaf.addresses]
    shared = _is_shared(served.bound)
    shown = [_host(address) for address in signed if not (shared and address.is_loopback)]
    if shared:
        shown += [name for name in leaf.names if name != "localhost"]
    if served.announced:
        shown.sort(key=lambda host: not host.endswith(".local"))
    shown.sort(key=lambda host: host != first)
    on_loopback = any(address.is_loopback for address in signed)
    return Serving(
        lan=shared,
        port=port,
        urls=tuple(_url(host, port) for host in shown),
        local_url=_url(_LOCAL_NAME if on_loopback else shown[0], port),
    )


def _listens(url: str) -> bool:
    """Tell whether anybody, perhaps another process of ours, accepts connections at our own address."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=_KNOCK_SECONDS):
            return True
    except OSError:
        return False


def _local_name(name: str) -> str:
    return f"{name.split('.', 1)[0]}.local"


def _url(host: str, port: int) -> str:
    return f"https://{host}:{port}/simple/"


def _host(address: _Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)
