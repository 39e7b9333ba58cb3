"""uv changes its words from version to version: from 0.5 on, each is configured, proven and joined."""

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import certifi
import pytest
from tests.clients.index import Index, server_context, start

from cheeseboard.clients import uv
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.join import join_line, make_join_script
from cheeseboard.clients.plan import Mode, Scope
from cheeseboard.clients.proof import Cause
from cheeseboard.clients.tool import Question
from cheeseboard.tls.authority import Authority, open_authority

pytestmark = pytest.mark.full

VERSIONS = ("0.5.0", "0.6.0", "0.7.0", "0.8.0", "0.9.0", "0.10.0", "0.11.0", "0.12.0", "newest")


@pytest.fixture(scope="session", params=VERSIONS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a uv of one version."""
    directory = tmp_path_factory.mktemp("uv") / "environment"
    wanted = "uv" if request.param == "newest" else f"uv=={request.param}"
    ours = str(Path(sys.executable).with_name("uv"))
    subprocess.run([ours, "venv", "-q", "-p", sys.executable, str(directory)], check=True)
    words = ["pip", "install", "-q", "-U", "-p", str(directory / "bin" / "python"), wanted]
    subprocess.run([ours, *words], check=True)
    return directory / "bin" / "uv"


@pytest.fixture
def environ(environ: dict[str, str], program: Path, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a user with this uv, a Python, and nothing else."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").symlink_to(program)
    return {**environ, "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "UV_PYTHON": sys.executable}


@pytest.fixture
def server() -> Iterator[Callable[[Authority], Index]]:
    """Return a function that serves with another authority's certificate."""
    stops: list[Callable[[], None]] = []

    def serve(authority: Authority) -> Index:
        index = Index()
        stops.append(start(index, server_context(authority, ["localhost"], datetime.now(UTC))))
        return index

    yield serve
    for stop in stops:
        stop()


@pytest.fixture
def installers(environ: dict[str, str], tmp_path: Path) -> Installers:
    return Installers(tmp_path / "clients", environ)


def use(installers: Installers, authority: Authority, url: str, mode: Mode = Mode.EXTRA) -> Path:
    """Tell uv of us; return the bundle that it shall trust."""
    plan = installers.plan("uv", url=url, ca_pem=authority.certificate_pem, mode=mode, scope=Scope.USER)
    installers.apply(plan)
    assert plan.ca_bundle is not None
    return plan.ca_bundle.path


def test_its_own_word_for_the_systems_certificates_is_used_and_accepted(
    installers: Installers, authority: Authority, environ: dict[str, str], index: Index, own_home: Path
) -> None:
    use(installers, authority, index.url)
    values = tomllib.loads((own_home / ".config" / "uv" / "uv.toml").read_text())
    major, minor = (int(part) for part in uv.find(environ).version.split(".")[:2])
    assert values["native-tls" if (major, minor) < (0, 11) else "system-certs"] is True
    warned = subprocess.run(["uv", "cache", "dir"], env=environ, capture_output=True, text=True, check=True)
    assert warned.stderr == ""


@pytest.mark.parametrize("mode", Mode)
def test_it_is_served(
    installers: Installers, authority: Authority, environ: dict[str, str], index: Index, mode: Mode
) -> None:
    variables = {**environ, "SSL_CERT_FILE": str(use(installers, authority, index.url, mode))}
    (proof,) = uv.prove(Question(index.url, mode, variables, "acme-core==1.0"))
    assert proof.cause is None, proof.transcript


def causes(environ: dict[str, str], url: str, bundle: str) -> Cause | None:
    variables = {**environ, "SSL_CERT_FILE": bundle}
    (proof,) = uv.prove(Question(url, Mode.EXTRA, variables))
    return proof.cause


def test_what_fails_is_named_in_every_versions_words(
    installers: Installers, authority: Authority, environ: dict[str, str], index: Index
) -> None:
    bundle = str(use(installers, authority, index.url))
    assert causes(environ, index.url, certifi.where()) is Cause.CA_BUNDLE_OVERRIDDEN
    for status, cause in ((421, Cause.HOST_NOT_ALLOWED), (403, Cause.NOT_AUTHORIZED)):
        index.status = status
        assert causes(environ, index.url, bundle) is cause
    gone = "https://localhost:1/simple/"
    use(installers, authority, gone)
    assert causes(environ, gone, bundle) is Cause.SERVER_STOPPED


def test_a_colleague_with_it_joins_and_undoes(
    authority: Authority, environ: dict[str, str], index: Index, own_home: Path
) -> None:
    script = make_join_script(name="wheels", ca_pem=authority.certificate_pem, ca_sha256=authority.sha256)
    index.pages = {"/join.py": script.content, "/health": b"{}"}
    line = join_line(index.url.replace("127.0.0.1", "localhost"), script, python=sys.executable)

    def paste(words: str) -> "subprocess.CompletedProcess[str]":
        shell = ["/bin/sh", "-c", line + words]
        return subprocess.run(shell, env=environ, capture_output=True, text=True, timeout=120, check=False)

    joined = paste("")
    assert "Proven: uv reached it" in joined.stdout, joined.stdout + joined.stderr
    assert paste(" --undo").returncode == 0
    assert not (own_home / ".config" / "uv").exists()


def test_another_authority_is_not_believed(
    installers: Installers,
    authority: Authority,
    environ: dict[str, str],
    index: Index,
    tmp_path: Path,
    server: Callable[[Authority], Index],
) -> None:
    other = open_authority(tmp_path / "other", now=datetime.now(UTC), host_names=[])
    impostor = server(other)
    bundle = use(installers, authority, impostor.url)
    assert causes(environ, impostor.url, str(bundle)) is Cause.CA_BUNDLE_OVERRIDDEN
