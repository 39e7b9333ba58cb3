"""Print the manual page, made from the very parser and lessons that the command line has.

``make man`` keeps it in packaging/linux/cheeseboard.1; a test tells when it is out of date. It is made
from argparse's values rather than from its printed help, which differs between versions of Python.
"""

import argparse
import sys
from collections.abc import Iterator

from cheeseboard import __version__, cli
from cheeseboard.cli.parsing import LESSONS

# Of the page's form; the version beside it tells the rest. A day of building would differ each day.
_DATE = "2026-11-22"


def page() -> Iterator[str]:
    """Yield the page's lines, in the man macros that groff and mandoc both read."""
    parser = cli.command_parser()
    (commands,) = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]  # noqa: SLF001  # argparse has no other way to its own parts
    summaries = {each.dest: each.help or "" for each in commands._choices_actions}  # noqa: SLF001  # as above
    yield f'.TH CHEESEBOARD 1 "{_DATE}" "cheeseboard {__version__}" "User Commands"'
    yield from (".SH NAME", r"cheeseboard \- a private Python package repository from a folder")
    yield from (
        ".SH SYNOPSIS",
        ".B cheeseboard",
        ".RI [ FILE ...]",
        ".br",
        ".B cheeseboard",
        ".I COMMAND",
        "[OPTIONS]",
    )
    yield from (".SH DESCRIPTION", text(parser.description or ""))
    yield from (".SH OPTIONS", *options(parser, shared=True), ".SH COMMANDS")
    for name, command in commands.choices.items():
        yield f".SS cheeseboard {text(name)} {usage(command)}".rstrip()
        lesson = LESSONS.get(name)
        yield text(lesson.about if lesson else summaries[name])
        yield from actions(command)
        for example in lesson.examples if lesson else ():
            yield from (".PP", text(example.does[0].upper() + example.does[1:]) + ":", ".RS 4", ".EX")
            yield from (text(f"cheeseboard {example.line}"), ".EE", ".RE")
    yield from (".SH EXIT STATUS", *_STATUSES)
    yield from (".SH ENVIRONMENT", *_VARIABLES)
    yield from (".SH SEE ALSO", ".BR pip (1),", ".BR systemd.service (5)")


_STATUSES = (
    ".TP", ".B 0", "Done.",
    ".TP", ".B 1", "Some item was refused, is not there, or was found wrong; each is named.",
    ".TP", ".B 2", "Usage: an unknown command, option or value, or a question with nobody there to answer.",
    ".TP", ".B 3", "The world failed, with one plain sentence on standard error.",
)  # fmt: skip
_VARIABLES = (
    ".TP", ".B CHEESEBOARD_HOME", "Where settings, keys and state lie, and the first folder.",
    ".TP", ".B NO_COLOR", "When set, nothing is coloured.",
)  # fmt: skip


def actions(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield what a command takes; where it has actions of its own, each with what that takes."""
    yield from options(parser)
    for action in parser._actions:  # noqa: SLF001  # argparse has no other way to its own parts
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # as above
            for name, below in action.choices.items():
                yield from (".PP", f".B {text(name)} {usage(below)}".rstrip(), ".RS 4")
                yield text(below.description or "")
                yield from (*options(below), ".RE")


def options(parser: argparse.ArgumentParser, *, shared: bool = False) -> Iterator[str]:
    """Yield each argument and option with its help; those that all commands share only when asked for."""
    for action in parser._actions:  # noqa: SLF001  # argparse has no other way to its own parts
        known = bool({"--folder", "--json", "--version"} & set(action.option_strings))
        hidden = action.help in {None, argparse.SUPPRESS}
        if hidden or isinstance(action, argparse._SubParsersAction) or known is not shared:  # noqa: SLF001  # as above
            continue
        if "--help" in action.option_strings:
            continue
        yield from (".TP", f".B {text(spelling(action))}", text(action.help or ""))


def spelling(action: argparse.Action) -> str:
    """Return how an argument is written: "--keep N", "PROJECT"."""
    value = action.metavar if isinstance(action.metavar, str) else ""
    if not value and action.choices is not None:
        value = "|".join(str(choice) for choice in action.choices)
    value = value or action.dest.upper()
    if not action.option_strings:
        return value
    return ", ".join(action.option_strings) + ("" if action.nargs == 0 else f" {value}")


def usage(parser: argparse.ArgumentParser) -> str:
    """Return the arguments of a command in one line."""
    parts = []
    for action in parser._actions:  # noqa: SLF001  # argparse has no other way to its own parts
        if action.option_strings or action.help == argparse.SUPPRESS:
            continue
        form = {"+": "{0} ...", "*": "[{0} ...]", "?": "[{0}]"}.get(str(action.nargs), "{0}")
        parts.append(form.format(spelling(action)))
    return text(" ".join(parts))


def text(plain: str) -> str:
    """Return text that the macros print as it is."""
    escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    escaped = escaped.replace("~", "\\(ti").replace("^", "\\(ha").replace("`", "\\(ga")
    return "\\&" + escaped if escaped.startswith(".") else escaped


if __name__ == "__main__":
    sys.stdout.write("\n".join(page()) + "\n")
