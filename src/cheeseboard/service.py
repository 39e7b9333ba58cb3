"""The one thing that both faces hold: it composes, owns and joins every station of the journey.

Methods marked *slow* touch the disk, the network or another program: call them off the window's
thread. Everything else answers at once. Every method may be called from any thread.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

from cheeseboard import settings as settings_file
from cheeseboard import wording
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.plan import ClientState, Mode, Plan, Scope, Undone
from cheeseboard.distributions.distribution import Refusal
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.errors import (
    AddressInUse,
    AddressUnavailable,
    CheeseboardError,
    DistributionError,
    FolderUnavailable,
    RefusalReason,
    SettingsError,
)
from cheeseboard.events import (
    ClientsChanged,
    EventBus,
    FileDownloaded,
    Progress,
    ServerStateChanged,
    Way,
)
from cheeseboard.locations import Locations, make_private
from cheeseboard.repository.intake import Batch, Conflict, Outcome
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.scan import ForeignFile
from cheeseboard.repository.snapshot import File, Snapshot
from cheeseboard.repository.trash import Removal
from cheeseboard.server.addresses import host_name, host_values, local_addresses, speaks_ipv6
from cheeseboard.server.app import create_app
from cheeseboard.server.listener import Listener
from cheeseboard.server.ports import Source
from cheeseboard.server.state import Failed, ServerState, Serving, Starting, Stopped, Stopping
from cheeseboard.settings import Settings
from cheeseboard.tls.authority import Authority, Leaf, open_authority

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
# What installers here are told: pip 24.2 to 25.0 cannot verify a certificate for an IP address.
_LOCAL_NAME = "localhost"
_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104  # Serve on LAN means just this; it is off until asked for
# How long downloads in flight may take to finish when serving stops.
_DRAIN_SECONDS = 30.0


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


class Service:
    """One user's Cheeseboard: a repository, its server, its certificates, this computer's installers."""

    def __init__(
        self,
        locations: Locations,
        environ: Mapping[str, str],
        *,
        folder: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Read the settings; nothing is opened yet.

        Args:
            locations: Where settings, state and keys live.
            environ: The user's environment, as their installers will see it.
            folder: The managed folder, where it is not the one in the settings.
            clock: Tells the time to certificates.

        Raises:
            SettingsError: The settings file cannot be used.
        """
        self.bus = EventBus()
        self._locations = locations
        self._clock = clock
        self._settings = settings_file.read_settings(locations.settings_file)
        chosen = folder or (Path(self._settings.folder) if self._settings.folder else None)
        self.folder = (chosen or locations.default_folder).expanduser().absolute()
        self._installers = Installers(locations.clients, environ)
        self._repository: Repository | None = None
        self._serving = threading.RLock()
        self._listener: Listener | None = None
        self._state: ServerState = Stopped()
        self._hosts: frozenset[str] = frozenset()

    # --- the repository ----------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The repository's name, for people."""
        return self.folder.name

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

    def serve(self, *, lan: bool, host: str | None = None, port: int | None = None) -> Serving:
        """Serve on this computer alone, or on the network too; slow.

        Serving already, it changes over: downloads in flight finish first, for a bounded time. When
        the new address cannot be had, the old one is served again, and the state tells the failure.

        Args:
            lan: Whether other computers may reach it.
            host: An address to bind instead of all of them.
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
                serving = self._start(lan=lan, host=host, port=wanted)
            except CheeseboardError as error:
                self._take_back(before)
                free_port = error.free_port if isinstance(error, AddressInUse) else None
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
        names = [host_name()]
        return open_authority(self._locations.authority, now=self._clock(), host_names=names)

    def _start(self, *, lan: bool, host: str | None, port: int) -> Serving:
        bound = host or (_EVERY_ADDRESS if lan else LOOPBACK)
        addresses = _served_addresses(bound)
        if lan and len(addresses) == 1:
            raise AddressUnavailable(bound, port, "this computer is not connected to a network")
        authority = self._authority()
        name = host_name()
        names = tuple(dict.fromkeys(("localhost", name, _local_name(name))))
        leaf = authority.leaf(names, (*addresses, ip_address("::1")), now=self._clock())
        listener = Listener(
            create_app(self._source(authority), lambda: self._hosts),
            hosts_to_bind=_hosts_to_bind(bound),
            port=port,
            certificate=leaf.certificate_path,
            key=leaf.key_path,
            ca=authority.certificate_path,
        )
        # The listener asks itself for an answer before it returns: its own name must be allowed by then.
        self._hosts = host_values(leaf.names, leaf.addresses, port)
        bound_port = listener.start()
        self._hosts = host_values(leaf.names, leaf.addresses, bound_port)
        self._listener = listener
        serving = _describe(bound, addresses, leaf, bound_port)
        self._set_state(serving)
        return serving

    def _source(self, authority: Authority) -> Source:
        repository = self._open_repository()
        return Source(
            name=self.name,
            snapshot=lambda: repository.snapshot,
            path_of=repository.path_of,
            metadata_of=repository.metadata_of,
            available=lambda: repository.available,
            ca_pem=authority.certificate_pem,
            on_download=self._on_download,
        )

    def _take_back(self, before: ServerState) -> None:
        """Serve again where we served before a change that failed."""
        if not isinstance(before, Serving):
            return
        try:
            self._start(lan=before.lan, host=None, port=before.port)
        except CheeseboardError as error:
            logger.warning("Can't serve as before: %s", error)

    def _stop_listener(self) -> bool:
        listener, self._listener = self._listener, None
        return listener is None or listener.stop(_DRAIN_SECONDS)

    def _set_state(self, state: ServerState) -> None:
        self._state = state
        self.bus.publish(ServerStateChanged())

    def _on_download(self, file: File, address: str, installer: str) -> None:
        self.bus.publish(FileDownloaded(file.filename, address, installer))

    # --- this computer's installers ------------------------------------------------------------------

    def client_states(self) -> tuple[ClientState, ...]:
        """Return which installers look here."""
        return self._installers.states()

    def plan_use(self, tool: str, *, mode: Mode = Mode.EXTRA, scope: Scope = Scope.USER) -> Plan:
        """Work out what telling an installer of this repository would change; slow.

        Raises:
            ClientConfigError: Its configuration cannot be changed, and why.
            CertificateError: There is no usable certificate.
        """
        state = self._state
        local = state.local_url if isinstance(state, Serving) else _url(_LOCAL_NAME, self.port)
        return self._installers.plan(
            tool, url=local, ca_pem=self._authority().certificate_pem, mode=mode, scope=scope
        )

    def apply(self, plan: Plan) -> None:
        """Write what was planned; slow.

        Raises:
            ClientConfigError: It was left alone, or put back, and why.
        """
        self._installers.apply(plan)
        self.bus.publish(ClientsChanged())

    def unuse(self, tool: str) -> tuple[Undone, ...]:
        """Undo what was written for an installer; slow.

        Raises:
            ClientConfigError: There is nothing to undo, or it cannot be undone.
        """
        undone = self._installers.undo(tool)
        self.bus.publish(ClientsChanged())
        return undone


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


_Address = IPv4Address | IPv6Address


def _hosts_to_bind(bound: str) -> list[str]:
    """Return the sockets to listen on: "localhost" means ::1 to some installers."""
    twin = {LOOPBACK: "::1", _EVERY_ADDRESS: "::"}.get(bound)
    return [bound, twin] if twin and speaks_ipv6() else [bound]


def _served_addresses(bound: str) -> tuple[_Address, ...]:
    """Return the addresses that clients may use, the one to show first in front."""
    address = ip_address(bound)
    if not address.is_unspecified:
        return (address,)
    found = [address.ip for address in local_addresses() if address.ip.version == 4]
    return (*found, ip_address(LOOPBACK))


def _describe(bound: str, addresses: Sequence[_Address], leaf: Leaf, port: int) -> Serving:
    """Return the state to show; the address that a colleague should use first in front.

    An address outside the authority's constraints is left out, since every client would reject it;
    the computer's own names are always inside.
    """
    served = [address for address in addresses if address in leaf.addresses]
    shared = not ip_address(bound).is_loopback
    shown = [_host(address) for address in served if not (shared and address.is_loopback)]
    if shared:
        shown += [name for name in leaf.names if name != "localhost"]
    on_loopback = any(address.is_loopback for address in served)
    return Serving(
        lan=shared,
        port=port,
        urls=tuple(_url(host, port) for host in shown),
        local_url=_url(_LOCAL_NAME if on_loopback else shown[0], port),
    )


def _local_name(name: str) -> str:
    return f"{name.split('.', 1)[0]}.local"


def _url(host: str, port: int) -> str:
    return f"https://{host}:{port}/simple/"


def _host(address: _Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)
