"""``why``: the file that pip would take, and a reason for each other one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel

Command = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def filled(command: Command, tmp_path: Path) -> Command:
    (tmp_path / "dist").mkdir()
    for version in ("1.0", "2.0", "3.0a1"):
        asks = ">=3.10" if version == "2.0" else ">=3.8"
        write_wheel(tmp_path / "dist", "acme", version, requires_python=asks)
    assert command("add", str(tmp_path / "dist"))[0] == 0
    return command


def told(lines: list[dict[str, Any]]) -> dict[str, str | None]:
    return {line["version"]: line["reason"] for line in lines}


def test_the_file_that_is_taken_comes_first_and_each_other_has_its_reason(filled: Command) -> None:
    code, lines = filled("why", "acme", "--python", "3.12")
    assert (code, lines[0]["version"], lines[0]["message"]) == (0, "2.0", "This one is installed.")
    assert told(lines) == {"2.0": None, "1.0": "older", "3.0a1": "pre-release"}


def test_another_python_gets_another_file(filled: Command) -> None:
    lines = filled("why", "acme", "--python", "3.9")[1]
    assert told(lines) == {"1.0": None, "2.0": "requires-python", "3.0a1": "pre-release"}
    assert "It asks for Python >=3.10; this is 3.9." in [line["message"] for line in lines]


def test_versions_pre_releases_and_yanks_count_as_for_pip(filled: Command) -> None:
    assert told(filled("why", "acme<2")[1])["1.0"] is None
    assert told(filled("why", "acme", "--pre")[1])["3.0a1"] is None
    filled("yank", "acme==2.0", "--reason", "loses data.")
    code, lines = filled("why", "acme", "--python", "3.12")
    assert (code, told(lines)["1.0"]) == (0, None)
    assert "It is yanked (loses data): taken only when asked for exactly." in [
        each["message"] for each in lines
    ]


def test_when_nothing_fits_it_exits_with_one(filled: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert filled("why", "acme>9")[0] == 1
    assert "Nothing of acme fits Python" in capsys.readouterr().err
    assert filled("why", "acne")[1][0]["suggestions"] == ["acme"]
    assert filled("why", "acme core")[0] == 2


def test_a_quarantined_project_is_not_offered(filled: Command, capsys: pytest.CaptureFixture[str]) -> None:
    filled("status", "acme", "quarantined")
    assert filled("why", "acme")[0] == 1
    assert "no file of it is offered" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["2.7", "three", "3", "3.12rc1"])
def test_what_is_no_python_is_wrong_usage(filled: Command, word: str) -> None:
    with pytest.raises(SystemExit) as ended:
        filled("why", "acme", "--python", word)
    assert ended.value.code == 2


def test_it_says_what_a_real_pip_does_here(filled: Command, folder: Path) -> None:
    (taken,) = [line["file"] for line in filled("why", "acme")[1] if line["installed"]]
    command = ("download", "--no-deps", "--no-index", "--find-links", str(folder / "acme"), "acme")
    answer = subprocess.run(
        [sys.executable, "-m", "pip", *command, "-d", str(folder.parent)],
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert (folder.parent / taken).exists(), answer.stdout
