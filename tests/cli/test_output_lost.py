"""Output that nobody takes: the exit code is one of ours, and no traceback is shown."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel


@pytest.fixture
def words(
    command: Callable[..., tuple[int, list[dict[str, Any]]]], folder: Path, tmp_path: Path
) -> list[str]:
    assert command("add", str(write_wheel(tmp_path, "acme-core", "1.0")))[0] == 0
    return [sys.executable, "-m", "cheeseboard", "list", "--folder", str(folder)]


def test_a_reader_that_left_is_no_reason_to_complain(words: list[str], environ: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        ended = subprocess.run(
            words, env=environ, stdout=gone, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr) == (3, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_output_to_a_full_disk_is_one_sentence(words: list[str], environ: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            words, env=environ, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ended.returncode, ended.stderr) == (3, "Can't use the disk: No space left on device.\n")
