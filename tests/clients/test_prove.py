"""Each way in which a real pip fails to get packages from us is produced, and named."""

import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.clients.index import Index, server_context, start

from cheeseboard.clients.installers import Installers
from cheeseboard.clients.plan import Mode, Scope
from cheeseboard.clients.proof import WORDS, Cause, Proof, tell
from cheeseboard.clients.prove import VOICE, diagnose, prove_pip
from cheeseboard.clients.tool import Question
from cheeseboard.tls.authority import Authority, open_authority


@pytest.fixture
def prove(
    environ: dict[str, str], authority: Authority, index: Index, pip_conf: Path
) -> Callable[..., Proof]:
    """Return a function that lets a configured pip prove it, in an environment with some more variables."""

    def run(*, requirement: str | None = None, url: str = "", conf: str | None = None, **extra: str) -> Proof:
        url = url or index.url
        if conf is None:
            conf = f"[global]\nextra-index-url = {url}\ncert = {authority.certificate_path}\n"
        pip_conf.parent.mkdir(parents=True)
        pip_conf.write_text(conf)
        command = (str(Path(environ["PATH"]) / "pip"),)
        return prove_pip(command, Question(url, Mode.EXTRA, {**environ, **extra}, requirement))

    return run


@pytest.fixture
def installers(tmp_path: Path, environ: dict[str, str]) -> Installers:
    return Installers(tmp_path / "clients", environ)


@pytest.mark.parametrize("mode", [Mode.EXTRA, Mode.ONLY])
def test_what_was_applied_is_proven_by_a_download_over_verified_https(
    installers: Installers, authority: Authority, index: Index, mode: Mode
) -> None:
    ca = authority.certificate_pem
    installers.apply(installers.plan("pip", url=index.url, ca_pem=ca, mode=mode, scope=Scope.USER))
    (proof,) = installers.prove("pip", url=index.url, mode=mode, requirement="acme-core==1.0")
    assert (proof.cause, proof.action) == (None, ""), proof.transcript


def test_an_empty_repository_proves_it_too(prove: Callable[..., Proof], index: Index) -> None:
    index.files.clear()
    assert prove().cause is None


def test_a_file_that_fits_nowhere_here_is_named(prove: Callable[..., Proof], index: Index) -> None:
    index.files = {"acme_core-1.0-cp27-cp27m-win32.whl": b""}
    assert prove(requirement="acme-core").cause is Cause.NO_SUITABLE_FILE


def test_nothing_is_left_behind(prove: Callable[..., Proof], tmp_path: Path) -> None:
    (tmp_path / "temporary").mkdir()
    prove(requirement="acme-core", TMPDIR=str(tmp_path / "temporary"))
    assert not list((tmp_path / "temporary").iterdir())


def test_an_unconfigured_pip_is_named(prove: Callable[..., Proof]) -> None:
    assert prove(conf="").cause is Cause.NOT_CONFIGURED


def test_an_untrusted_authority_is_named(prove: Callable[..., Proof], index: Index) -> None:
    assert prove(conf=f"[global]\nextra-index-url = {index.url}\n").cause is Cause.CA_NOT_TRUSTED


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"])
def test_a_bundle_variable_is_named(prove: Callable[..., Proof], tmp_path: Path, variable: str) -> None:
    other = open_authority(tmp_path / "other", now=datetime.now(UTC), host_names=[])
    proof = prove(**{variable: str(other.certificate_path)})
    assert proof.cause is Cause.CA_BUNDLE_OVERRIDDEN
    assert variable in proof.sentence
    assert variable in proof.action


def test_a_missing_bundle_is_named(prove: Callable[..., Proof], tmp_path: Path) -> None:
    assert prove(PIP_CERT=str(tmp_path / "missing.pem")).cause is Cause.CA_BUNDLE_MISSING


def test_a_stopped_server_is_named(prove: Callable[..., Proof]) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{reserved.getsockname()[1]}/simple/"
        proof = prove(url=url)
    assert proof.cause is Cause.SERVER_STOPPED
    assert proof.action == "Start serving again."


def test_an_unknown_name_is_named(prove: Callable[..., Proof]) -> None:
    assert prove(url="https://nobody.invalid:8443/simple/").cause is Cause.NAME_NOT_RESOLVED


def test_another_configuration_file_is_named(prove: Callable[..., Proof], tmp_path: Path) -> None:
    (tmp_path / "other.conf").write_text("")
    assert prove(PIP_CONFIG_FILE=str(tmp_path / "other.conf")).cause is Cause.CONFIG_FILE_OVERRIDDEN


def test_a_list_in_the_environment_is_named(prove: Callable[..., Proof], index: Index) -> None:
    other = index.url.replace("/simple/", "/other/")
    assert prove(PIP_EXTRA_INDEX_URL=other).cause is Cause.INDEX_OVERRIDDEN


def test_no_index_is_named(prove: Callable[..., Proof]) -> None:
    assert prove(PIP_NO_INDEX="1").cause is Cause.NO_INDEX


def test_a_broken_configuration_is_named(installers: Installers, pip_conf: Path, index: Index) -> None:
    pip_conf.parent.mkdir(parents=True)
    pip_conf.write_text("[global]\n[global]\n")
    (proof,) = installers.prove("pip", url=index.url, mode=Mode.EXTRA)
    assert proof.cause is Cause.CONFIGURATION_REFUSED
    assert "already exists" in proof.transcript


def test_a_proxy_is_named(prove: Callable[..., Proof]) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        proof = prove(HTTPS_PROXY=f"http://127.0.0.1:{reserved.getsockname()[1]}")
    assert proof.cause is Cause.PROXY
    assert "HTTPS_PROXY" in proof.sentence


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (421, Cause.HOST_NOT_ALLOWED),
        (403, Cause.NOT_AUTHORIZED),
        (503, Cause.FOLDER_UNAVAILABLE),
        (500, Cause.SERVER_ERROR),
    ],
)
def test_an_answer_that_is_no_page_is_named(
    prove: Callable[..., Proof], index: Index, status: int, cause: Cause
) -> None:
    index.status = status
    assert prove().cause is cause


def test_a_certificate_for_another_name_is_named(prove: Callable[..., Proof], authority: Authority) -> None:
    index = Index()
    stop = start(index, server_context(authority, ["ada-laptop"], datetime.now(UTC)))
    try:
        assert prove(url=index.url).cause is Cause.WRONG_NAME
    finally:
        stop()


def test_an_expired_certificate_is_named(
    prove: Callable[..., Proof], authority: Authority, tmp_path: Path
) -> None:
    past = datetime.now(UTC) - timedelta(days=200)
    old = open_authority(tmp_path / "old", now=past, host_names=[])
    index = Index()
    stop = start(index, server_context(old, ["localhost"], past))
    try:
        proof = prove(url=index.url, PIP_CERT=str(old.certificate_path))
    finally:
        stop()
    assert proof.cause is Cause.CERTIFICATE_DATE


def test_a_server_without_tls_is_named(prove: Callable[..., Proof]) -> None:
    index = Index()
    stop = start(index, None)
    try:
        assert prove(url=index.url).cause is Cause.NOT_HTTPS
    finally:
        stop()


def test_without_pip_nothing_is_claimed(index: Index) -> None:
    proof = prove_pip((), Question(index.url, Mode.EXTRA, {}))
    assert proof.cause is Cause.TOOL_NOT_FOUND


def test_a_crash_of_pip_is_not_taken_for_success() -> None:
    url = "https://127.0.0.1:8443/simple/"
    crash = (
        f"Looking in indexes: {url}\nERROR: Exception:\nValueError: check_hostname requires server_hostname\n"
    )
    cause = diagnose(crash, url=url, mode=Mode.ONLY, environ={}, succeeded=True)
    assert cause is Cause.ADDRESS_NOT_SUPPORTED


def test_an_unknown_failure_is_not_taken_for_success() -> None:
    url = "https://127.0.0.1:8443/simple/"
    transcript = f"Looking in indexes: {url}\nCould not fetch URL {url}x/: something new - skipping\n"
    assert diagnose(transcript, url=url, mode=Mode.ONLY, environ={}, succeeded=True) is Cause.UNKNOWN


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_has_one_sentence_and_one_action(cause: Cause) -> None:
    assert cause in WORDS
    told = tell(VOICE, cause, "", "https://ada.local:8443/simple/", {})
    sentence, action = told.sentence, told.action
    assert sentence.endswith(".")
    assert action.endswith(".")
    assert "{" not in sentence + action


def test_a_virtual_environments_own_list_that_hides_ours_is_named(
    tmp_path: Path, environ: dict[str, str], authority: Authority, index: Index, pip_conf: Path
) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip_conf.parent.mkdir(parents=True)
    pip_conf.write_text(f"[global]\nextra-index-url = {index.url}\ncert = {authority.certificate_path}\n")
    own = environment / "pip.conf"
    own.write_text("[global]\nextra-index-url = https://company.invalid/simple/\n")
    proof = prove_pip((str(environment / "bin" / "pip"),), Question(index.url, Mode.EXTRA, environ))
    assert proof.cause is Cause.INDEX_HIDDEN, proof.transcript
    assert str(own) in proof.sentence
