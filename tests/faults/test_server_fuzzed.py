"""Requests that no client would send, by the thousand: no 5xx, no foreign file, flat memory."""

import random
import re
import socket
import ssl
from collections.abc import Iterator

import pytest
from tests.faults.conftest import Served

_PIECES = [
    *("simple", "acme-core", "acme_core-1.0-py3-none-any.whl", "projects", "legacy", "ca.pem", "health"),
    *("..", ".", "", "%2e%2e", "%2f", "%5c", "%00", "\\", "etc", "passwd", ".cheeseboard", "catalog.sqlite3"),
    *("%", "%f", "%zz", "%ff%fe", "+", "%2B", " ", "~", "é", "\x7f", ";", "?", "#", "*", ":", "@", "//"),
    *("acme_core-1.0-py3-none-any.whl.metadata", "x" * 300, "ACME_Core", "<script>", '"', "'", "&"),
]
_METHODS = ["GET"] * 12 + [
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "get",
    "G\xe9T",
    "",
]
_HEADERS = [
    *("Accept", "Accept-Encoding", "Range", "If-Range", "If-None-Match", "If-Modified-Since", "User-Agent"),
    *(
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Expect",
        "Upgrade",
        "Origin",
        "Referer",
        "Cookie",
    ),
    *("Sec-Fetch-Site", "X-Forwarded-Host", "Host", "Content-Type", "TE", "Authorization"),
]
_VALUES = [
    *("text/html", "*/*", "application/json;q=x", "q=0.5", ",", ";;;", "gzip, br;q=0", "identity;q=0", "*"),
    *("bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-0,1-1", "bytes=" + "9" * 400 + "-", "lines=1-2", '"x"'),
    *(
        "W/",
        "Thu, 99 Xxx 9999 99:99:99 GMT",
        "0",
        "-1",
        "5",
        "99999999999999999999",
        "chunked",
        "gzip, chunked",
    ),
    *("close", "keep-alive, close", "100-continue", "h2c", "websocket", "null", "cross-site", "evil.example"),
    *("\t", "\x0b", "a" * 5000, "é\xff", "${jndi:x}", "%s%n", "'; DROP TABLE files;--"),
]


def fuzz(chance: random.Random, host: str) -> bytes:
    """Return one request, sane in most of its parts."""
    path = "/" + "/".join(chance.choices(_PIECES, k=chance.randrange(6)))
    if chance.random() < 0.3:
        path += "?" + "&".join(f"{chance.choice(_PIECES)}={chance.choice(_VALUES)}" for _ in range(2))
    version = chance.choice(["1.1"] * 20 + ["1.0", "2.0", "0.9", "x"])
    lines = [f"{chance.choice(_METHODS)} {path} HTTP/{version}", f"Host: {host}"]
    count = chance.randrange(4)
    lines += [f"{chance.choice(_HEADERS)}: {chance.choice(_VALUES)}" for _ in range(count)]
    text = "\r\n".join(lines) + "\r\n\r\n" + chance.choice(["", "", "", "abc", "0\r\n\r\n", "ZZ\r\n"])
    request = bytearray(text.encode("latin-1", "replace"))
    if chance.random() < 0.1:
        for _ in range(chance.randrange(1, 5)):
            request[chance.randrange(len(request))] = chance.randrange(256)
    return bytes(request)


@pytest.mark.parametrize("count", [2_000, pytest.param(100_000, marks=pytest.mark.full)])
def test_fuzzed_requests_bring_no_error_no_foreign_file_and_no_growth(served: Served, count: int) -> None:
    client = served.client
    host = f"{client.host}:{client.port}"
    chance = random.Random(20261122)
    statuses: dict[int, int] = {}
    # What is made once is made before the memory is read.
    for received in send(served, [fuzz(chance, host) for _ in range(500)]):
        count_statuses(received, statuses)
    before = served.memory()
    left = count - 500
    while left > 0:
        batch = [fuzz(chance, host) for _ in range(min(left, 100))]
        left -= len(batch)
        for received in send(served, batch):
            count_statuses(received, statuses)
            assert b"root:" not in received
            assert b"SQLite format" not in received
            assert b"PRIVATE KEY" not in received
    assert not [status for status in statuses if status >= 500], statuses
    assert statuses.get(200, 0) > 0
    assert served.memory() - before <= 50
    assert client.get("/simple/acme-core/").status == 200


def count_statuses(received: bytes, statuses: dict[int, int]) -> None:
    for found in re.findall(rb"^HTTP/1\.[01] (\d{3}) ", received, re.MULTILINE):
        statuses[int(found)] = statuses.get(int(found), 0) + 1


def send(served: Served, requests: list[bytes]) -> Iterator[bytes]:
    """Yield what each request brings, on a kept connection for as long as the server keeps it."""
    context = served.client.context()
    secured: ssl.SSLSocket | None = None
    for request in requests:
        if secured is None:
            plain = socket.create_connection((served.client.host, served.client.port), timeout=10)
            secured = context.wrap_socket(plain, server_hostname=served.client.host)
        received, kept = exchange(secured, request)
        yield received
        if not kept:
            secured.close()
            secured = None
    if secured is not None:
        secured.close()


def exchange(secured: ssl.SSLSocket, request: bytes) -> tuple[bytes, bool]:
    """Return what came back, and whether the connection can be asked again without confusion."""
    received = b""
    plain = request.split(b" ", 1)[0] in {b"GET", b"HEAD"} and request.endswith(b"\r\n\r\n")
    try:
        secured.sendall(request)
        if not plain or b"ength:" in request or b"ncoding: chunked" in request or b"pgrade" in request:
            plain = False
            secured.settimeout(0.1)
        while True:
            piece = secured.recv(1 << 16)
            if not piece:
                return received, False
            received += piece
            if is_whole(received, head=request.startswith(b"HEAD")):
                return received, plain and b"connection: close" not in received.lower()
    except (OSError, ValueError):
        return received, False


def is_whole(received: bytes, *, head: bool) -> bool:
    header, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return False
    length = re.search(rb"(?mi)^content-length: *(\d+)", header)
    nothing = head or header[9:12] in {b"304", b"204"}
    return nothing or (length is not None and len(body) >= int(length[1]))
