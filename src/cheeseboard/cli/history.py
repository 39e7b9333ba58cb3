"""``activity`` and ``downloads``: what happened to which file, and which are asked for."""

import argparse
import sys
from datetime import UTC, datetime, timedelta

from packaging.utils import canonicalize_name

from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, Command, Context
from cheeseboard.cli.completing import completed_by, project_names
from cheeseboard.cli.decisions import say_unknown
from cheeseboard.cli.lesson import lesson
from cheeseboard.cli.removal import when
from cheeseboard.cli.selection import Unknown, alike


def whole_number(text: str) -> int:
    """Return a number that is not negative, for argparse."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _add_activity(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit", metavar="N", type=whole_number, default=50, help="the latest N acts (default: 50)"
    )


def _activity(context: Context) -> int:
    context.service.open(watch=False)
    for act in context.service.activity(context.options.arguments.limit):
        subject = act.filename or act.project
        detail = f"  ({act.detail})" if act.detail else ""
        context.say(
            f"{when(act.at_us)}  {act.act:<11} {subject}{detail}",
            "activity",
            at=when(act.at_us),
            act=act.act,
            file=act.filename,
            project=act.project,
            way=act.way.value,
            detail=act.detail,
        )
    return EXIT_DONE


def _add_downloads(parser: argparse.ArgumentParser) -> None:
    project = parser.add_argument("project", nargs="?", metavar="PROJECT", help="this project's files alone")
    completed_by(project, project_names)
    parser.add_argument("--days", metavar="N", type=whole_number, help="the last N days alone")


def _downloads(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    service.open(watch=False)
    since = ""
    if arguments.days is not None:
        since = (datetime.now(UTC) - timedelta(days=arguments.days)).date().isoformat()
    counts = service.downloads(since)
    if arguments.project is not None:
        project = service.snapshot.projects.get(canonicalize_name(arguments.project))
        if project is None:
            names = service.snapshot.projects
            say_unknown(
                context, Unknown(arguments.project, alike(canonicalize_name(arguments.project), names))
            )
            return EXIT_REFUSED
        counts = {file.filename: counts.get(file.filename, 0) for file in project.files}
    owners = {file.filename: file for file in service.snapshot.files()}
    for filename, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        file = owners.get(filename)
        context.say(
            f"{count:>8}  {filename}",
            "downloads",
            file=filename,
            project=file.project if file else "",
            version=file.version if file else "",
            downloads=count,
            since=since,
        )
    if not counts and not context.options.json:
        sys.stderr.write("Nothing was downloaded from here yet.\n")
    return EXIT_DONE


ACTIVITY = Command(
    "show what happened lately",
    _add_activity,
    _activity,
    needs_folder=True,
    lesson=lesson(
        "Shows what was added, removed, restored, yanked, refused or found changed, the latest first.",
        ("activity --limit 10", "the latest ten acts"),
        ("activity --json", "for a script; one object an act"),
        activity="at act file project way detail",
    ),
)
DOWNLOADS = Command(
    "show how often each file was downloaded",
    _add_downloads,
    _downloads,
    needs_folder=True,
    lesson=lesson(
        "Shows how often each file was downloaded from here, the most wanted first. Who did is in "
        "the access log, outside the folder.",
        ("downloads --days 30", "in the last month"),
        ("downloads acme-core", "of one project, files that nobody wanted included"),
        downloads="file project version downloads since",
    ),
)
