"""The join line and a colleague's uv: a named index that costs nothing while our server is off."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.builders import build_wheel
from tests.clients.colleague import Colleague, serving_beside
from tests.clients.index import Index

from cheeseboard.clients.join import JoinScript, join_line, make_join_script
from cheeseboard.tls.authority import Authority

MINE = (
    b'# mine\r\noffline = false\r\n\r\n[[index]]\r\nname = "company"\r\n'
    b'url = "https://a.example/simple"\r\n\r\n[pip]\r\nstrict = true'
)
BROKEN = b"[[index]\n"


@pytest.fixture(scope="session")
def script(authority: Authority) -> JoinScript:
    return make_join_script(name="wheels", ca_pem=authority.certificate_pem, ca_sha256=authority.sha256)


@pytest.fixture
def board(authority: Authority, script: JoinScript) -> Iterator[Index]:
    """Serve an index with the script beside it."""
    with serving_beside({"/join.py": script.content, "/health": b"{}"}, authority) as index:
        yield index


@pytest.fixture(scope="session")
def no_pip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python without pip: then uv is asked alone, and fast."""
    environment = tmp_path_factory.mktemp("no-pip") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    return environment / "bin" / "python"


@pytest.fixture
def colleague(tmp_path: Path) -> Colleague:
    programs = tmp_path / "programs"
    programs.mkdir()
    found = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    assert found, "the tests need a uv"
    (programs / "uv").symlink_to(found)
    for name in ("sh", "env"):
        (programs / name).symlink_to(str(shutil.which(name)))
    return Colleague(tmp_path / "colleague", str(programs))


@pytest.fixture
def join(
    board: Index, script: JoinScript, colleague: Colleague, no_pip: Path
) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Return a function that pastes the line where there is a uv and no pip."""

    def paste(words: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        return colleague.paste(f"{join_line(board.url, script, python=str(no_pip))} {words}", **variables)

    return paste


Join = Callable[..., "subprocess.CompletedProcess[str]"]


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def lock(colleague: Colleague, place: Path, requirement: str, words: str = "", **variables: str) -> str:
    """Let uv resolve something beside a local stand-in for the public index."""
    (place / "empty").mkdir(exist_ok=True)
    (place / "other").mkdir(exist_ok=True)
    (place / "other" / "other-1.0-py3-none-any.whl").write_bytes(build_wheel("other", "1.0"))
    (place / "requirements.in").write_text(f"{requirement}\n")
    line = (
        f"uv pip compile -q --no-cache --no-deps --no-header -p {sys.executable} {words} "
        f"--default-index {(place / 'empty').as_uri()} --find-links {place / 'other'} "
        f"{place / 'requirements.in'}"
    )
    done = colleague.paste(line, UV_HTTP_RETRIES="0", **variables)
    return done.stdout + done.stderr


def test_one_paste_lets_uv_add_from_here_and_undo_leaves_no_trace(
    join: Join, colleague: Colleague, tmp_path: Path
) -> None:
    joined = join()
    assert joined.returncode == 0, joined.stdout + joined.stderr
    assert "Proven: uv reached it over verified HTTPS." in joined.stdout
    shown = re.search(r"uv add (--index \S+) PACKAGE", joined.stdout)
    line = re.search(r"export SSL_CERT_FILE=(\S+)", joined.stdout)
    assert shown, joined.stdout
    assert line, joined.stdout
    variables = {"SSL_CERT_FILE": line[1], "UV_CREDENTIALS_DIR": str(tmp_path)}
    assert "acme-core==1.0" in lock(colleague, tmp_path, "acme-core", shown[1], **variables)
    assert join("--undo").returncode == 0
    assert colleague.trace() == []


def test_a_server_that_is_off_costs_a_colleagues_uv_nothing(
    join: Join, colleague: Colleague, board: Index, tmp_path: Path
) -> None:
    join()
    text = colleague.uv_toml.read_text()
    assert "explicit = true" in text
    colleague.uv_toml.write_text(text.replace(f":{board.port}/", ":1/"))
    assert "other==1.0" in lock(colleague, tmp_path, "other")
    colleague.uv_toml.write_text(text.replace(f":{board.port}/", ":1/").replace("explicit = true\n", ""))
    assert "Failed to fetch" in lock(colleague, tmp_path, "other"), "the trap that explicit avoids is gone"


def test_who_wants_it_is_asked_here_always(join: Join, colleague: Colleague, tmp_path: Path) -> None:
    joined = join("--uv-always")
    line = re.search(r"export SSL_CERT_FILE=(\S+)", joined.stdout)
    assert line, joined.stdout + joined.stderr
    assert "acme-core==1.0" in lock(colleague, tmp_path, "acme-core", SSL_CERT_FILE=line[1])


def test_all_else_in_the_file_stays_and_comes_back_to_the_byte(join: Join, colleague: Colleague) -> None:
    write(colleague.uv_toml, MINE)
    join()
    assert colleague.uv_toml.read_bytes().startswith(MINE)
    assert join("--undo").returncode == 0
    assert colleague.uv_toml.read_bytes() == MINE


def test_what_was_edited_since_is_kept(join: Join, colleague: Colleague, board: Index) -> None:
    write(colleague.uv_toml, MINE)
    join()
    edited = (
        colleague.uv_toml.read_bytes().replace(b"# mine", b"# still mine")
        + b'\r\n[[index]]\r\nurl = "https://b.example/"\r\n'
    )
    colleague.uv_toml.write_bytes(edited)
    assert join("--undo").returncode == 0
    text = colleague.uv_toml.read_text()
    assert ("# still mine" in text, "b.example" in text, board.url in text) == (True, True, False)


def test_pasting_it_again_changes_nothing(join: Join, colleague: Colleague) -> None:
    join()
    once = colleague.uv_toml.read_bytes()
    assert "(as it is)" in join().stdout
    assert colleague.uv_toml.read_bytes() == once


def test_a_line_for_another_address_takes_the_old_ones_place(
    join: Join, colleague: Colleague, board: Index, script: JoinScript, no_pip: Path
) -> None:
    write(colleague.uv_toml, MINE)
    join()
    moved = join_line(board.url.replace("127.0.0.1", "localhost"), script, python=str(no_pip))
    assert colleague.paste(moved).returncode == 0
    text = colleague.uv_toml.read_text()
    assert (text.count("localhost"), text.count("127.0.0.1")) == (2, 0)
    assert colleague.paste(moved + " --undo").returncode == 0
    assert colleague.uv_toml.read_bytes() == MINE


def test_an_index_of_our_name_is_left_and_ours_gets_another(join: Join, colleague: Colleague) -> None:
    write(colleague.uv_toml, b'[[index]]\nname = "cheeseboard"\nurl = "https://a.example/simple"\n')
    joined = join()
    assert "--index cheeseboard-2=" in joined.stdout, joined.stderr
    assert 'name = "cheeseboard"\nurl = "https://a.example/simple"' in colleague.uv_toml.read_text()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BROKEN, "uv does not accept"),
        (b"\xff", "not UTF-8"),
        (b'index = [{ url = "https://a.example/simple" }]\n', "uv does not accept"),
        (b"no-such-setting = 1\n", "unknown field"),
    ],
)
def test_what_the_real_uv_would_refuse_is_never_written(
    join: Join, colleague: Colleague, content: bytes, reason: str
) -> None:
    write(colleague.uv_toml, content)
    joined = join()
    assert joined.returncode == 1
    assert "Nothing was written." in joined.stderr
    assert reason in joined.stderr
    assert colleague.uv_toml.read_bytes() == content
    assert [path.name for path in colleague.trace()] == [".config", "uv", "uv.toml"]


def test_a_read_only_file_is_left_alone(join: Join, colleague: Colleague) -> None:
    write(colleague.uv_toml, MINE)
    colleague.uv_toml.chmod(0o444)
    joined = join()
    assert (joined.returncode, "it is read-only" in joined.stderr) == (1, True)
    assert colleague.uv_toml.read_bytes() == MINE
    assert [path.name for path in colleague.trace()] == [".config", "uv", "uv.toml"]


def test_a_linked_dotfile_stays_a_link(join: Join, colleague: Colleague, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").write_bytes(MINE)
    colleague.uv_toml.parent.mkdir(parents=True)
    colleague.uv_toml.symlink_to(tmp_path / "dotfiles")
    join()
    assert colleague.uv_toml.is_symlink()
    assert (tmp_path / "dotfiles").read_bytes().startswith(MINE)
    join("--undo")
    assert (colleague.uv_toml.is_symlink(), (tmp_path / "dotfiles").read_bytes()) == (True, MINE)


def test_certificates_that_were_named_before_stay_trusted(
    join: Join, colleague: Colleague, tmp_path: Path
) -> None:
    import certifi

    first = certifi.contents().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    (tmp_path / "company.pem").write_text(first)
    joined = join(SSL_CERT_FILE=str(tmp_path / "company.pem"))
    line = re.search(r"export SSL_CERT_FILE=(\S+)", joined.stdout)
    assert line, joined.stdout + joined.stderr
    assert Path(line[1]).read_text().count("BEGIN CERTIFICATE") == 2


@pytest.mark.parametrize("variable", ["UV_CONFIG_FILE", "UV_NO_CONFIG"])
def test_a_variable_that_hides_the_file_is_named(
    join: Join, colleague: Colleague, tmp_path: Path, variable: str
) -> None:
    (tmp_path / "other.toml").write_text("")
    value = str(tmp_path / "other.toml") if variable == "UV_CONFIG_FILE" else "1"
    assert f"{variable} is set, so uv does not read" in join(**{variable: value}).stdout


def test_an_old_uv_is_left_alone_and_said(join: Join, colleague: Colleague) -> None:
    program = Path(colleague.variables["PATH"]) / "uv"
    program.unlink()
    program.write_text("#!/bin/sh\necho uv 0.4.9\n")
    program.chmod(0o755)
    joined = join()
    assert (joined.returncode, colleague.trace()) == (1, [])
    assert "too old (0.4.9)" in joined.stderr


def test_a_uv_that_cannot_be_changed_costs_pip_nothing(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    write(colleague.uv_toml, BROKEN)
    joined = colleague.paste(join_line(board.url, script, python=sys.executable))
    assert joined.returncode == 0, joined.stderr
    assert "uv is left as it is." in joined.stderr
    assert "Proven: pip reached it" in joined.stdout
    assert board.url in colleague.pip_conf.read_text()
    assert colleague.uv_toml.read_bytes() == BROKEN


def test_pip_and_uv_are_told_and_undone_together(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    line = join_line(board.url, script, python=sys.executable)
    joined = colleague.paste(line)
    assert joined.stdout.count("Proven:") == 2, joined.stdout + joined.stderr
    assert (colleague.pip_conf.exists(), colleague.uv_toml.exists()) == (True, True)
    assert colleague.paste(line + " --undo").returncode == 0
    assert colleague.trace() == []


def test_one_file_that_cannot_be_written_keeps_all_as_they_were(
    board: Index, script: JoinScript, colleague: Colleague
) -> None:
    write(colleague.uv_toml, MINE)
    colleague.uv_toml.chmod(0o444)
    joined = colleague.paste(join_line(board.url, script, python=sys.executable))
    assert (joined.returncode, "Nothing was written." in joined.stderr) == (1, True)
    assert not colleague.pip_conf.exists()
    assert [path.name for path in colleague.trace()] == [".config", "uv", "uv.toml"]


@pytest.mark.parametrize("kilobytes", [16, 64, 300])
def test_a_disk_that_is_full_keeps_all_as_it_was(
    board: Index,
    script: JoinScript,
    colleague: Colleague,
    need_tool: Callable[[str], str],
    kilobytes: int,
) -> None:
    need_tool("unshare")
    script_file = colleague.home.parent / "full.sh"
    script_file.write_text(
        f"PATH=$PATH:/usr/bin:/bin\nmount -t tmpfs -o size={kilobytes}k tmpfs $HOME\ncd $HOME\n"
        "mkdir -p .config/uv\necho mine=1 | sed s/^/#/ > .config/uv/uv.toml\n"
        f"{join_line(board.url, script, python=sys.executable)}\necho status=$?\n"
        "find . -not -path './.cache*' | sort\ncat .config/uv/uv.toml\n"
    )
    # A real file system without room, in a mount namespace of its own.
    done = colleague.paste(f"/usr/bin/unshare --map-root-user --mount sh {script_file}")
    assert "Nothing was written." in done.stderr, done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    said = done.stdout[done.stdout.index("status=") :].splitlines()
    assert said == ["status=1", ".", "./.config", "./.config/uv", "./.config/uv/uv.toml", "#mine=1"]
