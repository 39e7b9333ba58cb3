"""poetry and pdm, the real ones, lock and install from a real listener with verification on."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.server.client import Client

pytestmark = pytest.mark.full

# As the machine has it, before a test's own environment is cleaned: by it uv finds the public index.
MACHINE = dict(os.environ)
POETRY = """
[tool.poetry]
package-mode = false
[tool.poetry.dependencies]
python = ">=3.9,<4"
acme-core = "*"
acme-gpu = "1.0+cu12"
[[tool.poetry.source]]
name = "ours"
url = "{url}/simple/"
priority = "primary"
"""
PDM = """
[project]
name = "user"
version = "1"
requires-python = ">=3.9"
dependencies = ["acme-core", "acme-gpu==1.0+cu12"]
[tool.pdm]
distribution = false
[[tool.pdm.source]]
name = "pypi"
url = "{url}/simple/"
"""
INSTALLED = {"acme_core-1.1", "acme_util-1.5", "acme_gpu-1.0+cu12"}


@pytest.fixture
def tool(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a tool's program, installed from the public index into an environment of its own."""
    directory = tmp_path / "tool"
    uv = str(Path(sys.executable).with_name("uv"))
    for command in (
        [uv, "venv", "--python", sys.executable, str(directory)],
        [uv, "pip", "install", "--python", str(directory / "bin/python"), request.param],
    ):
        subprocess.run(command, env=MACHINE, capture_output=True, timeout=300, check=True)
    return str(directory / "bin" / request.param.partition("[")[0])


def run(
    command: list[str], directory: Path, environment: Mapping[str, str], **variables: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command,
        cwd=directory,
        env={**environment, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def installed(environment: Path) -> set[str]:
    found = environment.glob("lib/python*/site-packages/acme*.dist-info")
    return {path.name.removesuffix(".dist-info") for path in found}


@pytest.mark.parametrize("tool", ["poetry"], indirect=True)
def test_poetry_locks_and_installs(
    tool: str, client: Client, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(POETRY.format(url=client.url))
    options = {
        "POETRY_CERTIFICATES_OURS_CERT": str(client.ca),
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "POETRY_KEYRING_ENABLED": "false",
        "POETRY_CACHE_DIR": str(tmp_path / "cache"),
    }
    run([tool, "install", "--no-interaction"], tmp_path, environment, **options)
    assert installed(tmp_path / ".venv") == INSTALLED
    lock = (tmp_path / "poetry.lock").read_text()
    assert f'url = "{client.url}/simple"' in lock
    assert "sha256:" in lock


@pytest.mark.parametrize("tool", ["pdm[locked]"], indirect=True)
def test_pdm_locks_and_installs(
    tool: str, client: Client, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(PDM.format(url=client.url))
    options = {
        "PDM_PYPI_CA_CERTS": str(client.ca),
        "SSL_CERT_FILE": str(client.ca),
        "PDM_CHECK_UPDATE": "false",
        "PDM_CACHE_DIR": str(tmp_path / "cache"),
    }
    # Made beforehand: pdm would install into the environment that runs the tests.
    run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], tmp_path, environment)
    environment.pop("VIRTUAL_ENV", None)
    for command in ([tool, "use", ".venv/bin/python"], [tool, "lock"], [tool, "install"]):
        run(command, tmp_path, environment, **options)
    assert installed(tmp_path / ".venv") == INSTALLED
    assert "sha256:" in (tmp_path / "pdm.lock").read_text()
