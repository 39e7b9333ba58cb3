"""join-line, address and neighbours, from another process than the one that serves."""

import io
import ipaddress
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel

from cheeseboard.cli import parse, run
from cheeseboard.cli.command import Context
from cheeseboard.cli.parsing import COMMANDS
from cheeseboard.locations import find_locations
from cheeseboard.server.addresses import Address, Interface, InterfaceKind
from cheeseboard.service import Service

Command = Callable[..., tuple[int, list[dict[str, Any]]]]
# Another address of this computer that leads nowhere else: the whole of 127/8 does.
ELSEWHERE = "127.77.0.1"


def lan() -> tuple[Address, ...]:
    """Stand in for a network: an address of this computer that is not the loopback's usual one."""
    interface = Interface("eth0", has_device=True)
    address = ipaddress.ip_address(ELSEWHERE)

    class Outside(ipaddress.IPv4Address):
        is_loopback = False

    return (Address(Outside(str(address)), interface, InterfaceKind.PHYSICAL),)


@pytest.fixture
def service(environ: dict[str, str], own_home: Path, tmp_path: Path) -> Iterator[Service]:
    """Return the service that serves, as the window or `serve` would."""
    made = service_for(environ, own_home, tmp_path)
    made.open(watch=False)
    yield made
    made.close()


def service_for(environ: dict[str, str], own_home: Path, tmp_path: Path) -> Service:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    return Service(
        locations, environ, folder=tmp_path / "packages", addresses=lan, computer_name=lambda: "ada-laptop"
    )


@pytest.fixture
def another(
    service: Service, environ: dict[str, str], own_home: Path, tmp_path: Path
) -> Callable[[], Service]:
    """Return a function that starts another process's view of the same repository."""
    return lambda: service_for(environ, own_home, tmp_path)


def test_a_line_is_made_for_an_address_at_which_somebody_serves(
    service: Service, another: Callable[[], Service]
) -> None:
    service.sharing.serve(lan=False, hosts=[ELSEWHERE, "127.0.0.1"], port=0)
    line = another().reaching.setup_lines().join
    assert line.startswith('python3 -c "')
    assert f"ada-laptop.local:{service.sharing.port}/simple/" in line
    assert another().reaching.setup_lines(windows=True).join.startswith('py -c "')


def test_the_lines_for_one_install_fetch_the_certificates_and_change_no_configuration(
    service: Service, another: Callable[[], Service]
) -> None:
    service.sharing.serve(lan=False, hosts=[ELSEWHERE, "127.0.0.1"], port=0)
    lines = another().reaching.setup_lines()
    assert service.trust.ca_sha256 in lines.fetch
    assert f"--cert cheeseboard-ca.pem --extra-index-url {another().reaching.ways()[0].url} " in lines.install


def test_it_is_the_line_that_the_serving_process_would_give(
    service: Service, another: Callable[[], Service]
) -> None:
    service.change_settings(announce=False)
    service.sharing.serve(lan=False, hosts=[ELSEWHERE], port=0)
    assert another().reaching.setup_lines().join == service.sharing.join_line()


def test_the_address_that_was_chosen_comes_first(service: Service, another: Callable[[], Service]) -> None:
    service.sharing.serve(lan=False, hosts=[ELSEWHERE, "127.0.0.1"], port=0)
    another().reaching.choose(ELSEWHERE)
    assert f"{ELSEWHERE}:" in another().reaching.setup_lines().join
    first = another().reaching.ways()[0]
    assert (first.host, first.chosen, first.answers) == (ELSEWHERE, True, True)
    another().reaching.choose("")
    assert another().reaching.ways()[0].host == "ada-laptop.local"


def test_what_serves_this_computer_alone_nobody_can_join(
    service: Service, another: Callable[[], Service]
) -> None:
    service.sharing.serve(lan=False, port=0)
    with pytest.raises(Exception, match="on this computer alone"):
        another().reaching.setup_lines()


@pytest.mark.parametrize(
    ("option", "starts"),
    [
        ((), ["python3 -c "]),
        (("--windows",), ["py -c "]),
        (("--uv",), ["python3 -c ", "uv add --index cheeseboard=https://"]),
        (("--once",), ["python3 -c ", "python3 -m pip install --cert "]),
    ],
)
def test_the_command_prints_lines_to_paste_and_nothing_else(
    service: Service, another: Callable[[], Service], option: tuple[str, ...], starts: list[str]
) -> None:
    service.sharing.serve(lan=False, hosts=[ELSEWHERE], port=0)
    out = io.StringIO()
    assert COMMANDS["join-line"].run(Context(parse(["join-line", *option]), another(), out)) == 0
    lines = out.getvalue().splitlines()
    assert len(lines) == len(starts)
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=True)] == starts


def test_a_stopped_server_makes_no_line(
    own_home: Path, environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    variables = {**environ, "CHEESEBOARD_HOME": str(own_home / "cheeseboard")}
    assert run(parse(["join-line", "--folder", str(tmp_path)]), variables) == 3
    said = capsys.readouterr().err
    assert said.startswith("Nobody serves the repository now")
    assert "serve --lan" in said


@pytest.fixture
def command(own_home: Path, environ: dict[str, str], tmp_path: Path) -> Command:
    def execute(*words: str) -> tuple[int, list[dict[str, Any]]]:
        out = io.StringIO()
        variables = {**environ, "CHEESEBOARD_HOME": str(own_home / "cheeseboard")}
        code = run(parse([*words, "--json", "--folder", str(tmp_path / "packages")]), variables, out)
        return code, [json.loads(line) for line in out.getvalue().splitlines()]

    return execute


def test_addresses_are_listed_and_one_is_chosen(command: Command) -> None:
    code, lines = command("address")
    assert code == 0
    assert {"event", "host", "url", "label", "answers", "chosen"} == set(lines[0])
    name = next(line["host"] for line in lines if line["host"].endswith(".local"))
    code, lines = command("address", name)
    assert (code, [line["host"] for line in lines if line["chosen"]]) == (0, [name])
    code, lines = command("address", "--likeliest")
    assert [line["host"] for line in lines if line["chosen"]] == []


def test_the_first_address_is_drawn_on_a_terminal_and_nowhere_else(
    own_home: Path, environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def drawn(out: io.StringIO) -> str:
        variables = {**environ, "CHEESEBOARD_HOME": str(own_home / "cheeseboard")}
        words = ["address", "--folder", str(tmp_path / "packages")]
        assert run(parse(words), variables, out) == 0
        plain = out.getvalue()
        assert run(parse([*words, "--qr"]), variables, out) == 0
        return out.getvalue().removeprefix(plain).removeprefix(plain)

    assert drawn(io.StringIO()) == ""
    assert "drawn on a terminal alone" in capsys.readouterr().err
    assert len(drawn(Terminal()).splitlines()) >= 15


def test_an_address_of_somebody_else_is_not_chosen(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("address", "example.invalid") == (2, [])
    assert "no address of this computer" in capsys.readouterr().err
    assert command("address", "example.invalid", "--likeliest") == (2, [])


def test_no_neighbours_are_said(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("neighbours", "--seconds", "0") == (0, [])
    assert capsys.readouterr().err == "Nobody announces a repository on this network.\n"


def test_a_line_from_the_command_line_lets_a_colleague_install(
    service: Service, another: Callable[[], Service], tmp_path: Path
) -> None:
    write_wheel(tmp_path)
    service.look_through()
    service.change_settings(announce=False)
    service.sharing.serve(lan=False, hosts=[ELSEWHERE], port=0)
    home = tmp_path / "colleague"
    home.mkdir()
    line = another().reaching.setup_lines().join.replace("python3 -c", f"{sys.executable} -c", 1)
    joined = subprocess.run(
        ["/bin/sh", "-c", line],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Proven: pip reached it" in joined.stdout, joined.stdout + joined.stderr
