"""The lines to paste and .pypirc, in the hands of the real poetry, pdm and twine."""

import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.clients.index import Index

from cheeseboard.clients.installers import Installers
from cheeseboard.clients.paste import PasteStep, paste_lines
from cheeseboard.clients.plan import Mode, Scope
from cheeseboard.tls.authority import Authority

pytestmark = pytest.mark.full

URL = "https://localhost:8443/simple/"
CA, BUNDLE = Path("/home/ada l/authority.pem"), Path("/home/ada l/bundle.pem")


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of the programs of an environment of their own."""
    environment = tmp_path_factory.mktemp("tools") / "environment"
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "-p", sys.executable, str(environment)], check=True)
    python = str(environment / "bin" / "python")
    subprocess.run([uv, "pip", "install", "-q", "-p", python, "poetry", "pdm", "twine"], check=True)
    return environment / "bin"


@pytest.fixture
def variables(tools: Path, own_home: Path) -> dict[str, str]:
    path = f"{tools}:/usr/bin:/bin"
    return {"HOME": str(own_home), "PATH": path, "LC_ALL": "C.UTF-8", "PDM_CHECK_UPDATE": "0"}


def run(words: list[str], variables: dict[str, str], directory: Path) -> str:
    done = subprocess.run(
        words, env=variables, cwd=directory, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout + done.stderr


def paste(step: PasteStep, variables: dict[str, str], directory: Path) -> None:
    for line in step.lines:
        words = shlex.split(line)
        words[0] = str(Path(variables["PATH"].split(":")[0]) / words[0])
        subprocess.run(words, env=variables, cwd=directory, check=True, capture_output=True, timeout=120)


def test_poetry_takes_its_lines(variables: dict[str, str], tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n')
    once, each, _ = paste_lines("poetry", url=URL, ca=CA, bundle=BUNDLE).steps
    paste(once, variables, tmp_path)
    paste(each, variables, tmp_path)
    listing = run(["poetry", "config", "--list"], variables, tmp_path)
    assert f'certificates.cheeseboard.cert = "{CA}"' in listing
    assert 'repositories.cheeseboard.url = "https://localhost:8443/legacy/"' in listing
    (source,) = tomllib.loads(project.read_text())["tool"]["poetry"]["source"]
    assert source == {"name": "cheeseboard", "url": URL, "priority": "supplemental"}


def test_pdm_takes_its_lines(variables: dict[str, str], tmp_path: Path) -> None:
    once, _ = paste_lines("pdm", url=URL, ca=CA, bundle=BUNDLE).steps
    paste(once, variables, tmp_path)
    listing = run(["pdm", "config"], variables, tmp_path)
    assert f"pypi.cheeseboard.url = {URL}" in listing
    assert f"pypi.cheeseboard.ca_certs = {CA}" in listing
    assert f"repository.cheeseboard.ca_certs = {CA}" in listing


def test_twine_uploads_to_us_with_the_certificate_verified(
    variables: dict[str, str], tmp_path: Path, authority: Authority, index: Index
) -> None:
    installers = Installers(tmp_path / "clients", variables)
    url = index.url.replace("127.0.0.1", "localhost")
    installers.apply(
        installers.plan("twine", url=url, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.USER)
    )
    words = ["twine", "upload", "--non-interactive", "-p", "token", "-r", "cheeseboard"]
    said = run([*words, str(write_wheel(tmp_path))], variables, tmp_path)
    # The index of this test takes no uploads, and says so over TLS that twine verified.
    assert f"Uploading distributions to {url.replace('simple', 'legacy')}" in said
    assert "501" in said, said
