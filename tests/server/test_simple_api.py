"""The conformance statements of the Simple API that concern what goes over the wire, over real TLS."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
import zstandard
from tests.server.board import METADATA, Board, make_file
from tests.server.client import Client

from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.server.listener import Listener

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
WHEEL = "acme_core-1.0-py3-none-any.whl"


@pytest.fixture(autouse=True)
def acme(board: Board) -> None:
    board.add(WHEEL, b"wheel bytes")
    board.add("acme_core-1.0.tar.gz", b"sdist bytes")


@pytest.mark.parametrize("path", ["/simple/", "/simple/acme-core/"])
@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (JSON, JSON),
        (HTML, HTML),
        ("text/html", "text/html; charset=utf-8"),
        ("*/*", JSON),
        (BROWSER, "text/html; charset=utf-8"),
        ("application/vnd.pypi.simple.latest+json", JSON),
    ],
)
def test_the_content_type_is_exact(client: Client, path: str, accept: str, content_type: str) -> None:
    reply = client.get(path, Accept=accept)
    assert reply.status == 200
    assert reply.header("Content-Type") == content_type
    assert "Accept" in reply.header("Vary")


def test_no_accept_header_means_json(client: Client) -> None:
    connection = client.connect()
    connection.putrequest("GET", "/simple/", skip_accept_encoding=True)
    connection.endheaders()
    assert connection.getresponse().headers["Content-Type"] == JSON
    connection.close()


def test_what_we_do_not_render_is_not_acceptable_and_we_say_what_is(client: Client) -> None:
    reply = client.get("/simple/acme-core/", Accept="image/png")
    assert reply.status == 406
    for content_type in (JSON, HTML, "text/html"):
        assert content_type in reply.text


@pytest.mark.parametrize(
    ("parameter", "content_type"),
    [
        ("application/vnd.pypi.simple.v1%2Bjson", JSON),
        ("application/vnd.pypi.simple.v1+json", JSON),
        ("application%2Fvnd.pypi.simple.latest%2Bhtml", HTML),
        ("text/html", "text/html; charset=utf-8"),
    ],
)
def test_the_format_parameter_overrides_the_accept_header(
    client: Client, parameter: str, content_type: str
) -> None:
    reply = client.get(f"/simple/acme-core/?format={parameter}", Accept="image/png")
    assert (reply.status, reply.header("Content-Type")) == (200, content_type)


def test_an_unknown_format_is_not_acceptable(client: Client) -> None:
    assert client.get("/simple/?format=yaml", Accept=JSON).status == 406


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/simple", "/simple/"),
        ("/simple?a=b", "/simple/?a=b"),
        ("/simple/acme-core", "/simple/acme-core/"),
        ("/simple/acme-core?format=text/html&x=%2B", "/simple/acme-core/?format=text/html&x=%2B"),
        ("/simple/Acme_Core/", "/simple/acme-core/"),
        ("/simple/acme.core", "/simple/acme-core/"),
        ("/simple/ACME--core/?q=1", "/simple/acme-core/?q=1"),
        (f"/simple/Acme.Core/{WHEEL}", f"/simple/acme-core/{WHEEL}"),
        ("/projects/Acme_Core/", "/projects/acme-core/"),
        ("/projects/acme-core", "/projects/acme-core/"),
    ],
)
def test_other_spellings_lead_to_the_one_url_with_their_query(
    client: Client, path: str, location: str
) -> None:
    reply = client.get(path)
    assert (reply.status, reply.header("Location")) == (301, location)


@pytest.mark.parametrize(
    "name", ["nothing", "no_thing", "%20", "..%2f..", "%00", "x" * 3000, "%C3%A9", "%E9", "a%0d%0ab"]
)
@pytest.mark.parametrize("accept", [JSON, BROWSER, "*/*"])
def test_an_unknown_project_is_not_found_in_a_form_its_reader_knows(
    client: Client, name: str, accept: str
) -> None:
    reply = client.get(f"/simple/{name}/", Accept=accept)
    assert reply.status == 404
    assert reply.body
    expected = {JSON: "application/problem+json", BROWSER: "text/html", "*/*": "text/plain"}[accept]
    assert reply.header("Content-Type").startswith(expected)


def test_a_problem_in_json_says_what_is_wrong(client: Client) -> None:
    problem = json.loads(client.get("/simple/nothing/", Accept=JSON).body)
    assert problem == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no project named nothing here.",
    }


def test_an_empty_repository_has_a_root_without_projects(client: Client, board: Board) -> None:
    board.publish()
    assert json.loads(client.get("/simple/", Accept=JSON).body)["projects"] == []


def test_metadata_is_served_byte_for_byte_beside_its_wheel(client: Client) -> None:
    reply = client.get(f"/simple/acme-core/{WHEEL}.metadata")
    assert (reply.status, reply.body) == (200, METADATA)
    assert "immutable" in reply.header("Cache-Control")
    again = client.get(f"/simple/acme-core/{WHEEL}.metadata", If_None_Match=reply.header("ETag"))
    assert (again.status, again.body) == (304, b"")


def test_an_sdist_has_no_metadata_beside_it(client: Client) -> None:
    assert client.get("/simple/acme-core/acme_core-1.0.tar.gz.metadata").status == 404


def test_metadata_that_is_not_at_hand_is_not_found(client: Client, board: Board) -> None:
    board.metadata.clear()
    assert client.get(f"/simple/acme-core/{WHEEL}.metadata").status == 404


def test_a_quarantined_project_offers_no_file(client: Client, board: Board) -> None:
    board.publish(replace(board.project("acme-core"), status=ProjectStatus.QUARANTINED))
    assert json.loads(client.get("/simple/acme-core/", Accept=JSON).body)["files"] == []
    assert client.get(f"/simple/acme-core/{WHEEL}").status == 404
    assert client.get(f"/simple/acme-core/{WHEEL}.metadata").status == 404


@pytest.mark.parametrize("path", ["/simple/", "/simple/acme-core/"])
def test_a_page_that_did_not_change_is_not_sent_again(client: Client, path: str) -> None:
    first = client.get(path, Accept=JSON)
    assert first.header("Cache-Control") == "no-cache"
    assert not first.header("ETag").startswith("W/")
    again = client.get(path, Accept=JSON, If_None_Match=f'"other", {first.header("ETag")}')
    assert (again.status, again.body) == (304, b"")
    assert again.header("ETag") == first.header("ETag")
    assert again.header("Cache-Control") == "no-cache"


def test_a_new_file_is_on_the_page_at_once_under_another_etag(client: Client, board: Board) -> None:
    first = client.get("/simple/acme-core/", Accept=JSON)
    board.add("acme_core-2.0-py3-none-any.whl")
    second = client.get("/simple/acme-core/", Accept=JSON, If_None_Match=first.header("ETag"))
    assert second.status == 200
    assert "acme_core-2.0-py3-none-any.whl" in second.text
    assert client.get("/simple/acme-core/acme_core-2.0-py3-none-any.whl").body == b"content"


def test_each_form_of_a_page_has_its_own_etag(client: Client, board: Board) -> None:
    for number in range(30):
        board.add(f"acme_core-1.{number}.1.tar.gz")
    replies = [
        client.get("/simple/acme-core/", Accept=accept, Accept_Encoding=encoding)
        for accept in (JSON, "text/html")
        for encoding in ("identity", "gzip", "gzip, zstd")
    ]
    assert len({reply.header("ETag") for reply in replies}) == 6
    assert [reply.header("Content-Encoding") for reply in replies] == ["", "gzip", "zstd"] * 2
    assert gzip.decompress(replies[1].body) == replies[0].body
    assert zstandard.decompress(replies[2].body) == replies[0].body
    assert gzip.decompress(replies[4].body) == zstandard.decompress(replies[5].body) == replies[3].body
    assert all("Accept-Encoding" in reply.header("Vary") for reply in replies)


def test_a_head_request_says_what_a_get_would(client: Client) -> None:
    for path in (
        "/simple/",
        "/simple/acme-core/",
        f"/simple/acme-core/{WHEEL}",
        f"/simple/acme-core/{WHEEL}.metadata",
    ):
        got, headed = client.get(path), client.request("HEAD", path)
        assert headed.status == got.status == 200
        assert headed.body == b""
        without_date = [{k: v for k, v in reply.headers.items() if k != "date"} for reply in (got, headed)]
        assert without_date[0] == without_date[1]


def test_a_look_up_stays_quick_with_thousands_of_files(client: Client, board: Board) -> None:
    files = [make_file(f"big-1.{number}.tar.gz") for number in range(3000)]
    board.put(files[0])
    big = replace(board.project("big"), files=tuple(files))
    board.publish(board.project("acme-core"), big)
    board.path_of(files[-1]).parent.mkdir(parents=True)
    board.path_of(files[-1]).write_bytes(b"content")
    assert client.get("/simple/big/big-1.2999.tar.gz").body == b"content"
    page = json.loads(client.get("/simple/big/", Accept=JSON).body)
    assert len(page["files"]) == 3000


def test_pages_of_a_missing_folder_are_unavailable_rather_than_gone(
    make_listener: Callable[..., Listener], client: Client, board: Board
) -> None:
    board.available = False
    for path in ("/simple/", "/simple/acme-core/", "/simple/nothing/", f"/simple/acme-core/{WHEEL}", "/"):
        reply = client.get(path)
        assert reply.status == 503, path
        assert reply.header("Retry-After")
    assert client.get("/health").status == 200
    board.available = True
    assert client.get("/simple/acme-core/").status == 200
