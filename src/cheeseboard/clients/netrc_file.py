"""netrc: where pip, and uv too, find the token for a repository that is private; never pip.conf itself.

Not told by itself: it goes along with the installers that need it, and leaves with the last of them.
"""

import sys
from collections.abc import Mapping, Sequence
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
from cheeseboard.clients.proof import Proof
from cheeseboard.clients.tool import Entry, Found
from cheeseboard.errors import ClientConfigError

TOOL = "netrc"
MODES = tuple(Mode)
UPLOADS = False
USER = "__token__"
_NAMES = (".netrc", "_netrc")


def find(environ: Mapping[str, str]) -> Found:
    """Return the one file that installers read: the one that NETRC names, else the user's own."""
    home = Path(environ.get("USERPROFILE" if sys.platform == "win32" else "HOME") or Path.home())
    named = environ.get("NETRC")
    usual = next((home / name for name in _NAMES if (home / name).exists()), home / _NAMES[0])
    return Found(TOOL, (), "", {Scope.USER: (Path(named).expanduser() if named else usual,)})


def bundle_sources(
    found: Found,  # noqa: ARG001 # the interface of all tools
    path: Path,  # noqa: ARG001
    content: bytes | None,  # noqa: ARG001
    environ: Mapping[str, str],  # noqa: ARG001
) -> None:
    """Return that no certificates are named here."""
    return


def edit(found: Found, path: Path, content: bytes | None, entry: Entry) -> bytes:  # noqa: ARG001
    """Return the file's bytes with our host's line in it.

    Raises:
        ClientConfigError: Installers could not read the file, or it has another password for our host.
    """
    try:
        return _encode(with_machine(_decode(content), _host(entry.url), USER, entry.secret))
    except UnusableNetrc as error:
        raise _refusal(path, str(error)) from error


def take_out(path: Path, current: bytes, before: bytes | None, after: bytes, url: str) -> bytes:  # noqa: ARG001
    """Return the file's bytes without our line.

    Raises:
        ClientConfigError: Our entry was changed.
    """
    try:
        ours = known_secret(_decode(after), _host(url))
        if ours is None:
            return current
        return _encode(without_line(_decode(current), machine_line(_host(url), *ours)))
    except UnusableNetrc as error:
        raise _refusal(path, str(error)) from error


def uses(content: bytes | None, url: str, mode: Mode) -> bool:  # noqa: ARG001 # the interface of all tools
    """Return whether a file has a line for our host."""
    try:
        return content is not None and known_secret(_decode(content), _host(url)) is not None
    except UnusableNetrc:
        return False


def names_bundle(content: bytes | None, bundle: Path) -> bool:  # noqa: ARG001 # the interface of all tools
    """Return False: it names no certificates."""
    return False


def check(
    command: Sequence[str],  # noqa: ARG001 # the interface of all tools
    path: Path,
    entry: Entry,
    environ: Mapping[str, str],  # noqa: ARG001
) -> str | None:
    """Return None when Python's own reader, which pip has, finds our line, else what it says."""
    try:
        found = known_secret(_decode(path.read_bytes()), _host(entry.url))
    except UnusableNetrc as error:
        return str(error).capitalize() + "."
    return None if found == (USER, entry.secret) else "The token would not be found in it."


def cautions(
    found: Found,  # noqa: ARG001 # the interface of all tools
    path: Path,
    after: bytes,  # noqa: ARG001
    entry: Entry,
    *,
    scope: Scope,  # noqa: ARG001
    ca_pem: bytes,  # noqa: ARG001
    environ: Mapping[str, str],  # noqa: ARG001
) -> tuple[Caution, ...]:
    """Return where the token goes, and who is shown it besides: a netrc knows hosts, but no ports."""
    return (
        Caution(CautionReason.CREDENTIAL_WRITTEN, str(path)),
        Caution(CautionReason.CREDENTIAL_FOR_HOST, _host(entry.url)),
    )


def prove(
    *,
    url: str,  # noqa: ARG001 # the interface of all tools
    mode: Mode,  # noqa: ARG001
    environ: Mapping[str, str],  # noqa: ARG001
    requirement: str | None,  # noqa: ARG001
) -> tuple[Proof, ...]:
    """Return nothing: the installers that read it prove it."""
    return ()


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _decode(content: bytes | None) -> str:
    return (content or b"").decode("utf-8", "surrogateescape")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _refusal(path: Path, why: str) -> ClientConfigError:
    return ClientConfigError(
        f"{path} can't take the token for this repository, so it was left alone: {why}.", TOOL, path
    )
