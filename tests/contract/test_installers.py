"""pip and uv, the real ones, install from a real listener with verification on."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.server.client import Client

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env={**environment, **more}, capture_output=True, text=True, timeout=60, check=False
        )

    return run


@pytest.fixture
def pip(run: Run, client: Client) -> Run:
    def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
        options = ("--index-url", f"{client.url}/simple/", "--cert", str(client.ca), "--retries", "0")
        return run(sys.executable, "-m", "pip", *arguments, *options)

    return pip


@pytest.fixture
def uv(run: Run, client: Client, need_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    program = need_tool("uv")

    def uv(*arguments: str) -> subprocess.CompletedProcess[str]:
        options = ("--default-index", f"{client.url}/simple/", "--python", sys.executable, "--no-config")
        return run(
            program, "pip", *arguments, *options, SSL_CERT_FILE=str(client.ca), UV_PYTHON_DOWNLOADS="never"
        )

    return uv


def installed(target: Path) -> set[str]:
    return {path.name.removesuffix(".dist-info") for path in target.glob("*.dist-info")}


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_an_installer_takes_the_newest_fitting_release_and_its_dependency(
    request: pytest.FixtureRequest, tmp_path: Path, installer: str
) -> None:
    install: Run = request.getfixturevalue(installer)
    done = install("install", "--target", str(tmp_path / "t"), "Acme_Core")
    assert done.returncode == 0, done.stderr
    # Neither yanked ones, nor the pre-release, nor what needs another Python.
    assert installed(tmp_path / "t") == {"acme_core-1.1", "acme_util-1.5"}


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_an_installer_takes_a_file_whose_name_must_be_escaped(
    request: pytest.FixtureRequest, tmp_path: Path, installer: str
) -> None:
    install: Run = request.getfixturevalue(installer)
    done = install("install", "--target", str(tmp_path / "t"), "acme-gpu==1.0+cu12")
    assert done.returncode == 0, done.stderr
    assert installed(tmp_path / "t") == {"acme_gpu-1.0+cu12"}


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_an_installer_builds_an_sdist(request: pytest.FixtureRequest, tmp_path: Path, installer: str) -> None:
    install: Run = request.getfixturevalue(installer)
    done = install("install", "--target", str(tmp_path / "t"), "acme-built")
    assert done.returncode == 0, done.stderr
    assert installed(tmp_path / "t") == {"acme_built-1.0"}


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_a_yanked_release_is_taken_only_when_asked_for_by_its_version(
    request: pytest.FixtureRequest, tmp_path: Path, installer: str
) -> None:
    install: Run = request.getfixturevalue(installer)
    done = install("install", "--target", str(tmp_path / "t"), "acme-core==3.0")
    assert done.returncode == 0, done.stderr
    assert "set fire to a datacentre" in done.stdout + done.stderr


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_an_installer_that_does_not_know_our_authority_refuses(
    run: Run, client: Client, tmp_path: Path, installer: str
) -> None:
    program = (
        [sys.executable, "-m", "pip"]
        if installer == "pip"
        else [str(Path(sys.executable).with_name("uv")), "pip"]
    )
    retries = ["--retries", "0"] if installer == "pip" else ["--no-config"]
    target = str(tmp_path / "t")
    done = run(
        *program, "install", "--target", target, "--index-url", f"{client.url}/simple/", *retries, "acme-util"
    )
    assert done.returncode != 0
    assert not installed(tmp_path / "t")
