"""Announced, found, renamed, gone: real multicast DNS, on loopback and across two network namespaces."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from ipaddress import ip_address
from pathlib import Path

import pytest
import zeroconf
from zeroconf import ServiceInfo, Zeroconf

from cheeseboard.server.discovery import SERVICE_TYPE, Announcement, Discovery, _describe, _read

ADA = Announcement("Ada's wheels", "ada-laptop", 8443, (ip_address("127.0.0.1"),), "ab" * 32)
LOOPBACK = ("127.0.0.1",)


@pytest.fixture
def neighbourhood() -> Iterator[Callable[[], "Watcher"]]:
    with ExitStack() as stack:

        def join() -> Watcher:
            watcher = Watcher()
            stack.callback(watcher.discovery.close)
            return watcher

        yield join


class Watcher:
    """Somebody on the network, who notices when something changes."""

    def __init__(self) -> None:
        self.woken = threading.Condition()
        self.discovery = Discovery(LOOPBACK, changed=self.wake)

    def wake(self) -> None:
        with self.woken:
            self.woken.notify_all()

    def names(self) -> list[str]:
        return [neighbour.name for neighbour in self.discovery.neighbours]

    def until(self, condition: Callable[[], bool]) -> None:
        with self.woken:
            assert self.woken.wait_for(condition, 20)


def test_a_repository_is_found_under_its_name_and_leaves_with_a_goodbye(
    neighbourhood: Callable[[], Watcher],
) -> None:
    ada, grace = neighbourhood(), neighbourhood()
    grace.discovery.browse()
    assert ada.discovery.announce(ADA)
    grace.until(lambda: grace.names() == [ADA.name])
    (found,) = grace.discovery.neighbours
    assert found.url == "https://ada-laptop.local:8443/simple/"
    assert (found.computer, found.ca_sha256) == ("ada-laptop", ADA.ca_sha256)
    assert found.addresses == ("127.0.0.1",)
    ada.discovery.withdraw()
    grace.until(lambda: grace.names() == [])


def test_the_computers_own_local_name_leads_to_it(neighbourhood: Callable[[], Watcher]) -> None:
    ada = neighbourhood()
    ada.discovery.announce(ADA)
    # Public, but not declared so.
    resolver = zeroconf.AddressResolver("ada-laptop.local.")  # type: ignore[attr-defined]  # see above
    with closing(Zeroconf(interfaces=list(LOOPBACK))) as asking:
        assert resolver.request(asking, 10_000)
    assert resolver.parsed_addresses() == ["127.0.0.1"]


def test_our_own_is_not_among_the_others_and_equal_names_are_told_apart(
    neighbourhood: Callable[[], Watcher],
) -> None:
    ada, grace = neighbourhood(), neighbourhood()
    grace.discovery.browse()
    ada.discovery.announce(ADA)
    grace.until(lambda: len(grace.names()) == 1)
    other = Announcement(ADA.name, "grace-pc", 8444, ADA.addresses, "cd" * 32)
    grace.discovery.announce(other)
    assert [neighbour.computer for neighbour in grace.discovery.neighbours] == ["ada-laptop"]


def test_closing_twice_and_withdrawing_nothing_is_fine() -> None:
    discovery = Discovery(LOOPBACK)
    discovery.withdraw()
    discovery.close()
    discovery.close()


def test_without_a_network_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("cheeseboard.server.discovery.Zeroconf", refuse)
    with closing(Discovery()) as discovery:
        assert not discovery.announce(ADA)
        discovery.browse()
        assert discovery.neighbours == ()


def said(server: str = "ada-laptop.local.", port: int = 8443, **properties: str) -> ServiceInfo:
    facts = {"ca": "ab" * 32, "name": "wheels", **properties}
    return ServiceInfo(SERVICE_TYPE, f"x.{SERVICE_TYPE}", port=port, server=server, properties=facts)


@pytest.mark.parametrize(
    "info",
    [
        said("ada.example.com."),
        said("ada'/><b.local."),
        said(port=0),
        said(ca="not a fingerprint"),
        said(ca="AB" * 32),
    ],
)
def test_what_makes_no_sense_is_not_shown(info: ServiceInfo) -> None:
    assert _read(info) is None


def test_what_a_stranger_calls_it_can_do_nothing() -> None:
    neighbour = _read(said(name="a\x1b[31m\nb" + "c" * 200))
    assert neighbour is not None
    assert neighbour.name.isprintable()
    assert len(neighbour.name) <= 80


@pytest.mark.parametrize("name", ["a.b", "é" * 60, "", "x" * 500])
def test_any_name_can_be_announced(name: str) -> None:
    info = _describe(Announcement(name, "ada-laptop", 8443, (), "ab" * 32))
    assert len(info.get_name().encode()) <= 63


# --- two computers -----------------------------------------------------------------------------------

_ANNOUNCE = """
import sys
from ipaddress import ip_address
from cheeseboard.server.discovery import Announcement, Discovery
discovery = Discovery()
told = discovery.announce(Announcement("wheels", "ada-laptop", 8443, (ip_address("10.77.0.1"),), "ab" * 32))
print("told" if told else "not told", flush=True)
sys.stdin.read()
discovery.close()
"""
_FIND = """
import threading
from cheeseboard.server.discovery import Discovery
found = threading.Event()
discovery = Discovery(changed=found.set)
discovery.browse()
found.wait(20)
for neighbour in discovery.neighbours:
    print(neighbour.url, *neighbour.addresses, flush=True)
discovery.close()
"""


@pytest.fixture
def two_computers(need_tool: Callable[[str], str]) -> Iterator[tuple[list[str], list[str]]]:
    """Return what runs a program on each of two computers that share a cable."""
    ip = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin") or need_tool("ip")
    tag = f"cb{os.getpid()}"
    if sys.platform != "linux" or os.geteuid() != 0:
        if os.environ.get("CI") == "true":
            pytest.fail("network namespaces need root, and CI skips nothing")
        pytest.skip("network namespaces need root")

    def run(*words: str) -> None:
        subprocess.run([ip, *words], check=True, capture_output=True, timeout=30)

    names = [f"{tag}a", f"{tag}b"]
    try:
        for name in names:
            run("netns", "add", name)
        run("link", "add", f"{tag}x", "netns", names[0], "type", "veth", "peer", f"{tag}y", "netns", names[1])
        for number, (name, link) in enumerate(zip(names, (f"{tag}x", f"{tag}y"), strict=True), 1):
            run("-n", name, "addr", "add", f"10.77.0.{number}/24", "dev", link)
            run("-n", name, "link", "set", link, "up")
            run("-n", name, "link", "set", "lo", "up")
        yield [ip, "netns", "exec", names[0]], [ip, "netns", "exec", names[1]]
    finally:
        for name in names:
            subprocess.run([ip, "netns", "del", name], check=False, capture_output=True, timeout=30)


def test_it_is_found_from_another_computer(two_computers: tuple[list[str], list[str]]) -> None:
    here, there = two_computers
    source = str(Path(__file__).parents[2] / "src")
    environ = {**os.environ, "PYTHONPATH": source}
    with subprocess.Popen(
        [*here, sys.executable, "-c", _ANNOUNCE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environ,
    ) as announcing:
        assert announcing.stdout is not None
        assert announcing.stdout.readline().strip() == "told"
        began = time.monotonic()
        found = subprocess.run(
            [*there, sys.executable, "-c", _FIND],
            capture_output=True,
            text=True,
            timeout=60,
            env=environ,
            check=False,
        )
        announcing.communicate("", timeout=30)
    assert found.stdout.split() == ["https://ada-laptop.local:8443/simple/", "10.77.0.1"], found.stderr
    assert time.monotonic() - began < 30
