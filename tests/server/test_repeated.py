"""Answers that are given again to the same words, and only for as long as nothing changed."""

from dataclasses import replace
from pathlib import Path

from packaging.utils import NormalizedName
from tests.server.board import Board, make_file, make_project

from cheeseboard.server.access.gate import Gate
from cheeseboard.server.answers import Answer
from cheeseboard.server.request import Request
from cheeseboard.server.routes import Routes

HOST = "127.0.0.1:8443"


def make_request(path: str, method: str = "GET", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, path, "", {"host": HOST, **named}, False, ("", 0))


def make_board(tmp_path: Path) -> Board:
    board = Board(tmp_path)
    board.hosts = frozenset({HOST})
    board.publish(make_project("acme", [make_file("acme-1.0-py3-none-any.whl")]))
    return board


def answered(routes: Routes, request: Request) -> Answer:
    answer = routes.decide(request)
    assert isinstance(answer, Answer)
    return answer


def test_the_same_words_get_the_very_same_answer(tmp_path: Path) -> None:
    board = make_board(tmp_path)
    routes = Routes(board.source(), lambda: board.hosts, Gate())
    first = answered(routes, make_request("/simple/acme/"))
    assert first.status == 200
    assert answered(routes, make_request("/simple/acme/")) is first


def test_a_new_release_is_on_the_next_page(tmp_path: Path) -> None:
    board = make_board(tmp_path)
    routes = Routes(board.source(), lambda: board.hosts, Gate())
    before = answered(routes, make_request("/simple/acme/"))
    files = [make_file("acme-1.0-py3-none-any.whl"), make_file("acme-1.1-py3-none-any.whl")]
    board.publish(make_project("acme", files))
    after = answered(routes, make_request("/simple/acme/"))
    assert b"acme-1.1" in after.body
    assert b"acme-1.1" not in before.body


def test_a_name_that_is_allowed_no_more_gets_no_page(tmp_path: Path) -> None:
    board = make_board(tmp_path)
    routes = Routes(board.source(), lambda: board.hosts, Gate())
    assert answered(routes, make_request("/simple/acme/")).status == 200
    board.hosts = frozenset({"elsewhere:8443"})
    assert answered(routes, make_request("/simple/acme/")).status == 421


def test_a_folder_that_went_away_gets_503_again(tmp_path: Path) -> None:
    board = make_board(tmp_path)
    there = [True]
    source = replace(board.source(), available=lambda: there[0])
    routes = Routes(source, lambda: board.hosts, Gate())
    assert answered(routes, make_request("/simple/acme/")).status == 200
    there[0] = False
    assert answered(routes, make_request("/simple/acme/")).status == 503


def test_each_header_that_counts_makes_other_words(tmp_path: Path) -> None:
    board = make_board(tmp_path)
    routes = Routes(board.source(), lambda: board.hosts, Gate())
    whole = answered(routes, make_request("/simple/acme/"))
    etag = dict(whole.headers)["etag"]
    assert answered(routes, make_request("/simple/acme/", if_none_match=etag)).status == 304
    html = answered(routes, make_request("/simple/acme/", accept="text/html"))
    assert dict(html.headers)["content-type"] == "text/html; charset=utf-8"
    assert answered(routes, make_request("/simple/acme/", accept="image/png")).status == 406
    assert answered(routes, make_request("/simple/acme/", "POST")).status == 405
    assert answered(routes, make_request("/simple/acme/")) is whole


def test_an_unknown_project_is_asked_for_anew(tmp_path: Path) -> None:
    board = make_board(tmp_path)
    routes = Routes(board.source(), lambda: board.hosts, Gate())
    assert answered(routes, make_request("/simple/other/")).status == 404
    assert NormalizedName("other") not in board.snapshot.projects
    board.publish(make_project("other", [make_file("other-1.0-py3-none-any.whl")]))
    assert answered(routes, make_request("/simple/other/")).status == 200
