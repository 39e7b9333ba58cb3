"""Races and odd hands: what a hostile reviewer found, each kept from coming back."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import build_wheel, wheel_filename, write_wheel

from cheeseboard.errors import RefusalReason
from cheeseboard.events import Way
from cheeseboard.repository.intake import Accepted, Conflict, Identical, Rejected
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.repository.store import Store

NAME = wheel_filename("acme-core", "1.0")


def put(folder: Path, relative: str, content: bytes) -> Path:
    path = folder / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def names(repository: Repository) -> list[str]:
    return sorted(file.filename for file in repository.snapshot.files())


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_file_name_that_is_no_utf8_holds_nothing_up(repository: Repository) -> None:
    Path(os.fsdecode(os.fsencode(repository.folder) + b"/bad\xff.whl")).write_bytes(b"x")
    put(repository.folder, NAME, build_wheel())
    os.utime(os.fsencode(repository.folder) + b"/bad\xff.whl", (1_700_000_000, 1_700_000_000))
    repository.scan()
    repository.scan()
    assert names(repository) == [NAME]
    assert len(repository.foreign_files) == 1


def test_a_file_that_vanishes_between_judge_and_commit_holds_no_other_up(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = put(repository.folder, wheel_filename("victim", "1.0"), build_wheel("victim"))
    put(repository.folder, NAME, build_wheel())
    real_place = Store.place

    def place(store: Store, staged: Path, project: str, filename: str) -> object:
        if project == "victim":
            victim.unlink()
        return real_place(store, staged, project, filename)

    monkeypatch.setattr(Store, "place", place)
    repository.scan()
    assert names(repository) == [NAME]


def test_one_file_that_cannot_be_moved_holds_no_other_up(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(repository.folder, wheel_filename("stuck", "1.0"), build_wheel("stuck"))
    put(repository.folder, NAME, build_wheel())
    real_chmod = Path.chmod

    def chmod(path: Path, mode: int) -> None:
        if path.name.startswith("stuck"):
            raise PermissionError(1, "Operation not permitted", str(path))
        real_chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", chmod)
    if repository.scan() is not None:  # the good one was moved, then the group failed: found in its place
        repository.scan()
    assert names(repository) == [NAME]
    assert [file.path.name for file in repository.foreign_files] == [wheel_filename("stuck", "1.0")]


def test_a_case_twin_in_the_projects_own_directory_does_not_take_the_place(
    repository: Repository, outside: Path
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    twin = put(
        repository.folder,
        "acme-core/ACME_CORE-1.0-py3-none-any.whl",
        build_wheel(dist_info="ACME_CORE-1.0.dist-info"),
    )
    repository.scan()
    assert names(repository) == [NAME]
    twin.unlink()
    repository.scan()
    assert names(repository) == [NAME]


def test_a_quarantined_project_stays_so_when_its_files_come_back(
    repository: Repository, outside: Path
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    (project,) = repository.snapshot.projects.values()
    repository.set_project_status(
        project.name, ProjectStatus.QUARANTINED, "bad", Way.DROP, display_name="ACME!"
    )
    repository.set_project_status(project.name, ProjectStatus.QUARANTINED, "worse", Way.DROP)
    removal = repository.remove(project.files, Way.DROP)
    assert repository.snapshot.projects == {}
    repository.restore(removal, Way.DROP)
    (project,) = repository.snapshot.projects.values()
    assert (project.status, project.status_reason) == (ProjectStatus.QUARANTINED, "worse")
    assert project.display_name == "ACME!"


def test_replacing_in_an_archived_project_leaves_what_is_there(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    repository.add([wheel], Way.DROP)
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    (conflict,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(conflict, Conflict)
    repository.set_project_status(conflict.existing.project, ProjectStatus.ARCHIVED, "", Way.DROP)
    outcome, removal = repository.replace(conflict, Way.DROP)
    assert isinstance(outcome, Rejected)
    assert removal.rows == ()
    assert names(repository) == [NAME]


def test_trash_of_a_lost_catalog_and_of_the_new_one_do_not_meet(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository]
) -> None:
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted
    repository.remove([accepted.file], Way.DROP)
    repository.close()
    for path in (repository.folder / ".cheeseboard").glob("catalog.sqlite3*"):
        path.unlink()
    again = open_repository()
    other = outside / NAME
    other.write_bytes(build_wheel(summary="other"))
    (accepted,) = again.add([other], Way.DROP).accepted
    removal = again.remove([accepted.file], Way.DROP)
    assert not again.path_of(accepted.file).exists()
    (outcome,) = again.restore(removal, Way.DROP)
    assert isinstance(outcome, Accepted)
    assert again.path_of(outcome.file).read_bytes() == other.read_bytes()


def test_a_new_file_in_the_place_of_a_removed_one_is_not_taken_for_it_at_the_next_start(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository]
) -> None:
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted
    repository.remove([accepted.file], Way.DROP)
    for path in (repository.folder / ".cheeseboard/trash").iterdir():
        path.unlink()
    repository.close()
    content = build_wheel(summary="new")
    put(repository.folder, f"acme-core/{NAME}", content)
    again = open_repository()
    again.scan()
    (file,) = again.snapshot.files()
    assert again.path_of(file).read_bytes() == content


def test_a_trashed_file_that_was_tampered_with_does_not_come_back(
    repository: Repository, outside: Path
) -> None:
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted
    removal = repository.remove([accepted.file], Way.DROP)
    (trashed,) = (repository.folder / ".cheeseboard/trash").iterdir()
    trashed.write_bytes(build_wheel(summary="tampered"))
    (outcome,) = repository.restore(removal, Way.DROP)
    assert isinstance(outcome, Rejected)
    assert names(repository) == []


def test_nothing_is_written_through_a_projects_directory_that_is_a_link(
    repository: Repository, outside: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (repository.folder / "acme-core").symlink_to(elsewhere, target_is_directory=True)
    (outcome,) = repository.add([write_wheel(outside)], Way.DROP).outcomes
    assert isinstance(outcome, Rejected)
    assert list(elsewhere.iterdir()) == []


def test_what_we_know_of_a_folder_can_be_deleted_while_it_is_open(
    open_repository: Callable[..., Repository], outside: Path, eventually: Callable[..., None]
) -> None:
    import shutil

    repository = open_repository(watch=True)
    repository.add([write_wheel(outside)], Way.DROP)
    shutil.rmtree(repository.folder / ".cheeseboard")
    eventually((repository.folder / ".cheeseboard/catalog.sqlite3").exists)
    eventually(lambda: repository.problem is None and names(repository) == [NAME])


def test_a_damaged_file_from_the_future_is_listed_like_any_other(repository: Repository) -> None:
    path = put(repository.folder, NAME, b"PK\x03\x04")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    repository.scan()
    import time

    time.sleep(0.25)  # the second look of a file that is not old
    repository.scan()
    assert [file.path.name for file in repository.foreign_files] == [NAME]


def test_a_yank_holds_for_the_bytes_that_were_seen(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    (accepted,) = repository.add([wheel], Way.DROP).accepted
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    (conflict,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(conflict, Conflict)
    repository.replace(conflict, Way.DROP)
    repository.yank([accepted.file], "the old one", Way.DROP)
    (file,) = repository.snapshot.files()
    assert file.yanked is None
    assert isinstance(repository.add([wheel], Way.DROP).outcomes[0], Identical)


def test_a_directory_too_deep_to_look_into_is_reported_until_it_is_gone(repository: Repository) -> None:
    deepest = "/".join(f"level-{number}" for number in range(1, 9))
    put(repository.folder, f"{deepest}/{wheel_filename('last', '1.0')}", build_wheel("last"))
    hidden = put(repository.folder, f"{deepest}/level-9/{NAME}", build_wheel())
    repository.scan()
    repository.scan()
    assert names(repository) == [wheel_filename("last", "1.0")]
    assert hidden.exists()
    [foreign] = repository.foreign_files
    assert foreign.path == hidden.parent
    assert foreign.refusal.reason is RefusalReason.TOO_DEEP
    hidden.unlink()
    hidden.parent.rmdir()
    repository.scan()
    assert repository.foreign_files == ()


def test_a_reason_that_is_no_text_is_kept_written_out(repository: Repository, outside: Path) -> None:
    repository.add([write_wheel(outside, "acme")], Way.DROP)
    project = NormalizedName("acme")
    repository.yank(repository.snapshot.projects[project].files, "bad \udcff", Way.COMMAND_LINE)
    repository.set_project_status(project, ProjectStatus.ARCHIVED, "old \udcff", Way.COMMAND_LINE)
    found = repository.snapshot.projects[project]
    assert (found.files[0].yanked, found.status_reason) == ("bad \\udcff", "old \\udcff")
