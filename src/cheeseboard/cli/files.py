"""``add`` and ``list``: what is in the repository."""

import argparse
import os
import shlex
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import canonicalize_name

from cheeseboard import wording
from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, Command, Context
from cheeseboard.cli.completing import completed_by, project_names
from cheeseboard.cli.decisions import say_unknown
from cheeseboard.cli.interrupts import interruptible
from cheeseboard.cli.lesson import OUTCOME, UNKNOWN, lesson
from cheeseboard.cli.outcomes import is_refused, say_outcome
from cheeseboard.cli.progress import shown
from cheeseboard.cli.selection import Unknown, alike
from cheeseboard.cli.tables import print_table
from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason
from cheeseboard.events import Way
from cheeseboard.repository.intake import Accepted, Batch, Conflict, Outcome, Rejected
from cheeseboard.repository.snapshot import File, Project

_NOWHERE = Refusal(RefusalReason.UNREADABLE, "there is no such file or folder")


def _add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders to search")
    parser.add_argument(
        "--replace",
        action="store_true",
        help="where another file of that name is here, move that to the trash and take this one",
    )


def _add(context: Context) -> int:
    context.service.open(watch=False)
    arguments = context.options.arguments
    paths = [Path(path).absolute() for path in arguments.paths]
    stop = threading.Event()
    with shown("Adding", wanted=not context.options.json) as tell, interruptible(stop):
        here = [path for path in paths if os.path.lexists(path)]
        batch = context.service.add(here, Way.COMMAND_LINE, progress=tell, cancelled=stop.is_set)
    replaced: list[File] = []
    if arguments.replace:
        batch = _replace(context, batch, replaced)
    context.service.last_act.note_added(batch, replaced)
    missing = [Rejected(path, _NOWHERE) for path in paths if path not in here]
    outcomes = (*batch.outcomes, *missing)
    for outcome in outcomes:
        say_outcome(context, outcome)
    if not outcomes:
        sys.stderr.write(_say_nothing_found(context, paths))
    return EXIT_REFUSED if any(map(is_refused, outcomes)) else EXIT_DONE


def _say_nothing_found(context: Context, paths: Sequence[Path]) -> str:
    sentence = "There is no wheel or source archive in there."
    trees = context.service.builds.find(paths)
    if trees:
        sentence += f" Build its sources with: cheeseboard build {shlex.quote(str(trees[0].path))}"
    return f"{sentence}\n"


def _replace(context: Context, batch: Batch, replaced: list[File]) -> Batch:
    """Take the conflicting files in after all; those that were here are noted in ``replaced``."""
    outcomes: list[Outcome] = []
    for outcome in batch.outcomes:
        if isinstance(outcome, Conflict):
            outcomes.append(context.service.replace(outcome, Way.COMMAND_LINE))
            if isinstance(outcomes[-1], Accepted):
                replaced.append(outcome.existing)
        else:
            outcomes.append(outcome)
    return Batch(tuple(outcomes), batch.skipped_directories)


def _add_list(parser: argparse.ArgumentParser) -> None:
    project = parser.add_argument("project", nargs="?", metavar="PROJECT", help="list this project's files")
    completed_by(project, project_names)
    parser.add_argument(
        "--refused", action="store_true", help="list what lies in the folder and is not offered, and why"
    )


def _list(context: Context) -> int:
    context.open_folder()
    snapshot = context.service.snapshot
    wanted = context.options.arguments.project
    if context.options.arguments.refused:
        return _list_refused(context)
    if wanted is None:
        if not snapshot.projects and not context.options.json:
            sys.stderr.write(f"No packages in {context.service.folder} yet. Add some: cheeseboard add PATH\n")
        projects = [snapshot.projects[name] for name in sorted(snapshot.projects)]
        if not context.options.json and context.out.isatty():
            rows = [(each.name, each.latest, str(len(each.files)), _told(each)) for each in projects]
            print_table(context.out, ("Project", "Latest", "Files", ""), rows)
            return EXIT_DONE
        for project in projects:
            _say_project(context, project)
        return EXIT_DONE
    found = snapshot.projects.get(canonicalize_name(wanted))
    if found is None:
        names = alike(canonicalize_name(wanted), snapshot.projects)
        say_unknown(context, Unknown(f"project {wanted}", names))
        return EXIT_REFUSED
    for file in found.files:
        _say_file(context, file)
    return EXIT_DONE


def _list_refused(context: Context) -> int:
    for foreign in context.service.foreign_files:
        message = wording.refusal(foreign.refusal, foreign.path.name)
        reason = foreign.refusal.reason.value
        context.say(
            f"{foreign.path}\n    {message}",
            "refused",
            file=str(foreign.path),
            reason=reason,
            message=message,
        )
    return EXIT_DONE


def _told(project: Project) -> str:
    status = "" if project.status.value == "active" else f"[{project.status.value}] "
    return status + project.summary


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
        reason=project.status_reason,
    )


def _say_file(context: Context, file: File) -> None:
    yanked = "" if file.yanked is None else "  yanked" + (f": {file.yanked}" if file.yanked else "")
    warnings = [(reason.value, wording.WARNINGS[reason]) for reason in file.warnings]
    told = "".join(f"\n    warning: {message}" for _, message in warnings)
    context.say(
        f"{file.filename}  {file.size} bytes  sha256={file.sha256}{yanked}{told}",
        "file",
        file=file.filename,
        path=str(context.service.path_of(file)),
        project=file.project,
        version=file.version,
        kind=file.kind.value,
        size=file.size,
        sha256=file.sha256,
        requires_python=file.requires_python,
        upload_time=file.upload_time.isoformat().replace("+00:00", "Z"),
        yanked=file.yanked is not None,
        yanked_reason=file.yanked or "",
        warnings=[{"reason": reason, "message": message} for reason, message in warnings],
    )


ADD = Command(
    "add wheels and source archives; the originals stay where they are",
    _add_add,
    _add,
    lesson=lesson(
        "Copies wheels and source archives into the repository; the originals stay where they are. "
        "Folders are searched, virtual environments in them passed over. Each file is judged, and "
        "what is damaged, unsafe or not what its name says is refused with the reason. A file that "
        "is here already is never overwritten.",
        ("add dist/", "add what a build has made"),
        ("add --replace acme-1.0-py3-none-any.whl", "take this one; the other goes to the trash"),
        added=OUTCOME,
        identical=OUTCOME,
        conflict=OUTCOME,
        rejected=OUTCOME,
    ),
)
LIST = Command(
    "list projects, or one project's files",
    _add_list,
    _list,
    needs_folder=True,
    lesson=lesson(
        "Lists all projects with the version that an installer would take, or all files of one "
        "project. On a terminal it is a table, piped it is one line each.",
        ("list acme-core", "every file of one project, with its hash"),
        ("list --refused", "what lies in the folder and is not offered, and why"),
        project="project version versions files size summary status reason",
        file="file path project version kind size sha256 requires_python upload_time yanked "
        "yanked_reason warnings",
        refused="file reason message",
        unknown=UNKNOWN,
    ),
)
