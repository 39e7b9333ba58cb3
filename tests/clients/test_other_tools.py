"""The lines to paste and .pypirc, in the hands of the real poetry, pdm and twine."""

import json
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.clients.index import Index, start

from cheeseboard.clients.installers import Installers
from cheeseboard.clients.paste import PasteStep, paste_lines
from cheeseboard.clients.plan import Mode, Scope
from cheeseboard.tls.authority import Authority

pytestmark = pytest.mark.full

URL = "https://localhost:8443/simple/"
# pdm 2.29.3 allows a hishel beside which it does not run.
TOOLS = {"poetry": "poetry", "pdm": "pdm[locked]", "pipenv": "pipenv", "hatch": "hatch", "twine": "twine"}
CA, BUNDLE = Path("/home/ada l/authority.pem"), Path("/home/ada l/bundle.pem")


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of the tools' programs; each tool has an environment of its own, as with pipx."""
    place = tmp_path_factory.mktemp("tools")
    programs = place / "bin"
    programs.mkdir()
    uv = str(Path(sys.executable).with_name("uv"))
    for tool, requirement in TOOLS.items():
        environment = place / tool
        subprocess.run([uv, "venv", "-q", "-p", sys.executable, str(environment)], check=True)
        python = str(environment / "bin" / "python")
        subprocess.run([uv, "pip", "install", "-q", "-p", python, requirement], check=True)
        (programs / tool).symlink_to(environment / "bin" / tool)
    return programs


@pytest.fixture
def variables(tools: Path, own_home: Path) -> dict[str, str]:
    path = f"{tools}:/usr/bin:/bin"
    return {"HOME": str(own_home), "PATH": path, "LC_ALL": "C.UTF-8", "PDM_CHECK_UPDATE": "0"}


@pytest.fixture
def public() -> Iterator[str]:
    """Serve a stand-in for the public index: it has nothing that is ours."""
    index = Index(status=404)
    stop = start(index, None)
    yield f"http://127.0.0.1:{index.port}/simple/"
    stop()


@pytest.fixture
def lines(tmp_path: Path, authority: Authority, index: Index) -> Callable[[str], tuple[PasteStep, ...]]:
    """Return a function that gives a tool's lines for the index of this test."""
    bundle = Installers(tmp_path / "clients", {}).bundle(authority.certificate_pem)
    url = index.url.replace("127.0.0.1", "localhost")
    ca = authority.certificate_path
    return lambda tool: paste_lines(tool, url=url, ca=ca, bundle=bundle).steps


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the directory of a project that needs what only we have."""
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["acme-core"]\n'
    )
    return directory


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
    once, each, *_ = paste_lines("poetry", url=URL, ca=CA, bundle=BUNDLE).steps
    paste(once, variables, tmp_path)
    paste(each, variables, tmp_path)
    listing = run(["poetry", "config", "--list"], variables, tmp_path)
    assert f'certificates.cheeseboard.cert = "{CA}"' in listing
    assert 'repositories.cheeseboard.url = "https://localhost:8443/legacy/"' in listing
    (source,) = tomllib.loads(project.read_text())["tool"]["poetry"]["source"]
    assert source == {"name": "cheeseboard", "url": URL, "priority": "supplemental"}


def test_pdm_takes_its_lines(variables: dict[str, str], tmp_path: Path) -> None:
    once, *_ = paste_lines("pdm", url=URL, ca=CA, bundle=BUNDLE).steps
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


# --- pasted, each tool resolves from us ---------------------------------------------------------------

Lines = Callable[[str], tuple[PasteStep, ...]]


def test_poetry_locks_from_us(variables: dict[str, str], lines: Lines, project: Path, public: str) -> None:
    once, each, *_ = lines("poetry")
    run(["poetry", "source", "add", "--priority=primary", "public", public], variables, project)
    paste(once, variables, project)
    paste(each, variables, project)
    said = run(["poetry", "lock", "-v"], variables, project)
    lock = project / "poetry.lock"
    assert lock.exists(), said
    assert 'name = "acme-core"\nversion = "1.0"' in lock.read_text(), said


def test_pdm_locks_from_us(variables: dict[str, str], lines: Lines, project: Path, public: str) -> None:
    once, *_ = lines("pdm")
    run(["pdm", "config", "pypi.url", public], variables, project)
    run(["pdm", "config", "pypi.json_api", "false"], variables, project)
    paste(once, variables, project)
    said = run(
        ["pdm", "lock", "-v", "-p", str(project)], {**variables, "PDM_PYTHON": sys.executable}, project
    )
    assert (project / "pdm.lock").exists(), said
    assert 'name = "acme-core"\nversion = "1.0"' in (project / "pdm.lock").read_text(), said


def test_pipenv_locks_from_us(variables: dict[str, str], lines: Lines, project: Path, public: str) -> None:
    shell, source, package = lines("pipenv")
    pipfile = [
        f'[[source]]\nname = "public"\nurl = "{public}"\nverify_ssl = false',
        *source.lines,
        "[packages]",
        *(line.replace("your-package", "acme-core") for line in package.lines),
    ]
    (project / "Pipfile").write_text("\n".join(pipfile) + "\n")
    # In a shell that has read its start-up file.
    script = "; ".join((*shell.lines, f"exec pipenv lock --python {sys.executable}"))
    said = run(["/bin/sh", "-c", script], {**variables, "PIPENV_VENV_IN_PROJECT": "1"}, project)
    assert (project / "Pipfile.lock").exists(), said
    locked = json.loads((project / "Pipfile.lock").read_text())["default"]["acme-core"]
    assert (locked["version"], locked["index"]) == ("==1.0", "cheeseboard"), said


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_hatch_installs_from_us(
    variables: dict[str, str], lines: Lines, project: Path, public: str, installer: str, tools: Path
) -> None:
    environment, _ = lines("hatch")
    text = (
        '[project]\nname = "x"\nversion = "1"\n\n[tool.hatch.envs.default]\nskip-install = true\n'
        f'dependencies = ["acme-core"]\ninstaller = "{installer}"\n\n'
    )
    lock = "\n".join((*environment.lines, f'PIP_INDEX_URL = "{public}"', f'UV_DEFAULT_INDEX = "{public}"'))
    (project / "pyproject.toml").write_text(text + lock + "\n")
    uv = str(Path(sys.executable).with_name("uv"))
    words = ["hatch", "run", "python", "-c", "import acme_core; print(acme_core.__file__)"]
    said = run(words, {**variables, "HATCH_UV": uv, "HATCH_PYTHON": sys.executable}, project)
    assert "site-packages/acme_core" in said, said


def test_condas_pip_reads_the_file_that_use_writes(lines: Lines) -> None:
    once, section = lines("conda")
    assert once.lines == ("cheeseboard use pip",)
    assert "the same file" in once.where
    assert f"    - --extra-index-url {'https'}" in "\n".join(section.lines)
