"""A command line with a folder of its own: what a command says, and what it returns."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cheeseboard.cli import parse, run

Lines = list[dict[str, Any]]


@pytest.fixture
def environ(own_home: Path) -> dict[str, str]:
    return {
        "CHEESEBOARD_HOME": str(own_home / "cheeseboard"),
        "HOME": str(own_home),
        "PATH": os.environ["PATH"],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packages"


@pytest.fixture
def command(environ: dict[str, str], folder: Path) -> Callable[..., tuple[int, Lines]]:
    """Return a function that runs a command and gives its exit code and its JSON lines."""

    def execute(*words: str, folder: Path = folder) -> tuple[int, Lines]:
        out = io.StringIO()
        code = run(parse([*words, "--json", "--folder", str(folder)]), environ, out)
        return code, [json.loads(line) for line in out.getvalue().splitlines()]

    return execute


@pytest.fixture
def say(environ: dict[str, str], folder: Path) -> Callable[..., tuple[int, str]]:
    """Return a function that runs a command and gives its exit code and what people read."""

    def execute(*words: str) -> tuple[int, str]:
        out = io.StringIO()
        code = run(parse([*words, "--folder", str(folder)]), environ, out)
        return code, out.getvalue()

    return execute
