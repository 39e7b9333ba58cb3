"""The service joins the stations: repositories, what was removed, and what is remembered."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.builders import write_wheel

from cheeseboard.errors import FolderUnavailable
from cheeseboard.events import Event, RepositorySwitched, Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.intake import Accepted, Rejected
from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.server.state import Serving
from cheeseboard.service import Service


@pytest.fixture
def make_service(own_home: Path) -> Iterator[Callable[..., Service]]:
    made: list[Service] = []

    def make(folder: Path | None = None) -> Service:
        environ = {"CHEESEBOARD_HOME": str(own_home / "cheeseboard"), "PATH": os.environ["PATH"]}
        service = Service(find_locations(environ), {**environ, "HOME": str(own_home)}, folder=folder)
        made.append(service)
        return service

    yield make
    for service in made:
        service.close()


@pytest.fixture
def service(make_service: Callable[..., Service]) -> Service:
    service = make_service()
    service.open(watch=False)
    return service


def test_an_unopened_service_has_an_empty_snapshot_and_says_why_nothing_can_be_added(
    make_service: Callable[..., Service], tmp_path: Path
) -> None:
    service = make_service()
    assert service.snapshot.file_count == 0
    with pytest.raises(FolderUnavailable, match="is not open"):
        service.add([write_wheel(tmp_path)], Way.DROP)


def test_undo_takes_a_whole_batch_back_and_restore_brings_it_again(service: Service, tmp_path: Path) -> None:
    batch = service.add([write_wheel(tmp_path, "one"), write_wheel(tmp_path, "two")], Way.DROP)
    before = dict(service.snapshot.projects)
    removal = service.undo(batch)
    assert service.snapshot.file_count == 0
    service.restore(removal)
    assert dict(service.snapshot.projects) == before


def test_chosen_files_come_back_from_the_trash(service: Service, tmp_path: Path) -> None:
    batch = service.add([write_wheel(tmp_path, "one"), write_wheel(tmp_path, "two")], Way.DROP)
    service.undo(batch)
    (row,) = [row for row in service.trash() if row.project == "two"]
    (outcome,) = service.restore_rows([row])
    assert isinstance(outcome, Accepted)
    assert list(service.snapshot.projects) == ["two"]
    assert [row.project for row in service.trash()] == ["one"]


def test_the_trash_never_empties_itself_within_thirty_days(
    make_service: Callable[..., Service], service: Service, tmp_path: Path
) -> None:
    service.undo(service.add([write_wheel(tmp_path)], Way.DROP))
    service.change_settings(trash_days=0)
    service.close()
    again = make_service()
    again.open(watch=False)
    assert len(again.trash()) == 1
    assert again.empty_trash() == 1
    assert again.trash() == ()


def test_a_closed_project_takes_no_new_files(service: Service, tmp_path: Path) -> None:
    service.add([write_wheel(tmp_path)], Way.DROP)
    (name,) = service.snapshot.projects
    service.set_project_status(name, ProjectStatus.ARCHIVED, "done")
    (outcome,) = service.add([write_wheel(tmp_path, version="2.0")], Way.DROP).outcomes
    assert isinstance(outcome, Rejected)
    (project,) = service.snapshot.projects.values()
    assert (project.status, project.status_reason) == (ProjectStatus.ARCHIVED, "done")
    service.set_project_status(name, ProjectStatus.ACTIVE)
    assert service.add([write_wheel(tmp_path, version="2.0")], Way.DROP).accepted


def test_several_repositories_are_known_by_name(service: Service, tmp_path: Path) -> None:
    service.remember_repository("Team", tmp_path / "team")
    known = {repository.name: repository.is_open for repository in service.repositories()}
    assert known == {"Team": False, "packages": True}
    with pytest.raises(ValueError, match="Team"):
        service.remember_repository("Team", tmp_path / "elsewhere")
    service.remember_repository("Our team", tmp_path / "team")
    service.forget_repository(tmp_path / "team")
    assert [repository.name for repository in service.repositories()] == ["packages"]


def test_switching_opens_another_folder_and_serves_it_as_before(service: Service, tmp_path: Path) -> None:
    seen: list[Event] = []
    service.add([write_wheel(tmp_path, "here")], Way.DROP)
    service.sharing.serve(lan=False, port=0)
    service.bus.subscribe(seen.append)
    service.switch(tmp_path / "other")
    assert service.folder == tmp_path / "other"
    assert service.snapshot.file_count == 0
    assert RepositorySwitched() in seen
    service.change_settings(ports={})


def test_a_folder_that_cannot_be_opened_leaves_the_one_that_was_open(
    service: Service, tmp_path: Path
) -> None:
    wheel = write_wheel(tmp_path, "here")
    service.add([wheel], Way.DROP)
    with pytest.raises(FolderUnavailable):
        service.switch(wheel)
    assert list(service.snapshot.projects) == ["here"]


def test_a_port_that_was_chosen_is_remembered_for_its_folder_alone(
    make_service: Callable[..., Service], service: Service, tmp_path: Path
) -> None:
    serving = service.sharing.serve(lan=False, port=0)
    service.close()
    assert make_service().sharing.port == serving.port
    assert make_service(tmp_path / "other").sharing.port != serving.port


def test_serving_stops_and_starts_on_the_same_port(service: Service) -> None:
    first = service.sharing.serve(lan=False, port=0)
    assert service.sharing.stop_serving()
    second = service.sharing.serve(lan=False)
    assert isinstance(service.sharing.server_state, Serving)
    assert second.port == first.port
