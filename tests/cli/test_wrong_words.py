"""A word that a command line cannot use: what was wrong is said, and what could have been meant."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cheeseboard.cli import parse

Command = Callable[..., tuple[int, list[dict[str, Any]]]]


def usage_error(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_a_word_that_is_neither_a_command_nor_a_file_starts_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "no command or file frobnicate. See: cheeseboard help" in usage_error(capsys, "frobnicate")


def test_a_folder_named_by_one_word_is_still_for_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wheelhouse").mkdir()
    monkeypatch.chdir(tmp_path)
    assert parse(["wheelhouse"]).files == ("wheelhouse",)


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        (("status", "acme", "bogus"), "'archived'"),
        (("token", "reading", "anyone"), "'anybody'"),
    ],
)
def test_an_unknown_choice_names_those_there_are(
    words: tuple[str, ...], choices: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert choices in usage_error(capsys, *words)


def test_a_source_tree_that_is_added_names_the_command_that_builds_it(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = tmp_path / "my acme"
    tree.mkdir()
    (tree / "pyproject.toml").write_text('[project]\nname = "acme"\nversion = "1"\n')
    command("add", str(tree))
    assert f"cheeseboard build '{tree}'" in capsys.readouterr().err


def test_a_path_that_leads_nowhere_is_called_that_whatever_its_name(command: Command, tmp_path: Path) -> None:
    code, lines = command("add", str(tmp_path / "nosuch.whl"), str(tmp_path / "dist"))
    assert code == 1
    assert [line["reason"] for line in lines] == ["unreadable", "unreadable"]
    assert lines[1]["message"] == "dist can't be read: there is no such file or folder."
