"""Files come in by the one door: placed, recorded, in the snapshot; or left alone, with a reason."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import build_wheel, write_sdist, write_wheel

from cheeseboard.errors import FolderReadOnly, FolderUnavailable, RefusalReason
from cheeseboard.events import Event, FileAdded, Progress, SnapshotChanged, Way
from cheeseboard.repository.intake import (
    Accepted,
    Conflict,
    DeferralReason,
    Deferred,
    Identical,
    Rejected,
)
from cheeseboard.repository.repository import Repository

pytestmark = pytest.mark.filterwarnings("error")


def staged_leftovers(repository: Repository) -> list[str]:
    staging = repository.folder / ".cheeseboard" / "staging"
    return [p.name for p in staging.rglob("*") if p.is_file() and p.name != "owner.lock"]


def test_a_wheel_and_an_sdist_are_placed_by_normalized_project_name(
    repository: Repository, outside: Path
) -> None:
    wheel, sdist = write_wheel(outside, "Acme.Core", "1.0"), write_sdist(outside, "Acme.Core", "1.1")
    batch = repository.add([wheel, sdist], Way.DROP)
    assert [type(outcome) for outcome in batch.outcomes] == [Accepted, Accepted]
    for source in (wheel, sdist):
        placed = repository.folder / "acme-core" / source.name
        assert placed.read_bytes() == source.read_bytes()
    project = repository.snapshot.projects["acme-core"]  # type: ignore[index]  # a literal normalized name
    assert (project.display_name, project.versions, project.latest) == ("Acme.Core", ("1.1", "1.0"), "1.1")
    assert repository.snapshot.file_count == 2


def test_the_snapshot_holds_the_hashes_of_the_bytes_in_the_folder(
    repository: Repository, outside: Path
) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    (file,) = repository.snapshot.files()
    content = repository.path_of(file).read_bytes()
    metadata = repository.metadata_of(file)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert metadata is not None
    assert file.metadata_sha256 == hashlib.sha256(metadata).hexdigest()


def test_the_source_is_not_touched(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    before = (wheel.read_bytes(), wheel.stat().st_mtime_ns, wheel.stat().st_ino)
    repository.add([wheel], Way.DROP)
    assert (wheel.read_bytes(), wheel.stat().st_mtime_ns, wheel.stat().st_ino) == before


def test_the_same_file_again_is_identical_and_changes_nothing(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    repository.add([wheel], Way.DROP)
    before = repository.snapshot
    (outcome,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(outcome, Identical)
    assert repository.snapshot is before


def test_other_bytes_under_the_same_name_are_a_conflict_and_the_first_stays(
    repository: Repository, outside: Path
) -> None:
    wheel = write_wheel(outside)
    first = wheel.read_bytes()
    repository.add([wheel], Way.DROP)
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    (outcome,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(outcome, Conflict)
    assert repository.path_of(outcome.existing).read_bytes() == first


def test_a_name_that_differs_only_in_case_is_a_conflict(repository: Repository, outside: Path) -> None:
    repository.add([write_wheel(outside)], Way.DROP)
    twin = outside / "ACME_CORE-1.0-py3-none-any.whl"
    twin.write_bytes(build_wheel(dist_info="ACME_CORE-1.0.dist-info"))
    (outcome,) = repository.add([twin], Way.DROP).outcomes
    assert isinstance(outcome, Conflict)


def test_replacing_moves_the_first_to_the_trash(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    first = wheel.read_bytes()
    repository.add([wheel], Way.DROP)
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    (conflict,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(conflict, Conflict)
    outcome, removal = repository.replace(conflict, Way.DROP)
    assert isinstance(outcome, Accepted)
    assert repository.path_of(outcome.file).read_bytes() == wheel.read_bytes()
    (row,) = removal.rows
    assert (
        repository.folder / ".cheeseboard/trash" / f"{row.id}-{row.sha256[:12]}-{row.filename}"
    ).read_bytes() == first


def test_a_replacement_that_is_no_distribution_leaves_the_first_in_place(
    repository: Repository, outside: Path
) -> None:
    wheel = write_wheel(outside)
    repository.add([wheel], Way.DROP)
    wheel.write_bytes(build_wheel(summary="rebuilt"))
    (conflict,) = repository.add([wheel], Way.DROP).outcomes
    assert isinstance(conflict, Conflict)
    wheel.write_bytes(b"broken meanwhile")
    outcome, removal = repository.replace(conflict, Way.DROP)
    assert isinstance(outcome, Rejected)
    assert removal.rows == ()
    assert list(repository.snapshot.files()) == [conflict.existing]


def test_what_is_no_distribution_is_rejected_and_holds_nothing_else_up(
    repository: Repository, outside: Path
) -> None:
    notes = outside / "notes.txt"
    notes.write_text("hello")
    batch = repository.add([notes, write_wheel(outside)], Way.DROP)
    rejected, accepted = batch.outcomes
    assert isinstance(rejected, Rejected)
    assert rejected.refusal.reason is RefusalReason.NOT_A_DISTRIBUTION
    assert isinstance(accepted, Accepted)
    assert notes.read_text() == "hello"


def test_nothing_is_left_in_staging(repository: Repository, outside: Path) -> None:
    broken = outside / "broken-1.0-py3-none-any.whl"
    broken.write_bytes(b"PK\x03\x04 not really")
    repository.add([broken, write_wheel(outside), write_wheel(outside)], Way.DROP)
    assert staged_leftovers(repository) == []


def test_a_missing_source_is_rejected_by_name(repository: Repository, outside: Path) -> None:
    (outcome,) = repository.add([outside / "gone-1.0-py3-none-any.whl"], Way.DROP).outcomes
    assert isinstance(outcome, Rejected)
    assert outcome.refusal.reason is RefusalReason.UNREADABLE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_a_pipe_given_by_name_does_not_block(repository: Repository, outside: Path) -> None:
    pipe = outside / "pipe-1.0-py3-none-any.whl"
    os.mkfifo(pipe)
    (outcome,) = repository.add([pipe], Way.DROP).outcomes
    assert isinstance(outcome, Rejected)
    assert outcome.refusal.reason is RefusalReason.NOT_A_FILE


def test_directories_are_searched_and_virtual_environments_passed_over(
    repository: Repository, outside: Path
) -> None:
    for place in ("dist", "deep/er", ".venv/lib", "node_modules", "odd-env/lib"):
        (outside / place).mkdir(parents=True)
    (outside / "odd-env/pyvenv.cfg").touch()
    write_wheel(outside / "dist", "one")
    write_wheel(outside / "deep/er", "two")
    for place in (".venv/lib", "node_modules", "odd-env/lib"):
        write_wheel(outside / place, "not-this")
    (outside / "dist/readme.txt").write_text("passed over in silence")
    batch = repository.add([outside], Way.DROP)
    assert sorted(repository.snapshot.projects) == ["one", "two"]
    assert len(batch.outcomes) == 2
    assert batch.skipped_directories == 3


def test_a_batch_of_many_files_is_taken_in_whole_and_told_in_order(
    repository: Repository, outside: Path
) -> None:
    wheels = [write_wheel(outside, f"project-{number}") for number in range(150)]
    told: list[Progress] = []
    batch = repository.add(wheels, Way.DROP, progress=told.append)
    assert [outcome.source for outcome in batch.outcomes] == wheels
    assert all(isinstance(outcome, Accepted) for outcome in batch.outcomes)
    assert [progress.done for progress in told] == list(range(1, 151))
    assert told[-1].bytes_done == told[-1].bytes_total > 0


def test_a_cancelled_job_leaves_nothing_but_what_it_had_finished(
    repository: Repository, outside: Path
) -> None:
    wheels = [write_wheel(outside, f"project-{number}") for number in range(50)]
    asked = iter(range(10_000))
    batch = repository.add(wheels, Way.DROP, cancelled=lambda: next(asked) > 20)
    cancelled = [outcome for outcome in batch.outcomes if isinstance(outcome, Deferred)]
    assert cancelled
    assert all(outcome.reason is DeferralReason.CANCELLED for outcome in cancelled)
    assert len(batch.accepted) + len(cancelled) == 50
    assert repository.snapshot.file_count == len(batch.accepted)
    assert staged_leftovers(repository) == []


def test_every_added_file_is_announced_after_the_snapshot_holds_it(
    repository: Repository, outside: Path, events: list[Event]
) -> None:
    repository.add([write_wheel(outside)], Way.COMMAND_LINE)
    assert [type(event) for event in events] == [SnapshotChanged, FileAdded]
    assert events[1] == FileAdded("acme_core-1.0-py3-none-any.whl", "acme-core", "1.0", Way.COMMAND_LINE)


def test_a_change_shares_every_project_that_it_did_not_touch(repository: Repository, outside: Path) -> None:
    repository.add([write_wheel(outside, "one"), write_wheel(outside, "two")], Way.DROP)
    before = dict(repository.snapshot.projects)
    repository.add([write_wheel(outside, "two", "2.0")], Way.DROP)
    after = {str(name): project for name, project in repository.snapshot.projects.items()}
    assert after["one"] is {str(name): project for name, project in before.items()}["one"]
    assert after["two"].versions == ("2.0", "1.0")


def test_what_is_placed_can_be_read_by_any_web_server(repository: Repository, outside: Path) -> None:
    wheel = write_wheel(outside)
    wheel.chmod(0o600)
    repository.add([wheel], Way.DROP)
    (file,) = repository.snapshot.files()
    assert stat.S_IMODE(repository.path_of(file).stat().st_mode) == 0o644
    assert stat.S_IMODE((repository.folder / ".cheeseboard").stat().st_mode) == 0o700


def test_a_folder_whose_name_is_a_files_is_refused_clearly(
    open_repository: Callable[..., Repository], outside: Path
) -> None:
    file = write_wheel(outside)
    with pytest.raises(FolderUnavailable, match="is not a folder"):
        open_repository(folder=file)


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_a_folder_that_cannot_be_written_to_is_refused_clearly(
    open_repository: Callable[..., Repository], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:  # root may write anywhere: let the system call say what it would to others
        real_mkdir = os.mkdir

        def refuse(path: object, *arguments: object, **keywords: object) -> None:
            if str(path).startswith(str(folder)):
                raise PermissionError(13, "Permission denied", str(path))
            real_mkdir(path, *arguments, **keywords)  # type: ignore[arg-type]  # handed on as they came

        monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(FolderReadOnly, match="permission denied"):
        open_repository(folder=folder)
