"""One install without configuration: real pips, a real authority, and somebody in the way."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.clients.colleague import Colleague, serving_beside
from tests.clients.index import Index
from tests.clients.test_join_line import (
    ENVIRONMENT,
    argv,
    powershell_words,
    started_by_cmd,
    started_by_windows_powershell,
)

from cheeseboard.clients.join import JoinScript
from cheeseboard.clients.setup_lines import CERTIFICATES, SetupLines, fetch_line, setup_lines
from cheeseboard.tls.authority import Authority, open_authority

SCRIPT = JoinScript(b"", "0" * 64)


@pytest.fixture
def board(authority: Authority) -> Iterator[Index]:
    """Serve an index with the certificate beside it."""
    with serving_beside({"/ca.pem": authority.certificate_pem}, authority) as index:
        yield index


@pytest.fixture
def colleague(tmp_path: Path) -> Colleague:
    return Colleague(tmp_path / "colleague", "/usr/bin:/bin")


@pytest.fixture
def stranger(tmp_path: Path) -> Authority:
    """Somebody else's authority."""
    return open_authority(tmp_path / "stranger", now=datetime.now(UTC), host_names=["localhost"])


def lines(board: Index, authority: Authority) -> SetupLines:
    return setup_lines(board.url, SCRIPT, authority.sha256, windows=False)


def here(line: str) -> str:
    """Let this Python run a line."""
    return line.replace("python3", sys.executable, 1)


def test_two_lines_install_over_verified_https_and_write_no_configuration(
    board: Index, authority: Authority, colleague: Colleague
) -> None:
    made = lines(board, authority)
    fetched = colleague.paste(here(made.fetch))
    assert fetched.stdout == f"Wrote {CERTIFICATES}\n", fetched.stderr

    options = "--no-deps --no-cache-dir --target got --index-url"
    install = here(made.install).replace("--extra-index-url", options).replace("your-package", "acme-core")
    installed = colleague.paste(install)

    assert installed.returncode == 0, installed.stderr
    assert (colleague.home / "got" / "acme_core-1.0.dist-info").is_dir()
    assert not (colleague.home / ".config").exists()


def test_the_file_keeps_the_public_authorities_for_pips_that_trust_it_alone(
    board: Index, authority: Authority, colleague: Colleague
) -> None:
    colleague.paste(here(lines(board, authority).fetch))

    written = (colleague.home / CERTIFICATES).read_bytes()
    assert written.count(b"BEGIN CERTIFICATE") > 50
    assert written.endswith(authority.certificate_pem)


def test_another_certificate_is_refused_and_nothing_is_written(
    board: Index, authority: Authority, stranger: Authority, colleague: Colleague
) -> None:
    board.pages["/ca.pem"] = stranger.certificate_pem

    answer = colleague.paste(here(lines(board, authority).fetch))

    assert answer.returncode == 1
    assert answer.stderr.startswith("Nothing was written. The certificate is not the one")
    assert colleague.trace() == []


def test_a_certificate_put_behind_ours_on_the_way_is_not_trusted(
    board: Index, authority: Authority, stranger: Authority, colleague: Colleague
) -> None:
    board.pages["/ca.pem"] = authority.certificate_pem + stranger.certificate_pem

    colleague.paste(here(lines(board, authority).fetch))

    written = colleague.home / CERTIFICATES
    theirs = stranger.certificate_pem.splitlines()[1]
    assert not written.exists() or theirs not in written.read_bytes()


def test_no_server_is_said_without_a_traceback(authority: Authority, colleague: Colleague) -> None:
    answer = colleague.paste(here(fetch_line("https://localhost:9/simple/", authority.sha256)))

    assert answer.returncode != 0
    assert answer.stderr.startswith("Nothing was written.")
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("host", ["ada-laptop.local", "192.168.1.7", "[fd00::1]"])
def test_powershell_and_cmd_hand_python_the_very_code(host: str) -> None:
    line = fetch_line(f"https://{host}:8443/simple/", "ab" * 32, python="py")
    code = line.partition(' -c "')[2].removesuffix('"')
    wanted = ["py", "-c", code]
    compile(code, "line", "exec")
    assert powershell_words(line) == wanted
    assert argv(started_by_windows_powershell(wanted)) == wanted
    assert argv(started_by_cmd(line, ENVIRONMENT)) == wanted


def test_windows_calls_python_py() -> None:
    made = setup_lines("https://ada.local:8443/simple/", SCRIPT, "ab" * 32, windows=True)
    assert {made.join[:3], made.fetch[:3], made.install[:3]} == {"py "}
