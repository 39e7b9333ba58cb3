"""twine: .pypirc gets one more repository, and everything of the user's stays."""

import configparser
from collections.abc import Callable
from pathlib import Path

import pytest

from cheeseboard.clients.installers import Installers
from cheeseboard.clients.plan import CautionReason, Mode, Plan, Scope
from cheeseboard.errors import ClientConfigError
from cheeseboard.tls.authority import Authority

URL = "https://localhost:8443/simple/"
MINE = (
    b"; mine\n[distutils]\nindex-servers =\n    company\n\n"
    b"[company]\nrepository = https://a.example/\npassword = 1%2\n"
)

Use = Callable[..., Plan]


@pytest.fixture
def pypirc(own_home: Path) -> Path:
    return own_home / ".pypirc"


@pytest.fixture
def installers(tmp_path: Path, environ: dict[str, str]) -> Installers:
    return Installers(tmp_path / "clients", environ)


@pytest.fixture
def use(installers: Installers, authority: Authority) -> Use:
    def run() -> Plan:
        ca = authority.certificate_pem
        plan = installers.plan("twine", url=URL, ca_pem=ca, mode=Mode.EXTRA, scope=Scope.USER)
        installers.apply(plan)
        return plan

    return run


def as_twine_reads(path: Path) -> dict[str, dict[str, str]]:
    """Return each repository that twine would know, read as twine reads."""
    parser = configparser.RawConfigParser()
    parser.read_string(path.read_text())
    servers = parser.get("distutils", "index-servers", fallback="pypi testpypi").split()
    return {name: dict(parser.items(name)) if parser.has_section(name) else {} for name in servers}


def test_a_repository_is_added_with_our_certificate(use: Use, pypirc: Path, authority: Authority) -> None:
    pypirc.write_bytes(MINE)
    use()
    known = as_twine_reads(pypirc)
    assert list(known) == ["company", "cheeseboard"]
    assert known["cheeseboard"]["repository"] == "https://localhost:8443/legacy/"
    assert known["cheeseboard"]["username"] == "__token__"
    assert Path(known["cheeseboard"]["ca_cert"]).read_bytes() == authority.certificate_pem
    assert known["company"]["password"] == "1%2"


def test_a_first_list_keeps_the_public_repositories(use: Use, pypirc: Path) -> None:
    use()
    assert list(as_twine_reads(pypirc)) == ["pypi", "testpypi", "cheeseboard"]
    assert pypirc.stat().st_mode & 0o777 == 0o600


def test_undo_is_byte_for_byte(use: Use, installers: Installers, pypirc: Path) -> None:
    pypirc.write_bytes(MINE)
    use()
    assert installers.undo("twine")[0].exact
    assert pypirc.read_bytes() == MINE


def test_undo_without_a_file_before_leaves_none(use: Use, installers: Installers, pypirc: Path) -> None:
    use()
    installers.undo("twine")
    assert not pypirc.exists()


def test_a_token_that_was_added_since_is_kept(use: Use, installers: Installers, pypirc: Path) -> None:
    pypirc.write_bytes(MINE)
    use()
    pypirc.write_bytes(pypirc.read_bytes() + b"password = my-token\n")
    assert not installers.undo("twine")[0].exact
    assert b"my-token" in pypirc.read_bytes()
    assert list(as_twine_reads(pypirc)) == ["company"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[distutils\n", "no section headers"),
        (b"[cheeseboard]\nrepository = https://a.example/\n", "another address"),
    ],
)
def test_what_cannot_be_edited_is_left_alone(use: Use, pypirc: Path, content: bytes, reason: str) -> None:
    pypirc.write_bytes(content)
    with pytest.raises(ClientConfigError, match=reason):
        use()
    assert pypirc.read_bytes() == content


def test_a_pause_leaves_it_alone(use: Use, installers: Installers, pypirc: Path) -> None:
    use()
    assert not installers.pause(URL)
    assert pypirc.exists()


# --- where its user reads the reason -------------------------------------------------------------------

UPLOADS = "https://localhost:9443/legacy/"


def use_at(installers: Installers, authority: Authority, url: str) -> None:
    ca = authority.certificate_pem
    plan = installers.plan(
        "twine", url=url, ca_pem=ca, mode=Mode.EXTRA, scope=Scope.USER, owner="packages", secret="s3cret"
    )
    installers.apply(plan)


def test_the_address_of_uploads_alone_is_written_as_it_is(
    installers: Installers, authority: Authority, pypirc: Path
) -> None:
    pypirc.write_bytes(MINE)
    use_at(installers, authority, UPLOADS)
    assert as_twine_reads(pypirc)["cheeseboard"]["repository"] == UPLOADS
    (state,) = (state for state in installers.states() if state.tool == "twine")
    assert (state.mode, state.url, state.edited) == (Mode.EXTRA, UPLOADS, False)
    assert installers.undo("twine")[0].exact
    assert pypirc.read_bytes() == MINE


@pytest.mark.parametrize("first", [URL, UPLOADS, "https://localhost:9444/legacy/"])
def test_it_follows_to_the_port_for_uploads_alone_and_back(
    installers: Installers, authority: Authority, pypirc: Path, first: str
) -> None:
    pypirc.write_bytes(MINE)
    use_at(installers, authority, first)
    for told, uploads in (
        (URL, UPLOADS),
        ("https://localhost:8500/simple/", "https://localhost:8500/legacy/"),
    ):
        installers.follow("packages", told, uploads)
        known = as_twine_reads(pypirc)["cheeseboard"]
        assert (known["repository"], known["password"]) == (uploads, "s3cret")
        assert not installers.follow("packages", told, uploads)
    assert installers.undo("twine")[0].exact
    assert pypirc.read_bytes() == MINE


def test_who_fetches_is_not_led_there(installers: Installers) -> None:
    assert [tool for tool in ("pip", "uv", "twine", "uv-publish") if installers.reads_reasons(tool)] == [
        "twine"
    ]


def test_it_is_told_from_what_fetches(use: Use, installers: Installers) -> None:
    use()
    assert [state.tool for state in installers.states() if state.uploads] == ["twine", "uv-publish"]


def test_variables_in_the_way_are_named(
    tmp_path: Path, environ: dict[str, str], authority: Authority
) -> None:
    variables = {"REQUESTS_CA_BUNDLE": "/x.pem", "TWINE_REPOSITORY_URL": "https://a.example/"}
    installers = Installers(tmp_path / "clients", {**environ, **variables})
    ca = authority.certificate_pem
    plan = installers.plan("twine", url=URL, ca_pem=ca, mode=Mode.EXTRA, scope=Scope.USER)
    assert {caution.detail for caution in plan.cautions} >= set(variables)
    assert CautionReason.INDEX_OVERRIDDEN in {caution.reason for caution in plan.cautions}
