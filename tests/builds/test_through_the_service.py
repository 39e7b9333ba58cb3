"""``service.builds``: one tree after the other, results by the one door, an end that ends builds too."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.builds.conftest import Wait
from tests.builds.trees import make_tree

from cheeseboard.builds.build import BuildCancelled, BuildOrder, NotBuilt, Wanted
from cheeseboard.builds.failure import BuildFailure, Step
from cheeseboard.builds.log import BuildLog
from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.intake import Accepted, Conflict, Rejected
from cheeseboard.service import Service
from cheeseboard.service.builds import BuildOutcome, BuiltAndAdded


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service(find_locations(os.environ), dict(os.environ))
    made.open(watch=False)
    yield made
    made.close()


def build(service: Service, folder: Path, *, wanted: Wanted = Wanted.WHEEL) -> BuildOutcome:
    (tree,) = service.builds.find([folder])
    return service.builds.build(BuildOrder(tree, wanted), Way.COMMAND_LINE, log=BuildLog())


def test_what_is_built_is_in_the_snapshot(service: Service, tmp_path: Path) -> None:
    outcome = build(service, make_tree(tmp_path / "tree"))

    assert isinstance(outcome, BuiltAndAdded)
    assert [type(one) for one in outcome.batch.outcomes] == [Accepted]
    assert set(service.snapshot.projects) == {"acme-core"}


def test_what_is_built_is_judged_like_any_other_file(service: Service, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    backend = tree / "backend" / "own_backend.py"
    backend.write_text(backend.read_text().replace('"module.py": ', '"../outside.py": b"x", "module.py": '))

    outcome = build(service, tree)

    assert isinstance(outcome, BuiltAndAdded)
    assert [type(one) for one in outcome.batch.outcomes] == [Rejected]
    assert not service.snapshot.projects


def test_a_conflicting_result_can_still_be_taken_later(service: Service, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    build(service, tree)
    (tree / "module.py").write_text("VERSION = 'another'\n")
    outcome = build(service, tree)
    build(service, make_tree(tmp_path / "other", name="acme-auth"))

    assert isinstance(outcome, BuiltAndAdded)
    (conflict,) = outcome.batch.outcomes
    assert isinstance(conflict, Conflict)
    assert isinstance(service.replace(conflict), Accepted)


def test_two_builds_never_run_at_the_same_time(service: Service, tmp_path: Path) -> None:
    moments = tmp_path / "moments"
    moments.mkdir()
    code = f"""
    open({str(moments)!r} + f"/{{time.monotonic()}} begin", "w").close()
    time.sleep(0.3)
    open({str(moments)!r} + f"/{{time.monotonic()}} end", "w").close()
    """
    trees = [make_tree(tmp_path / name, name=name, before_wheel=code) for name in ("one", "two", "three")]

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda tree: build(service, tree), trees))

    assert all(isinstance(outcome, BuiltAndAdded) for outcome in outcomes)
    in_order = sorted((path.name.split() for path in moments.iterdir()), key=lambda found: float(found[0]))
    assert [what for _, what in in_order] == ["begin", "end"] * 3


def test_who_waits_for_a_turn_can_cancel(service: Service, tmp_path: Path, wait: Wait) -> None:
    steps: list[Step] = []
    over = threading.Event()
    (first,) = service.builds.find([make_tree(tmp_path / "one", before="time.sleep(600)")])
    (second,) = service.builds.find([make_tree(tmp_path / "two", name="two")])
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            service.builds.build,
            BuildOrder(first),
            Way.DROP,
            log=BuildLog(),
            on_step=steps.append,
            cancelled=over.is_set,
        )
        wait(lambda: Step.SDIST in steps)

        waited = service.builds.build(BuildOrder(second), Way.DROP, log=BuildLog(), cancelled=lambda: True)
        over.set()

        assert isinstance(waited, BuildCancelled)
        assert isinstance(running.result(), BuildCancelled)


def test_closing_ends_a_build_and_leaves_nothing(service: Service, tmp_path: Path, wait: Wait) -> None:
    steps: list[Step] = []
    (tree,) = service.builds.find([make_tree(tmp_path / "one", before="time.sleep(600)")])
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(
            service.builds.build, BuildOrder(tree), Way.DROP, log=BuildLog(), on_step=steps.append
        )
        wait(lambda: Step.SDIST in steps)
        started = time.monotonic()

        service.close()

        assert isinstance(running.result(), BuildCancelled)
        assert time.monotonic() - started < 5
    left = [path for path in find_locations(os.environ).builds.iterdir() if path.is_dir()]
    assert left == []


def test_the_python_of_the_settings_builds(service: Service, tmp_path: Path) -> None:
    service.change_settings(build_python="no-such-python")

    assert build(service, make_tree(tmp_path / "tree")) == NotBuilt(BuildFailure.NO_PYTHON, "no-such-python")
