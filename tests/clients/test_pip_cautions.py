"""What is said when something keeps pip from us although its file names us."""

from pathlib import Path

import pytest

from cheeseboard.clients.pip import Inherited, Values
from cheeseboard.clients.pip_cautions import find_cautions
from cheeseboard.clients.plan import Caution, CautionReason, Mode, Scope
from cheeseboard.tls.authority import Authority

URL = "https://ada-laptop.local:8443/simple/"
USER = Path("/home/ada/.config/pip/pip.conf")
SITE = Path("/venv/pip.conf")


def cautions(
    authority: Authority,
    *,
    mode: Mode = Mode.EXTRA,
    scope: Scope = Scope.USER,
    user: Values | None = None,
    site: Values | None = None,
    environ: dict[str, str] | None = None,
) -> tuple[Caution, ...]:
    return find_cautions(
        url=URL,
        ca_pem=authority.certificate_pem,
        mode=mode,
        scope=scope,
        target=(USER, user or {}),
        inherited=Inherited((), ((SITE, site or {}),)),
        environ=environ or {},
    )


def test_a_plain_environment_gives_no_caution(authority: Authority) -> None:
    user = {"global.extra-index-url": URL, "global.trusted-host": "elsewhere.example"}
    assert cautions(authority, user=user, environ={"PIP_NO_INDEX": "0", "PIP_EXTRA_INDEX_URL": ""}) == ()


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"])
def test_a_bundle_in_the_environment_beats_ours(authority: Authority, variable: str, tmp_path: Path) -> None:
    found = cautions(authority, environ={variable: str(tmp_path / "company.pem")})
    assert found == (Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, variable),)


def test_a_bundle_in_the_environment_that_trusts_us_is_fine(authority: Authority) -> None:
    assert cautions(authority, environ={"REQUESTS_CA_BUNDLE": str(authority.certificate_path)}) == ()


def test_another_configuration_file_hides_the_users(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "pip.conf").touch()
    environ = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    expected = (Caution(CautionReason.CONFIG_FILE_OVERRIDDEN, "PIP_CONFIG_FILE"),)
    assert cautions(authority, environ=environ) == expected
    assert cautions(authority, environ={"PIP_CONFIG_FILE": str(tmp_path / "missing")}) == ()


def test_an_environments_list_hides_ours(authority: Authority) -> None:
    environ = {"PIP_EXTRA_INDEX_URL": "https://a.example"}
    assert cautions(authority, environ=environ) == (
        Caution(CautionReason.INDEX_OVERRIDDEN, "PIP_EXTRA_INDEX_URL"),
    )
    assert cautions(authority, environ={"PIP_EXTRA_INDEX_URL": f"https://a.example {URL}"}) == ()


def test_the_variable_for_the_index_matters_to_the_only_mode(authority: Authority) -> None:
    environ = {"PIP_INDEX_URL": "https://a.example"}
    assert cautions(authority, environ=environ) == ()
    assert cautions(authority, mode=Mode.ONLY, environ=environ) == (
        Caution(CautionReason.INDEX_OVERRIDDEN, "PIP_INDEX_URL"),
    )


def test_a_virtual_environments_list_hides_ours(authority: Authority) -> None:
    found = cautions(authority, site={"install.extra-index-url": "https://a.example"})
    assert found == (Caution(CautionReason.INDEX_OVERRIDDEN, f"extra-index-url in {SITE}"),)


@pytest.mark.parametrize("host", ["ada-laptop.local", "ADA-laptop.local:8443"])
def test_switched_off_verification_is_said(authority: Authority, host: str) -> None:
    found = cautions(authority, user={"global.trusted-host": f"x.example\n{host}"})
    assert found == (Caution(CautionReason.TRUSTED_HOST, f"trusted-host in {USER}"),)


def test_switched_off_indexes_are_said(authority: Authority) -> None:
    assert cautions(authority, user={"install.no-index": "Yes"}) == (
        Caution(CautionReason.NO_INDEX, f"no-index in {USER}"),
    )


def test_other_indexes_beside_the_only_one_are_said(authority: Authority) -> None:
    found = cautions(authority, mode=Mode.ONLY, user={"global.extra-index-url": "https://a.example"})
    assert found == (Caution(CautionReason.OTHER_INDEXES, f"extra-index-url in {USER}"),)
