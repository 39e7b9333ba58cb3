"""What the window can do with files, a command can: yank, status, remove, restore, undo."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_sdist, write_wheel

Command = Callable[..., tuple[int, list[dict[str, Any]]]]
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def filled(command: Command, tmp_path: Path) -> Command:
    paths = [
        write_wheel(tmp_path, "acme-core", "1.0"),
        write_wheel(tmp_path, "acme-core", "1.1"),
        write_sdist(tmp_path, "acme-core", "1.1"),
        write_wheel(tmp_path, "acme-web", "2.0"),
    ]
    assert command("add", *map(str, paths))[0] == 0
    return command


def files(lines: list[dict[str, Any]]) -> list[str]:
    return sorted(line["file"] for line in lines)


def listed(command: Command) -> dict[str, int]:
    return {line["project"]: line["files"] for line in command("list")[1]}


def test_a_release_is_yanked_with_a_reason_and_taken_back(filled: Command) -> None:
    code, lines = filled("yank", "Acme_Core==1.1.0", "--reason", "bad")
    assert code == 0
    assert files(lines) == ["acme_core-1.1-py3-none-any.whl", "acme_core-1.1.tar.gz"]
    yanked = [line for line in filled("list", "acme-core")[1] if line["yanked"]]
    assert [line["yanked_reason"] for line in yanked] == ["bad", "bad"]
    assert filled("unyank", "acme_core-1.1.tar.gz")[0] == 0
    assert files([line for line in filled("list", "acme-core")[1] if line["yanked"]]) == [
        "acme_core-1.1-py3-none-any.whl"
    ]


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [
        ("acme-cor", "acme-core"),
        ("acme-core==1.2", "acme-core==1.1"),
        ("acme_core-1.0-py3-none-anyy.whl", "acme_core-1.0-py3-none-any.whl"),
    ],
)
def test_an_unknown_name_gets_a_suggestion_and_the_others_are_done(
    filled: Command, word: str, suggestion: str
) -> None:
    code, lines = filled("remove", word, "acme-web")
    assert code == 1
    unknown, removed = lines
    assert (unknown["event"], unknown["name"]) == ("unknown", word)
    assert suggestion in unknown["suggestions"]
    assert (removed["event"], removed["project"]) == ("removed", "acme-web")


def test_people_read_the_suggestion_on_stderr(
    filled: Command, say: Say, capsys: pytest.CaptureFixture[str]
) -> None:
    assert say("yank", "acme-wep") == (1, "")
    assert "Did you mean acme-web" in capsys.readouterr().err


def test_a_status_is_set_and_shown_with_its_reason(filled: Command) -> None:
    filled("status", "acme-web", "deprecated", "--reason", "use acme-core")
    code, (line,) = filled("status", "Acme.Web")
    assert (code, line["status"], line["reason"]) == (0, "deprecated", "use acme-core")
    assert filled("status", "acme-wob")[0] == 1


def test_what_is_removed_comes_back_by_name_or_number(filled: Command, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.glob("acme-*/*")}
    assert filled("remove", "acme-core==1.1", "acme-web")[0] == 0
    assert listed(filled) == {"acme-core": 1}
    code, lines = filled("restore", "acme-core==1.1")
    assert (code, {line["event"] for line in lines}) == (0, {"restored"})
    (row,) = filled("trash")[1]
    assert filled("restore", str(row["id"]))[0] == 0
    assert {path.name: path.read_bytes() for path in folder.glob("acme-*/*")} == before


def test_restoring_what_is_not_in_the_trash_suggests_what_is(filled: Command) -> None:
    filled("remove", "acme-web")
    code, (line,) = filled("restore", "acme-wep")
    assert (code, line["suggestions"]) == (1, ["acme-web"])
    assert "the trash of" in line["message"]


def test_undo_takes_a_whole_add_back_says_so_and_names_the_way_back(
    filled: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert filled("undo")[0] == 0
    assert listed(filled) == {}
    assert "Undone: 4 files added. `cheeseboard undo --redo`" in capsys.readouterr().err


def test_what_is_undone_is_not_undone_again_but_done_again_when_asked(
    filled: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    filled("undo")
    capsys.readouterr()
    assert filled("undo") == (1, [])
    assert "undone already" in capsys.readouterr().err
    assert listed(filled) == {}
    code, lines = filled("undo", "--redo")
    assert (code, len(lines)) == (0, 4)
    assert "Done again: 4 files added." in capsys.readouterr().err
    assert listed(filled) == {"acme-core": 3, "acme-web": 1}
    assert filled("undo", "--redo") == (1, [])
    assert filled("undo")[0] == 0
    assert listed(filled) == {}


def test_a_removal_is_undone_and_done_again(filled: Command, capsys: pytest.CaptureFixture[str]) -> None:
    filled("remove", "acme-web")
    filled("undo")
    assert "Undone: 1 file removed." in capsys.readouterr().err
    filled("undo", "--redo")
    assert "Done again: 1 file removed." in capsys.readouterr().err
    assert listed(filled) == {"acme-core": 3}


def test_a_new_command_has_an_undo_of_its_own(filled: Command) -> None:
    filled("undo")
    filled("undo", "--redo")
    filled("remove", "acme-web")
    assert filled("undo")[0] == 0
    assert listed(filled) == {"acme-core": 3, "acme-web": 1}


def test_undo_brings_back_just_what_the_last_command_removed(filled: Command) -> None:
    filled("remove", "acme-web")
    filled("remove", "acme-core")
    filled("undo")
    assert listed(filled) == {"acme-core": 3}


def test_undo_says_so_when_there_is_nothing_to_undo(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    assert command("undo") == (1, [])
    assert "No command has added or removed" in capsys.readouterr().err


def test_undo_in_one_folder_does_not_touch_another(filled: Command, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert filled("undo", folder=tmp_path / "other")[0] == 1
    assert listed(filled) == {"acme-core": 3, "acme-web": 1}


def test_undo_leaves_alone_what_was_replaced_since(filled: Command, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    new = write_wheel(other, "acme-web", "2.0", modules={"acme_web.py": b"x = 2"})
    filled("remove", "acme-web")
    filled("add", str(new))
    filled("remove", "acme-core==1.0")
    filled("undo")
    assert listed(filled) == {"acme-core": 3, "acme-web": 1}


def test_the_trash_is_emptied_only_when_it_is_meant(
    filled: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    filled("remove", "acme-web")
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert filled("trash", "empty") == (2, [])
    assert "--yes" in capsys.readouterr().err
    assert filled("trash", "empty", "--yes") == (0, [{"event": "emptied", "files": 1}])
    assert filled("trash") == (0, [])


def test_a_conflicting_file_replaces_the_old_one_when_asked_and_that_is_in_the_trash(
    filled: Command, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    new = str(write_wheel(other, "acme-web", "2.0", modules={"acme_web.py": b"x = 2"}))
    assert filled("add", new)[0] == 1
    code, (line,) = filled("add", "--replace", new)
    assert (code, line["event"]) == (0, "added")
    assert files(filled("trash")[1]) == ["acme_web-2.0-py3-none-any.whl"]
    sha256 = filled("list", "acme-web")[1][0]["sha256"]
    code, lines = filled("undo")
    assert (code, [line["event"] for line in lines]) == (0, ["removed", "restored"])
    assert filled("list", "acme-web")[1][0]["sha256"] != sha256
    code, lines = filled("undo", "--redo")
    assert (code, [line["event"] for line in lines]) == (0, ["removed", "restored"])
    assert filled("list", "acme-web")[1][0]["sha256"] == sha256
    assert filled("undo")[0] == 0
    assert filled("list", "acme-web")[1][0]["sha256"] != sha256


def test_what_is_not_offered_is_listed_with_the_reason(filled: Command, folder: Path) -> None:
    import os

    path = folder / "broken-1.0-py3-none-any.whl"
    path.write_bytes(b"<html>")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    code, (line,) = filled("list", "--refused")
    assert (code, line["reason"]) == (0, "not-an-archive")


def test_a_reason_cannot_steer_the_terminal(filled: Command, say: Say) -> None:
    _, text = say("yank", "acme-web", "--reason", "\x1b[2Jbad")
    assert "\x1b" not in text
