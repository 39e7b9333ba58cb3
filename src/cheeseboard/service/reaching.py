"""By which addresses colleagues reach this repository, whoever serves it: this process or another of ours.

The command line is another process than the window or the service that serves. So it asks, as a
colleague would: at each address, over verified TLS, by the name that would stand in the line.
"""

import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cheeseboard.clients.join import make_join_script
from cheeseboard.clients.setup_lines import SetupLines, setup_lines
from cheeseboard.errors import Sentence, ServerStartFailed
from cheeseboard.server.addresses import Address
from cheeseboard.service.served_addresses import LOOPBACK, host_of, mdns_name, simple_url
from cheeseboard.service.trust import Trust
from cheeseboard.settings import KeptSettings

_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Reachable:
    """One way to this repository from elsewhere.

    Attributes:
        host: As it stands in the address.
        url: The Simple API URL.
        label: The interface that leads there, or "name".
        answers: Whether this repository was served there just now.
        chosen: Whether the user wants it in front.
    """

    host: str
    url: str
    label: str
    answers: bool
    chosen: bool


class Reaching:
    """The ways to one repository."""

    def __init__(
        self,
        settings: KeptSettings,
        trust: Trust,
        *,
        addresses: Callable[[], Sequence[Address]],
        computer_name: Callable[[], str],
        port: Callable[[], int],
        name: Callable[[], str],
    ) -> None:
        """Ask nobody yet.

        Args:
            settings: The address wanted in front, and whether the network is told of us.
            trust: Has the authority that proves that it is us who answers.
            addresses: Tells this computer's addresses, the likeliest first.
            computer_name: Tells its name.
            port: Tells the repository's port.
            name: Tells the repository's name, for people.
        """
        self._settings = settings
        self._trust = trust
        self._addresses = addresses
        self._computer_name = computer_name
        self._port = port
        self._name = name

    def ways(self) -> tuple[Reachable, ...]:
        """Return all ways, the one to show first in front; slow, each is tried.

        Raises:
            CertificateError: There is no usable certificate.
        """
        local = [address for address in self._addresses() if not address.ip.is_loopback]
        port, context = self._port(), self._context()
        with ThreadPoolExecutor(8) as executor:
            at = list(
                executor.map(lambda each: _answers(str(each.ip), host_of(each.ip), port, context), local)
            )
        # A name need not be known here to be known to colleagues: it is asked for where we do answer.
        first = next((str(each.ip) for each, answers in zip(local, at, strict=True) if answers), None)
        names = (mdns_name(self._computer_name()), self._computer_name())
        named = [first is not None and _answers(first, host, port, context) for host in names]
        wanted = self._settings.current.shown_address
        entries = [
            (host_of(each.ip), each.interface.name, answers) for each, answers in zip(local, at, strict=True)
        ]
        stable, plain = ([(host, "name", answers)] for host, answers in zip(names, named, strict=True))
        announced = self._settings.current.announce
        entries = [*stable, *entries, *plain] if announced else [*entries, *plain, *stable]
        found = [
            Reachable(host, simple_url(host, port), label, answers, host == wanted)
            for host, label, answers in dict.fromkeys(entries)
        ]
        return tuple(sorted(found, key=lambda way: (not way.answers, not way.chosen)))

    def setup_lines(self, *, windows: bool = False) -> SetupLines:
        """Return what a colleague pastes, by what they want, for the first way that answers; slow.

        Args:
            windows: Python is called "py" there.

        Raises:
            CertificateError: There is no usable certificate.
            ServerError: No colleague could reach it, and what to do.
            ClientConfigError: Its address means something to a shell.
        """
        way = next((way for way in self.ways() if way.answers), None)
        if way is None:
            here = _answers(LOOPBACK, "localhost", self._port(), self._context())
            raise ServerStartFailed(
                Sentence(
                    "The repository is served on this computer alone, so nobody could join. "
                    "Stop that, and run `cheeseboard serve --lan`, or press Serve on LAN in the window."
                )
                if here
                else Sentence(
                    "Nobody serves the repository now, so nobody could join. "
                    "Run `cheeseboard serve --lan`, or press Serve on LAN in the window."
                )
            )
        ca = self._trust.authority()
        script = make_join_script(name=self._name(), ca_pem=ca.certificate_pem, ca_sha256=ca.sha256)
        return setup_lines(way.url, script, ca.sha256, windows=windows)

    def choose(self, host: str) -> None:
        """Want this host in front from the next start of serving on; "" for the likeliest.

        Raises:
            ValueError: It is none of this computer's.
            SettingsError: The settings cannot be written.
        """
        hosts = {host_of(address.ip) for address in self._addresses()}
        hosts |= {mdns_name(self._computer_name()), self._computer_name()}
        if host and host not in hosts:
            raise ValueError(
                Sentence(
                    "{host} is no address of this computer. It has {known}.",
                    host=host,
                    known=", ".join(sorted(hosts)),
                )
            )
        self._settings.change(shown_address=host)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self._trust.authority().certificate_pem.decode("ascii"))


def _answers(address: str, host: str, port: int, context: ssl.SSLContext) -> bool:
    """Tell whether our server answers at an address when it is called by this host."""
    request = f"GET /health HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with (
            socket.create_connection((address, port), timeout=_SECONDS) as raw,
            context.wrap_socket(raw, server_hostname=host.strip("[]")) as connection,
        ):
            connection.sendall(request.encode("ascii"))
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except (OSError, ValueError):
        return False
