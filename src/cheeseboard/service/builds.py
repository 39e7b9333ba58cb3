"""Source trees: found in what was given, built when the user says so, taken in by the one door."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cheeseboard.builds.build import BuildCancelled, BuildOrder, Built, NotBuilt, build
from cheeseboard.builds.failure import BuildFailure, Step
from cheeseboard.builds.interpreter import find_python, is_bundled
from cheeseboard.builds.log import BuildLog
from cheeseboard.builds.source_tree import SourceTree, find_source_trees
from cheeseboard.builds.workplace import Workplaces
from cheeseboard.events import Way
from cheeseboard.repository.intake import Batch
from cheeseboard.settings import KeptSettings

_TURN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class BuiltAndAdded:
    """A tree was built, and its files went through the door.

    Attributes:
        batch: What became of them.
        left_out: What of the tree could not be read, and is in none of them.
    """

    batch: Batch
    left_out: tuple[Path, ...] = ()


BuildOutcome = BuiltAndAdded | NotBuilt | BuildCancelled


class Add(Protocol):
    """Takes files into the repository."""

    def __call__(
        self, paths: Sequence[Path], way: Way, *, cancelled: Callable[[], bool] | None = None
    ) -> Batch:
        """Copy files into the repository; slow."""


class Builds:
    """What is built on this computer, one tree after the other."""

    def __init__(
        self, directory: Path, environ: Mapping[str, str], settings: KeptSettings, *, add: Add
    ) -> None:
        """Build nothing, and make nothing yet.

        Args:
            directory: Where builds happen.
            environ: The user's environment: their indexes serve what builds require.
            settings: Which Python builds.
            add: Takes the results in.
        """
        self._workplaces = Workplaces(directory)
        self._environ = environ
        self._settings = settings
        self._add = add
        self._turn = threading.Lock()
        self._closing = threading.Event()

    def find(self, paths: Sequence[Path]) -> tuple[SourceTree, ...]:
        """Return what of these could be built; only reads, runs nothing; slow."""
        found = (tree for path in paths for tree in find_source_trees(path))
        return tuple({tree.path: tree for tree in found}.values())

    def can_use(self, python: str) -> bool:
        """Tell whether a Python, a path or a name, could build here; slow: it is asked."""
        return find_python(python, self._environ, bundled=is_bundled()) is not None

    def build(
        self,
        order: BuildOrder,
        way: Way,
        *,
        log: BuildLog,
        on_step: Callable[[Step], object] = lambda _step: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> BuildOutcome:
        """Build a tree and take the results in; slow. It waits for its turn while another is built.

        This runs the project's own code: call it only when the user said so. Results that conflict with
        what is here stay until :meth:`close`, so that ``replace`` can still be chosen.

        Args:
            order: What to build.
            way: How the user asked for it.
            log: Takes what the build prints.
            on_step: Told what is being done, on any thread.
            cancelled: Asked again and again.

        Raises:
            RepositoryError: The folder's disk failed.
        """

        def unwanted() -> bool:
            return cancelled() or self._closing.is_set()

        while not self._turn.acquire(timeout=_TURN_SECONDS):
            if unwanted():
                return BuildCancelled()
        try:
            return self._build(order, way, log, on_step, unwanted)
        finally:
            self._turn.release()

    def _build(
        self,
        order: BuildOrder,
        way: Way,
        log: BuildLog,
        on_step: Callable[[Step], object],
        cancelled: Callable[[], bool],
    ) -> BuildOutcome:
        if not order.python and self._settings.current.build_python:
            order = BuildOrder(order.tree, order.wanted, self._settings.current.build_python, order.seconds)
        try:
            workplace = self._workplaces.make()
        except OSError as error:
            return NotBuilt(BuildFailure.NO_WORKPLACE, error.strerror or str(error))
        built = build(order, workplace, self._environ, log, on_step=on_step, cancelled=cancelled)
        if not isinstance(built, Built):
            return built
        on_step(Step.ADDING)
        return BuiltAndAdded(self._add(built.files, way, cancelled=cancelled), built.left_out)

    def clear_dead(self) -> None:
        """Clear away what a killed process left, its running builds too; slow, never raises."""
        self._workplaces.clear_dead()

    def close(self) -> None:
        """Cancel what is being built and remove what is left of builds; slow, idempotent."""
        self._closing.set()
        with self._turn:
            self._workplaces.close()
            self._closing.clear()
