"""twine: a repository in .pypirc to upload to, with our certificate; other uploaders read that file too."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from cheeseboard.clients import keyring, pip_conf
from cheeseboard.clients.pip_conf import Unparsable, Wish, same_url
from cheeseboard.clients.plan import Caution, CautionReason, Mode, Scope
from cheeseboard.clients.tool import Entry, Found, KeyringReader, Tool, Written
from cheeseboard.clients.uv import INDEX_NAME, upload_url
from cheeseboard.errors import ClientConfigError, Sentence

_NAME = "twine"
# What twine knows as long as no list is written.
_DEFAULT_SERVERS = {"distutils.index-servers": "pypi testpypi"}
_CREDENTIALS = ("TWINE_USERNAME", "TWINE_PASSWORD")
# requests lets the first two beat what .pypirc says.
_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "TWINE_CERT")


def find(environ: Mapping[str, str]) -> Found:
    """Return the twine that this environment's user would run, and the one file that it reads."""
    home = Path(environ.get("USERPROFILE" if os.name == "nt" else "HOME") or Path.home())
    program = shutil.which("twine", path=environ.get("PATH", os.defpath))
    files = {Scope.USER: (home / ".pypirc",)}
    return Found(_NAME, (program,), f"twine ({program})", files) if program else Found(_NAME, (), "", files)


def edit(path: Path, content: bytes | None, entry: Entry) -> bytes:
    """Return the file's bytes with our repository in it.

    Raises:
        ClientConfigError: twine could not read the file, or it has another repository of our name.
    """
    newline = "\r\n" if sys.platform == "win32" else "\n"
    text = _decode(content)
    try:
        values = pip_conf.read_values(text)
        known = values.get(f"{INDEX_NAME}.repository")
        if known is not None and not same_url(known, upload_url(entry.url)):
            raise _refusal(path, f'it has a repository called "{INDEX_NAME}" with another address')
        servers = Wish("index-servers", INDEX_NAME)
        text = pip_conf.with_value(text, "distutils", servers, _DEFAULT_SERVERS, newline)
        ending = "\r\n" if "\r\n" in text else "\n"
        if known is None:
            gap = "" if text.endswith("\n") else ending
            text += gap + ending + ending.join((*_section(entry), ""))
        elif entry.secret and f"{INDEX_NAME}.password" not in values:
            text = pip_conf.with_value(text, INDEX_NAME, Wish("password", entry.secret), {}, newline)
        pip_conf.read_values(text)
    except Unparsable as error:
        raise _refusal(path, str(error).rstrip(".")) from error
    return _encode(text)


def _section(entry: Entry) -> tuple[str, ...]:
    return (
        f"[{INDEX_NAME}]",
        f"repository = {upload_url(entry.url)}",
        "username = __token__",
        *((f"password = {entry.secret}",) if entry.secret else ()),
        *((f"ca_cert = {entry.bundle}",) if entry.bundle else ()),
    )


def take_out(written: Written, current: bytes) -> bytes:
    """Return the file's bytes without our entries; a password that was added to our section stays.

    Raises:
        ClientConfigError: twine could not read the file as it is now.
    """
    before, after = _decode(written.before), _decode(written.after)
    try:
        return _encode(pip_conf.take_out(_decode(current), before, after, INDEX_NAME))
    except Unparsable as error:
        raise _refusal(written.path, str(error).rstrip(".")) from error


def uses(content: bytes | None, url: str) -> bool:
    """Return whether a file has our repository."""
    return content is not None and pip_conf.mentions(_decode(content), "repository", upload_url(url))


def names_bundle(content: bytes | None, bundle: Path) -> bool:
    """Return whether a file still names this bundle."""
    return content is not None and str(bundle) in _decode(content)


def check(path: Path, entry: Entry) -> str | None:
    """Return None when what was written is there: twine has no command that only reads its file."""
    return None if uses(path.read_bytes(), entry.url) else "twine would not see the repository."


def cautions(path: Path, entry: Entry, environ: Mapping[str, str]) -> tuple[Caution, ...]:
    """Return where the token goes, and the variables that make twine look elsewhere."""
    certificates = [name for name in _CERTIFICATES if environ.get(name)]
    places = ("TWINE_REPOSITORY_URL", "TWINE_REPOSITORY")
    elsewhere = [name for name in places if environ.get(name) not in {None, "", INDEX_NAME}]
    others = [name for name in _CREDENTIALS if environ.get(name)]
    return (
        *((Caution(CautionReason.CREDENTIAL_WRITTEN, str(path)),) if entry.secret else ()),
        *(Caution(CautionReason.CREDENTIAL_OVERRIDDEN, name) for name in others),
        *(Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, name) for name in certificates),
        *(Caution(CautionReason.INDEX_OVERRIDDEN, name) for name in elsewhere),
    )


def _decode(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "surrogateescape")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _refusal(path: Path, why: str) -> ClientConfigError:
    return ClientConfigError(
        Sentence("{path} can't be changed for twine, so it was left alone: {why}.", path=path, why=why),
        _NAME,
        path,
    )


TWINE = Tool(
    _NAME,
    modes=(Mode.EXTRA,),
    uploads=True,
    reads_reasons=True,
    find=find,
    # Our authority is enough: the section counts for our repository alone.
    bundle_sources=lambda _target, _content: ((), False),
    edit=lambda target, content, entry: edit(target.path, content, entry),
    take_out=take_out,
    uses=lambda content, url, _mode: uses(content, url),
    names_bundle=names_bundle,
    check=lambda _command, path, entry, _environ: check(path, entry),
    cautions=lambda target, _after, entry: cautions(target.path, entry, target.environ),
    # twine imports it.
    keyring=KeyringReader(keyring.beside, service=upload_url, named_in_url=False),
)
