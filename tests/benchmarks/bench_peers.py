"""Our server beside other package indexes, with the same files; ``python -m tests.benchmarks.bench_peers``.

The peers come from the public index into a throwaway environment. They speak plain HTTP, as they do out of
the box, and we speak HTTPS. All run as processes of their own, one after the other.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.bench_server import CONNECTIONS, free_port, requests_a_second, wait_for
from tests.builders import build_wheel, wheel_filename
from tests.server.waiting import wait_until

PACKAGES = ("pypiserver", "pypiron", "devpi-server", "devpi-client", "setuptools<81")
SMALL = wheel_filename("small", "1.0")


@dataclass(frozen=True, slots=True)
class Running:
    """A server with the files in it: where its project page and its 50 kB file are."""

    page: str
    file: str


def make_files(directory: Path) -> Path:
    """Write 60 files of one project and one file of 50 kB; return where."""
    directory.mkdir()
    for number in range(60):
        name = wheel_filename("sixty", f"1.{number}")
        (directory / name).write_bytes(build_wheel("sixty", f"1.{number}"))
    (directory / SMALL).write_bytes(build_wheel("small", modules={"small.bin": os.urandom(49_000)}))
    return directory


def install_peers(directory: Path) -> Path:
    """Install the peers; return where their programs are."""
    uv = str(Path(sys.executable).with_name("uv"))
    run([uv, "venv", "--python", sys.executable, str(directory)])
    run([uv, "pip", "install", "--python", str(directory / "bin/python"), *PACKAGES])
    return directory / "bin"


def run(command: list[str], **variables: str) -> None:
    """Run a command to its end; its output is shown when it fails."""
    done = subprocess.run(
        command, env={**os.environ, **variables}, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[:3]}: {done.stdout}{done.stderr}")


@contextmanager
def background(command: list[str], **variables: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command beside us, and end it."""
    with subprocess.Popen(
        command,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.communicate()


@contextmanager
def cheeseboard(files: Path, work: Path, _: Path) -> Iterator[Running]:
    """Serve with `cheeseboard serve`: access log, download counts and all."""
    folder = work / "packages"
    shutil.copytree(files, folder)
    command = [sys.executable, "-m", "cheeseboard", "serve", "--json", "--port", "0", "--folder", str(folder)]
    with background(command, CHEESEBOARD_HOME=str(work / "home")) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        count = len(list(files.iterdir()))
        wait_until(lambda: len(list(folder.glob("*/*.whl"))) == count, 60)
        yield Running(f"{url}sixty/", f"{url}small/{SMALL}")


@contextmanager
def pypiserver(files: Path, _: Path, programs: Path) -> Iterator[Running]:
    """Serve with pypiserver."""
    port = free_port()
    where = ["-i", "127.0.0.1", "-p", str(port), "--disable-fallback", "-a", ".", "-P", "."]
    with background([str(programs / "pypi-server"), "run", *where, str(files)]):
        wait_for(port)
        url = f"http://127.0.0.1:{port}"
        yield Running(f"{url}/simple/sixty/", f"{url}/packages/{SMALL}")


@contextmanager
def devpi(files: Path, work: Path, programs: Path) -> Iterator[Running]:
    """Serve with devpi-server."""
    port, state, client = free_port(), str(work / "server"), str(work / "client")
    run([str(programs / "devpi-init"), "--serverdir", state, "--no-root-pypi"])
    where = ["--serverdir", state, "--host", "127.0.0.1", "--port", str(port)]
    with background([str(programs / "devpi-server"), *where]):
        wait_for(port)
        url = f"http://127.0.0.1:{port}"
        for command in (
            ["use", url],
            ["login", "root", "--password="],
            ["index", "-c", "dev", "bases="],
            ["use", "root/dev"],
            ["upload", "--from-dir", str(files)],
        ):
            run([str(programs / "devpi"), *command[:1], "--clientdir", client, *command[1:]])
        digest_path = file_link(f"{url}/root/dev/+simple/small/")
        yield Running(f"{url}/root/dev/+simple/sixty/", digest_path)


@contextmanager
def pypiron(files: Path, work: Path, programs: Path) -> Iterator[Running]:
    """Serve with pypiron."""
    port = free_port()
    # It would ask for advisories elsewhere.
    quiet = ["--advisory-feed", "", "--malware-block", "false"]
    options = ["--data-dir", str(work / "data"), "--admin-pass", "secret", "--uploader-user", "u", *quiet]
    patterns = ["--private-pattern", "sixty", "--private-pattern", "small", "--uploader-pass", "secret"]
    where = ["--bind-addr", f"127.0.0.1:{port}"]
    with background([str(programs / "pypiron"), "serve", *options, *patterns, *where]):
        wait_for(port)
        url = f"http://127.0.0.1:{port}"
        uv = str(Path(sys.executable).with_name("uv"))
        login = ["--username", "u", "--password", "secret"]
        run([uv, "publish", "--publish-url", f"{url}/legacy/", *login, *map(str, sorted(files.iterdir()))])
        wait_until(
            lambda: count_files(f"{url}/simple/sixty/") == 60 and count_files(f"{url}/simple/small/") == 1
        )
        yield Running(f"{url}/simple/sixty/", file_link(f"{url}/simple/small/"))


def file_link(page: str) -> str:
    """Return the address of the one file on a project page."""
    from pypi_simple import ACCEPT_HTML_ONLY, PyPISimple

    root, project = page.rstrip("/").rsplit("/", 1)
    with PyPISimple(f"{root}/", accept=ACCEPT_HTML_ONLY) as client:
        return client.get_project_page(project).packages[0].url.partition("#")[0]


def count_files(page: str) -> int:
    """Return how many files a project page names; 0 when there is none."""
    try:
        with urllib.request.urlopen(page, timeout=10) as response:
            return int(response.read().count(b".whl#"))
    except urllib.error.HTTPError:
        return 0


SERVERS = {"cheeseboard": cheeseboard, "pypiron": pypiron, "devpi": devpi, "pypiserver": pypiserver}


def main() -> None:
    """Measure all, and print a table of medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", type=Path, help="programs of the peers, installed before")
    options = parser.parse_args()
    figures: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        files = make_files(directory / "files")
        programs = options.peers or install_peers(directory / "peers")
        for number in range(options.rounds):
            for label, server in SERVERS.items():
                for what in ("page", "file"):
                    # Anew each time: some go on with what they were asked for when nobody waits any more.
                    work = directory / f"{label}-{what}-{number}"
                    work.mkdir()
                    with server(files, work, programs) as running:
                        url = running.page if what == "page" else running.file
                        figure = requests_a_second(url, connections=CONNECTIONS, seconds=4)
                    figures.setdefault((label, what), []).append(figure)
    lines = [f"{'':14}{'page of 60 files':>22}{'file of 50 kB':>22}"]
    for label in SERVERS:
        page, file = (statistics.median(figures[label, what]) for what in ("page", "file"))
        lines.append(f"{label:14}{page:>16,.0f} req/s{file:>16,.0f} req/s")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
