"""``repositories``: several managed folders, known by name."""

import argparse
import sys
from pathlib import Path

from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, Command, Context
from cheeseboard.cli.lesson import lesson
from cheeseboard.cli.selection import alike
from cheeseboard.service import KnownRepository


def _add_repositories(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=["list", "remember", "forget", "choose"],
        nargs="?",
        default="list",
        help="what to do",
    )
    parser.add_argument(
        "target", nargs="?", metavar="DIR", help="the folder; for forget and choose also its name"
    )
    parser.add_argument(
        "--name", metavar="NAME", help="for remember: what to call it (default: as the folder)"
    )


def _repositories(context: Context) -> int:
    arguments = context.options.arguments
    if (arguments.action == "list") != (arguments.target is None):
        sys.stderr.write("`repositories` takes a folder to remember, forget or choose, and none to list.\n")
        return EXIT_USAGE
    if arguments.action == "list":
        for each in context.service.repositories():
            _say(context, each, "repository", f"{'*' if each.is_open else ' '} {each.name}  {each.folder}")
        return EXIT_DONE
    if arguments.action == "remember":
        return _remember(context)
    known = _find(context, arguments.target)
    if known is None:
        return EXIT_REFUSED
    if arguments.action == "forget":
        context.service.forget_repository(known.folder)
        _say(
            context,
            known,
            "forgotten",
            f"{known.name} is not listed any more; its files stay in {known.folder}.",
        )
    else:
        context.service.change_settings(folder=str(known.folder))
        _say(context, known, "chosen", f"Commands and the window use {known.folder} from now on.")
    return EXIT_DONE


def _remember(context: Context) -> int:
    folder = Path(context.options.arguments.target).expanduser().absolute()
    name = context.options.arguments.name or folder.name
    try:
        context.service.remember_repository(name, folder)
    except ValueError as error:
        sys.stderr.write(f"{error} Choose another with --name.\n")
        return EXIT_REFUSED
    known = KnownRepository(name, folder, folder == context.service.folder)
    _say(context, known, "remembered", f"{folder} is known as {name}.")
    return EXIT_DONE


def _find(context: Context, word: str) -> KnownRepository | None:
    known = context.service.repositories()
    folder = Path(word).expanduser().absolute()
    found = next((each for each in known if each.name == word or each.folder == folder), None)
    if found is None:
        likely = alike(word, [each.name for each in known])
        hint = f" Did you mean {' or '.join(likely)}?" if likely else " See: cheeseboard repositories"
        sys.stderr.write(f"No repository is known as {word}.{hint}\n")
    return found


def _say(context: Context, known: KnownRepository, event: str, text: str) -> None:
    context.say(text, event, name=known.name, folder=str(known.folder), open=known.is_open)


REPOSITORIES = Command(
    "list, remember, forget or choose managed folders",
    _add_repositories,
    _repositories,
    lesson=lesson(
        "You can have several managed folders. Each is known by a name; one is chosen, and that is "
        "what commands without --folder and the window use. Forgetting a folder leaves its files "
        "alone.",
        ("repositories remember /srv/packages --name Team", "know one more folder"),
        ("repositories choose Team", "use it from now on"),
        repository="name folder open",
        remembered="name folder open",
        forgotten="name folder open",
        chosen="name folder open",
    ),
)
