"""Answers ready to be sent: status, headers with the security ones in place, and bytes.

What is sent often is made once and kept; sending it is two awaits.
"""

import html
import json
from dataclasses import dataclass
from http import HTTPStatus

from cheeseboard.index.negotiate import Encoding, names_json, prefers_html
from cheeseboard.index.page import Page, encode
from cheeseboard.server.access.gate import CHALLENGE, Denied
from cheeseboard.server.asgi import Headers, Message, Send

NO_SNIFF = (b"x-content-type-options", b"nosniff")
# On everything: no page of ours may be framed, run a script, or tell another site where a reader came from.
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    NO_SNIFF,
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
LOCKED_DOWN = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response.

    Attributes:
        start: The ASGI message that opens it; shared between requests, never changed.
        body: The ASGI message that holds it whole; shared likewise.
        empty: The body message of the answer to HEAD.
    """

    start: Message
    body: Message
    empty: Message

    @property
    def status(self) -> int:
        """The status code."""
        status: int = self.start["status"]
        return status

    @property
    def length(self) -> int:
        """The body's length."""
        return len(self.body["body"])


_EMPTY: Message = {"type": "http.response.body", "body": b"", "more_body": False}


def make_answer(
    status: int,
    content_type: str,
    body: bytes,
    headers: Headers | None = None,
    *,
    policy: bytes = LOCKED_DOWN,
) -> Answer:
    """Return an answer with its Content-Length and the security headers.

    ``policy`` is the Content-Security-Policy, sent with HTML.
    """
    all_headers: Headers = [
        (b"content-type", content_type.encode("latin-1")),
        (b"content-length", str(len(body)).encode("ascii")),
        *(headers or ()),
        *SECURITY_HEADERS,
    ]
    if "html" in content_type:
        all_headers.append((b"content-security-policy", policy))
    return Answer(
        start={"type": "http.response.start", "status": status, "headers": all_headers},
        body={"type": "http.response.body", "body": body, "more_body": False},
        empty=_EMPTY,
    )


def make_start(status: int, headers: Headers) -> Message:
    """Return the message that opens a response whose body is sent in parts, or empty."""
    return {"type": "http.response.start", "status": status, "headers": [*headers, *SECURITY_HEADERS]}


def make_not_modified(headers: Headers) -> Answer:
    """Return a 304 with what RFC 9110 (15.4.5) wants repeated of ``headers``."""
    repeated = {b"etag", b"cache-control", b"vary", b"last-modified"}
    kept = [(name, value) for name, value in headers if name in repeated]
    return Answer(start=make_start(304, kept), body=_EMPTY, empty=_EMPTY)


@dataclass(frozen=True, slots=True)
class PageAnswers:
    """One encoding of one page.

    Attributes:
        etag: With its quotes.
        whole: 200.
        not_modified: 304.
    """

    etag: str
    whole: Answer
    not_modified: Answer


def make_page_answers(
    page: Page, encoding: Encoding, *, vary: bytes, policy: bytes = LOCKED_DOWN
) -> PageAnswers:
    """Return the answers that send ``page``, or say that the client has it already."""
    encoded = encode(page, encoding)
    etag = encoded.etag
    validators: Headers = [
        (b"etag", etag.encode("ascii")),
        # pip and uv obey max-age over HTTPS; a new release would stay invisible that long.
        (b"cache-control", b"no-cache"),
        (b"vary", vary),
    ]
    said: Headers = []
    if encoded.encoding is not Encoding.IDENTITY:
        said.append((b"content-encoding", encoded.encoding.value.encode("ascii")))
    return PageAnswers(
        etag=etag,
        whole=make_answer(200, page.content_type, encoded.body, [*validators, *said], policy=policy),
        not_modified=make_not_modified(validators),
    )


def make_problem(
    status: int,
    detail: str,
    accept: str | None,
    headers: Headers | None = None,
) -> Answer:
    """Return an error in the form that its reader can use.

    A browser gets a small page, a client that named JSON gets problem+json (RFC 9457), and
    everything else plain text. ``detail`` is one plain sentence.
    """
    title = HTTPStatus(status).phrase
    all_headers: Headers = [(b"cache-control", b"no-store"), (b"vary", b"Accept"), *(headers or ())]
    if prefers_html(accept):
        body = _PROBLEM_PAGE.format(status=status, title=html.escape(title), detail=html.escape(detail))
        return make_answer(status, "text/html; charset=utf-8", body.encode(), all_headers)
    if names_json(accept):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return make_answer(status, "application/problem+json", json.dumps(problem).encode(), all_headers)
    return make_answer(status, "text/plain; charset=utf-8", f"{detail}\n".encode(), all_headers)


def make_denial(denied: Denied, accept: str | None) -> Answer:
    """Return what somebody is told who may not do what they asked for."""
    headers: Headers = []
    if denied.status == HTTPStatus.UNAUTHORIZED:
        headers.append(CHALLENGE)
    if denied.retry_after is not None:
        headers.append((b"retry-after", str(denied.retry_after).encode("ascii")))
    return make_problem(denied.status, denied.message, accept, headers)


_PROBLEM_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{status} {title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{detail}</p>
<p><a href="/">All packages</a></p>
</body>
</html>
"""


async def send_answer(answer: Answer, send: Send, *, head: bool) -> None:
    """Send ``answer``; without its body to a HEAD request."""
    await send(answer.start)
    await send(answer.empty if head else answer.body)
