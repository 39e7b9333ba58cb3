"""A source tree built for real, in an environment of its own, by a backend that lies in the tree."""

import os
import socket
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock, Timeout
from tests.builds.conftest import Bench, Wait, is_running
from tests.builds.trees import contents, make_tree

from cheeseboard.builds.build import BuildCancelled, Built, NotBuilt, Wanted
from cheeseboard.builds.failure import BuildFailure, Step
from cheeseboard.builds.workplace import Workplaces

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc who lives")


def test_an_sdist_and_a_wheel_of_it_are_built_and_the_tree_stays_as_it_is(
    bench: Bench, tmp_path: Path
) -> None:
    tree = make_tree(tmp_path / "acme-core")
    before = contents(tree)

    built = bench.build(tree)

    assert isinstance(built, Built), bench.log.text()
    assert [path.name for path in built.files] == [
        "acme_core-7.0.1-py3-none-any.whl",
        "acme_core-7.0.1.tar.gz",
    ]
    assert contents(tree) == before
    assert bench.steps == [
        Step.COPYING,
        Step.ENVIRONMENT,
        Step.SDIST,
        Step.WHEEL,
        Step.ENVIRONMENT,
        Step.WHEEL,
    ]


def test_nothing_but_the_results_is_left_of_a_build(bench: Bench, tmp_path: Path) -> None:
    bench.build(make_tree(tmp_path / "acme-core"))

    assert bench.workplace is not None
    assert [path.name for path in bench.workplace.directory.iterdir()] == ["results"]
    bench.workplaces.close()
    assert [path.name for path in bench.directory.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize(
    ("wanted", "suffix"), [(Wanted.SDIST, ".tar.gz"), (Wanted.WHEEL, "-py3-none-any.whl")]
)
def test_just_one_of_the_two_is_built_when_asked_for(
    bench: Bench, tmp_path: Path, wanted: Wanted, suffix: str
) -> None:
    built = bench.build(make_tree(tmp_path / "acme-core"), wanted=wanted)

    assert isinstance(built, Built)
    assert [path.name for path in built.files] == [f"acme_core-7.0.1{suffix}"]


def test_the_environment_is_isolated_from_ours_and_from_the_users_variables(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "leaking").mkdir()
    (tmp_path / "leaking" / "leaked.py").write_text("")
    bench.environ |= {"PYTHONPATH": str(tmp_path / "leaking"), "TWINE_PASSWORD": "secret"}
    code = """
    for name in ("leaked", "pytest", "cheeseboard"):
        try:
            __import__(name)
        except ImportError:
            continue
        sys.exit(f"{name} can be imported")
    assert "TWINE_PASSWORD" not in os.environ
    print("temporary", os.environ["TMPDIR"])
    """
    built = bench.build(make_tree(tmp_path / "acme-core", before=code), wanted=Wanted.SDIST)

    assert isinstance(built, Built), bench.log.text()
    assert bench.workplace is not None
    assert f"temporary {bench.workplace.temporary}" in bench.log.text()


def test_a_module_named_build_in_the_tree_is_not_taken_for_the_tool(bench: Bench, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "acme-core")
    (tree / "build.py").write_text("raise SystemExit('not the tool')")

    assert isinstance(bench.build(tree, wanted=Wanted.SDIST), Built), bench.log.text()


def test_files_in_the_results_can_be_read_by_others(bench: Bench, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "acme-core")
    (tree / "module.py").chmod(0o644)
    built = bench.build(tree, wanted=Wanted.SDIST)

    assert isinstance(built, Built)
    with tarfile.open(built.files[0]) as archive:
        assert archive.getmember("acme_core-7.0.1/module.py").mode == 0o644


def test_another_python_builds_when_it_was_chosen(bench: Bench, tmp_path: Path) -> None:
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    if not base.exists():
        pytest.skip("this Python has no base of the usual name")
    code = "print('made of', sys.base_prefix)"

    built = bench.build(make_tree(tmp_path / "a", before=code), wanted=Wanted.SDIST, python=str(base))

    assert isinstance(built, Built), bench.log.text()
    assert f"made of {sys.base_prefix}" in bench.log.text()


# --- failures ---


def test_a_python_that_is_none_is_told(bench: Bench, tmp_path: Path) -> None:
    result = bench.build(make_tree(tmp_path / "a"), python="no-such-python")

    assert result == NotBuilt(BuildFailure.NO_PYTHON, "no-such-python")


def test_a_pyproject_that_is_no_toml_is_told_before_anything_runs(bench: Bench, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "a")
    (tree / "pyproject.toml").write_text("[build-system\n")

    result = bench.build(tree)

    assert isinstance(result, NotBuilt)
    assert result.reason is BuildFailure.INVALID_PYPROJECT
    assert "line 1" in result.detail
    assert bench.steps == []


def test_the_last_error_of_a_failing_backend_is_told(bench: Bench, tmp_path: Path) -> None:
    result = bench.build(make_tree(tmp_path / "a", before="raise ValueError('the sky is green')"))

    assert result == NotBuilt(BuildFailure.FAILED, "ValueError: the sky is green")
    assert "Traceback" in bench.log.text()


def test_a_backend_that_is_not_there_is_named(bench: Bench, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "a")
    text = (tree / "pyproject.toml").read_text()
    (tree / "pyproject.toml").write_text(text.replace('"own_backend"', '"nowhere.backend"'))

    assert bench.build(tree) == NotBuilt(BuildFailure.BACKEND_MISSING, "nowhere.backend")


def test_a_requirement_that_no_index_has_is_named_after_both_installers_tried(
    bench: Bench, tmp_path: Path
) -> None:
    result = bench.build(make_tree(tmp_path / "a", requires=("surely-nowhere>=2",)))

    assert result == NotBuilt(BuildFailure.REQUIREMENT_NOT_FOUND, "surely-nowhere"), bench.log.text()
    assert "Trying again with pip" in bench.log.text()


def test_an_index_that_cannot_be_reached_is_told(bench: Bench, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}/simple/"
        bench.environ |= {"UV_INDEX_URL": nobody, "PIP_INDEX_URL": nobody, "PIP_RETRIES": "0"}
        bench.environ |= {"UV_HTTP_RETRIES": "0"}

        result = bench.build(make_tree(tmp_path / "a", requires=("surely-nowhere",)))

    assert isinstance(result, NotBuilt)
    assert result.reason is BuildFailure.INDEX_UNREACHABLE, bench.log.text()


def test_a_compiler_that_is_not_there_is_named(bench: Bench, tmp_path: Path) -> None:
    code = "sys.exit(\"error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory\")"

    result = bench.build(make_tree(tmp_path / "a", before=code))

    assert result == NotBuilt(BuildFailure.COMPILER_MISSING, "x86_64-linux-gnu-gcc")


def test_a_build_has_no_stdin_to_ask_on(bench: Bench, tmp_path: Path) -> None:
    result = bench.build(make_tree(tmp_path / "a", before="input('User: ')"))

    assert isinstance(result, NotBuilt)
    assert result.detail.startswith("EOFError")


def test_a_link_to_a_tree_is_built_like_the_tree(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "b").symlink_to(make_tree(tmp_path / "a"))

    assert isinstance(bench.build(tmp_path / "b", wanted=Wanted.SDIST), Built)


# --- ending it ---

FORKS = """
import signal
children = [
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]),
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True),
]
print("pids", os.getpid(), *(child.pid for child in children), flush=True)
"""


def printed_pids(bench: Bench) -> list[int]:
    lines = [line for line in bench.log.read().lines if line.startswith("pids ")]
    return [int(word) for line in lines for word in line.split()[1:]]


@linux
def test_cancel_ends_the_backend_and_its_children_those_in_other_sessions_too(
    bench: Bench, tmp_path: Path
) -> None:
    tree = make_tree(tmp_path / "a", before=FORKS + "time.sleep(600)")

    result = bench.build(tree, cancelled=lambda: bool(printed_pids(bench)))

    assert isinstance(result, BuildCancelled)
    assert len(printed_pids(bench)) == 3
    assert [pid for pid in printed_pids(bench) if is_running(pid)] == []
    assert bench.workplace is not None
    assert [path.name for path in bench.workplace.directory.iterdir()] == ["results"]


@linux
def test_children_that_a_finished_build_left_behind_are_ended(bench: Bench, tmp_path: Path) -> None:
    started = time.monotonic()
    built = bench.build(make_tree(tmp_path / "a", before=FORKS), wanted=Wanted.SDIST)

    assert isinstance(built, Built)
    assert len(printed_pids(bench)) == 3
    assert [pid for pid in printed_pids(bench) if is_running(pid)] == []
    assert time.monotonic() - started < 20


@linux
@pytest.mark.full
def test_a_backend_that_ignores_sigterm_is_killed(bench: Bench, tmp_path: Path) -> None:
    deaf = "import signal\nfor n in (signal.SIGTERM, signal.SIGHUP): signal.signal(n, signal.SIG_IGN)\n"
    tree = make_tree(tmp_path / "a", before=deaf + FORKS + "time.sleep(600)")

    result = bench.build(tree, cancelled=lambda: bool(printed_pids(bench)))

    assert isinstance(result, BuildCancelled)
    assert [pid for pid in printed_pids(bench) if is_running(pid)] == []


def test_a_backend_that_hangs_is_ended_when_its_time_is_over(bench: Bench, tmp_path: Path) -> None:
    result = bench.build(make_tree(tmp_path / "a", before="time.sleep(600)"), seconds=2)

    assert result == NotBuilt(BuildFailure.TIME_OVER)


def test_a_flood_of_output_is_kept_in_part_and_harms_nobody(bench: Bench, tmp_path: Path) -> None:
    code = """
    for number in range(200_000):
        print(number, "x" * 60)
    sys.stdout.write("y" * 5_000_000)
    print("the end")
    """
    built = bench.build(make_tree(tmp_path / "a", before=code), wanted=Wanted.SDIST)

    assert isinstance(built, Built)
    text = bench.log.text()
    assert len(text) < 2_000_000
    assert "0 xxx" in text
    assert "lines left out" in text
    assert "199999 xxx" in text


@linux
def test_a_workplace_made_on_one_thread_is_let_go_on_another(bench: Bench) -> None:
    import fcntl  # not there on Windows

    with ThreadPoolExecutor(1) as pool:  # whose thread lives on, as the window's do
        made = pool.submit(bench.workplaces.make).result()
        lock = made.directory.parent / "owner.lock"
        with pytest.raises(Timeout):
            FileLock(lock).acquire(timeout=0)
        with lock.open("rb") as held:
            bench.workplaces.close()
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises while somebody holds it


@linux
def test_what_a_killed_cheeseboard_left_is_cleared_and_ended_at_the_next_start(
    bench: Bench, tmp_path: Path, wait: Wait
) -> None:
    tree = make_tree(tmp_path / "a", before="print('pids', os.getpid(), flush=True)\ntime.sleep(600)")
    printed = tmp_path / "printed"
    child = os.fork()
    if child == 0:
        killed = Bench(bench.directory)
        killed.build(tree, cancelled=lambda: bool(printed.write_text(killed.log.text())) and False)
        os._exit(1)
    wait(lambda: printed.exists() and "pids " in printed.read_text())
    os.kill(child, 9)
    os.waitpid(child, 0)
    pid = int(printed.read_text().partition("pids ")[2].split()[0])
    assert any(path.is_dir() for path in bench.directory.iterdir())

    Workplaces(bench.directory).clear_dead()

    wait(lambda: not is_running(pid))
    assert [path.name for path in bench.directory.iterdir() if path.is_dir()] == []
