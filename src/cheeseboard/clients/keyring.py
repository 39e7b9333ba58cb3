"""The user's keyring: where an installer can look up our token, so that it stands in no file.

We store it with the very ``keyring`` command whose passwords the installer sees, and hand it over on
that command's standard input: a command line is read by everybody on the computer.
"""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from cheeseboard.clients.plan import KeyringEntry
from cheeseboard.clients.tool import Found, run_tool
from cheeseboard.errors import ClientConfigError, Sentence

USER = "__token__"
_NAME = "keyring"
# A keyring that is locked asks its owner, who may be at lunch.
_SECONDS = 60.0
_EXCEPTION = re.compile(r"(?m)^(?:\w+\.)*\w*(?:Error|Exception|Locked|Failed)\b:?\s*(?P<why>.*)$")


def on_path(found: Found, environ: Mapping[str, str]) -> str:
    """Return the ``keyring`` command that this environment's user would run.

    Raises:
        ClientConfigError: There is none.
    """
    program = shutil.which(_NAME, path=environ.get("PATH", os.defpath))
    if program is None:
        raise _missing(found.tool, "there is no `keyring` command on PATH")
    return program


def on_path_elsewhere(found: Found, environ: Mapping[str, str]) -> str:
    """Return the first ``keyring`` command that is not from the installer's own environment: so looks pip.

    Raises:
        ClientConfigError: There is none.
    """
    own = Path(found.command[0]).resolve().parent if found.command else None
    places = environ.get("PATH", os.defpath).split(os.pathsep)
    others = os.pathsep.join(place for place in places if place and Path(place).resolve() != own)
    program = shutil.which(_NAME, path=others) if others else None
    if program is None:
        why = f"there is no `keyring` command on PATH outside {found.tool}'s own environment"
        raise _missing(found.tool, why)
    return program


def beside(found: Found, environ: Mapping[str, str]) -> str:
    """Return the ``keyring`` command of the installer's own environment, which it imports.

    Raises:
        ClientConfigError: There is none.
    """
    if not found.command:
        raise _missing(found.tool, f"{found.tool} was not found")
    # A link leads from PATH into pipx's and uv's environments.
    for place in (Path(found.command[0]).resolve().parent, Path(found.command[0]).parent):
        program = shutil.which(_NAME, path=str(place))
        if program:
            return program
    return on_path(found, environ)


def look_up(entry: KeyringEntry, tool: str, environ: Mapping[str, str]) -> str | None:
    """Return the password that the keyring has under this name; None when it has none. Slow.

    Raises:
        ClientConfigError: The keyring does not work here.
    """
    answer = run_tool((entry.program, "get", entry.service, entry.user), _plain(environ), seconds=_SECONDS)
    if answer is None:
        raise _unusable(tool, entry, "it did not answer")
    if answer.returncode == 0:
        return answer.stdout.rstrip("\r\n")
    failure = _EXCEPTION.search(answer.stderr)
    if failure:
        raise _unusable(tool, entry, failure["why"] or failure[0])
    return None


def put_in(entry: KeyringEntry, tool: str, environ: Mapping[str, str]) -> None:
    """Store the entry's secret, and look it up again. Slow.

    Raises:
        ClientConfigError: It is not there afterwards.
    """
    answer = run_tool(
        (entry.program, "set", entry.service, entry.user),
        _plain(environ),
        seconds=_SECONDS,
        told=entry.secret + "\n",
    )
    if answer is None or answer.returncode != 0:
        failure = _EXCEPTION.search(answer.stderr) if answer else None
        raise _unusable(tool, entry, failure["why"] if failure else "it did not take the token")
    if look_up(entry, tool, environ) != entry.secret:
        raise _unusable(tool, entry, "what it gives back is not what it was given")


def take_out(entry: KeyringEntry, environ: Mapping[str, str]) -> bool:
    """Delete what the keyring has under this name. Slow.

    Returns:
        Whether it is gone.
    """
    answer = run_tool((entry.program, "del", entry.service, entry.user), _plain(environ), seconds=_SECONDS)
    return answer is not None and answer.returncode == 0


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    return {**environ, "PYTHONIOENCODING": "utf-8", "PYTHONSAFEPATH": "1"}


def _missing(tool: str, why: str) -> ClientConfigError:
    return ClientConfigError(
        Sentence(
            "The token can't go into the keyring: {why}. Install it (`uv tool install "
            "keyring` or `pipx install keyring`), or keep it in a file (--secret file).",
            why=why,
        ),
        tool,
    )


def _unusable(tool: str, entry: KeyringEntry, why: str) -> ClientConfigError:
    return ClientConfigError(
        Sentence(
            "The token can't go into the keyring of {program}: {why}. Keep it in a "
            "file that only you can read (--secret file).",
            program=entry.program,
            why=why.strip().rstrip("."),
        ),
        tool,
    )
