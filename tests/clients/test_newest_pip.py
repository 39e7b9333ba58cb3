"""The newest pip says things in words of its own: what is read from its transcripts must still hold."""

import http.server
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import certifi
import pytest
from tests.clients.index import Index, server_context, start

from cheeseboard.clients.collisions import Collisions
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.join import join_line, make_join_script
from cheeseboard.clients.pip import find_pip
from cheeseboard.clients.plan import Mode, Scope
from cheeseboard.clients.proof import Cause, Proof
from cheeseboard.tls.authority import Authority

pytestmark = pytest.mark.full


@pytest.fixture(scope="session")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment with the newest pip."""
    environment = tmp_path_factory.mktemp("newest") / "environment"
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "-p", sys.executable, str(environment)], check=True)
    python = str(environment / "bin" / "python")
    subprocess.run([uv, "pip", "install", "-q", "-U", "-p", python, "pip"], check=True)
    return environment / "bin"


@pytest.fixture
def environ(environ: dict[str, str], newest: Path) -> dict[str, str]:
    return {**environ, "PATH": f"{newest}:/usr/bin:/bin"}


@pytest.fixture
def prove(
    tmp_path: Path, environ: dict[str, str], authority: Authority, index: Index
) -> Callable[..., Proof]:
    """Return a function that configures the newest pip and lets it prove it."""

    def run(mode: Mode = Mode.EXTRA, *, url: str = "", requirement: str | None = None, **extra: str) -> Proof:
        place = url or index.url.replace("127.0.0.1", "localhost")
        installers = Installers(tmp_path / "clients", environ)
        ca = authority.certificate_pem
        installers.apply(installers.plan("pip", url=place, ca_pem=ca, mode=mode, scope=Scope.USER))
        proofs = Installers(tmp_path / "clients", {**environ, **extra}).prove(
            "pip", url=place, mode=mode, requirement=requirement
        )
        return proofs[0]

    return run


def test_it_is_newer_than_the_one_that_the_other_tests_run(environ: dict[str, str]) -> None:
    assert int(find_pip(environ).version.split(".")[0]) >= 26


@pytest.mark.parametrize("mode", [Mode.EXTRA, Mode.ONLY])
def test_it_is_served(prove: Callable[..., Proof], mode: Mode) -> None:
    proof = prove(mode, requirement="acme-core==1.0")
    assert proof.cause is None, proof.transcript


def test_an_empty_repository_proves_it_too(prove: Callable[..., Proof], index: Index) -> None:
    index.files.clear()
    proof = prove()
    assert proof.cause is None, proof.transcript


@pytest.mark.parametrize(
    ("variables", "cause"),
    [
        ({"REQUESTS_CA_BUNDLE": certifi.where()}, Cause.CA_BUNDLE_OVERRIDDEN),
        ({"PIP_CERT": "/nowhere.pem"}, Cause.CA_BUNDLE_MISSING),
        ({"PIP_NO_INDEX": "1"}, Cause.NO_INDEX),
        ({"PIP_EXTRA_INDEX_URL": "https://localhost:1/simple/"}, Cause.INDEX_OVERRIDDEN),
        ({"HTTPS_PROXY": "http://127.0.0.1:1"}, Cause.PROXY),
    ],
)
def test_a_variable_in_the_way_is_named(
    prove: Callable[..., Proof], variables: dict[str, str], cause: Cause
) -> None:
    proof = prove(**variables)
    assert proof.cause is cause, proof.transcript


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("https://localhost:1/simple/", Cause.SERVER_STOPPED),
        ("https://nobody.invalid:8443/simple/", Cause.NAME_NOT_RESOLVED),
    ],
)
def test_a_server_that_is_not_there_is_named(prove: Callable[..., Proof], url: str, cause: Cause) -> None:
    proof = prove(url=url)
    assert proof.cause is cause, proof.transcript


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (421, Cause.HOST_NOT_ALLOWED),
        (403, Cause.NOT_AUTHORIZED),
        (503, Cause.FOLDER_UNAVAILABLE),
        (500, Cause.SERVER_ERROR),
    ],
)
def test_an_answer_that_is_no_page_is_named(
    prove: Callable[..., Proof], index: Index, status: int, cause: Cause
) -> None:
    index.status = status
    proof = prove()
    assert proof.cause is cause, proof.transcript


def test_a_certificate_for_another_name_is_named(prove: Callable[..., Proof], authority: Authority) -> None:
    other = Index()
    stop = start(other, server_context(authority, ["ada-laptop"], datetime.now(UTC)))
    try:
        proof = prove(url=other.url.replace("127.0.0.1", "localhost"))
    finally:
        stop()
    assert proof.cause is Cause.WRONG_NAME, proof.transcript


def test_the_join_line_works_with_it(
    authority: Authority, index: Index, newest: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    script = make_join_script(name="wheels", ca_pem=authority.certificate_pem, ca_sha256=authority.sha256)
    index.pages = {"/join.py": script.content, "/health": b"{}"}
    line = join_line(index.url.replace("127.0.0.1", "localhost"), script, python=str(newest / "python"))
    for words in (line, line + " --undo"):
        done = subprocess.run(
            ["/bin/sh", "-c", words], env=environ, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""


@pytest.fixture
def upstream(tmp_path: Path) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'<a href="popular-2.0.tar.gz">popular-2.0.tar.gz</a>'
            self.send_response(200 if self.path == "/simple/popular/" else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # http.server's name
            """Say nothing."""

    import threading

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/simple/"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_collisions_are_read_from_it(environ: dict[str, str], upstream: str, tmp_path: Path) -> None:
    collisions = Collisions(tmp_path, {**environ, "PIP_INDEX_URL": upstream})
    ours = {"popular": "1.0", "unknown": "1.0"}
    collisions.ask(ours, own_url="https://localhost:1/simple/", now=datetime.now(UTC))
    assert [(each.project, each.theirs) for each in collisions.known(ours.get)] == [("popular", "2.0")]
