"""Pages for people: what this is, how to use it, every project; no script, nothing from elsewhere."""

import base64
import hashlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import jinja2
from markupsafe import Markup

from cheeseboard.distributions.distribution import Kind
from cheeseboard.index.build import offered_files
from cheeseboard.index.page import Page, make_page
from cheeseboard.locations import resource
from cheeseboard.repository.snapshot import File, Project, Snapshot
from cheeseboard.server.answers import Answer, PageAnswers, make_answer, make_page_answers
from cheeseboard.server.ports import Source

# A browser copes with this many rows; beyond, the search narrows them.
_MOST_ROWS = 500
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Release:
    """One version's files, as a page shows them."""

    version: str
    files: tuple[File, ...]

    @property
    def yanked(self) -> bool:
        """Whether every file of it is."""
        return all(file.yanked is not None for file in self.files)

    @property
    def date(self) -> datetime:
        """When its first file came in."""
        return min(file.upload_time for file in self.files)

    @property
    def requires_python(self) -> str | None:
        """What its first file that says so says."""
        return next((file.requires_python for file in self.files if file.requires_python), None)


class KeptPage:
    """One rendered page and the answers that send it."""

    __slots__ = ("_answers", "_page", "_policy")

    def __init__(self, page: Page, policy: bytes) -> None:
        self._page = page
        self._policy = policy
        self._answers: dict[bool, PageAnswers] = {}

    def __call__(self, *, compressed: bool) -> PageAnswers:
        """Return the answers in the encoding asked for."""
        answers = self._answers.get(compressed)
        if answers is None:
            answers = self._answers[compressed] = make_page_answers(
                self._page, compressed=compressed, vary=b"Accept-Encoding", policy=self._policy
            )
        return answers


class Site:
    """Renders the pages, and keeps each for as long as what it shows is the very same object."""

    def __init__(self, source: Source) -> None:
        self._source = source
        templates = resource("templates")
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(templates),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        style = templates.joinpath("style.css").read_text("utf-8")
        self._templates.globals["style"] = Markup(style)  # noqa: S704 - our own file, shipped with the program
        self._templates.filters["bytes"] = format_size
        self._templates.filters["day"] = format_day
        self._policy = content_security_policy(style)
        self._home: tuple[Snapshot, str, KeptPage] | None = None
        self._projects: dict[tuple[str, str], tuple[Project, KeptPage]] = {}
        self._certificate = make_answer(
            200,
            "application/x-pem-file",
            source.ca_pem,
            [
                (b"content-disposition", b'attachment; filename="cheeseboard-ca.pem"'),
                (b"cache-control", b"no-cache"),
            ],
        )

    def certificate(self) -> Answer:
        """Return the local authority's certificate."""
        return self._certificate

    def home(self, snapshot: Snapshot, host: str, search: str) -> KeptPage:
        """Return the page of all projects, or of those whose name or summary holds ``search``."""
        search = search.strip()[:100]
        if search:
            return self._render_home(snapshot, host, search)
        if self._home is None or self._home[0] is not snapshot or self._home[1] != host:
            self._home = (snapshot, host, self._render_home(snapshot, host, search))
        return self._home[2]

    def project(self, project: Project, host: str) -> KeptPage:
        """Return one project's page."""
        key = (project.name, host)
        kept = self._projects.get(key)
        if kept is None or kept[0] is not project:
            if len(self._projects) >= _MOST_KEPT:
                self._projects.clear()
            kept = self._projects[key] = (project, self._render_project(project, host))
        return kept[1]

    def _render_home(self, snapshot: Snapshot, host: str, search: str) -> KeptPage:
        found = find_projects(snapshot, search)
        return self._render(
            "home.html",
            name=self._source.name,
            host=host,
            search=search,
            projects=found[:_MOST_ROWS],
            found=len(found),
            total=len(snapshot.projects),
            fingerprint=format_fingerprint(self._source.ca_pem),
        )

    def _render_project(self, project: Project, host: str) -> KeptPage:
        return self._render(
            "project.html",
            name=self._source.name,
            host=host,
            project=project,
            releases=list_releases(project),
            kinds=Kind,
        )

    def _render(self, template: str, **values: object) -> KeptPage:
        body = self._templates.get_template(template).render(values)
        return KeptPage(make_page("text/html; charset=utf-8", body.encode()), self._policy)


def find_projects(snapshot: Snapshot, search: str) -> list[Project]:
    """Return the projects whose name or summary holds ``search``, by name."""
    wanted = search.casefold()
    projects = sorted(snapshot.projects.values(), key=lambda project: project.name)
    if not wanted:
        return projects
    return [
        project
        for project in projects
        if wanted in project.name
        or wanted in project.display_name.casefold()
        or wanted in project.summary.casefold()
    ]


def list_releases(project: Project) -> list[Release]:
    """Return the releases that may be downloaded, newest first."""

    def group() -> Iterator[Release]:
        for version, files in groupby(offered_files(project), key=lambda file: file.version):
            yield Release(version, tuple(files))

    return list(group())


def content_security_policy(style: str) -> bytes:
    """Return a policy that lets this one style in, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ).encode("ascii")


def format_fingerprint(ca_pem: bytes) -> str:
    """Return a certificate's SHA-256 as people compare it: hex pairs with colons; "" without one."""
    try:
        der = ssl.PEM_cert_to_DER_cert(ca_pem.decode("ascii"))
    except ValueError:
        return ""
    return hashlib.sha256(der).digest().hex(":").upper()


def format_size(size: int) -> str:
    """Return a number of bytes for people: "48 kB"."""
    amount, units = float(size), ["GB", "MB", "kB", "bytes"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop()
    unit = units[-1]
    return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"


def format_day(microseconds: int) -> str:
    """Return the day of a time in microseconds since the epoch, UTC: "2026-11-22"."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC).date().isoformat()
