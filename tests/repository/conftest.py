"""An open repository, and a place outside it where files come from."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cheeseboard.events import Event, EventBus
from cheeseboard.repository.repository import Repository


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return a directory with files to add."""
    directory = tmp_path / "outside"
    directory.mkdir()
    return directory


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def events(bus: EventBus) -> list[Event]:
    """Return the list that every event is appended to."""
    seen: list[Event] = []
    bus.subscribe(seen.append)
    return seen


@pytest.fixture
def open_repository(tmp_path: Path, bus: EventBus) -> Iterator[Callable[..., Repository]]:
    """Return a function that opens the repository (again); nothing watches it unless told to."""
    opened: list[Repository] = []

    def open_it(*, watch: bool = False, folder: Path | None = None, quiet: bool = False) -> Repository:
        repository = Repository(folder or tmp_path / "packages", EventBus() if quiet else bus)
        opened.append(repository)
        if watch:
            repository.start()
        return repository

    yield open_it
    for repository in opened:
        repository.close()


@pytest.fixture
def repository(open_repository: Callable[..., Repository]) -> Repository:
    return open_repository()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Return a function that waits for a condition, and fails after a while."""

    def wait(condition: Callable[[], bool], seconds: float = 15.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.005)

    return wait
