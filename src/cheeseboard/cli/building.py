"""``build``: source trees made into wheels and sdists, and added, when somebody said so."""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from cheeseboard import wording
from cheeseboard.builds.build import BuildCancelled, BuildOrder, NotBuilt, Wanted
from cheeseboard.builds.failure import Step
from cheeseboard.builds.log import BuildLog
from cheeseboard.builds.source_tree import SourceTree
from cheeseboard.cli.command import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_REFUSED,
    EXIT_USAGE,
    Command,
    Context,
)
from cheeseboard.cli.lesson import OUTCOME, lesson
from cheeseboard.cli.outcomes import is_refused, say_outcome
from cheeseboard.events import Way
from cheeseboard.repository.intake import Conflict, Outcome
from cheeseboard.service.builds import BuiltAndAdded

_FOLLOW_SECONDS = 0.1
_LINES_TOLD = 40


def _add_build(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="a folder with pyproject.toml or setup.py, or a checkout"
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--sdist", action="store_true", help="just the source archive")
    kind.add_argument("--wheel", action="store_true", help="just the wheel, straight from the folder")
    parser.add_argument(
        "--yes", action="store_true", help="don't ask; building runs the project's own code on this computer"
    )
    parser.add_argument("--python", metavar="PYTHON", default="", help="build with this Python")
    parser.add_argument(
        "--time-limit", metavar="MINUTES", type=_minutes, help="end a build that takes longer (default: none)"
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="where another file of that name is here, move that to the trash and take the new one",
    )
    parser.add_argument("--verbose", action="store_true", help="show all that the build prints")


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if not 0 < minutes < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes")
    return minutes


def _build(context: Context) -> int:
    arguments = context.options.arguments
    paths = [Path(path).absolute() for path in arguments.paths]
    trees = context.service.builds.find(paths)
    if not trees:
        sys.stderr.write("There is no pyproject.toml or setup.py of a package in there.\n")
        return EXIT_REFUSED
    if not arguments.yes:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            sys.stderr.write("Building runs the project's own code. Say --yes if you want that.\n")
            return EXIT_USAGE
        if not _ask(trees):
            sys.stderr.write("Nothing was built.\n")
            return EXIT_REFUSED
    context.service.open(watch=False)
    with _until_told_to_stop() as stopped:
        return max(_build_one(context, tree, stopped) for tree in trees)


def _ask(trees: Sequence[SourceTree]) -> bool:
    """Ask on the terminal; Enter alone means no."""
    for tree in trees:
        there = f" ({len(tree.built)} files in dist/ already)" if tree.built else ""
        sys.stderr.write(f"  {tree.name} {tree.version}".rstrip() + f" from {tree.path}{there}\n")
    what = "this package" if len(trees) == 1 else f"these {len(trees)} packages"
    sys.stderr.write(f"Build {what}? Building runs the project's own code. [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _build_one(context: Context, tree: SourceTree, stopped: Callable[[], bool]) -> int:
    arguments = context.options.arguments
    wanted = Wanted.SDIST if arguments.sdist else Wanted.WHEEL if arguments.wheel else Wanted.BOTH
    order = BuildOrder(
        tree, wanted, arguments.python, arguments.time_limit * 60 if arguments.time_limit else None
    )
    log = BuildLog()
    with _followed(log) if arguments.verbose else contextlib.nullcontext():
        outcome = context.service.builds.build(
            order,
            Way.COMMAND_LINE,
            log=log,
            on_step=lambda step: _say_step(context, tree, step),
            cancelled=stopped,
        )
    match outcome:
        case BuiltAndAdded():
            return _say_added(context, tree, outcome)
        case NotBuilt():
            if not arguments.verbose:
                sys.stderr.writelines(f"{line}\n" for line in log.read().lines[-_LINES_TOLD:])
            message = wording.build_failure(outcome.reason, tree.name, outcome.detail)
            _say_not_built(context, tree, outcome.reason.value, message)
            return EXIT_REFUSED
        case BuildCancelled():
            _say_not_built(context, tree, "cancelled", f"{tree.name} wasn't built: it was cancelled.")
            return EXIT_FAILED


def _say_step(context: Context, tree: SourceTree, step: Step) -> None:
    if context.options.json:
        context.say("", "step", project=tree.name, step=step.value)
    else:
        sys.stderr.write(wording.BUILD_STEPS[step].format(name=tree.name) + "\n")


def _say_not_built(context: Context, tree: SourceTree, reason: str, message: str) -> None:
    if context.options.json:
        facts = {"project": tree.name, "path": str(tree.path), "reason": reason, "message": message}
        context.say(message, "not-built", **facts)
    else:
        sys.stderr.write(f"{message}\n")


def _say_added(context: Context, tree: SourceTree, built: BuiltAndAdded) -> int:
    for path in built.left_out:
        sys.stderr.write(f"{path} can't be read or leads outside, so it was left out.\n")
    outcomes: list[Outcome] = []
    for outcome in built.batch.outcomes:
        if context.options.arguments.replace and isinstance(outcome, Conflict):
            outcomes.append(context.service.replace(outcome, Way.COMMAND_LINE))
        else:
            outcomes.append(outcome)
    for outcome in outcomes:
        say_outcome(context, outcome)
    if any(isinstance(outcome, Conflict) for outcome in outcomes):
        sys.stderr.write(
            f"Raise the version of {tree.name}, or say --replace to take the new file in its place.\n"
        )
    return EXIT_REFUSED if any(is_refused(outcome) for outcome in outcomes) else EXIT_DONE


@contextlib.contextmanager
def _until_told_to_stop() -> Iterator[Callable[[], bool]]:
    """Take Ctrl-C and SIGTERM as the word to end what is being built; give what tells of it."""
    stopped = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in numbers}
    try:
        yield stopped.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _followed(log: BuildLog) -> Iterator[None]:
    """Print on stderr what a log takes in, until the end."""
    ended = threading.Event()

    def follow() -> None:
        seen, last = 0, False
        while not last:
            last = ended.wait(_FOLLOW_SECONDS)
            part = log.read(seen)
            sys.stderr.writelines(f"{line}\n" for line in part.lines)
            sys.stderr.flush()
            seen = part.end

    thread = threading.Thread(target=follow, name="build-log")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


BUILD = Command(
    "build source trees and add the results; it asks first, because that runs the projects' own code",
    _add_build,
    _build,
    lesson=lesson(
        "Builds source trees (folders with a pyproject.toml or setup.py) in a place of their own, "
        "in an isolated environment, and adds the sdist and wheel that come of it. A build runs "
        "the project's own code on this computer, so it asks first, and nothing of the tree itself "
        "is changed.",
        ("build . --yes", "the project in this directory, without being asked"),
        ("build ~/src/acme-core --wheel", "just the wheel"),
        step="project step",
        not_built="project path reason message",
        added=OUTCOME,
        identical=OUTCOME,
        conflict=OUTCOME,
        rejected=OUTCOME,
    ),
)
