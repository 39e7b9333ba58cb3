"""An archived project takes nothing new; what it had before is not new."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import write_wheel

from cheeseboard.events import Way
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.salvage import read_decisions
from cheeseboard.repository.snapshot import ProjectStatus

ACME = NormalizedName("acme-core")


@pytest.fixture
def place(repository: Repository, outside: Path) -> Path:
    """Return where the one file of an archived project lies."""
    (accepted,) = repository.add([write_wheel(outside)], Way.DROP).accepted
    repository.set_project_status(ACME, ProjectStatus.ARCHIVED, "", Way.DROP)
    return repository.path_of(accepted.file)


def old(path: Path) -> None:
    os.utime(path, (1_700_000_000, 1_700_000_000))


def test_a_file_that_was_away_is_taken_back_into_its_archived_project(
    repository: Repository, place: Path, outside: Path
) -> None:
    before = repository.snapshot.projects[ACME]
    place.rename(outside / "away")
    repository.scan()
    assert ACME not in repository.snapshot.projects
    place.parent.mkdir(exist_ok=True)
    (outside / "away").rename(place)
    old(place)
    repository.scan()
    assert repository.snapshot.projects[ACME] == before


def test_a_new_file_in_its_directory_is_not_taken(repository: Repository, place: Path) -> None:
    old(write_wheel(place.parent, "acme-core", "2.0"))
    repository.scan()
    assert repository.snapshot.projects[ACME].versions == ("1.0",)
    assert len(repository.foreign_files) == 1


def test_an_archived_project_survives_a_catalog_that_was_lost_and_salvaged(
    repository: Repository, place: Path, open_repository: Callable[..., Repository]
) -> None:
    old(place)
    before = repository.snapshot.projects[ACME]
    repository.close()
    catalog = repository.folder / ".cheeseboard/catalog.sqlite3"
    decisions = read_decisions(catalog)
    catalog.unlink()
    again = open_repository()
    again.expect(decisions)
    again.scan()
    assert again.snapshot.projects[ACME] == before
