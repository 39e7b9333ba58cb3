"""uv: its uv.toml keeps everything of the user's, the real uv reads it, and says why it is not served."""

import shutil
import socket
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clients.index import Index

from cheeseboard.clients import uv
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.ledger import Record
from cheeseboard.clients.plan import CautionReason, Mode, Plan, Scope
from cheeseboard.clients.proof import Cause, Proof
from cheeseboard.clients.tool import Entry, Found, Question, Target
from cheeseboard.errors import ClientConfigError
from cheeseboard.tls.authority import Authority

URL = "https://localhost:8443/simple/"
PATH = Path("uv.toml")
FOUND = Found("uv", (), "", {}, "0.13.9")
MINE = (
    b"# tuned by hand, keep\r\noffline = false\r\n\r\n[[index]]\r\n"
    b'name = "company"\r\nurl = "https://a.example/simple" # fast\r\n\r\n[pip]\r\ncompile-bytecode = true'
)


@pytest.fixture
def environ(environ: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """Return a user's environment with a real uv and a Python."""
    directory = tmp_path / "bin"
    directory.mkdir()
    found = shutil.which("uv", path=f"{Path(sys.executable).parent}:{Path('/usr/local/bin')}")
    assert found, "the tests need a uv"
    (directory / "uv").symlink_to(found)
    return {**environ, "PATH": str(directory), "UV_PYTHON": sys.executable}


@pytest.fixture
def uv_toml(own_home: Path) -> Path:
    return own_home / ".config" / "uv" / "uv.toml"


@pytest.fixture
def use(tmp_path: Path, authority: Authority) -> Callable[..., tuple[Installers, Plan]]:
    """Return a function that plans and applies for uv."""

    def run(environ: dict[str, str], url: str = URL, mode: Mode = Mode.EXTRA) -> tuple[Installers, Plan]:
        installers = Installers(tmp_path / "clients", environ)
        plan = installers.plan("uv", url=url, ca_pem=authority.certificate_pem, mode=mode, scope=Scope.USER)
        installers.apply(plan)
        return installers, plan

    return run


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def edited(content: bytes | None, mode: Mode = Mode.EXTRA) -> bytes:
    return uv.UV.edit(Target(FOUND, PATH, Scope.USER, b"", {}), content, Entry(URL, mode, None))


def test_an_index_is_added_and_all_else_stays(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], uv_toml: Path
) -> None:
    write(uv_toml, MINE)
    use(environ)
    values = tomllib.loads(uv_toml.read_text())
    assert [index["url"] for index in values["index"]] == ["https://a.example/simple", URL]
    assert values["index"][1]["publish-url"] == "https://localhost:8443/legacy/"
    assert (values["system-certs"], values["pip"]) == (True, {"compile-bytecode": True})
    assert MINE in uv_toml.read_bytes()


def test_undo_is_byte_for_byte(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], uv_toml: Path
) -> None:
    write(uv_toml, MINE)
    installers, _ = use(environ)
    (undone,) = installers.undo("uv")
    assert (undone.exact, uv_toml.read_bytes()) == (True, MINE)


def test_undo_leaves_no_trace_where_there_was_no_file(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], uv_toml: Path
) -> None:
    installers, _ = use(environ)
    installers.undo("uv")
    assert not uv_toml.parent.exists()


def test_after_an_edit_undo_takes_out_just_what_is_ours(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], uv_toml: Path
) -> None:
    write(uv_toml, MINE)
    installers, _ = use(environ)
    uv_toml.write_bytes(uv_toml.read_bytes() + b'\r\n[[index]]\r\nurl = "https://b.example/simple"\r\n')
    (undone,) = installers.undo("uv")
    values = tomllib.loads(uv_toml.read_text())
    assert not undone.exact
    assert [index["url"] for index in values["index"]] == [
        "https://a.example/simple",
        "https://b.example/simple",
    ]
    assert "system-certs" not in values
    assert uv_toml.read_bytes().startswith(MINE)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[[index]\n", "TOML|Expected"),
        (b"\xff", "UTF-8"),
        (b'index = [{ url = "https://a.example/simple" }]\n', "one line"),
        (b'[[index]]\nname = "cheeseboard"\nurl = "https://a.example/simple"\n', "another address"),
    ],
)
def test_a_file_that_cannot_be_edited_is_left_alone_and_said_so(
    use: Callable[..., tuple[Installers, Plan]],
    environ: dict[str, str],
    uv_toml: Path,
    content: bytes,
    reason: str,
) -> None:
    write(uv_toml, content)
    with pytest.raises(ClientConfigError, match=reason):
        use(environ)
    assert uv_toml.read_bytes() == content


def test_what_the_real_uv_refuses_is_put_back(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], uv_toml: Path
) -> None:
    write(uv_toml, b"no-such-setting = 1\n")
    with pytest.raises(ClientConfigError, match="unknown field"):
        use(environ)
    assert uv_toml.read_bytes() == b"no-such-setting = 1\n"


def test_first_stands_before_the_users_own_indexes() -> None:
    values = tomllib.loads(edited(MINE, Mode.FIRST).decode())
    assert [index["url"] for index in values["index"]] == [URL, "https://a.example/simple"]


def test_a_second_default_is_refused() -> None:
    with pytest.raises(ClientConfigError, match="its default"):
        edited(b'[[index]]\nurl = "https://a.example/simple"\ndefault = true\n', Mode.ONLY)


def test_a_byte_order_mark_and_line_ends_stay() -> None:
    content = edited("\ufeffoffline = false\r\n".encode())
    assert content.startswith(b"\xef\xbb\xbfsystem-certs")
    assert content.count(b"\r\n") == content.count(b"\n")


def test_an_older_uv_is_told_in_its_own_words() -> None:
    found = Found("uv", (), "", {}, "0.5.3")
    assert uv.edit(found, PATH, None, Entry(URL, Mode.EXTRA, None)).startswith(b"native-tls = true\n")


comments = st.text("abc #=[]é", max_size=12).map(lambda text: f"# {text}")
settings = st.sampled_from(["offline = false", 'link-mode = "copy"', "no-cache = true  # x", "", "  "])
tables = st.sampled_from(
    [
        '[[index]]\nname = "a"\nurl = "https://a.example/x"',
        "[pip]\nstrict = true",
        '[[ index ]]\nurl = "http://b/"',
    ]
)


@given(
    st.lists(st.one_of(comments, settings), max_size=4, unique=True),
    st.lists(st.one_of(tables, comments), max_size=3, unique=True),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(Mode),
)
def test_whatever_stood_there_stays_and_comes_back(
    top: list[str], rest: list[str], newline: str, ended: bool, mode: Mode
) -> None:
    before = (
        newline.join([*top, *rest] + ([""] if ended else [])).replace("\r\n", "\n").replace("\n", newline)
    )
    content = before.encode()
    after = edited(content, mode)
    assert uv.uses(after, URL, mode)
    former, latter = tomllib.loads(before), tomllib.loads(after.decode())
    assert latter.pop("system-certs") is True
    others = latter.pop("index")
    assert others.pop(0 if mode is Mode.FIRST else -1)["url"] == URL
    assert others == former.get("index", [])
    assert latter == {key: value for key, value in former.items() if key != "index"}
    # As if somebody had edited it since: only our lines go, nothing else is lost.
    record = Record("uv", Scope.USER, mode, PATH, URL, content, after)
    taken = uv.take_out(record, after + b"# mine\n").decode()
    assert tomllib.loads(taken) == former
    assert [line for line in before.split() if line not in taken] == []


# --- cautions ----------------------------------------------------------------------------------------


def cautions(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], mode: Mode = Mode.EXTRA
) -> dict[CautionReason, str]:
    return {caution.reason: caution.detail for caution in use(environ, mode=mode)[1].cautions}


def test_that_the_system_does_not_trust_us_is_said_with_the_way_out(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str]
) -> None:
    detail = cautions(use, environ)[CautionReason.CA_NOT_TRUSTED]
    name, _, bundle = detail.partition("=")
    assert name == "SSL_CERT_FILE"
    assert b"BEGIN CERTIFICATE" in Path(bundle).read_bytes()


@pytest.mark.parametrize(
    ("variable", "mode", "reason"),
    [
        ("UV_CONFIG_FILE", Mode.EXTRA, CautionReason.CONFIG_FILE_OVERRIDDEN),
        ("UV_DEFAULT_INDEX", Mode.ONLY, CautionReason.INDEX_OVERRIDDEN),
        ("UV_INDEX", Mode.ONLY, CautionReason.OTHER_INDEXES),
        ("UV_NO_CONFIG", Mode.EXTRA, CautionReason.CONFIG_FILE_OVERRIDDEN),
    ],
)
def test_a_variable_that_stands_in_the_way_is_named(
    use: Callable[..., tuple[Installers, Plan]],
    environ: dict[str, str],
    tmp_path: Path,
    variable: str,
    mode: Mode,
    reason: CautionReason,
) -> None:
    (tmp_path / "other").write_text("")
    assert cautions(use, {**environ, variable: str(tmp_path / "other")}, mode)[reason] == variable


def test_a_certificate_variable_that_does_not_know_us_is_named(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str]
) -> None:
    import certifi

    found = cautions(use, {**environ, "SSL_CERT_FILE": certifi.where()})
    assert found == {CautionReason.CA_BUNDLE_OVERRIDDEN: "SSL_CERT_FILE"}


# --- proof -------------------------------------------------------------------------------------------


@pytest.fixture
def prove(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], authority: Authority, index: Index
) -> Callable[..., Proof]:
    """Return a function that lets a configured uv prove it, in an environment with some more variables."""

    def run(
        mode: Mode = Mode.EXTRA, *, url: str = "", requirement: str | None = None, **extra: str | None
    ) -> Proof:
        _, plan = use(environ, url or index.url, mode)
        assert plan.ca_bundle is not None
        wanted = {**environ, "SSL_CERT_FILE": str(plan.ca_bundle.path), **extra}
        variables = {name: value for name, value in wanted.items() if value is not None}
        (proof,) = uv.prove(Question(url or index.url, mode, variables, requirement))
        return proof

    return run


@pytest.mark.parametrize("mode", Mode)
def test_a_real_uv_is_served(prove: Callable[..., Proof], mode: Mode) -> None:
    proof = prove(mode, requirement="acme-core==1.0")
    assert (proof.cause, proof.action) == (None, ""), proof.transcript
    assert proof.label.startswith("uv ")


def test_an_empty_repository_proves_it_too(prove: Callable[..., Proof], index: Index) -> None:
    index.files.clear()
    proof = prove()
    assert proof.cause is None, proof.transcript


def test_an_untrusted_authority_is_named(prove: Callable[..., Proof]) -> None:
    import certifi

    proof = prove(SSL_CERT_FILE=certifi.where())
    assert proof.cause is Cause.CA_BUNDLE_OVERRIDDEN, proof.transcript
    assert "SSL_CERT_FILE" in proof.action


def test_an_authority_that_the_system_does_not_know_is_named(prove: Callable[..., Proof]) -> None:
    proof = prove(SSL_CERT_FILE=None)
    assert proof.cause is Cause.CA_NOT_TRUSTED, proof.transcript


def test_no_certificates_at_all_are_named(prove: Callable[..., Proof]) -> None:
    proof = prove(SSL_CERT_FILE="")
    assert proof.cause is Cause.CA_BUNDLE_MISSING, proof.transcript


def test_a_stopped_server_is_named(prove: Callable[..., Proof]) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        proof = prove(url=f"https://127.0.0.1:{reserved.getsockname()[1]}/simple/")
    assert proof.cause is Cause.SERVER_STOPPED, proof.transcript


def test_an_unknown_name_is_named(prove: Callable[..., Proof]) -> None:
    proof = prove(url="https://nobody.invalid:8443/simple/")
    assert proof.cause is Cause.NAME_NOT_RESOLVED, proof.transcript


def test_another_configuration_file_is_named(prove: Callable[..., Proof], tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("")
    proof = prove(UV_CONFIG_FILE=str(tmp_path / "other.toml"))
    assert proof.cause is Cause.CONFIG_FILE_OVERRIDDEN, proof.transcript


def test_no_index_is_named(prove: Callable[..., Proof], uv_toml: Path) -> None:
    write(uv_toml, b"no-index = true\n")
    proof = prove()
    assert proof.cause is Cause.NO_INDEX, proof.transcript


def test_a_broken_configuration_is_named(prove: Callable[..., Proof], tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[[index\n")
    proof = prove(UV_CONFIG_FILE=str(tmp_path / "broken.toml"))
    assert proof.cause is Cause.CONFIGURATION_REFUSED, proof.transcript


@pytest.mark.parametrize(
    ("status", "cause"),
    [(421, Cause.HOST_NOT_ALLOWED), (403, Cause.NOT_AUTHORIZED), (503, Cause.FOLDER_UNAVAILABLE)],
)
def test_an_answer_that_is_no_page_is_named(
    prove: Callable[..., Proof], index: Index, status: int, cause: Cause
) -> None:
    index.status = status
    proof = prove()
    assert proof.cause is cause, proof.transcript


def test_without_uv_nothing_is_claimed(environ: dict[str, str]) -> None:
    (proof,) = uv.prove(Question(URL, Mode.EXTRA, {**environ, "PATH": ""}))
    assert proof.cause is Cause.TOOL_NOT_FOUND


def test_a_uv_without_a_python_says_that_and_blames_no_configuration(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], index: Index
) -> None:
    pythonless = {name: value for name, value in environ.items() if name != "UV_PYTHON"}
    use(pythonless, index.url)
    (proof,) = uv.prove(Question(index.url, Mode.EXTRA, pythonless))
    assert proof.cause is Cause.PYTHON_NOT_FOUND, proof.transcript
    assert proof.action == "Run `uv python install`, then check again."


def test_a_python_that_does_not_run_is_the_same(
    use: Callable[..., tuple[Installers, Plan]], environ: dict[str, str], index: Index, tmp_path: Path
) -> None:
    (tmp_path / "bin" / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bin" / "python3").chmod(0o755)
    broken = {**environ, "UV_PYTHON": str(tmp_path / "bin" / "python3")}
    use(broken, index.url)
    (proof,) = uv.prove(Question(index.url, Mode.EXTRA, broken))
    assert proof.cause is Cause.PYTHON_NOT_FOUND, proof.transcript
