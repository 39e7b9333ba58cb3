"""What is refused, to whom and how: other hosts, other methods, ambiguous and hostile requests."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.board import Board
from tests.server.client import Client
from tests.server.raw import raw, statuses

WHEEL = "acme_core-1.0-py3-none-any.whl"
HOSTILE = '<script>alert(1)</script>"\r\nX-Injected: yes'


@pytest.fixture(autouse=True)
def acme(board: Board) -> None:
    board.add(WHEEL, b"wheel bytes")


@pytest.mark.parametrize(
    "path", ["/", "/simple/", f"/simple/acme-core/{WHEEL}", "/ca.pem", "/projects/acme-core/"]
)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1.:{port}", "[::1]:{port}"]
)
def test_another_host_name_is_answered_nothing(client: Client, path: str, host: str) -> None:
    reply = client.get(path, Host=host.format(port=client.port))
    assert reply.status == 421
    assert b"acme" not in reply.body


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "evil.example:{port}"])
@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "https://127.0.0.1:{port}", "file://"]
)
@pytest.mark.parametrize("site", [None, "cross-site", "same-origin"])
def test_no_other_site_may_read_an_answer_in_a_browser(
    client: Client, host: str, origin: str | None, site: str | None
) -> None:
    said = {"Origin": origin and origin.format(port=client.port), "Sec_Fetch_Site": site}
    headers = {name: value for name, value in said.items() if value is not None}
    reply = client.get("/simple/acme-core/", Host=host.format(port=client.port), **headers)
    assert reply.status == (421 if "evil" in host else 200)
    assert reply.header("Cross-Origin-Resource-Policy") == "same-origin"
    assert not [name for name in reply.headers if name.lower().startswith("access-control-")]


def test_the_host_is_compared_without_regard_to_case(client: Client) -> None:
    assert client.get("/simple/", Host=f"LOCALHOST:{client.port}").status == 200


def test_liveness_is_told_to_any_host(client: Client) -> None:
    reply = client.get("/health", Host="evil.example")
    assert (reply.status, reply.body) == (200, b"ok\n")


def test_a_request_without_a_host_is_refused(client: Client) -> None:
    assert statuses(raw(client, b"GET /simple/ HTTP/1.1\r\nConnection: close\r\n\r\n")) in ([400], [421])
    assert statuses(raw(client, b"GET /simple/ HTTP/1.0\r\n\r\n")) in ([400], [421], [])


def test_an_absolute_url_of_another_host_is_not_served(client: Client) -> None:
    own = f"{client.host}:{client.port}".encode()
    received = raw(
        client,
        b"GET https://evil.example/simple/ HTTP/1.1\r\nHost: " + own + b"\r\nConnection: close\r\n\r\n",
    )
    assert b"evil.example" not in received


@pytest.mark.parametrize("path", ["/simple/", "/simple/acme-core/", "/"])
def test_an_upload_to_the_index_is_told_the_right_url(client: Client, path: str) -> None:
    reply = client.request("POST", path, content=b"x" * 1_000_000)
    assert reply.status == 405
    assert reply.header("Allow") == "GET, HEAD"
    assert f"{client.url}/legacy/" in reply.text


@pytest.mark.parametrize("path", ["/legacy/", "/legacy"])
def test_uploads_are_not_enabled_and_said_so(client: Client, path: str) -> None:
    reply = client.request("POST", path, content=b"x" * 1_000_000, Accept="application/json")
    assert reply.status == 403
    assert json.loads(reply.body)["detail"] == "Uploads are not enabled on this server."


def test_the_upload_address_is_no_page(client: Client) -> None:
    reply = client.get("/legacy/")
    assert (reply.status, reply.header("Allow")) == (405, "POST")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FROB"])
def test_other_methods_are_not_allowed(client: Client, method: str) -> None:
    reply = client.request(method, "/simple/acme-core/")
    assert (reply.status, reply.header("Allow")) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/simple/acme-core/../../../../etc/passwd",
        "/simple/../../etc/passwd",
        "/../../etc/passwd",
        "/simple/acme-core/%2e%2e/%2e%2e/etc/passwd",
        "/simple/acme-core/..%2f..%2fetc%2fpasswd",
        "/simple/%2e%2e/%2e%2e/etc/passwd",
        "/simple/acme-core/%2fetc%2fpasswd",
        "/simple/acme-core//etc/passwd",
        "//etc/passwd",
        "/simple//etc/passwd",
        "/simple/acme-core/..\\..\\etc\\passwd",
        f"/simple/acme-core/{WHEEL}%00.html",
        f"/simple/acme-core/./{WHEEL}",
        f"/simple/acme-core/{WHEEL}/",
        f"/simple/acme-core/{WHEEL}.metadata.metadata",
        "/simple/acme-core/.metadata",
        "/simple/acme-core/%ff%fe",
        "/simple/.cheeseboard/catalog.sqlite3",
        "/.cheeseboard/catalog.sqlite3",
        "/projects/../../etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_index(client: Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status in {301, 404}
    assert b"root:" not in reply.body
    assert not reply.header("Location").startswith("//")


def test_what_a_client_says_is_escaped_in_what_it_is_told(client: Client) -> None:
    for path in ("/?q=%3Cscript%3Ealert(1)%3C/script%3E", "/projects/%3Cscript%3E/", "/simple/%3Cscript%3E/"):
        assert "<script" not in client.get(path, Accept="text/html").text.lower()


@given(
    path=st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF), max_size=60),
    header=st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=60),
    name=st.sampled_from(
        ["Accept", "Range", "If-None-Match", "If-Modified-Since", "If-Range", "Accept-Encoding"]
    ),
)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_request_makes_the_server_fail(client: Client, path: str, header: str, name: str) -> None:
    own = f"{client.host}:{client.port}"
    request = f"GET /simple/{path} HTTP/1.1\r\nHost: {own}\r\n{name}: {header}\r\nConnection: close\r\n\r\n"
    for status in statuses(raw(client, request.encode("latin-1"))):
        assert status < 500


@pytest.mark.parametrize(
    "path", ["/", "/simple/", "/simple/acme-core/", "/projects/acme-core/", "/nothing", "/health"]
)
@pytest.mark.parametrize("accept", ["text/html", "application/vnd.pypi.simple.v1+json", "*/*"])
def test_every_answer_carries_the_security_headers(client: Client, path: str, accept: str) -> None:
    reply = client.get(path, Accept=accept)
    assert reply.header("X-Content-Type-Options") == "nosniff"
    assert reply.header("X-Frame-Options") == "DENY"
    assert reply.header("Referrer-Policy") == "no-referrer"
    assert reply.header("Access-Control-Allow-Origin") == ""
    assert reply.header("Set-Cookie") == ""
    if "html" in reply.header("Content-Type"):
        assert "default-src 'none'" in reply.header("Content-Security-Policy")
        assert "unsafe" not in reply.header("Content-Security-Policy")


def test_files_carry_the_security_headers_too(client: Client) -> None:
    for headers in ({}, {"Range": "bytes=0-1"}, {"If_None_Match": "*"}):
        reply = client.get(f"/simple/acme-core/{WHEEL}", **headers)
        assert reply.header("X-Content-Type-Options") == "nosniff"
        assert reply.header("X-Frame-Options") == "DENY"


def test_the_certificate_of_the_authority_can_be_fetched(client: Client, board: Board) -> None:
    reply = client.get("/ca.pem")
    assert (reply.status, reply.body) == (200, board.ca_pem)
    assert "attachment" in reply.header("Content-Disposition")
