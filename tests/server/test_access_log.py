from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.server.authority import Authority
from tests.server.board import Board
from tests.server.client import Client
from tests.server.waiting import wait_until

from cheeseboard.server.app import create_app
from cheeseboard.server.listener import Listener
from cheeseboard.server.traffic.access_log import Access, AccessLog, format_combined

MOMENT = datetime(2026, 11, 22, 13, 4, 5, tzinfo=UTC)
ACCESS = Access("192.168.1.7", "GET", "/simple/acme/?a=b", "1.1", 200, 1234, "", "pip/26.3")


def test_a_line_has_the_combined_form() -> None:
    assert format_combined(ACCESS, MOMENT) == (
        "192.168.1.7 - - [22/Nov/2026:13:04:05 +0000] "
        '"GET /simple/acme/?a=b HTTP/1.1" 200 1234 "-" "pip/26.3"'
    )


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ('a" 200 1 "', "a\\x22 200 1 \\x22"),
        ("a\nb\r", "a\\x0Ab\\x0D"),
        ("\x1b[31m", "\\x1B[31m"),
        ("\\", "\\x5C"),
        ("é", "\\xE9"),
        ("\u2028", "\\u2028"),
    ],
)
def test_what_a_client_says_cannot_forge_a_line(said: str, written: str) -> None:
    line = format_combined(ACCESS._replace(agent=said), MOMENT)
    assert line.endswith(f'"{written}"')
    assert line.isprintable()


def test_a_client_cannot_fill_the_log_with_one_line() -> None:
    assert len(format_combined(ACCESS._replace(agent="x" * 60_000, target="y" * 60_000), MOMENT)) < 3000


def test_what_came_is_written_when_the_log_is_closed(tmp_path: Path) -> None:
    log = AccessLog(tmp_path / "access.log", now=lambda: MOMENT, seconds=60)
    for _ in range(3):
        log(ACCESS)
    log.close()
    log.close()
    assert (tmp_path / "access.log").read_text() == (format_combined(ACCESS, MOMENT) + "\n") * 3


def test_who_downloaded_what_is_for_the_users_eyes_only(tmp_path: Path) -> None:
    log = AccessLog(tmp_path / "access.log")
    log(ACCESS)
    log.close()
    assert (tmp_path / "access.log").stat().st_mode & 0o077 == 0


def test_a_log_that_has_grown_is_put_aside_and_few_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    for number in range(5):
        log = AccessLog(path, now=lambda: MOMENT, most_bytes=1, kept=2)
        log(ACCESS._replace(status=200 + number))
        log.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["access.log.1", "access.log.2"]
    assert " 204 " in path.with_name("access.log.1").read_text()


def test_a_log_that_cannot_be_written_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = AccessLog(tmp_path / "missing" / "access.log")
    log(ACCESS)
    log.close()
    assert "can't be written" in caplog.text


def test_every_request_is_logged(
    make_listener: Callable[..., Listener], board: Board, authority: Authority
) -> None:
    seen: list[Access] = []
    file = board.add("acme_core-1.0.tar.gz", b"x" * 100)
    listener = make_listener(app=create_app(board.source(), lambda: board.hosts, seen.append))
    port = listener.start()
    board.hosts = frozenset({f"127.0.0.1:{port}"})
    seen.clear()
    client = Client("127.0.0.1", port, authority.ca)
    client.get(f"/simple/acme-core/{file.filename}", User_Agent="pip/26.3", Referer="https://other/")
    client.get(f"/simple/acme-core/{file.filename}", Range="bytes=0-9")
    client.request("HEAD", f"/simple/acme-core/{file.filename}")
    client.get("/simple/no%22thing/?x=y")
    wait_until(lambda: len(seen) == 4)
    assert seen[0] == Access(
        "127.0.0.1",
        "GET",
        f"/simple/acme-core/{file.filename}",
        "1.1",
        200,
        100,
        "https://other/",
        "pip/26.3",
    )
    assert [(access.method, access.status, access.length) for access in seen[1:3]] == [
        ("GET", 206, 10),
        ("HEAD", 200, 0),
    ]
    assert (seen[3].target, seen[3].status) == ("/simple/no%22thing/?x=y", 404)


def test_the_tokens_name_stands_in_the_users_field_which_it_cannot_leave() -> None:
    line = format_combined(ACCESS._replace(user='An "n" a\n'), MOMENT)
    assert line.split(" ")[2] == "An\\x20\\x22n\\x22\\x20a\\x0A"
