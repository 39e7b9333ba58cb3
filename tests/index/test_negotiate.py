import pytest

from cheeseboard.index.negotiate import (
    Encoding,
    Form,
    choose_encoding,
    choose_form,
    form_by_name,
    names_json,
    prefers_html,
)

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PIP = f"{JSON}, {HTML}; q=0.1, text/html; q=0.01"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, Form.JSON),
        ("", Form.JSON),
        ("*/*", Form.JSON),
        ("application/*", Form.JSON),
        ("text/*", Form.LEGACY_HTML),
        (JSON, Form.JSON),
        (HTML, Form.HTML),
        ("text/html", Form.LEGACY_HTML),
        ("Text/HTML; charset=utf-8", Form.LEGACY_HTML),
        ("application/vnd.pypi.simple.latest+json", Form.JSON),
        ("application/vnd.pypi.simple.latest+html", Form.HTML),
        (PIP, Form.JSON),
        (BROWSER, Form.LEGACY_HTML),
        (f"text/html, {HTML}, {JSON}", Form.JSON),
        (f"text/html, {HTML}", Form.HTML),
        (f"{JSON};q=0.2, text/html;q=0.9", Form.LEGACY_HTML),
        (f"{JSON};q=0, */*", Form.HTML),
        (f"{JSON};q=0, {HTML};q=0, */*;q=0.1", Form.LEGACY_HTML),
        ("*/*;q=0", None),
        ("application/json", None),
        ("image/png", None),
        ("application/vnd.pypi.simple.v2+json", None),
        (f"{JSON};q=banana", None),
        (f"{JSON};q=nan", None),
        (f"{JSON};q=-1", None),
        (";;,,;q=1", None),
    ],
)
def test_the_accept_header_decides_the_form(accept: str | None, form: Form | None) -> None:
    assert choose_form(accept) is form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        (JSON, Form.JSON),
        ("application/vnd.pypi.simple.latest+json", Form.JSON),
        (HTML, Form.HTML),
        ("text/html", Form.LEGACY_HTML),
        ("json", None),
        ("", None),
    ],
)
def test_the_format_parameter_names_one_form(name: str, form: Form | None) -> None:
    assert form_by_name(name) is form


@pytest.mark.parametrize(
    ("accept_encoding", "chosen"),
    [
        (None, Encoding.IDENTITY),
        ("", Encoding.IDENTITY),
        ("identity", Encoding.IDENTITY),
        ("gzip", Encoding.GZIP),
        ("GZIP", Encoding.GZIP),
        ("x-gzip", Encoding.GZIP),
        ("br, gzip;q=0.5", Encoding.GZIP),
        ("gzip, deflate, br, zstd", Encoding.ZSTD),
        ("gzip, zstd;q=0.5", Encoding.GZIP),
        ("gzip;q=0, zstd;q=0", Encoding.IDENTITY),
        ("gzip;q=0", Encoding.IDENTITY),
        ("gzip;q=0, *", Encoding.IDENTITY),
        ("*", Encoding.GZIP),
        ("*;q=0", Encoding.IDENTITY),
    ],
)
def test_a_page_is_compressed_only_for_who_takes_it(accept_encoding: str | None, chosen: Encoding) -> None:
    assert choose_encoding(accept_encoding) is chosen


def test_a_browser_is_told_from_an_installer() -> None:
    assert prefers_html(BROWSER)
    assert not prefers_html(PIP)
    assert not prefers_html("*/*")
    assert not prefers_html(None)


def test_a_client_that_reads_json_is_known() -> None:
    assert names_json(PIP)
    assert names_json("application/json")
    assert not names_json(BROWSER)
    assert not names_json(None)
