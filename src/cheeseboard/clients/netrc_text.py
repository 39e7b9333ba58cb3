"""A netrc as text: one machine's line put in and taken out, so that all else stays.

Pure: text in, text out. Our line goes first: behind it could be a ``default``, which some readers stop
at, or a macro, which only an empty line ends.

The join script carries this file to Python 3.8 as it is (see join.py): standard library only.
"""

from __future__ import annotations

import netrc
import tempfile
from pathlib import Path

_NETRC_MARK = "\ufeff"


class UnusableNetrc(ValueError):
    """Installers could not read this text, or it has another secret for this machine; the message says so."""


def machine_line(machine: str, login: str, secret: str) -> str:
    """Return what a netrc holds for one machine; none of the words may hold white space."""
    return f"machine {machine} login {login} password {secret}"


def known_secret(text: str, machine: str) -> tuple[str, str] | None:
    """Return login and password that a text has for a machine; None when it has none of its own.

    Raises:
        UnusableNetrc: It is no netrc.
    """
    with tempfile.TemporaryDirectory(prefix="cheeseboard-netrc-") as directory:
        path = Path(directory) / "netrc"
        path.touch(mode=0o600)
        path.write_text(text.lstrip(_NETRC_MARK), "utf-8", "surrogateescape")
        try:
            found = netrc.netrc(str(path)).hosts.get(machine)
        except (netrc.NetrcParseError, UnicodeDecodeError) as error:
            # Not in netrc's own words: they repeat what it stumbled over, which may be half a password.
            line = getattr(error, "lineno", None)
            why = "it is not UTF-8" if line is None else f"nothing is understood from line {line} on"
            raise UnusableNetrc(f"it can't be read ({why})") from error
    return None if found is None else (found[0] or "", found[2] or "")


def with_machine(text: str, machine: str, login: str, secret: str) -> str:
    """Return the text with one machine's line in front.

    Raises:
        UnusableNetrc: It is no netrc, or has another secret for this machine.
    """
    known = known_secret(text, machine)
    if known == (login, secret):
        return text
    if known is not None:
        raise UnusableNetrc(f"it has another password for {machine}")
    mark = _NETRC_MARK if text.startswith(_NETRC_MARK) else ""
    ending = "\r\n" if "\r\n" in text else "\n"
    return mark + machine_line(machine, login, secret) + ending + text[len(mark) :]


def without_line(text: str, line: str) -> str:
    """Return the text without our line, wherever it stands now.

    Raises:
        UnusableNetrc: The secret in it stands elsewhere: somebody wrote it anew.
    """
    kept = [each for each in text.splitlines(keepends=True) if each.strip(_NETRC_MARK + " \t\r\n") != line]
    secret = line.rpartition(" ")[2]
    rest = "".join(kept)
    if secret in rest:
        raise UnusableNetrc("our entry was changed; take it out by hand")
    return rest
