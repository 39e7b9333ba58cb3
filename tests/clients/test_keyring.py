"""The owner's token in a real keyring: pip, uv and twine find it, no file holds it, undo takes it out."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.clients.conftest import Run

from cheeseboard import wording
from cheeseboard.clients import keyring
from cheeseboard.clients.plan import CautionReason, KeyringEntry, Mode, Plan, SecretPlace, TokenFate
from cheeseboard.clients.proof import Cause
from cheeseboard.errors import ClientConfigError
from cheeseboard.server.access.tokens import Reading, TokenScope
from cheeseboard.service import Service

Passwords = Callable[[], dict[str, dict[str, str]]]


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return tmp_path / "vault.json"


@pytest.fixture
def variables(
    environ: dict[str, str], tools: Path, tmp_path: Path, vault: Path, own_home: Path
) -> dict[str, str]:
    """Return the environment of somebody who has a keyring, and its command, as uv or pipx install it."""
    beside = Path(sys.executable).with_name("keyring")
    found = str(beside) if beside.exists() else shutil.which("keyring")
    if found is None:
        pytest.skip("keyring is not installed")
    place = tmp_path / "programs"
    place.mkdir()
    (place / "keyring").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{tmp_path}/asked"\nexec "{found}" "$@"\n'
    )
    (place / "keyring").chmod(0o755)
    (place / "python3").symlink_to(sys.executable)  # uv resolves for one
    return {
        **environ,
        "SSL_CERT_FILE": str(own_home / "cheeseboard" / "state" / "authority" / "authority.pem"),
        "PATH": os.pathsep.join((environ["PATH"], str(tools), str(place))),
        "PYTHONPATH": str(Path(__file__).parent),
        "PYTHON_KEYRING_BACKEND": "file_keyring.Keyring",
        "FILE_KEYRING": str(vault),
    }


@pytest.fixture
def passwords(vault: Path) -> Passwords:
    return lambda: json.loads(vault.read_text()) if vault.exists() else {}


def use(
    service: Service, tool: str, mode: Mode = Mode.EXTRA, place: SecretPlace | None = SecretPlace.KEYRING
) -> Plan:
    plan = service.clients.plan_use(tool, mode=mode, secret_place=place)
    service.clients.apply(plan)
    return plan


def holding(secret: str, *places: Path) -> list[Path]:
    """Return the files that hold a secret, but the vault, which is the keyring, and the owner's own store."""
    files = [
        path for place in places for path in place.rglob("*") if path.is_file() and not path.is_symlink()
    ]
    found = [path for path in files if secret.encode() in path.read_bytes()]
    return [path for path in found if path.name not in {"vault.json", "owner.json"}]


def reading_url(service: Service) -> str:
    return service.sharing.place.url


def upload_url(service: Service) -> str:
    return service.sharing.place.upload_url


# --- for real ----------------------------------------------------------------------------------------


def test_pip_installs_from_a_private_repository_with_the_token_in_the_keyring_alone(
    service: Service, run: Run, passwords: Passwords, own_home: Path, tmp_path: Path, pip_conf: Path
) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, "pip", Mode.ONLY)
    secret = service.access.owner_secret(TokenScope.READ)
    assert passwords() == {reading_url(service): {"__token__": secret}}
    assert "keyring-provider = subprocess" in pip_conf.read_text()
    assert not (own_home / ".netrc").exists()
    command = (
        "pip",
        "install",
        "-v",
        "--no-input",
        "--no-cache-dir",
        "--no-deps",
        "--target",
        str(tmp_path / "t"),
    )
    done = run(*command, "acme-core")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "t" / "acme_core-1.0.dist-info").exists()
    assert service.clients.prove("pip")[0].cause is None
    assert secret not in (tmp_path / "asked").read_text()
    service.clients.unuse("pip")
    assert passwords() == {}
    assert not pip_conf.exists()


def test_uv_installs_from_a_private_repository_with_the_token_in_the_keyring_alone(
    service: Service, run: Run, passwords: Passwords, own_home: Path, tmp_path: Path
) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, "uv", Mode.ONLY)
    assert not (own_home / ".netrc").exists()
    command = ("uv", "pip", "install", "--no-cache", "-p", sys.executable, "--target", str(tmp_path / "t"))
    done = run(*command, "acme-core")
    assert done.returncode == 0, done.stderr
    settings = own_home / ".config" / "uv" / "uv.toml"
    settings.write_text(settings.read_text() + "# mine\n")
    service.clients.unuse("uv")
    assert settings.read_text().strip() == "# mine"
    assert passwords() == {}


@pytest.mark.parametrize("mode", [Mode.EXTRA, Mode.ONLY])
@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_the_proof_goes_by_the_keyring_and_says_so_when_the_token_is_gone(
    service: Service, vault: Path, tool: str, mode: Mode
) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, tool, mode)
    for proof in service.clients.prove(tool):
        assert proof.cause is None, proof.transcript
    vault.unlink()
    assert {proof.cause for proof in service.clients.prove(tool)} == {Cause.NOT_AUTHORIZED}


def test_twine_publishes_with_the_token_in_its_own_keyring_and_no_more_after_undo(
    service: Service, run: Run, passwords: Passwords, own_home: Path, tmp_path: Path
) -> None:
    wheel = write_wheel(tmp_path, "acme-tool", "1.0")
    command = ("twine", "upload", "--non-interactive", "-r", "cheeseboard", str(wheel))
    plan = use(service, "twine")
    secret = service.access.owner_secret(TokenScope.PUBLISH)
    assert passwords() == {upload_url(service): {"__token__": secret}}
    assert plan.keyring is not None
    assert Path(plan.keyring.program).parent == Path(sys.executable).parent
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert holding(secret, own_home, tmp_path) == []
    (undone,) = service.clients.unuse("twine")
    assert undone.token is TokenFate.GONE
    assert passwords() == {}
    assert run(*command).returncode != 0


# --- what is shown, remembered and undone ------------------------------------------------------------


def test_a_plan_names_the_keyring_shows_no_token_and_writes_nothing(
    service: Service, passwords: Passwords
) -> None:
    plan = service.clients.plan_use("twine", secret_place=SecretPlace.KEYRING)
    secret = service.access.owner_secret(TokenScope.PUBLISH)
    assert plan.keyring is not None
    assert plan.keyring.line == f"__token__ at {upload_url(service)}: ********"
    assert secret not in repr(plan) + "".join(change.diff for change in plan.changes)
    assert any(caution.reason is CautionReason.CREDENTIAL_IN_KEYRING for caution in plan.cautions)
    assert passwords() == {}


def test_the_record_of_it_holds_no_token(service: Service, own_home: Path) -> None:
    use(service, "twine")
    (ledger,) = own_home.rglob("ledger.json")
    assert service.access.owner_secret(TokenScope.PUBLISH) not in ledger.read_text()


def test_where_the_token_was_put_it_stays_when_nothing_else_is_said(
    service: Service, passwords: Passwords, own_home: Path
) -> None:
    use(service, "twine")
    assert service.clients.plan_use("twine").changes == ()
    service.access.revoke("owner")
    use(service, "twine", place=None)
    new = service.access.owner_secret(TokenScope.PUBLISH)
    assert passwords() == {upload_url(service): {"__token__": new}}
    assert holding(new, own_home) == []


def test_a_token_moves_from_file_to_keyring_and_back(
    service: Service, passwords: Passwords, own_home: Path
) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, "pip", place=None)
    secret = service.access.owner_secret(TokenScope.READ)
    assert secret in (own_home / ".netrc").read_text()
    use(service, "pip")
    assert not (own_home / ".netrc").exists()
    use(service, "pip", place=SecretPlace.FILE)
    assert passwords() == {}
    assert secret in (own_home / ".netrc").read_text()


def test_pip_and_uv_share_a_token_which_leaves_with_the_last_of_them(
    service: Service, passwords: Passwords
) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, "pip")
    use(service, "uv")
    assert service.clients.unuse("pip")[0].token is TokenFate.NEEDED
    assert passwords() != {}
    assert service.clients.unuse("uv")[0].token is TokenFate.GONE
    assert passwords() == {}


def test_a_token_follows_the_repository_to_its_new_port(
    service: Service, passwords: Passwords, own_home: Path
) -> None:
    use(service, "twine")
    former = upload_url(service)
    service.sharing.stop_serving()
    service.sharing.serve(lan=False, port=0)
    assert upload_url(service) != former
    secret = service.access.owner_secret(TokenScope.PUBLISH)
    assert passwords() == {upload_url(service): {"__token__": secret}}
    assert upload_url(service) in (own_home / ".pypirc").read_text()


def test_another_password_in_the_keyring_is_left_alone(service: Service, vault: Path, own_home: Path) -> None:
    theirs = json.dumps({upload_url(service): {"__token__": "mine"}})
    vault.write_text(theirs)
    with pytest.raises(ClientConfigError, match="another password"):
        use(service, "twine")
    assert vault.read_text() == theirs
    assert not (own_home / ".pypirc").exists()


def test_a_password_that_took_our_tokens_place_is_left_by_undo(service: Service, vault: Path) -> None:
    use(service, "twine")
    vault.write_text(json.dumps({upload_url(service): {"__token__": "mine"}}))
    (undone,) = service.clients.unuse("twine")
    assert undone.token is TokenFate.CHANGED
    assert "mine" in vault.read_text()


def test_when_the_tool_refuses_its_file_the_keyring_is_as_it_was(
    service: Service, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cheeseboard.clients.twine.check", lambda *_: "No.")
    with pytest.raises(ClientConfigError, match="did not accept"):
        use(service, "twine")
    assert passwords() == {}


# --- where there is none -----------------------------------------------------------------------------


@pytest.fixture
def entry(variables: dict[str, str]) -> KeyringEntry:
    program = shutil.which("keyring", path=variables["PATH"])
    assert program
    return KeyringEntry(program, "https://localhost/simple/", "__token__", "s3cret")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"FILE_KEYRING_LOCKED": "1"}, "Failed to unlock"),
        ({"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}, "No recommended backend"),
        ({"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}, "not what it was given"),
    ],
)
def test_a_keyring_that_does_not_work_is_named_with_its_reason(
    entry: KeyringEntry, variables: dict[str, str], more: dict[str, str], says: str
) -> None:
    with pytest.raises(ClientConfigError, match=says) as raised:
        keyring.put_in(entry, "twine", {**variables, **more})
    assert "--secret file" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_no_command_line_holds_the_token(
    entry: KeyringEntry, variables: dict[str, str], tmp_path: Path
) -> None:
    keyring.put_in(entry, "twine", variables)
    assert keyring.look_up(entry, "twine", variables) == "s3cret"
    assert keyring.take_out(entry, variables)
    assert keyring.look_up(entry, "twine", variables) is None
    asked = (tmp_path / "asked").read_text()
    assert asked.count("__token__") == 5
    assert "s3cret" not in asked


def test_without_the_command_nothing_is_changed_and_the_sentence_says_how_to_get_it(
    service: Service, tmp_path: Path, pip_conf: Path
) -> None:
    service.access.set_reading(Reading.TOKEN)
    (tmp_path / "programs" / "keyring").unlink()
    with pytest.raises(ClientConfigError, match="uv tool install keyring"):
        use(service, "pip")
    assert not pip_conf.exists()


def test_a_tool_with_a_store_of_its_own_says_so(service: Service) -> None:
    with pytest.raises(ClientConfigError, match="store of its own"):
        use(service, "uv-publish")


def test_who_asks_where_a_token_can_be_kept_is_told_of_the_keyring_where_the_tool_looks_there(
    service: Service,
) -> None:
    assert SecretPlace.KEYRING in service.clients.secret_places("pip")
    assert service.clients.secret_places("uv-publish") == (SecretPlace.FILE,)
    assert not service.clients.plan_use("pip").token
    service.access.set_reading(Reading.TOKEN)
    assert service.clients.plan_use("pip").token


def test_a_repository_that_anybody_reads_has_no_token_to_keep(service: Service) -> None:
    with pytest.raises(ClientConfigError, match="needs no token"):
        use(service, "pip")


def test_each_fate_of_a_token_is_told(entry: KeyringEntry) -> None:
    for fate in TokenFate:
        assert entry.service in wording.token_fate(fate, replace(entry, secret=""))
