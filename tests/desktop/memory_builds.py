"""What the window asks of ``service.builds``, in memory: nothing runs but what a test lets run."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from cheeseboard.builds.build import BuildCancelled, BuildOrder, NotBuilt
from cheeseboard.builds.failure import Step
from cheeseboard.builds.log import BuildLog
from cheeseboard.builds.source_tree import SourceTree, find_source_trees
from cheeseboard.events import Way
from cheeseboard.repository.intake import Batch
from cheeseboard.service.builds import BuildOutcome, BuiltAndAdded

Add = Callable[[Sequence[Path], Way], Batch]


class MemoryBuilds:
    """Finds for real; "builds" the files of a folder that a test fills, with the steps of a real build."""

    def __init__(self) -> None:
        self.ordered: list[BuildOrder] = []
        self.results: dict[str, Sequence[Path]] = {}
        self.failures: dict[str, NotBuilt] = {}
        self.left_out: tuple[Path, ...] = ()
        self.gate: threading.Event | None = None
        self.add: Add = lambda _paths, _way: Batch()

    def find(self, paths: Sequence[Path]) -> tuple[SourceTree, ...]:
        return tuple(tree for path in paths for tree in find_source_trees(path))

    def can_use(self, python: str) -> bool:
        return "missing" not in python

    def build(
        self,
        order: BuildOrder,
        way: Way,
        *,
        log: BuildLog,
        on_step: Callable[[Step], object],
        cancelled: Callable[[], bool],
    ) -> BuildOutcome:
        self.ordered.append(order)
        log.take(b"* Building sdist...\n")
        on_step(Step.SDIST)
        while self.gate is not None and not self.gate.wait(0.01):
            if cancelled():
                return BuildCancelled()
        log.take(b"* Building wheel...\n")
        on_step(Step.WHEEL)
        if order.tree.name in self.failures:
            return self.failures[order.tree.name]
        return BuiltAndAdded(self.add(self.results.get(order.tree.name, ()), way), self.left_out)
