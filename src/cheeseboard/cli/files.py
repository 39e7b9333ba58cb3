"""``add`` and ``list``: what is in the repository."""

import argparse
import sys
from pathlib import Path

from packaging.utils import canonicalize_name

from cheeseboard import wording
from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, Command, Context
from cheeseboard.events import Way
from cheeseboard.repository.intake import Accepted, Conflict, Deferred, Identical, Outcome, Rejected
from cheeseboard.repository.snapshot import File, Project


def _add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders to search")


def _add(context: Context) -> int:
    context.service.open(watch=False)
    paths = [Path(path).absolute() for path in context.options.arguments.paths]
    batch = context.service.add(paths, Way.COMMAND_LINE)
    for outcome in batch.outcomes:
        _say_outcome(context, outcome)
    if not batch.outcomes:
        sys.stderr.write("There is no wheel or source archive in there.\n")
    refused = any(not isinstance(outcome, Accepted | Identical) for outcome in batch.outcomes)
    return EXIT_REFUSED if refused else EXIT_DONE


def _say_outcome(context: Context, outcome: Outcome) -> None:
    event, reason = "added", ""
    file: File | None = None
    match outcome:
        case Accepted(file=file):
            pass
        case Identical(file=file):
            event = "identical"
        case Conflict(existing=file):
            event, reason = "conflict", "already-here"
        case Rejected(refusal=refusal):
            event, reason = "rejected", refusal.reason.value
        case Deferred(reason=deferral):
            event, reason = "rejected", deferral.value
    message = wording.sentence(outcome)
    context.say(
        message,
        event,
        file=str(outcome.source),
        project=file.project if file else "",
        version=file.version if file else "",
        reason=reason,
        message=message,
    )


def _add_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="list this project's files")


def _list(context: Context) -> int:
    context.service.open(watch=False)
    context.service.look_through()
    snapshot = context.service.snapshot
    wanted = context.options.arguments.project
    if wanted is None:
        for name in sorted(snapshot.projects):
            _say_project(context, snapshot.projects[name])
        return EXIT_DONE
    project = snapshot.projects.get(canonicalize_name(wanted))
    if project is None:
        sys.stderr.write(f"There is no project {wanted} in {context.service.folder}.\n")
        return EXIT_REFUSED
    for file in project.files:
        _say_file(context, file)
    return EXIT_DONE


def _say_project(context: Context, project: Project) -> None:
    count = len(project.files)
    context.say(
        f"{project.name}  {project.latest}  {count} {'file' if count == 1 else 'files'}",
        "project",
        project=project.name,
        version=project.latest,
        versions=list(project.versions),
        files=count,
        size=project.size,
        summary=project.summary,
        status=project.status.value,
    )


def _say_file(context: Context, file: File) -> None:
    yanked = "" if file.yanked is None else "  yanked" + (f": {file.yanked}" if file.yanked else "")
    context.say(
        f"{file.filename}  {file.size} bytes  sha256={file.sha256}{yanked}",
        "file",
        file=file.filename,
        project=file.project,
        version=file.version,
        kind=file.kind.value,
        size=file.size,
        sha256=file.sha256,
        requires_python=file.requires_python,
        upload_time=file.upload_time.isoformat().replace("+00:00", "Z"),
        yanked=file.yanked is not None,
        yanked_reason=file.yanked or "",
    )


ADD = Command("add wheels and source archives; the originals stay where they are", _add_add, _add)
LIST = Command("list projects, or one project's files", _add_list, _list)
