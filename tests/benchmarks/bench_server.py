"""Our server beside nginx, over TLS, with the same bytes; ``python -m tests.benchmarks.bench_server``.

Both run as processes of their own, one after the other in each round, and ``wrk`` (Debian package of
that name) drives 16 kept connections. Figures are medians over the rounds.
"""

import argparse
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.server.authority import make_authority
from tests.server.board import Board, make_file, make_project
from tests.server.client import Client

from cheeseboard.index.build import build_project_detail, build_project_list
from cheeseboard.index.negotiate import Form
from cheeseboard.index.page import render
from cheeseboard.server.app import create_app
from cheeseboard.server.listener import Listener

CONNECTIONS = 16
SMALL = "small-1.0.tar.gz"
LARGE = "large-1.0.tar.gz"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing measured: a path, and how many of its bytes or answers count."""

    name: str
    path: str
    conditional: bool = False
    connections: int = CONNECTIONS
    seconds: int = 4
    in_bytes: bool = False


SCENARIOS = (
    Scenario("project page, 60 files", "/simple/sixty/"),
    Scenario("the same, 304", "/simple/sixty/", conditional=True),
    Scenario("root, 20,000 projects", "/simple/", in_bytes=True),
    Scenario("file of 50 kB", f"/simple/small/{SMALL}"),
    Scenario("file of 100 MB", f"/simple/large/{LARGE}", connections=4, in_bytes=True),
)


def make_board(folder: Path) -> Board:
    """Return the repository that is measured."""
    board = Board(folder)
    board.add(SMALL, bytes(range(200)) * 250)
    board.add(LARGE, bytes(100_000_000))
    sixty = make_project("sixty", [make_file(f"sixty-1.{number}-py3-none-any.whl") for number in range(60)])
    others = [make_project(f"project-{number:05}", []) for number in range(20_000 - 3)]
    board.publish(*board.snapshot.projects.values(), sixty, *others)
    return board


def serve(directory: Path, port: int) -> None:
    """Run our server until the input ends."""
    board = make_board(directory / "packages")
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    listener = Listener(
        create_app(board.source(), lambda: board.hosts),
        hosts_to_bind=["127.0.0.1"],
        port=port,
        certificate=directory / "leaf.pem",
        key=directory / "leaf.key",
        ca=directory / "ca.pem",
    )
    listener.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    listener.stop(1.0)


@contextmanager
def our_server(directory: Path, port: int) -> Iterator[None]:
    """Run our server in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_server", "--serve", str(directory), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            process.communicate()


@contextmanager
def nginx(directory: Path, port: int) -> Iterator[None]:
    """Run nginx with one worker over the same bytes."""
    configuration = directory / "nginx.conf"
    configuration.write_text(
        f"""daemon off; worker_processes 1; pid {directory}/nginx.pid; error_log {directory}/nginx.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; etag on;
            server {{
                listen 127.0.0.1:{port} ssl; root {directory}/www;
                ssl_certificate {directory}/leaf.pem; ssl_certificate_key {directory}/leaf.key;
                ssl_protocols TLSv1.2 TLSv1.3;
                location / {{ index page.json; }}
            }}
        }}"""
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with subprocess.Popen([program, "-c", str(configuration), "-p", str(directory)]) as process:
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()


def write_pages(board: Board, www: Path) -> None:
    """Write what our server answers as files for nginx."""
    simple = www / "simple"
    (simple / "sixty").mkdir(parents=True)
    sixty = render(build_project_detail(board.project("sixty")), Form.JSON)
    (simple / "sixty/page.json").write_bytes(sixty.body)
    (simple / "page.json").write_bytes(render(build_project_list(board.snapshot.projects), Form.JSON).body)
    for name, filename in (("small", SMALL), ("large", LARGE)):
        (simple / name).symlink_to(board.folder / name)
        assert (simple / name / filename).is_file()


def measure(scenario: Scenario, client: Client) -> float:
    """Return requests a second, or megabytes a second."""
    command = ["wrk", "-t1", f"-c{scenario.connections}", f"-d{scenario.seconds}s"]
    if scenario.conditional:
        etag = client.get(scenario.path).header("ETag")
        assert client.get(scenario.path, If_None_Match=etag).status == 304
        command += ["-H", f"If-None-Match: {etag}"]
    assert client.request("HEAD", scenario.path).status == 200
    done = subprocess.run([*command, client.url + scenario.path], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout and not scenario.conditional:
        raise RuntimeError(done.stdout)
    if scenario.in_bytes:
        amount, unit = re.findall(r"Transfer/sec:\s+([\d.]+)([KMG]?)B", done.stdout)[0]
        return float(amount) * {"": 1e-6, "K": 1.024e-3, "M": 1.048576, "G": 1073.741824}[unit]
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])


def requests_a_second(url: str, *, connections: int, seconds: int) -> float:
    """Return how many requests for ``url`` are answered in a second."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        raise RuntimeError(done.stdout)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", done.stdout)[0])


def run(rounds: int) -> None:
    """Measure all, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        authority = make_authority(directory)
        authority.issue()
        board = make_board(directory / "packages")
        write_pages(board, directory / "www")
        figures: dict[tuple[str, str], list[float]] = {}
        for _ in range(rounds):
            for label, server in (("cheeseboard", our_server), ("nginx", nginx)):
                port = free_port()
                with server(directory, port):
                    for scenario in SCENARIOS:
                        figure = measure(scenario, Client("127.0.0.1", port, authority.ca))
                        figures.setdefault((scenario.name, label), []).append(figure)
        print_table(figures)


def print_table(figures: dict[tuple[str, str], list[float]]) -> None:
    """Print medians and their ratio."""
    lines = [f"{'':28}{'cheeseboard':>14}{'nginx':>14}{'ratio':>8}"]
    for scenario in SCENARIOS:
        ours = statistics.median(figures[scenario.name, "cheeseboard"])
        theirs = statistics.median(figures[scenario.name, "nginx"])
        unit = "MB/s" if scenario.in_bytes else "req/s"
        lines.append(f"{scenario.name:28}{ours:>8,.0f} {unit:5}{theirs:>8,.0f} {unit:5}{ours / theirs:>8.2f}")
    sys.stdout.write("\n".join(lines) + "\n")


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Return once somebody listens."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(port)


def main() -> None:
    """Run the benchmark, or, as its own child, the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--serve", nargs=2, metavar=("DIRECTORY", "PORT"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.serve:
        serve(Path(options.serve[0]), int(options.serve[1]))
    else:
        run(options.rounds)


if __name__ == "__main__":
    main()
