"""A command that only looks makes no folder for a mistyped name and imports nothing that it does not need."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cheeseboard.cli.parsing import COMMANDS

Command = Callable[..., tuple[int, list[dict[str, Any]]]]

LOOKING = {
    "list": (),
    "show": ("acme",),
    "why": ("acme",),
    "yank": ("acme",),
    "unyank": ("acme",),
    "status": ("acme",),
    "remove": ("acme",),
    "restore": ("acme",),
    "undo": (),
    "trash": (),
    "activity": (),
    "downloads": (),
    "check": (),
    "retention": ("--keep", "1"),
    "backup": ("backup.tar",),
}


@pytest.mark.parametrize("name", LOOKING)
def test_a_folder_that_is_not_there_is_named_and_not_made(
    name: str, command: Command, folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = [str(tmp_path / word) if word.endswith(".tar") else word for word in LOOKING[name]]
    assert command(name, *words) == (3, [])
    assert f"There is no folder {folder}, so there is nothing in it." in capsys.readouterr().err
    assert not folder.exists()
    assert not (tmp_path / "backup.tar").exists()


@pytest.mark.parametrize("name", ["use", "prove", "token", "settings", "repositories", "trust", "address"])
def test_a_command_about_this_computer_makes_no_folder_either(
    name: str, command: Command, folder: Path
) -> None:
    words = {"use": ("pip", "--dry-run"), "token": ("list",), "trust": ("show",)}.get(name, ())
    command(name, *words)
    assert not folder.exists()


def test_the_commands_that_look_are_those_that_need_a_folder() -> None:
    assert {name for name, command in COMMANDS.items() if command.needs_folder} == set(LOOKING)


def test_an_empty_repository_says_how_to_fill_it(
    say: Callable[..., tuple[int, str]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    assert say("list") == (0, "")
    assert f"No packages in {folder} yet. Add some: cheeseboard add PATH" in capsys.readouterr().err


def test_list_imports_neither_certificates_nor_the_network(own_home: Path, tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    folder = str(tmp_path / "packages")
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cheeseboard", "list", "--folder", folder],
        env={"HOME": str(own_home), "CHEESEBOARD_HOME": str(own_home / "cb"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in answer.stderr.splitlines()}
    needless = {"cryptography", "zeroconf", "granian", "starlette", "jinja2", "PySide6", "uvloop"}
    assert "cheeseboard" in imported
    assert imported & needless == set()
