"""The command line's part in trust and installers: plan, result, cause and undo, for people and as JSON."""

import io
import json
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cheeseboard.cli import parse, run

Command = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def command(environ: dict[str, str], own_home: Path, tmp_path: Path) -> Command:
    """Return a function that runs a command and gives its exit code and its JSON lines."""
    directory = tmp_path / "bin"
    directory.mkdir()
    found = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    assert found, "the tests need a uv"
    (directory / "uv").symlink_to(found)
    variables = {
        **environ,
        "PATH": f"{directory}:{environ['PATH']}",
        "UV_PYTHON": sys.executable,
        "CHEESEBOARD_HOME": str(own_home / "cheeseboard"),
    }

    def execute(*words: str) -> tuple[int, list[dict[str, Any]]]:
        out = io.StringIO()
        code = run(parse([*words, "--json", "--folder", str(tmp_path / "packages")]), variables, out)
        return code, [json.loads(line) for line in out.getvalue().splitlines()]

    return execute


def test_a_dry_run_shows_the_difference_and_writes_nothing(command: Command, own_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:  # the usual port may be somebody's
        port = str(free.getsockname()[1])
    command("settings", "set", "port", port)
    code, (line,) = command("use", "uv", "--dry-run")
    assert (code, line["event"], line["tool"], line["mode"]) == (0, "planned", "uv", "extra")
    assert f'+url = "https://localhost:{port}/simple/"' in line["diff"]
    cautions = {each["reason"]: each["message"] for each in line["cautions"]}
    assert set(cautions) == {"ca-not-trusted", "not-serving"}
    assert cautions["ca-not-trusted"].startswith("uv trusts")
    assert f"https://localhost:{port}/simple/" in cautions["not-serving"]
    assert not (own_home / ".config" / "uv").exists()


def test_an_upload_proves_nothing(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("prove", "twine") == (0, [])
    assert "without an upload" in capsys.readouterr().err


def test_use_says_what_it_did_and_how_to_undo_it(command: Command, own_home: Path) -> None:
    code, (line,) = command("use", "uv", "--as", "only")
    assert (code, line["event"], line["mode"], line["undo"]) == (0, "used", "only", "cheeseboard unuse uv")
    assert "default = true" in Path(line["file"]).read_text()
    code, (line,) = command("unuse", "uv")
    assert (code, line["event"], line["exact"]) == (0, "undone", True)
    assert not (own_home / ".config" / "uv").exists()


def test_prove_says_the_cause_and_what_to_do(command: Command) -> None:
    code, (line,) = command("prove", "uv")
    assert (code, line["event"], line["tool"]) == (1, "proof", "uv")
    assert line["cause"] == "not-configured"
    assert line["message"].endswith(".")
    assert line["action"].endswith(".")


def test_nothing_to_undo_is_one_plain_sentence(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("unuse", "twine") == (3, [])
    assert capsys.readouterr().err.startswith("Nothing to undo")
