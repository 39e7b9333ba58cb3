"""uv: what using our index changes in uv.toml, and whether uv is served by it.

uv asks indexes in order and stops at the first that has the name, so ours, which stands before the
public one, can't be outbid by a higher version there; mode "first" puts it before the user's own too.
It fails on an index that does not answer, even for other packages: the reason why our entry leaves
while nobody serves. ``explicit`` would avoid that, but then only projects that name the index in
``tool.uv.sources`` would find anything.
"""

import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cheeseboard.clients import keyring, uv_toml
from cheeseboard.clients.bundle import system_trusts, trusts
from cheeseboard.clients.pip_conf import same_url, without_user
from cheeseboard.clients.plan import Caution, CautionReason, Mode, Scope
from cheeseboard.clients.proof import Cause, Proof, Voice, nameless, read_failure, tell
from cheeseboard.clients.tool import Entry, Found, KeyringReader, Question, Target, Tool, Written, run_tool
from cheeseboard.errors import ClientConfigError, Sentence

_NAME = "uv"
INDEX_NAME = "cheeseboard"
_PROBE = "cheeseboard-probe"
_PROOF_SECONDS = 60.0
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_VERSION = re.compile(r"^uv (?P<version>\S+)")
_VOICE = Voice(
    tool=_NAME,
    bundles=_CERTIFICATES,
    lists=("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    configuration="UV_CONFIG_FILE",
    inspect="Correct the uv.toml that it names.",
)


# --- asking ------------------------------------------------------------------------------------------


def find(environ: Mapping[str, str]) -> Found:
    """Return the uv that this environment's user would run, and the files that it reads."""
    files = {Scope.USER: (_user_file(environ),), Scope.GLOBAL: (_global_file(environ),)}
    program = shutil.which("uv", path=environ.get("PATH", os.defpath))
    if program is None:
        return Found(_NAME, (), "", files)
    answer = run_tool((program, "--version"), environ)
    match = _VERSION.match(answer.stdout) if answer else None
    version = match["version"] if match else ""
    return Found(_NAME, (program,), f"uv {version} ({program})", files, version)


def _user_file(environ: Mapping[str, str]) -> Path:
    home = Path(environ.get("USERPROFILE" if sys.platform == "win32" else "HOME") or Path.home())
    return uv_toml.user_config(environ, home, sys.platform)


def _global_file(environ: Mapping[str, str]) -> Path:
    if sys.platform == "win32":
        return Path(environ.get("PROGRAMDATA") or "C:\\ProgramData") / "uv" / "uv.toml"
    first = environ.get("XDG_CONFIG_DIRS", "").split(":")[0]
    named = Path(first or "/etc/xdg") / "uv" / "uv.toml"
    return named if first or named.exists() else Path("/etc/uv/uv.toml")


def bundle_sources(environ: Mapping[str, str]) -> tuple[tuple[Path, ...], bool]:
    """Return what SSL_CERT_FILE names now: uv.toml names no certificates, only that variable does."""
    named = environ.get("SSL_CERT_FILE", "")
    return ((Path(named),), False) if named and Path(named).exists() else ((), True)


# --- changing ----------------------------------------------------------------------------------------


def edit(found: Found, path: Path, content: bytes | None, entry: Entry) -> bytes:
    """Return the file's bytes with our index at its end, and with the system's certificates trusted.

    Raises:
        ClientConfigError: uv could not read the file, or it holds indexes in a way that allows no more.
    """
    text = _decode(path, content)
    before = _parse(path, text)
    known = [str(index.get("url", "")) for index in _indexes(before)]
    if entry.keyring:
        _check_keyring(path, before, known, entry.url)
    if any(same_url(url, entry.url) for url in known):
        block: tuple[str, ...] = ()
    else:
        _check_room(path, text, before, entry.mode)
        block = _block(entry)
    named = set(uv_toml.CERTIFICATE_SETTINGS) & before.keys()
    settings = () if named else (uv_toml.certificates_setting(found.version),)
    if entry.keyring and uv_toml.KEYRING_SETTING not in before:
        settings = (*settings, uv_toml.KEYRING_LINE)
    edited = uv_toml.added(text, setting="\n".join(settings), index=block, first=entry.mode is Mode.FIRST)
    _parse(path, edited)
    return edited.encode()


def _block(entry: Entry) -> tuple[str, ...]:
    lines = [
        "[[index]]",
        f'name = "{INDEX_NAME}"',
        f'url = "{entry.url}"',
        f'publish-url = "{upload_url(entry.url)}"',
    ]
    if entry.mode is Mode.ONLY:
        lines.append("default = true")
    return tuple(lines)


def upload_url(url: str) -> str:
    """Return where files are uploaded to, from our Simple API URL."""
    return without_user(url).removesuffix("/").removesuffix("/simple").removesuffix("/legacy") + "/legacy/"


def _check_room(path: Path, text: str, before: Mapping[str, Any], mode: Mode) -> None:
    if "index" in before and not uv_toml.has_index_tables(text):
        raise _refusal(path, "it lists its indexes in one line; write them as [[index]] tables")
    if any(index.get("name") == INDEX_NAME for index in _indexes(before)):
        raise _refusal(path, f'it has an index called "{INDEX_NAME}" with another address')
    if mode is Mode.ONLY and any(index.get("default") for index in _indexes(before)):
        raise _refusal(path, "another index is its default; take that out first")


def _check_keyring(path: Path, before: Mapping[str, Any], known: Sequence[str], url: str) -> None:
    """Refuse a file that keeps uv from looking into the keyring for us."""
    if before.get(uv_toml.KEYRING_SETTING, "subprocess") != "subprocess":
        raise _refusal(path, f'it says {uv_toml.KEYRING_SETTING} = "{before[uv_toml.KEYRING_SETTING]}"')
    if any(same_url(each, url) and each.rstrip("/") != url.rstrip("/") for each in known):
        raise _refusal(path, "it has this index already, without the user name that the keyring goes by")


def take_out(written: Written, current: bytes) -> bytes:
    """Return the file's bytes without our entries, with what others edited since.

    Raises:
        ClientConfigError: uv could not read the file as it is now.
    """
    path = written.path
    text = _decode(path, current)
    _parse(path, text)
    text = uv_toml.without(text, _decode(path, written.before), _decode(path, written.after), written.url)
    _parse(path, text)
    return text.encode()


def uses(content: bytes | None, url: str, mode: Mode) -> bool:
    """Return whether a file has our URL where the mode puts it."""
    try:
        values = tomllib.loads((content or b"").decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False
    return any(
        same_url(str(index.get("url", "")), url) and (mode is not Mode.ONLY or bool(index.get("default")))
        for index in _indexes(values)
    )


def check(command: Sequence[str], path: Path, environ: Mapping[str, str]) -> str | None:
    """Let the real uv read the file; return None when it accepts it, else what it says."""
    if not command:
        return None
    listing = {name: value for name, value in environ.items() if name != "UV_NO_CONFIG"}
    answer = run_tool((*command, "--config-file", str(path), "cache", "dir"), listing)
    if answer is None:
        return "uv could not be run to check it."
    return None if answer.returncode == 0 else "uv says: " + " ".join(answer.stderr.split())[:400]


# --- cautions ----------------------------------------------------------------------------------------


def cautions(target: Target, after: bytes, entry: Entry) -> tuple[Caution, ...]:
    """Return what keeps uv from asking us, or from asking us safely."""
    path, environ = target.path, target.environ
    values = _parse(path, _decode(path, after))
    return (
        *_overriding_files(target.scope, environ),
        *_trust(entry, target.ca_pem, environ),
        *(_other_indexes(path, values, entry, environ) if entry.mode is Mode.ONLY else ()),
        *_dangers(path, values, entry, environ),
    )


def _overriding_files(scope: Scope, environ: Mapping[str, str]) -> Iterator[Caution]:
    for variable in ("UV_CONFIG_FILE", "UV_NO_CONFIG"):
        if environ.get(variable) and (scope is Scope.USER or variable == "UV_NO_CONFIG"):
            yield Caution(CautionReason.CONFIG_FILE_OVERRIDDEN, variable)


def _trust(entry: Entry, ca_pem: bytes, environ: Mapping[str, str]) -> Iterator[Caution]:
    named = next((name for name in _CERTIFICATES if environ.get(name)), None)
    if named and not trusts(Path(environ[named]), ca_pem):
        yield Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, named)
    if not named and not system_trusts(ca_pem):
        yield Caution(CautionReason.CA_NOT_TRUSTED, f"SSL_CERT_FILE={entry.bundle}")


def _other_indexes(
    path: Path, values: Mapping[str, Any], entry: Entry, environ: Mapping[str, str]
) -> Iterator[Caution]:
    for variable in _VOICE.lists:
        if environ.get(variable) and not same_url(environ[variable], entry.url):
            yield Caution(CautionReason.INDEX_OVERRIDDEN, variable)
    for variable in ("UV_INDEX", "UV_EXTRA_INDEX_URL"):
        if environ.get(variable):
            yield Caution(CautionReason.OTHER_INDEXES, variable)
    if any(not same_url(str(index.get("url", "")), entry.url) for index in _indexes(values)):
        yield Caution(CautionReason.OTHER_INDEXES, f"[[index]] in {path}")


def _dangers(
    path: Path, values: Mapping[str, Any], entry: Entry, environ: Mapping[str, str]
) -> Iterator[Caution]:
    if values.get("no-index") is True:
        yield Caution(CautionReason.NO_INDEX, f"no-index in {path}")
    host = entry.url.partition("://")[2].partition("/")[0]
    ours = {host, host.rpartition(":")[0]}
    if ours & set(values.get("allow-insecure-host", [])):
        yield Caution(CautionReason.TRUSTED_HOST, f"allow-insecure-host in {path}")
    if ours & set(environ.get("UV_INSECURE_HOST", "").split()):
        yield Caution(CautionReason.TRUSTED_HOST, "UV_INSECURE_HOST")


# --- proof -------------------------------------------------------------------------------------------


def prove(question: Question) -> tuple[Proof, ...]:
    """Let uv resolve something from our index, with all that the user's environment and files say."""
    url, environ, requirement = question.url, question.environ, question.requirement
    found = find(environ)
    if not found.command:
        return (tell(_VOICE, Cause.TOOL_NOT_FOUND, "", url, environ),)
    with tempfile.TemporaryDirectory(prefix="cheeseboard-proof-") as name:
        place = Path(name)
        (place / "requirements.in").write_text((requirement or _PROBE) + "\n", "utf-8")
        (place / "empty").mkdir()
        arguments = ["pip", "compile", "-v", "--no-cache", "--no-deps", "--no-build", "requirements.in"]
        if question.mode is not Mode.ONLY:
            # Instead of the public index, which is not to be asked for a name that is ours.
            arguments += ["--default-index", (place / "empty").as_uri()]
        settings = {"UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}
        answer = run_tool(
            [*found.command, *arguments], {**environ, **settings}, directory=place, seconds=_PROOF_SECONDS
        )
    if answer is None:
        return (tell(_VOICE, Cause.UNREACHABLE, "uv did not end in time.", url, environ, found.label),)
    transcript = answer.stdout + answer.stderr
    served = answer.returncode == 0 or requirement is None
    cause = diagnose(transcript, url=url, environ=environ, succeeded=served)
    return (tell(_VOICE, cause, transcript, url, environ, found.label),)


_TOLD: tuple[tuple[str, Cause], ...] = (
    (r"index lookups were disabled", Cause.NO_INDEX),
    (r"No interpreter found|Python interpreter at|inspect Python interpreter", Cause.PYTHON_NOT_FOUND),
    (r"No CA certificates were loaded", Cause.CA_BUNDLE_MISSING),
    # As uv before 0.7 puts it.
    (r"queried\s+due\s+to\s+a\s+lack\s+of\s+valid\s+authentication", Cause.NOT_AUTHORIZED),
)


def diagnose(transcript: str, *, url: str, environ: Mapping[str, str], succeeded: bool) -> Cause | None:
    """Return why uv was not served by our index, or None when it was; from what it printed with ``-v``."""
    transcript, url = nameless(transcript), without_user(url)
    if re.search(r"Failed to parse: .*\.toml|TOML parse error", transcript):
        return Cause.CONFIGURATION_REFUSED
    # uv 0.6 to 0.11 draw a cross before some failures, and all before 0.13 put addresses in backticks.
    ends = [match.start() for match in re.finditer(r"(?m)^(?:error: |  \u00d7 )", transcript)]
    failure = transcript[ends[-1] :] if ends else ""
    told = next((cause for sign, cause in _TOLD if re.search(sign, failure)), None)
    if told is not None:
        return told
    page = re.escape(url.rstrip("/") + "/") + r"[^/\s]+/"
    if not re.search(rf"(?:request for|Failed to fetch|No cache entry for): `?{page}", transcript):
        return _why_not_asked(environ)
    refused = re.search(r"(?:status code failure: |HTTP status \w+ error \()(?!404)(\d+ [^)\n]*)", transcript)
    if refused or re.search(rf"{page}|not found in the cache|error sending request", failure):
        return read_failure(f"{refused[1]} " if refused else failure, _VOICE, environ)
    return None if succeeded else Cause.NO_SUITABLE_FILE


def _why_not_asked(environ: Mapping[str, str]) -> Cause:
    if environ.get("UV_CONFIG_FILE") or environ.get("UV_NO_CONFIG"):
        return Cause.CONFIG_FILE_OVERRIDDEN
    if environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL"):
        return Cause.INDEX_OVERRIDDEN
    return Cause.NOT_CONFIGURED


# --- text --------------------------------------------------------------------------------------------


def _decode(path: Path, content: bytes | None) -> str:
    try:
        return (content or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal(path, "it is not UTF-8") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise _refusal(path, str(error).rstrip(".")) from error


def _refusal(path: Path, why: str) -> ClientConfigError:
    return ClientConfigError(
        Sentence("{path} can't be changed for uv, so it was left alone: {why}.", path=path, why=why),
        _NAME,
        path,
    )


def _indexes(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    indexes = values.get("index", [])
    return [index for index in indexes if isinstance(index, dict)] if isinstance(indexes, list) else []


UV = Tool(
    _NAME,
    modes=(Mode.EXTRA, Mode.FIRST, Mode.ONLY),
    find=find,
    bundle_sources=lambda target, _content: bundle_sources(target.environ),
    edit=lambda target, content, entry: edit(target.found, target.path, content, entry),
    take_out=take_out,
    uses=uses,
    # A shell's start-up file may name it in SSL_CERT_FILE, which nobody can know.
    names_bundle=lambda _content, _bundle: True,
    check=lambda command, path, _entry, environ: check(command, path, environ),
    cautions=cautions,
    prove=prove,
    keyring=KeyringReader(keyring.on_path, service=without_user, named_in_url=True),
)
