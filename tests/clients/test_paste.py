"""The lines to paste: valid where they belong, with this computer's paths, and nothing left to fill in."""

import io
import json
import shlex
import tomllib
from pathlib import Path

import pytest

from cheeseboard.cli import parse, run
from cheeseboard.clients.paste import TOOLS, PasteLines, paste_lines
from cheeseboard.errors import ClientConfigError

URL = "https://localhost:8443/simple/"
CA, BUNDLE = Path("/home/ada l/authority.pem"), Path("/home/ada l/bundle.pem")


def lines_for(tool: str) -> PasteLines:
    return paste_lines(tool, url=URL, ca=CA, bundle=BUNDLE)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_step_says_where_it_belongs(tool: str) -> None:
    lines = lines_for(tool)
    assert lines.tool == tool
    assert all(step.where and step.lines for step in lines.steps)


@pytest.mark.parametrize("tool", ["poetry", "pdm"])
def test_commands_are_words_for_a_shell(tool: str) -> None:
    words = [shlex.split(line) for line in lines_for(tool).steps[0].lines]
    assert {command[0] for command in words} == {tool}
    assert str(CA) in {word for command in words for word in command}


@pytest.mark.parametrize(("tool", "step"), [("pipenv", 1), ("hatch", 0), ("hatch", 1)])
def test_what_goes_into_a_file_is_toml(tool: str, step: int) -> None:
    assert tomllib.loads("\n".join(lines_for(tool).steps[step].lines))


def test_a_windows_path_needs_no_escape() -> None:
    lines = paste_lines("hatch", url=URL, ca=Path("C:\\ada\\ca.pem"), bundle=Path("C:\\ada\\b.pem"))
    values = tomllib.loads("\n".join(lines.steps[1].lines))
    assert values["publish"]["index"]["repos"]["cheeseboard"]["ca-cert"] == "C:\\ada\\ca.pem"


def test_an_unknown_tool_is_said() -> None:
    with pytest.raises(ClientConfigError, match="apt"):
        lines_for("apt")


def test_the_command_line_shows_them(own_home: Path) -> None:
    out = io.StringIO()
    environ = {"HOME": str(own_home), "PATH": "", "CHEESEBOARD_HOME": str(own_home / "cheeseboard")}
    assert run(parse(["use", "poetry", "--json"]), environ, out) == 0
    first = json.loads(out.getvalue().splitlines()[0])
    assert (first["event"], first["tool"]) == ("paste", "poetry")
    assert Path(shlex.split(first["lines"][0])[-1]).exists()
