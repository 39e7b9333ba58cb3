import gzip
from dataclasses import replace

import pytest
import zstandard
from tests.server.board import make_file, make_project, make_snapshot

from cheeseboard.index import page as page_module
from cheeseboard.index.model import ProjectDetail, ProjectList
from cheeseboard.index.negotiate import Encoding, Form
from cheeseboard.index.page import Encoded, Page, PageStore, encode, make_page
from cheeseboard.repository.snapshot import Project

ACME = make_project("acme", [make_file("acme-1.0-py3-none-any.whl")])
ZOPE = make_project("zope", [make_file("zope-1.0-py3-none-any.whl")])


def test_the_same_bytes_have_the_same_etag_and_others_another() -> None:
    assert make_page("text/html", b"a").etag == make_page("text/html", b"a").etag
    assert make_page("text/html", b"a").etag != make_page("text/html", b"b").etag


def test_an_etag_is_strong_and_each_form_has_its_own() -> None:
    page = make_page("text/html", b"x" * 5000)
    assert page.etag.startswith('"')
    assert page.etag.endswith('"')
    assert len({encode(page, encoding).etag for encoding in Encoding}) == 3


def test_a_large_page_is_compressed_and_a_small_one_is_sent_as_it_is() -> None:
    page = make_page("text/html", b"x" * 5000)
    assert gzip.decompress(encode(page, Encoding.GZIP).body) == page.body
    assert zstandard.decompress(encode(page, Encoding.ZSTD).body) == page.body
    small = make_page("text/html", b"x" * 100)
    for encoding in Encoding:
        assert encode(small, encoding) == Encoded(Encoding.IDENTITY, small.body, small.etag)


@pytest.mark.parametrize("form", list(Form))
def test_content_types_are_exact(form: Form) -> None:
    store = PageStore()
    pages = store.project(make_snapshot(ACME), ACME.name)
    assert pages is not None
    assert pages.page(form).content_type.split(";")[0] == form.value
    assert store.root(make_snapshot(ACME)).page(form).content_type.split(";")[0] == form.value


def test_an_unknown_project_has_no_page() -> None:
    assert PageStore().project(make_snapshot(ACME), ZOPE.name) is None


def test_a_page_is_rendered_once() -> None:
    store, snapshot = PageStore(), make_snapshot(ACME)
    pages = store.project(snapshot, ACME.name)
    assert pages is not None
    assert pages is store.project(snapshot, ACME.name)
    assert pages.page(Form.JSON) is pages.page(Form.JSON)


def test_one_changed_project_renders_its_own_page_anew_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    original = page_module.render

    def render(value: ProjectList | ProjectDetail, form: Form) -> Page:
        rendered.append("root" if isinstance(value, ProjectList) else value.name)
        return original(value, form)

    monkeypatch.setattr(page_module, "render", render)
    store = PageStore()

    def read_all(*projects: Project) -> list[str]:
        rendered.clear()
        snapshot = make_snapshot(*projects)
        for project in projects:
            pages = store.project(snapshot, project.name)
            assert pages is not None
            pages.page(Form.JSON)
        store.root(snapshot).page(Form.JSON)
        return list(rendered)

    assert sorted(read_all(ACME, ZOPE)) == ["acme", "root", "zope"]
    assert read_all(ACME, ZOPE) == []
    changed = replace(ACME, files=(make_file("acme-2.0-py3-none-any.whl"), *ACME.files))
    assert read_all(changed, ZOPE) == ["acme"]
    assert sorted(read_all(changed, ZOPE, make_project("new", []))) == ["new", "root"]
    assert read_all(ZOPE) == ["root"]


def test_pages_of_a_project_that_is_gone_are_let_go() -> None:
    store = PageStore()
    store.project(make_snapshot(ACME, ZOPE), ACME.name)
    assert store.project(make_snapshot(ZOPE), ACME.name) is None
    store.root(make_snapshot(ZOPE))
    assert list(store._projects) == []
