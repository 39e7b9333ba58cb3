"""``yank``, ``unyank`` and ``status``: what the owner decides about releases and projects."""

import argparse
import sys

from packaging.utils import canonicalize_name

from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, Command, Context
from cheeseboard.cli.completing import completed_by, project_names, release_names
from cheeseboard.cli.lesson import DECIDED, UNKNOWN, lesson
from cheeseboard.cli.selection import Unknown, alike, choose_files
from cheeseboard.events import Way
from cheeseboard.repository.snapshot import File, ProjectStatus


def add_names(parser: argparse.ArgumentParser) -> None:
    """Let a command take files by name."""
    names = parser.add_argument(
        "names", nargs="+", metavar="NAME", help="FILE, PROJECT==VERSION or PROJECT (all its files)"
    )
    completed_by(names, release_names)


def chosen_files(context: Context) -> tuple[list[File], bool]:
    """Return the files that the command's names mean, and whether a name meant none (which is said)."""
    chosen: dict[str, File] = {}
    unknown = False
    for word in context.options.arguments.names:
        found = choose_files(context.service.snapshot, word)
        if isinstance(found, Unknown):
            unknown = True
            say_unknown(context, found)
        else:
            chosen.update((file.filename, file) for file in found)
    return list(chosen.values()), unknown


def say_unknown(context: Context, unknown: Unknown, where: str = "") -> None:
    """Say that nothing is called that, and what may have been meant."""
    message = unknown.sentence(where or str(context.service.folder))
    if context.options.json:
        context.say("", "unknown", name=unknown.word, suggestions=list(unknown.suggestions), message=message)
    else:
        sys.stderr.write(f"{message}\n")


def _add_yank(parser: argparse.ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument("--reason", default="", metavar="TEXT", help="shown by installers that pin it")


def _yank(context: Context) -> int:
    context.open_folder()
    files, unknown = chosen_files(context)
    reason = context.options.arguments.reason
    context.service.yank(files, reason, Way.COMMAND_LINE)
    because = f": {reason}" if reason else ""
    for file in files:
        _say_decided(context, file, "yanked", f"Yanked {file.filename}{because}.", reason)
    return EXIT_REFUSED if unknown else EXIT_DONE


def _unyank(context: Context) -> int:
    context.open_folder()
    files, unknown = chosen_files(context)
    context.service.unyank(files, Way.COMMAND_LINE)
    for file in files:
        _say_decided(context, file, "unyanked", f"{file.filename} is not yanked any more.", "")
    return EXIT_REFUSED if unknown else EXIT_DONE


def _say_decided(context: Context, file: File, event: str, text: str, reason: str) -> None:
    context.say(text, event, file=file.filename, project=file.project, version=file.version, reason=reason)


def _add_status(parser: argparse.ArgumentParser) -> None:
    completed_by(parser.add_argument("project", metavar="PROJECT", help="its name"), project_names)
    parser.add_argument(
        "status",
        nargs="?",
        choices=[status.value for status in ProjectStatus],
        metavar="STATUS",
        help="active, archived, quarantined or deprecated; without it the status is shown",
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="shown with it")


def _status(context: Context) -> int:
    context.open_folder()
    arguments, service = context.options.arguments, context.service
    name = canonicalize_name(arguments.project)
    if name not in service.snapshot.projects:
        say_unknown(context, Unknown(arguments.project, alike(name, service.snapshot.projects)))
        return EXIT_REFUSED
    if arguments.status is not None:
        service.set_project_status(name, ProjectStatus(arguments.status), arguments.reason, Way.COMMAND_LINE)
    project = service.snapshot.projects[name]
    because = f": {project.status_reason}" if project.status_reason else ""
    context.say(
        f"{project.name} is {project.status.value}{because}.",
        "status",
        project=project.name,
        status=project.status.value,
        reason=project.status_reason,
    )
    return EXIT_DONE


YANK = Command(
    "mark releases so that installers take them only when pinned",
    _add_yank,
    _yank,
    needs_folder=True,
    lesson=lesson(
        "A yanked release stays, but installers take it only when somebody pins exactly that "
        "version. This is what to do with a bad release that others may depend on: removing it "
        "would break them.",
        ('yank acme-core==1.4 --reason "loses data"', "a whole release; pip shows the reason"),
        ("yank acme_core-1.4-cp311-cp311-win_amd64.whl", "just one of its files"),
        yanked=DECIDED,
        unknown=UNKNOWN,
    ),
)
UNYANK = Command(
    "take a yank back",
    add_names,
    _unyank,
    needs_folder=True,
    lesson=lesson(
        "Takes a yank back: installers choose the release again like any other.",
        ("unyank acme-core==1.4", "a whole release"),
        ("unyank acme-core", "every file of the project"),
        unyanked=DECIDED,
        unknown=UNKNOWN,
    ),
)
STATUS = Command(
    "show or set a project's status",
    _add_status,
    _status,
    needs_folder=True,
    lesson=lesson(
        "A project is active, or its owner says otherwise (PEP 792): archived projects get no more "
        "files, deprecated ones should not be used any more, and quarantined ones are not offered "
        "at all. Installers that know of it tell their users.",
        ('status acme-old deprecated --reason "use acme-core"', "tell people where to go"),
        ("status acme-old", "show it"),
        status="project status reason",
        unknown=UNKNOWN,
    ),
)
