"""Which Python builds, in a checkout and in a bundled program, and in which environment."""

import os
import sys
from pathlib import Path

import pytest

from cheeseboard.builds.environment import build_environment
from cheeseboard.builds.interpreter import find_installers, find_python, frontend_command

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs here are shell scripts")


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_our_own_python_builds_where_we_are_a_python_program(tmp_path: Path) -> None:
    assert find_python("", {"PATH": str(tmp_path)}, bundled=False) == Path(sys.executable)


def test_a_bundled_program_takes_the_first_python_on_the_path_that_can_build(tmp_path: Path) -> None:
    program(tmp_path / "bin", "python3", "exit 1")  # too old, or the Windows shop's stand-in
    good = program(tmp_path / "bin", "python3.13", f'exec "{sys.executable}" "$@"')

    assert find_python("", {"PATH": str(tmp_path / "bin")}, bundled=True) == good


def test_without_any_python_a_bundled_program_has_none(tmp_path: Path) -> None:
    assert find_python("", {"PATH": str(tmp_path)}, bundled=True) is None


def test_another_python_is_given_our_build_tool(tmp_path: Path) -> None:
    command = frontend_command(tmp_path / "python3")

    assert command[1:3] == ("-I", "-c")
    assert str(Path(pytest.importorskip("build").__file__).parent.parent) in command[3]


def test_uv_is_preferred_and_pip_is_there_for_who_configured_that(tmp_path: Path) -> None:
    assert find_installers({"PATH": str(tmp_path)})[-1] == "pip"
    program(tmp_path / "bin", "uv", "exit 0")
    assert find_installers({"PATH": str(tmp_path / "bin")}) == ("uv", "pip")


def test_a_bundled_programs_libraries_stay_its_own(tmp_path: Path) -> None:
    bundled = {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/users", "DYLD_LIBRARY_PATH": "/bundle"}

    made = build_environment(bundled, tmp_path, bundled=True)

    assert made["LD_LIBRARY_PATH"] == "/users"
    assert "DYLD_LIBRARY_PATH" not in made
    assert "LD_LIBRARY_PATH_ORIG" not in made


def test_the_users_indexes_and_compilers_stay_and_their_secrets_for_publishing_do_not(tmp_path: Path) -> None:
    kept = {"PIP_INDEX_URL": "x", "UV_INDEX": "x", "CC": "clang", "HTTPS_PROXY": "x", "SSL_CERT_FILE": "x"}
    gone = {"TWINE_PASSWORD": "x", "UV_PUBLISH_TOKEN": "x", "CHEESEBOARD_HOME": "x", "PYTHONPATH": "x"}

    made = build_environment({**kept, **gone}, tmp_path, bundled=False)

    assert kept.items() <= made.items()
    assert not gone.keys() & made.keys()
