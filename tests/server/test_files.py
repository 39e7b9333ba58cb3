import hashlib

import pytest
from tests.server.board import Board
from tests.server.client import Client, Reply

CONTENT = bytes(range(256)) * 4000
NAME = "acme_core-1.0.tar.gz"
URL = f"/simple/acme-core/{NAME}"


@pytest.fixture(autouse=True)
def acme(board: Board) -> None:
    board.add(NAME, CONTENT)


def test_a_file_comes_whole_with_its_headers(client: Client) -> None:
    reply = client.get(URL)
    assert (reply.status, reply.body) == (200, CONTENT)
    assert reply.header("Content-Length") == str(len(CONTENT))
    assert reply.header("Content-Type") == "application/octet-stream"
    assert reply.header("Content-Disposition") == f'attachment; filename="{NAME}"'
    assert reply.header("Content-Encoding") == ""
    assert reply.header("ETag") == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert reply.header("Last-Modified") == "Mon, 21 Sep 2026 14:13:20 GMT"
    assert "immutable" in reply.header("Cache-Control")
    assert reply.header("Accept-Ranges") == "bytes"


def test_a_large_file_comes_whole(client: Client, board: Board) -> None:
    content = CONTENT * 30
    board.add("acme_core-2.0.tar.gz", content)
    assert client.get("/simple/acme-core/acme_core-2.0.tar.gz").body == content


def test_an_empty_file_comes_whole(client: Client, board: Board) -> None:
    board.add("acme_core-0.1.tar.gz", b"")
    reply = client.get("/simple/acme-core/acme_core-0.1.tar.gz")
    assert (reply.status, reply.body, reply.header("Content-Length")) == (200, b"", "0")


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=1000-1999", 1000, 2000),
        ("bytes=1000000-", 1_000_000, None),
        ("bytes=-7", -7, None),
    ],
)
def test_one_range_comes_as_asked_for(client: Client, wanted: str, start: int, end: int | None) -> None:
    reply = client.get(URL, Range=wanted)
    expected = CONTENT[start:end]
    first = start % len(CONTENT)
    assert (reply.status, reply.body) == (206, expected)
    assert reply.header("Content-Range") == f"bytes {first}-{first + len(expected) - 1}/{len(CONTENT)}"
    assert reply.header("Content-Length") == str(len(expected))
    assert reply.header("ETag")


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=5-1", "items=0-1", "nonsense"])
def test_what_is_no_single_range_brings_the_whole_file(client: Client, wanted: str) -> None:
    assert client.get(URL, Range=wanted).status == 200


def test_a_range_outside_is_refused_with_the_size(client: Client) -> None:
    reply = client.get(URL, Range=f"bytes={len(CONTENT)}-")
    assert (reply.status, reply.header("Content-Range")) == (416, f"bytes */{len(CONTENT)}")


def test_if_range_decides_between_the_rest_and_the_whole(client: Client) -> None:
    etag = client.request("HEAD", URL).header("ETag")
    assert client.get(URL, Range="bytes=5-9", If_Range=etag).status == 206
    assert client.get(URL, Range="bytes=5-9", If_Range='"other"').body == CONTENT


def test_a_broken_download_is_taken_up_where_it_ended(client: Client) -> None:
    connection = client.connect()
    connection.request("GET", URL)
    first = connection.getresponse().read(300_000)
    connection.close()
    etag = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    rest = client.get(URL, Range=f"bytes={len(first)}-", If_Range=etag)
    assert first + rest.body == CONTENT


@pytest.mark.parametrize("header", ["If_None_Match", "If_Modified_Since"])
def test_a_file_that_the_client_holds_is_not_sent_again(client: Client, header: str) -> None:
    head = client.request("HEAD", URL)
    value = head.header("ETag") if header == "If_None_Match" else head.header("Last-Modified")
    reply = client.get(URL, **{header: value})
    assert (reply.status, reply.body) == (304, b"")
    assert reply.header("ETag") == head.header("ETag")


def test_a_head_request_ignores_the_range(client: Client) -> None:
    reply = client.request("HEAD", URL, Range="bytes=0-9")
    assert (reply.status, reply.header("Content-Length"), reply.body) == (200, str(len(CONTENT)), b"")


@pytest.mark.parametrize("header", [{}, {"Range": "bytes=0-9"}])
def test_a_file_that_vanished_is_unavailable_in_plain_words(
    client: Client, board: Board, header: dict[str, str]
) -> None:
    (board.folder / "acme-core" / NAME).unlink()
    reply = client.get(URL, **header)
    assert_unavailable(reply)


def test_a_file_that_was_changed_on_disk_is_not_served_under_its_old_hash(
    client: Client, board: Board
) -> None:
    (board.folder / "acme-core" / NAME).write_bytes(b"other")
    assert_unavailable(client.get(URL))


def test_a_link_in_a_files_place_is_not_followed(client: Client, board: Board) -> None:
    path = board.folder / "acme-core" / NAME
    other = board.folder / "other"
    path.rename(other)
    path.symlink_to(other)
    assert_unavailable(client.get(URL))


def test_a_directory_in_a_files_place_is_unavailable(client: Client, board: Board) -> None:
    path = board.folder / "acme-core" / NAME
    path.unlink()
    path.mkdir()
    assert_unavailable(client.get(URL))


def test_a_download_is_reported_with_its_address_and_installer(client: Client, board: Board) -> None:
    client.get(URL, User_Agent="pip/26.3")
    client.request("HEAD", URL)
    client.get(URL, Range="bytes=0-1")
    client.get(URL, If_None_Match="*")
    assert board.downloads == [(NAME, "127.0.0.1", "pip/26.3")]


def test_a_report_that_fails_does_not_harm_the_next_download(client: Client, board: Board) -> None:
    board.downloads = None  # type: ignore[assignment]  # so that reporting raises
    assert client.get(URL).body == CONTENT
    assert client.get(URL).body == CONTENT


def test_a_client_that_leaves_in_the_middle_of_a_range_harms_nobody(client: Client, board: Board) -> None:
    board.add("acme_core-3.0.tar.gz", bytes(40_000_000))
    for _ in range(3):
        connection = client.connect()
        connection.request("GET", "/simple/acme-core/acme_core-3.0.tar.gz", headers={"Range": "bytes=1-"})
        connection.getresponse().read(1000)
        connection.close()
    assert client.get(URL).body == CONTENT


def assert_unavailable(reply: Reply) -> None:
    assert reply.status == 503
    assert reply.header("Content-Type").startswith("text/plain")
    assert reply.header("ETag") == ""
    assert reply.text == "This file is not available at the moment.\n"
