"""``show``: what a project says of itself, as the window's panel has it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel

Command = Callable[..., tuple[int, list[dict[str, Any]]]]
README = "# Acme\n\nShared \x1b[31mmodels."


@pytest.fixture
def filled(command: Command, tmp_path: Path) -> Command:
    (tmp_path / "dist").mkdir()
    write_wheel(tmp_path / "dist", "acme", "1.0", summary="Old")
    write_wheel(
        tmp_path / "dist",
        "acme",
        "2.0",
        summary="Models and settings",
        requires_python=">=3.9",
        description=README,
    )
    assert command("add", str(tmp_path / "dist"))[0] == 0
    return command


def test_the_newest_file_speaks_for_the_project(filled: Command) -> None:
    code, (line,) = filled("show", "Acme")
    assert (code, line["event"], line["project"], line["version"]) == (0, "details", "acme", "2.0")
    assert line["file"] == "acme-2.0-py3-none-any.whl"
    assert (line["summary"], line["requires_python"]) == ("Models and settings", ">=3.9")
    assert line["description"] == README


def test_a_project_whose_last_file_was_removed_is_unknown_whatever_its_status(filled: Command) -> None:
    assert filled("status", "acme", "archived")[0] == 0
    assert filled("remove", "acme")[0] == 0
    code, (line,) = filled("show", "acme")
    assert (code, line["event"]) == (1, "unknown")


def test_an_unknown_project_is_refused_with_those_that_are_alike(filled: Command) -> None:
    code, (line,) = filled("show", "acne")
    assert (code, line["event"]) == (1, "unknown")


@pytest.mark.usefixtures("filled")
def test_people_read_it_line_by_line_and_no_word_of_it_steers_their_terminal(
    say: Callable[..., tuple[int, str]],
) -> None:
    code, told = say("show", "acme")
    assert (code, told.splitlines()[:3]) == (0, ["acme 2.0", "Models and settings", "Python: >=3.9"])
    readme = README.replace("\x1b", "\N{REPLACEMENT CHARACTER}")
    assert say("show", "acme", "--readme") == (0, f"{readme}\n")
