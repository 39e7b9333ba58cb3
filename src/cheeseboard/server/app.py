"""What answers each request: the Simple API, files, pages for people, uploads.

A plain RSGI callable, since a framework's routing alone halves the pages sent a second. Whatever is at hand
is answered at once, on granian's own thread; what waits for something (an upload, a page to be made) goes by
the event loop.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from cheeseboard.server.access.gate import Gate
from cheeseboard.server.answers import Answer, make_problem, send_answer
from cheeseboard.server.files.sending import send_file, send_range
from cheeseboard.server.files.shelf import HeldFile
from cheeseboard.server.guarding.native_threads import name_this_thread
from cheeseboard.server.guarding.visitors import Visitors
from cheeseboard.server.ports import Source
from cheeseboard.server.request import READ_METHODS, Request, read_request
from cheeseboard.server.routes import Decision, Download, Pending, Routes, Upload, unavailable_file
from cheeseboard.server.rsgi import Application, Exchange, Scope, UploadScope
from cheeseboard.server.traffic.access_log import Access
from cheeseboard.server.traffic.agent import read_agent
from cheeseboard.server.uploading.body import Body
from cheeseboard.server.uploading.uploads import Uploads

logger = logging.getLogger(__name__)

_SLOW_DOWN_SECONDS = 1.0
_FAILED = "%s %r could not be answered"


def create_app(
    source: Source,
    hosts: Callable[[], frozenset[str]],
    on_access: Callable[[Access], None] | None = None,
    visitors: Visitors | None = None,
    gate: Gate | None = None,
) -> Application:
    """Return the application.

    Args:
        source: What it serves.
        hosts: The Host header values that are answered, lowercase and with their port as a client
            sends it ("127.0.0.1:8443", "[::1]:8443"): the defence against DNS rebinding. Asked on
            every request, so return a value that is kept.
        on_access: Told of every request that was answered; must return at once.
        visitors: Told of every request; who asks too often is made to wait.
        gate: Decides who may read and write; without one anybody reads and nobody writes.
    """
    return _Server(source, hosts, on_access, visitors or Visitors(), gate or Gate())


class _Server:
    """Answers requests: most at once, the others on the event loop."""

    def __init__(
        self,
        source: Source,
        hosts: Callable[[], frozenset[str]],
        on_access: Callable[[Access], None] | None,
        visitors: Visitors,
        gate: Gate,
    ) -> None:
        self._source = source
        self._on_access = on_access
        self._visitors = visitors
        self._gate = gate
        self._routes = Routes(source, hosts, gate)
        self._uploads = None if source.publishing is None else Uploads(source.publishing, gate)
        # Every listening socket has a thread of its own; they decide one after the other.
        self._deciding = threading.Lock()
        # One thread: pages that are slow to make wait for each other and for nobody else.
        self._making = ThreadPoolExecutor(1, initializer=lambda: name_this_thread("pages"))

    def answer_at_once(self, scope: Scope, exchange: Exchange) -> bool:
        """Answer a plain read of what is at hand and return True; leave all else to the event loop."""
        if scope.method not in READ_METHODS:
            return False
        request = read_request(scope)
        try:
            decision = self._decide(request, self._routes.decide)
            if decision is None or isinstance(decision, Pending | Upload):
                return False
            self._answer(decision, request, exchange)
        except Exception:
            logger.exception(_FAILED, request.method, request.path)
            _send_failure(request, exchange)
        return True

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer one request (RSGI)."""
        await self._respond(read_request(scope), exchange, self._routes.decide)

    async def answer_upload(self, scope: UploadScope, exchange: Exchange) -> None:
        """Answer an upload at a port for nothing else, and tell everybody else where to go."""
        main_port = scope.main_port
        decide = self._routes.decide_upload
        await self._respond(read_request(scope), exchange, lambda request: decide(request, main_port))

    async def _respond(
        self, request: Request, exchange: Exchange, decide: Callable[[Request], Decision]
    ) -> None:
        try:
            decision = self._decide(request, decide) or await _slow_down(request)
            if isinstance(decision, Pending):
                decision = await asyncio.get_running_loop().run_in_executor(self._making, decision.make)
            if isinstance(decision, Upload):
                decision = await self._take_upload(request, exchange)
            elif request.method not in READ_METHODS:
                await Body(exchange, request.content_length).drain()
            self._answer(decision, request, exchange)
        except Exception:
            logger.exception(_FAILED, request.method, request.path)
            _send_failure(request, exchange)

    def _decide(self, request: Request, decide: Callable[[Request], Decision]) -> Decision | None:
        """Return what a request is answered with; None when its sender asks too often."""
        with self._deciding:
            return decide(request) if self._visitors.admit(request.peer) else None

    async def _take_upload(self, request: Request, exchange: Exchange) -> Answer:
        if self._uploads is None:
            raise RuntimeError("an upload was let through that nobody takes")
        return await self._uploads.answer(request, exchange)

    def _answer(self, decision: Answer | Download, request: Request, exchange: Exchange) -> None:
        if self._on_access is not None:
            self._on_access(_describe(decision, request, self._who(request)))
        head = request.method == "HEAD"
        if isinstance(decision, Answer):
            send_answer(decision, exchange, head=head)
            return
        held, wanted = decision.held, decision.wanted
        if wanted is not None:
            send_range(held.path, wanted, held.file.size, held.headers, exchange)
            return
        try:
            send_file(held.path, held.file.size, held.headers, exchange, head=head)
        except OSError:
            logger.warning("%s could not be opened", held.path)
            send_answer(unavailable_file(request), exchange, head=head)
            return
        if not head:
            self._report_download(held, request)

    def _who(self, request: Request) -> str:
        """Return the name of the token that came with a request, "" where none was needed."""
        if self._gate.reading_is_public and request.method in READ_METHODS:
            return ""
        return self._gate.name_of(request.header("authorization"))

    def _report_download(self, held: HeldFile, request: Request) -> None:
        try:
            agent = read_agent(request.header("user-agent") or "")
            self._source.on_download(held.file, request.address, agent)
        except Exception:
            logger.exception("The download of %s was not reported", held.file.filename)


def _describe(decision: Answer | Download, request: Request, who: str) -> Access:
    """Return what the access log says; a query of ours holds no secret."""
    if isinstance(decision, Answer):
        status, length = decision.status, len(decision.body)
    elif decision.wanted is None:
        status, length = 200, decision.held.file.size
    else:
        status, length = 206, decision.wanted.length
    headers = request.headers
    return Access(
        request.peer[0],
        request.method,
        request.target,
        request.version,
        status,
        0 if request.method == "HEAD" else length,
        headers.get("referer", ""),
        headers.get("user-agent", ""),
        who,
    )


def _send_failure(request: Request, exchange: Exchange) -> None:
    """Say that something went wrong, unless the answer has begun already."""
    failed = make_problem(500, "Something went wrong here; the log has it.", None)
    with suppress(Exception):
        send_answer(failed, exchange, head=request.method == "HEAD")


async def _slow_down(request: Request) -> Answer:
    """Make a client that asks too often wait, then tell it to ask less."""
    await asyncio.sleep(_SLOW_DOWN_SECONDS)
    detail = "Too many requests come from this address. Try again in a moment."
    return make_problem(429, detail, request.header("accept"), [("retry-after", "1")])
