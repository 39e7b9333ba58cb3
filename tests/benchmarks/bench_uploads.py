"""Uploads by twine beside other package indexes; ``python -m tests.benchmarks.bench_uploads``.

twine's own code uploads wheels of 1 MB, one at a time, to each server in turn, so that all meet the same
machine; the time is from the request's begin to the answer. The peers speak plain HTTP and take no
attestations; we speak HTTPS, judge the file, and have it on disk when we answer. Our twine uploads to the
port for uploads alone; the main port, where the other tools go, stands beside it.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks import bench_peers
from tests.benchmarks.bench_peers import background, install_peers, run
from tests.benchmarks.bench_server import free_port, wait_for
from tests.builders import wheel_filename
from tests.server.large import build_large_wheel

# Run by a Python that has twine; prints seconds.
UPLOAD = """
import sys, time
from twine import package, settings
url, user, password, ca, *files = sys.argv[1:]
chosen = settings.Settings(repository_url=url, username=user, password=password, cacert=ca or None,
                           non_interactive=True, disable_progress_bar=True)
repository = chosen.create_repository()
for name in files:
    began = time.perf_counter()
    answer = repository.upload(package.PackageFile.from_filename(name, None))
    assert answer.status_code == 200, (answer.status_code, answer.text)
    print("seconds", time.perf_counter() - began)
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to upload to, and as whom."""

    url: str
    user: str
    password: str
    ca: str = ""


@contextmanager
def cheeseboard(work: Path, _: Path, *, port: str = "twine_url") -> Iterator[Target]:
    """Serve with `cheeseboard serve`; upload to one of its ports."""
    home = {"CHEESEBOARD_HOME": str(work / "home")}
    program, folder = [sys.executable, "-m", "cheeseboard"], ["--folder", str(work / "packages")]
    words = [*program, "token", "create", "bench", "--scope", "publish", "--json", *folder]
    made = subprocess.run(words, env={**os.environ, **home}, capture_output=True, check=True)
    token = json.loads(made.stdout)["token"]
    with background([*program, "serve", "--json", "--port", "0", *folder], **home) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield Target(ready[port], "__token__", token, ready["ca"])


@contextmanager
def pypiserver(work: Path, programs: Path) -> Iterator[Target]:
    """Serve with pypiserver."""
    with bench_peers.pypiserver(work, work, programs) as running:
        yield Target(running.page.partition("simple/")[0], "u", "p")


@contextmanager
def devpi(work: Path, programs: Path) -> Iterator[Target]:
    """Serve with devpi-server."""
    port, state, client = free_port(), str(work / "server"), str(work / "client")
    secret = ["--root-passwd", "secret"]
    run([str(programs / "devpi-init"), "--serverdir", state, "--no-root-pypi", *secret])
    where = ["--serverdir", state, "--host", "127.0.0.1", "--port", str(port)]
    with background([str(programs / "devpi-server"), *where]):
        wait_for(port)
        url = f"http://127.0.0.1:{port}"
        for command in (
            ["use", url],
            ["login", "root", "--password=secret"],
            ["index", "-c", "dev", "bases="],
        ):
            run([str(programs / "devpi"), *command[:1], "--clientdir", client, *command[1:]])
        yield Target(f"{url}/root/dev/", "root", "secret")


@contextmanager
def pypiron(work: Path, programs: Path) -> Iterator[Target]:
    """Serve with pypiron."""
    port = free_port()
    quiet = ["--advisory-feed", "", "--malware-block", "false"]
    options = ["--data-dir", str(work / "data"), "--admin-pass", "secret", "--uploader-user", "u", *quiet]
    more = ["--private-pattern", "acme*", "--uploader-pass", "secret", "--bind-addr", f"127.0.0.1:{port}"]
    with background([str(programs / "pypiron"), "serve", *options, *more]):
        wait_for(port)
        yield Target(f"http://127.0.0.1:{port}/legacy/", "u", "secret")


SERVERS: dict[str, Callable[[Path, Path], AbstractContextManager[Target]]] = {
    "cheeseboard": cheeseboard,
    "main port": partial(cheeseboard, port="upload_url"),
    "pypiron": pypiron,
    "devpi": devpi,
    "pypiserver": pypiserver,
}


def make_wheels(directory: Path, count: int) -> list[Path]:
    """Write wheels of 1 MB, no two alike."""
    directory.mkdir()
    paths = []
    for number in range(count):
        path = directory / wheel_filename("acme-large", f"1.{number}")
        path.write_bytes(build_large_wheel(1, version=f"1.{number}"))
        paths.append(path)
    return paths


def upload(target: Target, files: list[Path]) -> list[float]:
    """Upload files; return the seconds that each took."""
    words = [target.url, target.user, target.password, target.ca, *map(str, files)]
    # Preset on some machines, and stronger than --cert.
    overriding = {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}
    done = subprocess.run(
        [sys.executable, "-c", UPLOAD, *words],
        env={name: value for name, value in os.environ.items() if name not in overriding},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout + done.stderr)
    return [float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("seconds")]


def main() -> None:
    """Measure all, and print a table of medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", type=Path, help="programs of the peers, installed before")
    options = parser.parse_args()
    figures: dict[str, list[float]] = {label: [] for label in SERVERS}
    with tempfile.TemporaryDirectory() as name, ExitStack() as running:
        directory = Path(name)
        programs = options.peers or install_peers(directory / "peers")
        wheels = make_wheels(directory / "wheels", options.rounds * 5)
        targets = {}
        for label, server in SERVERS.items():
            (directory / label).mkdir()
            targets[label] = running.enter_context(server(directory / label, programs))
        for number in range(options.rounds):
            order = random.Random(number).sample(list(SERVERS), len(SERVERS))
            for label in order:
                # The first of each round opens the connection, as every twine does.
                figures[label] += upload(targets[label], wheels[number * 5 : number * 5 + 5])
    lines = [f"{'twine, 1 MB':14}{'median':>10}{'slowest':>10}"]
    for label, seconds in figures.items():
        middle, slowest = statistics.median(seconds), max(seconds)
        lines.append(f"{label:14}{middle * 1000:>7.0f} ms{slowest * 1000:>7.0f} ms")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
