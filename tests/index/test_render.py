import json
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from tests.server.board import make_file, make_project

from cheeseboard.index import render_html, render_json
from cheeseboard.index.build import build_project_detail, build_project_list
from cheeseboard.repository.snapshot import File, ProjectStatus

WHEEL = make_file("acme_core-1.0-py3-none-any.whl")
SDIST = make_file("acme_core-1.0.tar.gz", requires_python=None)
HOSTILE = '"><script>alert(1)</script>&'


def as_json(*files: File, **facts: Any) -> dict[str, Any]:
    detail = build_project_detail(make_project("acme-core", files, **facts))
    found: dict[str, Any] = json.loads(render_json.render_project_detail(detail))
    return found


def as_html(*files: File, **facts: Any) -> BeautifulSoup:
    detail = build_project_detail(make_project("acme-core", files, **facts))
    return BeautifulSoup(render_html.render_project_detail(detail), "html.parser")


def anchors(page: BeautifulSoup) -> list[Tag]:
    return list(page.find_all("a"))


def meta(page: BeautifulSoup, name: str) -> str | None:
    found = page.find("meta", attrs={"name": name})
    return str(found["content"]) if isinstance(found, Tag) else None


def test_json_holds_every_field_of_a_wheel() -> None:
    (file,) = as_json(WHEEL)["files"]
    assert file == {
        "filename": WHEEL.filename,
        "url": WHEEL.filename,
        "hashes": {"sha256": WHEEL.sha256},
        "size": WHEEL.size,
        "upload-time": "2026-09-21T14:13:20.123456Z",
        "requires-python": ">=3.8",
        "core-metadata": {"sha256": WHEEL.metadata_sha256},
        "dist-info-metadata": {"sha256": WHEEL.metadata_sha256},
    }


def test_json_never_holds_null() -> None:
    text = json.dumps(as_json(WHEEL, SDIST))
    assert "null" not in text


@pytest.mark.parametrize(("reason", "written"), [("", True), ("broken", "broken")])
def test_json_says_yanked_as_true_or_as_the_reason(reason: str, written: object) -> None:
    assert as_json(WHEEL._replace(yanked=reason))["files"][0]["yanked"] == written


def test_json_leaves_yanked_out_where_it_does_not_apply() -> None:
    assert "yanked" not in as_json(WHEEL)["files"][0]


def test_json_carries_version_name_status_and_versions() -> None:
    page = as_json(WHEEL, status=ProjectStatus.DEPRECATED, status_reason="use acme-next")
    assert page["meta"] == {"api-version": "1.4"}
    assert page["name"] == "acme-core"
    assert page["versions"] == ["1.0"]
    assert page["project-status"] == {"status": "deprecated", "reason": "use acme-next"}


def test_html_holds_every_field_of_a_wheel() -> None:
    (anchor,) = anchors(as_html(WHEEL))
    assert anchor.text == WHEEL.filename
    assert anchor.attrs == {
        "href": f"{WHEEL.filename}#sha256={WHEEL.sha256}",
        "data-requires-python": ">=3.8",
        "data-core-metadata": f"sha256={WHEEL.metadata_sha256}",
        "data-dist-info-metadata": f"sha256={WHEEL.metadata_sha256}",
    }


def test_html_of_an_sdist_announces_no_metadata() -> None:
    assert set(anchors(as_html(SDIST))[0].attrs) == {"href"}


@pytest.mark.parametrize("reason", ["", "broken"])
def test_html_says_yanked(reason: str) -> None:
    assert anchors(as_html(WHEEL._replace(yanked=reason)))[0]["data-yanked"] == reason


def test_html_carries_the_version_and_says_a_status_only_when_there_is_something_to_say() -> None:
    page = as_html(WHEEL)
    assert meta(page, "pypi:repository-version") == "1.4"
    assert meta(page, "pypi:project-status") is None
    closed = as_html(WHEEL, status=ProjectStatus.ARCHIVED, status_reason="done")
    assert meta(closed, "pypi:project-status") == "archived"
    assert meta(closed, "pypi:project-status-reason") == "done"


def test_html_escapes_all_that_came_from_files_and_owners() -> None:
    hostile = WHEEL._replace(filename=HOSTILE, yanked=HOSTILE)
    page = as_html(hostile, status=ProjectStatus.DEPRECATED, status_reason=HOSTILE)
    assert page.find("script") is None
    (anchor,) = anchors(page)
    assert anchor.text == HOSTILE
    assert anchor["data-yanked"] == HOSTILE
    assert meta(page, "pypi:project-status-reason") == HOSTILE


def test_html_escapes_the_signs_of_requires_python() -> None:
    detail = build_project_detail(make_project("acme-core", [WHEEL]))
    assert b'data-requires-python="&gt;=3.8"' in render_html.render_project_detail(detail)


def test_the_root_names_each_project_in_both_forms() -> None:
    projects = build_project_list([make_project(name, []).name for name in ("zope-interface", "acme")])
    page = BeautifulSoup(render_html.render_project_list(projects), "html.parser")
    assert [(anchor.text, anchor["href"]) for anchor in anchors(page)] == [
        ("acme", "acme/"),
        ("zope-interface", "zope-interface/"),
    ]
    assert json.loads(render_json.render_project_list(projects)) == {
        "meta": {"api-version": "1.4"},
        "projects": [{"name": "acme"}, {"name": "zope-interface"}],
    }
