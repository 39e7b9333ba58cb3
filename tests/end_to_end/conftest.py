"""Real installers with homes of their own, and a small public index on loopback."""

import functools
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.end_to_end.screen import Screen, virtual_screen

Eventually = Callable[..., None]


@dataclass(frozen=True)
class PublicIndex:
    """A Simple API on plain HTTP that knows one package, ``public-dependency``."""

    url: str
    requests: list[str]


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    requests: list[str]

    def log_message(self, *_: object) -> None:
        self.requests.append(self.path)


@pytest.fixture
def public_index(tmp_path: Path) -> Iterator[PublicIndex]:
    """Serve a directory of wheels as any web server with autoindex would."""
    root = tmp_path / "public"
    project = root / "simple" / "public-dependency"
    project.mkdir(parents=True)
    write_wheel(project, "public-dependency", "3.0")
    seen: list[str] = []
    handler = type("Handler", (_QuietHandler,), {"requests": seen})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(root))
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield PublicIndex(f"http://127.0.0.1:{server.server_port}/simple/", seen)
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Computer:
    """Somebody's computer: a home, and a virtual environment whose pip is the first on the path."""

    home: Path
    environment: Path

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts" if os.name == "nt" else "bin") / "python"

    @property
    def variables(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.python.parent), os.defpath, "/usr/bin", "/bin"])
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "LANG") if name in os.environ}
        return {**kept, "HOME": str(self.home), "USERPROFILE": str(self.home), "PATH": path}

    @property
    def pip_conf(self) -> Path:
        return self.home / ".config" / "pip" / "pip.conf"

    def pip(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "pip", "--disable-pip-version-check", *arguments, **variables)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.python), *arguments],
            env={**self.variables, **variables},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="session")
def first_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a virtual environment with a pip, which takes seconds to make; nobody may change it."""
    environment = tmp_path_factory.mktemp("first") / "environment"
    venv.create(environment, with_pip=True, symlinks=os.name != "nt")
    return environment


@pytest.fixture
def computer(own_home: Path, tmp_path: Path, first_environment: Path) -> Computer:
    """Return the test's own computer."""
    environment = tmp_path / "environment"
    if os.name == "nt":  # programs there hold the path of their Python out of our reach
        venv.create(environment, with_pip=True)
    else:
        copy_environment(first_environment, environment)
    return Computer(own_home, environment)


def copy_environment(first: Path, environment: Path) -> None:
    """Make another virtual environment like one; its programs run its own Python."""
    shutil.copytree(first, environment, symlinks=True)
    for program in (environment / "bin").iterdir():
        if not program.is_symlink():
            program.write_bytes(program.read_bytes().replace(bytes(first), bytes(environment)))


@pytest.fixture
def eventually() -> Eventually:
    """Return a function that waits for a condition, and fails after a while."""

    def wait(condition: Callable[[], bool], seconds: float = 20.0, told: str = "it never came true") -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, told
            time.sleep(0.01)

    return wait


@pytest.fixture
def free_port() -> int:
    """Return a port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def screen(need_tool: Callable[[str], str], own_home: Path, tmp_path: Path) -> Iterator[Screen]:
    """Return a virtual screen with a window manager."""
    variables = {
        "HOME": str(own_home),
        "CHEESEBOARD_HOME": os.environ["CHEESEBOARD_HOME"],
        "PATH": os.environ["PATH"],
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    with virtual_screen(need_tool, variables) as screen:
        yield screen


@dataclass(frozen=True)
class Process:
    """A Cheeseboard that runs beside the test."""

    running: "subprocess.Popen[str]"

    def first_line(self) -> str:
        assert self.running.stdout is not None
        return self.running.stdout.readline()


@pytest.fixture
def start_cheeseboard(computer: Computer) -> Iterator[Callable[..., Process]]:
    """Return a function that starts ``python -m cheeseboard`` with arguments."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, environment: Mapping[str, str] | None = None) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-m", "cheeseboard", *arguments],
            env={
                **computer.variables,
                "CHEESEBOARD_HOME": os.environ["CHEESEBOARD_HOME"],
                **(environment or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return Process(process)

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@pytest.fixture
def cheeseboard(computer: Computer) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Return a function that runs ``python -m cheeseboard`` to its end."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cheeseboard", *arguments],
            env={**computer.variables, "CHEESEBOARD_HOME": os.environ["CHEESEBOARD_HOME"]},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run
