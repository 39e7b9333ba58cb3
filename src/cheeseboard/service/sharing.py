"""Serving the repository, here and on the network: joins repository, server and certificates."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from cheeseboard import wording
from cheeseboard.clients.join import JoinScript, make_join_script
from cheeseboard.clients.setup_lines import SetupLines, setup_lines
from cheeseboard.errors import (
    AddressInUse,
    AddressUnavailable,
    CertificateError,
    CheeseboardError,
    Sentence,
    ServerError,
    ServerStartFailed,
)
from cheeseboard.events import (
    EventBus,
    FileDownloaded,
    RequestsAnswered,
    ServerStateChanged,
)
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.snapshot import File
from cheeseboard.server.addresses import Address, host_values
from cheeseboard.server.guarding.visitors import Visitors
from cheeseboard.server.ports import Publishing, Source
from cheeseboard.server.state import Failed, ServerState, Serving, Starting, Stopped, Stopping
from cheeseboard.server.traffic.access_log import Access as LoggedAccess
from cheeseboard.server.traffic.agent import Agent
from cheeseboard.server.traffic.records import Records
from cheeseboard.server.traffic.summary import summarize
from cheeseboard.service.access import Access
from cheeseboard.service.clients import Clients, Place
from cheeseboard.service.kept_ports import KeptPorts
from cheeseboard.service.neighbourhood import Neighbourhood
from cheeseboard.service.served_addresses import (
    EVERY_ADDRESS,
    LOCAL_NAME,
    LOOPBACK,
    AddressChoice,
    IPAddress,
    choices,
    describe,
    hosts_to_bind,
    is_shared,
    mdns_name,
    served_addresses,
    simple_url,
    upload_url_at,
)
from cheeseboard.service.trust import Trust
from cheeseboard.settings import KeptSettings

if TYPE_CHECKING:
    from cheeseboard.server.discovery import Discovery, Neighbour
    from cheeseboard.server.listener import Listener
    from cheeseboard.tls.authority import Authority, Leaf

logger = logging.getLogger(__name__)

# How long downloads in flight may take to finish when serving stops.
_DRAIN_SECONDS = 30.0
# How long a start waits for the first look through a new folder, which may take a minute.
_FIRST_LOOK_SECONDS = 1.0
# How soon a new address of this computer is noticed while serving.
_NETWORK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Served:
    """What the running listener was started for."""

    bound: tuple[str, ...]
    port: int
    authority: "Authority"
    leaf: "Leaf"
    upload_port: int | None
    upload_problem: str
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What serving needs to know of this computer and its network.

    Attributes:
        addresses: Tells this computer's addresses, the likeliest first.
        computer_name: Tells its name.
        discovery: Announces and finds repositories on the network; None for the network's own way.
    """

    addresses: Callable[[], Sequence[Address]]
    computer_name: Callable[[], str]
    discovery: "Discovery | None"


class Sharing:
    """One repository's server."""

    def __init__(
        self,
        bus: EventBus,
        settings: KeptSettings,
        trust: Trust,
        clients: Clients,
        access: Access,
        surroundings: Surroundings,
        *,
        repository: Callable[[], Repository],
        folder: Callable[[], Path],
        name: Callable[[], str],
        access_log: Path,
        clock: Callable[[], datetime],
    ) -> None:
        """Serve nothing yet.

        Args:
            bus: Is told of states, downloads and neighbours.
            settings: The ports, and what to show and announce.
            trust: Has the authority that signs the server's certificate.
            clients: Are told when serving ends and goes on.
            access: Decides who may read and write.
            surroundings: This computer and its network.
            repository: Returns what is served; raises FolderUnavailable.
            folder: Tells the managed folder.
            name: Tells its name, for people.
            access_log: Where requests are written down.
            clock: Tells the time to certificates.
        """
        self._bus = bus
        self._settings = settings
        self._ports = KeptPorts(settings, folder)
        self._trust = trust
        self._clients = clients
        self._access = access
        self._addresses = surroundings.addresses
        self._computer_name = surroundings.computer_name
        self._neighbourhood = Neighbourhood(bus, surroundings.discovery)
        self._repository = repository
        self._folder = folder
        self._name = name
        self._access_log = access_log
        self._clock = clock
        # Held while the server changes from one state to another.
        self.changing = threading.RLock()
        self._listener: Listener | None = None
        self._served: _Served | None = None
        self._watching = threading.Event()
        self._records: Records | None = None
        self._watched = False
        self._state: ServerState = Stopped()
        self._hosts: frozenset[str] = frozenset()

    @property
    def server_state(self) -> ServerState:
        """The server's state; ``ServerStateChanged`` tells when it changed."""
        return self._state

    @property
    def place(self) -> Place:
        """Where this computer's installers find the repository, or would."""
        state = self._state
        if isinstance(state, Serving):
            url, upload_port = state.local_url, state.upload_port
        else:
            url, upload_port = simple_url(LOCAL_NAME, self.port), self.upload_port
        served, owner = isinstance(state, Serving), str(self._folder())
        return Place(url, served=served, owner=owner, upload_url=upload_url_at(url, upload_port))

    def serve(
        self,
        *,
        lan: bool,
        hosts: Sequence[str] = (),
        port: int | None = None,
        upload_port: int | None = None,
    ) -> Serving:
        """Serve on this computer alone, or on the network too; slow.

        Serving already, it changes over: downloads in flight finish first, for a bounded time. When
        the new address cannot be had, the old one is served again, and the state tells the failure.

        Args:
            lan: Whether other computers may reach it.
            hosts: Addresses to bind instead of all of them.
            port: Instead of the repository's own; remembered for it. 0 takes any free one.
            upload_port: Likewise, the one for uploads alone; 0 for none. Without it, where the repository's
                own is taken, the next free one is; where none can be had, serving goes on without, and the
                state tells why.

        Raises:
            ServerError: It cannot be served there.
            CertificateError: There is no usable certificate.
            RepositoryError: The folder is not open.
        """
        wanted = self.port if port is None else port
        with self.changing:
            before, bound = self._state, self._served.bound if self._served else ()
            for_uploads = self._ports.for_uploads(wanted, upload_port)
            self._stop_listener()
            self._set_state(Starting())
            try:
                serving = self._start(
                    lan=lan,
                    hosts=hosts,
                    port=wanted,
                    upload_port=for_uploads,
                    insist=upload_port is not None,
                )
            except CheeseboardError as error:
                self._take_back(before, bound)
                free_port = error.free_port if isinstance(error, AddressInUse) else None
                if self._listener is None and not isinstance(error, AddressInUse):
                    self._clients.pause(simple_url(LOCAL_NAME, wanted))
                self._set_state(Failed(str(error), wanted, free_port, lan))
                raise
            if port is not None:
                self._ports.remember_main(serving.port)
            if upload_port == 0 or serving.upload_port is not None:
                self._ports.remember_uploads(serving.upload_port)
            return serving

    @property
    def port(self) -> int:
        """The port of this repository: the one chosen for it, or the general one."""
        return self._ports.main

    @property
    def upload_port(self) -> int | None:
        """The port of this repository for uploads alone: the last one, or the usual one; None without."""
        return self._ports.uploads

    def stop_serving(self) -> bool:
        """Stop serving; slow, idempotent.

        Returns:
            Whether all downloads in flight could finish.
        """
        with self.changing:
            if self._listener is None:
                if not isinstance(self._state, Stopped):
                    self._set_state(Stopped())
                return True
            if isinstance(self._state, Serving):
                # Before the port is free: the next to serve there puts them back.
                self._clients.pause(self._state.local_url)
            self._set_state(Stopping())
            finished = self._stop_listener()
            self._set_state(Stopped())
            return finished

    def _start(
        self,
        *,
        lan: bool,
        hosts: Sequence[str],
        port: int,
        upload_port: int | None,
        insist: bool = False,
    ) -> Serving:
        # A tenth of a second's worth of modules, which most commands never need.
        from cheeseboard.server.app import create_app  # noqa: PLC0415  # as said
        from cheeseboard.server.listener import Listener  # noqa: PLC0415  # likewise

        bound = tuple(hosts) or (EVERY_ADDRESS if lan else LOOPBACK,)
        addresses = served_addresses(bound, self._addresses())
        if lan and len(addresses) == 1:
            raise AddressUnavailable(bound[0], port, Sentence("this computer is not connected to a network"))
        authority = self._trust.authority()
        leaf = self._leaf(authority, addresses)
        gate = self._access.open_gate()
        records = Records(self._access_log, self._repository().count_downloads, now=self._clock)
        visitors = Visitors()
        app = create_app(
            self._source(authority, records), lambda: self._hosts, records.access, visitors, gate
        )
        listener = Listener(
            app,
            hosts_to_bind=hosts_to_bind(bound),
            port=port,
            certificate=leaf.certificate_path,
            key=leaf.key_path,
            ca=authority.certificate_path,
            visitors=visitors,
            upload_port=upload_port,
            insist=insist,
        )
        # Before that nobody is told what is there and what is not: mostly it takes no time at all.
        self._repository().look_first(_FIRST_LOOK_SECONDS)
        self._hosts = _host_values(leaf, port, upload_port)
        try:
            bound_port = listener.start()
        except BaseException:
            records.close()
            self._access.close_gate()
            raise
        self._hosts = _host_values(leaf, bound_port, listener.upload_port)
        self._listener, self._records = listener, records
        self.watch_requests(wanted=self._watched)
        self._served = _Served(
            bound, bound_port, authority, leaf, listener.upload_port, listener.upload_problem
        )
        serving = self._describe(addresses)
        self._clients.resume(serving.local_url, upload_url_at(serving.local_url, serving.upload_port))
        self._set_state(serving)
        self._watch_network()
        return serving

    def _leaf(self, authority: "Authority", addresses: Sequence[IPAddress]) -> "Leaf":
        name = self._computer_name()
        names = tuple(dict.fromkeys(("localhost", name, mdns_name(name))))
        return authority.leaf(names, (*addresses, ip_address("::1")), now=self._clock())

    def _describe(self, addresses: Sequence[IPAddress]) -> Serving:
        served = self._served
        assert served is not None  # noqa: S101 # both callers have just set or read it
        serving = describe(
            served.bound,
            served.port,
            signed_names=served.leaf.names,
            signed_addresses=served.leaf.addresses,
            announced=served.announced,
            addresses=addresses,
            first=self._settings.current.shown_address,
        )
        return replace(serving, upload_port=served.upload_port, upload_problem=served.upload_problem)

    def follow_network(self) -> bool:
        """Look whether this computer's addresses or name changed, or the leaf grew old; slow.

        Then a new leaf is served without losing the port, and the state tells the new addresses. While
        serving this is done every few seconds.

        Returns:
            Whether the state changed.
        """
        with self.changing:
            served, listener = self._served, self._listener
            if served is None or listener is None:
                return False
            addresses = served_addresses(served.bound, self._addresses())
            try:
                leaf = self._leaf(served.authority, addresses)
                if leaf.certificate_path != served.leaf.certificate_path:
                    # Both are asked for by somebody while one certificate takes over from the other.
                    self._hosts |= _host_values(leaf, served.port, served.upload_port)
                    listener.renew(leaf.certificate_path, leaf.key_path)
            except (CertificateError, ServerError) as error:
                logger.warning("The certificate is not renewed: %s", error)
                return False
            self._hosts = _host_values(leaf, served.port, served.upload_port)
            self._served = replace(served, leaf=leaf)
            if served.announced:
                self._tell_network(self._served, addresses)
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
                with self.changing:
                    if not ended.is_set():
                        self.follow_network()

        threading.Thread(target=watch, name="cheeseboard-network", daemon=True).start()

    def _announce(self, ended: threading.Event) -> None:
        """Tell the network; from then on the name that outlives an address is shown first."""
        served = self._served
        if served is None or not is_shared(served.bound) or not self._settings.current.announce:
            return
        addresses = served_addresses(served.bound, self._addresses())
        # Not under the lock: whoever stops serving meanwhile need not wait for the network.
        told = self._tell_network(served, addresses)
        with self.changing:
            if self._served is None or ended.is_set():
                self._neighbourhood.withdraw()
            elif told:
                self._served = replace(self._served, announced=True)
                self._set_state(self._describe(addresses))

    def _tell_network(self, served: _Served, addresses: Sequence[IPAddress]) -> bool:
        """Announce what is served; slow. Returns whether the network was told."""
        return self._neighbourhood.announce(
            name=self._name(),
            host=mdns_name(self._computer_name()).removesuffix(".local"),
            port=served.port,
            addresses=[address for address in addresses if not address.is_loopback],
            ca_sha256=served.authority.sha256,
        )

    def watch_requests(self, *, wanted: bool) -> None:
        """Publish ``RequestsAnswered`` from now on, about every second, or no longer; fast."""
        self._watched = wanted
        records = self._records
        if records is not None:
            records.access.watcher = self._tell_requests if wanted else None

    def _tell_requests(self, accesses: Sequence[LoggedAccess]) -> None:
        kinds = summarize(accesses)
        if kinds:
            self._bus.publish(RequestsAnswered(kinds))

    def look_around(self) -> None:
        """Begin to look for other repositories on this network; ``NeighboursChanged`` tells of them; slow."""
        self._neighbourhood.look_around()

    @property
    def neighbours(self) -> "tuple[Neighbour, ...]":
        """The repositories that others announce on this network; nothing of them is verified."""
        return self._neighbourhood.neighbours

    @property
    def join_script(self) -> JoinScript:
        """What ``/join.py`` answers: it depends on the repository's name and authority alone; slow.

        Raises:
            CertificateError: There is no usable certificate.
        """
        ca = self._trust.authority()
        return make_join_script(name=self._name(), ca_pem=ca.certificate_pem, ca_sha256=ca.sha256)

    def join_line(self, *, windows: bool = False) -> str:
        """Return what a colleague pastes, for the address that is shown; slow.

        Args:
            windows: Python is called "py" there.

        Raises:
            CertificateError: There is no usable certificate.
            ServerError: Nothing is served.
        """
        return self.setup_lines(windows=windows).join

    def setup_lines(self, *, windows: bool = False) -> SetupLines:
        """Return all that colleagues may paste, for the address that is shown; slow.

        Args:
            windows: Python is called "py" there.

        Raises:
            CertificateError: There is no usable certificate.
            ServerError: Nothing is served.
        """
        state = self._state
        if not isinstance(state, Serving):
            raise ServerStartFailed(Sentence("Nothing is served that a colleague could join."))
        authority = self._trust.authority()
        return setup_lines(state.urls[0], self.join_script, authority.sha256, windows=windows)

    def address_choices(self) -> tuple[AddressChoice, ...]:
        """Return the hosts by which colleagues may reach this server, the one shown first in front."""
        state = self._state
        return choices(state, self._addresses()) if isinstance(state, Serving) else ()

    def choose_address(self, host: str) -> None:
        """Show this host first from now on; "" for the likeliest.

        Raises:
            SettingsError: The settings cannot be written.
        """
        self._settings.change(shown_address=host)
        self.follow_network()

    def _source(self, authority: "Authority", records: Records) -> Source:
        repository = self._repository()

        def on_download(file: File, address: str, agent: Agent) -> None:
            records.downloads.add(file.filename)
            facts = (agent.installer, agent.python, agent.system)
            self._bus.publish(FileDownloaded(file.filename, address, *facts))

        return Source(
            name=self._name(),
            snapshot=lambda: repository.snapshot,
            path_of=repository.path_of,
            metadata_of=repository.metadata_of,
            attestations_of=repository.attestations_of,
            publishing=Publishing(
                stage=repository.stage,
                take_in=repository.take_in,
                most_bytes=lambda: self._settings.current.upload_megabytes * 1_000_000,
                word=wording.sentence,
            ),
            available=lambda: repository.available,
            ca_pem=authority.certificate_pem,
            on_download=on_download,
            join_script=self.join_script.content,
        )

    def _take_back(self, before: ServerState, bound: Sequence[str]) -> None:
        """Serve again where we served before a change that failed."""
        if not isinstance(before, Serving):
            return
        try:
            self._start(lan=before.lan, hosts=bound, port=before.port, upload_port=before.upload_port)
        except CheeseboardError as error:
            logger.warning("Can't serve as before: %s", error)

    def _stop_listener(self) -> bool:
        listener, self._listener = self._listener, None
        records, self._records = self._records, None
        self._served = None
        self._watching.set()
        self._neighbourhood.withdraw()
        finished = listener is None or listener.stop(_DRAIN_SECONDS)
        self._access.close_gate()
        if records is not None:
            records.close()
        return finished

    def _set_state(self, state: ServerState) -> None:
        self._state = state
        self._bus.publish(ServerStateChanged())

    def close(self) -> None:
        """Stop serving and looking around; slow, idempotent."""
        self.stop_serving()
        self._neighbourhood.close()


def _host_values(leaf: "Leaf", port: int, upload_port: int | None) -> frozenset[str]:
    """Return by which Host header values both ports are asked."""
    ports = [each for each in (port, upload_port) if each is not None]
    return frozenset().union(*(host_values(leaf.names, leaf.addresses, each) for each in ports))
