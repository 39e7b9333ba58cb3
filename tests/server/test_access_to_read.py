"""A repository that is read with a token only: what each address answers."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from packaging.utils import NormalizedName
from tests.builders import core_metadata
from tests.server.authority import Authority
from tests.server.board import Board
from tests.server.client import Client

from cheeseboard.server.access.gate import Gate
from cheeseboard.server.access.tokens import (
    Held,
    Reading,
    Rules,
    Token,
    TokenScope,
    digest_of,
    make_id,
    make_secret,
)
from cheeseboard.server.app import create_app
from cheeseboard.server.listener import Listener
from cheeseboard.server.traffic.access_log import Access

WHEEL = "acme_core-1.0-py3-none-any.whl"
FILE = f"/simple/acme-core/{WHEEL}"
SECRETS = [
    "/",
    "/?q=acme",
    "/simple",
    "/simple/",
    "/simple/acme-core/",
    "/simple/Acme_Core/",
    "/simple/acme-core",
    "/simple/unknown/",
    FILE,
    f"{FILE}.metadata",
    "/projects/acme-core/",
    "/projects/unknown/",
    "/nothing/here",
]


class Private:
    """A private repository's server, its client and its tokens' secrets."""

    def __init__(self, client: Client, gate: Gate, seen: list[Access]) -> None:
        self.client = client
        self.gate = gate
        self.seen = seen
        self.rules = Rules(Reading.TOKEN)
        self.gate.follow(self.rules)

    def add(self, name: str, *projects: str) -> str:
        secret = make_secret()
        covered = tuple(NormalizedName(project) for project in projects)
        token = Token(make_id(), name, TokenScope.READ, covered, datetime.now(UTC))
        self.rules = replace(self.rules, held=(*self.rules.held, Held(token, digest_of(secret))))
        self.gate.follow(self.rules)
        return secret


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(f"__token__:{secret}".encode()).decode()


@pytest.fixture
def private(board: Board, authority: Authority, make_listener: Callable[..., Listener]) -> Private:
    gate, seen = Gate(), list[Access]()
    app = create_app(board.source(), lambda: board.hosts, seen.append, gate=gate)
    board.add(WHEEL, b"wheel")
    board.add("other-1.0.tar.gz", b"sdist")
    port = make_listener(app=app).start()
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    return Private(Client("127.0.0.1", port, authority.ca), gate, seen)


@pytest.mark.parametrize("path", SECRETS)
def test_nothing_is_read_without_a_token(private: Private, path: str) -> None:
    reply = private.client.get(path)
    assert reply.status == 401
    assert reply.header("www-authenticate") == 'Basic realm="Cheeseboard", charset="UTF-8"'
    assert reply.header("cache-control") == "no-store"


@pytest.mark.parametrize("path", SECRETS)
def test_what_is_there_and_what_is_not_look_the_same_from_outside(private: Private, path: str) -> None:
    assert private.client.get(path).body == private.client.get("/simple/unknown/").body


@pytest.mark.parametrize("path", ["/", "/simple/", "/simple/acme-core/", FILE, f"{FILE}.metadata"])
def test_with_a_token_everything_is_read(private: Private, path: str) -> None:
    authorization = basic(private.add("anna"))
    assert private.client.get(path, authorization=authorization).status == 200
    assert private.client.request("HEAD", path, authorization=authorization).status == 200


def test_what_a_computer_needs_to_join_is_open(private: Private) -> None:
    assert private.client.get("/ca.pem").status == 200
    assert private.client.get("/health").status == 200
    assert private.client.get("/join.py").status != 401


def test_a_page_that_one_was_shown_is_not_repeated_to_another(private: Private) -> None:
    authorization = basic(private.add("anna"))
    for _ in range(3):
        assert private.client.get("/simple/acme-core/", authorization=authorization).status == 200
    assert private.client.get("/simple/acme-core/").status == 401


def test_a_page_kept_while_anybody_read_is_not_shown_afterwards(private: Private) -> None:
    private.gate.follow(Rules())
    for _ in range(3):
        assert private.client.get("/simple/acme-core/").status == 200
    private.gate.follow(private.rules)
    assert private.client.get("/simple/acme-core/").status == 401


def test_an_etag_tells_nothing_without_a_token(private: Private) -> None:
    etag = private.client.get(FILE, authorization=basic(private.add("anna"))).header("etag")
    assert private.client.get(FILE, if_none_match=etag).status == 401


def test_a_token_for_one_project_sees_that_one_alone(private: Private) -> None:
    authorization = basic(private.add("anna", "acme-core"))
    statuses = {
        path: private.client.get(path, authorization=authorization).status
        for path in ("/simple/acme-core/", "/projects/acme-core/", FILE, "/simple/other/", "/simple/", "/")
    }
    assert statuses == {
        "/simple/acme-core/": 200,
        "/projects/acme-core/": 200,
        FILE: 200,
        "/simple/other/": 404,
        "/simple/": 403,
        "/": 403,
    }


def test_a_projects_page_does_not_tell_what_else_is_here(private: Private, board: Board) -> None:
    metadata = core_metadata("leaning", "1.0", requires_dist=("other", "unknown"))
    board.add("leaning-1.0-py3-none-any.whl", b"wheel", metadata=metadata)
    private.gate.follow(Rules())
    assert "/projects/other/" in private.client.get("/projects/leaning/").text  # a kept page
    private.gate.follow(private.rules)
    authorization = basic(private.add("anna", "leaning"))
    told = private.client.get("/projects/leaning/", authorization=authorization).text
    assert "other" in told
    assert "/projects/other/" not in told


def test_a_browser_is_told_in_a_page_and_asks_its_user(private: Private) -> None:
    reply = private.client.get("/", accept="text/html,application/xhtml+xml")
    assert reply.status == 401
    assert reply.header("content-type").startswith("text/html")
    assert reply.header("www-authenticate").startswith("Basic ")
    assert "__token__" in reply.text


def test_no_broken_header_makes_the_server_fail(private: Private) -> None:
    for header in ("Basic %%%", "Basic /w==", "Basic", "x" * 30_000, "Bearer \xe9", "Basic " + "A" * 5000):
        private.gate._cooldown.note_success("127.0.0.1")
        assert private.client.get("/simple/", authorization=header).status == 401


def test_a_name_that_is_not_ours_is_turned_away_before_anybody_is_asked_for_a_token(private: Private) -> None:
    assert private.client.get("/simple/", host="evil.example").status == 421


def test_after_five_wrong_tokens_the_answer_says_how_long_to_wait(private: Private) -> None:
    for _ in range(5):
        assert private.client.get("/simple/", authorization=basic("wrong")).status == 401
    reply = private.client.get("/simple/", authorization=basic("wrong"))
    assert reply.status == 429
    assert 0 < int(reply.header("retry-after")) <= 30


def test_a_user_name_alone_is_asked_for_the_password_however_often_it_comes(private: Private) -> None:
    for _ in range(10):
        reply = private.client.get("/simple/", authorization=basic(""))
        assert reply.status == 401
        assert reply.header("www-authenticate") == 'Basic realm="Cheeseboard", charset="UTF-8"'


def test_the_access_log_names_the_token_and_never_shows_it(private: Private) -> None:
    secret = private.add("anna")
    private.client.get("/simple/", authorization=basic(secret))
    private.client.get("/simple/", authorization=basic("wrong"))
    assert [access.user for access in private.seen[-2:]] == ["anna", ""]
    assert secret[12:] not in repr(private.seen)


def test_where_anybody_reads_no_token_is_looked_at(private: Private, monkeypatch: pytest.MonkeyPatch) -> None:
    private.gate.follow(Rules())
    monkeypatch.setattr(Gate, "decide", None)
    monkeypatch.setattr(Gate, "name_of", None)
    assert private.client.get("/simple/", authorization=basic("wrong")).status == 200
