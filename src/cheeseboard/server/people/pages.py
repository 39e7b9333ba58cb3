"""Pages for people: what this is, how to use it, every project; no script, nothing from elsewhere."""

import base64
import hashlib
import ssl
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime

import jinja2
from markupsafe import Markup
from packaging.utils import NormalizedName

from cheeseboard.distributions.metadata import ProjectDetails, parse_details
from cheeseboard.index.negotiate import Encoding
from cheeseboard.index.page import Page, make_page
from cheeseboard.locations import resource
from cheeseboard.repository.snapshot import Project, Snapshot
from cheeseboard.server.answers import Answer, PageAnswers, make_answer, make_page_answers
from cheeseboard.server.people.project_view import (
    Dependency,
    list_dependencies,
    list_links,
    list_releases,
    shown_file,
)
from cheeseboard.server.people.readme import Readmes
from cheeseboard.server.people.wheel_words import describe_wheel
from cheeseboard.server.ports import Source

# A browser copes with this many rows; beyond, the search narrows them.
_MOST_ROWS = 500
_MOST_KEPT = 256


class KeptPage:
    """One rendered page and the answers that send it."""

    __slots__ = ("_answers", "_page", "_policy")

    def __init__(self, page: Page, policy: str) -> None:
        self._page = page
        self._policy = policy
        self._answers: dict[Encoding, PageAnswers] = {}

    def __call__(self, encoding: Encoding) -> PageAnswers:
        """Return the answers in the encoding asked for."""
        answers = self._answers.get(encoding)
        if answers is None:
            answers = self._answers[encoding] = make_page_answers(
                self._page, encoding, vary="Accept-Encoding", policy=self._policy
            )
        return answers


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A project's page and what it was made from."""

    project: Project
    dependencies: tuple[Dependency, ...]
    page: KeptPage

    def holds(self, project: Project, linked: Container[NormalizedName]) -> bool:
        """Return whether it would be the same, made now."""
        return project is self.project and all(
            (each.project in linked) is each.is_local for each in self.dependencies
        )


class Site:
    """Renders the pages, and keeps each for as long as it would be the same.

    What is slow is asked for from one thread at a time; what is kept, from any.
    """

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
        self._templates.filters["tags"] = describe_wheel
        self._policy = content_security_policy(style)
        self._home: tuple[Snapshot, str, KeptPage] | None = None
        self._projects: dict[tuple[str, str], ProjectPage] = {}
        self._readmes = Readmes()
        self._fingerprint = format_fingerprint(source.ca_pem)
        self._certificate = make_answer(
            200,
            "application/x-pem-file",
            source.ca_pem,
            [
                ("content-disposition", 'attachment; filename="cheeseboard-ca.pem"'),
                ("cache-control", "no-cache"),
            ],
        )

        self._join_script = make_answer(
            200, "text/plain; charset=utf-8", source.join_script, [("cache-control", "no-cache")]
        )

    def for_joining(self, path: str) -> Answer | None:
        """Return what a computer needs that does not trust us yet: our certificate, the join script."""
        if path == "/ca.pem":
            return self._certificate
        return self._join_script if path == "/join.py" and self._source.join_script else None

    def kept_home(self, snapshot: Snapshot, host: str, search: str) -> KeptPage | None:
        """Return what :meth:`home` would, if it is at hand."""
        kept = self._home
        if kept is None or search.strip() or kept[0] is not snapshot or kept[1] != host:
            return None
        return kept[2]

    def home(self, snapshot: Snapshot, host: str, search: str) -> KeptPage:
        """Return the page of all projects, or of those whose name or summary holds ``search``; slow."""
        kept = self.kept_home(snapshot, host, search)
        if kept is not None:
            return kept
        search = search.strip()[:100]
        found = find_projects(snapshot, search)
        page = self._render(
            "home.html",
            host=host,
            search=search,
            projects=found[:_MOST_ROWS],
            found=len(found),
            total=len(snapshot.projects),
        )
        if not search:
            self._home = (snapshot, host, page)
        return page

    def kept_project(self, project: Project, host: str, linked: Container[NormalizedName]) -> KeptPage | None:
        """Return what :meth:`project` would, if it is at hand."""
        kept = self._projects.get((project.name, host))
        return kept.page if kept is not None and kept.holds(project, linked) else None

    def project(self, project: Project, host: str, linked: Container[NormalizedName]) -> KeptPage:
        """Return one project's page; slow.

        Args:
            project: The project.
            host: By what name its reader came.
            linked: The projects whose being here its reader may know: a dependency among them is a link.
        """
        kept = self.kept_project(project, host, linked)
        if kept is not None:
            return kept
        file = shown_file(project)
        metadata = None if file is None else self._source.metadata_of(file)
        details = ProjectDetails() if metadata is None else parse_details(metadata)
        dependencies = list_dependencies(details, linked)
        page = self._render(
            "project.html",
            host=host,
            project=project,
            details=details,
            readme=self._readmes.render(file.metadata_sha256, details) if file else Markup(),
            releases=list_releases(project),
            dependencies=dependencies,
            links=list_links(details),
        )
        if len(self._projects) >= _MOST_KEPT:
            self._projects.clear()
        self._projects[project.name, host] = ProjectPage(project, tuple(dependencies), page)
        return page

    def _render(self, template: str, **values: object) -> KeptPage:
        shared = {"name": self._source.name, "fingerprint": self._fingerprint}
        body = self._templates.get_template(template).render(shared | values)
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


def content_security_policy(style: str) -> str:
    """Return a policy that lets this one style in, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def format_fingerprint(ca_pem: bytes) -> str:
    """Return a certificate's SHA-256 as people compare it: hex pairs with colons; "" without one."""
    try:
        der = ssl.PEM_cert_to_DER_cert(ca_pem.decode("ascii"))
    except ValueError:
        return ""
    return hashlib.sha256(der).digest().hex(":").upper()


def format_size(size: int) -> str:
    """Return a number of bytes for people: "48 kB"."""
    if size == 1:
        return "1 byte"
    amount, units = float(size), ["GB", "MB", "kB", "bytes"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop()
    unit = units[-1]
    return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"


def format_day(microseconds: int) -> str:
    """Return the day of a time in microseconds since the epoch, UTC: "2026-11-22"."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC).date().isoformat()
