"""What a command of the command line is made of, and what it works with while it runs."""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from cheeseboard.cli.lesson import Lesson
from cheeseboard.service import Service

EXIT_DONE = 0
EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_FAILED = 3


@dataclass(frozen=True, slots=True)
class Options:
    """A parsed command line.

    Attributes:
        command: Empty for the window.
        files: For the window: to be added.
        arguments: What the command was given besides.
    """

    command: str
    folder: Path | None
    json: bool
    files: tuple[str, ...]
    arguments: argparse.Namespace


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with."""

    options: Options
    service: Service
    out: TextIO

    def open_folder(self) -> None:
        """Open the folder and look through it once, so that the snapshot is what lies there now.

        Raises:
            RepositoryError: It cannot be used.
        """
        self.service.open(watch=False)
        self.service.look_through()

    def say(self, text: str, event: str, **facts: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
        """Print one line: ``text`` for people, or the event with its facts for ``--json``."""
        line = json.dumps({"event": event, **facts}) if self.options.json else _harmless(text)
        self.out.write(line + "\n")
        self.out.flush()


def _harmless(text: str) -> str:
    """Return text without what would steer a terminal: names and reasons may be a stranger's."""
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the command line.

    Attributes:
        summary: What it does, in one line of the help.
        add_arguments: Tells a parser what the command takes.
        run: Does it; returns the exit code.
        lesson: What its help teaches.
        needs_folder: There is nothing to do in a folder that is not there: none is made for it.
    """

    summary: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Context], int]
    lesson: Lesson
    needs_folder: bool = False


def shared_options() -> argparse.ArgumentParser:
    """Return what every command takes, as a parent for its parser and those of its actions."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--folder", metavar="DIR", default=argparse.SUPPRESS, help="the managed folder (default: yours)"
    )
    shared.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object a line"
    )
    return shared
