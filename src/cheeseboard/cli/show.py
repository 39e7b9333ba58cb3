"""``show``: what a project says of itself, as the window's panel shows it."""

import argparse
from collections.abc import Iterator

from packaging.utils import canonicalize_name

from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, Command, Context
from cheeseboard.cli.completing import completed_by, project_names
from cheeseboard.cli.decisions import say_unknown
from cheeseboard.cli.lesson import UNKNOWN, lesson
from cheeseboard.cli.selection import Unknown, alike
from cheeseboard.distributions.metadata import ProjectDetails, parse_details
from cheeseboard.repository.snapshot import Project


def _add_show(parser: argparse.ArgumentParser) -> None:
    completed_by(parser.add_argument("project", metavar="PROJECT", help="its name"), project_names)
    parser.add_argument("--readme", action="store_true", help="the description alone, as it was written")


def _show(context: Context) -> int:
    arguments = context.options.arguments
    context.open_folder()
    projects = context.service.snapshot.projects
    name = canonicalize_name(arguments.project)
    project = projects.get(name)
    if project is None:
        say_unknown(context, Unknown(f"project {arguments.project}", alike(name, projects)))
        return EXIT_REFUSED
    newest = project.files[0]
    details = parse_details(context.service.metadata_of(newest) or b"")
    words = details.description if arguments.readme else "\n".join(_lines(project, details))
    context.say(
        words.rstrip(),
        "details",
        project=project.name,
        file=newest.filename,
        version=project.latest,
        summary=details.summary,
        requires_python=details.requires_python,
        license=details.license,
        author=details.author,
        requires_dist=list(details.requires_dist),
        project_urls=dict(details.project_urls),
        keywords=list(details.keywords),
        classifiers=list(details.classifiers),
        description=details.description,
        description_content_type=details.description_content_type,
    )
    return EXIT_DONE


def _lines(project: Project, details: ProjectDetails) -> Iterator[str]:
    yield f"{project.display_name} {project.latest}"
    if details.summary:
        yield details.summary
    facts = (("Python", details.requires_python), ("Licence", details.license), ("Author", details.author))
    for label, value in facts:
        if value:
            yield f"{label}: {value}"
    for requirement in details.requires_dist:
        yield f"Needs: {requirement}"
    for label, url in details.project_urls:
        yield f"{label}: {url}"
    if details.description.strip():
        yield ""
        yield details.description


SHOW = Command(
    "show what a project says of itself: summary, what it needs, links, README",
    _add_show,
    _show,
    needs_folder=True,
    lesson=lesson(
        "Shows what the newest file of a project says of it: summary, the Python and the packages that "
        "it needs, licence, author, links, and the README as it was written. `cheeseboard list PROJECT` "
        "has its files.",
        ("show acme-core", "all of it"),
        ("show acme-core --readme", "the README alone, for a pager"),
        details="project file version summary requires_python license author requires_dist project_urls "
        "keywords classifiers description description_content_type",
        unknown=UNKNOWN,
    ),
)
