"""Help teaches, and what scripts rely on stands in one place."""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel

from cheeseboard import cli
from cheeseboard.cli.parsing import COMMANDS, LESSONS, parse

ROOT = Path(__file__).resolve().parents[2]
Command = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_teaches_a_paragraph_two_examples_and_its_json(name: str) -> None:
    lesson = LESSONS[name]
    assert len(lesson.about) > 60
    assert not re.search(r"\w- \w|  ", lesson.about), "words that a line's end took apart"
    assert len(lesson.examples) >= 2
    assert lesson.events


@pytest.mark.parametrize("name", sorted(LESSONS))
def test_each_example_is_a_line_that_is_understood(name: str) -> None:
    for example in LESSONS[name].examples:
        words = shlex.split(re.split(r" >+ ", example.line)[0])
        if name != "help":
            assert parse(words).command == name


def test_help_of_a_command_is_its_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            parse(words)
        assert ended.value.code == 0
        return capsys.readouterr().out

    assert printed("help", "yank") == printed("yank", "--help")
    assert "examples:" in printed("help", "yank")
    assert "retention" in printed("help") == printed("--help")
    assert "would-remove: file project" in printed("help", "json")


@pytest.mark.parametrize("words", [["help", "yanc"], ["yanc", "acme"]])
def test_a_mistyped_command_gets_a_suggestion(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 2
    assert "Did you mean yank" in capsys.readouterr().err


def test_a_file_named_like_a_command_nearly_is_still_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "yanc").touch()
    assert parse(["yanc"]).files == ("yanc",)


def test_what_commands_print_as_json_is_what_the_manual_says(command: Command, tmp_path: Path) -> None:
    wheel = str(write_wheel(tmp_path, "acme", "1.0"))
    source = tmp_path / "source"
    source.mkdir()
    write_wheel(source, "other")
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "pyproject.toml").write_text("not = [toml")
    words = [
        ["add", wheel],
        ["add", wheel],
        ["add", str(tmp_path / "none.whl")],
        ["list"],
        ["list", "acme"],
        ["show", "acme"],
        ["why", "acme"],
        ["why", "acne"],
        ["yank", "acme"],
        ["yank", "acne"],
        ["unyank", "acme"],
        ["status", "acme", "deprecated"],
        ["remove", "acme"],
        ["trash"],
        ["restore", "acme"],
        ["remove", "acme"],
        ["undo"],
        ["undo"],
        ["trash", "empty", "--yes"],
        ["activity"],
        ["add", wheel],
        ["downloads", "acme"],
        ["repositories"],
        ["repositories", "remember", str(tmp_path / "x")],
        ["repositories", "choose", str(tmp_path / "x")],
        ["repositories", "forget", str(tmp_path / "x")],
        ["check"],
        ["retention", "--keep", "1"],
        ["retention", "--keep", "1", "--save"],
        ["retention", "--rules"],
        ["backup", str(tmp_path / "b.tar")],
        ["import", str(source)],
        ["settings"],
        ["autostart"],
        ["trust", "show"],
        ["trust", "export", str(tmp_path / "ca.pem")],
        ["token", "create", "ci"],
        ["token", "list"],
        ["token", "reading"],
        ["token", "revoke", "none"],
        ["trust", "bundle", str(tmp_path / "all.pem")],
        ["trust", "install", "--store", "none"],
        ["completion", "bash"],
        ["undo", "--redo"],
        ["build", str(tree), "--yes"],
        ["use", "pip", "--dry-run"],
        ["use", "pip"],
        ["use", "pip"],
        ["use", "poetry"],
        ["prove", "pip"],
        ["unuse", "pip"],
        ["join-line"],
        ["address"],
        ["neighbours", "--seconds", "0"],
        ["doctor", "--bundle", str(tmp_path / "report.txt")],
    ]
    elsewhere = ["restore-backup", str(tmp_path / "b.tar")]
    # Serving prints its one line when it is ready, and then waits: see end_to_end.
    assert {line[0] for line in [*words, elsewhere]} == COMMANDS.keys() - {"serve"}
    seen = 0
    for line in [*words, elsewhere]:
        where = {"folder": tmp_path / "restored"} if line is elsewhere else {}
        for printed in command(*line, **where)[1]:
            documented = LESSONS[line[0]].events
            assert printed["event"] in documented, (line, printed)
            keys = set(printed) - {"event"}
            told = set(re.findall(r"\w+", documented[printed["event"]]))
            assert keys <= told, (line, keys - told)
            seen += 1
    assert seen >= len(words) - 8  # some have nothing to tell here, and say so to people alone


def test_the_man_page_is_up_to_date() -> None:
    page = ROOT / "packaging/linux/cheeseboard.1"
    made = subprocess.run(
        [sys.executable, str(ROOT / "packaging/linux/make-man-page.py")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "37"},
    )
    assert page.read_text("utf-8") == made.stdout, "run: make man"


def test_the_man_page_is_well_formed_and_readable(need_tool: Callable[[str], str]) -> None:
    page = ROOT / "packaging/linux/cheeseboard.1"
    checked = subprocess.run(
        [need_tool("mandoc"), "-T", "lint", "-W", "warning", str(page)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, "")
    shown = subprocess.run(
        [need_tool("man"), "-l", str(page)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MANWIDTH": "100", "PAGER": "cat", "LC_ALL": "C.UTF-8"},
    ).stdout
    text = re.sub(r".\x08", "", shown)
    for name in COMMANDS:
        assert re.search(rf"^ +cheeseboard {re.escape(name)}\b", text, re.MULTILINE), name


# --- the Tab key ------------------------------------------------------------------------------------


def subcommands(parser: argparse.ArgumentParser) -> set[str]:
    (action,) = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    return set(action.choices)


def test_every_command_is_in_the_parser_that_completion_and_man_page_read() -> None:
    assert subcommands(cli.command_parser()) == {*COMMANDS, "help"}


def output_of(command: list[str], environ: dict[str, str]) -> str:
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def typed(
    tmp_path: Path, own_home: Path, command: Command, folder: Path, need_tool: Callable[[str], str]
) -> Callable[..., str]:
    """Return a function that types a line into a real shell, presses Tab, and gives what the shell offers."""
    command(
        "add", str(write_wheel(tmp_path, "acme-core", "1.0")), str(write_wheel(tmp_path, "acme-core", "2.0"))
    )
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "cheeseboard").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cheeseboard "$@"\n')
    (programs / "cheeseboard").chmod(0o755)
    variables = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def ask(shell: str, line: str) -> str:
        script = tmp_path / f"completion.{shell}"
        if not script.exists():
            script.write_text(output_of([str(programs / "cheeseboard"), "completion", shell], variables))
        done = subprocess.run(
            [need_tool(shell), *_ASK[shell], str(script), line],
            env=variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ask


# Each shell's own way to complete without a keyboard; $1 is our script, $2 the line.
_BASH = r"""
source "$1"; COMP_LINE=$2; COMP_POINT=${#2}; COMP_TYPE=9; COMP_KEY=9
read -ra COMP_WORDS <<< "$2"; [[ $2 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
found=$(complete -p cheeseboard | sed 's/.*-F \([^ ]*\).*/\1/')
$found cheeseboard "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
_FISH = 'source $argv[1]; complete --do-complete "$argv[2]"'
_ASK = {"bash": ["--norc", "-c", _BASH, "bash"], "fish": ["--no-config", "-c", _FISH]}


@pytest.mark.skipif(os.name == "nt", reason="shells")
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_a_real_shell_completes_commands_options_and_names(
    typed: Callable[..., str], folder: Path, shell: str
) -> None:
    for before, offered in (
        ("restore-b", "restore-backup"),
        ("retention --kee", "--keep"),
        (f"yank --folder {folder} acme", "acme-core"),
        (f"status --folder {folder} acme-core dep", "deprecated"),
        ("settings show trash_d", "trash_days"),
    ):
        assert offered in typed(shell, f"cheeseboard {before}").split(), before


@pytest.mark.skipif(os.name == "nt", reason="shells")
def test_a_real_zsh_completes(
    typed: Callable[..., str], tmp_path: Path, need_tool: Callable[[str], str]
) -> None:
    """A zsh in a pseudo terminal, as zsh completes nowhere else: it types the rest of the word."""
    zsh = need_tool("zsh")
    script = tmp_path / "completion.zsh"
    env = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    script.write_text(output_of([str(tmp_path / "bin/cheeseboard"), "completion", "zsh"], env))
    driver = f"""
zmodload zsh/zpty
zpty shell {shutil.which("zsh")} -f -i
zpty -w shell 'autoload -Uz compinit; compinit -u -d {tmp_path}/dump; source {script}; PS1=READY'
zpty -w -n shell $'cheeseboard restore-b\\t'
repeat 600; do
  zpty -r -t shell piece && all+=$piece && [[ $all == *restore-backup* ]] && break
  sleep 0.05
done
print -rn -- $all
"""
    done = subprocess.run(
        [zsh, "-f", "-c", driver], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert "restore-backup" in done.stdout
