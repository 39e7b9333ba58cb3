"""Where tokens of the user's own are kept: 0600, masked when shown, and gone again after undo."""

import configparser
import netrc
import os
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheeseboard.clients.installers import Installers
from cheeseboard.clients.ledger import Ledger
from cheeseboard.clients.netrc_text import UnusableNetrc, known_secret, with_machine, without_line
from cheeseboard.clients.plan import CautionReason, FileChange, Mode, Plan, Scope, mask
from cheeseboard.errors import ClientConfigError
from cheeseboard.tls.authority import Authority

URL = "https://localhost:8443/simple/"
SECRET = "cheeseboard-" + "0aZ" * 16 + "9"
OTHER = "cheeseboard-" + "1bY" * 16 + "8"
LINE = f"machine localhost login __token__ password {SECRET}"


class User:
    """Somebody whose installers are told of us."""

    def __init__(self, installers: Installers, home: Path, ca_pem: bytes) -> None:
        self.installers = installers
        self.home = home
        self._ca_pem = ca_pem

    @property
    def netrc(self) -> Path:
        return self.home / ".netrc"

    @property
    def pypirc(self) -> Path:
        return self.home / ".pypirc"

    @property
    def credentials(self) -> Path:
        return self.home / ".local" / "share" / "uv" / "credentials" / "credentials.toml"

    def plan(self, tool: str, secret: str = SECRET, url: str = URL) -> Plan:
        return self.installers.plan(
            tool,
            url=url,
            ca_pem=self._ca_pem,
            mode=Mode.EXTRA,
            scope=Scope.USER,
            owner="folder",
            secret=secret,
        )

    def use(self, tool: str, secret: str = SECRET, url: str = URL) -> Plan:
        plan = self.plan(tool, secret, url)
        self.installers.apply(plan)
        return plan


@pytest.fixture
def user(tmp_path: Path, own_home: Path, environ: dict[str, str], authority: Authority) -> User:
    beside = Path(sys.executable).with_name("uv")
    place = tmp_path / "bin"
    place.mkdir()
    (place / "uv").symlink_to(beside if beside.exists() else str(shutil.which("uv")))
    path = os.pathsep.join((environ["PATH"], str(place)))
    installers = Installers(tmp_path / "clients", {**environ, "PATH": path})
    return User(installers, own_home, authority.certificate_pem)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def mask_of(plan: Plan) -> str:
    return "\n".join(change.diff for change in plan.changes) + repr(plan)


# --- netrc, as text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# mine\n",
        "machine a.example login me password x",
        "machine a.example\n\tlogin me\n\tpassword x\n",
        "default login me password x\n",
        "machine a.example login me password x\nmacdef init\ncd /pub\nget a\n\n",
        "machine a.example login me password x\r\n",
        "machine a.example login me password p\u00e4ss\n",
    ],
)
def test_our_line_is_found_in_any_netrc_and_all_else_stays(text: str) -> None:
    with_ours = with_machine(text, "localhost", "__token__", SECRET)
    assert known_secret(with_ours, "localhost") == ("__token__", SECRET)
    assert known_secret(with_ours, "a.example") == known_secret(text, "a.example")
    assert with_ours.endswith(text)
    assert without_line(with_ours, LINE) == text
    assert with_machine(with_ours, "localhost", "__token__", SECRET) == with_ours


@given(st.text(alphabet="machinedefaultloginpassword \n\t#.\"'", max_size=80))
def test_no_netrc_is_damaged(text: str) -> None:
    try:
        with_ours = with_machine(text, "localhost", "__token__", SECRET)
    except UnusableNetrc:
        return
    assert without_line(with_ours, LINE) == text


def test_another_password_for_our_host_is_left_alone() -> None:
    with pytest.raises(UnusableNetrc, match="another password"):
        with_machine("machine localhost login me password x\n", "localhost", "__token__", SECRET)


def test_a_netrc_that_installers_cannot_read_is_left_alone() -> None:
    with pytest.raises(UnusableNetrc, match="can't be read"):
        with_machine("machin a.example\n", "localhost", "__token__", SECRET)


@pytest.mark.parametrize("text", ["machine h login me password correct horse\n", "x" * 100_000])
def test_a_netrc_that_cannot_be_read_is_not_quoted_for_that_may_be_half_a_password(text: str) -> None:
    with pytest.raises(UnusableNetrc) as raised:
        known_secret(text, "h")
    assert "horse" not in str(raised.value)
    assert len(str(raised.value)) < 200


def test_an_entry_that_somebody_wrote_anew_is_not_torn_apart() -> None:
    with pytest.raises(UnusableNetrc, match="by hand"):
        without_line(LINE.replace(" login", "\n login"), LINE)


# --- pip and uv: netrc --------------------------------------------------------------------------------


def test_a_public_repository_needs_no_netrc(user: User) -> None:
    plan = user.use("pip", "")
    assert len(plan.changes) == 1
    assert not user.netrc.exists()


def test_a_private_ones_token_goes_into_netrc_and_never_into_pip_conf(user: User, pip_conf: Path) -> None:
    plan = user.use("pip")
    assert [change.path for change in plan.changes] == [pip_conf, user.netrc]
    assert SECRET not in pip_conf.read_text()
    assert netrc.netrc(str(user.netrc)).authenticators("localhost") == ("__token__", "", SECRET)
    assert mode(user.netrc) == 0o600


def test_the_plan_says_where_the_token_goes_and_who_is_shown_it(user: User) -> None:
    reasons = {caution.reason: caution.detail for caution in user.plan("pip").cautions}
    assert reasons[CautionReason.CREDENTIAL_WRITTEN] == str(user.netrc)
    assert reasons[CautionReason.CREDENTIAL_FOR_HOST] == "localhost"


@pytest.mark.parametrize("tool", ["pip", "uv", "twine", "uv-publish"])
def test_no_plan_shows_the_token(user: User, tool: str) -> None:
    user.netrc.write_text("machine a.example login me password hunter2\n")
    user.pypirc.write_text("[distutils]\nindex-servers = a\n[a]\npassword = hunter2\n")
    shown = mask_of(user.plan(tool))
    assert "hunter2" not in shown
    assert SECRET not in shown
    assert "********" in shown


@pytest.mark.parametrize("tool", ["pip", "uv", "twine", "uv-publish"])
def test_undo_leaves_every_file_as_it_was(user: User, tool: str) -> None:
    user.netrc.write_bytes(b"machine a.example login me password x\r\n# mine")
    user.pypirc.write_bytes(b"# mine\n[distutils]\nindex-servers =\n")
    user.credentials.parent.mkdir(parents=True)
    user.credentials.write_bytes(
        b'# mine\n[[credential]]\nservice = "https://a.example/"\nusername = "a"\n'
        b'scheme = "basic"\npassword = "x"'
    )
    files = (user.netrc, user.pypirc, user.credentials)
    before = [path.read_bytes() for path in files]
    user.use(tool)
    assert [path.read_bytes() for path in files] != before
    assert all(undone.exact for undone in user.installers.undo(tool))
    assert [path.read_bytes() for path in files] == before


@pytest.mark.parametrize("tool", ["pip", "uv", "twine", "uv-publish"])
def test_files_that_we_made_are_gone_after_undo(user: User, tool: str) -> None:
    user.use(tool)
    user.installers.undo(tool)
    assert not any(path.exists() for path in (user.netrc, user.pypirc, user.credentials.parent))


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
@pytest.mark.parametrize("tool", ["pip", "twine", "uv-publish"])
def test_a_file_that_others_could_read_is_closed_to_them(user: User, tool: str) -> None:
    path = {"pip": user.netrc, "twine": user.pypirc, "uv-publish": user.credentials}[tool]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    path.chmod(0o644)
    user.use(tool)
    assert mode(path) == 0o600


def test_netrc_serves_pip_and_uv_and_leaves_with_the_last_of_them(user: User) -> None:
    user.use("pip")
    assert [change.path.name for change in user.use("uv").changes] == ["uv.toml"]
    user.installers.undo("pip")
    assert SECRET in user.netrc.read_text()
    user.installers.undo("uv")
    assert not user.netrc.exists()


def test_a_netrc_that_was_edited_meanwhile_loses_just_our_line(user: User) -> None:
    user.use("pip")
    user.netrc.write_text("machine a.example login me password x\n" + user.netrc.read_text())
    user.installers.undo("pip")
    assert user.netrc.read_text() == "machine a.example login me password x\n"


def test_an_entry_for_our_host_that_is_the_users_keeps_pip_conf_as_it_was(user: User, pip_conf: Path) -> None:
    user.netrc.write_text("machine localhost login me password x\n")
    with pytest.raises(ClientConfigError, match="another password for localhost"):
        user.use("pip")
    assert not pip_conf.exists()
    assert user.netrc.read_text() == "machine localhost login me password x\n"


def test_when_pip_refuses_its_file_the_netrc_is_as_it_was(
    user: User, pip_conf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cheeseboard.clients.pip.check", lambda *_: "No.")
    with pytest.raises(ClientConfigError, match="did not accept"):
        user.use("pip")
    assert not user.netrc.exists()
    assert not pip_conf.exists()
    with pytest.raises(ClientConfigError, match="Nothing to undo"):
        user.installers.undo("pip")


def test_a_new_token_takes_the_old_ones_place(user: User) -> None:
    for tool, path in (("pip", user.netrc), ("twine", user.pypirc), ("uv-publish", user.credentials)):
        user.use(tool)
        user.use(tool, OTHER)
        assert OTHER in path.read_text()
        assert SECRET not in path.read_text()
        user.installers.undo(tool)
        assert not path.exists()


def test_the_variable_that_names_a_netrc_is_followed(
    tmp_path: Path, environ: dict[str, str], own_home: Path, authority: Authority
) -> None:
    named = tmp_path / "elsewhere"
    installers = Installers(tmp_path / "clients", {**environ, "NETRC": str(named)})
    User(installers, own_home, authority.certificate_pem).use("pip")
    assert SECRET in named.read_text()


def test_a_pause_takes_no_token_out(user: User, pip_conf: Path) -> None:
    user.use("pip")
    user.use("twine")
    user.installers.pause(URL)
    assert not pip_conf.exists()
    assert SECRET in user.netrc.read_text()
    assert SECRET in user.pypirc.read_text()


@pytest.mark.parametrize("tool", ["pip", "twine", "uv-publish"])
def test_a_new_port_keeps_the_token(user: User, tool: str) -> None:
    user.use(tool)
    user.installers.follow("folder", "https://localhost:9000/simple/")
    path = {"pip": user.netrc, "twine": user.pypirc, "uv-publish": user.credentials}[tool]
    assert SECRET in path.read_text()
    assert ":8443" not in path.read_text()
    assert mode(path) == 0o600
    user.installers.undo(tool)
    assert not path.exists()


def test_the_record_of_what_was_written_is_the_users_alone_and_shows_no_secret(
    user: User, tmp_path: Path
) -> None:
    user.use("pip")
    ledger = Ledger(tmp_path / "clients")
    assert mode(ledger.path) == 0o600
    assert not any(f"secret={SECRET!r}" in repr(record) for record in ledger.read())


# --- twine --------------------------------------------------------------------------------------------


def test_twine_finds_the_token_in_its_own_file(user: User) -> None:
    user.use("twine")
    parser = configparser.RawConfigParser()
    parser.read(user.pypirc)
    assert dict(parser["cheeseboard"])["password"] == SECRET
    assert dict(parser["cheeseboard"])["username"] == "__token__"


def test_a_section_written_by_hand_gets_the_password_that_it_lacks(user: User) -> None:
    mine = "[distutils]\nindex-servers = cheeseboard\n[cheeseboard]\n"
    mine += "repository = https://localhost:8443/legacy/\nusername = me\n"
    user.pypirc.write_text(mine)
    user.use("twine")
    parser = configparser.RawConfigParser()
    parser.read(user.pypirc)
    assert parser["cheeseboard"]["password"] == SECRET
    user.installers.undo("twine")
    assert user.pypirc.read_text() == mine


def test_a_password_of_the_users_own_is_kept(user: User) -> None:
    user.pypirc.write_text(
        "[distutils]\nindex-servers = cheeseboard\n[cheeseboard]\n"
        "repository = https://localhost:8443/legacy/\nusername = me\npassword = mine\n"
    )
    assert user.plan("twine").changes == ()


# --- uv publish ---------------------------------------------------------------------------------------


def test_uv_publish_gets_the_token_for_the_upload_address_alone(user: User) -> None:
    user.use("uv-publish")
    (entry,) = tomllib.loads(user.credentials.read_text())["credential"]
    assert entry == {
        "service": "https://localhost:8443/legacy/",
        "username": "__token__",
        "scheme": "basic",
        "password": SECRET,
    }


def test_what_uv_itself_wrote_meanwhile_stays(user: User, environ: dict[str, str], tmp_path: Path) -> None:
    user.use("uv-publish")
    login = ["auth", "login", "https://a.example/", "--username", "me", "--password", "x"]
    subprocess.run([str(tmp_path / "bin" / "uv"), *login], env=environ, check=True, capture_output=True)
    user.installers.undo("uv-publish")
    known = tomllib.loads(user.credentials.read_text())["credential"]
    assert [entry["service"] for entry in known] == ["https://a.example/"]


def test_variables_that_beat_the_token_are_named(
    tmp_path: Path, environ: dict[str, str], own_home: Path, authority: Authority
) -> None:
    variables = {"TWINE_PASSWORD": "x", "UV_PUBLISH_TOKEN": "y"}
    installers = Installers(tmp_path / "clients", {**environ, **variables})
    user = User(installers, own_home, authority.certificate_pem)
    for tool, name in (("twine", "TWINE_PASSWORD"), ("uv-publish", "UV_PUBLISH_TOKEN")):
        named = [
            caution.detail
            for caution in user.plan(tool).cautions
            if caution.reason is CautionReason.CREDENTIAL_OVERRIDDEN
        ]
        assert named == [name]


# --- masks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "password = hunter2",
        "Password: hunter2",
        'password = "hunter2"',
        "machine a login b password hunter2",
        "extra-index-url = https://me:hunter2@a.example/simple/",
        "token = hunter2",
        "api_key: hunter2",
    ],
)
def test_a_password_is_masked_wherever_it_stands(line: str) -> None:
    assert "hunter2" not in mask(line)
    change = FileChange(Path(".pypirc"), line.encode(), line.encode() + b"\nmore = 1")
    assert "hunter2" not in change.diff + repr(change)


@pytest.mark.parametrize("line", ["username = __token__", "index-servers = a", "# which token is it"])
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert mask(line) == line
