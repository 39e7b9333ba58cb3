"""What every test gets: a HOME and CHEESEBOARD_HOME of its own, no installer's or TLS variables."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.session_bus import running_bus

SCRUBBED_PREFIXES = ("PIP_", "UV_", "SSL_", "TWINE_", "POETRY_", "PDM_", "HATCH_", "XDG_", "CHEESEBOARD_")
SCRUBBED_NAMES = {
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "DBUS_SESSION_BUS_ADDRESS",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
}


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home of its own and take away what would steer pip, uv and TLS."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name in SCRUBBED_NAMES or name.startswith(SCRUBBED_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("CHEESEBOARD_HOME", str(home / "cheeseboard"))
    return home


@pytest.fixture(scope="session")
def need_tool() -> Callable[[str], str]:
    """Return a function that finds a program: absent, the test skips at home and fails in CI."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            if os.environ.get("CI") == "true":
                pytest.fail(f"{name} is not installed, and CI skips nothing")
            pytest.skip(f"{name} is not installed")
        return path

    return find


@pytest.fixture
def session_bus(need_tool: Callable[[str], str], tmp_path: Path) -> Iterator[str]:
    """Return the address of a D-Bus session bus of the test's own."""
    with running_bus(need_tool("dbus-daemon"), tmp_path) as address:
        yield address


@pytest.fixture
def mount_disk(tmp_path: Path, need_tool: Callable[[str], str]) -> Iterator[Callable[[str], Path]]:
    """Return a function that mounts a file system of some size ("1m"); needs the right to mount."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        place = tmp_path / "small"
        place.mkdir()
        words = [need_tool("mount"), "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(place)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            if os.environ.get("CI") == "true":
                pytest.fail(f"cannot mount a small disk: {done.stderr}")
            pytest.skip("cannot mount a small disk")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        while place.is_mount():  # also what a test put over it and did not come to take away
            subprocess.run([need_tool("umount"), "-l", str(place)], check=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud, in CI, when anything was skipped."""
    if os.environ.get("CI") == "true" and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI skips nothing, but tests were skipped", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the whole run in CI when a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = bool(reporter and reporter.stats.get("skipped"))
    if os.environ.get("CI") == "true" and skipped and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
