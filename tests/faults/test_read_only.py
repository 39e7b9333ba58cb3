"""A folder that is read-only from the start: what is known of it is shown and served, nothing is written."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from tests.builders import build_wheel, write_wheel
from tests.faults.test_uploads import serve
from tests.server.waiting import wait_until

from cheeseboard.errors import FolderReadOnly
from cheeseboard.events import EventBus, Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.opened import OpenedFolder, open_folder
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.schema import SCHEMA_VERSION
from cheeseboard.service import Service

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux' mounts")


@pytest.fixture
def disk(mount_disk: Callable[[str], Path]) -> Path:
    return mount_disk("8m")


def forbid(disk: Path) -> None:
    """Let nobody write to a disk, root neither."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def allow(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


@pytest.fixture
def folder(disk: Path, tmp_path: Path) -> Path:
    """A repository of two projects, closed; the disk can still be written to."""
    source = tmp_path / "source"
    source.mkdir()
    with closing(Repository(disk / "packages", EventBus())) as repository:
        batch = repository.add([write_wheel(source, "acme-core"), write_wheel(source, "acme-geo")], Way.DROP)
        repository.yank([batch.accepted[1].file], "broken", Way.DROP)
    return disk / "packages"


def cheeseboard(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cheeseboard", *words],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", None)
    return place


def test_it_is_listed_and_what_would_change_it_is_refused_in_plain_words(
    own_home: Path, own_temporary: Path, disk: Path, folder: Path, tmp_path: Path
) -> None:
    wheel = write_wheel(tmp_path, "acme-new")
    forbid(disk)

    listed = cheeseboard("list", "--folder", str(folder))
    assert listed.returncode == 0
    assert "acme-core" in listed.stdout
    assert "acme-geo" in listed.stdout
    (line,) = listed.stderr.splitlines()
    assert f"The managed folder {folder} is read-only: " in line
    assert line.endswith("Make it writable to add files.")

    backup = tmp_path / "packages.cheeseboard.tar"
    saved = cheeseboard("backup", "--folder", str(folder), str(backup))
    assert (saved.returncode, backup.exists()) == (0, True), saved
    checked = cheeseboard("check", "--folder", str(folder))
    assert checked.returncode == 0, checked

    for words in (
        ("add", str(wheel)),
        ("remove", "acme-core"),
        ("yank", "acme-core", "--reason", "broken"),
    ):
        done = cheeseboard(words[0], "--folder", str(folder), *words[1:])
        assert done.returncode == 3, done
        assert done.stderr.splitlines()[-1] == (
            f"Nothing was changed: the managed folder {folder} is read-only."
        )
    assert list(own_temporary.iterdir()) == []


def test_it_is_served_and_comes_back_by_itself_once_it_can_be_written_to(
    own_home: Path, disk: Path, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    forbid(disk)
    service = Service(find_locations(os.environ), os.environ, folder=folder)
    try:
        service.open()
        uploader = serve(service)
        page = uploader.client.get("/simple/acme-geo/")
        assert page.status == 200
        assert '"yanked":"broken"' in page.text
        (listed,) = json.loads(uploader.client.get("/simple/acme-core/").text)["files"]
        served = uploader.client.get(urlsplit(urljoin("/simple/acme-core/", listed["url"])).path)
        assert (served.status, served.body) == (200, build_wheel("acme-core"))
        assert uploader.client.get("/simple/nothing/").status == 404

        reply = uploader.upload_wheel("acme-new")
        assert reply.status == 503
        assert "can't be written to" in reply.text
        wait_until(lambda: service.opened)
        service.rescan()
        assert isinstance(service.folder_problem, FolderReadOnly)
        told = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
        assert [line.partition(":")[0] for line in told] == [
            f"The managed folder {folder} is read-only",
            "An upload could not be taken in",
        ]

        allow(disk)
        wait_until(lambda: service.folder_problem is None, 20)
        assert uploader.upload_wheel("acme-new").status == 200
        assert uploader.client.get("/simple/acme-new/").status == 200
    finally:
        service.close()


def test_where_only_an_attempt_tells_one_is_made_when_it_is_asked_for(
    disk: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cheeseboard.repository.read_only.can_write", lambda _layout: True)
    attempts: list[Path] = []

    def open_counted(place: Path, clock: Callable[[], int], *, thorough: bool = False) -> OpenedFolder:
        attempts.append(place)
        return open_folder(place, clock, thorough=thorough)

    monkeypatch.setattr("cheeseboard.repository.held.open_folder", open_counted)
    forbid(disk)
    with closing(Repository(folder, EventBus())) as repository:
        repository.start()
        wait_until(lambda: repository.scanned)
        repository.rescan()
        wait_until(lambda: len(attempts) == 2)
        allow(disk)
        repository.rescan()
        wait_until(lambda: repository.problem is None)
        assert len(attempts) == 3
        assert repository.snapshot.file_count == 2


def test_what_waits_in_the_write_ahead_log_is_not_missed(disk: Path, folder: Path, tmp_path: Path) -> None:
    crashed = tmp_path / "crashed"
    with closing(Catalog(folder / ".cheeseboard/catalog.sqlite3", folder)) as catalog:
        with catalog.writing() as writer:
            writer.decide_file("acme_core-1.0-py3-none-any.whl", yanked="late")
        # As a crash leaves it: closing would take the log over.
        shutil.copytree(folder, crashed)
    shutil.rmtree(folder)
    shutil.copytree(crashed, folder)
    assert (folder / ".cheeseboard/catalog.sqlite3-wal").stat().st_size > 0
    (folder / ".cheeseboard/catalog.sqlite3-shm").unlink()
    forbid(disk)

    with closing(Repository(folder, EventBus())) as repository:
        assert {file.project: file.yanked for file in repository.snapshot.files()} == {
            "acme-core": "late",
            "acme-geo": "broken",
        }


def test_without_a_catalog_what_lies_in_its_place_is_shown(disk: Path, folder: Path) -> None:
    shutil.rmtree(folder / ".cheeseboard")
    write_wheel(folder, "acme-flat")
    for path in folder.rglob("*.whl"):
        os.utime(path, (time.time() - 60, time.time() - 60))
    forbid(disk)

    with closing(Repository(folder, EventBus())) as repository:
        before = repository.available
        repository.scan()
        assert (before, repository.available) == (False, True)
        assert {file.project for file in repository.snapshot.files()} == {"acme-core", "acme-geo"}
        (flat,) = repository.foreign_files
        assert flat.refusal.detail == "Read-only file system"
        assert repository.scan() is None


def test_an_empty_mount_point_is_not_served_as_an_empty_index(disk: Path) -> None:
    forbid(disk)
    with pytest.raises(FolderReadOnly, match="the disk is read-only"):
        Repository(disk, EventBus())


def test_an_older_catalog_is_brought_up_to_date_in_the_copy(disk: Path, folder: Path) -> None:
    path = folder / ".cheeseboard/catalog.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE repository DROP COLUMN looked_through")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    before = path.read_bytes()
    forbid(disk)
    with closing(Repository(folder, EventBus())) as repository:
        assert repository.snapshot.file_count == 2
    assert path.read_bytes() == before


def test_a_duplicate_that_cannot_be_put_away_is_told_once(disk: Path, folder: Path) -> None:
    twin = folder / "acme_core-1.0-py3-none-any.whl"
    twin.write_bytes((folder / "acme-core" / twin.name).read_bytes())
    os.utime(twin, (time.time() - 60, time.time() - 60))
    forbid(disk)
    with closing(Repository(folder, EventBus())) as repository:
        repository.scan()
        assert [file.path for file in repository.foreign_files] == [twin]
        assert repository.snapshot.file_count == 2


def test_a_disk_that_is_taken_away_is_a_missing_folder(disk: Path, folder: Path) -> None:
    forbid(disk)
    with closing(Repository(folder, EventBus())) as repository:
        repository.start()
        subprocess.run(["umount", "-l", str(disk)], check=True)
        wait_until(lambda: not repository.available)
        assert repository.snapshot.file_count == 2
        assert not folder.exists()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(disk)], check=True)


def test_decisions_of_another_process_are_followed_where_one_may_only_read(
    disk: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The same disk a second time: to be read here, to be written there.
    view = tmp_path / "view"
    view.mkdir()
    subprocess.run(["mount", "--bind", str(disk), str(view)], check=True)
    monkeypatch.setattr("cheeseboard.repository.read_only._KEPT_SECONDS", 0.0)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(view)], check=True)
        with closing(Repository(view / "packages", EventBus())) as reading:
            reading.start()
            with closing(Repository(folder, EventBus())) as writing:
                files = [file for file in writing.snapshot.files() if file.project == "acme-core"]
                writing.yank(files, "withdrawn", Way.DROP)
                wait_until(
                    lambda: "withdrawn" in {file.yanked for file in reading.snapshot.files()},
                )
                assert isinstance(reading.problem, FolderReadOnly)
    finally:
        subprocess.run(["umount", "-l", str(view)], check=True)
