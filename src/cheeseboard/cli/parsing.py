"""Words on a command line, understood: a command with its arguments, or files for the window."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from cheeseboard import __version__
from cheeseboard.cli.command import Command, Options, shared_options
from cheeseboard.cli.files import ADD, LIST
from cheeseboard.cli.installers import PROVE, UNUSE, USE
from cheeseboard.cli.network import ADDRESS, JOIN_LINE, NEIGHBOURS
from cheeseboard.cli.serving import SERVE
from cheeseboard.cli.tokens import TOKEN
from cheeseboard.cli.trust import TRUST

COMMANDS: Mapping[str, Command] = {
    "serve": SERVE,
    "add": ADD,
    "list": LIST,
    "use": USE,
    "unuse": UNUSE,
    "prove": PROVE,
    "join-line": JOIN_LINE,
    "address": ADDRESS,
    "neighbours": NEIGHBOURS,
    "trust": TRUST,
    "token": TOKEN,
}


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; ends the process with 2 on wrong usage, with 0 after help."""
    parser = _command_parser() if _names_command(arguments) else _window_parser()
    found = parser.parse_args(arguments)
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
            return word in COMMANDS
    return False


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cheeseboard", parents=[shared_options()])
    parser.add_argument("--version", action="version", version=f"cheeseboard {__version__}")
    parser.add_argument("files", nargs="*", metavar="FILE", help="wheels and source archives to add")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    shared = shared_options()
    parser = argparse.ArgumentParser(
        prog="cheeseboard",
        parents=[shared],
        description="Turn a folder of Python packages into a private package repository. "
        "Without a command the window opens; files given are added.",
    )
    parser.add_argument("--version", action="version", version=f"cheeseboard {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        summary = command.summary
        command.add_arguments(commands.add_parser(name, parents=[shared], help=summary, description=summary))
    return parser
