"""What joining a private repository takes besides: a token, asked for and kept in netrc, for pip and uv.

join.py sends this file to Python 3.8 and newer: standard library only.
"""

from __future__ import annotations

import base64
import getpass
import os
import ssl
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from cheeseboard.clients.join_files import FACTS, Refused, Step, Written, decoded, encoded, missing, read, say
from cheeseboard.clients.netrc_text import (
    UnusableNetrc,
    known_secret,
    machine_line,
    with_machine,
    without_line,
)

NETRC_USER = "__token__"
TOKEN_VARIABLE = "CHEESEBOARD_TOKEN"  # noqa: S105 # a variable's name
_TRIES = 3


def wanted_token(url: str, given: str) -> str:
    """Return the token to keep; "" where anybody may read.

    Args:
        url: The Simple API URL.
        given: The one in the line; "" for none.

    Raises:
        Refused: A token is needed, and there is none that is valid.
    """
    if not _is_refused(url, ""):
        return ""
    for token in (given, os.environ.get(TOKEN_VARIABLE, ""), _kept_token(url)):
        if token and not _is_refused(url, token):
            return token
    if sys.stdin is not None and sys.stdin.isatty():
        say("Reading this repository needs a token: its owner makes one. It stays hidden as you paste.")
        for _ in range(_TRIES):
            try:
                token = getpass.getpass("Token: ").strip()
            except EOFError:  # nobody is there to type
                break
            if token and not _is_refused(url, token):
                return token
            say("The repository does not know this token.", error=True)
    raise Refused(
        "Reading this repository needs a token that is valid. Ask its owner for one, then paste the line "
        f"again in a terminal, or put the token into the variable {TOKEN_VARIABLE}."
    )


def plan_token(url: str, token: str, written: Written | None) -> Step:
    """Return what changes in the netrc.

    Raises:
        Refused: It can't be changed, and why.
    """
    path = _netrc_path()
    former = written if written and written.path == path else None
    before = without_token(former, read(path)) if former else read(path)
    try:
        after = encoded(with_machine(decoded(before), _machine(url), NETRC_USER, token))
    except UnusableNetrc as error:
        raise Refused(f"{path} can't take the token: {error}.") from error
    made = former.made if former else tuple(missing(path.resolve().parent))
    note = f"Programs that read {path.name} give the token to any server at {_machine(url)}."
    return Step("netrc", "netrc", (), path, before, after, made, None, b"", (note,))


def without_token(written: Written, current: bytes | None) -> bytes | None:
    """Return the file's bytes without our line; what others edited since stays.

    Raises:
        Refused: Our entry was changed.
    """
    if current is None or current in (written.after, written.before):
        return written.before
    try:
        ours = known_secret(decoded(written.after), _machine(written.url))
        if ours is None:
            return current
        rest = without_line(decoded(current), machine_line(_machine(written.url), *ours))
    except UnusableNetrc as error:
        raise Refused(f"{written.path}: {error}.") from error
    return None if written.before is None and not rest.strip() else encoded(rest)


def close_to_others(path: Path) -> None:
    """Let nobody else read a file that exists, before a token is written into it."""
    if os.name == "posix" and path.exists():
        path.chmod(path.stat().st_mode & ~0o077)


def _kept_token(url: str) -> str:
    try:
        found = known_secret(decoded(read(_netrc_path())), _machine(url))
    except UnusableNetrc:
        return ""
    return found[1] if found and found[0] == NETRC_USER else ""


def _is_refused(url: str, token: str) -> bool:
    """Return whether the repository wants another token than this, or one at all."""
    request = urllib.request.Request(url)  # noqa: S310 # check_server has seen that it is https
    if token:
        credentials = base64.b64encode(f"{NETRC_USER}:{token}".encode()).decode()
        request.add_header("Authorization", "Basic " + credentials)
    context = ssl.create_default_context(cadata=FACTS["ca"])
    handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=30):
            return False
    except urllib.error.HTTPError as error:
        if error.code == 429:
            raise Refused("Too many wrong tokens came from this computer. Try again in a minute.") from error
        # 403: a token for some projects, which may not see the list of all.
        return error.code == 401
    except (OSError, ValueError) as error:
        raise Refused(f"The repository does not answer: {error}.") from error


def _machine(url: str) -> str:
    return urlsplit(url).hostname or ""


def _netrc_path() -> Path:
    named = os.environ.get("NETRC")
    places = [Path.home() / name for name in (".netrc", "_netrc")]
    return Path(named).expanduser() if named else next((each for each in places if each.exists()), places[0])
