"""The strict oracle reads every page, in JSON and in HTML, and finds what the repository holds."""

from collections.abc import Iterator

import pytest
import requests
from pypi_simple import (
    ACCEPT_HTML_ONLY,
    ACCEPT_JSON_ONLY,
    DistributionPackage,
    NoSuchProjectError,
    PyPISimple,
)
from tests.server.board import Board
from tests.server.client import Client

from cheeseboard.distributions.distribution import Kind


@pytest.fixture
def oracle(client: Client) -> Iterator[PyPISimple]:
    session = requests.Session()
    session.trust_env = False
    session.verify = str(client.ca)
    with PyPISimple(f"{client.url}/simple/", session=session) as simple:
        yield simple


@pytest.mark.parametrize("accept", [ACCEPT_JSON_ONLY, ACCEPT_HTML_ONLY])
def test_the_root_names_every_project(oracle: PyPISimple, board: Board, accept: str) -> None:
    page = oracle.get_index_page(accept=accept)
    assert page.repository_version == "1.4"
    assert sorted(page.projects) == sorted(board.snapshot.projects)


@pytest.mark.parametrize("accept", [ACCEPT_JSON_ONLY, ACCEPT_HTML_ONLY])
def test_every_page_holds_the_repositorys_files_and_fields(
    oracle: PyPISimple, board: Board, accept: str
) -> None:
    for project in board.snapshot.projects.values():
        page = oracle.get_project_page(project.name, accept=accept)
        assert page.repository_version == "1.4"
        found = {package.filename: package for package in page.packages}
        assert set(found) == {file.filename for file in project.files}
        for file in project.files:
            package = found[file.filename]
            assert package.digests == {"sha256": file.sha256}
            assert package.requires_python == file.requires_python
            assert package.is_yanked is (file.yanked is not None)
            assert (package.yanked_reason or "") == (file.yanked or "")
            assert bool(package.has_metadata) is (file.kind is Kind.WHEEL)
            if accept == ACCEPT_JSON_ONLY:
                assert package.size == file.size
                assert package.upload_time == file.upload_time
        if accept == ACCEPT_JSON_ONLY:
            assert page.versions is not None
            assert set(page.versions) == set(project.versions)


def test_every_files_metadata_verifies_and_is_what_the_repository_holds(
    oracle: PyPISimple, board: Board
) -> None:
    for package in wheels(oracle, board):
        assert oracle.get_package_metadata_bytes(package, verify=True) == board.metadata[package.filename]


def test_every_file_can_be_downloaded_and_verifies(
    oracle: PyPISimple, board: Board, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("downloads")
    for project in board.snapshot.projects:
        for package in oracle.get_project_page(project, accept=ACCEPT_JSON_ONLY).packages:
            oracle.download_package(package, directory / package.filename, verify=True)


def test_an_unknown_project_is_known_to_be_unknown(oracle: PyPISimple) -> None:
    with pytest.raises(NoSuchProjectError):
        oracle.get_project_page("nothing")


def wheels(oracle: PyPISimple, board: Board) -> list[DistributionPackage]:
    return [
        package
        for project in board.snapshot.projects
        for package in oracle.get_project_page(project, accept=ACCEPT_JSON_ONLY).packages
        if package.filename.endswith(".whl")
    ]
