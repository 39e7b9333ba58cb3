import pytest
from tests.server.board import make_file, make_project

from cheeseboard.index.build import build_file, build_project_detail, build_project_list, format_upload_time
from cheeseboard.repository.snapshot import ProjectStatus

WHEEL = make_file("acme_core-1.0-py3-none-any.whl")
SDIST = make_file("acme_core-1.0.tar.gz")


def test_the_root_lists_every_project_once_and_sorted() -> None:
    names = [make_project(name, []).name for name in ("zope-interface", "acme", "acme")]
    assert build_project_list(names).names == ("acme", "zope-interface")


def test_versions_are_unique_cover_every_file_and_follow_pep_440() -> None:
    files = [
        make_file(f"acme-{version}-py3-none-any.whl")
        for version in ("1.10", "1.9", "1.10rc1", "2!0.1", "1.9.post1")
    ]
    files.append(make_file("acme-1.9.tar.gz"))
    detail = build_project_detail(make_project("acme", files))
    assert detail.versions == ("1.9", "1.9.post1", "1.10rc1", "1.10", "2!0.1")


def test_only_wheels_announce_metadata() -> None:
    assert build_file(WHEEL).metadata_sha256 == WHEEL.metadata_sha256
    assert build_file(SDIST).metadata_sha256 is None


@pytest.mark.parametrize("specifier", [">=3.6.*", "three", ">=3.6,<"])
def test_a_requires_python_that_is_invalid_is_left_out(specifier: str) -> None:
    assert build_file(WHEEL._replace(requires_python=specifier)).requires_python is None


def test_a_requires_python_that_is_valid_is_kept_as_it_was_written() -> None:
    assert build_file(WHEEL._replace(requires_python=">= 3.8, !=3.9.1")).requires_python == ">= 3.8, !=3.9.1"


@pytest.mark.parametrize(
    ("filename", "url"),
    [
        ("torch-1.0+cu12-py3-none-any.whl", "torch-1.0%2Bcu12-py3-none-any.whl"),
        ("a-1!2.0-py3-none-any.whl", "a-1%212.0-py3-none-any.whl"),
        ("acme core-1.0.tar.gz", "acme%20core-1.0.tar.gz"),
        ("100%-1.0.tar.gz", "100%25-1.0.tar.gz"),
        ("käse-1.0.tar.gz", "k%C3%A4se-1.0.tar.gz"),
        ("../../etc/passwd", "..%2F..%2Fetc%2Fpasswd"),
    ],
)
def test_a_url_is_relative_and_escaped(filename: str, url: str) -> None:
    assert build_file(WHEEL._replace(filename=filename)).url == url


@pytest.mark.parametrize(
    ("microseconds", "written"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1_790_000_000_123_456, "2026-09-21T14:13:20.123456Z"),
        (1_790_000_000_000_000, "2026-09-21T14:13:20Z"),
        (1_790_000_000_999_999, "2026-09-21T14:13:20.999999Z"),
    ],
)
def test_a_time_is_written_as_the_specification_wants_it(microseconds: int, written: str) -> None:
    assert format_upload_time(microseconds) == written


def test_a_quarantined_project_lists_no_file() -> None:
    project = make_project("acme-core", [WHEEL], status=ProjectStatus.QUARANTINED, status_reason="malware")
    detail = build_project_detail(project)
    assert (detail.files, detail.versions, detail.status_reason) == ((), (), "malware")


@pytest.mark.parametrize("status", [ProjectStatus.ACTIVE, ProjectStatus.ARCHIVED, ProjectStatus.DEPRECATED])
def test_every_other_status_lists_its_files(status: ProjectStatus) -> None:
    assert len(build_project_detail(make_project("acme-core", [WHEEL], status=status)).files) == 1


def test_what_was_attested_is_linked_by_an_absolute_url_and_named_by_no_other_page() -> None:
    attested = WHEEL._replace(attestations_sha256="0" * 64)
    found = build_file(attested, "https://localhost:8443").provenance
    assert found == f"https://localhost:8443/simple/acme-core/{WHEEL.filename}.provenance"
    assert build_file(WHEEL, "https://localhost:8443").provenance is None
