"""While nobody serves, our entries are out of the way; they come back with the server, whatever happened."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cheeseboard.clients.installers import Installers
from cheeseboard.clients.ledger import Ledger
from cheeseboard.clients.plan import ClientState, Mode, Scope
from cheeseboard.errors import ClientConfigError
from cheeseboard.tls.authority import Authority

URL = "https://localhost:8443/simple/"
BEFORE = b"# mine\r\n[global]\r\ntimeout = 20\r\n"

Use = Callable[..., bytes]


@pytest.fixture(autouse=True)
def no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no pip be found: what becomes of files need not wait for it."""
    monkeypatch.setattr("cheeseboard.clients.pip._candidates", lambda environ: [])


@pytest.fixture
def installers(tmp_path: Path, environ: dict[str, str]) -> Installers:
    return Installers(tmp_path / "clients", environ)


@pytest.fixture
def use(installers: Installers, authority: Authority, pip_conf: Path) -> Use:
    """Return a function that configures pip and returns the file's bytes afterwards."""

    def run(before: bytes | None = BEFORE, mode: Mode = Mode.EXTRA, owner: str = "packages") -> bytes:
        if before is not None:
            pip_conf.parent.mkdir(parents=True)
            pip_conf.write_bytes(before)
        ca = authority.certificate_pem
        installers.apply(installers.plan("pip", url=URL, ca_pem=ca, mode=mode, scope=Scope.USER, owner=owner))
        return pip_conf.read_bytes()

    return run


def state(installers: Installers) -> ClientState:
    return next(state for state in installers.states() if state.tool == "pip")


def test_entries_leave_byte_for_byte_and_come_back(use: Use, installers: Installers, pip_conf: Path) -> None:
    after = use()
    assert installers.pause(URL)
    assert pip_conf.read_bytes() == BEFORE
    assert (state(installers).mode, state(installers).paused) == (Mode.EXTRA, True)
    assert installers.resume(URL)
    assert pip_conf.read_bytes() == after
    assert not state(installers).paused


def test_doing_it_twice_changes_nothing(use: Use, installers: Installers) -> None:
    use()
    installers.pause(URL)
    assert not installers.pause(URL)
    installers.resume(URL)
    assert not installers.resume(URL)


def test_a_file_that_is_ours_alone_goes_and_comes(use: Use, installers: Installers, pip_conf: Path) -> None:
    after = use(None)
    installers.pause(URL)
    assert not pip_conf.parent.exists()
    installers.resume(URL)
    assert pip_conf.read_bytes() == after


def test_what_the_user_writes_meanwhile_stays(use: Use, installers: Installers, pip_conf: Path) -> None:
    use()
    installers.pause(URL)
    edited = BEFORE + b"extra-index-url = https://a.example/simple\r\n"
    pip_conf.write_bytes(edited)
    installers.resume(URL)
    assert edited.rstrip() in pip_conf.read_bytes()
    assert URL.encode() in pip_conf.read_bytes()
    (undone,) = installers.undo("pip")
    assert (undone.exact, pip_conf.read_bytes()) == (True, edited)


def test_undo_works_while_paused(use: Use, installers: Installers, pip_conf: Path) -> None:
    use()
    installers.pause(URL)
    (undone,) = installers.undo("pip")
    assert (undone.exact, pip_conf.read_bytes()) == (True, BEFORE)
    assert not installers.resume(URL)


def test_using_it_again_while_paused_ends_the_pause(use: Use, installers: Installers, pip_conf: Path) -> None:
    after = use()
    installers.pause(URL)
    pip_conf.unlink()
    pip_conf.parent.rmdir()
    assert use() == after
    assert not state(installers).paused


def test_mode_only_is_not_paused_lest_private_names_be_asked_for_elsewhere(
    use: Use, installers: Installers, pip_conf: Path
) -> None:
    after = use(mode=Mode.ONLY)
    assert not installers.pause(URL)
    assert pip_conf.read_bytes() == after


def test_what_another_repository_wrote_is_left_alone(
    use: Use, installers: Installers, pip_conf: Path
) -> None:
    after = use()
    assert not installers.pause("https://localhost:8444/simple/")
    assert pip_conf.read_bytes() == after


def test_what_the_user_took_out_does_not_come_back(use: Use, installers: Installers, pip_conf: Path) -> None:
    use()
    pip_conf.write_bytes(BEFORE)
    installers.pause(URL)
    installers.resume(URL)
    assert pip_conf.read_bytes() == BEFORE


@pytest.mark.parametrize("written", [True, False])
def test_a_crash_in_the_middle_is_set_right_by_the_next_start(
    use: Use, installers: Installers, pip_conf: Path, tmp_path: Path, written: bool
) -> None:
    after = use()
    ledger = Ledger(tmp_path / "clients")
    ledger.write([replace(record, paused=True) for record in ledger.read()])
    if not written:
        pip_conf.write_bytes(BEFORE)
    installers.resume(URL)
    assert pip_conf.read_bytes() == after
    (undone,) = installers.undo("pip")
    assert (undone.exact, pip_conf.read_bytes()) == (True, BEFORE)


def test_a_file_that_cannot_be_written_is_said_and_stays_whole(
    use: Use, installers: Installers, pip_conf: Path
) -> None:
    after = use()
    pip_conf.chmod(0o444)
    with pytest.raises(ClientConfigError, match="read-only"):
        installers.pause(URL)
    assert pip_conf.read_bytes() == after
    pip_conf.chmod(0o644)
    installers.resume(URL)
    assert pip_conf.read_bytes() == after


@pytest.mark.skipif(os.name == "nt", reason="symlinks need a privilege there")
def test_a_linked_dotfile_stays_a_link(
    use: Use, installers: Installers, pip_conf: Path, tmp_path: Path
) -> None:
    (tmp_path / "dotfiles").write_bytes(BEFORE)
    pip_conf.parent.mkdir(parents=True)
    pip_conf.symlink_to(tmp_path / "dotfiles")
    after = use(None)
    installers.pause(URL)
    assert (tmp_path / "dotfiles").read_bytes() == BEFORE
    installers.resume(URL)
    assert pip_conf.is_symlink()
    assert (tmp_path / "dotfiles").read_bytes() == after


# --- another address ---------------------------------------------------------------------------------

MOVED = "https://localhost:9000/simple/"


@pytest.mark.parametrize("mode", [Mode.EXTRA, Mode.ONLY])
def test_entries_follow_their_folder_to_another_port(
    use: Use, installers: Installers, pip_conf: Path, mode: Mode
) -> None:
    after = use(mode=mode)
    assert installers.follow("packages", MOVED)
    assert pip_conf.read_bytes() == after.replace(URL.encode(), MOVED.encode())
    assert state(installers).url == MOVED
    (undone,) = installers.undo("pip")
    assert (undone.exact, pip_conf.read_bytes()) == (True, BEFORE)


def test_entries_that_were_paused_return_at_the_new_port(
    use: Use, installers: Installers, pip_conf: Path
) -> None:
    after = use()
    installers.pause(URL)
    assert installers.follow("packages", MOVED)
    assert pip_conf.read_bytes() == after.replace(URL.encode(), MOVED.encode())
    assert not installers.resume(MOVED)


def test_what_was_edited_since_follows_too(use: Use, installers: Installers, pip_conf: Path) -> None:
    use()
    pip_conf.write_bytes(pip_conf.read_bytes() + b"retries = 1\r\n")
    installers.follow("packages", MOVED)
    text = pip_conf.read_text()
    assert (text.count(URL), text.count(MOVED), "retries = 1" in text) == (0, 1, True)


@pytest.mark.parametrize("owner", ["another folder", ""])
def test_another_folders_entries_do_not_follow(
    use: Use, installers: Installers, pip_conf: Path, owner: str
) -> None:
    after = use()
    assert not installers.follow(owner, MOVED)
    assert pip_conf.read_bytes() == after


def test_at_the_same_address_nothing_is_done(use: Use, installers: Installers) -> None:
    use()
    assert not installers.follow("packages", URL.rstrip("/"))


def test_what_the_user_took_out_does_not_follow(use: Use, installers: Installers, pip_conf: Path) -> None:
    use()
    pip_conf.write_bytes(BEFORE)
    assert not installers.follow("packages", MOVED)
    assert pip_conf.read_bytes() == BEFORE


def test_only_what_a_pause_would_take_out_is_waited_for(use: Use, installers: Installers) -> None:
    use()
    assert installers.addresses() == (URL,)
    installers.pause(URL)
    assert installers.addresses() == ()
    use(None, mode=Mode.ONLY)
    assert installers.addresses() == ()
