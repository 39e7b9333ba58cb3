"""The integrity check finds what disks change behind stat's back, and takes it out of the index."""

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import write_sdist, write_wheel

from cheeseboard.errors import RefusalReason
from cheeseboard.events import Progress, Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.check import Fault, check_catalog
from cheeseboard.service import Service


@pytest.fixture
def service(own_home: Path, tmp_path: Path) -> Iterator[Service]:
    environ = {"CHEESEBOARD_HOME": str(own_home / "cheeseboard"), "PATH": os.environ["PATH"]}
    service = Service(find_locations(environ), environ, folder=tmp_path / "packages")
    service.open(watch=False)
    yield service
    service.close()


@pytest.fixture
def filled(service: Service, tmp_path: Path) -> Service:
    paths = [write_wheel(tmp_path, "one"), write_wheel(tmp_path, "two"), write_sdist(tmp_path, "two")]
    assert len(service.add(paths, Way.DROP).accepted) == 3
    return service


def rot(path: Path) -> None:
    """Flip one byte and leave all that stat says as it was, as a failing disk does."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def place(service: Service, project: str) -> Path:
    return next(service.path_of(file) for file in service.snapshot.files() if file.project == project)


def test_a_sound_repository_has_no_findings_and_tells_its_progress(filled: Service) -> None:
    told: list[Progress] = []
    report = filled.upkeep.check(progress=told.append)
    assert (report.checked, report.findings, report.complete) == (3, (), True)
    assert report.size == filled.snapshot.total_size == told[-1].bytes_done == told[-1].bytes_total
    assert [each.done for each in told] == [1, 2, 3]


def test_a_flipped_bit_that_no_scan_sees_leaves_the_index_and_the_file_stays(filled: Service) -> None:
    path = place(filled, "one")
    rot(path)
    filled.look_through()
    assert "one" in filled.snapshot.projects
    (finding,) = filled.upkeep.check().findings
    assert (finding.fault, finding.file and finding.file.filename) == (Fault.CHANGED, path.name)
    assert "one" not in filled.snapshot.projects
    assert path.exists()
    (foreign,) = filled.foreign_files
    assert (foreign.path, foreign.refusal.reason) == (path, RefusalReason.CHANGED)
    filled.look_through()
    assert "one" not in filled.snapshot.projects
    assert filled.upkeep.check().findings == ()


def test_a_missing_file_leaves_the_index(filled: Service) -> None:
    place(filled, "one").unlink()
    (finding,) = filled.upkeep.check().findings
    assert finding.fault is Fault.MISSING
    assert "one" not in filled.snapshot.projects


@pytest.mark.skipif(os.name == "nt", reason="symlinks need a right there")
def test_a_file_that_cannot_be_read_is_told_and_stays(filled: Service, tmp_path: Path) -> None:
    path = place(filled, "one")
    path.rename(tmp_path / "aside")
    path.symlink_to(tmp_path / "aside")
    (finding,) = filled.upkeep.check().findings
    assert finding.fault is Fault.UNREADABLE
    assert "one" in filled.snapshot.projects


def test_what_its_owner_removed_meanwhile_is_no_finding(filled: Service) -> None:
    file = filled.snapshot.projects[next(iter(filled.snapshot.projects))].files[0]

    def remove(progress: Progress) -> None:
        if progress.done == 1:
            filled.remove([file])

    assert filled.upkeep.check(progress=remove).findings == ()


def test_a_cancelled_check_says_that_it_is_not_complete(filled: Service) -> None:
    report = filled.upkeep.check(cancelled=lambda: True)
    assert (report.checked, report.complete) == (0, False)


def test_a_damaged_catalog_is_found(filled: Service) -> None:
    catalog = filled.folder / ".cheeseboard" / "catalog.sqlite3"
    filled.close()
    with sqlite3.connect(catalog) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'files_by_project'"
        ).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with catalog.open("r+b") as file:
        file.seek((page - 1) * size + size // 2)
        file.write(b"\xff" * (size // 2))
    findings = check_catalog(catalog)
    assert findings
    assert {finding.fault for finding in findings} == {Fault.CATALOG}


@pytest.mark.parametrize("twist", [rot, Path.unlink])
def test_settling_twice_changes_nothing_more(filled: Service, twist: Callable[[Path], None]) -> None:
    twist(place(filled, "one"))
    filled.upkeep.check()
    serial = filled.snapshot.serial
    filled.upkeep.check()
    assert filled.snapshot.serial == serial


@pytest.mark.parametrize("content", [b"", b"no zlib", zlib.compress(b"Name: other")])
def test_metadata_that_is_not_what_it_was_is_found_though_sqlite_finds_nothing(
    filled: Service, content: bytes
) -> None:
    catalog = filled.folder / ".cheeseboard" / "catalog.sqlite3"
    (file,) = filled.snapshot.projects[NormalizedName("one")].files
    key = bytes.fromhex(file.metadata_sha256)
    connection = sqlite3.connect(catalog)
    with connection:
        connection.execute("UPDATE core_metadata SET content = ? WHERE sha256 = ?", (content, key))
    connection.close()
    assert check_catalog(catalog) == ()
    (finding,) = filled.upkeep.check().findings
    assert (finding.fault, finding.file) == (Fault.CATALOG, file)


def test_a_whole_check_is_remembered_and_a_cancelled_one_is_not(filled: Service) -> None:
    filled.upkeep.check(cancelled=lambda: True)
    assert filled.upkeep.last_check is None

    filled.upkeep.check()

    assert filled.upkeep.last_check is not None
