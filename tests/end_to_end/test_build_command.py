"""`cheeseboard build` as a process: it asks, builds for real, adds, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builds.conftest import is_running
from tests.builds.trees import contents, make_tree
from tests.end_to_end.conftest import Eventually

from cheeseboard.locations import find_locations

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pseudo-terminals and /proc are Linux's here")

COMMAND = [sys.executable, "-m", "cheeseboard"]
FILES = {"acme_core-7.0.1-py3-none-any.whl", "acme_core-7.0.1.tar.gz"}


def cheeseboard(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def started() -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that are ended, whatever becomes of the test."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The file that a project's own code makes when it runs."""
    return tmp_path / "ran"


@pytest.fixture
def tree(tmp_path: Path, ran: Path) -> Path:
    return make_tree(tmp_path / "acme-core", before=f"pathlib.Path({str(ran)!r}).write_text('x')")


def events(done: "subprocess.CompletedProcess[str]") -> list[dict[str, str]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def workplaces() -> list[Path]:
    return [path for path in find_locations(os.environ).builds.glob("*") if path.is_dir()]


def test_it_builds_and_adds_when_somebody_said_yes(tree: Path, ran: Path) -> None:
    before = contents(tree)

    done = cheeseboard("build", str(tree), "--yes", "--json")

    assert done.returncode == 0, done.stdout + done.stderr
    told = events(done)
    steps = [one["step"] for one in told if one["event"] == "step"]
    assert (steps[0], steps[-1]) == ("copying", "adding")
    assert {Path(one["file"]).name for one in told if one["event"] == "added"} == FILES
    listed = events(cheeseboard("list", "acme-core", "--json"))
    assert {one["file"] for one in listed if one["event"] == "file"} == FILES
    assert ran.exists()
    assert contents(tree) == before
    assert workplaces() == []


def test_without_a_terminal_and_without_yes_nothing_runs(tree: Path, ran: Path) -> None:
    done = cheeseboard("build", str(tree))

    assert done.returncode == 2
    assert "Say --yes" in done.stderr
    assert not ran.exists()


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("\n", 1), ("y\n", 0)])
def test_on_a_terminal_it_asks(tree: Path, ran: Path, answer: str, code: int) -> None:
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, "build", str(tree), "--sdist"],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    asked = ""
    while "[y/N]" not in asked:
        asked += os.read(ours, 4096).decode()
    os.write(ours, answer.encode())

    assert f"acme-core 7.0.1 from {tree}" in asked
    assert "Building runs the project's own code." in asked
    assert process.wait(60) == code
    assert ran.exists() == (code == 0)
    os.close(ours)


def test_a_folder_without_a_project_is_told(tmp_path: Path) -> None:
    done = cheeseboard("build", str(tmp_path), "--yes")

    assert done.returncode == 1
    assert done.stderr == "There is no pyproject.toml or setup.py of a package in there.\n"


def test_a_failure_has_one_plain_sentence_below_the_log(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", before="raise ValueError('the sky is green')")

    done = cheeseboard("build", str(tree), "--yes")

    assert done.returncode == 1
    *log, last = done.stderr.splitlines()
    assert last == (
        "acme-core wasn't built: its own build failed (ValueError: the sky is green). The log says more."
    )
    assert any("Traceback" in line for line in log)


def test_every_project_of_a_checkout_is_built_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    make_tree(tmp_path / "all" / "one", name="acme-one", before_wheel="raise SystemExit(1)")
    make_tree(tmp_path / "all" / "two", name="acme-two")

    done = cheeseboard("build", str(tmp_path / "all"), "--yes", "--json", "--wheel")
    refused = [one["project"] for one in events(done) if one["event"] == "not-built"]
    added = [one["project"] for one in events(done) if one["event"] == "added"]

    assert done.returncode == 1
    assert (refused, added) == (["acme-one"], ["acme-two"])


def test_the_same_version_again_is_a_conflict_until_replace_is_said(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    cheeseboard("build", str(tree), "--yes", "--wheel")
    (tree / "module.py").write_text("VERSION = 'another'\n")

    again = cheeseboard("build", str(tree), "--yes", "--wheel")
    replaced = cheeseboard("build", str(tree), "--yes", "--wheel", "--replace")

    assert again.returncode == 1
    assert "Raise the version of acme-core, or say --replace" in again.stderr
    assert replaced.returncode == 0
    assert "Added acme_core-7.0.1-py3-none-any.whl." in replaced.stdout


HANGING = "print('pid', os.getpid(), flush=True)\ntime.sleep(600)"


def begin_to_hang(started: list["subprocess.Popen[str]"], tmp_path: Path) -> "subprocess.Popen[str]":
    tree = make_tree(tmp_path / "tree", before=HANGING)
    command = [*COMMAND, "build", str(tree), "--yes", "--verbose"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started.append(process)
    return process


def pid_of(process: "subprocess.Popen[str]") -> int:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("pid "):
            return int(line.split()[1])
    raise AssertionError("the backend never ran")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_ends_the_build_and_leaves_nothing(
    started: list["subprocess.Popen[str]"], tmp_path: Path, number: signal.Signals
) -> None:
    process = begin_to_hang(started, tmp_path)
    pid = pid_of(process)

    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)

    assert process.returncode == 3
    assert stderr.endswith("acme-core wasn't built: it was cancelled.\n")
    assert not is_running(pid)
    assert workplaces() == []


def test_what_a_killed_one_left_is_gone_after_the_next_start(
    started: list["subprocess.Popen[str]"], tmp_path: Path, eventually: Eventually
) -> None:
    process = begin_to_hang(started, tmp_path)
    pid = pid_of(process)
    process.kill()
    process.wait()
    assert workplaces() != []

    cheeseboard("list")

    eventually(lambda: not is_running(pid))
    assert workplaces() == []
