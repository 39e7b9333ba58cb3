"""A build on a disk without room: the reason is told, the room is free again, the tree is as it was."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.builds.trees import contents, make_tree

from cheeseboard.builds.build import BuildOrder, BuildResult, Built, NotBuilt, build
from cheeseboard.builds.failure import BuildFailure
from cheeseboard.builds.log import BuildLog
from cheeseboard.builds.source_tree import read_source_tree
from cheeseboard.builds.workplace import Workplaces

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux' mounts")
FILLING = "pathlib.Path('large').write_bytes(bytes(50_000_000))"


@pytest.fixture
def small(mount_disk: Callable[[str], Path]) -> Iterator[Workplaces]:
    workplaces = Workplaces(mount_disk("40m") / "builds")
    yield workplaces
    workplaces.close()


def build_in(workplaces: Workplaces, folder: Path) -> BuildResult:
    tree = read_source_tree(folder)
    assert tree is not None
    return build(
        BuildOrder(tree),
        workplaces.make(),
        dict(os.environ),
        BuildLog(),
        on_step=lambda _step: None,
        cancelled=lambda: False,
    )


def test_a_copy_that_does_not_fit(small: Workplaces, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    (tree / "data.bin").write_bytes(bytes(50_000_000))

    assert build_in(small, tree) == NotBuilt(BuildFailure.NO_SPACE)
    (tree / "data.bin").unlink()
    assert isinstance(build_in(small, tree), Built)


def test_a_backend_that_fills_the_disk(small: Workplaces, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", before=FILLING)
    before = contents(tree)

    assert build_in(small, tree) == NotBuilt(BuildFailure.NO_SPACE)
    assert contents(tree) == before
    assert isinstance(build_in(small, make_tree(tmp_path / "other")), Built)
