"""A place to build in, and what the tests of this room ask again and again."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cheeseboard.builds.build import BuildOrder, BuildResult, Wanted, build
from cheeseboard.builds.failure import Step
from cheeseboard.builds.log import BuildLog
from cheeseboard.builds.source_tree import read_source_tree
from cheeseboard.builds.workplace import Workplace, Workplaces


class Bench:
    """Builds trees, and keeps what the builds said."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.workplaces = Workplaces(directory)
        empty = directory.with_name("empty-index")
        empty.mkdir(exist_ok=True)
        self.environ = {**os.environ, "UV_INDEX_URL": empty.as_uri(), "PIP_INDEX_URL": empty.as_uri()}
        self.log = BuildLog()
        self.steps: list[Step] = []
        self.workplace: Workplace | None = None

    def build(
        self,
        folder: Path,
        *,
        wanted: Wanted = Wanted.BOTH,
        cancelled: Callable[[], bool] = lambda: False,
        seconds: float | None = 60.0,
        python: str = "",
    ) -> BuildResult:
        tree = read_source_tree(folder)
        assert tree is not None
        self.workplace = self.workplaces.make()
        order = BuildOrder(tree, wanted, python, seconds)
        return build(
            order, self.workplace, self.environ, self.log, on_step=self.steps.append, cancelled=cancelled
        )


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "builds")
    yield made
    made.workplaces.close()


Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait() -> Wait:
    """Return a function that waits for a condition, and fails after a while."""

    def until(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.01)

    return until


def is_running(pid: int) -> bool:
    """Tell whether a process lives; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
