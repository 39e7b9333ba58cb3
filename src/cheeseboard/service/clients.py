"""This computer's installers: joins their configuration with our certificate and address."""

import logging
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from packaging.utils import NormalizedName

from cheeseboard.clients.collisions import Collision, Collisions, Winner
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.paste import PasteLines, paste_lines
from cheeseboard.clients.pip_conf import without_user
from cheeseboard.clients.plan import (
    Caution,
    CautionReason,
    ClientState,
    Mode,
    Plan,
    Scope,
    SecretPlace,
    Undone,
)
from cheeseboard.clients.proof import Proof, stopped
from cheeseboard.clients.tool import stoppable
from cheeseboard.clients.uv import upload_url
from cheeseboard.errors import CertificateError, ClientConfigError
from cheeseboard.events import ClientsChanged, EventBus
from cheeseboard.repository.snapshot import Snapshot
from cheeseboard.server.access.tokens import Reading, TokenScope
from cheeseboard.service.access import Access
from cheeseboard.service.trust import Trust
from cheeseboard.settings import KeptSettings

logger = logging.getLogger(__name__)

_KNOCK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where installers on this computer find the repository, and whether this process serves it now.

    Attributes:
        url: The Simple API URL.
        owner: Whose address that is: the managed folder.
        upload_url: Where packages are uploaded to by a tool that shows the reason in the status line alone.
    """

    url: str
    served: bool
    owner: str = ""
    upload_url: str = ""


class Clients:
    """The installers of one user on this computer."""

    def __init__(
        self,
        directory: Path,
        environ: Mapping[str, str],
        bus: EventBus,
        settings: KeptSettings,
        trust: Trust,
        access: Access,
        *,
        place: Callable[[], Place],
        snapshot: Callable[[], Snapshot],
        clock: Callable[[], datetime],
    ) -> None:
        """Read nothing yet.

        Args:
            directory: Where the ledger and the bundles lie.
            environ: The user's environment, as their installers will see it.
            bus: Is told when a configuration changed.
            settings: Whether entries leave while nobody serves.
            trust: Has the certificate that installers need.
            access: Has the owner's tokens that they need.
            place: Tells where the repository is, or would be, served.
            snapshot: Tells what the repository holds now.
            clock: Tells the time.
        """
        self._installers = Installers(directory, environ)
        self._collisions = Collisions(directory, environ)
        self._bus = bus
        self._settings = settings
        self._trust = trust
        self._access = access
        self._place = place
        self._snapshot = snapshot
        self._clock = clock

    def bundle_path(self) -> Path:
        """Return a CA bundle for installers: the public authorities and ours; slow.

        Raises:
            ClientConfigError: It cannot be written.
            CertificateError: There is no usable certificate.
        """
        return self._installers.bundle(self._trust.authority().certificate_pem)

    def export_bundle(self, path: Path) -> None:
        """Write such a bundle where somebody wants it; slow.

        Raises:
            ClientConfigError: It cannot be written.
            CertificateError: There is no usable certificate.
        """
        self._installers.bundle(self._trust.authority().certificate_pem, path)

    def resume(self, url: str, upload_url: str) -> None:
        """Renew what installers read, lead them here, end their pause; serving goes on without."""
        try:
            self._installers.refresh(self._trust.authority().certificate_pem)
            followed = self._installers.follow(self._place().owner, url, upload_url)
            if self._installers.resume(url) or followed:
                self._bus.publish(ClientsChanged())
        except (CertificateError, ClientConfigError) as error:
            logger.warning("Installers are not told that serving goes on: %s", error)
        self.settle(served=url)

    def pause(self, url: str) -> None:
        """Take our entries out of installers' configuration until we serve again."""
        if not self._settings.current.pause_while_not_serving:
            return
        try:
            if self._installers.pause(url):
                self._bus.publish(ClientsChanged())
        except ClientConfigError as error:
            logger.warning("Installers are not told that serving ended: %s", error)

    def settle(self, *, served: str = "") -> tuple[str, ...]:
        """Take our entries out where nobody serves, as after a crash; they return when somebody does.

        Fast when there is nothing to do: each address is knocked at.

        Args:
            served: The address that this process serves or is about to.

        Returns:
            The addresses at which nobody serves, whose entries left.
        """
        if not self._settings.current.pause_while_not_serving:
            return ()
        try:
            forsaken = [url for url in self._installers.addresses() if url != served and not _listens(url)]
            left = tuple(url for url in forsaken if self._installers.pause(url))
            for url in left:
                if _listens(url):  # somebody began to serve just now
                    self._installers.resume(url)
        except ClientConfigError as error:
            logger.warning("Installers still wait for a server that is gone: %s", error)
            return ()
        if left:
            self._bus.publish(ClientsChanged())
        return left

    def states(self) -> tuple[ClientState, ...]:
        """Return which installers look here."""
        return self._installers.states()

    def modes(self, tool: str) -> tuple[Mode, ...]:
        """Return how an installer can be told of this repository: not each knows an order of indexes.

        Raises:
            ClientConfigError: We know no such installer.
        """
        return self._installers.modes(tool)

    def secret_places(self, tool: str) -> tuple[SecretPlace, ...]:
        """Return where an installer can find a token: not each looks into a keyring.

        Raises:
            ClientConfigError: We know no such installer.
        """
        return self._installers.secret_places(tool)

    def plan_use(
        self,
        tool: str,
        *,
        mode: Mode = Mode.EXTRA,
        scope: Scope = Scope.USER,
        secret_place: SecretPlace | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Plan:
        """Work out what telling an installer of this repository would change; slow.

        Args:
            tool: Which.
            mode: Where among its indexes.
            scope: For whom.
            secret_place: Where it shall find the token that it needs; None for where it does now.
            cancelled: Asked while the installer itself is asked; it is ended then.

        Raises:
            ClientConfigError: Its configuration cannot be changed, and why.
            CertificateError: There is no usable certificate.
            AccessError: The tokens cannot be used.
        """
        with stoppable(cancelled):
            plan = self._installers.plan(
                tool,
                url=self._address_for(tool),
                ca_pem=self._trust.authority().certificate_pem,
                mode=mode,
                scope=scope,
                owner=self._place().owner,
                secret=self._secret(tool),
                place=secret_place,
            )
        return replace(plan, cautions=(*plan.cautions, *self._cautions(tool, mode, without_user(plan.url))))

    def _address_for(self, tool: str) -> str:
        """Return the address that a tool here is led to.

        Another process may serve, and may have got no port for uploads alone: then it is knocked at.
        """
        place = self._place()
        if not self._installers.reads_reasons(tool):
            return place.url
        if place.served or _listens(place.upload_url) or not _listens(place.url):
            return place.upload_url
        return upload_url(place.url)

    def _secret(self, tool: str) -> str:
        """Return the owner's token that a tool here needs: to publish always, to read if that is private."""
        if any(state.tool == tool and state.uploads for state in self._installers.states()):
            return self._access.owner_secret(TokenScope.PUBLISH)
        if self._access.reading is Reading.TOKEN:
            return self._access.owner_secret(TokenScope.READ)
        return ""

    def _cautions(self, tool: str, mode: Mode, url: str) -> Iterator[Caution]:
        """Tell what only the service knows: whether somebody serves, and what the upstream has."""
        if not self._place().served and not _listens(url):
            yield Caution(CautionReason.NOT_SERVING, url)
        lost = [known.project for known in self.collisions if known.winner is Winner.UPSTREAM]
        if lost and tool == "pip" and mode is not Mode.ONLY:  # others take what the first index has
            yield Caution(CautionReason.NAME_COLLISION, ", ".join(lost))

    @property
    def collisions(self) -> tuple[Collision, ...]:
        """Our projects that exist upstream too, as far as somebody let us ask; fast."""
        return self._collisions.known(self._offered)

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
            cancelled: Asked again and again; what is known by then is kept.

        Raises:
            ClientConfigError: There is no pip, or it did not reach its index.
        """
        with stoppable(cancelled):
            self._collisions.ask(
                self._snapshot().projects,
                own_url=self._place().url,
                now=self._clock(),
                progress=progress,
                cancelled=cancelled,
            )
        return self.collisions

    def _offered(self, name: str) -> str | None:
        project = self._snapshot().projects.get(NormalizedName(name))
        return None if project is None else project.offered

    def apply(self, plan: Plan) -> None:
        """Write what was planned; slow.

        Raises:
            ClientConfigError: It was left alone, or put back, and why.
        """
        self._installers.apply(plan)
        self._bus.publish(ClientsChanged())

    def paste_lines(self, tool: str) -> PasteLines:
        """Return what to paste for a tool that has no configuration of the user's that we could write; slow.

        Raises:
            ClientConfigError: We know no such tool, or the certificates can't be written.
            CertificateError: There is no usable certificate.
        """
        ca = self._trust.authority()
        return paste_lines(tool, url=self._place().url, ca=ca.certificate_path, bundle=self.bundle_path())

    def unuse(self, tool: str) -> tuple[Undone, ...]:
        """Undo what was written for an installer; slow.

        Raises:
            ClientConfigError: There is nothing to undo, or it cannot be undone.
        """
        undone = self._installers.undo(tool)
        self._bus.publish(ClientsChanged())
        return undone

    def prove(
        self,
        tool: str | None = None,
        *,
        requirement: str | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[Proof, ...]:
        """Let real installers ask this repository, and say why one was not served; slow.

        Args:
            tool: This installer alone; None for all that were told of us, pip if none was.
            requirement: What to download, e.g. "acme-core==7.0.1"; None to just ask.
            cancelled: Asked while they run; those still running are ended then, and prove nothing.

        Raises:
            ClientConfigError: We know no such installer.
        """
        states = self._installers.states()
        used = tuple(state.tool for state in states if state.mode and not state.uploads)
        wanted = (tool,) if tool else used or ("pip",)
        proofs: list[Proof] = []
        for name in wanted:
            state = next((state for state in states if state.tool == name), ClientState(name, None))
            url, mode = state.url or self._place().url, state.mode or Mode.EXTRA
            if state.paused and not _listens(url):
                proofs.append(stopped(name, url))
                continue
            with stoppable(cancelled):
                proofs += self._installers.prove(name, url=url, mode=mode, requirement=requirement)
        return () if cancelled() else tuple(proofs)

    def refresh(self) -> None:
        """Renew the bundles that installers read, for a new authority; slow.

        Raises:
            CertificateError: There is no usable certificate.
            ClientConfigError: They cannot be written.
        """
        self._installers.refresh(self._trust.authority().certificate_pem)


def _listens(url: str) -> bool:
    """Tell whether anybody, perhaps another process of ours, accepts connections at our own address."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=_KNOCK_SECONDS):
            return True
    except OSError:
        return False
