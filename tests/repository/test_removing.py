"""What leaves goes to the trash, and comes back byte for byte with what its owner had decided."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import build_wheel, write_wheel

from cheeseboard.events import Event, EventBus, FileRemoved, Way
from cheeseboard.repository.intake import Accepted, Conflict
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.store import Store


def test_a_removed_file_leaves_snapshot_and_place_and_lies_in_the_trash(
    repository: Repository, outside: Path, events: list[Event]
) -> None:
    wheel = write_wheel(outside)
    (accepted,) = repository.add([wheel], Way.DROP).accepted
    removal = repository.remove([accepted.file], Way.DROP)
    assert repository.snapshot.file_count == 0
    assert not (repository.folder / "acme-core").exists()
    (row,) = removal.rows
    assert (
        repository.folder / ".cheeseboard/trash" / f"{row.id}-{row.sha256[:12]}-{wheel.name}"
    ).read_bytes() == wheel.read_bytes()
    assert events[-1] == FileRemoved(wheel.name, "acme-core", "1.0", Way.DROP)


def test_restoring_brings_back_bytes_upload_time_and_yank(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    repository.add([wheel], Way.DROP)
    repository.yank(list(repository.snapshot.files()), "broken on Mondays", Way.DROP)
    (before,) = repository.snapshot.files()
    removal = repository.remove([before], Way.DROP)
    (outcome,) = repository.restore(removal, Way.DROP)
    assert isinstance(outcome, Accepted)
    (after,) = repository.snapshot.files()
    assert after == before
    assert after.yanked == "broken on Mondays"
    assert repository.path_of(after).read_bytes() == wheel.read_bytes()


def test_a_file_cannot_come_back_over_another_that_took_its_name(
    repository: Repository, outside: Path
) -> None:
    wheel = write_wheel(outside)
    (accepted,) = repository.add([wheel], Way.DROP).accepted
    removal = repository.remove([accepted.file], Way.DROP)
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    repository.add([wheel], Way.DROP)
    (outcome,) = repository.restore(removal, Way.DROP)
    assert isinstance(outcome, Conflict)
    (file,) = repository.snapshot.files()
    assert repository.path_of(file).read_bytes() == wheel.read_bytes()


def test_a_file_that_is_added_again_after_its_removal_keeps_its_upload_time(
    repository: Repository, outside: Path
) -> None:
    wheel = write_wheel(outside)
    (first,) = repository.add([wheel], Way.DROP).accepted
    repository.remove([first.file], Way.DROP)
    (second,) = repository.add([wheel], Way.DROP).accepted
    assert second.file.upload_time_us == first.file.upload_time_us


def test_removing_a_file_that_is_another_by_now_does_nothing(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    (accepted,) = repository.add([wheel], Way.DROP).accepted
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    (conflict,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(conflict, Conflict)
    repository.replace(conflict, Way.DROP)
    assert repository.remove([accepted.file], Way.DROP).rows == ()
    assert repository.snapshot.file_count == 1


def test_a_removal_that_a_crash_interrupted_is_finished_at_the_next_start(
    repository: Repository,
    outside: Path,
    open_repository: Callable[..., Repository],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted

    def crash(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Store, "to_trash", crash)
        with pytest.raises(KeyboardInterrupt):
            repository.remove([accepted.file], Way.DROP)
    repository.close()
    again = open_repository()
    again.scan()
    assert again.snapshot.file_count == 0
    assert not again.path_of(accepted.file).exists()
    assert len(list((again.folder / ".cheeseboard/trash").iterdir())) == 1


def test_an_undone_commit_leaves_nothing_in_the_folder(
    repository: Repository, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the catalog could not write")

    monkeypatch.setattr("cheeseboard.repository.writer.Writer.note", fail)
    with pytest.raises(RuntimeError):
        repository.add([write_wheel(outside)], Way.DROP)
    assert [path.name for path in repository.folder.iterdir()] == [".cheeseboard"]


def test_activity_tells_what_happened_to_which_file_and_by_which_way(
    repository: Repository, outside: Path
) -> None:
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted
    repository.remove([accepted.file], Way.COMMAND_LINE)
    acts = [(activity.act, activity.filename, activity.way) for activity in repository.activity()]
    name = accepted.file.filename
    assert acts == [("removed", name, Way.COMMAND_LINE), ("added", name, Way.DROP)]


def test_activity_forgets_the_oldest_acts(
    repository: Repository, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cheeseboard.repository.writer._ACTIVITY_KEPT", 5)
    repository.add([write_wheel(outside, f"project-{number}") for number in range(9)], Way.DROP)
    kept = [activity.project for activity in repository.activity()]
    assert kept == [f"project-{number}" for number in (8, 7, 6, 5, 4)]


def test_at_every_moment_of_a_replacement_what_is_listed_is_what_lies_there(
    repository: Repository, outside: Path, bus: EventBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = write_wheel(outside)
    repository.add([wheel], Way.DROP)
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    (conflict,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(conflict, Conflict)
    listed: list[list[str]] = []

    def check(*_: object) -> None:
        hashes = []
        for file in repository.snapshot.files():
            assert hashlib.sha256(repository.path_of(file).read_bytes()).hexdigest() == file.sha256
            hashes.append(file.sha256)
        if not listed or listed[-1] != hashes:
            listed.append(hashes)

    # Before and after each call that moves something, and whenever anybody is told.
    for call in ("os.link", "os.unlink", "os.rename"):
        real = getattr(os, call.removeprefix("os."))

        def checked(*arguments: object, real: Callable[..., None] = real, **keywords: object) -> None:
            check()
            real(*arguments, **keywords)
            check()

        monkeypatch.setattr(call, checked)
    bus.subscribe(check)
    check()
    outcome, _ = repository.replace(conflict, Way.DROP)
    assert isinstance(outcome, Accepted)
    assert listed == [[conflict.existing.sha256], [], [outcome.file.sha256]]


def test_a_trash_that_is_too_large_loses_its_oldest_files_for_good(
    repository: Repository, outside: Path
) -> None:
    wheels = [write_wheel(outside, f"project-{number}") for number in range(3)]
    for wheel in wheels:
        (accepted,) = repository.add([wheel], Way.DROP).accepted
        repository.remove([accepted.file], Way.DROP)
    sizes = [wheel.stat().st_size for wheel in wheels]
    assert repository.empty_trash(keep_days=90, keep_bytes=sum(sizes[1:]), spared_days=30) == 0
    assert repository.empty_trash(keep_days=90, keep_bytes=sum(sizes[1:])) == 1
    assert [row.project for row in repository.trash()] == ["project-2", "project-1"]
    assert len(list((repository.folder / ".cheeseboard/trash").iterdir())) == 2


def test_activity_tells_what_was_refused_and_why(repository: Repository, outside: Path) -> None:
    notes = outside / "notes.txt"
    notes.write_text("hello")
    repository.add([notes], Way.DROP)
    (activity,) = repository.activity()
    assert (activity.act, activity.filename, activity.detail) == (
        "refused",
        "notes.txt",
        "not-a-distribution",
    )


def test_unyanking_makes_a_release_preferred_again(repository: Repository, outside: Path) -> None:
    repository.add([write_wheel(outside, version="1.0"), write_wheel(outside, version="2.0")], Way.DROP)
    (project,) = repository.snapshot.projects.values()
    repository.yank([file for file in project.files if file.version == "2.0"], "", Way.DROP)
    (project,) = repository.snapshot.projects.values()
    assert project.latest == "1.0"
    repository.unyank(project.files, Way.DROP)
    (project,) = repository.snapshot.projects.values()
    assert project.latest == "2.0"


def test_sql_stays_in_the_catalogs_own_files() -> None:
    # Guards the wall that later rooms lean on.
    import cheeseboard.repository as room

    users = {
        path.stem
        for path in Path(str(room.__file__)).parent.glob("*.py")
        if "import sqlite3" in path.read_text("utf-8")
    }
    of_the_catalog = {"catalog", "database", "schema", "writer"}
    of_damaged_ones_and_copies = {"salvage", "check", "backup", "confirming"}
    assert of_the_catalog <= users <= of_the_catalog | of_damaged_ones_and_copies
