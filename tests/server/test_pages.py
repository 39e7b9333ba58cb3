"""What a person sees in a browser, over real TLS; and that nothing hostile gets through."""

import hashlib
import ssl
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from tests.server.authority import Authority
from tests.server.board import Board, make_file, make_project, make_snapshot
from tests.server.client import Client

from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.server.people.pages import find_projects, format_fingerprint, format_size
from cheeseboard.server.people.project_view import list_releases

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def page(client: Client, path: str) -> BeautifulSoup:
    reply = client.get(path, Accept=BROWSER)
    assert reply.status == 200
    assert reply.header("Content-Type") == "text/html; charset=utf-8"
    return BeautifulSoup(reply.body, "html.parser")


def test_the_home_page_lists_the_projects_and_says_how_to_use_them(client: Client, board: Board) -> None:
    board.add("acme_core-1.0.tar.gz", summary="Everything")
    board.add("zope_interface-2.0.tar.gz")
    home = page(client, "/")
    assert "team-packages" in home.text
    assert "Everything" in home.text
    assert [link["href"] for link in home.select("ul.projects a")] == [
        "/projects/acme-core/",
        "/projects/zope-interface/",
    ]
    assert f"--extra-index-url https://127.0.0.1:{client.port}/simple/" in home.text


def test_the_home_page_shows_the_authoritys_fingerprint(client: Client, authority: Authority) -> None:
    der = ssl.PEM_cert_to_DER_cert(authority.ca.read_text())
    assert hashlib.sha256(der).digest().hex(":").upper() in page(client, "/").text


def test_an_empty_repository_says_so(client: Client) -> None:
    assert "No packages yet." in page(client, "/").text


def test_a_project_page_shows_its_releases_and_files(client: Client, board: Board) -> None:
    wheel = board.add("acme_core-2.0-py3-none-any.whl", b"x" * 48_000, summary="Everything")
    board.add("acme_core-1.0.tar.gz", yanked="broken")
    shown = page(client, "/projects/acme-core/")
    for text in (
        "Everything",
        wheel.filename,
        wheel.sha256,
        "48 kB",
        "2026-09-21",
        ">=3.8",
        "yanked",
        "broken",
    ):
        assert text in shown.text
    link = shown.find("a", string=wheel.filename)
    assert link is not None
    assert client.get(str(link["href"])).body == b"x" * 48_000


def test_a_project_of_which_all_is_yanked_says_so_beside_its_name(client: Client, board: Board) -> None:
    board.add("acme_core-1.0.tar.gz", yanked="broken")
    assert page(client, "/projects/acme-core/").select_one("h1 .badge.warn") is not None
    board.add("acme_core-1.1.tar.gz")
    assert page(client, "/projects/acme-core/").select_one("h1 .badge.warn") is None


def test_the_text_of_a_licence_does_not_fill_the_page(client: Client, board: Board) -> None:
    text = b"Metadata-Version: 2.1\nName: acme-core\nVersion: 1.0\nLicense: " + b"Do what you want. " * 50
    board.add("acme_core-1.0-py3-none-any.whl", metadata=text)
    terms = page(client, "/projects/acme-core/").select("dt")
    shown = next(term.find_next_sibling("dd") for term in terms if term.text == "License")
    assert shown is not None
    assert 20 < len(shown.text) <= 85


def test_a_project_page_shows_its_status(client: Client, board: Board) -> None:
    board.add("acme_core-2.0.tar.gz")
    closed = replace(board.project("acme-core"), status=ProjectStatus.QUARANTINED, status_reason="malware")
    board.publish(closed)
    shown = page(client, "/projects/acme-core/")
    assert "quarantined" in shown.text
    assert "malware" in shown.text
    assert "acme_core-2.0" not in shown.text


def test_an_unknown_project_has_a_page_that_says_so(client: Client) -> None:
    reply = client.get("/projects/nothing/", Accept=BROWSER)
    assert reply.status == 404
    assert "There is no project named nothing here." in reply.text


def test_the_search_finds_by_name_and_summary(client: Client, board: Board) -> None:
    board.add("acme_core-1.0.tar.gz", summary="Sign-in and sessions")
    board.add("other-1.0.tar.gz", summary="Else")
    assert [link["href"] for link in page(client, "/?q=SIGN-in+and").select("ul.projects a")] == [
        "/projects/acme-core/"
    ]
    assert [link["href"] for link in page(client, "/?q=oth").select("ul.projects a")] == ["/projects/other/"]
    assert "No package holds these words." in page(client, "/?q=nowhere").text


@pytest.mark.parametrize("path", ["/", "/projects/acme-core/", "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"])
def test_nothing_hostile_becomes_markup(client: Client, board: Board, path: str) -> None:
    board.add("acme_core-1.0.tar.gz", summary=HOSTILE, yanked=HOSTILE)
    board.publish(replace(board.project("acme-core"), status=ProjectStatus.DEPRECATED, status_reason=HOSTILE))
    shown = page(client, path)
    assert shown.find("script") is None
    assert shown.find("img") is None
    assert not [tag for tag in shown.find_all() if any(name.startswith("on") for name in tag.attrs)]


def test_a_page_asks_for_nothing_from_elsewhere(client: Client, board: Board) -> None:
    board.add("acme_core-1.0.tar.gz")
    for path in ("/", "/projects/acme-core/"):
        shown = page(client, path)
        sources = [str(tag[name]) for tag in shown.find_all() for name in ("src", "href") if tag.get(name)]
        assert all(source.startswith(("/", "data:")) for source in sources)


def test_a_page_follows_the_repository_and_is_not_sent_twice(client: Client, board: Board) -> None:
    board.add("acme_core-1.0.tar.gz")
    for path in ("/", "/projects/acme-core/"):
        first = client.get(path, Accept=BROWSER)
        assert client.get(path, Accept=BROWSER, If_None_Match=first.header("ETag")).status == 304
    board.add("acme_core-7.0.tar.gz")
    for path in ("/", "/projects/acme-core/"):
        assert "7.0" in client.get(path, Accept=BROWSER).text


def test_pages_are_compressed(client: Client, board: Board) -> None:
    board.add("acme_core-1.0.tar.gz")
    assert client.get("/", Accept=BROWSER, Accept_Encoding="gzip, br").header("Content-Encoding") == "gzip"


def test_the_search_is_narrowed_without_regard_to_case() -> None:
    acme = make_project("Acme.Core", [make_file("acme_core-1.0.tar.gz", summary="Über alles")])
    snapshot = make_snapshot(acme, make_project("zope", []))
    assert find_projects(snapshot, "ÜBER") == [acme]
    assert find_projects(snapshot, "Acme.C") == [acme]
    assert len(find_projects(snapshot, "")) == 2


def test_releases_are_grouped_newest_first() -> None:
    files = [make_file(name) for name in ("acme-2.0-py3-none-any.whl", "acme-2.0.tar.gz", "acme-1.0.tar.gz")]
    releases = list_releases(make_project("acme", files))
    assert [(release.version, len(release.files)) for release in releases] == [("2.0", 2), ("1.0", 1)]


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (48_312, "48 kB"),
        (1_250_000, "1.2 MB"),
        (3_000_000_000_000, "3000 GB"),
    ],
)
def test_sizes_are_written_for_people(size: int, shown: str) -> None:
    assert format_size(size) == shown


def test_what_is_no_certificate_has_no_fingerprint() -> None:
    assert format_fingerprint(b"") == ""
    assert format_fingerprint(b"\xff") == ""
