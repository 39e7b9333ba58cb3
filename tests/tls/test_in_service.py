"""While serving: a new address, a new name, an old leaf; and the authority's own end."""

import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from cheeseboard.cli import parse, run
from cheeseboard.clients.plan import Scope
from cheeseboard.errors import AddressUnavailable
from cheeseboard.events import Event, ServerStateChanged
from cheeseboard.locations import find_locations
from cheeseboard.server.addresses import Address, Interface, InterfaceKind
from cheeseboard.server.discovery import Discovery
from cheeseboard.server.state import Serving
from cheeseboard.service import Service
from cheeseboard.tls.authority import KEY
from cheeseboard.tls.store import Answer

WIFI = Interface("wlan0")


@dataclass
class Surroundings:
    """A computer that moves about.

    Attributes:
        moment: What its clock says.
        trusted: Whether its store trusts our authority, as far as the recorded commands tell.
        ran: The commands run.
    """

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    addresses: list[str] = field(default_factory=lambda: ["192.168.7.9"])
    name: str = "ada-laptop"
    trusted: bool = False
    ran: list[tuple[str, ...]] = field(default_factory=list)

    def found(self) -> Sequence[Address]:
        return [Address(ip_address(text), WIFI, InterfaceKind.PHYSICAL) for text in self.addresses]

    def run(self, command: Sequence[str]) -> Answer:
        if "-L" in command:
            return Answer(0 if self.trusted else 1, "")
        self.ran.append(tuple(command))
        self.trusted = "-A" in command
        return Answer(0, "")


@pytest.fixture(autouse=True)
def no_system_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave this machine's own store out of it."""
    monkeypatch.setattr("cheeseboard.tls.linux_store.families", lambda root: ())


@pytest.fixture
def surroundings() -> Surroundings:
    return Surroundings()


@pytest.fixture
def service(surroundings: Surroundings, own_home: Path, tmp_path: Path) -> Iterator[Service]:
    # A browser's database, and what changes it: found by its files, run by the recorder.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "certutil").touch(0o755)
    (own_home / ".pki/nssdb").mkdir(parents=True)
    (own_home / ".pki/nssdb/cert9.db").touch()
    service = Service(
        find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")}),
        {"HOME": str(own_home), "PATH": str(tmp_path / "bin")},
        folder=tmp_path / "packages",
        clock=lambda: surroundings.moment,
        addresses=surroundings.found,
        computer_name=lambda: surroundings.name,
        run_command=surroundings.run,
        discovery=Discovery(["127.0.0.1"]),
    )
    service.change_settings(announce=False)
    service.open(watch=False)
    yield service
    service.close()


def served(service: Service, host: str = "localhost") -> str:
    """Return the serial number of the certificate that a verifying client is shown."""
    import socket

    assert isinstance(service.sharing.server_state, Serving)
    context = ssl.create_default_context(cafile=service.trust.ca_path)
    with (
        socket.create_connection(
            (ip_or_loopback(host), service.sharing.server_state.port), timeout=10
        ) as plain,
        context.wrap_socket(plain, server_hostname=host) as tls,
    ):
        certificate = tls.getpeercert()
        assert certificate
        return str(certificate["serialNumber"])


def ip_or_loopback(host: str) -> str:
    return host if host.startswith("127.") else "127.0.0.1"


def test_when_nothing_changed_nothing_is_done(service: Service) -> None:
    service.sharing.serve(lan=True, port=0)
    before = served(service)
    assert not service.sharing.follow_network()
    assert served(service) == before


def test_a_new_address_is_signed_for_and_shown_without_losing_the_port(
    service: Service, surroundings: Surroundings
) -> None:
    serving = service.sharing.serve(lan=True, port=0)
    events: list[Event] = []
    service.bus.subscribe(events.append)
    surroundings.addresses = ["10.0.0.7", "127.0.0.5"]
    assert service.sharing.follow_network()
    assert ServerStateChanged() in events
    state = service.sharing.server_state
    assert isinstance(state, Serving)
    assert state.port == serving.port
    assert state.urls[0] == f"https://10.0.0.7:{serving.port}/simple/"
    assert not any("192.168.7.9" in url for url in state.urls)
    served(service, "127.0.0.5")


def test_a_new_name_is_signed_for(service: Service, surroundings: Surroundings) -> None:
    service.sharing.serve(lan=True, port=0)
    surroundings.name = "ada-at-work"
    assert service.sharing.follow_network()
    served(service, "ada-at-work.local")


def test_a_leaf_is_renewed_with_a_third_of_its_life_left(
    service: Service, surroundings: Surroundings
) -> None:
    service.sharing.serve(lan=False, port=0)
    before = served(service)
    surroundings.moment += timedelta(days=59)
    service.sharing.follow_network()
    assert served(service) == before
    surroundings.moment += timedelta(days=2)
    service.sharing.follow_network()
    # What it is now valid from lies in this test's future: only its number can be looked at.
    assert len(list(service.trust.ca_path.parent.glob("leaf-*.pem"))) == 2


def test_without_any_network_left_it_goes_on_for_this_computer(
    service: Service, surroundings: Surroundings
) -> None:
    service.sharing.serve(lan=True, port=0)
    surroundings.addresses = []
    assert service.sharing.follow_network()
    served(service)


def test_a_global_ipv6_address_is_not_shown_because_no_client_would_accept_it(
    service: Service, surroundings: Surroundings
) -> None:
    surroundings.addresses = ["fd00::7", "2606:4700::1"]
    urls = " ".join(service.sharing.serve(lan=True, port=0).urls)
    assert "https://[fd00::7]:" in urls
    assert "2606" not in urls


def test_the_user_chooses_what_is_shown_first(service: Service, surroundings: Surroundings) -> None:
    surroundings.addresses = ["192.168.7.9", "10.8.0.2"]
    service.sharing.serve(lan=True, port=0)
    choices = service.sharing.address_choices()
    assert [choice.host for choice in choices][:2] == ["192.168.7.9", "10.8.0.2"]
    assert (choices[0].label, choices[0].chosen) == ("wlan0", True)
    service.sharing.choose_address("10.8.0.2")
    assert service.sharing.address_choices()[0].host == "10.8.0.2"
    assert isinstance(service.sharing.server_state, Serving)
    assert "10.8.0.2" in service.sharing.server_state.urls[0]
    service.sharing.choose_address("")
    assert service.sharing.address_choices()[0].host == "192.168.7.9"


def test_the_network_is_looked_at_while_serving(
    service: Service, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cheeseboard.service.sharing._NETWORK_SECONDS", 0.01)
    changed = threading.Event()
    service.sharing.serve(lan=True, port=0)
    service.bus.subscribe(lambda event: changed.set())
    surroundings.addresses = ["10.0.0.7"]
    assert changed.wait(20)


def test_once_announced_the_name_that_outlives_an_address_is_shown_first(
    service: Service, surroundings: Surroundings
) -> None:
    service.change_settings(announce=True)
    urls: list[str] = []
    told = threading.Event()

    def look(_: Event) -> None:
        state = service.sharing.server_state
        urls.append(state.urls[0] if isinstance(state, Serving) else "")
        if ".local:" in urls[-1]:
            told.set()

    service.bus.subscribe(look)
    port = service.sharing.serve(lan=True, port=0).port
    assert told.wait(20)
    assert urls[-1] == f"https://ada-laptop.local:{port}/simple/"
    surroundings.name = "ada-at-work"
    service.sharing.follow_network()
    assert urls[-1] == f"https://ada-at-work.local:{port}/simple/"
    service.sharing.serve(lan=False)
    assert urls[-1] == f"https://127.0.0.1:{port}/simple/"


def test_without_a_network_the_lan_is_refused(service: Service, surroundings: Surroundings) -> None:
    surroundings.addresses = []
    with pytest.raises(AddressUnavailable, match="not connected"):
        service.sharing.serve(lan=True, port=0)


_MOVE = """
import socket, ssl, subprocess, sys, threading
from pathlib import Path
from cheeseboard.locations import find_locations
from cheeseboard.server.state import Serving
from cheeseboard.service import Service, sharing

home, ip = Path(sys.argv[1]), sys.argv[2]
sharing._NETWORK_SECONDS = 0.05
board = Service(find_locations({"CHEESEBOARD_HOME": str(home)}), {}, folder=home / "packages")
board.change_settings(announce=False)
board.open(watch=False)
port = board.sharing.serve(lan=True, port=0).port
moved = threading.Event()
board.bus.subscribe(lambda event: moved.set() if "10.78.0.2" in str(board.sharing.server_state) else None)
subprocess.run([ip, "addr", "add", "10.78.0.2/24", "dev", "cb0"], check=True)
assert moved.wait(20), board.sharing.server_state
assert isinstance(board.sharing.server_state, Serving) and board.sharing.server_state.port == port
context = ssl.create_default_context(cafile=board.trust.ca_path)
with socket.create_connection(("10.78.0.2", port), 10) as plain:
    context.wrap_socket(plain, server_hostname="10.78.0.2").close()
subprocess.run([ip, "addr", "del", "10.78.0.1/24", "dev", "cb0"], check=True)
board.close()
print("moved")
"""


def test_a_real_change_of_address_is_followed(need_tool: Callable[[str], str], tmp_path: Path) -> None:
    ip = shutil.which("ip", path="/usr/sbin:/sbin:/usr/bin") or need_tool("ip")
    if sys.platform != "linux" or os.geteuid() != 0:
        if os.environ.get("CI") == "true":
            pytest.fail("network namespaces need root, and CI skips nothing")
        pytest.skip("network namespaces need root")
    name = f"cbm{os.getpid()}"

    def run(*words: str) -> None:
        subprocess.run([ip, *words], check=True, capture_output=True, timeout=30)

    run("netns", "add", name)
    try:
        run("-n", name, "link", "set", "lo", "up")
        # Both ends of a cable, plugged into one computer: not every kernel has dummy interfaces.
        run("-n", name, "link", "add", "cb0", "type", "veth", "peer", "cb1")
        run("-n", name, "link", "set", "cb1", "up")
        run("-n", name, "addr", "add", "10.78.0.1/24", "dev", "cb0")
        run("-n", name, "link", "set", "cb0", "up")
        done = subprocess.run(
            [ip, "netns", "exec", name, sys.executable, "-c", _MOVE, str(tmp_path / "home"), ip],
            capture_output=True,
            text=True,
            timeout=90,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
            check=False,
        )
    finally:
        run("netns", "del", name)
    assert done.stdout.strip() == "moved", done.stderr


# --- the authority -----------------------------------------------------------------------------------


def test_stores_are_told_and_asked(service: Service, surroundings: Surroundings) -> None:
    (state,) = [state for state in service.trust.states() if state.name.startswith("nss:")]
    assert (state.label, state.trusted) == ("Chromium", False)
    (outcome,) = service.trust.install([state.name])
    assert outcome.done
    assert [state.trusted for state in service.trust.states() if state.label == "Chromium"] == [True]


def test_a_rotated_authority_takes_the_old_ones_place_everywhere(
    service: Service, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    monkeypatch.setattr("cheeseboard.clients.pip._candidates", lambda environ: [])
    service.sharing.serve(lan=False, port=0)
    service.trust.install()
    service.clients.apply(service.clients.plan_use("pip", scope=Scope.USER))
    before, old = service.trust.ca_sha256, service.trust.ca_path.read_text()
    assert all(outcome.done for outcome in service.rotate_authority())
    assert service.trust.ca_sha256 != before
    served(service)
    assert [command[1] for command in surroundings.ran] == ["-A", "-D", "-A"]
    conf = (own_home / ".config/pip/pip.conf").read_text()
    bundle = Path(conf.split("cert = ")[1].splitlines()[0]).read_text()
    assert service.trust.ca_path.read_text() in bundle
    assert old not in bundle


def test_removing_the_authority_undoes_what_trusts_it_first(
    service: Service, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch, own_home: Path
) -> None:
    monkeypatch.setattr("cheeseboard.clients.pip._candidates", lambda environ: [])
    service.trust.install()
    service.clients.apply(service.clients.plan_use("pip"))
    key = service.trust.ca_path.with_name(KEY)
    assert all(outcome.done for outcome in service.remove_authority())
    assert not key.exists()
    assert not surroundings.trusted
    assert not (own_home / ".config/pip/pip.conf").exists()


def test_an_authority_that_a_store_keeps_is_not_destroyed(
    service: Service, surroundings: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.trust.install()
    refuse: Callable[[Sequence[str]], Answer] = lambda command: Answer(int("-D" in command), "no")  # noqa: E731
    monkeypatch.setattr(service.trust._stores, "_run", refuse)
    before = service.trust.ca_sha256
    assert not all(outcome.done for outcome in service.remove_authority())
    assert not all(outcome.done for outcome in service.rotate_authority())
    assert service.trust.ca_sha256 == before


def test_the_command_line_shows_and_exports_it(own_home: Path, tmp_path: Path) -> None:
    import io
    import json

    environ = {"HOME": str(own_home), "PATH": "", "CHEESEBOARD_HOME": str(own_home / "cheeseboard")}
    out = io.StringIO()
    target = tmp_path / "ca.pem"
    assert run(parse(["trust", "show", "--json"]), environ, out) == 0
    assert run(parse(["trust", "export", str(target), "--json"]), environ, out) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines[0]["event"] == "authority"
    assert lines[-1] == {"event": "exported", "file": str(target), "ca_sha256": lines[0]["ca_sha256"]}
    assert target.read_bytes() == Path(lines[0]["ca"]).read_bytes()
    assert run(parse(["trust", "export"]), environ, out) == 2
