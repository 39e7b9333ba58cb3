"""Where a request leads: an answer, a file, a page to be made, an upload.

A URL is never mapped to a path: project and file are looked up by their exact names in the snapshot.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from packaging.utils import InvalidName, NormalizedName, canonicalize_name

from cheeseboard.index import provenance
from cheeseboard.index.negotiate import SUPPORTED, Encoding, choose_encoding, choose_form, form_by_name
from cheeseboard.repository.snapshot import Snapshot
from cheeseboard.server.access.gate import Denied, Gate, Right
from cheeseboard.server.answers import (
    Answer,
    PageAnswers,
    make_answer,
    make_denial,
    make_not_modified,
    make_problem,
)
from cheeseboard.server.files.conditions import (
    ByteRange,
    Unsatisfiable,
    choose_range,
    matches_etag,
    unmodified_since,
)
from cheeseboard.server.files.repeated import RepeatedAnswers, words_of
from cheeseboard.server.files.sending import is_intact
from cheeseboard.server.files.shelf import HeldFile, HeldMetadata, HeldProvenance, PageShelf, Shelves
from cheeseboard.server.people.pages import KeptPage, Site
from cheeseboard.server.ports import Source
from cheeseboard.server.request import READ_METHODS, Request

logger = logging.getLogger(__name__)

_ROOT = "/simple/"
_UPLOADS = "/legacy"
# What never needs a token to be read: nothing of it is a secret.
_OPEN = frozenset({"/health", "/ca.pem", "/join.py", _UPLOADS, f"{_UPLOADS}/"})
# What is answered at a port for uploads alone, beside what lies below their address: clients ask there, too.
_OPEN_TO_UPLOADERS = frozenset({"/health", _UPLOADS})
_without_port = re.compile(r":\d+$").sub
_FILE_UNAVAILABLE = "This file is not available at the moment."


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be sent: whole, or one range of it."""

    held: HeldFile
    wanted: ByteRange | None


@dataclass(frozen=True, slots=True)
class Pending:
    """An answer that takes time to make: made beside the event loop."""

    make: Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload: answered once it was read."""


Decision = Answer | Download | Pending | Upload


class Routes:
    """Decides what a request is answered with; for one thread at a time.

    Args:
        source: What is served.
        hosts: The Host header values that are answered.
        gate: Decides who may read.
    """

    def __init__(self, source: Source, hosts: Callable[[], frozenset[str]], gate: Gate) -> None:
        self._source = source
        self._hosts = hosts
        self._gate = gate
        self._shelves = Shelves(source.path_of)
        self._repeated = RepeatedAnswers()
        self._site = Site(source)
        self._health = make_answer(200, "text/plain", b"ok\n", [("cache-control", "no-store")])

    def decide(self, request: Request) -> Decision:
        """Return what a request is answered with."""
        if not self._gate.reading_is_public:
            refusal = self._refuse_reader(request)
            if refusal is not None:
                return refusal
        return self._repeat(request) or self._decide(request)

    def decide_upload(self, request: Request, main_port: int) -> Decision:
        """Return what a request is answered with at a port for uploads alone."""
        if request.path in _OPEN_TO_UPLOADERS or request.path.startswith(f"{_UPLOADS}/"):
            return self.decide(request)
        refusal = self._refuse_client(request)
        if refusal is not None:
            return refusal
        host = _without_port("", request.host)
        detail = f"This port takes uploads alone. All else is at https://{host}:{main_port}/."
        return make_problem(404, detail, request.header("accept"))

    def _refuse_reader(self, request: Request) -> Answer | None:
        """Return why this client may not read this, or None; what is no plain read is refused elsewhere."""
        if request.method not in READ_METHODS or request.path in _OPEN or self._refuse_client(request):
            return None
        decision = self._gate.decide(
            Right.READ,
            request.header("authorization"),
            address=request.address,
            project=_project_of(request.path),
        )
        if isinstance(decision, Denied):
            return make_denial(decision, request.header("accept"))
        return None

    def _repeat(self, request: Request) -> Answer | None:
        """Return what the same request was answered with before, or None."""
        if request.method not in READ_METHODS or request.ambiguous or not self._source.available():
            return None
        return self._repeated.find(words_of(request), self._source.snapshot(), self._hosts())

    def _decide(self, request: Request) -> Decision:
        if request.path == "/health" and request.method in READ_METHODS:
            return self._health
        refusal = self._refuse_client(request) or self._refuse_method(request)
        if refusal is not None:
            return refusal
        for_joining = self._site.for_joining(request.path)
        if for_joining is not None:
            return for_joining
        if not self._source.available():
            return _unavailable("The package folder is not available at the moment.", request)
        if request.method == "POST":
            return Upload()
        return self._read(request)

    def _read(self, request: Request) -> Answer | Download | Pending:
        if not request.path.startswith(_ROOT):
            return self._for_people(request)
        snapshot = self._source.snapshot()
        decision = self._simple(request, request.path.removeprefix(_ROOT), snapshot)
        if request.path.endswith("/") and isinstance(decision, Answer) and decision.status in {200, 304}:
            self._repeated.keep(words_of(request), decision, snapshot)
        return decision

    def _refuse_client(self, request: Request) -> Answer | None:
        """Return why nothing is said to this client, or None."""
        if request.ambiguous:
            detail = "This request can be read in two ways."
            return make_problem(400, detail, request.header("accept"), [("connection", "close")])
        if request.host not in self._hosts():
            return make_problem(421, "This server does not answer to that name.", request.header("accept"))
        return None

    def _refuse_method(self, request: Request) -> Answer | None:
        """Return what to do instead of this method, or None when it is a plain read."""
        accept = request.header("accept")
        if request.path.rstrip("/") == _UPLOADS:
            if request.method == "POST":
                return self._refuse_uploads(accept)
            detail = "This is where packages are uploaded to; it is not a page."
            return make_problem(405, detail, accept, [("allow", "POST")])
        if request.method in READ_METHODS:
            return None
        detail = f"{request.method} is not supported here."
        if request.method == "POST":
            detail = f"Packages are uploaded to https://{request.host}{_UPLOADS}/, not to this address."
        return make_problem(405, detail, accept, [("allow", "GET, HEAD")])

    def _refuse_uploads(self, accept: str | None) -> Answer | None:
        if self._source.publishing is None:
            return make_problem(403, "Uploads are not enabled on this server.", accept)
        return None

    # --- the Simple API ---------------------------------------------------------------------------

    def _simple(self, request: Request, rest: str, snapshot: Snapshot) -> Answer | Download:
        if not rest:
            return self._index_page(self._shelves.root(snapshot), request)
        name, slash, filename = rest.partition("/")
        shelf = self._shelves.project(snapshot, NormalizedName(name))
        if shelf is None or not slash:
            return _elsewhere(snapshot, name, _ROOT, filename, request)
        if not filename:
            return self._index_page(shelf.page, request)
        held = shelf.find(filename)
        if held is None:
            return _not_found(f"There is no such file in {name}.", request)
        return self._file(held, request) if isinstance(held, HeldFile) else self._beside(held, request)

    def _index_page(self, shelf: PageShelf, request: Request) -> Answer:
        named = request.parameter("format") if request.query else None
        form = choose_form(request.header("accept")) if named is None else form_by_name(named)
        if form is None:
            detail = f"This page is available as {', '.join(SUPPORTED)}."
            # In plain text, whatever the client said: it accepts none of our forms.
            return make_problem(406, detail, None)
        return _page(shelf.answers(form, _encoding(request), request.host), request)

    def _file(self, held: HeldFile, request: Request) -> Answer | Download:
        if _is_held_by_client(held, request):
            return make_not_modified(held.headers)
        file = held.file
        if not is_intact(held.path, file.size):
            logger.warning("%s is not what it was when it was taken in", held.path)
            return _unavailable(_FILE_UNAVAILABLE, request)
        header = request.header("range") if request.method == "GET" else None
        if header is None:
            return Download(held, None)
        wanted = choose_range(
            header,
            request.header("if-range"),
            size=file.size,
            etag=held.etag,
            last_modified=held.last_modified,
        )
        if isinstance(wanted, Unsatisfiable):
            size = f"bytes */{file.size}"
            detail = f"The file has {file.size} bytes."
            return make_problem(416, detail, request.header("accept"), [("content-range", size)])
        return Download(held, wanted)

    def _beside(self, held: HeldMetadata | HeldProvenance, request: Request) -> Answer:
        if _is_held_by_client(held, request):
            return make_not_modified(held.headers)
        return (
            self._metadata(held, request)
            if isinstance(held, HeldMetadata)
            else self._provenance(held, request)
        )

    def _metadata(self, held: HeldMetadata, request: Request) -> Answer:
        metadata = self._source.metadata_of(held.file)
        if metadata is None:
            return _not_found(f"The metadata of {held.file.filename} is not at hand.", request)
        return make_answer(200, "text/plain; charset=utf-8", metadata, held.headers)

    def _provenance(self, held: HeldProvenance, request: Request) -> Answer:
        attestations = self._source.attestations_of(held.file)
        if attestations is None:
            return _not_found(f"What was attested of {held.file.filename} is not at hand.", request)
        body = provenance.render_provenance(attestations)
        return make_answer(200, provenance.CONTENT_TYPE, body, held.headers)

    # --- for people -------------------------------------------------------------------------------

    def _for_people(self, request: Request) -> Answer | Pending:
        path = request.path
        if path == "/":
            return self._home(request)
        if path.startswith("/projects/"):
            return self._project_for_people(request, path.removeprefix("/projects/"))
        if path == _ROOT.rstrip("/"):
            return _redirect(_ROOT, request)
        return _not_found("There is nothing at this address.", request)

    def _home(self, request: Request) -> Answer | Pending:
        facts = (self._source.snapshot(), request.host, request.parameter("q", plus=" ") or "")
        kept = self._site.kept_home(*facts)
        return (
            Pending(lambda: _send(self._site.home(*facts), request)) if kept is None else _send(kept, request)
        )

    def _project_for_people(self, request: Request, rest: str) -> Answer | Pending:
        snapshot = self._source.snapshot()
        name, slash, more = rest.partition("/")
        project = snapshot.projects.get(NormalizedName(name))
        if project is None or not slash:
            return _elsewhere(snapshot, name, "/projects/", more, request)
        if more:
            return _not_found("There is nothing at this address.", request)
        # Whose token covers one project does not learn from its page what else is here.
        linked = snapshot.projects if self._gate.reading_is_public else frozenset[NormalizedName]()
        facts = (project, request.host, linked)
        kept = self._site.kept_project(*facts)
        return (
            Pending(lambda: _send(self._site.project(*facts), request))
            if kept is None
            else _send(kept, request)
        )


def unavailable_file(request: Request) -> Answer:
    """Return what is said of a file that can't be read, though it is here."""
    return _unavailable(_FILE_UNAVAILABLE, request)


def _send(page: KeptPage, request: Request) -> Answer:
    return _page(page(_encoding(request)), request)


def _project_of(path: str) -> NormalizedName | None:
    """Return the project that an address is about, whether there is one or not; None for no single one."""
    for root in (_ROOT, "/projects/"):
        if path.startswith(root):
            name = path.removeprefix(root).partition("/")[0]
            return canonicalize_name(name) if name else None
    return None


def _page(answers: PageAnswers, request: Request) -> Answer:
    held = request.header("if-none-match")
    if held is not None and matches_etag(held, answers.etag):
        return answers.not_modified
    return answers.whole


def _encoding(request: Request) -> Encoding:
    return choose_encoding(request.header("accept-encoding"))


def _is_held_by_client(held: HeldFile | HeldMetadata | HeldProvenance, request: Request) -> bool:
    etags = request.header("if-none-match")
    if etags is not None:
        return matches_etag(etags, held.etag)
    date = request.header("if-modified-since")
    return date is not None and unmodified_since(date, held.last_modified)


def _elsewhere(snapshot: Snapshot, name: str, root: str, more: str, request: Request) -> Answer:
    """Redirect to where a project is under its normalized name, or say that it is not here.

    Always 404 for an unknown project, never 403: that is how uv moves on to the next index.
    """
    try:
        normalized = canonicalize_name(name, validate=True)
    except InvalidName:
        return _not_found("There is no such project here.", request)
    if normalized not in snapshot.projects:
        return _not_found(f"There is no project named {normalized} here.", request)
    return _redirect(f"{root}{normalized}/{quote(more, safe='')}", request)


def _redirect(path: str, request: Request) -> Answer:
    location = f"{path}?{request.query}" if request.query else path
    return make_answer(301, "text/plain; charset=utf-8", b"", [("location", location)])


def _unavailable(detail: str, request: Request) -> Answer:
    return make_problem(503, detail, request.header("accept"), [("retry-after", "10")])


def _not_found(detail: str, request: Request) -> Answer:
    return make_problem(404, detail, request.header("accept"))
