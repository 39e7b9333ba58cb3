"""What the panel's pages show of a project: read, rendered and counted on a worker, shown on Qt's thread."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from html import escape

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from cheeseboard.desktop.projects.project_facts import Facts, read_facts
from cheeseboard.desktop.projects.readme import render_readme
from cheeseboard.desktop.words.project_words import file_warning, requires_python
from cheeseboard.desktop.words.translate import tr
from cheeseboard.distributions.metadata import ProjectDetails, parse_details
from cheeseboard.repository.snapshot import Project

PROJECT_SCHEME = "project"
MOST_WARNINGS = 20


@dataclass(frozen=True, slots=True)
class Dependency:
    """One Requires-Dist.

    Attributes:
        name: Normalized; empty when the line cannot be read.
        wanted: Versions and extras, as written.
        when: The marker, as written.
        is_here: Whether this repository has the project.
    """

    name: NormalizedName
    wanted: str
    when: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """The panel's pages about one project.

    Attributes:
        is_read: False while somebody is still reading it.
    """

    facts: Facts = field(default_factory=Facts)
    details: ProjectDetails = field(default_factory=ProjectDetails)
    readme: str = ""
    dependencies: tuple[Dependency, ...] = ()
    downloads: Mapping[str, int] = field(default_factory=dict)
    is_read: bool = True

    @property
    def downloaded(self) -> int:
        """How often any of its files was downloaded."""
        return sum(self.downloads.values())


def read_page(
    project: Project, metadata: bytes | None, downloads: Mapping[str, int], here: AbstractSet[NormalizedName]
) -> ProjectPage:
    """Return the pages of a project from its newest file's metadata; slow, never raises on odd metadata."""
    details = parse_details(metadata) if metadata else ProjectDetails()
    return ProjectPage(
        facts=read_facts(metadata),
        details=details,
        readme=render_readme(details.description, details.description_content_type),
        dependencies=read_dependencies(details.requires_dist, here),
        downloads={file.filename: downloads.get(file.filename, 0) for file in project.files},
    )


def read_dependencies(lines: tuple[str, ...], here: AbstractSet[NormalizedName]) -> tuple[Dependency, ...]:
    """Return the dependencies, those for everyone before those for extras."""
    found = []
    for line in lines:
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            found.append(Dependency(NormalizedName(""), line, "", is_here=False))
            continue
        name = canonicalize_name(wanted.name)
        extras = f"[{','.join(sorted(wanted.extras))}]" if wanted.extras else ""
        specifier = ",".join(sorted((str(one) for one in wanted.specifier), reverse=True))
        found.append(Dependency(name, f"{extras}{specifier}", str(wanted.marker or ""), is_here=name in here))
    return tuple(sorted(found, key=lambda one: ("extra" in one.when, one.name)))


def details_html(project: Project, page: ProjectPage) -> str:
    """Return the *Details* page; links to projects of this repository have the scheme ``project``."""
    details = page.details
    newest = project.files[0].requires_python if project.files else None
    lines = [
        (tr("Needs"), escape(requires_python(newest))),
        (tr("License"), escape(details.license)),
        (tr("Author"), escape(details.author)),
        (tr("Keywords"), escape(", ".join(details.keywords))),
        (tr("Downloads"), escape(f"{page.downloaded:,}")),
    ]
    if project.status_reason:
        lines.append((tr("Status"), escape(f"{project.status}: {project.status_reason}")))
    facts = "".join(f"<p><b>{escape(name)}</b>&nbsp; {value}</p>" for name, value in lines if value)
    parts = (_dependencies_html(page.dependencies), _links_html(details.project_urls))
    return "".join((facts, _warnings_html(project), *parts))


def _warnings_html(project: Project) -> str:
    """Say in whole sentences what the list of files has room for only in part."""
    odd = [
        f"<p>{escape(file.filename)}: {escape(file_warning(reason))}</p>"
        for file in project.files
        for reason in file.warnings
    ]
    more = len(odd) - MOST_WARNINGS
    if more > 0:
        odd[MOST_WARNINGS:] = [f"<p>{escape(tr('{n} more in the list of files', n=more))}</p>"]
    return f"<h4>{escape(tr('Warnings'))}</h4>{''.join(odd)}" if odd else ""


def _dependencies_html(dependencies: tuple[Dependency, ...]) -> str:
    heading = f"<h4>{escape(tr('Dependencies'))}</h4>"
    if not dependencies:
        return f"{heading}<p>{escape(tr('None. It installs on its own.'))}</p>"
    return heading + "".join(f"<p>{_dependency_html(one)}</p>" for one in dependencies)


def _dependency_html(one: Dependency) -> str:
    name = escape(one.name)
    linked = f'<a href="{PROJECT_SCHEME}:{name}">{name}</a>' if one.is_here else f"<b>{name}</b>"
    parts = [f"{linked} {escape(one.wanted)}".strip()]
    if one.when:
        parts.append(escape(tr("when {marker}", marker=one.when)))
    if not one.is_here and one.name:
        parts.append(escape(tr("not in this repository")))
    return " · ".join(parts)


def _links_html(urls: tuple[tuple[str, str], ...]) -> str:
    web = [(name, url) for name, url in urls if url.startswith(("https://", "http://"))]
    if not web:
        return ""
    lines = "".join(f'<p><a href="{escape(url)}">{escape(name)}</a></p>' for name, url in web)
    return f"<h4>{escape(tr('Links'))}</h4>{lines}"
