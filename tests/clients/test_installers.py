"""Plan, apply, remember, undo: with real files and a real pip."""

import ast
import errno
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import certifi
import pytest

from cheeseboard.clients.bundle import certificates_in
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.plan import CautionReason, Mode, Plan, Scope
from cheeseboard.errors import ClientConfigError
from cheeseboard.tls.authority import Authority

URL = "https://127.0.0.1:8443/simple/"
OTHER_URL = "https://127.0.0.1:8444/simple/"
CONF = (
    b"# tuned by hand, keep\r\n[global]\r\ntimeout = 60\r\nextra_index_url = https://a.example/simple\r\n"
    b"   # slow\r\n   https://u:p%40w@b.example/simple\r\n\r\n[install]\r\n; caf\xc3\xa9\r\nno-compile = yes"
)


@pytest.fixture
def installers(tmp_path: Path, environ: dict[str, str]) -> Installers:
    return Installers(tmp_path / "clients", environ)


@pytest.fixture
def use(installers: Installers, authority: Authority) -> Callable[..., Plan]:
    """Return a function that plans and applies."""

    def plan_and_apply(url: str = URL, mode: Mode = Mode.EXTRA, scope: Scope = Scope.USER) -> Plan:
        plan = installers.plan("pip", url=url, ca_pem=authority.certificate_pem, mode=mode, scope=scope)
        installers.apply(plan)
        return plan

    return plan_and_apply


@pytest.fixture
def no_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no pip be found: for tests of what becomes of files, which need not wait for it."""
    monkeypatch.setattr("cheeseboard.clients.pip._candidates", lambda environ: [])


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def pip_lists(environ: dict[str, str]) -> dict[str, str]:
    """Return what the real pip says that its configuration is."""
    output = subprocess.run(
        ["pip", "config", "list"], env=environ, capture_output=True, text=True, check=True
    ).stdout
    pairs = (line.partition("=") for line in output.splitlines())
    return {key: str(ast.literal_eval(value)) for key, _, value in pairs}


def leftovers(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.name.startswith(".pip.conf")]


def test_the_real_pip_sees_our_index_beside_all_that_it_saw_before(
    use: Callable[..., Plan], pip_conf: Path, environ: dict[str, str]
) -> None:
    write(pip_conf, CONF)
    plan = use()
    values = pip_lists(environ)
    assert values["global.extra-index-url"].split() == [
        "https://a.example/simple",
        "https://u:p%40w@b.example/simple",
        URL,
    ]
    assert values["global.timeout"] == "60"
    assert values["install.no-compile"] == "yes"
    assert plan.ca_bundle is not None
    assert values["global.cert"] == str(plan.ca_bundle.path)
    assert plan.tool_label.startswith("pip ")


def test_planning_writes_nothing(
    installers: Installers, authority: Authority, own_home: Path, tmp_path: Path
) -> None:
    before = sorted([*own_home.rglob("*"), *tmp_path.rglob("*")])
    plan = installers.plan(
        "pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.USER
    )
    assert f"+extra-index-url = {URL}" in plan.changes[0].diff
    assert sorted([*own_home.rglob("*"), *tmp_path.rglob("*")]) == before


def test_undo_is_exact_to_the_byte(use: Callable[..., Plan], installers: Installers, pip_conf: Path) -> None:
    write(pip_conf, CONF)
    use()
    (undone,) = installers.undo("pip")
    assert undone.exact
    assert pip_conf.read_bytes() == CONF
    assert not leftovers(pip_conf.parent)


@pytest.mark.usefixtures("no_pip")
def test_undo_removes_the_file_and_the_directories_that_were_made(
    use: Callable[..., Plan], installers: Installers, own_home: Path
) -> None:
    before = sorted(own_home.rglob("*"))
    use()
    (undone,) = installers.undo("pip")
    assert undone.exact
    assert sorted(own_home.rglob("*")) == before


def test_undo_keeps_what_was_edited_since(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path, environ: dict[str, str]
) -> None:
    write(pip_conf, CONF)
    use()
    pip_conf.write_bytes(pip_conf.read_bytes().replace(b"timeout = 60", b"timeout = 61 "))
    assert installers.states()[0].edited
    (undone,) = installers.undo("pip")
    assert not undone.exact
    assert pip_conf.read_bytes() == CONF.replace(b"timeout = 60", b"timeout = 61 ")
    assert pip_lists(environ)["global.timeout"] == "61"


@pytest.mark.usefixtures("no_pip")
def test_undo_twice_says_that_nothing_is_left_to_undo(
    use: Callable[..., Plan], installers: Installers
) -> None:
    use()
    installers.undo("pip")
    with pytest.raises(ClientConfigError, match="Nothing to undo"):
        installers.undo("pip")


@pytest.mark.usefixtures("no_pip")
def test_undo_removes_the_bundle_last(use: Callable[..., Plan], installers: Installers) -> None:
    plan = use()
    assert plan.ca_bundle is not None
    assert plan.ca_bundle.path.exists()
    installers.undo("pip")
    assert not plan.ca_bundle.path.exists()


@pytest.mark.usefixtures("no_pip")
def test_undo_keeps_a_bundle_that_somebody_names_elsewhere(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path
) -> None:
    plan = use()
    assert plan.ca_bundle is not None
    with pip_conf.open("a") as file:
        file.write(f"[install]\ncert = {plan.ca_bundle.path}\n")
    installers.undo("pip")
    assert plan.ca_bundle.path.exists()


@pytest.mark.usefixtures("no_pip")
def test_undo_after_the_file_was_deleted_forgets_it(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path
) -> None:
    write(pip_conf, CONF)
    use()
    pip_conf.unlink()
    (undone,) = installers.undo("pip")
    assert not undone.exact
    assert not pip_conf.exists()


@pytest.mark.usefixtures("no_pip")
def test_undo_leaves_a_file_that_pip_can_no_longer_read(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path
) -> None:
    use()
    broken = pip_conf.read_bytes() + b"[global]\n"
    pip_conf.write_bytes(broken)
    with pytest.raises(ClientConfigError, match="changed outside Cheeseboard"):
        installers.undo("pip")
    assert pip_conf.read_bytes() == broken


def test_a_new_port_replaces_the_old_url(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path, environ: dict[str, str]
) -> None:
    write(pip_conf, CONF)
    use()
    use(OTHER_URL)
    assert URL not in pip_lists(environ)["global.extra-index-url"].split()
    assert OTHER_URL in pip_lists(environ)["global.extra-index-url"].split()
    installers.undo("pip")
    assert pip_conf.read_bytes() == CONF


def test_the_only_mode_replaces_the_index_and_undo_brings_it_back(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path, environ: dict[str, str]
) -> None:
    before = b"[global]\nindex-url = https://a.example/simple\n"
    write(pip_conf, before)
    use()
    use(mode=Mode.ONLY)
    values = pip_lists(environ)
    assert values["global.index-url"] == URL
    assert "global.extra-index-url" not in values
    assert installers.states()[0].mode is Mode.ONLY
    installers.undo("pip")
    assert pip_conf.read_bytes() == before


@pytest.mark.usefixtures("no_pip")
def test_a_second_plan_has_nothing_to_change(use: Callable[..., Plan]) -> None:
    use()
    assert use().changes == ()


@pytest.mark.usefixtures("no_pip")
def test_a_file_changed_since_the_plan_is_left_alone(
    installers: Installers, authority: Authority, pip_conf: Path
) -> None:
    plan = installers.plan(
        "pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.USER
    )
    write(pip_conf, CONF)
    with pytest.raises(ClientConfigError, match="changed since"):
        installers.apply(plan)
    assert pip_conf.read_bytes() == CONF
    assert installers.states()[0].mode is None


def test_what_the_real_pip_refuses_afterwards_is_put_back(
    installers: Installers, authority: Authority, pip_conf: Path
) -> None:
    write(pip_conf, CONF)
    plan = installers.plan(
        "pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.USER
    )
    change = plan.changes[0]
    spoiled = Plan(
        plan.tool,
        plan.mode,
        plan.scope,
        plan.url,
        (type(change)(change.path, change.before, b"[global]\n[global]\n"),),
        ca_bundle=plan.ca_bundle,
        command=plan.command,
    )
    with pytest.raises(ClientConfigError, match=r"did not accept .*already exists"):
        installers.apply(spoiled)
    assert pip_conf.read_bytes() == CONF
    assert installers.states()[0].files == ()
    assert plan.ca_bundle is not None
    assert not plan.ca_bundle.path.exists()


@pytest.mark.usefixtures("no_pip")
def test_a_process_killed_between_record_and_file_leaves_nothing_to_mend(
    installers: Installers, authority: Authority, pip_conf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pip_conf, CONF)
    plan = installers.plan(
        "pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.USER
    )

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cheeseboard.clients.applying._write", die)
    with pytest.raises(KeyboardInterrupt):
        installers.apply(plan)
    assert (installers.states()[0].mode, installers.states()[0].edited) == (None, False)
    assert installers.undo("pip")[0].exact
    assert pip_conf.read_bytes() == CONF


@pytest.mark.usefixtures("no_pip")
def test_a_bundle_for_the_command_line_holds_the_public_authorities_and_ours(
    installers: Installers, authority: Authority
) -> None:
    blocks = certificates_in(installers.bundle(authority.certificate_pem).read_bytes())
    assert blocks[-1] == certificates_in(authority.certificate_pem)[0]
    assert len(blocks) > 100


@pytest.mark.parametrize(
    "broken",
    [
        b"\xef\xbb\xbf[global]\n",
        b"[global]\n[global]\n",
        b"[global]\ntimeout\n",
        b"[global]\ncert = \xff\xfe\n",
    ],
    ids=["BOM", "duplicate section", "no value", "undecodable"],
)
def test_a_file_that_pip_refuses_is_left_alone_with_pips_reason(
    installers: Installers, authority: Authority, pip_conf: Path, broken: bytes
) -> None:
    write(pip_conf, broken)
    with pytest.raises(ClientConfigError, match=r"left alone.*pip says: .*pip\.conf"):
        installers.plan("pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.USER)
    assert pip_conf.read_bytes() == broken


def test_a_symlinked_file_stays_a_link(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path, own_home: Path
) -> None:
    dotfile = own_home / "dotfiles" / "pip.conf"
    write(dotfile, CONF)
    pip_conf.parent.mkdir(parents=True)
    pip_conf.symlink_to(dotfile)
    use()
    assert pip_conf.is_symlink()
    assert URL.encode() in dotfile.read_bytes()
    installers.undo("pip")
    assert pip_conf.is_symlink()
    assert dotfile.read_bytes() == CONF


@pytest.mark.usefixtures("no_pip")
def test_the_mode_is_kept(use: Callable[..., Plan], pip_conf: Path) -> None:
    write(pip_conf, CONF)
    pip_conf.chmod(0o640)
    use()
    assert pip_conf.stat().st_mode & 0o777 == 0o640


@pytest.mark.usefixtures("no_pip")
def test_a_read_only_file_is_left_alone(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path
) -> None:
    write(pip_conf, CONF)
    pip_conf.chmod(0o444)
    with pytest.raises(ClientConfigError, match="read-only"):
        use()
    assert pip_conf.read_bytes() == CONF
    assert not leftovers(pip_conf.parent)
    assert installers.states()[0].files == ()


@pytest.mark.usefixtures("no_pip")
def test_a_directory_in_the_files_place_is_left_alone(use: Callable[..., Plan], pip_conf: Path) -> None:
    pip_conf.mkdir(parents=True)
    with pytest.raises(ClientConfigError, match="left alone"):
        use()


@pytest.mark.usefixtures("no_pip")
def test_the_ledger_and_the_users_bundle_are_private(use: Callable[..., Plan], tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        use()
    finally:
        os.umask(old)
    directory = tmp_path / "clients"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o600}


def test_a_list_of_the_whole_computer_is_not_hidden_by_ours(
    use: Callable[..., Plan], global_conf: Callable[[str], Path], environ: dict[str, str]
) -> None:
    global_conf("[global]\nextra-index-url = https://company.example/simple\n")
    use()
    effective = subprocess.run(
        ["pip", "config", "get", "global.extra-index-url"],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert effective.stdout.split() == ["https://company.example/simple", URL]


def test_the_legacy_file_is_edited_where_it_is_the_one_in_use(
    use: Callable[..., Plan], own_home: Path, pip_conf: Path
) -> None:
    legacy = own_home / ".pip" / "pip.conf"
    write(legacy, CONF)
    use()
    assert URL.encode() in legacy.read_bytes()
    assert not pip_conf.exists()


@pytest.mark.usefixtures("no_pip")
def test_a_named_bundle_is_merged_and_its_name_comes_back(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path, tmp_path: Path, authority: Authority
) -> None:
    company = tmp_path / "company.pem"
    blocks = certificates_in(certifi.contents().encode())
    company.write_bytes(blocks[0] + b"\n")
    before = f"[global]\ncert = {company}\n".encode()
    write(pip_conf, before)
    plan = use()
    assert plan.ca_bundle is not None
    bundle = plan.ca_bundle.path.read_bytes()
    assert blocks[0] in bundle
    assert certificates_in(authority.certificate_pem)[0] in bundle
    assert blocks[1] not in bundle
    installers.undo("pip")
    assert pip_conf.read_bytes() == before


@pytest.mark.usefixtures("no_pip")
def test_a_named_bundle_that_is_missing_is_said(use: Callable[..., Plan], pip_conf: Path) -> None:
    write(pip_conf, b"[global]\ncert = /nowhere/at-all.pem\n")
    with pytest.raises(ClientConfigError, match=r" /nowhere/at-all\.pem.*does not exist"):
        use()


@pytest.mark.usefixtures("no_pip")
def test_refresh_takes_a_new_authority_into_the_bundle(
    use: Callable[..., Plan], installers: Installers
) -> None:
    plan = use()
    assert plan.ca_bundle is not None
    other = certificates_in(plan.ca_bundle.content)[0]
    plan.ca_bundle.path.unlink()
    installers.refresh(other)
    assert other in plan.ca_bundle.path.read_bytes()


def test_a_site_configuration_is_written_where_pip_says(
    installers: Installers, authority: Authority, pip_directory: Path
) -> None:
    plan = installers.plan(
        "pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.SITE
    )
    assert plan.changes[0].path.parent not in (Path("/"), Path.home())
    assert plan.ca_bundle is not None
    assert plan.ca_bundle.path.parent == plan.changes[0].path.parent


@pytest.mark.usefixtures("no_pip")
def test_without_any_pip_the_documented_place_is_used_and_said(
    tmp_path: Path,
    environ: dict[str, str],
    authority: Authority,
    pip_conf: Path,
) -> None:
    installers = Installers(tmp_path / "clients", environ)
    plan = installers.plan(
        "pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.EXTRA, scope=Scope.USER
    )
    assert plan.cautions[0].reason is CautionReason.TOOL_NOT_FOUND
    installers.apply(plan)
    assert pip_lists(environ)["global.extra-index-url"] == URL
    assert pip_conf.exists()


def test_an_unknown_tool_is_refused_plainly(installers: Installers) -> None:
    with pytest.raises(ClientConfigError, match="can't configure conda"):
        installers.undo("conda")


@pytest.mark.usefixtures("no_pip")
def test_the_state_is_known_without_asking_anybody(
    use: Callable[..., Plan], tmp_path: Path, pip_conf: Path
) -> None:
    use()
    state = Installers(tmp_path / "clients", {}).states()[0]
    assert (state.mode, state.edited, state.files) == (Mode.EXTRA, False, (pip_conf,))


@pytest.mark.usefixtures("no_pip")
def test_taking_our_line_out_by_hand_shows_in_the_state(
    use: Callable[..., Plan], installers: Installers, pip_conf: Path
) -> None:
    use()
    pip_conf.write_bytes(b"[global]\ntimeout = 1\n")
    state = installers.states()[0]
    assert (state.mode, state.edited) == (None, True)


@pytest.mark.usefixtures("no_pip")
def test_a_damaged_ledger_is_said_and_nothing_is_written(
    use: Callable[..., Plan], tmp_path: Path, pip_conf: Path
) -> None:
    write(tmp_path / "clients" / "ledger.json", b"{")
    with pytest.raises(ClientConfigError, match="damaged"):
        use()
    assert not pip_conf.exists()


@pytest.mark.usefixtures("no_pip")
@pytest.mark.parametrize("number", range(1, 7))
def test_a_disk_that_is_full_at_any_write_leaves_old_bytes_or_new_ones(
    use: Callable[..., Plan],
    installers: Installers,
    pip_conf: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    write(pip_conf, CONF)
    calls, real = iter(range(1, 1000)), os.fsync

    def full(descriptor: int) -> None:
        if next(calls) == number:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr("cheeseboard.clients.atomic_file.os.fsync", full)
        with pytest.raises(ClientConfigError, match="no space left on device"):
            use()
    assert pip_conf.read_bytes() == CONF
    assert leftovers(pip_conf.parent) == []
    use()
    installers.undo("pip")
    assert pip_conf.read_bytes() == CONF


def test_an_order_that_a_tool_does_not_know_is_not_promised(
    installers: Installers, authority: Authority
) -> None:
    with pytest.raises(ClientConfigError, match='"first": it knows extra and only'):
        installers.plan("pip", url=URL, ca_pem=authority.certificate_pem, mode=Mode.FIRST, scope=Scope.USER)
    assert Mode.FIRST in installers.modes("uv")
