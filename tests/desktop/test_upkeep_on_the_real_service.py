"""*Keep in order* on the real service: a real folder, real files, nothing faked (issue 7, point 4)."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name
from pytestqt.qtbot import QtBot
from tests.builders import write_wheel

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.upkeep.upkeep_page import UpkeepPage
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.service import Service

SOON_MS = 15_000
VERSIONS = ("1.0", "1.1", "2.0")


@pytest.fixture
def service(own_home: Path) -> Iterator[Service]:
    made = Service(find_locations(os.environ), dict(os.environ))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        made.change_settings(port=probe.getsockname()[1])
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, service: Service, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on three releases of one project."""
    jobs = Jobs()
    made = MainWindow(service, jobs, theme, lambda path: None)
    qtbot.addWidget(made)
    made.resize(1040, 760)
    made.show()
    made.start()
    qtbot.waitUntil(lambda: service.opened and not jobs.busy, timeout=SOON_MS)
    dist = tmp_path / "dist"
    dist.mkdir()
    with qtbot.waitSignal(made.intake.settled, timeout=SOON_MS):
        made.intake.add([write_wheel(dist, "acme-core", version) for version in VERSIONS])
    qtbot.waitUntil(lambda: made.model.total == 1, timeout=SOON_MS)
    made.open_upkeep()
    yield made
    made.close()
    jobs.close()


@pytest.fixture
def page(window: MainWindow) -> UpkeepPage:
    return window.sides.upkeep


def placed(service: Service, version: str) -> Path:
    return service.folder / "acme-core" / f"acme_core-{version}-py3-none-any.whl"


def contents(service: Service) -> dict[str, bytes]:
    return {file.filename: service.path_of(file).read_bytes() for file in service.snapshot.files()}


def test_a_check_finds_the_one_file_that_the_disk_changed(
    qtbot: QtBot, page: UpkeepPage, service: Service
) -> None:
    path = placed(service, "1.1")
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    page.check.check.click()

    qtbot.waitUntil(page.check.findings.isVisible, timeout=SOON_MS)
    (sentence,) = page.check.findings.sentences
    assert sentence.startswith(f"{path.name} is not what it was")
    assert path.exists()
    assert path.name not in contents(service)
    assert (service.activity()[0].act, service.activity()[0].way) == ("changed", Way.DROP)


def test_a_check_of_sound_files_says_all_is_well_and_remembers_the_date(
    qtbot: QtBot, page: UpkeepPage, service: Service
) -> None:
    page.check.check.click()

    qtbot.waitUntil(page.check.said.isVisible, timeout=SOON_MS)
    assert page.check.said.text.text().startswith("All well: 3 files read")
    assert service.upkeep.last_check is not None
    assert page.check.last.text() == "Last checked: Just now"


def test_old_releases_go_as_previewed_and_come_back_byte_for_byte(
    qtbot: QtBot, window: MainWindow, page: UpkeepPage, service: Service
) -> None:
    before = contents(service)
    page.retention.count.setText("1")
    page.retention.by_count.click()
    qtbot.waitUntil(page.retention.trash.isEnabled, timeout=SOON_MS)
    assert {each.file.version for each in page.retention.chosen()} == {"1.0", "1.1"}
    assert contents(service) == before

    page.retention.trash.click()
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Moved "), timeout=SOON_MS)
    assert {file.version for file in service.snapshot.files()} == {"2.0"}

    window.undo()
    qtbot.waitUntil(lambda: window.notices.sentence == "Restored 2 files.", timeout=SOON_MS)
    assert contents(service) == before


def test_a_backup_comes_back_into_an_empty_folder_and_is_opened(
    qtbot: QtBot, window: MainWindow, page: UpkeepPage, service: Service, tmp_path: Path
) -> None:
    before, old = contents(service), service.folder
    backup, folder = tmp_path / "all.cheeseboard.tar", tmp_path / "restored"
    folder.mkdir()
    page.backup.back_up_to(backup)
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Backed up 3 files"), timeout=SOON_MS)

    page.backup.restore_into(backup, folder)
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Restored 3 files"), timeout=SOON_MS)
    window.notices.buttons()[0].click()
    qtbot.waitUntil(lambda: service.folder == folder and service.opened, timeout=SOON_MS)

    qtbot.waitUntil(
        lambda: service.snapshot.file_count == len(before) and contents(service) == before, timeout=SOON_MS
    )
    assert placed(service, "2.0").exists()
    assert (old / "acme-core").is_dir()


def test_a_backup_overwrites_nothing_and_a_full_folder_takes_none(
    qtbot: QtBot, window: MainWindow, page: UpkeepPage, service: Service, tmp_path: Path
) -> None:
    there = tmp_path / "there.tar"
    there.write_bytes(b"mine")
    page.backup.back_up_to(there)
    qtbot.waitUntil(lambda: "overwrites nothing" in window.notices.sentence, timeout=SOON_MS)
    assert there.read_bytes() == b"mine"

    page.backup.restore_into(there, service.folder)
    qtbot.waitUntil(lambda: "replaces nothing" in window.notices.sentence, timeout=SOON_MS)


def test_a_plain_folder_is_told_of_then_taken_in_and_taken_back_as_one(
    qtbot: QtBot, window: MainWindow, page: UpkeepPage, service: Service, tmp_path: Path
) -> None:
    other = tmp_path / "other-server"
    other.mkdir()
    originals = {path: path.read_bytes() for path in (write_wheel(other, "acme-moved", v) for v in VERSIONS)}
    (other / "notes.txt").write_text("not ours")
    page.moving.look_at(other)
    qtbot.waitUntil(page.moving.take.isVisible, timeout=SOON_MS)
    assert "This is a folder of packages: 3 files" in page.moving.said.text.text()
    assert len(contents(service)) == 3

    page.moving.take.click()
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Added "), timeout=SOON_MS)
    assert canonicalize_name("acme-moved") in service.snapshot.projects
    assert {path: path.read_bytes() for path in originals} == originals
    assert {act.way for act in service.activity()} == {Way.DROP}

    window.undo()
    qtbot.waitUntil(lambda: service.snapshot.file_count == 3, timeout=SOON_MS)
