"""Exit codes, all of them: 0 done, 1 some item refused, 2 usage, 3 the world failed.

Every command, with each code that it can give; what they say besides is tested elsewhere.
"""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.builders import write_wheel

from cheeseboard import cli
from cheeseboard.__main__ import main
from cheeseboard.cli.parsing import COMMANDS

Run = Callable[..., int]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what each line gets a copy of: a folder with three releases, one in the trash, and more."""
    place = tmp_path_factory.mktemp("made")
    wheels, tree = place / "wheels", place / "tree"
    wheels.mkdir()
    for version in ("1.0", "2.0", "3.0"):
        write_wheel(wheels, "acme", version)
    (place / "other.whl").write_bytes(b"no wheel")
    (place / "empty").mkdir()
    (place / "closed").touch()
    tree.mkdir()
    (tree / "pyproject.toml").write_text("not = [toml")
    environ = {"CHEESEBOARD_HOME": str(place / "home"), "HOME": str(place), "PATH": os.environ["PATH"]}
    for words in (["add", str(wheels)], ["remove", "acme==3.0"], ["backup", str(place / "kept.tar")]):
        assert cli.run(cli.parse([*words, "--folder", str(place / "packages")]), environ, io.StringIO()) == 0
    return place


@pytest.fixture
def beside(made: Path, tmp_path: Path, own_home: Path) -> Path:
    """Return where the folder lies, and beside it what lines name."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    shutil.move(tmp_path / "home", own_home / "cheeseboard")
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Run:
    """Return a function that runs a command line as the program does, and gives its exit code."""
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    def execute(*words: str) -> int:
        given = words if words[0] == "help" or "--folder" in words else (*words, "--folder", str(folder))
        try:
            return main(given)
        except SystemExit as ended:
            return int(ended.code or 0)

    return execute


# A word in braces is a path beside the folder.
ROWS = [
    ("add {wheels}", 0),
    ("add {empty}", 0),
    ("add {wheels} {other.whl}", 1),
    ("add {nowhere}", 1),
    ("add", 2),
    ("build {tree} --yes", 1),
    ("build {empty} --yes", 1),
    ("build {tree}", 2),
    ("list", 0),
    ("list acme", 0),
    ("list --refused", 0),
    ("list acne", 1),
    ("list acme acme", 2),
    ("show acme", 0),
    ("show acne", 1),
    ("show", 2),
    ("why acme", 0),
    ("why acme>9", 1),
    ("why acne", 1),
    ("why acme>>>", 2),
    ("why acme --python two", 2),
    ("yank acme==1.0", 0),
    ("yank acme==1.0 acne", 1),
    ("yank", 2),
    ("unyank acme", 0),
    ("unyank acne", 1),
    ("unyank", 2),
    ("status acme", 0),
    ("status acme archived", 0),
    ("status acne", 1),
    ("status acme bogus", 2),
    ("remove acme==1.0", 0),
    ("remove acme==1.0 acne", 1),
    ("remove", 2),
    ("restore acme==3.0", 0),
    ("restore acme==9", 1),
    ("restore", 2),
    ("undo", 1),
    ("undo --redo", 1),
    ("undo acme", 2),
    ("trash", 0),
    ("trash empty --yes", 0),
    ("trash empty", 2),
    ("trash burn", 2),
    ("activity", 0),
    ("activity --limit many", 2),
    ("downloads", 0),
    ("downloads acme --days 7", 0),
    ("downloads acne", 1),
    ("downloads --days some", 2),
    ("repositories", 0),
    ("repositories remember {empty}", 0),
    ("repositories forget nobody", 1),
    ("repositories choose nobody", 1),
    ("repositories choose", 2),
    ("check", 0),
    ("check acme", 2),
    ("retention", 0),
    ("retention --keep 1", 0),
    ("retention --keep 1 --apply", 0),
    ("retention --rules", 0),
    ("retention --forget acme", 1),
    ("retention --keep 0", 2),
    ("retention --keep few", 2),
    ("retention --save", 2),
    ("backup {new.tar}", 0),
    ("backup {new.tar} {newer.tar}", 2),
    ("backup {kept.tar}", 3),
    ("restore-backup", 2),
    ("restore-backup {kept.tar}", 3),
    ("restore-backup {nowhere}", 3),
    ("import {wheels}", 0),
    ("import {wheels} --dry-run", 0),
    ("import {wheels} --from pip", 2),
    ("import {nowhere}", 3),
    ("settings", 0),
    ("settings set trash_days 180", 0),
    ("settings show trash_day", 2),
    ("settings set trash_day 180", 2),
    ("settings set trash_days many", 2),
    ("settings set port 0", 2),
    ("settings set ports 1", 2),
    ("settings set port", 2),
    ("settings set build_python no-such-python", 2),
    ("autostart", 0),
    ("autostart on", 0),
    ("autostart off", 0),
    ("autostart perhaps", 2),
    ("use twine", 0),
    ("use twine --dry-run", 0),
    ("use poetry", 0),
    ("use apt", 2),
    ("use pip --as last", 2),
    ("unuse apt", 2),
    ("unuse twine", 3),
    ("prove apt", 2),
    ("join-line --soon", 2),
    ("join-line --once --uv", 2),
    ("join-line", 3),
    ("address", 0),
    ("address --likeliest", 0),
    ("address example.invalid", 2),
    ("neighbours --seconds 0", 0),
    ("neighbours --seconds some", 2),
    ("trust show", 0),
    ("trust export {ca.pem}", 0),
    ("trust bundle {all.pem}", 0),
    ("trust install --store nobodys", 1),
    ("trust uninstall --store nobodys", 1),
    ("trust rotate", 0),
    ("trust remove", 0),
    ("trust export", 2),
    ("trust show {ca.pem}", 2),
    ("trust export {closed}/ca.pem", 3),
    ("trust bundle {closed}/all.pem", 3),
    ("token create ci", 0),
    ("token list", 0),
    ("token reading", 0),
    ("token reading token", 0),
    ("token revoke owner", 0),
    ("token revoke nobody", 1),
    ("token", 2),
    ("token create ci --scope all", 2),
    ("token create ci --expires never", 2),
    ("token create ci --expires -1", 2),
    ("token reading everybody", 2),
    ("doctor", 0),
    ("doctor --bundle", 2),
    ("serve --port many", 2),
    ("serve --host nowhere", 2),
    ("serve --lan --host 127.0.0.1", 2),
    ("completion bash", 0),
    ("completion csh", 2),
    ("help", 0),
    ("help yank", 0),
    ("help json", 0),
    ("help yanc", 2),
    ("yanc acme", 2),
]
# What needs more than a line, below; and what needs a build, a colleague or an installer, elsewhere.
STORIES = {
    *[("undo", 0), ("serve", 0), ("unuse", 0), ("restore-backup", 0)],
    *[("trash", 1), ("prove", 1), ("check", 1), ("backup", 1), ("import", 1), ("doctor", 1)],
    *[("restore-backup", 1)],
}
ELSEWHERE = {("build", 0), ("join-line", 0), ("prove", 0)}
REFUSE_NOTHING = {
    *("serve", "activity", "settings", "autostart", "use", "unuse", "join-line", "address", "neighbours"),
    "completion",
}


@pytest.mark.parametrize(("line", "code"), ROWS, ids=[line for line, _ in ROWS])
def test_a_line_ends_with_its_code(
    line: str, code: int, run: Run, beside: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    words = [word.replace("{", f"{beside}/").replace("}", "") for word in line.split()]
    ended = run(*words)
    said = capfd.readouterr()
    assert ended == code, said
    assert "Traceback" not in said.out + said.err
    assert "\x1b" not in said.out + said.err, "it is piped, so nothing moves and nothing is coloured"
    if code >= 2:
        assert said.out == ""
        assert said.err
    if code == 3:
        assert said.err.count("\n") == 1, "one plain sentence"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_damaged_world_ends_every_command_with_three_and_one_sentence(
    name: str, run: Run, own_home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = own_home / "cheeseboard" / "config" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("port = [")
    rows = [*ROWS, ("serve --port 0", 0), ("prove pip", 1)]
    example = next(line for line, code in rows if line.split()[0] == name and code != 2)
    words = [word.strip("{}") for word in example.split()]
    assert run(*words) == 3
    said = capfd.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "settings.toml" in said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_ends_every_command_with_two(
    name: str, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(name, "--no-such-option") == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("usage: ")


@pytest.fixture
def spoiled(run: Run, beside: Path, folder: Path) -> Path:
    """Change a file of the folder so that nobody notices who does not read it."""
    assert run("list") == 0
    path = folder / "acme" / "acme-1.0-py3-none-any.whl"
    before, content = path.stat(), path.read_bytes()
    path.write_bytes(content[:-1] + b"?")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return beside


@pytest.mark.usefixtures("spoiled")
def test_what_is_wrong_in_the_folder_is_one(run: Run) -> None:
    assert run("check") == 1
    assert run("check") == 0, "it is out of the index"


def test_a_backup_that_lacks_a_file_and_its_return_are_one(run: Run, spoiled: Path) -> None:
    assert run("restore-backup", str(spoiled / "kept.tar"), "--folder", str(spoiled / "whole")) == 0
    assert run("backup", str(spoiled / "lacking.tar")) == 1
    assert run("restore-backup", str(spoiled / "lacking.tar"), "--folder", str(spoiled / "lacking")) == 1


def test_what_a_command_did_is_undone_once(run: Run, beside: Path) -> None:
    assert run("remove", "acme==1.0") == 0
    assert run("undo") == 0
    assert run("undo") == 1
    assert run("undo", "--redo") == 0


class Keyboard(io.StringIO):
    """Somebody at a terminal who answers."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_emptying_the_trash_that_somebody_declines_is_one(
    answer: str, code: int, run: Run, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard(f"{answer}\n"))
    assert run("trash", "empty") == code
    assert run("restore", "acme==3.0") == (0 if code else 1)


def test_an_import_of_which_a_file_is_refused_is_one(run: Run, beside: Path) -> None:
    (beside / "wheels" / "bad-1.0-py3-none-any.whl").write_bytes(b"no wheel")
    assert run("import", str(beside / "wheels")) == 1


def test_what_the_doctor_finds_is_one(run: Run) -> None:
    assert run("doctor") == 1, "there is no folder"


def test_an_installer_that_is_not_here_proves_nothing_which_is_one(
    run: Run, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    assert run("prove", "uv") == 1


def test_what_was_written_for_an_installer_is_undone_once(run: Run, beside: Path) -> None:
    assert run("use", "twine") == 0
    assert run("unuse", "twine") == 0
    assert run("unuse", "twine") == 3


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_until_it_is_told_to_stop_is_done_and_a_taken_port_is_three(
    number: signal.Signals, run: Run, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = [sys.executable, "-m", "cheeseboard", "serve", "--json", "--port", "0", "--folder", str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        try:
            port = urlsplit(json.loads(serving.stdout.readline())["url"]).port
            assert run("serve", "--port", str(port)) == 3
            assert capfd.readouterr().err.count("\n") == 1
        finally:
            serving.send_signal(number)
        assert serving.wait(30) == 0


def test_the_table_has_every_command_with_every_code_that_it_can_give() -> None:
    given = {(line.split()[0], code) for line, code in ROWS} | STORIES | ELSEWHERE
    assert {name for name, code in given if code == 0} >= {*COMMANDS, "help"}
    assert {name for name, code in given if code == 1} == COMMANDS.keys() - REFUSE_NOTHING
