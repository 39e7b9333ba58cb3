"""*Why can't it install?* beside a real pip that looks at two indexes, ours and a public one (issue 6, 7)."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.builders import WHEEL_FILE, build_wheel, wheel_filename
from tests.end_to_end.conftest import Computer, PublicIndex

from cheeseboard.clients.plan import Mode
from cheeseboard.desktop.application import dress
from cheeseboard.desktop.look.theme import Scheme
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.distributions.compatibility import System
from cheeseboard.locations import find_locations
from cheeseboard.server.state import Serving
from cheeseboard.service import Service

WAIT = 60_000  # milliseconds; an upper bound, not a measurement
NEVER = "py2-none-any"


@dataclass(frozen=True)
class Case:
    """What both indexes have of one project: versions, or (version, tag)."""

    ours: tuple[str | tuple[str, str], ...]
    theirs: tuple[str | tuple[str, str], ...]


CASES = {
    "newer-there": Case(("1.0",), ("2.0",)),
    "older-there": Case(("2.0",), ("1.0",)),
    "only-here": Case(("1.0",), ()),
    "same-version": Case(("1.0",), ("1.0",)),
    "pre-release-there": Case(("1.0",), ("2.0rc1",)),
    "pre-release-here": Case(("2.0rc1",), ("1.0",)),
    "pre-releases-alone": Case(("2.0rc1",), ("2.0rc2",)),
    "nothing-fits-here": Case((("3.0", NEVER),), ("0.1",)),
    "newest-there-fits-not": Case(("1.0",), (("9.0", NEVER), "0.5")),
    "newest-here-fits-not": Case((("9.0", NEVER), "1.0"), ("2.0",)),
    "yanked-here": Case(("1.0",), ("0.5",)),
}


def write(directory: Path, name: str, versions: tuple[str | tuple[str, str], ...]) -> list[Path]:
    directory.mkdir(parents=True, exist_ok=True)
    made = []
    for one in versions:
        version, tag = one if isinstance(one, tuple) else (one, "py3-none-any")
        path = directory / wheel_filename(name, version, tag)
        told = WHEEL_FILE.replace(b"py3-none-any", tag.encode())
        path.write_bytes(build_wheel(name, version, wheel_file=told, requires_python=None))
        made.append(path)
    return made


@pytest.fixture
def service(
    computer: Computer, own_home: Path, free_port: int, public_index: PublicIndex, tmp_path: Path
) -> Iterator[Service]:
    """Return a repository in use as extra index, with a public one beside it."""
    for name, case in CASES.items():
        if case.theirs:
            write(tmp_path / "public" / "simple" / name, name, case.theirs)
    computer.pip_conf.parent.mkdir(parents=True)
    computer.pip_conf.write_text(f"[global]\nindex-url = {public_index.url}\n")
    service = Service(find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")}), computer.variables)
    service.change_settings(port=free_port)
    yield service
    service.close()


@pytest.fixture
def window(service: Service, qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    jobs = Jobs()
    window = MainWindow(service, jobs, dress(qapp, Scheme.LIGHT), lambda _path: None)
    qtbot.addWidget(window)
    window.show()
    window.start()
    qtbot.waitUntil(lambda: isinstance(service.sharing.server_state, Serving), timeout=WAIT)
    with qtbot.waitSignal(window.intake.settled, timeout=WAIT):
        window.intake.add(
            [path for name, case in CASES.items() for path in write(tmp_path / "dist", name, case.ours)]
        )
    service.yank(service.snapshot.projects[canonicalize_name("yanked-here")].files, "wrong")
    service.clients.apply(service.clients.plan_use("pip", mode=Mode.EXTRA))
    yield window
    window.bridge.close()
    jobs.close()


def pips_choices(computer: Computer) -> dict[str, tuple[str, str]]:
    """Return host and file name of what a real pip would install, by project."""
    arguments = ["install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet", "--report", "-"]
    done = computer.pip(*arguments, *CASES)
    assert done.returncode == 0, done.stderr
    found = {}
    for item in json.loads(done.stdout)["install"]:
        host, _, rest = str(item["download_info"]["url"]).partition("://")[2].partition("/")
        found[str(item["metadata"]["name"])] = (host.partition(":")[0], rest.rpartition("/")[2])
    return found


def test_the_page_names_what_pip_takes_of_two_indexes(
    qtbot: QtBot, window: MainWindow, service: Service, computer: Computer
) -> None:
    page = window.sides.why
    window.explain(service.snapshot.projects[canonicalize_name("newer-there")])
    page.system.setCurrentIndex(page.system.findData(System.LINUX_X86_64.value))
    page.names.ask.click()
    qtbot.waitUntil(lambda: window.check.now.done, timeout=4 * WAIT)
    choices = pips_choices(computer)
    assert set(choices) == set(CASES)
    assert {host for host, _ in choices.values()} == {"localhost", "127.0.0.1"}, "both indexes must win some"

    wrong = {}
    for name in CASES:
        window.explain(service.snapshot.projects[canonicalize_name(name)])
        qtbot.waitUntil(lambda: not window._jobs.busy, timeout=WAIT)
        said, (host, file) = page.result.text.text(), choices[name]
        version = file.split("-")[1]
        if name == "same-version":
            right = (
                said == f"pip takes {file}, or {version} from 127.0.0.1: of equal versions, it takes either."
            )
        elif host == "localhost":
            right = said == f"pip takes {file}."
        else:
            right = said.startswith(f"pip takes {version} from 127.0.0.1")
        if not right:
            wrong[name] = (said, host, file)

    assert wrong == {}
