"""On a disk that other machines change too no event tells of it: there the folder is looked at regularly."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import write_wheel

from cheeseboard.repository.mounts import tells_of_changes
from cheeseboard.repository.repository import Repository

LOCAL = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw"


@pytest.fixture
def mounted(tmp_path: Path) -> Callable[..., bool]:
    """Return a function that tells whether changes in a folder are told, given the lines of mounts."""

    def told(folder: Path, *lines: str) -> bool:
        mounts = tmp_path / "mountinfo"
        mounts.write_text("\n".join([LOCAL, *lines]) + "\n")
        return tells_of_changes(folder, mounts)

    return told


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "9p", "fuse.sshfs", "vboxsf"])
def test_a_shared_disk_does_not_tell(mounted: Callable[..., bool], tmp_path: Path, kind: str) -> None:
    assert not mounted(tmp_path / "packages", f"40 27 0:41 / {tmp_path} rw shared:7 - {kind} server:/x rw")


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "tmpfs", "fuseblk", "overlay"])
def test_a_disk_of_this_machine_tells(mounted: Callable[..., bool], tmp_path: Path, kind: str) -> None:
    assert mounted(tmp_path / "packages", f"40 27 0:41 / {tmp_path} rw - {kind} /dev/vdb rw")


def test_the_deepest_and_last_mount_counts(mounted: Callable[..., bool], tmp_path: Path) -> None:
    network = f"40 27 0:41 / {tmp_path} rw - nfs4 server:/x rw"
    local = f"41 40 254:1 / {tmp_path}/packages rw - ext4 /dev/vdb rw"
    assert mounted(tmp_path / "packages", network, local)
    assert mounted(tmp_path / "packages", local, network)
    assert not mounted(tmp_path / "packages-beside", network, local)
    assert not mounted(tmp_path / "packages", local, local.replace("ext4", "cifs"))


def test_a_mount_point_with_a_space_is_found(mounted: Callable[..., bool], tmp_path: Path) -> None:
    point = str(tmp_path / "my disk").replace(" ", "\\040")
    assert not mounted(tmp_path / "my disk/packages", f"40 27 0:41 / {point} rw - nfs server:/x rw")


def test_a_system_that_says_nothing_is_taken_for_one_that_tells(tmp_path: Path) -> None:
    assert tells_of_changes(tmp_path, tmp_path / "no-such-file")


def test_a_folder_on_a_shared_disk_is_looked_at_regularly(
    open_repository: Callable[..., Repository],
    eventually: Callable[[Callable[[], bool]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cheeseboard.repository.watch.tells_of_changes", lambda _: False)
    # As on a shared disk, nobody is told of what happens there.
    monkeypatch.setattr("cheeseboard.repository.watch._Handler.on_any_event", lambda *_: None)
    repository = open_repository(watch=True)
    eventually(lambda: repository.scanned)
    write_wheel(repository.folder)
    eventually(lambda: repository.snapshot.file_count == 1)
