"""Who may read and publish: a server in one process, tokens made in others, real installers and uploaders."""

import base64
import json
import os
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.end_to_end.conftest import Computer, Eventually, Process

from cheeseboard.locations import find_locations

Start = Callable[..., Process]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True)
class Board:
    """A repository that is served on this computer, and the command line beside it."""

    cheeseboard: Run
    computer: Computer
    folder: Path
    url: str
    ca: str

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self.cheeseboard(*arguments, "--folder", str(self.folder), "--json")

    def tell(self, *arguments: str) -> list[dict[str, str]]:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def token(self, name: str, *arguments: str) -> dict[str, str]:
        (made,) = self.tell("token", "create", name, *arguments)
        return made

    def get(self, path: str = "simple/", secret: str = "") -> int:
        """Return the status that a client gets."""
        request = urllib.request.Request(self.url.removesuffix("simple/") + path)
        if secret:
            credentials = base64.b64encode(f"__token__:{secret}".encode()).decode()
            request.add_header("Authorization", f"Basic {credentials}")
        context = ssl.create_default_context(cafile=self.ca)
        try:
            with urllib.request.urlopen(request, context=context, timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code


pytestmark = (
    pytest.mark.full
)  # each command is a process; their short siblings are in tests/clients and server


@pytest.fixture
def board(start_cheeseboard: Start, cheeseboard: Run, computer: Computer, tmp_path: Path) -> Board:
    folder = tmp_path / "packages"
    process = start_cheeseboard("serve", "--json", "--port", "0", "--folder", str(folder))
    line = process.first_line()
    assert line, process.running.communicate()[1]
    facts = json.loads(line)
    board = Board(cheeseboard, computer, folder, facts["url"].replace("127.0.0.1", "localhost"), facts["ca"])
    board.tell("add", str(write_wheel(tmp_path, "acme-core", "1.0")))
    return board


@pytest.fixture
def private(board: Board, eventually: Eventually) -> Board:
    board.tell("token", "reading", "token")
    eventually(lambda: board.get() == 401, told="reading stayed public")
    return board


def test_a_running_server_knows_a_new_token_at_once_and_a_revoked_one_within_a_second(private: Board) -> None:
    made = private.token("anna")
    assert private.get(secret=made["token"]) == 200
    private.tell("token", "revoke", made["id"])
    begun = time.monotonic()
    while private.get(secret=made["token"]) != 401:
        assert time.monotonic() - begun < 1.0


def test_the_list_shows_everything_but_secrets_and_when_a_token_was_used(
    private: Board, eventually: Eventually
) -> None:
    made = private.token("anna", "--project", "Acme_Core", "--expires", "3")
    assert private.get("simple/acme-core/", made["token"]) == 200
    eventually(lambda: bool(private.tell("token", "list")[0]["last_used"]))
    (listed,) = private.tell("token", "list")
    assert {key: listed[key] for key in ("id", "name", "scope", "projects")} == {
        "id": made["id"],
        "name": "anna",
        "scope": "read",
        "projects": ["acme-core"],
    }
    assert "token" not in listed
    assert made["token"] not in json.dumps(listed)


def test_what_makes_no_sense_is_refused_in_one_sentence(board: Board) -> None:
    board.token("ci")
    for arguments in (("ci",), (" ",), ("x" * 65,), ("a", "--project", "é"), ("a", "--expires", "0")):
        done = board.run("token", "create", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1, done.stderr
    done = board.run("token", "revoke", "nope")
    assert done.returncode == 1
    assert "token list" in done.stderr


def test_no_log_holds_a_secret_and_the_access_log_names_who_came(
    private: Board, eventually: Eventually
) -> None:
    made = private.token("anna")
    assert private.get(secret=made["token"]) == 200
    logs = find_locations(os.environ).logs
    eventually(lambda: " - anna [" in (logs / "access.log").read_text())
    for path in find_locations(os.environ).state.rglob("*"):
        if path.is_file() and path.name != "owner.json":
            assert made["token"].encode() not in path.read_bytes(), path
