"""Uploads, as build tools send them: one file and what is said of it, taken in through the one door.

The order is the defence: who it is, before a byte is read; the file to staging, in bounded pieces; the
whole of it judged; the form held against it, for the file decides; then placed, recorded, answered.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from cheeseboard.distributions.attestations import InvalidAttestations, check_attestations
from cheeseboard.distributions.distribution import Distribution, Kind, Refusal
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.distributions.members import printable
from cheeseboard.errors import (
    FolderReadOnly,
    FolderUnavailable,
    InvalidFilename,
    RefusalReason,
    RepositoryError,
    StorageFull,
)
from cheeseboard.repository.intake import Accepted, Conflict, Identical, Outcome, Prepared, Rejected
from cheeseboard.repository.staged import StagedFile
from cheeseboard.repository.uploading import Digests, prepare_upload
from cheeseboard.server.access.gate import Denied, Gate, Right
from cheeseboard.server.answers import Answer, make_answer, make_denial, make_problem
from cheeseboard.server.guarding.native_threads import name_this_thread
from cheeseboard.server.guarding.warden import Limits
from cheeseboard.server.ports import Publishing
from cheeseboard.server.request import Request
from cheeseboard.server.rsgi import Exchange, Headers
from cheeseboard.server.uploading.body import Body, ClientGone, TooSlow
from cheeseboard.server.uploading.upload_form import ATTESTATIONS, FileBegun, FormReader, FormRefused

logger = logging.getLogger(__name__)

# Clients send some 16 kB at a time; the disk is asked less often.
_PIECE = 1024 * 1024
# Each holds one piece in memory; what comes beyond is told to come again.
_MOST_AT_ONCE = 64
_AGAIN_SECONDS = "5"
_KINDS = {"bdist_wheel": Kind.WHEEL, "sdist": Kind.SDIST}
_CLOSE = ("connection", "close")
_Made = TypeVar("_Made")


class _Refused(Exception):
    """The upload ends here, with this answer."""

    def __init__(self, status: int, sentence: str, *headers: tuple[str, str]) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers: Headers = list(headers)


class _NotAllowed(Exception):
    """The token does not go so far."""

    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.message)
        self.denied = denied


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who uploads: what the gate needs to decide about each project."""

    authorization: str | None
    address: str
    who: str


@dataclass(slots=True)
class _Arriving:
    """What has come of an upload so far."""

    staged: StagedFile
    filename: str = ""


class Uploads:
    """Answers POST requests to ``/legacy/``; used on the server's loop.

    Args:
        publishing: Where uploads go.
        gate: Decides who may publish what.
        pace: How slowly a client may send.
    """

    def __init__(self, publishing: Publishing, gate: Gate, pace: Limits | None = None) -> None:
        self._publishing = publishing
        self._gate = gate
        self._pace = pace or Limits()
        self._under_way = 0
        # Judging is work for a processor, writing waits for the disk: neither holds the other up.
        self._judging = ThreadPoolExecutor(2, initializer=lambda: name_this_thread("uploads"))
        self._writing = ThreadPoolExecutor(2, initializer=lambda: name_this_thread("upload-disk"))

    async def answer(self, request: Request, exchange: Exchange) -> Answer:
        """Take an upload in and return what to say."""
        body = Body(exchange, request.content_length, self._pace)
        accept = request.header("accept")
        try:
            answer = await self._take(request, body)
        except _Refused as refused:
            answer = make_problem(refused.status, refused.sentence, accept, refused.headers)
        except FormRefused as refused:
            answer = make_problem(refused.status, refused.sentence, accept)
        except _NotAllowed as refused:
            answer = make_denial(refused.denied, accept)
        except RepositoryError as error:
            logger.warning("An upload could not be taken in: %s", error)
            answer = make_problem(*_explain(error), accept, [("retry-after", "60")])
        except TooSlow:
            logger.info("Gave up on an upload that came too slowly")
            return make_problem(408, "The upload came too slowly and was given up.", accept, [_CLOSE])
        except ClientGone:
            # Nobody waits for it any more; the access log says it.
            return make_problem(400, "The upload broke off.", accept, [_CLOSE])
        await body.drain()
        return answer

    async def _take(self, request: Request, body: Body) -> Answer:
        _refuse_browsers(request)
        sender = self._admit(request)
        length = self._length(request)
        reader = FormReader(request.header("content-type"), length)
        if self._under_way >= _MOST_AT_ONCE:
            sentence = "Too many uploads are under way. Try again in a moment."
            raise _Refused(503, sentence, ("retry-after", _AGAIN_SECONDS))
        self._under_way += 1
        try:
            outcome = await self._receive(reader, body, length, sender)
            return _say(outcome, self._publishing.word(outcome))
        finally:
            self._under_way -= 1

    def _admit(self, request: Request) -> _Sender:
        authorization = request.header("authorization")
        decision = self._gate.decide(Right.PUBLISH, authorization, address=request.address, project=None)
        if isinstance(decision, Denied):
            raise _NotAllowed(decision)
        return _Sender(authorization, request.address, decision.who)

    def _length(self, request: Request) -> int:
        length, most = request.content_length, self._publishing.most_bytes()
        if length is None:
            raise _Refused(411, "An upload must say how long it is: it has no Content-Length.")
        if length > most:
            size = f"{length / 1_000_000:,.1f} MB is more than the {most / 1_000_000:,.1f} MB"
            raise _Refused(413, f"{size} that may be uploaded here. The owner can raise the limit.")
        return length

    async def _receive(self, reader: FormReader, body: Body, length: int, sender: _Sender) -> Outcome:
        staged = await self._on(self._writing, lambda: self._publishing.stage(length))
        try:
            arriving = _Arriving(staged)
            await self._read(reader, body, arriving, sender)
            if body.received != length:
                raise _Refused(400, "The upload is cut short. Upload the file again.")
            fields = reader.finish()
            return await self._on(
                self._judging, lambda: self._judge(staged, arriving.filename, fields, sender)
            )
        finally:
            # Not awaited: whoever is cancelled here would leave it behind.
            self._writing.submit(staged.discard)

    async def _read(self, reader: FormReader, body: Body, arriving: _Arriving, sender: _Sender) -> None:
        """Read the body to its end, the file to staging."""
        waiting = bytearray()

        async def write() -> None:
            piece = bytes(waiting)
            waiting.clear()
            await self._on(self._writing, lambda: arriving.staged.write(piece))

        async for received in body.pieces():
            for part in reader.feed(received):
                if isinstance(part, FileBegun):
                    arriving.filename = part.filename
                    self._check_name(part.filename, sender)
                else:
                    waiting += part
            if len(waiting) >= _PIECE:
                await write()
        if waiting:
            await write()

    def _check_name(self, filename: str, sender: _Sender) -> None:
        """Refuse by the file's name alone what need not be read."""
        try:
            parsed = parse_filename(filename)
        except InvalidFilename as error:
            refused = Rejected(Path(printable(filename)), Refusal(error.reason, error.detail))
            raise _Refused(400, self._publishing.word(refused)) from None
        if len(parsed.candidates) == 1:
            self._permit(parsed.project, sender)

    def _permit(self, project: str, sender: _Sender) -> None:
        decision = self._gate.decide(
            Right.PUBLISH, sender.authorization, address=sender.address, project=canonicalize_name(project)
        )
        if isinstance(decision, Denied):
            raise _NotAllowed(decision)

    def _judge(
        self, staged: StagedFile, filename: str, fields: Mapping[str, str], sender: _Sender
    ) -> Outcome:
        """Judge what came and take it in; slow."""
        _check_action(fields)
        claimed = Digests(
            fields.get("sha256_digest", ""),
            fields.get("blake2_256_digest", ""),
            fields.get("md5_digest", ""),
        )
        judged = prepare_upload(staged, filename, claimed, self._writing)
        if isinstance(judged, Prepared):
            self._permit(judged.distribution.project, sender)
            judged = _hold_against(judged, fields)
        if isinstance(judged, Prepared):
            judged = replace(judged, who=sender.who)
        return self._publishing.take_in(judged)

    @staticmethod
    async def _on(pool: ThreadPoolExecutor, work: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(pool, work)


def _refuse_browsers(request: Request) -> None:
    """Refuse what a web page may have sent: no build tool says where it comes from.

    A browser that was once given a token sends it along with the form of any site.
    """
    site = request.header("sec-fetch-site")
    origin = request.header("origin")
    foreign = origin is not None and _host_of(origin) != request.host
    if foreign or (site is not None and site.strip().lower() not in {"none", "same-origin"}):
        raise _Refused(403, "Uploads are taken from build tools, not from web pages.")


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # half an IPv6 address
        return ""


def _check_action(fields: Mapping[str, str]) -> None:
    action = fields.get(":action")
    if action is None:
        raise _Refused(400, "This is not an upload: the form has no :action=file_upload.")
    if action != "file_upload":
        raise _Refused(400, f'Nothing but uploads is done here: :action is "{printable(action)}".')
    version = fields.get("protocol_version", "1")
    if version != "1":
        raise _Refused(400, f'Uploads follow protocol version 1 here, not "{printable(version)}".')


def _hold_against(judged: Prepared, fields: Mapping[str, str]) -> Prepared | Rejected:
    """Hold what the form says against the file: names differ by client, what they mean must not."""
    distribution = judged.distribution
    difference = find_difference(distribution, fields)
    if difference:
        return _reject(judged, Refusal(RefusalReason.FORM_MISMATCH, difference))
    attestations = fields.get(ATTESTATIONS)
    if attestations is None:
        return judged
    try:
        kept = check_attestations(attestations, filename=distribution.filename, sha256=distribution.sha256)
    except InvalidAttestations as error:
        return _reject(judged, Refusal(RefusalReason.INVALID_ATTESTATIONS, str(error)))
    return replace(judged, attestations=kept)


def _reject(judged: Prepared, refusal: Refusal) -> Rejected:
    return Rejected(judged.source, refusal)


def find_difference(distribution: Distribution, fields: Mapping[str, str]) -> str:
    """Return where the form contradicts the file, as words; empty where it does not."""
    name = fields.get("name")
    if name is not None and canonicalize_name(name) != distribution.project:
        return f"name is {distribution.project}, and the form says {printable(name)}"
    version = fields.get("version")
    if version is not None and not _is_version(version, distribution.version):
        return f"version is {distribution.version}, and the form says {printable(version)}"
    kind = fields.get("filetype")
    if kind is not None and _KINDS.get(kind) is not distribution.kind:
        found = "wheel" if distribution.kind is Kind.WHEEL else "source archive"
        return f"kind is {found}, and the form says {printable(kind)}"
    return ""


def _is_version(text: str, version: str) -> bool:
    try:
        return Version(text) == Version(version)
    except InvalidVersion:
        return False


def _say(outcome: Outcome, sentence: str) -> Answer:
    """Return the answer to an upload that was decided on."""
    match outcome:
        case Accepted() | Identical():
            return make_answer(200, "text/plain; charset=utf-8", f"{sentence}\n".encode())
        case Conflict():
            hint = "Raise the version, build again, and upload that."
            raise _Refused(409, f"File already exists. {sentence} {hint}")
        case Rejected(refusal=Refusal(reason=RefusalReason.PROJECT_CLOSED)):
            raise _Refused(403, sentence)
        case Rejected(refusal=Refusal(reason=RefusalReason.NAME_TAKEN)):
            # Not with the path that the owner is told.
            raise _Refused(409, f"File already exists. {outcome.source.name} lies there unrecorded.")
        case Rejected():
            raise _Refused(400, sentence)
        case _:
            sentence = "The repository's folder changed meanwhile. Upload the file again."
            raise _Refused(503, sentence, ("retry-after", _AGAIN_SECONDS))


def _explain(error: RepositoryError) -> tuple[int, str]:
    """Return status and sentence; without the folder's path, which is the owner's own."""
    match error:
        case StorageFull():
            return 507, "The repository's disk is full: nothing was kept. Tell its owner to make room."
        case FolderReadOnly():
            return 503, "The repository's folder can't be written to: nothing was kept. Tell its owner."
        case FolderUnavailable():
            return 503, "The repository's folder is missing at the moment. Try again when it is back."
        case _:
            return 503, "The repository's disk reported an error: nothing was kept. Tell its owner."
