"""A colleague joins a private repository: the script asks for a token, keeps it in netrc, and undoes it."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.clients import colleague as colleagues

from cheeseboard.clients.join import join_line
from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.server.access.tokens import Reading, make_secret
from cheeseboard.service import Service


@pytest.fixture
def service(environ: dict[str, str], own_home: Path, tmp_path: Path) -> Iterator[Service]:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    service = Service(locations, environ, folder=tmp_path / "packages")
    service.open(watch=False)
    service.add([write_wheel(tmp_path, "acme-core", "1.0")], Way.DROP)
    service.access.set_reading(Reading.TOKEN)
    service.sharing.serve(lan=False, port=0)
    yield service
    service.close()


class Colleague(colleagues.Colleague):
    """Somebody with a pip and no token, who is sent the line of a repository."""

    def __init__(self, service: Service, home: Path, path: str) -> None:
        super().__init__(home, f"{path}:/usr/bin:/bin")
        self._service = service

    def line(self, secret: str = "") -> str:
        script = self._service.sharing.join_script
        return join_line(self._service.sharing.place.url, script, python=sys.executable, secret=secret)


@pytest.fixture
def colleague(service: Service, tmp_path: Path, pip_directory: Path) -> Colleague:
    return Colleague(service, tmp_path / "colleague", str(pip_directory))


@pytest.fixture
def secret(service: Service) -> str:
    return service.access.create("colleague").secret


def test_without_a_token_nothing_is_written_and_the_way_is_told(colleague: Colleague) -> None:
    done = colleague.paste(colleague.line())
    assert done.returncode == 1
    assert "needs a token" in done.stderr
    assert "CHEESEBOARD_TOKEN" in done.stderr
    assert colleague.trace() == []


def test_the_line_itself_holds_no_secret(colleague: Colleague, secret: str) -> None:
    assert "cheeseboard-" not in colleague.line()


def test_a_token_in_the_variable_is_kept_in_netrc_proven_and_never_shown(
    colleague: Colleague, secret: str
) -> None:
    done = colleague.paste(colleague.line(), CHEESEBOARD_TOKEN=secret)
    assert done.returncode == 0, done.stderr
    assert "Proven: pip reached it" in done.stdout
    assert secret not in done.stdout + done.stderr
    assert "password ********" in done.stdout
    assert secret in colleague.netrc.read_text()
    assert colleague.netrc.stat().st_mode & 0o777 == 0o600
    done = colleague.paste("pip download --no-input --no-deps --no-cache-dir acme-core")
    assert (colleague.home / "acme_core-1.0-py3-none-any.whl").exists(), done.stderr


def test_undo_leaves_no_trace(colleague: Colleague, secret: str) -> None:
    assert colleague.paste(colleague.line(secret)).returncode == 0
    done = colleague.paste(colleague.line() + " --undo")
    assert done.returncode == 0, done.stderr
    assert colleague.trace() == []


def test_undo_leaves_a_netrc_as_it_was_and_closes_it_to_others(colleague: Colleague, secret: str) -> None:
    colleague.netrc.write_text("machine a.example login me password hunter2\n")
    colleague.netrc.chmod(0o644)
    done = colleague.paste(colleague.line(secret))
    assert done.returncode == 0, done.stderr
    assert "hunter2" not in done.stdout
    assert colleague.netrc.stat().st_mode & 0o777 == 0o600
    assert colleague.paste(colleague.line() + " --undo").returncode == 0
    assert colleague.netrc.read_text() == "machine a.example login me password hunter2\n"


def test_the_token_that_is_kept_is_taken_for_the_next_time(colleague: Colleague, secret: str) -> None:
    assert colleague.paste(colleague.line(secret)).returncode == 0
    done = colleague.paste(colleague.line())
    assert done.returncode == 0, done.stderr


def test_a_wrong_token_writes_nothing(colleague: Colleague) -> None:
    done = colleague.paste(colleague.line(make_secret()))
    assert done.returncode == 1
    assert colleague.trace() == []


def test_a_token_for_one_project_is_enough(service: Service, colleague: Colleague) -> None:
    secret = service.access.create("narrow", projects=["acme-core"]).secret
    assert colleague.paste(colleague.line(secret)).returncode == 0


def test_another_password_for_the_host_is_left_alone(colleague: Colleague, secret: str) -> None:
    colleague.netrc.write_text("machine localhost login me password hunter2\n")
    done = colleague.paste(colleague.line(secret))
    assert done.returncode == 1
    assert "another password" in done.stderr
    assert colleague.trace() == [colleague.netrc]


@pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal is POSIX's")
def test_in_a_terminal_it_asks_and_hides_what_is_pasted(colleague: Colleague, secret: str) -> None:
    terminal, inside = os.openpty()
    process = subprocess.Popen(
        ["/bin/sh", "-c", colleague.line() + " --yes"],
        env=colleague.variables,
        cwd=colleague.home,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    )
    os.close(inside)
    said = b""
    answered = False
    while select.select([terminal], [], [], 60)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
        if b"Token: " in said and not answered:
            answered = True
            os.write(terminal, secret.encode() + b"\n")
    os.close(terminal)
    assert process.wait(60) == 0, said
    assert b"its owner makes one" in said
    assert secret.encode() not in said
    assert secret in colleague.netrc.read_text()
