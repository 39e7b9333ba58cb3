"""A disk that is full, fails, or may not be written to: the reason is told, nothing is half visible."""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.builders import write_wheel

from cheeseboard.errors import FolderReadOnly, RepositoryError, StorageFailed, StorageFull
from cheeseboard.events import EventBus, Way
from cheeseboard.repository.intake import Accepted
from cheeseboard.repository.repository import Repository

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux' mounts and errors")


def whole(repository: Repository) -> list[str]:
    """Return what is listed, having checked that every listed file is there with its hash."""
    for file in repository.snapshot.files():
        content = repository.path_of(file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
    staging = repository.folder / ".cheeseboard/staging"
    assert [p.name for p in staging.rglob("*") if p.is_file()] == ["owner.lock"]
    return sorted(file.filename for file in repository.snapshot.files())


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    repository = Repository(tmp_path / "packages", EventBus())
    yield repository
    repository.close()


@pytest.fixture
def wheels(tmp_path: Path) -> list[Path]:
    source = tmp_path / "source"
    source.mkdir()
    return [write_wheel(source, f"project-{number}") for number in range(3)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(errno.ENOSPC, StorageFull), (errno.EIO, StorageFailed), (errno.EROFS, FolderReadOnly)],
)
@pytest.mark.parametrize("call", ["os.fsync", "os.link", "os.chmod"])
def test_an_error_at_any_step_of_an_intake_is_told_and_the_next_one_goes_well(
    repository: Repository,
    wheels: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    expected: type[RepositoryError],
    call: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(call, fail)
        with pytest.raises(expected) as caught:
            repository.add(wheels, Way.DROP)
    assert str(repository.folder) in str(caught.value)
    assert whole(repository) == []
    assert [path.name for path in repository.folder.iterdir() if path.name != ".cheeseboard"] == []
    assert len(repository.add(wheels, Way.DROP).accepted) == 3


@pytest.fixture
def small_disk(mount_disk: Callable[[str], Path]) -> Path:
    return mount_disk("1m")


def test_a_full_disk_is_told_serves_on_and_recovers_when_there_is_room(
    small_disk: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    noise = os.urandom(1 << 18)
    wheels = [write_wheel(source, f"project-{n}", modules={"noise.bin": noise}) for n in range(6)]
    repository = Repository(small_disk / "packages", EventBus())
    with pytest.raises(StorageFull, match="the disk is full"):
        repository.add(wheels, Way.DROP)
    before = whole(repository)
    assert len(before) < 6
    victims = list(repository.snapshot.files())
    if victims:
        repository.remove(victims[:1], Way.DROP)
        repository.empty_trash(keep_days=0)
    (outcome,) = repository.add([write_wheel(source, "small-one")], Way.DROP).outcomes
    assert isinstance(outcome, Accepted)
    repository.close()


def test_a_folder_on_a_disk_that_became_read_only_is_told(small_disk: Path, wheels: list[Path]) -> None:
    repository = Repository(small_disk / "packages", EventBus())
    repository.add(wheels[:1], Way.DROP)
    # A second, read-only mount over the first: the catalog stays open as it was.
    subprocess.run(["mount", "--bind", str(small_disk), str(small_disk)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(small_disk)], check=True)
    with pytest.raises(FolderReadOnly):
        repository.add(wheels[1:], Way.DROP)
    assert [file.filename for file in repository.snapshot.files()] == [wheels[0].name]
    subprocess.run(["umount", "-l", str(small_disk)], check=True)
    assert len(repository.add(wheels[1:], Way.DROP).accepted) == 2
    repository.close()


def test_an_unmounted_disk_is_a_missing_folder_and_comes_back_with_everything(
    small_disk: Path, wheels: list[Path], tmp_path: Path
) -> None:
    import time

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    elsewhere = tmp_path / "elsewhere"
    folder = small_disk / "packages"
    repository = Repository(folder, EventBus())
    repository.start()
    repository.add(wheels, Way.DROP)
    shutil.copytree(folder, elsewhere)
    subprocess.run(["umount", "-l", str(small_disk)], check=True)
    folder.mkdir()  # an empty directory under the mount point is no repository
    wait(lambda: not repository.available)
    assert repository.snapshot.file_count == 3
    folder.rmdir()
    shutil.copytree(elsewhere, folder)  # the same repository, on another disk
    wait(lambda: repository.available)
    wait(lambda: repository.snapshot.file_count == 3)
    assert whole(repository) == sorted(wheel.name for wheel in wheels)
    repository.close()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(small_disk)], check=True)


def test_another_repository_in_the_folders_place_is_shown(repository: Repository, wheels: list[Path]) -> None:
    import time

    other = Repository(repository.folder.with_name("other"), EventBus())
    other.add(wheels[2:], Way.DROP)
    other.close()
    repository.add(wheels[:2], Way.DROP)
    repository.start()
    repository.folder.rename(repository.folder.with_name("away"))
    other.folder.rename(repository.folder)
    deadline = time.monotonic() + 20
    while [file.filename for file in repository.snapshot.files()] != [wheels[2].name]:
        assert time.monotonic() < deadline
        time.sleep(0.01)
