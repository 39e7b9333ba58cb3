"""Publishing with the tools that people use, the real ones, then pip and uv install what came."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import (
    build_wheel,
    record_replaced,
    sdist_filename,
    wheel_filename,
    write_sdist,
    write_wheel,
)
from tests.clients import file_keyring
from tests.clients.index import Index, start
from tests.server.client import Client

from cheeseboard.clients.paste import paste_lines
from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.server.access.tokens import Reading, TokenScope
from cheeseboard.service import Service

# As the machine has it, before a test's own environment is cleaned: by it uv finds the public index.
MACHINE = dict(os.environ)
FILES = [wheel_filename("acme-core", "1.0"), sdist_filename("acme-core", "1.0")]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
CONFLICT = "already here with different contents"

PYPROJECT = """
[project]
name = "acme-core"
version = "1.0"
description = "A package made by a test"
requires-python = ">=3.8"
[build-system]
requires = ["flit_core"]
build-backend = "flit_core.buildapi"
[tool.poetry]
package-mode = true
"""


@dataclass(frozen=True)
class Board:
    """A repository that is served, and a token for it."""

    url: str
    ca: Path
    token: str
    twine_url: str
    service: Service

    @property
    def upload_url(self) -> str:
        return self.url.replace("/simple/", "/legacy/")

    @property
    def client(self) -> Client:
        return Client("localhost", int(self.url.split(":")[2].split("/")[0]), self.ca)

    @property
    def files(self) -> list[str]:
        """What the index lists."""
        reply = self.client.get("/simple/acme-core/", Accept="application/vnd.pypi.simple.v1+json")
        return sorted(file["filename"] for file in json.loads(reply.body).get("files", ()))


@pytest.fixture
def board(tmp_path: Path, own_home: Path) -> Iterator[Board]:
    service = Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages")
    service.open(watch=False)
    url = service.sharing.serve(lan=False, port=0).local_url
    token = service.access.create("ci", scope=TokenScope.PUBLISH).secret
    yield Board(url, service.trust.ca_path, token, service.sharing.place.upload_url, service)
    service.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project whose wheel and sdist are built."""
    directory = tmp_path / "project"
    (directory / "dist").mkdir(parents=True)
    (directory / "pyproject.toml").write_text(PYPROJECT)
    (directory / "acme_core.py").write_text('"""A module."""\n')
    write_wheel(directory / "dist")
    write_sdist(directory / "dist")
    return directory


@pytest.fixture
def run(own_home: Path, project: Path) -> Run:
    """Return a function that runs a tool in the project's directory, as a user with nothing set up."""

    def run(*command: str | Path, answer: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        plain = {
            "HOME": str(own_home),
            "PATH": os.defpath,
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "COLUMNS": "500",
        }
        return subprocess.run(
            [str(word) for word in command],
            cwd=project,
            env={**plain, **variables},
            input=answer,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run


def pip_installs(board: Board, run: Run, directory: Path) -> None:
    """Install by pip what was published just now."""
    words = [sys.executable, "-m", "pip", "install", "--isolated", "--no-cache-dir", "--target", directory]
    installed = run(*words, "--index-url", board.url, "--cert", board.ca, "acme-core")
    assert installed.returncode == 0, said(installed)
    assert (directory / "acme_core.py").exists()


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """Return all that a tool said, in one line: tools break lines as they like."""
    return " ".join((done.stdout + done.stderr).split())


def change_wheel(project: Path) -> None:
    """Build the wheel again, otherwise."""
    (project / "dist" / FILES[0]).write_bytes(build_wheel(summary="Changed"))


def twine(
    board: Board, run: Run, *options: str, token: str | None = None, url: str = ""
) -> "subprocess.CompletedProcess[str]":
    where = ["--cert", board.ca, "--repository-url", url or board.twine_url]
    who = ["-u", "__token__", "-p", board.token if token is None else token]
    quiet = ["--non-interactive", "--disable-progress-bar"]
    return run(
        sys.executable,
        "-m",
        "twine",
        "upload",
        *quiet,
        *where,
        *who,
        *options,
        "dist/" + FILES[0],
        "dist/" + FILES[1],
    )


def uv(board: Board, run: Run, *options: str, token: str = "") -> "subprocess.CompletedProcess[str]":
    program = Path(sys.executable).with_name("uv")
    who = ["-u", "__token__", "-p", token or board.token]
    words = [program, "publish", "--no-config", "--publish-url", board.upload_url, *who, *options]
    return run(*words, SSL_CERT_FILE=str(board.ca))


def test_twine_uploads_and_pip_installs_at_once(board: Board, run: Run, tmp_path: Path) -> None:
    done = twine(board, run)
    assert done.returncode == 0, said(done)
    assert board.files == sorted(FILES)
    pip_installs(board, run, tmp_path / "installed")
    again = twine(board, run)
    assert again.returncode == 0, said(again)


def test_at_the_main_port_twine_tells_the_sentence_when_it_is_verbose_and_the_status_always(
    board: Board, run: Run, project: Path
) -> None:
    url = board.upload_url
    assert twine(board, run, url=url).returncode == 0
    change_wheel(project)
    quiet = twine(board, run, url=url)
    assert quiet.returncode == 1
    assert "409 Conflict" in said(quiet)
    assert CONFLICT not in said(quiet)
    assert CONFLICT in said(twine(board, run, "--verbose", url=url))


def refused_by_twine(board: Board, run: Run, token: str | None = None) -> str:
    """Return what twine prints of a refusal; nobody asked it to be verbose."""
    done = twine(board, run, token=token)
    assert done.returncode == 1, said(done)
    return said(done)


def test_twine_tells_that_a_file_is_here_with_other_contents(board: Board, run: Run, project: Path) -> None:
    assert twine(board, run).returncode == 0
    change_wheel(project)
    told = refused_by_twine(board, run)
    assert f"409 Conflict from {board.twine_url} File already exists. {FILES[0]} is {CONFLICT}." in told
    assert "Raise the version, build again, and upload that." in told


def test_twine_tells_that_a_wheel_is_damaged(board: Board, run: Run, project: Path) -> None:
    (project / "dist" / FILES[0]).write_bytes(record_replaced(b"sha256=", b"sha256=A"))
    told = refused_by_twine(board, run)
    assert "400 Bad Request" in told
    assert f"{board.twine_url} {FILES[0]} " in told
    assert "RECORD" in told


def test_twine_tells_that_a_file_is_too_large(board: Board, run: Run, project: Path) -> None:
    board.service.change_settings(upload_megabytes=1)
    (project / "dist" / FILES[0]).write_bytes(build_wheel(modules={"noise.bin": os.urandom(2_000_000)}))
    told = refused_by_twine(board, run)
    assert "MB is more than the 1.0 MB that may be uploaded here. The owner can raise the limit." in told


def test_twine_tells_that_a_project_is_archived(board: Board, run: Run, project: Path) -> None:
    board.service.add([write_wheel(project, version="0.1")], Way.DROP)
    board.service.set_project_status(NormalizedName("acme-core"), ProjectStatus.ARCHIVED)
    told = refused_by_twine(board, run)
    assert "403 Forbidden" in told
    assert "archived" in told


def test_twine_tells_that_what_came_is_not_what_was_sent(board: Board, run: Run, project: Path) -> None:
    (project / "sitecustomize.py").write_text(
        "from twine import package\n"
        "real = package.PackageFile.metadata_dictionary\n"
        "package.PackageFile.metadata_dictionary = lambda self: {**real(self), 'sha256_digest': '0' * 64}\n"
    )
    done = twine(board, lambda *words: run(*words, PYTHONPATH=str(project)))
    assert done.returncode == 1
    assert f"400 Bad Request from {board.twine_url} {FILES[0]} " in said(done)
    assert "didn't arrive as it was sent: its digest differs." in said(done)


def test_twine_tells_what_is_wrong_with_a_token(board: Board, run: Run) -> None:
    access = board.service.access
    reader = access.create("reader", scope=TokenScope.READ).secret
    other = access.create("other", scope=TokenScope.PUBLISH, projects=["acme-other"]).secret
    gone = access.create("gone", scope=TokenScope.PUBLISH)
    access.revoke(gone.token.id)
    assert "This is no whole token of Cheeseboard. Copy it again" in refused_by_twine(board, run, "wrong")
    assert "This token is not valid here, or not any more." in refused_by_twine(board, run, gone.secret)
    assert "This token is for reading only" in refused_by_twine(board, run, reader)
    assert "does not cover acme-core; it is for acme-other." in refused_by_twine(board, run, other)
    without = refused_by_twine(board, run, "")
    assert "401 Unauthorized" in without
    assert "Use it as the password, with __token__ as the user name." in without


def test_twine_as_we_set_it_up_uploads_and_tells_why_not(board: Board, run: Run, project: Path) -> None:
    board.service.clients.apply(board.service.clients.plan_use("twine"))
    words = [sys.executable, "-m", "twine", "upload", "--non-interactive", "-r", "cheeseboard"]
    done = run(*words, "dist/" + FILES[0])
    assert done.returncode == 0, said(done)
    change_wheel(project)
    done = run(*words, "dist/" + FILES[0])
    assert (done.returncode, CONFLICT in said(done)) == (1, True), said(done)


def test_twine_sends_attestations_that_come_along(board: Board, run: Run, project: Path) -> None:
    from tests.server.uploading import attestation

    attested = []
    for name in FILES:
        content = (project / "dist" / name).read_bytes()
        path = project / "dist" / f"{name}.publish.attestation"
        path.write_text(json.dumps(attestation(name, content)))
        attested.append(f"dist/{path.name}")
    done = twine(board, run, "--attestations", *attested)
    assert done.returncode == 0, said(done)
    reply = board.client.get(f"/simple/acme-core/{FILES[0]}.provenance")
    assert reply.status == 200


def test_uv_publishes_and_uv_installs_at_once(board: Board, run: Run, tmp_path: Path) -> None:
    done = uv(board, run)
    assert done.returncode == 0, said(done)
    assert board.files == sorted(FILES)
    program = Path(sys.executable).with_name("uv")
    words = [program, "pip", "install", "--no-config", "--no-cache", "--python", sys.executable]
    where = ["--target", tmp_path / "installed"]
    installed = run(*words, *where, "--index-url", board.url, "acme-core", SSL_CERT_FILE=str(board.ca))
    assert installed.returncode == 0, said(installed)
    assert uv(board, run).returncode == 0


def test_uv_tells_the_sentence_and_skips_by_check_url(board: Board, run: Run, project: Path) -> None:
    assert uv(board, run).returncode == 0
    skipped = uv(board, run, "--check-url", board.url)
    assert skipped.returncode == 0
    assert said(skipped).count("already exists, skipping") == 2
    change_wheel(project)
    conflict = uv(board, run)
    assert conflict.returncode == 2
    assert CONFLICT in said(conflict)
    apart = replace(board, url=board.twine_url.replace("/legacy/", "/simple/"))
    assert CONFLICT in said(uv(apart, run))
    assert "do not match" in said(uv(board, run, "--check-url", board.url))
    assert "no whole token" in said(uv(board, run, token="wrong"))


# --- the others: installed from the public index, each time the newest -------------------------------------


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where environments with poetry, pdm, hatch and flit are, installed once a session."""
    directory = tmp_path_factory.mktemp("tools")
    program = str(Path(sys.executable).with_name("uv"))
    # pdm just with the versions that it was tested with: newer ones of what it needs break it.
    for name, wanted in (("all", ["poetry", "hatch", "flit"]), ("pdm", ["pdm[locked]", "keyring"])):
        for command in (
            [program, "venv", "--python", sys.executable, str(directory / name)],
            [program, "pip", "install", "-p", str(directory / name / "bin/python"), *wanted],
        ):
            subprocess.run(command, env=MACHINE, capture_output=True, timeout=600, check=True)
    return directory


def poetry(board: Board, run: Run, tools: Path, token: str) -> "subprocess.CompletedProcess[str]":
    return run(
        *(tools / "all/bin/poetry", "publish", "-r", "ours", "--no-interaction"),
        POETRY_REPOSITORIES_OURS_URL=board.upload_url,
        POETRY_HTTP_BASIC_OURS_USERNAME="__token__",
        POETRY_HTTP_BASIC_OURS_PASSWORD=token,
        POETRY_CERTIFICATES_OURS_CERT=str(board.ca),
        POETRY_KEYRING_ENABLED="false",
    )


def pdm(board: Board, run: Run, tools: Path, token: str) -> "subprocess.CompletedProcess[str]":
    who = ["-u", "__token__", "-P", token, "--ca-certs", board.ca]
    return run(
        *(tools / "pdm/bin/pdm", "publish", "-v", "--no-build", "-r", board.upload_url, *who),
        PDM_CHECK_UPDATE="false",
        PDM_USE_VENV="false",
        SSL_CERT_FILE=str(board.ca),
    )


Pdm = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pdm_with_keyring(run: Run, tools: Path, tmp_path: Path) -> Pdm:
    """Return a function that runs pdm, or keyring beside it, with a keyring that needs no desktop."""
    variables = {
        "PYTHON_KEYRING_BACKEND": "file_keyring.Keyring",
        "FILE_KEYRING": str(tmp_path / "vault.json"),
        "PYTHONPATH": str(Path(file_keyring.__file__).parent),
        "PDM_CHECK_UPDATE": "false",
        "PDM_USE_VENV": "false",
    }

    def execute(program: str, *words: str, answer: str = "") -> "subprocess.CompletedProcess[str]":
        done = run(tools / "pdm/bin" / program, *words, answer=answer, **variables)
        assert done.returncode == 0, said(done)
        return done

    return execute


def paste_for_pdm(board: Board, pdm: Pdm, *purposes: str) -> None:
    """Run the lines for these purposes, and answer keyring when it asks for the token."""
    steps = paste_lines("pdm", url=board.url, ca=board.ca, bundle=board.ca).steps
    for step in steps:
        for line in step.lines if step.where.startswith(purposes) else ():
            program, *words = shlex.split(line)
            pdm(program, *words, answer=f"{board.token}\n" if program == "keyring" else "")


@pytest.mark.full
def test_pdm_publishes_by_the_lines_to_paste_with_its_token_in_a_keyring(
    board: Board, pdm_with_keyring: Pdm, own_home: Path, project: Path
) -> None:
    paste_for_pdm(board, pdm_with_keyring, "once, in a terminal", "once, to upload")
    (line,) = paste_lines("pdm", url=board.url, ca=board.ca, bundle=board.ca).steps[-1].lines
    pdm_with_keyring(*shlex.split(line), "--no-build")  # what it uploads is built already
    assert board.files == sorted(FILES)
    written = [*own_home.rglob("*.toml"), *project.rglob("*.toml")]
    assert written
    assert [path for path in written if board.token in path.read_text()] == []


@pytest.mark.full
def test_pdm_locks_from_a_private_repository_by_the_lines_to_paste(
    board: Board, run: Run, pdm_with_keyring: Pdm, tmp_path: Path, project: Path
) -> None:
    assert twine(board, run).returncode == 0
    Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages").access.set_reading(
        Reading.TOKEN
    )
    (project / "pyproject.toml").write_text(
        '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["acme-core"]\n'
    )
    public = Index(status=404)
    stop = start(public, None)
    try:
        pdm_with_keyring("pdm", "config", "pypi.url", f"http://127.0.0.1:{public.port}/simple/")
        paste_for_pdm(board, pdm_with_keyring, "once, in a terminal", "once, where reading")
        done = pdm_with_keyring("pdm", "lock", "-v")
    finally:
        stop()
    assert 'name = "acme-core"\nversion = "1.0"' in (project / "pdm.lock").read_text(), said(done)


def hatch(board: Board, run: Run, tools: Path, token: str) -> "subprocess.CompletedProcess[str]":
    who = ["-u", "__token__", "-a", token, "--ca-cert", board.ca]
    return run(tools / "all/bin/hatch", "publish", "-n", "-r", board.upload_url, *who)


def flit(board: Board, run: Run, tools: Path, token: str) -> "subprocess.CompletedProcess[str]":
    return run(
        *(tools / "all/bin/flit", "publish", "--no-use-vcs"),
        FLIT_INDEX_URL=board.upload_url,
        FLIT_USERNAME="__token__",
        FLIT_PASSWORD=token,
        REQUESTS_CA_BUNDLE=str(board.ca),
    )


Publish = Callable[[Board, Run, Path, str], "subprocess.CompletedProcess[str]"]


@pytest.mark.full
@pytest.mark.parametrize("publish", [poetry, pdm, hatch, flit])
def test_the_other_tools_publish_and_pip_installs_at_once(
    board: Board, run: Run, tools: Path, publish: Publish, project: Path, tmp_path: Path
) -> None:
    if publish is flit:
        (project / "acme_core.py").write_text('"""A module."""\n__version__ = "1.0"\n')
    done = publish(board, run, tools, board.token)
    assert done.returncode == 0, said(done)
    assert board.files == sorted(FILES)
    pip_installs(board, run, tmp_path / "installed")


@pytest.mark.full
@pytest.mark.parametrize(
    ("publish", "words"),
    [
        (poetry, CONFLICT),
        (pdm, "409 Conflict"),
        (hatch, "409 Conflict"),
        (flit, "409 Client Error"),
    ],
)
def test_the_other_tools_say_that_a_file_is_there_already(
    board: Board, run: Run, tools: Path, publish: Publish, words: str, project: Path
) -> None:
    assert twine(board, run).returncode == 0
    change_wheel(project)
    done = publish(board, run, tools, board.token)
    assert words in said(done), said(done)


@pytest.mark.full
@pytest.mark.parametrize("publish", [poetry, pdm, hatch, flit])
def test_the_other_tools_say_that_the_token_is_wrong(
    board: Board, run: Run, tools: Path, publish: Publish
) -> None:
    done = publish(board, run, tools, "wrong")
    assert done.returncode != 0
    assert "401" in said(done)
