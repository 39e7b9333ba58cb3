from ipaddress import ip_address
from pathlib import Path

import pytest

from cheeseboard.server.addresses import (
    Address,
    Interface,
    InterfaceKind,
    _default_interface,
    classify,
    clean_host_name,
    host_name,
    host_values,
    local_addresses,
    rank,
)

CABLE = Interface("enp3s0", "enp3s0", has_device=True, type_number=1, is_default=True)
RADIO = Interface("wlp2s0", "wlp2s0", has_device=True, type_number=1, device_type="wlan")
TUNNEL = Interface("wg0", "wg0", has_device=False, type_number=65534, device_type="wireguard")
DOCKER = Interface("docker0", "docker0", has_device=False, type_number=1, device_type="bridge")


def at(ip: str, interface: Interface) -> Address:
    return Address(ip_address(ip), interface, classify(interface))


def ranked(*addresses: Address) -> list[str]:
    return [str(address) for address in rank(addresses)]


@pytest.mark.parametrize(
    ("interface", "kind"),
    [
        (CABLE, InterfaceKind.PHYSICAL),
        (RADIO, InterfaceKind.PHYSICAL),
        (TUNNEL, InterfaceKind.VPN),
        (DOCKER, InterfaceKind.CONTAINER),
        (
            Interface("br0", "br0", has_device=True, type_number=1, device_type="bridge"),
            InterfaceKind.PHYSICAL,
        ),
        (Interface("br-3f2a91c0d411", has_device=False, device_type="bridge"), InterfaceKind.CONTAINER),
        (Interface("eth0", "eth0", has_device=False, type_number=1), InterfaceKind.OTHER),
        (Interface("company", has_device=False, type_number=65534), InterfaceKind.VPN),
        (Interface("tailscale0", has_device=False, type_number=65534), InterfaceKind.VPN),
        (Interface("en0"), InterfaceKind.PHYSICAL),
        (Interface("utun3"), InterfaceKind.VPN),
        (Interface("bridge100"), InterfaceKind.CONTAINER),
        (Interface("{8D1F}", "Intel(R) Wi-Fi 6 AX201"), InterfaceKind.PHYSICAL),
        (Interface("{8D1F}", "Hyper-V Virtual Ethernet Adapter"), InterfaceKind.CONTAINER),
        (Interface("{8D1F}", "TAP-Windows Adapter V9"), InterfaceKind.VPN),
        (Interface("{8D1F}", "Cisco AnyConnect Secure Mobility Client"), InterfaceKind.VPN),
    ],
    ids=lambda value: value.name if isinstance(value, Interface) else None,
)
def test_an_interface_is_told_by_what_the_system_says_of_it(
    interface: Interface, kind: InterfaceKind
) -> None:
    assert classify(interface) is kind


def test_a_cable_comes_before_a_vpn_and_a_vpn_before_containers() -> None:
    found = ranked(at("172.17.0.1", DOCKER), at("10.8.0.2", TUNNEL), at("192.168.1.7", CABLE))
    assert found == ["192.168.1.7", "10.8.0.2", "172.17.0.1"]


def test_of_two_physical_ones_that_of_the_default_route_comes_first() -> None:
    assert ranked(at("192.168.1.8", RADIO), at("192.168.1.7", CABLE)) == ["192.168.1.7", "192.168.1.8"]


def test_a_default_route_through_a_vpn_does_not_lift_it() -> None:
    through_vpn = Interface("wg0", device_type="wireguard", is_default=True)
    assert ranked(at("10.8.0.2", through_vpn), at("192.168.1.8", RADIO))[0] == "192.168.1.8"


def test_an_unplugged_card_comes_after_what_works() -> None:
    unplugged = Interface("enp4s0", has_device=True, is_up=False)
    assert ranked(at("192.168.9.1", unplugged), at("10.8.0.2", TUNNEL)) == ["10.8.0.2", "192.168.9.1"]


def test_what_no_other_computer_can_use_is_left_out() -> None:
    loopback = Interface("lo", has_device=False, type_number=772)
    assert ranked(at("127.0.0.1", loopback), at("::1", loopback), at("fe80::1", CABLE)) == []


def test_a_link_local_address_is_the_last_resort() -> None:
    assert ranked(at("169.254.7.7", CABLE), at("172.17.0.1", DOCKER)) == ["172.17.0.1", "169.254.7.7"]
    assert ranked(at("169.254.7.7", CABLE)) == ["169.254.7.7"]


def test_ipv4_comes_before_ipv6_and_private_before_public() -> None:
    found = ranked(
        at("2001:db8:1::7", CABLE), at("fd00::7", CABLE), at("192.168.1.7", CABLE), at("8.8.4.4", CABLE)
    )
    assert found[:2] == ["192.168.1.7", "8.8.4.4"]


def test_an_address_is_listed_once() -> None:
    assert ranked(at("192.168.1.7", CABLE), at("192.168.1.7", CABLE)) == ["192.168.1.7"]


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("ada-laptop", "ada-laptop"),
        ("Ada-Laptop.fritz.box", "ada-laptop"),
        ("Ada's MacBook", "ada-s-macbook"),
        ("büro", "b-ro"),
        ("", "localhost"),
        ("---", "localhost"),
        ("x" * 80, "x" * 63),
    ],
)
def test_a_computers_name_becomes_a_valid_host_name(name: str, cleaned: str) -> None:
    assert clean_host_name(name) == cleaned


def test_the_hosts_that_are_answered_carry_the_port() -> None:
    values = host_values(["Localhost"], [ip_address("127.0.0.1"), ip_address("::1")], 8443)
    assert values == {"localhost:8443", "127.0.0.1:8443", "[::1]:8443"}


def test_the_default_port_may_be_left_out() -> None:
    assert host_values(["localhost"], [], 443) == {"localhost", "localhost:443"}


def test_the_default_route_of_the_lowest_metric_counts(tmp_path: Path) -> None:
    routes = tmp_path / "route"
    routes.write_text(
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
        "wlp2s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\n"
        "enp3s0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\n"
        "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\n"
    )
    assert _default_interface(routes) == "enp3s0"
    assert _default_interface(tmp_path / "missing") == ""


def test_this_computer_can_be_read() -> None:
    assert host_name() == clean_host_name(host_name())
    for address in local_addresses():
        assert not address.ip.is_loopback
