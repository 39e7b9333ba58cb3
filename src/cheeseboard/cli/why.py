"""``why``: which file of a project an installer takes on some Python and system, and why not the others."""

import argparse
import platform
import re
import sys

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import platform_tags
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from cheeseboard import wording
from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, Command, Context
from cheeseboard.cli.completing import completed_by, release_names
from cheeseboard.cli.decisions import say_unknown
from cheeseboard.cli.lesson import UNKNOWN, lesson
from cheeseboard.cli.selection import Unknown, alike
from cheeseboard.distributions.compatibility import Offer, System, Target, Verdict, judge, platforms_of
from cheeseboard.repository.snapshot import File, ProjectStatus

_SYSTEMS = {
    ("Linux", "x86_64"): System.LINUX_X86_64,
    ("Linux", "aarch64"): System.LINUX_ARM64,
    ("Darwin", "arm64"): System.MACOS_ARM64,
    ("Darwin", "x86_64"): System.MACOS_X86_64,
    ("Windows", "AMD64"): System.WINDOWS_X86_64,
    ("Windows", "ARM64"): System.WINDOWS_ARM64,
}


def _python(text: str) -> Version:
    try:
        version = Version(text)
    except InvalidVersion:
        version = Version("0")
    if version < Version("3") or not re.fullmatch(r"3\.\d+(\.\d+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no version of Python 3, such as 3.12 or 3.12.4")
    return version


def this_system() -> System:
    """Return what this computer is, by the tags that its own Python installs; Linux x86-64 if unknown."""
    found = _SYSTEMS.get((platform.system(), platform.machine()), System.LINUX_X86_64)
    musl = found is System.LINUX_X86_64 and any(tag.startswith("musllinux") for tag in platform_tags())
    return System.MUSL_X86_64 if musl else found


def _add_why(parser: argparse.ArgumentParser) -> None:
    wanted = parser.add_argument("wanted", metavar="PROJECT", help="as installers take it: acme, 'acme<2'")
    completed_by(wanted, release_names)
    parser.add_argument(
        "--python",
        metavar="VERSION",
        type=_python,
        default=Version(platform.python_version().rstrip("+")),
        help="for this Python (default: the one that runs Cheeseboard)",
    )
    parser.add_argument(
        "--system",
        type=System,
        choices=list(System),
        default=this_system(),
        metavar="SYSTEM",
        help=f"one of {', '.join(System)} (default: this computer's)",
    )
    parser.add_argument("--only-binary", action="store_true", help="wheels alone")
    parser.add_argument("--pre", action="store_true", help="pre-releases, too")


def _why(context: Context) -> int:
    arguments = context.options.arguments
    try:
        requirement = Requirement(arguments.wanted)
    except InvalidRequirement:
        sys.stderr.write(f"{arguments.wanted} is no project's name, with or without versions.\n")
        return EXIT_USAGE
    context.open_folder()
    projects = context.service.snapshot.projects
    project = projects.get(canonicalize_name(requirement.name))
    if project is None:
        names = alike(canonicalize_name(requirement.name), projects)
        say_unknown(context, Unknown(f"project {requirement.name}", names))
        return EXIT_REFUSED
    if project.status is ProjectStatus.QUARANTINED:
        sys.stderr.write(f"{project.name} is quarantined, so no file of it is offered at all.\n")
    verdicts = judge(
        [
            Offer(each.filename, each.kind, each.version, each.requires_python, each.yanked)
            for each in project.files
        ],
        Target(arguments.python, platforms_of(arguments.system)),
        asked_for=requirement.specifier,
        only_wheels=arguments.only_binary,
        pre_releases=arguments.pre,
    )
    # The one that is taken first: that is what was asked.
    for verdict in sorted(verdicts, key=lambda each: each.reason is not None):
        _say(context, project.name, verdict)
    taken = any(each.reason is None for each in verdicts) and project.status is not ProjectStatus.QUARANTINED
    if not taken:
        sys.stderr.write(f"Nothing of {project.name} fits Python {arguments.python} on {arguments.system}.\n")
    return EXIT_DONE if taken else EXIT_REFUSED


def _offer(file: File) -> Offer:
    return Offer(file.filename, file.kind, file.version, file.requires_python, file.yanked)


def _say(context: Context, project: str, verdict: Verdict) -> None:
    arguments = context.options.arguments
    message = wording.verdict(verdict, str(arguments.python), arguments.system.value)
    context.say(
        f"{verdict.offer.filename}  {message}",
        "verdict",
        file=verdict.offer.filename,
        project=project,
        version=verdict.offer.version,
        installed=verdict.reason is None,
        reason=verdict.reason.value if verdict.reason else None,
        detail=verdict.detail,
        message=message,
    )


WHY = Command(
    "say which file an installer takes on some Python, and why not the others",
    _add_why,
    _why,
    needs_folder=True,
    lesson=lesson(
        "Says which file of a project an installer takes on some Python and system, and of each "
        "other one why not: made for something else, too old, yanked, a pre-release. It decides as "
        "pip does, by what is here; other indexes are not asked. Exits with 1 when nothing fits.",
        ("why acme-core", "for this computer and the Python that runs Cheeseboard"),
        ("why 'acme-core<2' --python 3.9 --system windows-amd64", "for a colleague's"),
        verdict="file project version installed reason detail message",
        unknown=UNKNOWN,
    ),
)
