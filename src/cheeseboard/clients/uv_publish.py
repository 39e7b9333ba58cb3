"""uv publish: our own token in uv's store of credentials, for the address that files are uploaded to.

What ``uv auth login`` would write, but for /legacy/ alone: uv then sends it nowhere else, and installing
needs none. uv since 0.8.15 reads this store.
"""

import os
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from cheeseboard.clients.plan import Caution, CautionReason, Mode, Scope
from cheeseboard.clients.tool import Entry, Found, Tool, Written, run_tool
from cheeseboard.clients.uv import bundle_sources, upload_url
from cheeseboard.errors import ClientConfigError, Sentence

_NAME = "uv-publish"
USER = "__token__"
_FILE = "credentials.toml"
_OVERRIDING = ("UV_PUBLISH_TOKEN", "UV_PUBLISH_USERNAME", "UV_PUBLISH_PASSWORD")
_ELSEWHERE = ("UV_PUBLISH_URL", "UV_PUBLISH_INDEX")


def find(environ: Mapping[str, str]) -> Found:
    """Return the uv that this environment's user would run, and where it keeps credentials."""
    program = shutil.which("uv", path=environ.get("PATH", os.defpath))
    answer = run_tool((program, "auth", "dir"), environ) if program else None
    told = answer.stdout.strip() if answer and answer.returncode == 0 else ""
    directory = Path(told) if told else _usual_directory(environ)
    files = {Scope.USER: (directory / _FILE,)}
    if not program or not told:
        return Found(_NAME, (), "", files)
    return Found(_NAME, (program,), f"uv publish ({program})", files)


def _usual_directory(environ: Mapping[str, str]) -> Path:
    if environ.get("UV_CREDENTIALS_DIR"):
        return Path(environ["UV_CREDENTIALS_DIR"])
    home = Path(environ.get("USERPROFILE" if sys.platform == "win32" else "HOME") or Path.home())
    if sys.platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "uv" / "data" / "credentials"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "uv" / "credentials"


def edit(path: Path, content: bytes | None, entry: Entry) -> bytes:
    """Return the file's bytes with our token in it.

    Raises:
        ClientConfigError: uv could not read the file, or it has another token for our address.
    """
    text = _decode(path, content)
    ours = _ours(_parse(path, text), entry.url)
    if any(each.get("password") == entry.secret for each in ours):
        return text.encode()
    if ours:
        raise _refusal(path, f"it has another password for {upload_url(entry.url)}")
    ending = "\r\n" if "\r\n" in text else "\n"
    gap = ending * (not text.endswith("\n")) + ending if text.strip() else ""
    edited = text + gap + ending.join((*_block(entry), ""))
    _parse(path, edited)
    return edited.encode()


def _block(entry: Entry) -> tuple[str, ...]:
    return (
        "[[credential]]",
        f'service = "{upload_url(entry.url)}"',
        f'username = "{USER}"',
        'scheme = "basic"',
        f'password = "{entry.secret}"',
    )


def take_out(written: Written, current: bytes) -> bytes:
    """Return the file's bytes without our token, with what others, uv itself above all, edited since.

    Raises:
        ClientConfigError: uv could not read the file as it is now.
    """
    path, url = written.path, written.url
    text = _decode(path, current)
    passwords = {each.get("password") for each in _ours(_parse(path, _decode(path, written.after)), url)}
    try:
        document = tomlkit.parse(text)
        credentials = document.get("credential")
        if not isinstance(credentials, AoT):
            return current
        kept = [
            each
            for each in credentials
            if each.get("service") != upload_url(url) or each.get("password") not in passwords
        ]
        if len(kept) == len(credentials):
            return current
        for each in [each for each in credentials if each not in kept]:
            credentials.remove(each)
        if not kept:
            document.remove("credential")
        return tomlkit.dumps(document).encode()
    except TOMLKitError as error:
        raise _refusal(path, str(error).rstrip(".")) from error


def uses(content: bytes | None, url: str) -> bool:
    """Return whether a file has a token for our address."""
    try:
        return bool(_ours(tomllib.loads((content or b"").decode()), url))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def check(command: Sequence[str], path: Path, entry: Entry, environ: Mapping[str, str]) -> str | None:
    """Let the real uv look the token up; return None when it finds it, else what it says."""
    if not command:
        return None
    look_up = (*command, "auth", "token", upload_url(entry.url), "--username", USER)
    # In a copy: uv leaves a lock beside what it reads, which undo would not take away.
    with tempfile.TemporaryDirectory(prefix="cheeseboard-uv-") as directory:
        shutil.copyfile(path, Path(directory) / _FILE)
        answer = run_tool(look_up, {**environ, "UV_CREDENTIALS_DIR": directory})
    if answer is None:
        return "uv could not be run to check it."
    if answer.returncode == 0 and entry.secret in answer.stdout:
        return None
    return "uv says: " + " ".join(answer.stderr.split())[:400]


def cautions(path: Path, environ: Mapping[str, str]) -> tuple[Caution, ...]:
    """Return where the token goes, and the variables that make uv use another or upload elsewhere."""
    return (
        Caution(CautionReason.CREDENTIAL_WRITTEN, str(path)),
        *(Caution(CautionReason.CREDENTIAL_OVERRIDDEN, name) for name in _OVERRIDING if environ.get(name)),
        *(Caution(CautionReason.INDEX_OVERRIDDEN, name) for name in _ELSEWHERE if environ.get(name)),
    )


def _ours(values: Mapping[str, Any], url: str) -> list[Mapping[str, Any]]:
    known = values.get("credential", [])
    entries = [each for each in known if isinstance(each, dict)] if isinstance(known, list) else []
    return [each for each in entries if each.get("service") == upload_url(url)]


def _decode(path: Path, content: bytes | None) -> str:
    try:
        return (content or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal(path, "it is not UTF-8") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise _refusal(path, str(error).rstrip(".")) from error


def _refusal(path: Path, why: str) -> ClientConfigError:
    return ClientConfigError(
        Sentence(
            "{path} can't take the token for this repository, so it was left alone: {why}.",
            path=path,
            why=why,
        ),
        _NAME,
        path,
    )


UV_PUBLISH = Tool(
    _NAME,
    modes=(Mode.EXTRA,),
    uploads=True,
    find=find,
    # No file of uv's names certificates: whoever publishes sets SSL_CERT_FILE to this one.
    bundle_sources=lambda target, _content: bundle_sources(target.environ),
    names_bundle=lambda _content, _bundle: True,
    edit=lambda target, content, entry: edit(target.path, content, entry),
    take_out=take_out,
    uses=lambda content, url, _mode: uses(content, url),
    check=check,
    cautions=lambda target, _after, _entry: cautions(target.path, target.environ),
)
