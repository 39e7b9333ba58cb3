"""What the window says about building: the question, the steps, the end."""

from collections.abc import Sequence

from cheeseboard import wording
from cheeseboard.builds.build import NotBuilt
from cheeseboard.builds.failure import Step
from cheeseboard.builds.source_tree import SourceTree
from cheeseboard.desktop.words.amounts import files, packages
from cheeseboard.desktop.words.translate import tr


def question(trees: Sequence[SourceTree]) -> str:
    """Ask whether to build."""
    if len(trees) > 1:
        return tr("Build {what} from this folder?", what=packages(len(trees)))
    return tr("Build {what} from this folder?", what=named(trees[0]))


def named(tree: SourceTree) -> str:
    """Return "acme-core 7.0.1", or the name alone."""
    return f"{tree.name} {tree.version}".rstrip()


def log_title(tree: SourceTree) -> str:
    """Return the heading over a log."""
    return tr("Build log of {what}", what=named(tree))


def meaning(trees: Sequence[SourceTree]) -> str:
    """Say what building means."""
    if len(trees) > 1:
        runs = tr("Building runs the projects’ own code on this computer.")
    else:
        runs = tr("Building runs the project’s own code on this computer.")
    return " ".join((runs, tr("It is built in a copy, so the folder stays as it is.")))


def built_before(count: int) -> str:
    """Say that there is something to add without building."""
    if count == 1:
        return tr("There is 1 file in dist/ already.")
    return tr("There are {what} in dist/ already.", what=files(count))


def add_those(count: int) -> str:
    """Offer that."""
    return tr("Add that file instead") if count == 1 else tr("Add those {what} instead", what=files(count))


def step(at: Step, name: str) -> str:
    """Say what is being done."""
    return tr(wording.BUILD_STEPS[at], name=name)


def waiting(name: str, others: int) -> str:
    """Say that a build is under way and others wait."""
    return tr("{doing} {n} more wait.", doing=name, n=others) if others else name


def not_built(failed: NotBuilt, name: str) -> str:
    """Say why a tree was not built."""
    return tr(wording.BUILD_FAILURES[failed.reason], **wording.build_facts(name, failed.detail))


def left_out(count: int) -> str:
    """Say that a build lacks files that could not be read."""
    if count == 1:
        return tr(
            "1 file of the folder couldn’t be read and is not part of what was built. The log names it."
        )
    return tr(
        "{what} of the folder couldn’t be read and are not part of what was built. The log names them.",
        what=files(count),
    )


def elapsed(seconds: float) -> str:
    """Return how long something has taken: "0:07", "12:30", "1:02:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
