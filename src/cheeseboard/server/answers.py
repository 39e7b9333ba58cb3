"""Answers ready to be sent: status, headers with the security ones in place, and bytes.

What is sent often is made once and kept; sending it is one call.
"""

import html
import json
from dataclasses import dataclass
from http import HTTPStatus

from cheeseboard.index.negotiate import Encoding, names_json, prefers_html
from cheeseboard.index.page import Page, encode
from cheeseboard.server.access.gate import CHALLENGE, Denied
from cheeseboard.server.rsgi import Exchange, Headers, TellsReason

NO_SNIFF = ("x-content-type-options", "nosniff")
# On everything: no page of ours may be framed, run a script, or tell another site where a reader came from.
SECURITY_HEADERS: tuple[tuple[str, str], ...] = (
    NO_SNIFF,
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
)
LOCKED_DOWN = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response.

    Attributes:
        headers: Shared between requests, never changed.
        sentence: What is wrong, as the body says it; "" when nothing is.
    """

    status: int
    headers: Headers
    body: bytes = b""
    sentence: str = ""


def make_answer(
    status: int,
    content_type: str,
    body: bytes,
    headers: Headers | None = None,
    *,
    policy: str = LOCKED_DOWN,
    sentence: str = "",
) -> Answer:
    """Return an answer with its Content-Length and the security headers.

    ``policy`` is the Content-Security-Policy, sent with HTML; ``sentence`` says what is wrong.
    """
    all_headers: Headers = [
        ("content-type", content_type),
        ("content-length", str(len(body))),
        *(headers or ()),
        *SECURITY_HEADERS,
    ]
    if "html" in content_type:
        all_headers.append(("content-security-policy", policy))
    return Answer(status, all_headers, body, sentence)


def make_not_modified(headers: Headers) -> Answer:
    """Return a 304 with what RFC 9110 (15.4.5) wants repeated of ``headers``."""
    repeated = {"etag", "cache-control", "vary", "last-modified"}
    kept = [(name, value) for name, value in headers if name in repeated]
    return Answer(304, [*kept, *SECURITY_HEADERS])


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


def make_page_answers(page: Page, encoding: Encoding, *, vary: str, policy: str = LOCKED_DOWN) -> PageAnswers:
    """Return the answers that send ``page``, or say that the client has it already."""
    encoded = encode(page, encoding)
    etag = encoded.etag
    validators: Headers = [
        ("etag", etag),
        # pip and uv obey max-age over HTTPS; a new release would stay invisible that long.
        ("cache-control", "no-cache"),
        ("vary", vary),
    ]
    said: Headers = []
    if encoded.encoding is not Encoding.IDENTITY:
        said.append(("content-encoding", encoded.encoding.value))
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
    all_headers: Headers = [("cache-control", "no-store"), ("vary", "Accept"), *(headers or ())]
    if prefers_html(accept):
        body = _PROBLEM_PAGE.format(status=status, title=html.escape(title), detail=html.escape(detail))
        return make_answer(status, "text/html; charset=utf-8", body.encode(), all_headers, sentence=detail)
    if names_json(accept):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        content = json.dumps(problem).encode()
        return make_answer(status, "application/problem+json", content, all_headers, sentence=detail)
    content = f"{detail}\n".encode()
    return make_answer(status, "text/plain; charset=utf-8", content, all_headers, sentence=detail)


def make_denial(denied: Denied, accept: str | None) -> Answer:
    """Return what somebody is told who may not do what they asked for."""
    headers: Headers = []
    if denied.status == HTTPStatus.UNAUTHORIZED:
        headers.append(CHALLENGE)
    if denied.retry_after is not None:
        headers.append(("retry-after", str(denied.retry_after)))
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


def send_answer(answer: Answer, exchange: Exchange, *, head: bool) -> None:
    """Send ``answer``; without its body to a HEAD request."""
    if answer.sentence and isinstance(exchange, TellsReason):
        exchange.tell_reason(answer.sentence)
    if head or not answer.body:
        exchange.response_empty(answer.status, answer.headers)
    else:
        exchange.response_bytes(answer.status, answer.headers, answer.body)
