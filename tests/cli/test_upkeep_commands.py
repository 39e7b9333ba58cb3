"""Check, retention, backup, settings and folders, as scripts and people meet them."""

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel

from cheeseboard.cli.progress import shown
from cheeseboard.events import Progress
from cheeseboard.locations import find_locations
from cheeseboard.service.autostart import Autostart

Command = Callable[..., tuple[int, list[dict[str, Any]]]]
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def filled(command: Command, tmp_path: Path) -> Command:
    paths = [str(write_wheel(tmp_path, "acme", f"1.{number}")) for number in range(4)]
    assert command("add", *paths)[0] == 0
    return command


def versions(command: Command) -> list[str]:
    return [line["version"] for line in command("list", "acme")[1]]


def test_check_exits_with_one_when_something_is_wrong_and_names_it(filled: Command, folder: Path) -> None:
    assert filled("check") == (
        0,
        [
            {
                "event": "checked",
                "files": 4,
                "size": filled("list")[1][0]["size"],
                "findings": 0,
                "complete": True,
            }
        ],
    )
    path = folder / "acme" / "acme-1.2-py3-none-any.whl"
    before = path.stat()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    code, (finding, report) = filled("check")
    assert (code, finding["fault"], finding["file"]) == (1, "changed", path.name)
    assert report["findings"] == 1
    assert versions(filled) == ["1.3", "1.1", "1.0"]


def test_retention_shows_and_changes_nothing_until_it_is_applied_and_undo_brings_all_back(
    filled: Command,
) -> None:
    code, lines = filled("retention", "--keep", "2")
    assert code == 0
    assert [(line["event"], line.get("version")) for line in lines] == [
        ("would-remove", "1.1"),
        ("would-remove", "1.0"),
        ("retention", None),
    ]
    assert len(versions(filled)) == 4
    assert filled("retention", "--keep", "2", "--apply")[0] == 0
    assert versions(filled) == ["1.3", "1.2"]
    assert filled("undo")[0] == 0
    assert len(versions(filled)) == 4


def test_a_saved_rule_is_kept_for_its_folder_alone_and_never_applied_by_itself(
    filled: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled("retention", "--keep", "2", "--save")
    rule = {"event": "rule", "projects": "*", "keep": 2, "prereleases": None}
    assert filled("retention", "--rules") == (0, [rule])
    (tmp_path / "other").mkdir()
    assert filled("retention", "--rules", folder=tmp_path / "other") == (0, [])
    assert len(versions(filled)) == 4
    assert filled("retention")[1][-1]["files"] == 2
    assert filled("retention", "--forget", "*") == (0, [])
    assert filled("retention", "--forget", "*")[0] == 1
    assert filled("retention") == (0, [])
    assert "No rule is kept" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--keep", "0"), ("--save",)])
def test_a_rule_that_says_nothing_is_wrong_usage(filled: Command, words: tuple[str, ...]) -> None:
    assert filled("retention", *words)[0] == 2


def test_a_backup_comes_back_by_two_commands(filled: Command, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.zst"
    code, (line,) = filled("backup", str(file))
    assert (code, line["event"], line["files"]) == (0, "backup", 4)
    code, (line,) = filled("restore-backup", str(file), folder=tmp_path / "new")
    assert (code, line["event"], line["folder"], line["files"]) == (
        0,
        "restored-backup",
        str(tmp_path / "new"),
        4,
    )
    before, after = filled("list", "acme")[1], filled("list", "acme", folder=tmp_path / "new")[1]
    assert [{**line, "path": ""} for line in after] == [{**line, "path": ""} for line in before]


def test_a_backup_restored_beside_its_own_folder_gets_a_name_of_its_own(
    command: Command, environ: dict[str, str], tmp_path: Path
) -> None:
    own = find_locations(environ).default_folder
    command("add", str(write_wheel(tmp_path)), folder=own)
    command("backup", str(tmp_path / "b.tar"), folder=own)
    line = command("restore-backup", str(tmp_path / "b.tar"), folder=tmp_path / "new")[1][-1]
    assert line["name"] == f"{own.name} (2)"
    names = [each["name"] for each in command("repositories", folder=own)[1]]
    assert sorted(names) == [own.name, f"{own.name} (2)"]


def test_restoring_over_something_fails_with_one_sentence(
    filled: Command, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled("backup", str(tmp_path / "b.tar"))
    capsys.readouterr()
    assert filled("restore-backup", str(tmp_path / "b.tar")) == (3, [])
    assert capsys.readouterr().err.count("\n") == 1
    assert len(versions(filled)) == 4
    assert filled("restore-backup", str(tmp_path / "missing.tar"), folder=tmp_path / "new") == (3, [])
    assert filled("backup", str(tmp_path / "b.tar")) == (3, [])
    assert filled("backup", str(tmp_path / "no" / "b.tar")) == (3, [])


def test_a_backup_with_the_authority_says_what_that_means(
    filled: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert filled("backup", "--with-authority", str(tmp_path / "early.tar"))[0] == 3
    filled("trust", "show")
    capsys.readouterr()
    file = tmp_path / "b.tar"
    assert filled("backup", "--with-authority", str(file))[0] == 0
    assert "whoever has this file" in capsys.readouterr().err
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_folders_are_remembered_chosen_and_forgotten_by_name(filled: Command, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert filled("repositories", "remember", str(other), "--name", "Team")[0] == 0
    assert filled("repositories", "remember", str(tmp_path / "third"), "--name", "Team")[0] == 1
    assert "Team" in {line["name"] for line in filled("repositories")[1]}
    assert filled("repositories", "choose", "Team")[1][0]["folder"] == str(other)
    assert filled("repositories", "forget", "Tean")[0] == 1
    assert filled("repositories", "forget", "Team")[0] == 0
    assert filled("repositories", "forget")[0] == 2


def test_settings_are_shown_set_and_suggested(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("settings", "set", "trash_days", "180")[1] == [
        {"event": "setting", "name": "trash_days", "value": 180, "default": 90}
    ]
    assert command("settings", "set", "announce", "off")[1][0]["value"] is False
    assert {line["name"]: line["value"] for line in command("settings")[1]}["trash_days"] == 180
    for words in (
        ("trash_day", "1"),
        ("trash_days", "many"),
        ("port", "0"),
        ("announce", "perhaps"),
        ("ports", "1"),
    ):
        assert command("settings", "set", *words) == (2, [])
    errors = capsys.readouterr().err
    assert "Did you mean trash_days" in errors
    assert "Port must be between" in errors
    assert "cheeseboard serve --port N" in errors
    assert command("settings", "set", "port") == (2, [])


def test_a_python_that_cannot_build_is_not_set(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("settings", "set", "build_python", "no-such-python") == (2, [])
    assert "no-such-python can't build" in capsys.readouterr().err
    assert command("settings", "set", "build_python", sys.executable)[0] == 0
    assert command("settings", "set", "build_python", "")[1][0]["value"] == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the entry is the system's, not the home's")
def test_starting_at_login_is_switched_on_and_off_as_in_the_window(
    command: Command, environ: dict[str, str], own_home: Path
) -> None:
    window = Autostart(environ)
    assert command("autostart")[1] == [{"event": "autostart", "enabled": False, "place": window.place}]
    assert command("autostart", "on")[1][0]["enabled"] is True
    assert Autostart(environ).enabled
    assert command("autostart", "status")[1][0]["enabled"] is True
    assert command("autostart", "off")[1][0]["enabled"] is False
    assert not Autostart(environ).enabled
    assert Path(window.place).is_relative_to(own_home)
    assert not Path(window.place).exists()


def test_a_list_says_where_a_file_is(filled: Command) -> None:
    for line in filled("list", "acme")[1]:
        assert Path(line["path"]).name == line["file"]
        assert Path(line["path"]).is_file()


def test_activity_and_downloads_are_told(filled: Command) -> None:
    filled("yank", "acme==1.0")
    acts = filled("activity", "--limit", "1")[1]
    assert [(line["act"], line["file"]) for line in acts] == [("yanked", "acme-1.0-py3-none-any.whl")]
    assert [line["downloads"] for line in filled("downloads", "acme")[1]] == [0, 0, 0, 0]
    assert filled("downloads", "acne")[1][0]["suggestions"] == ["acme"]


class Terminal(io.StringIO):
    """Says that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for stream, wanted, seen in (
        (Terminal(), True, True),
        (io.StringIO(), True, False),
        (Terminal(), False, False),
    ):
        with shown("Checking", wanted=wanted, stream=stream) as tell:
            tell(Progress(1, 2, 10, 20, Path("acme.whl")))
        assert ("Checking" in stream.getvalue()) is seen


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    with shown("Checking", stream=stream) as tell:
        tell(Progress(1, 2, 10, 20))
    assert "\x1b[3" not in stream.getvalue()


def test_nothing_of_rich_is_imported_when_nobody_watches(filled: Command, folder: Path) -> None:
    code = (
        "import sys; from cheeseboard.__main__ import main; main(['check', '--folder', sys.argv[1]]);"
        "sys.exit(any(m.split('.')[0] == 'rich' for m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Read 4 files" in done.stdout


def test_a_list_on_a_terminal_is_a_table_and_a_summary_cannot_steer_it(environ: dict[str, str]) -> None:
    from cheeseboard.cli.tables import print_table

    out = Terminal()
    print_table(out, ("Project", ""), [("acme", "\x1b[2J[red]x")])
    assert "[red]x" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_a_check_well(filled: Command, folder: Path) -> None:
    """The first Ctrl-C lets it report how far it came."""
    code = """
import os, signal, sys
from cheeseboard.repository import check
from cheeseboard.__main__ import main
look = check._look
sent = [os.getpid()]
def slowly(*arguments):
    if sent:
        os.kill(sent.pop(), signal.SIGINT)
    while not arguments[-1]():
        pass
    return look(*arguments)
check._look = slowly
sys.exit(main(["check", "--json", "--folder", sys.argv[1]]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (3, "Stopped before the end.\n")
    assert json.loads(done.stdout)["complete"] is False
