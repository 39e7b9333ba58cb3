"""A backup brings everything back, and a file that only looks like one brings nothing."""

import hashlib
import io
import os
import sqlite3
import stat
import tarfile
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard
from packaging.utils import NormalizedName
from tests.builders import build_wheel, write_sdist, write_wheel

from cheeseboard.errors import BackupError, CertificateError, RefusalReason
from cheeseboard.events import Progress, Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.backup import Cancelled
from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.server.access.gate import Denied, Right
from cheeseboard.server.access.tokens import Reading
from cheeseboard.service import Service
from cheeseboard.settings import RetentionRule

Make = Callable[..., Service]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Service] = []

    def make_service(machine: str = "old", folder: str = "packages", *, opened: bool = True) -> Service:
        environ = {"CHEESEBOARD_HOME": str(tmp_path / machine / "home"), "PATH": os.environ["PATH"]}
        service = Service(find_locations(environ), environ, folder=tmp_path / machine / folder)
        made.append(service)
        if opened:
            service.open(watch=False)
        return service

    yield make_service
    for service in made:
        service.close()


@pytest.fixture
def old(make: Make, tmp_path: Path) -> Service:
    service = make()
    paths = [write_wheel(tmp_path, "one"), write_wheel(tmp_path, "two"), write_sdist(tmp_path, "two")]
    service.add(paths, Way.DROP)
    service.yank(service.snapshot.projects[NormalizedName("one")].files, "bad")
    service.set_project_status(NormalizedName("two"), ProjectStatus.ARCHIVED, "done")
    service._open_repository().count_downloads({("2026-11-01", "one-1.0-py3-none-any.whl"): 7})
    return service


def bytes_of(service: Service) -> dict[str, bytes]:
    return {file.filename: service.path_of(file).read_bytes() for file in service.snapshot.files()}


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.zst"])
def test_everything_comes_back(old: Service, make: Make, tmp_path: Path, name: str) -> None:
    written = old.upkeep.back_up(tmp_path / name)
    assert (written.files, written.left_out) == (3, ())
    new = make("new", "elsewhere", opened=False)
    brought = new.upkeep.restore_backup(tmp_path / name)
    assert (brought.restored.files, brought.restored.missing, brought.restored.refused) == (3, (), ())
    new.open(watch=False)
    new.look_through()
    assert dict(new.snapshot.projects) == dict(old.snapshot.projects)
    assert bytes_of(new) == bytes_of(old)
    assert new.activity() == old.activity()
    assert new.downloads() == old.downloads() != {}
    for file in new.snapshot.files():
        assert new.metadata_of(file) == old.metadata_of(file)
        assert abs(new.path_of(file).stat().st_mtime_ns - old.path_of(file).stat().st_mtime_ns) < 10_000


def test_opening_what_came_back_reads_no_file_again(old: Service, make: Make, tmp_path: Path) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    new = make("new", opened=False)
    new.upkeep.restore_backup(tmp_path / "backup.tar")
    new.open(watch=False)
    serial = new.snapshot.serial
    new.look_through()
    assert new.snapshot.serial == serial


def test_the_settings_of_the_repository_come_back_too(old: Service, make: Make, tmp_path: Path) -> None:
    old.remember_repository("Team", old.folder)
    old.change_settings(ports={str(old.folder): 9443}, upload_ports={str(old.folder): 0})
    old.upkeep.keep_retention_rule(RetentionRule("one", 3))
    old.upkeep.back_up(tmp_path / "backup.tar")
    new = make("new", "elsewhere", opened=False)
    assert new.upkeep.restore_backup(tmp_path / "backup.tar").name == new.name == "Team"
    assert new.settings.ports == {str(new.folder): 9443}
    assert new.settings.upload_ports == {str(new.folder): 0}
    assert new.upkeep.retention_rules == (RetentionRule("one", 3),)


def test_a_backup_is_private_and_overwrites_nothing(old: Service, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    old.upkeep.back_up(path)
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(BackupError, match="overwrites nothing"):
        old.upkeep.back_up(path)
    assert path.read_bytes() == before


def test_a_cancelled_backup_leaves_nothing(old: Service, tmp_path: Path) -> None:
    directory = tmp_path / "to"
    directory.mkdir()
    with pytest.raises(Cancelled):
        old.upkeep.back_up(directory / "backup.tar", cancelled=lambda: True)
    assert list(directory.iterdir()) == []


def test_the_backup_is_of_one_moment_whatever_goes_on_meanwhile(
    old: Service, make: Make, tmp_path: Path
) -> None:
    before, contents = dict(old.snapshot.projects), bytes_of(old)

    def meddle(progress: Progress) -> None:
        if progress.done == 1:
            old.remove(list(old.snapshot.files()))
            old.add([write_wheel(tmp_path, "later")], Way.DROP)

    old.upkeep.back_up(tmp_path / "backup.tar", progress=meddle)
    new = make("new", opened=False)
    new.upkeep.restore_backup(tmp_path / "backup.tar")
    new.open(watch=False)
    assert dict(new.snapshot.projects) == before
    assert bytes_of(new) == contents


def test_a_file_that_changed_on_disk_is_left_out_and_told(old: Service, make: Make, tmp_path: Path) -> None:
    (file,) = old.snapshot.projects[NormalizedName("one")].files
    old.path_of(file).write_bytes(b"rotten")
    written = old.upkeep.back_up(tmp_path / "backup.tar")
    assert written.left_out == ((file.filename, "its bytes changed"),)
    new = make("new", opened=False)
    assert new.upkeep.restore_backup(tmp_path / "backup.tar").restored.missing == (file.filename,)


def test_a_folder_with_anything_in_it_is_left_alone(old: Service, make: Make, tmp_path: Path) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    new = make("new", opened=False)
    new.folder.mkdir(parents=True)
    (new.folder / "mine.txt").write_text("mine")
    with pytest.raises(BackupError, match="is not empty"):
        new.upkeep.restore_backup(tmp_path / "backup.tar")
    assert [path.name for path in new.folder.parent.iterdir() if path.name != "home"] == ["packages"]
    assert (new.folder / "mine.txt").read_text() == "mine"


def test_an_empty_folder_is_taken(old: Service, make: Make, tmp_path: Path) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    new = make("new", opened=False)
    new.folder.mkdir(parents=True)
    assert new.upkeep.restore_backup(tmp_path / "backup.tar").restored.files == 3


def test_the_authority_comes_along_only_when_asked_for(old: Service, make: Make, tmp_path: Path) -> None:
    fingerprint = old.trust.ca_sha256
    old.upkeep.back_up(tmp_path / "without.tar")
    old.upkeep.back_up(tmp_path / "with.tar", with_authority=True)
    with tarfile.open(tmp_path / "without.tar") as archive:
        assert not [name for name in archive.getnames() if "authority" in name]
    new = make("new", opened=False)
    new.upkeep.restore_backup(tmp_path / "with.tar", with_authority=True)
    assert new.trust.ca_sha256 == fingerprint
    other = make("other", opened=False)
    other.upkeep.restore_backup(tmp_path / "with.tar")
    assert other.trust.ca_sha256 != fingerprint
    third = make("third", opened=False)
    assert third.trust.ca_sha256
    with pytest.raises(CertificateError, match="already"):
        third.upkeep.restore_backup(tmp_path / "with.tar", with_authority=True)
    assert not third.folder.exists()


# --- what only looks like a backup -----------------------------------------------------------------


def rewritten(path: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """Write a backup anew with members changed, or left out when ``change`` says None."""
    changed = path.with_name("changed.tar")
    with tarfile.open(path) as reading, tarfile.open(changed, "w") as writing:
        for member in reading:
            content = reading.extractfile(member)
            assert content is not None
            taken = change(member.name, content.read())
            if taken is not None:
                found = tarfile.TarInfo(taken[0])
                found.size, found.mtime = len(taken[1]), member.mtime - 3600
                writing.addfile(found, io.BytesIO(taken[1]))
    return changed


def appended(path: Path, member: tarfile.TarInfo, content: bytes = b"") -> Path:
    changed = rewritten(path, lambda name, kept: (name, kept))
    with tarfile.open(changed, "a") as writing:
        member.size = len(content)
        writing.addfile(member, io.BytesIO(content))
    return changed


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = kind, target
    return found


@pytest.mark.parametrize(
    "hostile",
    [
        member("files/one/../../../escape.whl"),
        member("/etc/cron.d/one"),
        member("files/one/evil-1.0-py3-none-any.whl"),
        member("files/one/one-1.0-py3-none-any.whl"),
        member("files/.cheeseboard/one-1.0-py3-none-any.whl"),
        member("files\\one\\one-2.0-py3-none-any.whl"),
        member("authority/../leaf.key"),
        member("files/one/one-2.0-py3-none-any.whl", tarfile.SYMTYPE, "/etc/passwd"),
        member("files/one/one-2.0-py3-none-any.whl", tarfile.LNKTYPE, "catalog.sqlite3"),
        member("files/one/one-2.0-py3-none-any.whl", tarfile.FIFOTYPE),
        member("files/one", tarfile.DIRTYPE),
        member("CATALOG.sqlite3"),
    ],
    ids=lambda each: f"{each.name}-{each.type.decode()}",
)
def test_a_hostile_archive_is_refused_whole(
    old: Service, make: Make, tmp_path: Path, hostile: tarfile.TarInfo
) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    changed = appended(tmp_path / "backup.tar", hostile)
    new = make("new", opened=False)
    with pytest.raises(BackupError, match="Nothing was restored"):
        new.upkeep.restore_backup(changed)
    assert not new.folder.exists()
    assert not (tmp_path / "new").exists() or list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_backup_that_is_cut_short_anywhere_restores_nothing(
    old: Service, make: Make, tmp_path: Path, packed: bool
) -> None:
    path = tmp_path / ("backup.tar.zst" if packed else "backup.tar")
    old.upkeep.back_up(path)
    whole = path.read_bytes()
    used = len(whole.rstrip(b"\0")) - 512
    new = make("new", opened=False)
    lengths = [0, 3, len(whole) // 2, len(whole) - 1] if packed else [0, 3, *range(512, used, 1536)]
    for length in lengths:
        path.write_bytes(whole[:length])
        with pytest.raises(BackupError):
            new.upkeep.restore_backup(path)
        assert not new.folder.exists()


def test_what_is_no_backup_is_said_to_be_none(make: Make, tmp_path: Path) -> None:
    new = make("new", opened=False)
    for number, content in enumerate([b"", b"hello", build_wheel(), b"\0" * 10_240, os.urandom(5000)]):
        path = tmp_path / f"{number}.tar"
        path.write_bytes(content)
        with pytest.raises(BackupError, match="backup"):
            new.upkeep.restore_backup(path)
    assert not new.folder.exists()


def test_a_catalog_with_code_in_it_is_refused(old: Service, make: Make, tmp_path: Path) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    for code in (
        "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM projects; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE extra (x)",
        "UPDATE projects SET status = 'owned'",
        "DROP TABLE downloads",
    ):

        def change(name: str, content: bytes, code: str = code) -> tuple[str, bytes]:
            if name != "catalog.sqlite3":
                return name, content
            copy = tmp_path / "catalog"
            copy.write_bytes(content)
            connection = sqlite3.connect(copy)
            with connection:
                connection.execute(code)
            connection.close()
            return name, copy.read_bytes()

        new = make("new", opened=False)
        with pytest.raises(BackupError):
            new.upkeep.restore_backup(rewritten(tmp_path / "backup.tar", change))
        assert not new.folder.exists()


def with_catalog(tmp_path: Path, *statements: tuple[str, tuple[object, ...]] | str) -> Path:
    """Write the backup anew, its catalog changed by these statements."""

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name != "catalog.sqlite3":
            return name, content
        copy = tmp_path / "catalog"
        copy.write_bytes(content)
        connection = sqlite3.connect(copy)
        with connection:
            for statement in statements:
                connection.execute(*((statement,) if isinstance(statement, str) else statement))
        connection.close()
        return name, copy.read_bytes()

    return rewritten(tmp_path / "backup.tar", change)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE files SET upload_time_us = 253402300800000000",
        "UPDATE files SET upload_time_us = -9223372036854775807",
        "UPDATE files SET upload_time_us = 'today'",
        "UPDATE files SET summary = x'00'",
        "UPDATE files SET sha256 = 'text'",
        "UPDATE files SET yanked = x'ff'",
        "UPDATE files SET attestations_sha256 = 'text'",
        "UPDATE files SET changed = 9223372036854775807",
        "UPDATE repository SET serial = 9223372036854775807",
        "UPDATE projects SET status_reason = x'ff'",
        "UPDATE activity SET way = 'owned'",
        "INSERT INTO trash VALUES (9, 'one-1.0.tar.gz', 'one', '1.0', 'text', 1, 1, NULL, 1)",
    ],
)
def test_a_catalog_with_values_that_each_later_look_would_stumble_over_is_refused(
    old: Service, make: Make, tmp_path: Path, statement: str
) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    new = make("new", opened=False)
    with pytest.raises(BackupError, match="holds what none of ours does"):
        new.upkeep.restore_backup(with_catalog(tmp_path, statement))
    assert not new.folder.exists()


def test_what_the_files_themselves_tell_is_not_believed_of_a_catalog(
    old: Service, make: Make, tmp_path: Path
) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    lies = "UPDATE files SET summary = 'lies', requires_python = '<3', kind = 'egg', display_name = 'LIES'"
    new = make("new", opened=False)
    new.upkeep.restore_backup(with_catalog(tmp_path, lies))
    new.open(watch=False)
    assert new.snapshot.projects == old.snapshot.projects


@pytest.mark.parametrize("content", [b"no deflate", zlib.compress(b"[1"), zlib.compress(b"[" * 40_000_000)])
def test_attestations_that_no_upload_could_have_brought_are_dropped(
    old: Service, make: Make, tmp_path: Path, content: bytes
) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    digest = hashlib.sha256(content).digest()
    changed = with_catalog(
        tmp_path,
        ("INSERT INTO attestations VALUES (?, ?)", (digest, content)),
        ("UPDATE files SET attestations_sha256 = ?", (digest,)),
    )
    new = make("new", opened=False)
    assert new.upkeep.restore_backup(changed).restored.files == 3
    new.open(watch=False)
    assert {file.attestations_sha256 for file in new.snapshot.files()} == {None}


def test_trash_and_foreign_files_of_a_stranger_do_not_come_along(
    old: Service, make: Make, tmp_path: Path
) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    changed = with_catalog(
        tmp_path,
        "INSERT INTO trash VALUES (1, 'one-2.0.tar.gz', '../../../x', '2.0', x'00', 1, 1, NULL, 1)",
        "INSERT INTO foreign_files VALUES ('../../x', 1, 1, 1, 'unreadable', '')",
    )
    new = make("new", opened=False)
    new.upkeep.restore_backup(changed)
    new.open(watch=False)
    assert new._open_repository().trash() == ()
    assert new.foreign_files == ()


def headers_of_all_gigabytes() -> bytes:
    """Return a member whose extended header says that it has four gigabytes, and then has zeros."""
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 4 << 30
    return header.tobuf(tarfile.USTAR_FORMAT)


def headers_in_headers() -> bytes:
    """Return extended headers, each of which is about the next."""
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 512
    return (header.tobuf(tarfile.USTAR_FORMAT) + b"11 path=ab\n".ljust(512, b"\0")) * 5000


@pytest.mark.parametrize("headers", [headers_of_all_gigabytes, headers_in_headers])
def test_headers_that_would_fill_the_memory_or_the_stack_are_refused(
    make: Make, tmp_path: Path, headers: Callable[[], bytes]
) -> None:
    path = tmp_path / "hostile.tar.zst"
    with zstandard.open(path, "wb") as writing:
        writing.write(headers())
        for _ in range(64):
            writing.write(bytes(1 << 20))
    new = make("new", opened=False)
    tracemalloc.start()
    with pytest.raises(BackupError):
        new.upkeep.restore_backup(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 48 << 20
    assert not new.folder.exists()


def test_a_file_larger_than_what_the_backup_says_is_refused_before_it_is_written(
    old: Service, make: Make, tmp_path: Path
) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    written: list[Progress] = []

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        return (name, content + bytes(50 << 20)) if "one-1.0" in name else (name, content)

    changed = rewritten(tmp_path / "backup.tar", change)
    new = make("new", opened=False)
    with pytest.raises(BackupError, match="holds more than it says"):
        new.upkeep.restore_backup(changed, progress=written.append)
    assert written == []


def test_a_private_repository_is_private_where_it_comes_back(
    old: Service, make: Make, tmp_path: Path
) -> None:
    old.access.set_reading(Reading.TOKEN)
    token = old.access.create("colleague")
    old.upkeep.back_up(tmp_path / "backup.tar")
    new = make("new", opened=False)
    new.upkeep.restore_backup(tmp_path / "backup.tar")
    new.open(watch=False)
    gate = new.access.open_gate()
    header = "Bearer " + token.secret
    denied = gate.decide(Right.READ, header, address="192.0.2.1", project=None)
    new.access.close_gate()
    assert isinstance(denied, Denied)
    assert new.access.reading is Reading.TOKEN


def test_a_file_swapped_for_another_goes_through_the_door_like_any_other(
    old: Service, make: Make, tmp_path: Path
) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name.endswith("one-1.0-py3-none-any.whl"):
            return name, b"<html>".ljust(len(content))
        return name, content

    new = make("new", opened=False)
    brought = new.upkeep.restore_backup(rewritten(tmp_path / "backup.tar", change))
    assert brought.restored.files == 2
    (refused,) = brought.restored.refused
    assert refused.refusal.reason is RefusalReason.NOT_AN_ARCHIVE
    assert refused.path.is_relative_to(new.folder)
    assert refused.path.exists()


def test_a_catalog_of_a_newer_cheeseboard_is_refused(old: Service, make: Make, tmp_path: Path) -> None:
    from cheeseboard.repository import schema

    old.upkeep.back_up(tmp_path / "backup.tar")

    def change(name: str, content: bytes) -> tuple[str, bytes]:
        if name != "catalog.sqlite3":
            return name, content
        copy = tmp_path / "catalog"
        copy.write_bytes(content)
        connection = sqlite3.connect(copy)
        with connection:
            connection.execute(f"PRAGMA user_version = {schema.SCHEMA_VERSION + 1}")
        connection.close()
        return name, copy.read_bytes()

    from cheeseboard.errors import CatalogTooNew

    new = make("new", opened=False)
    with pytest.raises(CatalogTooNew):
        new.upkeep.restore_backup(rewritten(tmp_path / "backup.tar", change))
    assert not new.folder.exists()


def test_a_backup_comes_back_beside_the_open_repository(old: Service, tmp_path: Path) -> None:
    old.upkeep.back_up(tmp_path / "backup.tar")
    before = bytes_of(old)

    brought = old.upkeep.restore_backup(tmp_path / "backup.tar", into=tmp_path / "beside")

    assert (brought.restored.folder, brought.restored.files) == (tmp_path / "beside", 3)
    assert bytes_of(old) == before
    assert {one.folder for one in old.repositories()} >= {old.folder, tmp_path / "beside"}
