"""Killed at any moment, a backup is whole or not there, and so is what is restored from one."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.builders import write_wheel

from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.service import Service

FILES = 120


def service(tmp_path: Path, folder: Path) -> Service:
    environ = {"CHEESEBOARD_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    return Service(find_locations(environ), environ, folder=folder)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    given = tmp_path / "given"
    given.mkdir()
    for number in range(FILES):
        write_wheel(given, f"many-{number}", modules={"many.bin": os.urandom(20_000)})
    board = service(tmp_path, tmp_path / "packages")
    board.open(watch=False)
    assert len(board.add([given], Way.DROP).accepted) == FILES
    board.close()
    return tmp_path / "packages"


def killed(words: list[str], seconds: float) -> bool:
    """Run a command, kill it after so long; tell whether it was hit before its end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cheeseboard", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    return process.returncode != 0


def leftovers(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if "under-way" in path.name]


@pytest.mark.parametrize(
    "times", [pytest.param(3, id="few"), pytest.param(40, marks=pytest.mark.full, id="many")]
)
def test_a_killed_backup_or_restore_leaves_all_or_nothing(filled: Path, tmp_path: Path, times: int) -> None:
    chance = random.Random(7)
    work = tmp_path / "work"
    work.mkdir()
    whole = work / "whole.tar"
    at = ["--folder", str(filled)]
    began = time.monotonic()
    assert not killed(["backup", str(whole), *at], 60)
    seconds = time.monotonic() - began
    backup, back = work / "killed.tar", work / "back"
    hits = 0
    for _ in range(times):
        hits += killed(["backup", str(backup), *at], chance.uniform(0.4, 1.1) * seconds)
        if backup.exists():
            board = service(tmp_path, work / "check")
            assert board.upkeep.restore_backup(backup).restored.files == FILES
            shutil.rmtree(work / "check")
            backup.unlink()
        hits += killed(
            ["restore-backup", str(whole), "--folder", str(back)], chance.uniform(0.3, 1.3) * seconds
        )
        if back.exists():
            board = service(tmp_path, back)
            board.open(watch=False)
            assert board.snapshot.file_count == FILES
            assert board.upkeep.check().findings == ()
            board.close()
            shutil.rmtree(back)
    assert hits > 0
    service(tmp_path, back).upkeep.restore_backup(whole)
    board = service(tmp_path, filled)
    board.open(watch=False)
    board.upkeep.back_up(backup)
    board.close()
    assert leftovers(work) == []
