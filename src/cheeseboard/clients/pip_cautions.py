"""What keeps pip from asking our index, or from asking it safely, although its file says so."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cheeseboard.clients.bundle import trusts
from cheeseboard.clients.pip import Inherited, Values, expand_home
from cheeseboard.clients.pip_conf import GLOBAL, INDEX_COMMANDS, same_url
from cheeseboard.clients.plan import Caution, CautionReason, Mode, Scope

# requests lets the first two beat what pip's configuration says.
_BUNDLE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")
_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})


def find_cautions(
    *,
    url: str,
    ca_pem: bytes,
    mode: Mode,
    scope: Scope,
    target: tuple[Path, Values],
    inherited: Inherited,
    environ: Mapping[str, str],
) -> tuple[Caution, ...]:
    """Return what the user should know.

    Args:
        url: Our Simple API URL.
        ca_pem: Our authority, PEM.
        mode: How pip shall look here.
        scope: Whose configuration is written.
        target: The file that is written, and what it will say.
        inherited: What the other files say.
        environ: The user's environment.
    """
    stronger = inherited.stronger
    found: list[Caution] = []
    named = environ.get("PIP_CONFIG_FILE")
    if named and Path(named).exists() and (scope is Scope.USER or named == os.devnull):
        found.append(Caution(CautionReason.CONFIG_FILE_OVERRIDDEN, "PIP_CONFIG_FILE"))
    found += _bundles(stronger, ca_pem, environ)
    found += _hidden(stronger, url, mode, environ)
    for path, values in (*inherited.weaker, target, *stronger):
        found += _dangers(path, values, url, mode)
    found += _variables(environ, url, mode)
    return tuple(dict.fromkeys(found))


def _bundles(
    stronger: tuple[tuple[Path, Values], ...], ca_pem: bytes, environ: Mapping[str, str]
) -> Iterator[Caution]:
    named = [(variable, environ.get(variable, "")) for variable in _BUNDLE_VARIABLES]
    named += [(f"cert in {path}", value) for path, values in stronger for value in _said(values, "cert")]
    for detail, bundle in named:
        if bundle and not trusts(Path(expand_home(bundle, environ)), ca_pem):
            yield Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, detail)


def _hidden(
    stronger: tuple[tuple[Path, Values], ...], url: str, mode: Mode, environ: Mapping[str, str]
) -> Iterator[Caution]:
    option, variable = (
        ("extra-index-url", "PIP_EXTRA_INDEX_URL") if mode is Mode.EXTRA else ("index-url", "PIP_INDEX_URL")
    )
    said = [(variable, environ.get(variable, ""))]
    said += [(f"{option} in {path}", value) for path, values in stronger for value in _said(values, option)]
    for detail, value in said:
        if value and not _names(value, url):
            yield Caution(CautionReason.INDEX_OVERRIDDEN, detail)


def _dangers(path: Path, values: Values, url: str, mode: Mode) -> Iterator[Caution]:
    for value in _said(values, "trusted-host"):
        if _is_trusted_host(value, url):
            yield Caution(CautionReason.TRUSTED_HOST, f"trusted-host in {path}")
    for value in _said(values, "no-index"):
        if value.lower() in _TRUE:
            yield Caution(CautionReason.NO_INDEX, f"no-index in {path}")
    if mode is Mode.ONLY:
        for value in _said(values, "extra-index-url"):
            if _names_another(value, url):
                yield Caution(CautionReason.OTHER_INDEXES, f"extra-index-url in {path}")


def _variables(environ: Mapping[str, str], url: str, mode: Mode) -> Iterator[Caution]:
    if _is_trusted_host(environ.get("PIP_TRUSTED_HOST", ""), url):
        yield Caution(CautionReason.TRUSTED_HOST, "PIP_TRUSTED_HOST")
    if environ.get("PIP_NO_INDEX", "").lower() in _TRUE:
        yield Caution(CautionReason.NO_INDEX, "PIP_NO_INDEX")
    if mode is Mode.ONLY and _names_another(environ.get("PIP_EXTRA_INDEX_URL", ""), url):
        yield Caution(CautionReason.OTHER_INDEXES, "PIP_EXTRA_INDEX_URL")


def _said(values: Values, option: str) -> list[str]:
    """Return the values of an option in all sections that matter; pip ignores empty ones."""
    said = [values.get(f"{section}.{option}", "") for section in (GLOBAL, *sorted(INDEX_COMMANDS))]
    return [value for value in said if value]


def _names(value: str, url: str) -> bool:
    return any(same_url(word, url) for word in value.split())


def _names_another(value: str, url: str) -> bool:
    return any(not same_url(word, url) for word in value.split())


def _is_trusted_host(value: str, url: str) -> bool:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    bracketed = f"[{host}]" if ":" in host else host
    ours = {host, bracketed, f"{bracketed}:{parts.port}"}
    return any(word.lower() in ours for word in value.split())
