"""The setup line: copied in the window, pasted on a colleague's computer, and their pip looks here."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.builders import build_wheel, wheel_filename
from tests.desktop.drags import Drag
from tests.end_to_end.conftest import PublicIndex

from cheeseboard.clients.join import join_line, make_join_script
from cheeseboard.desktop.application import dress
from cheeseboard.desktop.look.theme import Scheme
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.locations import find_locations
from cheeseboard.service import Service
from cheeseboard.tls.authority import open_authority

WAIT = 60_000  # milliseconds; an upper bound, not a measurement
PIPS = ("23", "26")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the line for Windows is copied by another button")


@pytest.fixture(scope="session")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that makes a clean environment with a pip of that year, once."""
    made: dict[str, Path] = {}
    uv = str(Path(sys.executable).with_name("uv"))
    variables = dict(os.environ)  # as they were before a test gave itself others: where pips come from

    def make(year: str) -> Path:
        if year not in made:
            place = tmp_path_factory.mktemp("colleague") / f"pip-{year}"
            python = str(place / "bin" / "python")
            for command in (
                [uv, "venv", "-q", "-p", sys.executable, str(place)],
                [uv, "pip", "install", "-q", "-p", python, f"pip=={year}.*"],
            ):
                subprocess.run(command, check=True, env=variables)
            made[year] = place
        return made[year]

    return make


class Colleague:
    """Somebody else's computer: a home, and a clean environment that is switched on."""

    def __init__(self, home: Path, environment: Path) -> None:
        self.home = home
        self._variables = {
            "HOME": str(home),
            "PATH": f"{environment / 'bin'}:/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "VIRTUAL_ENV": str(environment),
        }

    @property
    def pip_conf(self) -> Path:
        return self.home / ".config" / "pip" / "pip.conf"

    def paste(self, line: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", "-c", line],
            env=self._variables,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.home.rglob("*") if path.is_file()}


@pytest.fixture
def colleague(tmp_path: Path, environments: Callable[[str], Path]) -> Callable[[str], Colleague]:
    """Return a function that gives a colleague with that pip."""

    def make(year: str = PIPS[0]) -> Colleague:
        home = tmp_path / "colleague"
        home.mkdir()
        return Colleague(home, environments(year))

    return make


@pytest.fixture
def window(own_home: Path, qtbot: QtBot, qapp: QApplication, free_port: int) -> Iterator[MainWindow]:
    service = Service(find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")}), dict(os.environ))
    # No name that only a network with multicast DNS could tell: the line names an address.
    service.change_settings(port=free_port, announce=False)
    jobs = Jobs()
    window = MainWindow(service, jobs, dress(qapp, Scheme.LIGHT), lambda _path: None)
    qtbot.addWidget(window)
    window.show()
    window.start()
    yield window
    window.bridge.close()
    jobs.close()
    service.close()


def copied_line(qtbot: QtBot, window: MainWindow) -> str:
    """Serve on the network and press *Copy setup line*."""
    qtbot.waitUntil(window.share.serve.isVisible, timeout=WAIT)
    window.share.serve.click()
    qtbot.waitUntil(window.share.setup.isVisible, timeout=WAIT)
    window.share.setup.click()
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Setup line copied."), timeout=WAIT)
    return QGuiApplication.clipboard().text()


@pytest.mark.parametrize("year", PIPS)
def test_check_27_the_copied_line_lets_a_clean_environment_install_from_here_and_the_public_index(
    window: MainWindow,
    qtbot: QtBot,
    colleague: Callable[[str], Colleague],
    public_index: PublicIndex,
    tmp_path: Path,
    year: str,
) -> None:
    wheel = tmp_path / wheel_filename("acme-core", "7.0.1")
    wheel.write_bytes(build_wheel("acme-core", "7.0.1", requires_dist=["public-dependency>=2"]))
    Drag(window, [wheel]).drop()
    qtbot.waitUntil(lambda: window.model.total == 1, timeout=WAIT)
    line = copied_line(qtbot, window)
    somebody = colleague(year)
    somebody.pip_conf.parent.mkdir(parents=True)
    before = f"# my own settings; keep them\n[global]\nindex-url = {public_index.url}\n".encode()
    somebody.pip_conf.write_bytes(before)

    joined = somebody.paste(line)
    assert joined.returncode == 0, joined.stdout + joined.stderr
    assert "Proven" in joined.stdout
    assert f"pip {year}." in somebody.paste("pip --version").stdout
    installed = somebody.paste("pip install --no-cache-dir acme-core")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    told = "import acme_core, public_dependency; print(acme_core.VERSION)"
    imported = somebody.paste(f"python -c '{told}'")

    assert imported.stdout.strip() == "7.0.1", imported.stderr
    assert any("public-dependency" in path for path in public_index.requests)
    assert somebody.paste(f"{line} --undo").returncode == 0
    assert somebody.pip_conf.read_bytes() == before


def test_check_28_a_line_with_another_fingerprint_writes_nothing(
    window: MainWindow, qtbot: QtBot, colleague: Callable[[], Colleague]
) -> None:
    line = copied_line(qtbot, window)
    (fingerprint,) = re.findall(r"[0-9a-f]{64}", line)
    wrong = line.replace(fingerprint, fingerprint[:-1] + ("0" if fingerprint[-1] != "0" else "1"))
    somebody = colleague()

    answer = somebody.paste(wrong)

    assert answer.returncode == 1
    assert "Nothing was written." in answer.stderr
    assert "Traceback" not in answer.stderr
    assert somebody.files() == {}


def test_check_28_a_line_for_another_authority_writes_nothing_here(
    window: MainWindow, qtbot: QtBot, colleague: Callable[[], Colleague], tmp_path: Path
) -> None:
    copied_line(qtbot, window)
    other = open_authority(tmp_path / "other", now=datetime.now(UTC), host_names=["ada-laptop"])
    script = make_join_script(name="packages", ca_pem=other.certificate_pem, ca_sha256=other.sha256)
    somebody = colleague()

    answer = somebody.paste(join_line(window.share.address, script))

    assert answer.returncode == 1
    assert "Nothing was written." in answer.stderr
    assert somebody.files() == {}
