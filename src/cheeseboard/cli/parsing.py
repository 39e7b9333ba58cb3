"""Words on a command line, understood: a command with its arguments, or files for the window."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from cheeseboard import __version__
from cheeseboard.cli.backups import BACKUP, IMPORT, RESTORE_BACKUP
from cheeseboard.cli.building import BUILD
from cheeseboard.cli.command import EXIT_DONE, EXIT_USAGE, Command, Options, shared_options
from cheeseboard.cli.completing import COMPLETION, completed_by
from cheeseboard.cli.decisions import STATUS, UNYANK, YANK
from cheeseboard.cli.doctor import DOCTOR
from cheeseboard.cli.files import ADD, LIST
from cheeseboard.cli.folders import REPOSITORIES
from cheeseboard.cli.history import ACTIVITY, DOWNLOADS
from cheeseboard.cli.installers import PROVE, UNUSE, USE
from cheeseboard.cli.lesson import Lesson, json_page, lesson
from cheeseboard.cli.network import ADDRESS, JOIN_LINE, NEIGHBOURS
from cheeseboard.cli.preferences import AUTOSTART, SETTINGS
from cheeseboard.cli.removal import REMOVE, RESTORE, TRASH, UNDO
from cheeseboard.cli.selection import alike
from cheeseboard.cli.serving import SERVE
from cheeseboard.cli.show import SHOW
from cheeseboard.cli.tokens import TOKEN
from cheeseboard.cli.trust import TRUST
from cheeseboard.cli.upkeep import CHECK, RETENTION
from cheeseboard.cli.why import WHY

COMMANDS: Mapping[str, Command] = {
    "serve": SERVE,
    "add": ADD,
    "build": BUILD,
    "list": LIST,
    "show": SHOW,
    "why": WHY,
    "yank": YANK,
    "unyank": UNYANK,
    "status": STATUS,
    "remove": REMOVE,
    "restore": RESTORE,
    "undo": UNDO,
    "trash": TRASH,
    "activity": ACTIVITY,
    "downloads": DOWNLOADS,
    "repositories": REPOSITORIES,
    "check": CHECK,
    "retention": RETENTION,
    "backup": BACKUP,
    "restore-backup": RESTORE_BACKUP,
    "import": IMPORT,
    "settings": SETTINGS,
    "autostart": AUTOSTART,
    "use": USE,
    "unuse": UNUSE,
    "prove": PROVE,
    "join-line": JOIN_LINE,
    "address": ADDRESS,
    "neighbours": NEIGHBOURS,
    "trust": TRUST,
    "token": TOKEN,
    "doctor": DOCTOR,
    "completion": COMPLETION,
}
LESSONS: Mapping[str, Lesson] = {
    **{name: command.lesson for name, command in COMMANDS.items()},
    "help": lesson(
        "Explains a command, or shows what there is. `cheeseboard help json` lists the JSON lines "
        "of every command and their keys.",
        ("help retention", "the same as: cheeseboard retention --help"),
        ("help json", "what scripts may rely on"),
        help="command text",
    ),
}


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; ends the process with 2 on wrong usage, with 0 after help."""
    if _names_command(arguments):
        parser = command_parser()
    else:
        parser = _window_parser()
        _suggest_command(parser, arguments)
    found = parser.parse_args(arguments)
    if getattr(found, "command", None) == "help":
        _explain(parser, found.topic)
    return Options(
        command=getattr(found, "command", None) or "",
        folder=Path(found.folder).absolute() if getattr(found, "folder", None) else None,
        json=bool(getattr(found, "json", False)),
        files=tuple(getattr(found, "files", ())),
        arguments=found,
    )


def _names_command(arguments: Sequence[str]) -> bool:
    """Tell whether the first word that is no option (or an option's value) is a command."""
    words = iter(arguments)
    for word in words:
        if word == "--folder":
            next(words, None)
        elif word in {"-h", "--help"}:
            return True
        elif not word.startswith("-"):
            return word in COMMANDS or word == "help"
    return False


def _suggest_command(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """End the process when what stands for files was meant for a command: a plain word, and no such file."""
    word = arguments[0] if arguments else ""
    if not word.replace("-", "").isalpha() or word.startswith("-") or Path(word).exists():
        return
    likely = alike(word, [*COMMANDS, "help"])
    hint = f"Did you mean {' or '.join(likely)}?" if likely else "See: cheeseboard help"
    parser.error(f"there is no command or file {word}. {hint}")


def _explain(parser: argparse.ArgumentParser, topic: str | None) -> NoReturn:
    """Print what ``help`` was asked for; ends the process."""
    if topic == "json":
        sys.stdout.write(json_page(LESSONS) + "\n")
        raise SystemExit(EXIT_DONE)
    if topic is not None and topic not in COMMANDS:
        likely = alike(topic, [*COMMANDS, "json"])
        hint = f" Did you mean {' or '.join(likely)}?" if likely else " See: cheeseboard help"
        sys.stderr.write(f"There is no command {topic}.{hint}\n")
        raise SystemExit(EXIT_USAGE)
    parser.parse_args([*([topic] if topic else []), "--help"])
    raise SystemExit(EXIT_DONE)


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cheeseboard", parents=[shared_options()])
    parser.add_argument("--version", action="version", version=f"cheeseboard {__version__}")
    parser.add_argument(
        "--hidden", action="store_true", help="stay in the tray at first, where there is one (at login)"
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="wheels and source archives to add")
    return parser


def command_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; their help, the completion and the man page are made from it."""
    shared = shared_options()
    parser = argparse.ArgumentParser(
        prog="cheeseboard",
        parents=[shared],
        description="Turn a folder of Python packages into a private package repository. "
        "Without a command the window opens; files given are added.",
        epilog="Exit codes: 0 done, 1 some item refused, 2 usage, 3 the world failed. "
        "Explain one command: cheeseboard help COMMAND",
    )
    parser.add_argument("--version", action="version", version=f"cheeseboard {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        command.add_arguments(
            commands.add_parser(
                name,
                parents=[shared],
                help=command.summary,
                description=command.lesson.description,
                epilog=command.lesson.epilog,
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
        )
    explain = commands.add_parser("help", help="explain a command, or `json`: what scripts may rely on")
    topic = explain.add_argument("topic", nargs="?", metavar="COMMAND", help="a command, or json")
    completed_by(topic, lambda **_: [*COMMANDS, "json"])
    return parser
