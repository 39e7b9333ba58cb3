"""Stores that trust our authority: what would be run where, and for real where this machine can."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cheeseboard.tls import linux_store, nss_store
from cheeseboard.tls.authority import Authority, open_authority
from cheeseboard.tls.store import Answer, Store, Trusted
from cheeseboard.tls.trust_store import (
    describe,
    find_elevation,
    find_stores,
    install,
    is_installed,
    run_command,
    uninstall,
)

CERTIFICATE = Trusted(Path("/home/ada/authority.pem"), "ab" * 32, "CD" * 20)


class Recorder:
    """A command runner that remembers, and whose store does as told.

    Attributes:
        refuses: A word in a command that fails.
    """

    def __init__(self, store: Store, *, has: bool = False, refuses: str = "") -> None:
        self.store, self.has, self.refuses = store, has, refuses
        self.ran: list[tuple[str, ...]] = []

    def __call__(self, command: Sequence[str]) -> Answer:
        words = tuple(command)
        if words == self.store.look:
            return Answer(0, self.store.expected) if self.has else Answer(1, "")
        self.ran.append(words)
        if self.refuses and self.refuses in words:
            return Answer(1, "it would\n not\n")
        self.has = not self.has if words[-len(self._last()) :] == self._last() else self.has
        return Answer(0, "")

    def _last(self) -> tuple[str, ...]:
        return (self.store.uninstall if self.has else self.store.install)[-1]


@pytest.fixture
def trusted(authority: Authority) -> Trusted:
    return describe(authority.certificate_path, authority.certificate_pem)


def stores(platform: str, root: Path, **environ: str) -> dict[str, Store]:
    found = find_stores(CERTIFICATE, {"HOME": str(root), "PATH": "", **environ}, platform=platform, root=root)
    return {store.name: store for store in found}


def test_a_certificate_is_known_by_its_fingerprints(trusted: Trusted, authority: Authority) -> None:
    assert trusted.sha256 == authority.sha256
    assert len(trusted.sha1) == 40
    assert authority.sha256.startswith(trusted.nickname.removeprefix("cheeseboard-"))


@pytest.mark.parametrize(
    ("directory", "anchor", "refresh", "forget"),
    [
        (
            "usr/local/share/ca-certificates",
            ".crt",
            ("update-ca-certificates",),
            ("update-ca-certificates", "--fresh"),
        ),
        (
            "etc/pki/ca-trust/source/anchors",
            ".pem",
            ("update-ca-trust", "extract"),
            ("update-ca-trust", "extract"),
        ),
        (
            "etc/ca-certificates/trust-source/anchors",
            ".crt",
            ("trust", "extract-compat"),
            ("trust", "extract-compat"),
        ),
    ],
)
def test_each_family_of_linux_has_its_own_way(
    tmp_path: Path, directory: str, anchor: str, refresh: tuple[str, ...], forget: tuple[str, ...]
) -> None:
    (tmp_path / directory).mkdir(parents=True)
    store = stores("linux", tmp_path)["system"]
    place = str(tmp_path / directory / f"{CERTIFICATE.nickname}{anchor}")
    assert store.install[0][-len(refresh) - 2 : -len(refresh)] == (str(CERTIFICATE.path), place)
    assert store.install[0][-len(refresh) :] == refresh
    assert store.uninstall[0][-len(forget) - 1 :] == (place, *forget)
    assert store.needs_administrator


def test_an_unknown_system_has_no_store(tmp_path: Path) -> None:
    assert stores("linux", tmp_path) == {}


def test_windows_knows_it_by_its_thumbprint(tmp_path: Path) -> None:
    store = stores("win32", tmp_path)["windows-user"]
    assert store.install == (("certutil.exe", "-user", "-addstore", "Root", str(CERTIFICATE.path)),)
    assert store.uninstall == (("certutil.exe", "-user", "-delstore", "Root", CERTIFICATE.sha1),)
    assert is_installed(store, lambda _: Answer(0, "Cert Hash(sha1): cd cd" + "cd" * 18))
    assert not is_installed(store, lambda _: Answer(0, "another"))


def test_macos_trusts_it_for_tls_alone_and_forgets_both_trust_and_certificate(tmp_path: Path) -> None:
    store = stores("darwin", tmp_path)["macos-user"]
    assert store.install[0][1:6] == ("add-trusted-cert", "-r", "trustRoot", "-p", "ssl")
    assert [command[1] for command in store.uninstall] == ["remove-trusted-cert", "delete-certificate"]
    assert is_installed(store, lambda _: Answer(0, "SHA-1 hash: " + "CD" * 20))


def test_browsers_databases_are_found_by_their_files(tmp_path: Path) -> None:
    for place in (".pki/nssdb", ".mozilla/firefox/x.default", "snap/firefox/common/.mozilla/firefox/y.work"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "cert9.db").touch()
    (tmp_path / ".mozilla/firefox/Crash Reports").mkdir()
    found = nss_store.find(CERTIFICATE, tmp_path, lambda _: "/usr/bin/certutil")
    assert [store.label for store in found] == [
        "Chromium",
        "Firefox (profile x.default)",
        "Firefox (profile y.work)",
    ]
    assert nss_store.find(CERTIFICATE, tmp_path, lambda _: None) == ()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_install_and_uninstall_are_a_pair(tmp_path: Path, platform: str) -> None:
    (store,) = stores(platform, tmp_path).values()
    run = Recorder(store)
    assert [outcome.done for outcome in install([store], run, None)] == [True]
    assert [outcome.done for outcome in uninstall([store], run, None)] == [True]
    assert run.ran == [*store.install, *store.uninstall]


def test_what_is_trusted_already_is_left_alone(tmp_path: Path) -> None:
    (store,) = stores("win32", tmp_path).values()
    run = Recorder(store, has=True)
    assert install([store], run, None)[0].done
    assert run.ran == []


def test_an_administrators_store_is_changed_through_what_makes_one(tmp_path: Path) -> None:
    (tmp_path / "usr/local/share/ca-certificates").mkdir(parents=True)
    store = stores("linux", tmp_path)["system"]
    run = Recorder(store)
    assert install([store], run, ("sudo",))[0].done
    assert run.ran == [("sudo", *store.install[0])]
    (outcome,) = uninstall([store], Recorder(store, has=True), None)
    assert not outcome.done
    assert "administrator" in outcome.sentence


def test_what_a_command_says_when_it_refuses_is_told(tmp_path: Path) -> None:
    (store,) = stores("win32", tmp_path).values()
    (outcome,) = install([store], Recorder(store, refuses="-addstore"), None)
    assert not outcome.done
    assert outcome.sentence.endswith("says: it would not")


def test_a_store_that_takes_nothing_is_not_believed(tmp_path: Path) -> None:
    (store,) = stores("win32", tmp_path).values()
    (outcome,) = install([store], lambda words: Answer(words == store.look, ""), None)
    assert not outcome.done


def test_who_asks_for_the_password_depends_on_the_desktop(tmp_path: Path) -> None:
    for name in ("pkexec", "sudo"):
        (tmp_path / name).touch(0o755)
    path = {"PATH": str(tmp_path)}
    assert find_elevation(path, administrator=True) == ()
    assert find_elevation(path, administrator=False) == (str(tmp_path / "sudo"),)
    assert find_elevation({**path, "DISPLAY": ":1"}, administrator=False) == (str(tmp_path / "pkexec"),)
    assert find_elevation({"PATH": ""}, administrator=False) is None


# --- for real ----------------------------------------------------------------------------------------


def test_debians_own_program_takes_it_in_and_out(
    need_tool: Callable[[str], str], trusted: Trusted, tmp_path: Path, authority: Authority
) -> None:
    program = shutil.which("update-ca-certificates", path="/usr/sbin:/usr/bin") or need_tool(
        "update-ca-certificates"
    )
    anchors, store_directory = tmp_path / "anchors", tmp_path / "certs"
    for directory in (anchors, store_directory, tmp_path / "hooks", tmp_path / "public"):
        directory.mkdir()
    public = open_authority(tmp_path / "other", now=datetime.now(UTC), host_names=[])
    (tmp_path / "public" / "public.crt").write_bytes(public.certificate_pem)
    (tmp_path / "conf").write_text("public.crt\n")
    refresh = (
        *(program, "--localcertsdir", str(anchors), "--etccertsdir", str(store_directory)),
        *("--hooksdir", str(tmp_path / "hooks"), "--certsdir", str(tmp_path / "public")),
        *("--certsconf", str(tmp_path / "conf")),
    )
    family = linux_store.Family("Debian", anchors, ".crt", refresh, (*refresh, "--fresh"))
    store = linux_store.store(trusted, family)
    (outcome,) = install([store], run_command, ())
    assert outcome.done, outcome.sentence
    bundle = store_directory / "ca-certificates.crt"
    assert authority.certificate_pem in bundle.read_bytes()
    assert any(path.is_symlink() for path in store_directory.iterdir())
    (outcome,) = uninstall([store], run_command, ())
    assert outcome.done, outcome.sentence
    assert bundle.read_bytes() == public.certificate_pem
    assert list(anchors.iterdir()) == []
    assert all(path == bundle or path.resolve().name == "public.crt" for path in store_directory.iterdir())


def test_a_browsers_database_takes_it_in_and_out(
    need_tool: Callable[[str], str], trusted: Trusted, tmp_path: Path
) -> None:
    certutil = need_tool("certutil")
    database = tmp_path / ".pki" / "nssdb"
    database.mkdir(parents=True)
    subprocess.run([certutil, "-N", "--empty-password", "-d", f"sql:{database}"], check=True)
    (store,) = nss_store.find(trusted, tmp_path, shutil.which)
    (outcome,) = install([store], run_command, None)
    assert outcome.done, outcome.sentence
    listing = subprocess.run(
        [certutil, "-L", "-d", f"sql:{database}"], capture_output=True, text=True, check=True
    )
    assert f"{trusted.nickname}" in listing.stdout
    assert "C,," in listing.stdout
    (outcome,) = uninstall([store], run_command, None)
    assert outcome.done, outcome.sentence
    assert not is_installed(store, run_command)
