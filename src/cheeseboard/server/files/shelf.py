"""What the server keeps ready for each project: its pages' answers and its files by name.

Everything here hangs on one frozen Project object and is dropped with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Kind
from cheeseboard.index.build import PROVENANCE_SUFFIX, offered_files
from cheeseboard.index.negotiate import Encoding, Form
from cheeseboard.index.page import PageStore, ProjectPages, RootPages
from cheeseboard.repository.snapshot import File, Snapshot
from cheeseboard.server.answers import PageAnswers, make_page_answers
from cheeseboard.server.rsgi import Headers

# A file of one name never changes its bytes, so installers may keep it for good.
_FOREVER = "max-age=31536000, immutable"
_VARY = "Accept, Accept-Encoding"
_METADATA_SUFFIX = ".metadata"


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that may be downloaded, with what every answer about it says.

    Attributes:
        path: Where it lies.
        etag: Strong: its sha256, quoted.
        last_modified: When it came in, as HTTP writes a date.
        headers: Content-Type, validators, caching; without Content-Length.
    """

    file: File
    path: Path
    etag: str
    last_modified: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class HeldMetadata:
    """The core metadata of a wheel, served beside it.

    Attributes:
        etag: Strong: the metadata's sha256, quoted.
        headers: Validators and caching; without Content-Type and Content-Length.
    """

    file: File
    etag: str
    last_modified: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class HeldProvenance:
    """What was attested of a file, served beside it (PEP 740).

    Attributes:
        etag: Strong: the attestations' sha256, quoted.
        headers: Validators and caching; without Content-Type and Content-Length.
    """

    file: File
    etag: str
    last_modified: str
    headers: Headers


Held = HeldFile | HeldMetadata | HeldProvenance


class PageShelf:
    """The answers that one set of pages gives, per form and encoding."""

    __slots__ = ("_answers", "pages")

    def __init__(self, pages: ProjectPages | RootPages) -> None:
        self.pages = pages
        self._answers: dict[tuple[Form, Encoding, str], PageAnswers] = {}

    def answers(self, form: Form, encoding: Encoding, host: str) -> PageAnswers:
        """Return the answers in ``form`` and ``encoding`` to who asked for ``host``, one that is ours."""
        origin = f"https://{host}" if self.pages.names_origin else ""
        key = (form, encoding, origin)
        answers = self._answers.get(key)
        if answers is None:
            page = self.pages.page(form, origin)
            answers = self._answers[key] = make_page_answers(page, encoding, vary=_VARY)
        return answers


class ProjectShelf:
    """One project: its pages' answers, and its files by the names under which they are served."""

    __slots__ = ("_files", "_held", "_path_of", "page", "project")

    def __init__(self, pages: ProjectPages, path_of: Callable[[File], Path]) -> None:
        self.project = pages.project
        self.page = PageShelf(pages)
        self._path_of = path_of
        self._files: dict[str, File] | None = None
        self._held: dict[str, Held] = {}

    def find(self, name: str) -> Held | None:
        """Return what is served under exactly ``name``: always a look-up, never a path."""
        held = self._held.get(name)
        if held is None:
            held = self._hold(name)
            if held is not None:
                self._held[name] = held
        return held

    def _hold(self, name: str) -> Held | None:
        if self._files is None:
            self._files = {file.filename: file for file in offered_files(self.project)}
        file = self._files.get(name)
        if file is not None:
            return hold_file(file, self._path_of(file))
        file = self._files.get(name.removesuffix(PROVENANCE_SUFFIX))
        if file is not None:
            return hold_provenance(file) if file.attestations_sha256 else None
        file = self._files.get(name.removesuffix(_METADATA_SUFFIX))
        return hold_metadata(file) if file is not None and file.kind is Kind.WHEEL else None


def hold_file(file: File, path: Path) -> HeldFile:
    """Return what every answer about ``file`` says."""
    etag = f'"{file.sha256}"'
    last_modified = format_datetime(file.upload_time, usegmt=True)
    headers: Headers = [
        # Not application/gzip: some clients would decode it on the way.
        ("content-type", "application/octet-stream"),
        ("content-disposition", _attachment(file.filename)),
        ("etag", etag),
        ("last-modified", last_modified),
        ("cache-control", _FOREVER),
        ("accept-ranges", "bytes"),
    ]
    return HeldFile(file, path, etag, last_modified, headers)


def hold_metadata(file: File) -> HeldMetadata:
    """Return what every answer about the metadata of ``file`` says."""
    return HeldMetadata(file, *_validate(file, file.metadata_sha256, _FOREVER))


def hold_provenance(file: File) -> HeldProvenance:
    """Return what every answer about what was attested of ``file`` says."""
    # More may be attested of the same file one day.
    return HeldProvenance(file, *_validate(file, file.attestations_sha256 or "", "no-cache"))


def _validate(file: File, sha256: str, caching: str) -> tuple[str, str, Headers]:
    """Return ETag, Last-Modified and the headers of what is served beside ``file``."""
    etag, last_modified = f'"{sha256}"', format_datetime(file.upload_time, usegmt=True)
    headers: Headers = [
        ("etag", etag),
        ("last-modified", last_modified),
        ("cache-control", caching),
    ]
    return etag, last_modified, headers


def _attachment(filename: str) -> str:
    """Return a Content-Disposition; a name that could break out of its quotes is left out."""
    plain = filename.isascii() and filename.isprintable() and not set(filename) & {'"', "\\"}
    return f'attachment; filename="{filename}"' if plain else "attachment"


class Shelves:
    """All shelves, each for as long as its project is the very same object."""

    def __init__(self, path_of: Callable[[File], Path]) -> None:
        self._path_of = path_of
        self._store = PageStore()
        self._snapshot: Snapshot | None = None
        self._root: PageShelf | None = None
        self._projects: dict[NormalizedName, ProjectShelf] = {}

    def root(self, snapshot: Snapshot) -> PageShelf:
        """Return the root page's answers."""
        pages = self._store.root(snapshot)
        if self._root is None or self._root.pages is not pages:
            self._root = PageShelf(pages)
        return self._root

    def project(self, snapshot: Snapshot, name: NormalizedName) -> ProjectShelf | None:
        """Return a project's shelf, or None when ``snapshot`` has no such project."""
        if snapshot is not self._snapshot:
            self._clear_outdated(snapshot)
        shelf = self._projects.get(name)
        if shelf is None or shelf.project is not snapshot.projects.get(name):
            pages = self._store.project(snapshot, name)
            if pages is None:
                return None
            shelf = self._projects[name] = ProjectShelf(pages, self._path_of)
        return shelf

    def _clear_outdated(self, snapshot: Snapshot) -> None:
        current = snapshot.projects
        self._projects = {
            name: shelf for name, shelf in self._projects.items() if current.get(name) is shelf.project
        }
        self._snapshot = snapshot
