"""By which names and addresses other computers reach this one, the likeliest first.

Ranking is pure; the machine is read at the bottom of this file. Nothing is sent and nothing is
connected: asking the routing table through a socket would be, and chooses a VPN as gladly as a cable.
"""

import ipaddress
import re
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import ifaddr

IPAddress = IPv4Address | IPv6Address


class InterfaceKind(IntEnum):
    """What an interface leads to; the order is that of preference."""

    PHYSICAL = 0
    OTHER = 1
    VPN = 2
    CONTAINER = 3


@dataclass(frozen=True, slots=True)
class Interface:
    """What the system says of a network interface.

    Attributes:
        description: What people read on Windows; elsewhere the name.
        has_device: A card or radio is behind it, itself or through a bridge, bond or VLAN; None when
            the system does not say.
        type_number: Linux' hardware type (ARPHRD), if known.
        device_type: Linux' DEVTYPE: "wlan", "bridge", "wireguard", ...; "" when none.
        is_up: False without a carrier.
        is_default: The default route leaves through it.
    """

    name: str
    description: str = ""
    has_device: bool | None = None
    type_number: int | None = None
    device_type: str = ""
    is_up: bool = True
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """One address of this computer."""

    ip: IPAddress
    interface: Interface
    kind: InterfaceKind

    def __str__(self) -> str:
        return str(self.ip)


_VPN_NAMES = re.compile(
    r"^(tun|tap|wg|utun|ipsec|ppp|tailscale|zt|nordlynx|proton|mullvad)\d*"
    r"|vpn|wireguard|wintun|tap-windows|tailscale|zerotier|anyconnect|fortinet|globalprotect",
    re.IGNORECASE,
)
_CONTAINER_NAMES = re.compile(
    r"^(docker|podman|br-[0-9a-f]{6,}|veth|virbr|lxc|lxd|cni|flannel|cali|vmnet|vboxnet|bridge1\d\d|vmenet)"
    r"|hyper-v|vethernet|virtualbox|vmware|docker|wsl",
    re.IGNORECASE,
)
_TUNNEL_TYPES = {512, 768, 769, 776, 778, 65534}  # PPP, IP-in-IP, IPv6 tunnels, GRE, none (tun, WireGuard)


def classify(interface: Interface) -> InterfaceKind:
    """Return what an interface leads to."""
    names = f"{interface.name} {interface.description}"
    if _CONTAINER_NAMES.search(interface.name) or _CONTAINER_NAMES.search(interface.description):
        return InterfaceKind.CONTAINER
    if interface.device_type == "wireguard" or interface.type_number in _TUNNEL_TYPES:
        return InterfaceKind.VPN
    if _VPN_NAMES.search(interface.name) or _VPN_NAMES.search(names):
        return InterfaceKind.VPN
    if interface.has_device is not None:
        return InterfaceKind.PHYSICAL if interface.has_device else InterfaceKind.OTHER
    return InterfaceKind.PHYSICAL


def rank(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Return the addresses that others can use, the likeliest first.

    Left out are loopback addresses, and IPv6 link-local ones, which need a zone that no URL carries.
    IPv4 link-local ones come last: the computer has them when nobody gave it a better one.
    """
    usable = [
        address
        for address in addresses
        if not (address.ip.is_loopback or address.ip.is_multicast or address.ip.is_unspecified)
        and not (address.ip.version == 6 and address.ip.is_link_local)
    ]
    return tuple(dict.fromkeys(sorted(usable, key=_preference)))


def _preference(address: Address) -> tuple[bool, bool, int, bool, int, bool]:
    return (
        address.ip.is_link_local,
        not address.interface.is_up,
        address.kind,
        not address.interface.is_default,
        address.ip.version,
        not address.ip.is_private,
    )


def host_values(names: Iterable[str], addresses: Iterable[IPAddress], port: int) -> frozenset[str]:
    """Return the Host header values under which a server on ``port`` is asked for, lowercase."""
    hosts = [name.lower() for name in names]
    hosts += [f"[{address}]" if address.version == 6 else str(address) for address in addresses]
    with_port = {f"{host}:{port}" for host in hosts}
    return frozenset(with_port | set(hosts) if port == 443 else with_port)


def clean_host_name(name: str) -> str:
    """Return the first label of a computer's name as a valid host name; "localhost" if none is left."""
    label = re.sub(r"[^a-z0-9-]+", "-", name.split(".", 1)[0].lower()).strip("-")
    return label[:63].rstrip("-") or "localhost"


# --- the machine ------------------------------------------------------------------------------------


def host_name() -> str:
    """Return this computer's own name: one label, valid in a URL and a certificate."""
    return clean_host_name(socket.gethostname())


def speaks_ipv6() -> bool:
    """Tell whether this computer has IPv6, at least with itself."""
    if not socket.has_ipv6:
        return False
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def local_addresses() -> tuple[Address, ...]:
    """Return this computer's addresses that others may reach, the likeliest first."""
    default = _default_interface(Path("/proc/net/route")) if sys.platform == "linux" else ""
    found: list[Address] = []
    for adapter in ifaddr.get_adapters():
        interface = _read_interface(adapter.name, adapter.nice_name, default)
        for entry in adapter.ips:
            text = entry.ip if isinstance(entry.ip, str) else entry.ip[0]
            try:
                ip = ipaddress.ip_address(text.partition("%")[0])
            except ValueError:
                continue
            found.append(Address(ip, interface, classify(interface)))
    return rank(found)


def _read_interface(name: str, description: str, default: str) -> Interface:
    directory = Path("/sys/class/net", name)
    if sys.platform != "linux" or not directory.is_dir():
        return Interface(name, description)
    return Interface(
        name=name,
        description=description,
        has_device=_has_device(directory),
        type_number=int(_read(directory / "type") or "0"),
        device_type=_device_type(directory),
        is_up=_read(directory / "operstate") in {"up", "unknown"},
        is_default=name == default,
    )


def _has_device(directory: Path) -> bool:
    """Whether hardware is behind an interface, or behind one that it is built upon."""
    if (directory / "device").exists():
        return True
    below = [*directory.glob("brif/*"), *directory.glob("lower_*")]
    return any(
        (Path("/sys/class/net") / path.name.removeprefix("lower_") / "device").exists() for path in below
    )


def _device_type(directory: Path) -> str:
    for line in _read(directory / "uevent").splitlines():
        key, _, value = line.partition("=")
        if key == "DEVTYPE":
            return value
    return ""


def _default_interface(routes: Path) -> str:
    """Return the interface of the IPv4 default route of the lowest metric; "" without one."""
    best: tuple[int, str] | None = None
    for line in _read(routes).splitlines()[1:]:
        fields = line.split()
        if len(fields) >= 8 and fields[1] == "00000000" and fields[7] == "00000000" and fields[6].isdigit():
            candidate = (int(fields[6]), fields[0])
            best = min(best, candidate) if best else candidate
    return best[1] if best else ""


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", errors="replace").strip()
    except OSError:
        return ""
