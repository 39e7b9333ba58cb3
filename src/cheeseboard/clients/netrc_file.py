"""netrc: where pip, and uv too, find the token for a repository that is private; never pip.conf itself.

Not told by itself: it goes along with the installers that need it, and leaves with the last of them.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cheeseboard.clients.netrc_text import (
    UnusableNetrc,
    known_secret,
    machine_line,
    with_machine,
    without_line,
)
from cheeseboard.clients.plan import Caution, CautionReason, Mode, Scope
from cheeseboard.clients.tool import Entry, Found, Tool, Written
from cheeseboard.errors import ClientConfigError, Sentence

_NAME = "netrc"
USER = "__token__"
_NAMES = (".netrc", "_netrc")


def find(environ: Mapping[str, str]) -> Found:
    """Return the one file that installers read: the one that NETRC names, else the user's own."""
    home = Path(environ.get("USERPROFILE" if sys.platform == "win32" else "HOME") or Path.home())
    named = environ.get("NETRC")
    usual = next((home / name for name in _NAMES if (home / name).exists()), home / _NAMES[0])
    return Found(_NAME, (), "", {Scope.USER: (Path(named).expanduser() if named else usual,)})


def edit(path: Path, content: bytes | None, entry: Entry) -> bytes:
    """Return the file's bytes with our host's line in it.

    Raises:
        ClientConfigError: Installers could not read the file, or it has another password for our host.
    """
    try:
        return _encode(with_machine(_decode(content), _host(entry.url), USER, entry.secret))
    except UnusableNetrc as error:
        raise _refusal(path, str(error)) from error


def take_out(written: Written, current: bytes) -> bytes:
    """Return the file's bytes without our line.

    Raises:
        ClientConfigError: Our entry was changed.
    """
    host = _host(written.url)
    try:
        ours = known_secret(_decode(written.after), host)
        if ours is None:
            return current
        return _encode(without_line(_decode(current), machine_line(host, *ours)))
    except UnusableNetrc as error:
        raise _refusal(written.path, str(error)) from error


def uses(content: bytes | None, url: str) -> bool:
    """Return whether a file has a line for our host."""
    try:
        return content is not None and known_secret(_decode(content), _host(url)) is not None
    except UnusableNetrc:
        return False


def check(path: Path, entry: Entry) -> str | None:
    """Return None when Python's own reader, which pip has, finds our line, else what it says."""
    try:
        found = known_secret(_decode(path.read_bytes()), _host(entry.url))
    except UnusableNetrc as error:
        return str(error).capitalize() + "."
    return None if found == (USER, entry.secret) else "The token would not be found in it."


def cautions(path: Path, url: str) -> tuple[Caution, ...]:
    """Return where the token goes, and who is shown it besides: a netrc knows hosts, but no ports."""
    return (
        Caution(CautionReason.CREDENTIAL_WRITTEN, str(path)),
        Caution(CautionReason.CREDENTIAL_FOR_HOST, _host(url)),
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _decode(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "surrogateescape")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


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


NETRC = Tool(
    _NAME,
    modes=tuple(Mode),
    find=find,
    edit=lambda target, content, entry: edit(target.path, content, entry),
    take_out=take_out,
    uses=lambda content, url, _mode: uses(content, url),
    check=lambda _command, path, entry, _environ: check(path, entry),
    cautions=lambda target, _after, entry: cautions(target.path, entry.url),
)
