"""The Tab key: what a shell runs to complete a line, and the names that the folder knows."""

import argparse
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import argcomplete
from argcomplete.shell_integration import shellcode

from cheeseboard.cli.command import EXIT_DONE, Command, Context
from cheeseboard.cli.lesson import lesson
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.errors import CheeseboardError, DistributionError
from cheeseboard.locations import find_locations
from cheeseboard.settings import read_settings

SHELLS = ("bash", "zsh", "fish", "powershell")
Completer = Callable[..., Iterable[str]]


def completed_by(action: argparse.Action, completer: Completer) -> None:
    """Let an argument be completed by names of our own."""
    action.completer = completer  # type: ignore[attr-defined]  # where argcomplete looks for it


def project_names(parsed_args: argparse.Namespace, **_: object) -> Iterable[str]:
    """Return the projects in the folder, by a look at its directories: nothing is opened."""
    folder = _folder(parsed_args)
    try:
        return sorted(each.name for each in os.scandir(folder) if each.is_dir() and each.name[0] != ".")
    except OSError:
        return ()


def release_names(prefix: str, parsed_args: argparse.Namespace, **_: object) -> Iterable[str]:
    """Return projects, and behind ``==`` the versions of one."""
    name, separator, _version = prefix.partition("==")
    if not separator:
        return project_names(parsed_args)
    try:
        files = [each.name for each in os.scandir(_folder(parsed_args) / name)]
    except OSError:
        return ()
    return sorted({f"{name}=={version}" for file in files for version in _versions(file)})


def _versions(filename: str) -> Iterable[str]:
    try:
        return [str(candidate.version) for candidate in parse_filename(filename).candidates]
    except DistributionError:
        return ()


def _folder(parsed_args: argparse.Namespace) -> Path:
    given = getattr(parsed_args, "folder", None)
    locations = find_locations(os.environ)
    if given:
        return Path(given).expanduser()
    try:
        return Path(read_settings(locations.settings_file).folder or locations.default_folder)
    except CheeseboardError:
        return locations.default_folder


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer a shell that asks (it says so in the environment), and end the process; else do nothing."""
    argcomplete.autocomplete(parser, always_complete_options=False)


def _add_completion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def _completion(context: Context) -> int:
    shell = context.options.arguments.shell
    script = shellcode(["cheeseboard"], shell=shell)
    context.say(script.strip(), "completion", shell=shell, script=script)
    return EXIT_DONE


COMPLETION = Command(
    "print what makes a shell complete our commands",
    _add_completion,
    _completion,
    lesson=lesson(
        "Prints what makes your shell complete commands, options, projects and files at the Tab "
        "key. It asks the folder for names, so it knows what you have.",
        ("completion bash >> ~/.bashrc", "for bash; open a new terminal afterwards"),
        ("completion fish > ~/.config/fish/completions/cheeseboard.fish", "for fish"),
        ('completion zsh > "${fpath[1]}/_cheeseboard"', "for zsh"),
        completion="shell script",
    ),
)
