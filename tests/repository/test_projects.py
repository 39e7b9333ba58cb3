"""Projects that are made when somebody asks for them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import write_wheel

from cheeseboard.events import Way
from cheeseboard.repository.projects import Projects, Unmade
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.snapshot import Project

ONE, OTHER = NormalizedName("one"), NormalizedName("other")


class Workshop:
    """Makes projects, and remembers which."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def order(self, name: NormalizedName) -> Unmade:
        """Return a project to be made here."""

        def make() -> Project:
            self.made.append(name)
            return Project(name, name, ())

        return Unmade(make)


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


@pytest.fixture
def projects(workshop: Workshop) -> Projects:
    return Projects({name: workshop.order(name) for name in (ONE, OTHER)})


def test_names_and_number_are_known_without_making_a_project(workshop: Workshop, projects: Projects) -> None:
    assert list(projects) == [ONE, OTHER]
    assert len(projects) == 2
    assert ONE in projects
    assert NormalizedName("third") not in projects
    assert workshop.made == []


def test_a_project_is_made_once(workshop: Workshop, projects: Projects) -> None:
    assert projects[ONE] is projects[ONE]
    assert workshop.made == [ONE]


def test_what_did_not_change_is_the_same_project_before_and_after(
    workshop: Workshop, projects: Projects
) -> None:
    changed = Project(OTHER, "Other", ())
    after = projects.but({OTHER: changed})
    assert after[ONE] is projects[ONE]
    assert after[OTHER] is changed
    assert workshop.made == [ONE]


def test_a_project_that_is_gone_stays_in_the_projects_before(projects: Projects) -> None:
    after = projects.but({ONE: None})
    assert ONE not in after
    assert projects[ONE].name == ONE


def test_threads_that_ask_at_once_get_the_same_project() -> None:
    together = threading.Barrier(4)
    made = []

    def make() -> Project:
        made.append(ONE)
        return Project(ONE, "One", ())

    projects = Projects({ONE: Unmade(make)})

    def ask() -> Project:
        together.wait(10)
        return projects[ONE]

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result() for future in [pool.submit(ask) for _ in range(4)]]
    assert all(answer is answers[0] for answer in answers)
    assert made == [ONE]


def test_an_opened_repository_shows_just_what_was_there_when_it_was_closed(
    repository: Repository, outside: Path, open_repository: Callable[..., Repository]
) -> None:
    repository.add([write_wheel(outside, "one", f"1.{number}") for number in range(3)], Way.DROP)
    repository.add([write_wheel(outside, "Other")], Way.DROP)
    repository.yank(repository.snapshot.projects[OTHER].files, "wrong", Way.DROP)
    before = repository.snapshot
    repository.close()
    after = open_repository().snapshot
    assert after == before
    assert (after.file_count, after.total_size) == (before.file_count, before.total_size)


def test_a_start_reads_no_file_and_makes_no_project(
    repository: Repository,
    outside: Path,
    open_repository: Callable[..., Repository],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository.add([write_wheel(outside, f"project-{number}") for number in range(5)], Way.DROP)
    repository.close()

    def refuse(*_: object) -> None:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr("cheeseboard.repository.advance.file_row", refuse)
    monkeypatch.setattr("cheeseboard.repository.intake.judge", refuse)
    again = open_repository()
    again.scan()
    assert again.snapshot.file_count == 5
    assert len(again.snapshot.projects) == 5
