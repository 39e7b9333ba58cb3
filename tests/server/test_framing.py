"""Requests whose end can be read in two ways: none brings a second answer, which a proxy would give away."""

import pytest
from tests.server.client import Client
from tests.server.raw import raw, statuses

SECOND = b"GET /simple/ HTTP/1.1\r\nHost: {host}\r\n\r\n"
POST = b"POST /simple/ HTTP/1.1\r\nHost: {host}\r\n"
GET = b"GET /simple/ HTTP/1.1\r\nHost: {host}\r\n"

TRICKS = {
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + SECOND,
    "two lengths in one": POST + b"Content-Length: 0, 5\r\n\r\n" + SECOND,
    "negative length": POST + b"Content-Length: -1\r\n\r\n" + SECOND,
    "signed length": POST + b"Content-Length: +0\r\n\r\n" + SECOND,
    "hexadecimal length": POST + b"Content-Length: 0x0\r\n\r\n" + SECOND,
    "length with a space inside": POST + b"Content-Length: 0 0\r\n\r\n" + SECOND,
    "length beyond 64 bits": POST + b"Content-Length: 99999999999999999999999\r\n\r\n" + SECOND,
    "empty length": POST + b"Content-Length:\r\n\r\n" + SECOND,
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + SECOND,
    "unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "coding after chunked": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SECOND,
    "coding with a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "codings that disagree": (
        POST + b"Transfer-Encoding: identity\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND
    ),
    "folded coding": POST + b"X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "chunks under HTTP/1.0": (
        b"POST /simple/ HTTP/1.0\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND
    ),
    "chunk size that is no number": POST
    + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n"
    + SECOND,
    "negative chunk size": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n" + SECOND,
    "chunk size beyond 64 bits": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n0\r\n\r\n" + SECOND
    ),
    "chunk size with a prefix": POST + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + SECOND,
    "chunk without its end": POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n" + SECOND,
    "chunk extension without end": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n0;" + b"a" * 200_000 + b"\r\n\r\n" + SECOND
    ),
    "trailers without end": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 50_000 + b"\r\n" + SECOND
    ),
    "two hosts": b"GET /simple/ HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n" + SECOND,
    "version to come": b"GET /simple/ HTTP/9.9\r\nHost: {host}\r\n\r\n" + SECOND,
    "no version": b"GET /simple/\r\nHost: {host}\r\n\r\n" + SECOND,
    "NUL in the path": b"GET /sim\x00ple/ HTTP/1.1\r\nHost: {host}\r\n\r\n" + SECOND,
    "NUL in a header": GET + b"X: a\x00b\r\n\r\n" + SECOND,
    "space before a colon": b"GET /simple/ HTTP/1.1\r\nHost : {host}\r\n\r\n" + SECOND,
    "line without a colon": GET + b"nonsense\r\n\r\n" + SECOND,
    "header that begins with a space": b"GET /simple/ HTTP/1.1\r\n X: y\r\nHost: {host}\r\n\r\n" + SECOND,
    "a carriage return alone": GET + b"X: y\rTransfer-Encoding: chunked\r\n\r\n" + SECOND,
    "header of 200 kB": GET + b"X: " + b"a" * 200_000 + b"\r\n\r\n" + SECOND,
    "TLS inside TLS": b"\x16\x03\x01 not http at all\r\n\r\n" + SECOND,
}


def send_trick(client: Client, trick: str) -> list[int]:
    own = f"{client.host}:{client.port}".encode()
    return statuses(raw(client, TRICKS[trick].replace(b"{host}", own)))


@pytest.fixture(params=["client", "uploaders"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a client of the main port, then one of the port for uploads alone: each reads HTTP its way."""
    monkeypatch.setattr("cheeseboard.server.uploading.body._DRAIN_SECONDS", 1.0)
    client: Client = request.getfixturevalue(request.param)
    return client


@pytest.mark.parametrize("trick", TRICKS)
def test_a_request_with_two_ends_is_refused_and_nothing_follows_it(either: Client, trick: str) -> None:
    answered = send_trick(either, trick)
    assert len(answered) <= 1, answered
    assert all(400 <= status < 500 for status in answered), answered
    assert either.get("/health").status == 200


def test_at_the_port_for_uploads_a_connection_has_one_request(uploaders: Client) -> None:
    own = f"{uploaders.host}:{uploaders.port}".encode()
    assert statuses(raw(uploaders, (SECOND + SECOND).replace(b"{host}", own))) == [404]


def test_two_whole_requests_in_one_write_get_two_answers(client: Client) -> None:
    own = f"{client.host}:{client.port}".encode()
    last = SECOND.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert statuses(raw(client, (SECOND + last).replace(b"{host}", own))) == [200, 200]
