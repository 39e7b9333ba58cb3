"""The folder is the truth: what appears, changes or goes in it is followed, whoever did it."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from tests.builders import build_wheel, sdist_filename, wheel_filename, write_sdist, write_wheel

from cheeseboard.errors import CatalogTooNew, FolderUnavailable, RefusalReason
from cheeseboard.events import Event, EventBus, FileAdded, FolderStateChanged, SnapshotChanged, Way
from cheeseboard.repository.held import HeldFolder
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.scanner import Scanner
from cheeseboard.repository.schema import SCHEMA_VERSION

Wait = Callable[[Callable[[], bool]], None]


def put(folder: Path, relative: str, content: bytes) -> Path:
    """Put a settled file into the folder, as if it had been there for a while."""
    path = folder / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def names(repository: Repository) -> list[str]:
    return sorted(file.filename for file in repository.snapshot.files())


def foreign(repository: Repository) -> dict[str, RefusalReason]:
    return {
        file.path.relative_to(repository.folder).as_posix(): file.refusal.reason
        for file in repository.foreign_files
    }


@pytest.mark.parametrize("directory", ["", "wrong-project", "deep/er/still", "acme-core"])
def test_a_file_put_anywhere_in_the_folder_ends_in_its_place(repository: Repository, directory: str) -> None:
    name = wheel_filename("acme-core", "1.0")
    put(repository.folder, f"{directory}/{name}".lstrip("/"), build_wheel())
    repository.scan()
    assert names(repository) == [name]
    placed = [path.relative_to(repository.folder).as_posix() for path in repository.folder.rglob("*.whl")]
    assert placed == [f"acme-core/{name}"]


def test_a_scan_of_an_unchanged_folder_reads_no_file(
    repository: Repository,
    outside: Path,
    open_repository: Callable[..., Repository],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    repository.close()
    again = open_repository()
    monkeypatch.setattr("cheeseboard.repository.intake.judge", None)
    again.scan()
    assert names(again) == ["acme_core-1.0-py3-none-any.whl"]


def test_what_is_no_distribution_stays_and_is_listed_with_the_reason(repository: Repository) -> None:
    put(repository.folder, "notes.txt", b"hello")
    put(repository.folder, "acme-core/broken-1.0-py3-none-any.whl", b"PK\x03\x04")
    (repository.folder / "link-1.0.tar.gz").symlink_to("/etc/passwd")
    repository.scan()
    assert foreign(repository) == {
        "notes.txt": RefusalReason.NOT_A_DISTRIBUTION,
        "acme-core/broken-1.0-py3-none-any.whl": RefusalReason.TRUNCATED,
        "link-1.0.tar.gz": RefusalReason.NOT_A_FILE,
    }
    assert (repository.folder / "notes.txt").read_bytes() == b"hello"


def test_a_foreign_file_that_goes_or_is_mended_leaves_the_list(repository: Repository) -> None:
    notes = put(repository.folder, "notes.txt", b"hello")
    broken = put(repository.folder, wheel_filename("acme-core", "1.0"), b"PK\x03\x04")
    repository.scan()
    notes.unlink()
    broken.write_bytes(build_wheel())
    os.utime(broken, (1_700_000_001, 1_700_000_001))
    repository.scan()
    assert foreign(repository) == {}
    assert names(repository) == [broken.name]


@pytest.mark.parametrize("name", ["env", "venv"])
def test_a_project_named_like_a_virtual_environment_is_looked_after_like_any_other(
    repository: Repository, name: str, open_repository: Callable[..., Repository]
) -> None:
    path = put(repository.folder, f"{name}/{wheel_filename(name, '1.0')}", build_wheel(name))
    put(repository.folder, f"{name}/README", b"hello")
    repository.scan()
    assert names(repository) == [path.name]
    path.write_bytes(build_wheel(name, summary="edited"))
    repository._held.look({name})
    assert foreign(repository) == {
        f"{name}/{path.name}": RefusalReason.CHANGED,
        f"{name}/README": RefusalReason.NOT_A_DISTRIBUTION,
    }


def test_a_virtual_environment_in_the_folder_is_passed_over(repository: Repository) -> None:
    put(repository.folder, "venv/pyvenv.cfg", b"")
    put(repository.folder, f"venv/lib/{wheel_filename('acme', '1.0')}", build_wheel("acme"))
    repository.scan()
    repository._held.look({"venv"})
    assert (names(repository), foreign(repository)) == ([], {})


def test_a_look_at_single_names_follows_what_came_changed_and_went_there_and_nowhere_else(
    repository: Repository,
) -> None:
    for number in range(4):
        put(repository.folder, f"p{number}/{wheel_filename(f'p{number}', '1.0')}", build_wheel(f"p{number}"))
    put(repository.folder, "notes.txt", b"hello")
    repository.scan()
    shutil.rmtree(repository.folder / "p0")
    (repository.folder / "p1" / wheel_filename("p1", "1.0")).write_bytes(b"edited")
    (repository.folder / "notes.txt").unlink()
    new = put(repository.folder, wheel_filename("p4", "1.0"), build_wheel("p4"))
    shutil.rmtree(repository.folder / "p3")
    repository._held.look({"p0", "p1", "notes.txt", new.name, "never-was"})
    assert names(repository) == [wheel_filename(f"p{number}", "1.0") for number in (2, 3, 4)]
    assert foreign(repository) == {f"p1/{wheel_filename('p1', '1.0')}": RefusalReason.CHANGED}
    repository.scan()
    assert names(repository) == [wheel_filename(f"p{number}", "1.0") for number in (2, 4)]


def test_a_file_copied_into_a_watched_folder_causes_no_look_through_all_of_it(
    open_repository: Callable[..., Repository], eventually: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Collection[str] | None] = []
    look = HeldFolder.look

    def noted(held: HeldFolder, names: Collection[str] | None = None) -> object:
        looks.append(names)
        return look(held, names)

    monkeypatch.setattr(HeldFolder, "look", noted)
    repository = open_repository(watch=True)
    eventually(lambda: repository.scanned)
    assert looks == [None]
    write_wheel(repository.folder)
    eventually(lambda: repository.snapshot.file_count == 1)
    # The look that our own placing causes.
    eventually(lambda: any("acme-core" in names for names in looks if names is not None))
    assert None not in looks[1:]


def test_a_folder_that_goes_missing_while_it_is_looked_through_loses_nothing(
    repository: Repository, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    away = repository.folder.with_name("away")
    plan = Scanner.plan

    def unmount_first(scanner: Scanner, *arguments: object) -> object:
        repository.folder.rename(away)
        return plan(scanner, *arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(Scanner, "plan", unmount_first)
    with pytest.raises(FolderUnavailable):
        repository._held.look({"acme-core"})
    away.rename(repository.folder)
    monkeypatch.undo()
    assert repository.snapshot.file_count == 1
    repository.scan()
    assert [activity.act for activity in repository.activity()] == ["added"]


def test_a_first_look_shows_what_it_has_found_so_far_and_ends_early_when_closed(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, events: list[Event]
) -> None:
    monkeypatch.setattr("cheeseboard.repository.held._TELL_EVERY_SECONDS", 0.0)
    for number in range(200):
        put(repository.folder, wheel_filename(f"p{number}", "1.0"), build_wheel(f"p{number}"))
    shown: list[int] = []

    def note(event: object) -> None:
        if isinstance(event, SnapshotChanged):
            shown.append(repository.snapshot.file_count)
            if repository.snapshot.file_count >= 64:
                repository._held.end_looks()

    repository._bus.subscribe(note)
    repository.scan()
    assert 64 <= shown[-1] < 200
    assert not repository.available


@pytest.mark.parametrize("name", ["a-1.0.tar.gz.part", "a.whl.crdownload", "x.tmp", ".hidden-1.0.tar.gz"])
def test_unfinished_and_hidden_files_are_nobodys_business(repository: Repository, name: str) -> None:
    put(repository.folder, name, b"half")
    repository.scan()
    assert (names(repository), foreign(repository)) == ([], {})


def test_a_file_deleted_from_outside_is_gone_and_meets_its_decisions_when_it_returns(
    repository: Repository, outside: Path
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    repository.yank(list(repository.snapshot.files()), "no good", Way.DROP)
    (before,) = repository.snapshot.files()
    content = repository.path_of(before).read_bytes()
    repository.path_of(before).unlink()
    repository.scan()
    assert repository.snapshot.file_count == 0
    put(repository.folder, f"acme-core/{before.filename}", content)
    repository.scan()
    assert list(repository.snapshot.files()) == [before]


@pytest.mark.parametrize("new_name", ["other-name", "deep/down", "beside.d"])
def test_a_project_directory_renamed_from_outside_comes_back_with_its_decisions(
    repository: Repository, outside: Path, new_name: str
) -> None:
    repository.add([write_wheel(outside), write_sdist(outside)], Way.DROP)
    repository.yank(list(repository.snapshot.files()), "no good", Way.DROP)
    before = list(repository.snapshot.files())
    renamed = repository.folder / new_name
    renamed.parent.mkdir(exist_ok=True)
    (repository.folder / "acme-core").rename(renamed)
    while repository.scan() is not None:
        pass  # files this young must look the same twice
    assert list(repository.snapshot.files()) == before
    assert all(repository.path_of(file).is_file() for file in before)


def test_a_file_renamed_to_what_is_no_distribution_is_gone_and_comes_back_when_it_is_renamed_back(
    open_repository: Callable[..., Repository], outside: Path, eventually: Wait
) -> None:
    repository = open_repository(watch=True)
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted
    place = repository.path_of(accepted.file)
    aside = place.rename(place.with_name("aside.bak"))
    eventually(lambda: repository.snapshot.file_count == 0)
    eventually(lambda: "acme-core/aside.bak" in foreign(repository))
    aside.rename(place)
    eventually(lambda: list(repository.snapshot.files()) == [accepted.file])
    eventually(lambda: foreign(repository) == {})


def test_a_file_edited_in_place_is_no_longer_offered(repository: Repository, outside: Path) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    (file,) = repository.snapshot.files()
    repository.path_of(file).write_bytes(build_wheel(summary="edited"))
    repository.scan()
    assert repository.snapshot.file_count == 0
    assert foreign(repository) == {f"acme-core/{file.filename}": RefusalReason.CHANGED}


def test_a_file_that_was_only_touched_stays(repository: Repository, outside: Path) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    (file,) = repository.snapshot.files()
    before = repository.snapshot.projects
    os.utime(repository.path_of(file), (1_700_000_000, 1_700_000_000))
    repository.scan()
    assert repository.snapshot.projects == before
    assert foreign(repository) == {}


def test_a_duplicate_of_what_is_here_goes_to_the_trash(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    repository.add([wheel], Way.DROP)
    put(repository.folder, wheel.name, wheel.read_bytes())
    repository.scan()
    assert not (repository.folder / wheel.name).exists()
    assert [path.read_bytes() for path in (repository.folder / ".cheeseboard/trash").iterdir()] == [
        wheel.read_bytes()
    ]


def test_other_bytes_under_a_name_that_is_here_stay_where_they_are_and_are_listed(
    repository: Repository, outside: Path
) -> None:
    wheel = write_wheel(outside)
    repository.add([wheel], Way.DROP)
    put(repository.folder, wheel.name, build_wheel(summary="other"))
    repository.scan()
    assert foreign(repository) == {wheel.name: RefusalReason.ALREADY_HERE}


def test_a_file_that_is_still_growing_waits_until_it_is_whole(repository: Repository) -> None:
    content = build_wheel()
    path = repository.folder / wheel_filename("acme-core", "1.0")
    path.write_bytes(content[: len(content) // 2])
    assert repository.scan() is not None
    assert foreign(repository) == {}
    path.write_bytes(content)
    again = repository.scan()
    assert again is not None
    os.utime(path, (1_700_000_000, 1_700_000_000))
    repository.scan()
    assert names(repository) == [path.name]


def test_a_wheel_copied_into_a_watched_folder_is_taken_in(
    open_repository: Callable[..., Repository], outside: Path, events: list[Event], eventually: Wait
) -> None:
    repository = open_repository(watch=True)
    wheel = write_wheel(outside)
    shutil.copy(wheel, repository.folder)
    eventually(lambda: names(repository) == [wheel.name])
    eventually(lambda: FileAdded(wheel.name, "acme-core", "1.0", Way.FOLDER) in events)


def test_a_project_directory_moved_into_a_watched_folder_is_taken_in(
    open_repository: Callable[..., Repository], outside: Path, eventually: Wait
) -> None:
    repository = open_repository(watch=True)
    eventually(lambda: repository.scanned)
    whole = outside / "dist"
    whole.mkdir()
    write_wheel(whole, "one")
    write_sdist(whole, "two")
    whole.rename(repository.folder / "dist")
    eventually(lambda: names(repository) == [wheel_filename("one", "1.0"), sdist_filename("two", "1.0")])


def test_a_deletion_in_a_watched_folder_is_followed(
    open_repository: Callable[..., Repository], outside: Path, eventually: Wait
) -> None:
    repository = open_repository(watch=True)
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted
    repository.path_of(accepted.file).unlink()
    eventually(lambda: repository.snapshot.file_count == 0)


def test_a_folder_that_goes_missing_is_told_and_recovers_with_everything_in_it(
    open_repository: Callable[..., Repository],
    outside: Path,
    tmp_path: Path,
    events: list[Event],
    eventually: Wait,
) -> None:
    repository = open_repository(watch=True)
    repository.add([write_wheel(outside)], Way.DROP)
    repository.folder.rename(tmp_path / "elsewhere")
    eventually(lambda: isinstance(repository.problem, FolderUnavailable))
    reachable = [repository.available]
    assert repository.snapshot.file_count == 1
    assert FolderStateChanged() in events
    (tmp_path / "elsewhere").rename(repository.folder)
    eventually(lambda: repository.problem is None)
    reachable.append(repository.available)
    assert reachable == [False, True]
    assert repository.snapshot.file_count == 1


def test_two_processes_on_one_folder_see_each_others_changes(
    open_repository: Callable[..., Repository], outside: Path, eventually: Wait
) -> None:
    first, second = open_repository(watch=True), open_repository(watch=True, quiet=True)
    (accepted,) = first.add([write_wheel(outside)], Way.DROP).accepted
    eventually(lambda: second.snapshot.file_count == 1)
    second.remove([accepted.file], Way.DROP)
    eventually(lambda: first.snapshot.file_count == 0)


def test_a_deleted_catalog_is_rebuilt_from_the_folder(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository], eventually: Wait
) -> None:
    repository.add([write_wheel(outside), write_sdist(outside, "other")], Way.DROP)
    before = names(repository)
    repository.close()
    (repository.folder / ".cheeseboard/catalog.sqlite3").unlink()
    again = open_repository(watch=True)
    eventually(lambda: names(again) == before)


def test_a_damaged_catalog_is_set_aside_and_rebuilt(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository], eventually: Wait
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    before = names(repository)
    repository.close()
    (repository.folder / ".cheeseboard/catalog.sqlite3").write_bytes(b"no database at all" * 100)
    again = open_repository(watch=True)
    eventually(lambda: names(again) == before)
    assert list((again.folder / ".cheeseboard").glob("catalog-damaged-*"))


def test_a_catalog_of_a_newer_cheeseboard_is_refused_and_left_alone(
    repository: Repository, open_repository: Callable[..., Repository]
) -> None:
    import sqlite3

    repository.close()
    path = repository.folder / ".cheeseboard/catalog.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(CatalogTooNew) as caught:
        open_repository()
    assert (caught.value.found, caught.value.supported) == (SCHEMA_VERSION + 1, SCHEMA_VERSION)


def test_staging_of_a_process_that_died_is_cleared_and_that_of_a_living_one_is_not(
    repository: Repository, open_repository: Callable[..., Repository]
) -> None:
    staging = repository.folder / ".cheeseboard/staging"
    dead = staging / "999999-dead"
    dead.mkdir()
    (dead / "half").write_bytes(b"half")
    (living,) = [path for path in staging.iterdir() if path != dead]
    open_repository()
    assert not dead.exists()
    assert living.exists()


def test_decisions_are_saved_from_a_catalog_of_which_a_part_can_be_read(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository], eventually: Wait
) -> None:
    repository.add([write_wheel(outside, f"project-{number}") for number in range(40)], Way.DROP)
    repository.yank(list(repository.snapshot.files()), "kept", Way.DROP)
    before = {file.filename: file for file in repository.snapshot.files()}
    repository.close()
    # a page of the files' table: no other table holds summaries
    damage(repository.folder / ".cheeseboard/catalog.sqlite3", b"A package made by a test")
    again = open_repository(watch=True)
    assert list((again.folder / ".cheeseboard").glob("catalog-damaged-*"))
    eventually(lambda: names(again) == sorted(before))
    after = {file.filename: file for file in again.snapshot.files()}
    kept = [name for name in before if after[name].yanked == "kept"]
    assert kept
    assert all(after[name] == before[name] for name in kept)


def test_a_catalog_that_is_damaged_while_it_is_open_is_rebuilt(
    open_repository: Callable[..., Repository], outside: Path, eventually: Wait
) -> None:
    repository = open_repository(watch=True)
    repository.add([write_wheel(outside)], Way.DROP)
    repository.yank(list(repository.snapshot.files()), "kept", Way.DROP)
    put(repository.folder, "unmistakable-notes.txt", b"notes")
    eventually(lambda: len(repository.foreign_files) == 1)
    private = repository.folder / ".cheeseboard"
    catalog = private / "catalog.sqlite3"
    with contextlib.closing(sqlite3.connect(catalog)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        damage(catalog, b"unmistakable-notes.txt")
        # Another process writes, so what is cached of the database is read again.
        other.execute("UPDATE repository SET serial = serial + 1")
        other.commit()
    repository.rescan()
    eventually(lambda: any(private.glob("catalog-damaged-*")))
    eventually(lambda: repository.problem is None and repository.snapshot.file_count == 1)
    assert [file.yanked for file in repository.snapshot.files()] == ["kept"]


def test_a_catalog_that_another_process_set_aside_is_left_for_the_new_one(
    open_repository: Callable[..., Repository], outside: Path, eventually: Wait
) -> None:
    repository = open_repository(watch=True)
    repository.add([write_wheel(outside)], Way.DROP)
    private = repository.folder / ".cheeseboard"
    eventually(lambda: repository.scanned)
    for path in private.glob("catalog.sqlite3*"):
        path.rename(path.with_name(f"aside-{path.name}"))
    other = open_repository(quiet=True)
    other.scan()
    other.add([write_wheel(outside, "other")], Way.DROP)
    eventually(lambda: repository.snapshot.file_count == 2)


def damage(path: Path, beside: bytes) -> None:
    """Overwrite the database page that holds some bytes, as a failing disk does."""
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    page = content.rindex(beside) // size * size
    content[page : page + size] = b"\xff" * size
    path.write_bytes(content)


def test_an_older_catalog_is_migrated_after_a_backup_copy_and_keeps_everything(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository]
) -> None:
    import sqlite3

    repository.add([write_wheel(outside)], Way.DROP)
    repository.yank(list(repository.snapshot.files()), "kept", Way.DROP)
    before = list(repository.snapshot.files())
    repository.close()
    path = repository.folder / ".cheeseboard/catalog.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("DROP TABLE downloads")  # what version 2 brought
    connection.execute("DROP TABLE attestations")  # and version 3
    connection.execute("ALTER TABLE files DROP COLUMN attestations_sha256")
    connection.execute("ALTER TABLE repository DROP COLUMN looked_through")  # and version 4
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    again = open_repository()
    assert list(again.snapshot.files()) == before
    assert again.available  # who had it open before looked through it
    backup = path.with_name(f"catalog-before-version-{SCHEMA_VERSION}.sqlite3")
    connection = sqlite3.connect(backup)
    assert connection.execute("SELECT count(*) FROM files").fetchone() == (1,)
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    connection.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


def test_a_lost_catalog_does_not_make_everything_new(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository]
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    (file,) = repository.snapshot.files()
    os.utime(repository.path_of(file), (1_700_000_000, 1_700_000_000))
    repository.close()
    (repository.folder / ".cheeseboard/catalog.sqlite3").unlink()
    again = open_repository()
    again.scan()
    (found,) = again.snapshot.files()
    assert found.upload_time_us == 1_700_000_000_000_000


def test_without_folder_events_the_folder_is_looked_at_regularly(
    tmp_path: Path, outside: Path, eventually: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "no inotify watches left")

    monkeypatch.setattr("watchdog.observers.api.BaseObserver.schedule", refuse)
    repository = Repository(tmp_path / "packages", EventBus())
    repository.start()
    eventually(lambda: repository.scanned)
    shutil.copy(write_wheel(outside), repository.folder)
    eventually(lambda: repository.snapshot.file_count == 1)
    repository.close()


def is_served(repository: Repository) -> bool:
    return repository.available


def test_a_folder_is_not_served_before_it_was_looked_through_once(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    folder.mkdir()
    write_wheel(folder)
    repository = Repository(folder, EventBus())
    assert not is_served(repository)  # an installer told of no project would take it from elsewhere
    repository.scan()
    assert is_served(repository)
    repository.close()
    again = Repository(folder, EventBus())
    assert is_served(again)  # what the catalog knows is all that there was
    again.close()


def test_a_folder_whose_catalog_was_deleted_is_not_served_before_another_look(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    folder.mkdir()
    write_wheel(folder)
    repository = Repository(folder, EventBus())
    repository.scan()
    repository.close()
    shutil.rmtree(folder / ".cheeseboard")
    again = Repository(folder, EventBus())
    assert not is_served(again)
    again._held.look({"acme-core"})
    assert not is_served(again)  # one directory is not all of them
    again.scan()
    assert is_served(again)
    again.close()
