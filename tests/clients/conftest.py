"""A real pip in an environment of its own, a real authority, and a real repository beside real tools."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.builders import build_wheel, write_wheel
from tests.clients.index import Index, server_context, start

from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.service import Service
from cheeseboard.tls.authority import Authority, open_authority

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def pip_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory whose ``pip`` is a real one: a PATH with nothing else on it."""
    beside = Path(sys.executable).parent / "pip"
    found = str(beside) if beside.exists() else shutil.which("pip") or shutil.which("pip3")
    assert found, "the tests need a pip"
    # A shim needs the PATH that it was found on; a plain pip is not to start what else lies there.
    path = "" if beside.exists() else f'PATH="{os.environ["PATH"]}" '
    directory = tmp_path_factory.mktemp("bin")
    (directory / "pip").write_text(f'#!/bin/sh\n{path}exec "{found}" "$@"\n')
    (directory / "pip").chmod(0o755)
    return directory


@pytest.fixture
def environ(own_home: Path, pip_directory: Path, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a user with a home and a pip of their own."""
    return {
        "HOME": str(own_home),
        "PATH": str(pip_directory),
        "LC_ALL": "C.UTF-8",
        "XDG_CONFIG_DIRS": str(tmp_path / "xdg"),
    }


@pytest.fixture
def global_conf(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes a computer-wide pip.conf for this test's pip."""

    def write(text: str) -> Path:
        path = tmp_path / "xdg" / "pip" / "pip.conf"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return path

    return write


@pytest.fixture
def pip_conf(own_home: Path) -> Path:
    """Return where the user's pip.conf lies; its directory does not exist yet."""
    return own_home / ".config" / "pip" / "pip.conf"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return a real local authority."""
    return open_authority(
        tmp_path_factory.mktemp("state") / "authority", now=datetime.now(UTC), host_names=["ada-laptop"]
    )


@pytest.fixture
def index(authority: Authority) -> Iterator[Index]:
    index = Index(files={"acme_core-1.0-py3-none-any.whl": build_wheel("acme-core", "1.0")})
    stop = start(index, server_context(authority, ["localhost"], datetime.now(UTC)))
    yield index
    stop()


# --- a whole repository, and the tools that its owner has ------------------------------------------


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a directory with the tests' own uv and twine, and nothing else."""
    directory = tmp_path / "tools"
    directory.mkdir()
    for name in ("uv", "twine"):
        beside = Path(sys.executable).with_name(name)
        found = str(beside) if beside.exists() else shutil.which(name)
        if found is None and os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed, and CI skips nothing")
        if found is None:
            pytest.skip(f"{name} is not installed")
        (directory / name).symlink_to(found)
    return directory


@pytest.fixture
def variables(environ: dict[str, str], tools: Path) -> dict[str, str]:
    return {**environ, "PATH": os.pathsep.join((environ["PATH"], str(tools)))}


@pytest.fixture
def service(variables: dict[str, str], own_home: Path, tmp_path: Path) -> Iterator[Service]:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    service = Service(locations, variables, folder=tmp_path / "packages")
    service.open(watch=False)
    service.add([write_wheel(tmp_path, "acme-core", "1.0")], Way.DROP)
    service.sharing.serve(lan=False, port=0)
    yield service
    service.close()


@pytest.fixture
def run(variables: dict[str, str], service: Service, tmp_path: Path) -> Run:
    def run(*command: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            env={**variables, **more},
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    return run
