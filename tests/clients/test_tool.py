"""Installers, run as the user would: ended when they take too long, or when nobody waits any more."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cheeseboard.clients.tool import likewise, run_tool, stoppable

FOREVER = (sys.executable, "-c", "import sys, time; print('here', flush=True); time.sleep(600)")


def test_what_it_said_and_how_it_ended_come_back() -> None:
    done = run_tool((sys.executable, "-c", "print('well'); raise SystemExit(3)"), os.environ)
    assert done is not None
    assert (done.returncode, done.stdout.strip()) == (3, "well")


def test_one_that_nobody_waits_for_any_more_is_ended(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = (
        f"import os, pathlib, time; noted = pathlib.Path({str(noted)!r});"
        "noted.with_suffix('.new').write_text(str(os.getpid())); noted.with_suffix('.new').rename(noted);"
        "time.sleep(600)"
    )
    began = time.monotonic()
    with stoppable(noted.exists):
        assert run_tool((sys.executable, "-c", script), os.environ) is None
    assert time.monotonic() - began < 60  # what it would have been given
    assert not Path(f"/proc/{noted.read_text()}").exists() or sys.platform != "linux"


def test_one_that_another_thread_runs_likewise_is_ended_too() -> None:
    with stoppable(lambda: True), ThreadPoolExecutor(2) as executor:
        ran = executor.map(likewise(lambda command: run_tool(command, os.environ)), [FOREVER, FOREVER])
        assert list(ran) == [None, None]


def test_one_that_takes_too_long_is_ended() -> None:
    assert run_tool(FOREVER, os.environ, seconds=0.5) is None


def test_a_program_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    assert run_tool((str(tmp_path / "none"),), os.environ) is None
