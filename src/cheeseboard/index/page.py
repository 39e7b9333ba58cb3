"""A rendered page, ready to be sent, and the store that renders each one once.

A snapshot shares every project that a change did not touch, so ``is`` tells whether a page still
holds: one changed project re-renders that project's page and, if a name came or went, the root.
"""

import gzip
import hashlib
from dataclasses import dataclass

import zstandard
from packaging.utils import NormalizedName

from cheeseboard.index import render_html, render_json
from cheeseboard.index.build import build_project_detail, build_project_list
from cheeseboard.index.model import ProjectDetail, ProjectList
from cheeseboard.index.negotiate import Encoding, Form
from cheeseboard.repository.snapshot import Project, Snapshot

# Below this, a compressed form's own header and the client's work outweigh what it saves.
_WORTH_COMPRESSING = 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One form of one page.

    Attributes:
        etag: Strong, with its quotes.
    """

    content_type: str
    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class Encoded:
    """A page's bytes as they travel.

    Attributes:
        etag: This encoding's own; a strong ETag names bytes, not meaning (RFC 9110, 8.8.3).
    """

    encoding: Encoding
    body: bytes
    etag: str


def make_page(content_type: str, body: bytes) -> Page:
    """Return ``body`` as a page; the same bytes always give the same page."""
    return Page(content_type=content_type, body=body, etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def encode(page: Page, encoding: Encoding) -> Encoded:
    """Return ``page`` in an encoding; as it is when that would not be smaller."""
    if encoding is not Encoding.IDENTITY and len(page.body) >= _WORTH_COMPRESSING:
        compressed = _compress(page.body, encoding)
        if len(compressed) < len(page.body):
            return Encoded(encoding, compressed, f'{page.etag[:-1]}-{encoding.value}"')
    return Encoded(Encoding.IDENTITY, page.body, page.etag)


def _compress(body: bytes, encoding: Encoding) -> bytes:
    if encoding is Encoding.ZSTD:
        return zstandard.ZstdCompressor(level=9).compress(body)
    return gzip.compress(body, compresslevel=6, mtime=0)


def render(value: ProjectList | ProjectDetail, form: Form) -> Page:
    """Return one form of a page."""
    renderer = render_json if form is Form.JSON else render_html
    if isinstance(value, ProjectList):
        body = renderer.render_project_list(value)
    else:
        body = renderer.render_project_detail(value)
    content_type = "text/html; charset=utf-8" if form is Form.LEGACY_HTML else form.value
    return make_page(content_type, body)


class ProjectPages:
    """The pages of one frozen project, each rendered when it is first asked for."""

    __slots__ = ("_pages", "names_origin", "project")

    def __init__(self, project: Project) -> None:
        self.project = project
        # Just what was attested is linked by an absolute URL; all other pages are one for every host.
        self.names_origin = any(file.attestations_sha256 for file in project.files)
        self._pages: dict[tuple[Form, str], Page] = {}

    def page(self, form: Form, origin: str = "") -> Page:
        """Return the page in ``form``, as it is under ``origin`` ("https://localhost:8443")."""
        key = (form, origin if self.names_origin else "")
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = render(build_project_detail(self.project, key[1]), form)
        return page


class RootPages:
    """The root page for one set of names, each form rendered when it is first asked for."""

    __slots__ = ("_pages", "names")
    names_origin = False

    def __init__(self, names: frozenset[NormalizedName]) -> None:
        self.names = names
        self._pages: dict[Form, Page] = {}

    def page(self, form: Form, origin: str = "") -> Page:  # noqa: ARG002 # a project's may differ by it
        """Return the page in ``form``."""
        page = self._pages.get(form)
        if page is None:
            page = self._pages[form] = render(build_project_list(self.names), form)
        return page


class PageStore:
    """Keeps pages for as long as what they show is unchanged.

    Any thread may ask; two that ask at once may both render, and either result is right.
    """

    def __init__(self) -> None:
        self._snapshot: Snapshot | None = None
        self._projects: dict[NormalizedName, ProjectPages] = {}
        self._root = RootPages(frozenset())

    def project(self, snapshot: Snapshot, name: NormalizedName) -> ProjectPages | None:
        """Return a project's pages, or None when ``snapshot`` has no such project."""
        project = snapshot.projects.get(name)
        if project is None:
            return None
        self._follow(snapshot)
        pages = self._projects.get(name)
        if pages is None or pages.project is not project:
            pages = self._projects[name] = ProjectPages(project)
        return pages

    def root(self, snapshot: Snapshot) -> RootPages:
        """Return the root's pages."""
        self._follow(snapshot)
        return self._root

    def _follow(self, snapshot: Snapshot) -> None:
        """Let go of what a new snapshot no longer holds."""
        if snapshot is self._snapshot:
            return
        names = frozenset(snapshot.projects)
        if names != self._root.names:
            self._root = RootPages(names)
            for name in [name for name in self._projects if name not in names]:
                self._projects.pop(name, None)
        self._snapshot = snapshot
