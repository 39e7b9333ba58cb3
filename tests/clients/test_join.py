"""The join line, pasted into a real shell, with real Pythons and pips, against a real TLS server."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.clients.colleague import Colleague, serving_beside
from tests.clients.index import Index

from cheeseboard.clients.join import JoinScript, join_line, make_join_script
from cheeseboard.tls.authority import Authority, open_authority

BEFORE = b"# mine\n[global]\ntimeout = 20\n"
NAME = 'Ada\'s "packages" {x} \\'


def every_python() -> list[str]:
    """Return the Pythons of this machine that the script is for, the oldest first; at least our own."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = [
        (int(match[1]), str(path))
        for path in root.glob("versions/3.*/bin/python")
        if (match := re.search(r"/3\.(\d+)", str(path))) and int(match[1]) >= 8
    ]
    return [path for _, path in sorted(found)] or [sys.executable]


# Before a test gives itself another home.
PYTHONS = every_python()


@pytest.fixture(scope="session")
def script(authority: Authority) -> JoinScript:
    return make_join_script(name=NAME, ca_pem=authority.certificate_pem, ca_sha256=authority.sha256)


@pytest.fixture
def board(authority: Authority, script: JoinScript) -> Iterator[Index]:
    """Serve an index with the script beside it."""
    with serving_beside({"/join.py": script.content, "/health": b"{}"}, authority) as index:
        yield index


@pytest.fixture
def colleague(tmp_path: Path) -> Colleague:
    place = Path(sys.executable).parent
    return Colleague(tmp_path / "colleague", f"{place}:/usr/bin:/bin")


def line_for(board: Index, script: JoinScript) -> str:
    return join_line(board.url, script, python=f"{sys.executable}")


def test_one_paste_lets_pip_install_and_undo_leaves_no_trace(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    joined = colleague.paste(line_for(board, script))
    assert joined.returncode == 0, joined.stdout + joined.stderr
    assert "Proven" in joined.stdout
    assert f"+extra-index-url = {board.url}" in joined.stdout
    install = f"pip download --no-deps -q --no-cache-dir --index-url {board.url} acme-core==1.0 -d got"
    fetched = colleague.paste(install)
    assert fetched.returncode == 0, fetched.stderr
    shutil.rmtree(colleague.home / "got")
    undone = colleague.paste(line_for(board, script) + " --undo")
    assert undone.returncode == 0, undone.stderr
    assert colleague.trace() == []


def test_the_copy_that_stays_undoes_without_the_server(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    colleague.pip_conf.parent.mkdir(parents=True)
    colleague.pip_conf.write_bytes(BEFORE)
    joined = colleague.paste(line_for(board, script))
    undo = re.search(r"Undo it with: (.*)", joined.stdout)
    assert undo, joined.stdout + joined.stderr
    assert colleague.pip_conf.read_bytes() != BEFORE
    assert colleague.paste(undo[1]).returncode == 0
    assert colleague.pip_conf.read_bytes() == BEFORE
    assert [path.name for path in colleague.trace()] == [".config", "pip", "pip.conf"]


def test_a_home_with_blanks_and_accents_is_one_home(
    board: Index, script: JoinScript, colleague: Colleague, tmp_path: Path
) -> None:
    other = Colleague(tmp_path / "Ada Lovelace é", colleague.variables["PATH"])
    joined = other.paste(line_for(board, script))
    assert "Proven" in joined.stdout, joined.stdout + joined.stderr
    undo = re.search(r"Undo it with: (.*)", joined.stdout)
    assert undo
    assert other.paste(undo[1]).returncode == 0
    assert other.trace() == []


def test_joining_twice_and_undoing_once_brings_the_first_bytes_back(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    colleague.pip_conf.parent.mkdir(parents=True)
    colleague.pip_conf.write_bytes(BEFORE)
    line = line_for(board, script)
    assert colleague.paste(line).returncode == 0
    again = colleague.paste(line)
    assert "(as it is)" in again.stdout
    assert colleague.paste(line + " --undo").returncode == 0
    assert colleague.pip_conf.read_bytes() == BEFORE
    nothing = colleague.paste(line + " --undo")
    assert (nothing.returncode, "nothing to undo" in nothing.stderr) == (1, True)


def test_lists_of_the_whole_computer_are_kept_beside_ours(
    board: Index, script: JoinScript, colleague: Colleague, tmp_path: Path
) -> None:
    (tmp_path / "xdg" / "pip").mkdir(parents=True)
    (tmp_path / "xdg" / "pip" / "pip.conf").write_text(
        f"[global]\nextra-index-url = {board.url.replace('/simple/', '/company/')}\n"
    )
    joined = colleague.paste(line_for(board, script), XDG_CONFIG_DIRS=str(tmp_path / "xdg"))
    assert joined.returncode == 0, joined.stderr
    assert colleague.pip_conf.read_text().count("127.0.0.1") == 2


def test_what_was_edited_since_is_kept(board: Index, script: JoinScript, colleague: Colleague) -> None:
    colleague.paste(line_for(board, script))
    with colleague.pip_conf.open("a") as file:
        file.write("timeout = 7\n")
    assert colleague.paste(line_for(board, script) + " --undo").returncode == 0
    assert "timeout = 7" in colleague.pip_conf.read_text()
    assert board.url not in colleague.pip_conf.read_text()


def test_a_dry_run_shows_and_writes_nothing(board: Index, script: JoinScript, colleague: Colleague) -> None:
    shown = colleague.paste(line_for(board, script) + " --dry-run")
    assert (shown.returncode, colleague.trace()) == (0, [])
    assert board.url in shown.stdout


# --- refused -----------------------------------------------------------------------------------------


def refused(answer: "subprocess.CompletedProcess[str]", colleague: Colleague, reason: str) -> None:
    assert answer.returncode == 1, answer.stdout
    assert "Nothing was written." in answer.stderr
    assert reason in answer.stderr
    assert "Traceback" not in answer.stderr
    assert colleague.trace() == []


def test_a_swapped_script_is_refused(board: Index, script: JoinScript, colleague: Colleague) -> None:
    board.pages["/join.py"] = script.content.replace(b"timeout", b"t1meout", 1)
    refused(colleague.paste(line_for(board, script)), colleague, "not the one that this line was made for")


def test_a_script_with_another_authority_is_refused_when_the_server_cannot_prove_it(
    board: Index, colleague: Colleague, tmp_path: Path
) -> None:
    other = open_authority(tmp_path / "other", now=datetime.now(UTC), host_names=[])
    swapped = make_join_script(name=NAME, ca_pem=other.certificate_pem, ca_sha256=other.sha256)
    board.pages["/join.py"] = swapped.content
    refused(colleague.paste(line_for(board, swapped)), colleague, "not the one that this script came from")


def test_a_stopped_server_is_said(script: JoinScript, colleague: Colleague) -> None:
    refused(colleague.paste(line_for(Index(port=1), script)), colleague, "refused")


def test_an_old_pip_is_said(board: Index, script: JoinScript, colleague: Colleague, tmp_path: Path) -> None:
    package = tmp_path / "old" / "pip"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("print('pip 9.0.3 from /x (python 3.8)')\n")
    answer = colleague.paste(line_for(board, script), PYTHONPATH=str(package.parent))
    refused(answer, colleague, "pip 9.0 is too old")


def test_a_configuration_that_pip_refuses_is_left_alone(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    colleague.pip_conf.parent.mkdir(parents=True)
    colleague.pip_conf.write_bytes(b"[global\n")
    answer = colleague.paste(line_for(board, script))
    assert answer.returncode == 1
    assert "pip can't read its own configuration" in answer.stderr
    assert colleague.pip_conf.read_bytes() == b"[global\n"


def test_a_file_that_may_not_be_written_is_left_alone(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    colleague.pip_conf.parent.mkdir(parents=True)
    colleague.pip_conf.write_bytes(BEFORE)
    colleague.pip_conf.chmod(0o444)
    before = colleague.trace()
    answer = colleague.paste(line_for(board, script))
    assert answer.returncode == 1
    assert "it is read-only" in answer.stderr
    assert (colleague.pip_conf.read_bytes(), colleague.trace()) == (BEFORE, before)


def test_an_environment_in_the_way_is_named(
    board: Index, script: JoinScript, colleague: Colleague, tmp_path: Path
) -> None:
    import certifi

    answer = colleague.paste(line_for(board, script), REQUESTS_CA_BUNDLE=certifi.where())
    assert answer.returncode == 0
    assert "REQUESTS_CA_BUNDLE" in answer.stderr


# --- the line and the script themselves --------------------------------------------------------------


def test_the_script_is_the_same_whatever_the_address_and_known_by_its_hash(
    script: JoinScript, authority: Authority
) -> None:
    again = make_join_script(name=NAME, ca_pem=authority.certificate_pem, ca_sha256=authority.sha256)
    assert again == script
    assert len(script.content) < 1_000_000


def test_its_parts_share_no_name(script: JoinScript) -> None:
    names: Counter[str] = Counter()
    for node in ast.parse(script.content).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names[node.name] += 1
        targets = node.targets if isinstance(node, ast.Assign) else []
        names.update(target.id for target in targets if isinstance(target, ast.Name))
    assert [name for name, count in names.items() if count > 1] == []


def test_it_names_nothing_of_ours(script: JoinScript) -> None:
    assert "cheeseboard.clients" not in script.content.decode()


def test_it_needs_nothing_but_the_standard_library(script: JoinScript) -> None:
    imported = {
        alias.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(script.content))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


@pytest.mark.full
@pytest.mark.parametrize("python", PYTHONS)
def test_every_python_joins_and_undoes(
    board: Index, script: JoinScript, colleague: Colleague, python: str
) -> None:
    line = join_line(board.url.replace("127.0.0.1", "localhost"), script, python=python)
    joined = colleague.paste(line)
    assert joined.returncode == 0, joined.stdout + joined.stderr
    assert "Proven" in joined.stdout, joined.stderr
    assert colleague.paste(line + " --undo").returncode == 0
    assert [path for path in colleague.trace() if "cache" not in str(path)] == []


def test_the_oldest_python_here_can_read_it(script: JoinScript, tmp_path: Path, colleague: Colleague) -> None:
    python = PYTHONS[0]
    (tmp_path / "join.py").write_bytes(script.content)
    answer = colleague.paste(f"{python} {tmp_path / 'join.py'} --undo")
    assert (answer.returncode, "nothing to undo" in answer.stderr) == (1, True), answer.stderr


def test_a_name_cannot_become_code(authority: Authority) -> None:
    wicked = '\'"""\n);raise SystemExit(9)#\\'
    made = make_join_script(name=wicked, ca_pem=authority.certificate_pem, ca_sha256=authority.sha256)
    namespace: dict[str, object] = {"__name__": "builtins"}
    exec(compile(made.content, "join.py", "exec"), namespace)
    facts = namespace["FACTS"]
    assert isinstance(facts, dict)
    assert facts["name"] == wicked
