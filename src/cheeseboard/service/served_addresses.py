"""By which addresses and names a served repository is reached: pure, from what is bound and what is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from cheeseboard.server.addresses import Address, InterfaceKind, speaks_ipv6
from cheeseboard.server.state import Serving

LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104  # Serve on LAN means just this; it is off until asked for
# What installers here are told: pip 24.2 to 25.0 cannot verify a certificate for an IP address.
LOCAL_NAME = "localhost"
# 8443 and 9443: easy to remember, and easy to open in a firewall.
_UPLOAD_PORT_DISTANCE = 1000
IPAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class AddressChoice:
    """One way to reach this server from elsewhere.

    Attributes:
        host: As it stands in the address.
        url: The Simple API URL.
        label: The interface that leads there, as the system calls it to people, or "name".
        chosen: Whether it is the one that is shown.
        kind: What that interface leads to; None for a name.
        wireless: Whether it is known to be a radio.
    """

    host: str
    url: str
    label: str
    chosen: bool
    kind: InterfaceKind | None = None
    wireless: bool = False


def hosts_to_bind(bound: Sequence[str]) -> list[str]:
    """Return the sockets to listen on: "localhost" means ::1 to some installers."""
    twins = {LOOPBACK: "::1", EVERY_ADDRESS: "::"} if speaks_ipv6() else {}
    return [*bound, *(twins[host] for host in bound if host in twins)]


def is_shared(bound: Sequence[str]) -> bool:
    """Tell whether other computers can reach one of these hosts."""
    return not all(ip_address(host).is_loopback for host in bound)


def served_addresses(bound: Sequence[str], local: Sequence[Address]) -> tuple[IPAddress, ...]:
    """Return the addresses that clients may use, the one to show first in front."""
    served: dict[IPAddress, None] = {}
    for host in bound:
        address = ip_address(host)
        every = (*(address.ip for address in local), ip_address(LOOPBACK))
        served |= dict.fromkeys(every if address.is_unspecified else (address,))
    return tuple(served)


def describe(
    bound: Sequence[str],
    port: int,
    *,
    signed_names: Sequence[str],
    signed_addresses: Sequence[IPAddress],
    announced: bool,
    addresses: Sequence[IPAddress],
    first: str,
) -> Serving:
    """Return the state to show; the address that a colleague should use first in front.

    An address outside the authority's constraints is left out, since every client would reject it;
    the computer's own names are always inside.

    Args:
        bound: The hosts that the listener was started for.
        port: Its port.
        signed_names: The names in its certificate.
        signed_addresses: The addresses in its certificate.
        announced: Whether the network was told of our ``.local`` name.
        addresses: This computer's, the likeliest first.
        first: The host that the user wants in front.
    """
    signed = [address for address in addresses if address in signed_addresses]
    shared = is_shared(bound)
    shown = [host_of(address) for address in signed if not (shared and address.is_loopback)]
    if shared:
        shown += [name for name in signed_names if name != LOCAL_NAME]
    if announced:
        shown.sort(key=lambda host: not host.endswith(".local"))
    shown.sort(key=lambda host: host != first)
    on_loopback = any(address.is_loopback for address in signed)
    return Serving(
        lan=shared,
        port=port,
        urls=tuple(simple_url(host, port) for host in shown),
        local_url=simple_url(LOCAL_NAME if on_loopback else shown[0], port),
    )


def choices(state: Serving, local: Sequence[Address]) -> tuple[AddressChoice, ...]:
    """Return the hosts by which colleagues may reach a server, the one shown first in front."""
    interfaces = {host_of(address.ip): address for address in local}
    hosts = [urlsplit(url).netloc.rpartition(":")[0] for url in state.urls]
    return tuple(
        _choice(host, url, interfaces.get(host), chosen=url == state.urls[0])
        for host, url in zip(hosts, state.urls, strict=True)
    )


def _choice(host: str, url: str, address: Address | None, *, chosen: bool) -> AddressChoice:
    if address is None:
        return AddressChoice(host, url, "name", chosen)
    interface = address.interface
    label, wireless = interface.description or interface.name, interface.device_type == "wlan"
    return AddressChoice(host, url, label, chosen, address.kind, wireless)


def mdns_name(computer: str) -> str:
    """Return the name by which the network knows this computer."""
    return f"{computer.split('.', 1)[0]}.local"


def simple_url(host: str, port: int) -> str:
    """Return the Simple API URL of a host as it stands in addresses."""
    return f"https://{host}:{port}/simple/"


def upload_url_at(url: str, port: int | None) -> str:
    """Return where packages are uploaded to on a Simple API URL's host, at its port if no other is given."""
    parts = urlsplit(url)
    netloc = parts.netloc if port is None else f"{parts.netloc.rpartition(':')[0]}:{port}"
    return f"https://{netloc}/legacy/"


def usual_upload_port(port: int) -> int:
    """Return the port for uploads alone beside a main one, as long as no other was chosen."""
    above = port + _UPLOAD_PORT_DISTANCE
    return above if above <= 65535 else port - _UPLOAD_PORT_DISTANCE


def host_of(address: IPAddress) -> str:
    """Return an address as it stands in a URL."""
    return f"[{address}]" if address.version == 6 else str(address)
