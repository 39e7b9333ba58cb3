"""A kill at any instruction, an error from any call: what was acknowledged holds, nothing is half visible."""

import hashlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import build_wheel, wheel_filename, write_wheel

from cheeseboard.events import EventBus
from cheeseboard.repository.repository import Repository

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
WORKER = Path(__file__).with_name("worker.py")
# Every call that changes a disk, with how many of its occurrences the short sweep passes over.
CALLS = {"linkat": 2, "unlink": 5, "fsync": 6, "fdatasync": 6, "mkdir": 4, "rmdir": 1, "pwrite64": 36}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    directory = tmp_path / "source"
    (directory / "other").mkdir(parents=True)
    for number in range(5):
        write_wheel(directory, f"project-{number}")
    (directory / "other" / wheel_filename("project-0", "1.0")).write_bytes(
        build_wheel("project-0", summary="other contents")
    )
    return directory


def acknowledged(lines: list[str]) -> dict[str, str | None]:
    """Return what must hold: the hash of each file, None for absent; what is unsure is left out."""
    facts: dict[str, str | None] = {}
    for line in lines:
        word, _, rest = line.partition(" ")
        name, _, sha256 = rest.partition(" ")
        if word == "present":
            facts[name] = sha256
        elif word == "absent":
            facts[name] = None
        elif word == "unsure":
            facts.pop(name, None)
    return facts


def settled(folder: Path) -> Repository:
    """Open the repository as the next start would, and wait until nothing more is to be done."""
    repository = Repository(folder, EventBus())
    deadline = time.monotonic() + 20
    while (again := repository.scan()) is not None:
        assert time.monotonic() < deadline
        time.sleep(again)
    return repository


def hold_against(folder: Path, facts: dict[str, str | None]) -> None:
    """Check everything that must be so after any crash."""
    repository = settled(folder)
    try:
        listed = {file.filename: file for file in repository.snapshot.files()}
        for name, sha256 in facts.items():
            found = listed[name].sha256 if name in listed else None
            assert found == sha256, f"{name} was acknowledged"
        on_disk = {path.name: path for path in folder.glob("*/*.whl")}
        assert on_disk.keys() == listed.keys()
        for name, path in on_disk.items():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == listed[name].sha256
        assert [path for path in folder.iterdir() if path.is_file()] == []
        staged = [p for p in (folder / ".cheeseboard/staging").rglob("*") if p.is_file()]
        assert [path.name for path in staged] == ["owner.lock"]  # our own, just opened
        for row in repository.trash():
            trashed = folder / ".cheeseboard/trash" / f"{row.id}-{row.sha256[:12]}-{row.filename}"
            assert hashlib.sha256(trashed.read_bytes()).hexdigest() == row.sha256
    finally:
        repository.close()


def run_killed_at(strace: str, call: str, when: int, folder: Path, source: Path) -> bool:
    """Run the worker, killed at its ``when``-th such system call; return whether it was."""
    process = subprocess.run(
        [
            *(strace, "-f", "-qq", "-o", os.devnull),
            *("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={when}"),
            *(sys.executable, str(WORKER), str(folder), str(source), "life"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = process.stdout.splitlines()
    assert "closed" in lines or process.returncode != 0, process.stderr
    hold_against(folder, acknowledged(lines))
    return "closed" not in lines


def sweep(strace: str, call: str, step: int, tmp_path: Path, source: Path) -> int:
    """Kill at every ``step``-th occurrence of a call, until a life ends in peace; return how often."""
    killed = 0
    for when in range(1, 1000, step):
        if not run_killed_at(strace, call, when, tmp_path / f"packages-{when}", source):
            break
        killed += 1
    return killed


# What a failing disk says at each kind of call, and how many of its occurrences the short sweep passes over.
FAILURES = {
    ("linkat", "ENOSPC"): 3,
    ("linkat", "EIO"): 3,
    ("mkdir", "ENOSPC"): 4,
    ("mkdir", "EIO"): 4,
    ("write", "ENOSPC"): 5,
    ("write", "EIO"): 5,
    ("pwrite64", "ENOSPC"): 40,
    ("pwrite64", "EIO"): 40,
    ("fsync", "ENOSPC"): 8,
    ("fsync", "EIO"): 8,
    ("fdatasync", "EIO"): 8,
    ("unlink", "EIO"): 8,
    ("rmdir", "EIO"): 2,
}


def fail_at(strace: str, call: str, error: str, when: int, folder: Path, source: Path) -> bool:
    """Run the worker with one call that fails; return whether it came so far.

    Whatever it says must be a sentence, no traceback, and what it acknowledged must hold at the next start.
    """
    process = subprocess.run(
        [
            *(strace, "-f", "-qq", "-o", str(folder.with_name("calls")), "-e", f"trace={call}"),
            *("-e", f"inject={call}:error={error}:when={when}"),
            *(sys.executable, "-B", str(WORKER), str(folder), str(source), "life"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = process.stdout.splitlines()
    assert lines, process.stderr
    assert "Traceback" not in process.stderr, process.stderr
    assert lines[-1].startswith(("closed", "failed Can't"))
    hold_against(folder, acknowledged(lines))
    return "(INJECTED)" in folder.with_name("calls").read_text(errors="replace")


def fail_everywhere(strace: str, failure: tuple[str, str], step: int, tmp_path: Path, source: Path) -> int:
    """Let every ``step``-th occurrence of a call fail, each in a life of its own; return how many."""
    call, error = failure
    for failed, when in enumerate(range(1, 1000, step)):
        if not fail_at(strace, call, error, when, tmp_path / f"packages-{when}", source):
            return failed
    raise AssertionError("it never ended")


@pytest.mark.parametrize("failure", FAILURES, ids="-".join)
def test_a_disk_that_fails_at_some_call_is_told_and_nothing_is_lost_or_half_visible(
    need_tool: Callable[[str], str], tmp_path: Path, source: Path, failure: tuple[str, str]
) -> None:
    assert fail_everywhere(need_tool("strace"), failure, FAILURES[failure], tmp_path, source) >= 1


@pytest.mark.full
@pytest.mark.parametrize("failure", FAILURES, ids="-".join)
def test_a_disk_that_fails_at_every_single_call_is_told_and_nothing_is_lost_or_half_visible(
    need_tool: Callable[[str], str], tmp_path: Path, source: Path, failure: tuple[str, str]
) -> None:
    assert fail_everywhere(need_tool("strace"), failure, 1, tmp_path, source) >= 1


@pytest.mark.parametrize("call", CALLS)
def test_killed_at_a_call_that_changes_the_disk_nothing_is_lost(
    need_tool: Callable[[str], str], tmp_path: Path, source: Path, call: str
) -> None:
    assert sweep(need_tool("strace"), call, CALLS[call], tmp_path, source) >= 2


@pytest.mark.full
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_every_single_call_that_changes_the_disk_nothing_is_lost(
    need_tool: Callable[[str], str], tmp_path: Path, source: Path, call: str
) -> None:
    assert sweep(need_tool("strace"), call, 1, tmp_path, source) >= 2


def kill_at_random(folder: Path, source: Path, times: int, seed: int) -> int:
    """Kill a worker again and again at random moments, always on one folder; return how often it hit."""
    chance = random.Random(seed)
    hits = 0
    facts: dict[str, str | None] = {}
    for _ in range(times):
        process = subprocess.Popen(
            [sys.executable, str(WORKER), str(folder), str(source), "add"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        lines = [process.stdout.readline().strip()]
        assert lines == ["opened"]
        try:
            process.wait(chance.random() * 0.02)
        except subprocess.TimeoutExpired:
            process.kill()
        lines += process.communicate()[0].splitlines()
        hits += "closed" not in lines
        facts.update(acknowledged(lines))
        hold_against(folder, facts)
        for path in folder.glob("*/*.whl"):  # so that the next one has something to do
            if chance.random() < 0.7:
                path.unlink()
                facts.pop(path.name, None)
        facts = {name: sha256 for name, sha256 in facts.items() if list(folder.glob(f"*/{name}"))}
        if hits % 20 == 0:
            settled(folder).close()
    return hits


def test_killed_at_random_moments_nothing_is_lost(tmp_path: Path, source: Path) -> None:
    assert kill_at_random(tmp_path / "packages", source, 15, seed=1) >= 3


@pytest.mark.full
def test_killed_a_thousand_times_nothing_is_lost(tmp_path: Path, source: Path) -> None:
    assert kill_at_random(tmp_path / "packages", source, 1000, seed=os.getpid()) >= 300
