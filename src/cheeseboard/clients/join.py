"""The join line: a colleague pastes it, and their pip looks here, over verified HTTPS.

The line travels over a channel that both trust, a chat; the script does not. So the line carries the
script's SHA-256, and the script carries our authority. Its bytes depend on nothing but the repository's
name and authority: a line that was sent stays good when the address in it still leads here.
"""

import ast
import inspect
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import ModuleType

from cheeseboard.clients import (
    join_files,
    join_pip,
    join_script,
    join_token,
    join_uv,
    netrc_text,
    pip_conf,
    uv_toml,
)
from cheeseboard.errors import ClientConfigError, Sentence

# What means itself within double quotes to sh, fish, PowerShell and cmd, and to the way in which programs
# on Windows split their command line: no dollar, percent, caret, exclamation mark, backtick, backslash.
_PLAIN = re.compile(r"[A-Za-z0-9 .,:;=_/'(){}\[\]-]+")
_FUTURE = "from __future__ import annotations\n"
# What the script is made of: each needs only those before it. A packaged application has to carry their
# sources (see packaging/pyinstaller).
SOURCES = (pip_conf, uv_toml, netrc_text, join_files, join_pip, join_uv, join_token, join_script)
_SLOTS = "@dataclass(frozen=True, slots=True)"
# The line passes URL and SCRIPT; the copy that stays on the computer is run without them.
_START = """\
if __name__ == "__main__":
    given = globals()
    sys.exit(main(sys.argv[1:], given.get("URL"), given.get("SCRIPT", b""), given.get("TOKEN", "")))
"""


@dataclass(frozen=True, slots=True)
class JoinScript:
    """What ``/join.py`` answers.

    Attributes:
        content: UTF-8.
        sha256: Lowercase hex.
    """

    content: bytes
    sha256: str


def make_join_script(*, name: str, ca_pem: bytes, ca_sha256: str) -> JoinScript:
    """Return the script for one repository; the same for every address of it.

    Args:
        name: The repository's, for people.
        ca_pem: Our authority.
        ca_sha256: Its fingerprint.
    """
    facts = {"name": name, "ca": ca_pem.decode("ascii"), "sha256": ca_sha256}
    parts = (_FUTURE, *(_source(module) for module in SOURCES), _facts(facts), _START)
    content = "\n\n".join(parts).encode()
    return JoinScript(content, sha256(content).hexdigest())


def _source(module: ModuleType) -> str:
    """Return a module's text for Python 3.8: no slots, and nothing imported from its neighbours."""
    text = inspect.getsource(module)
    lines = text.splitlines(keepends=True)
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cheeseboard."):
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or 0) - node.lineno + 1)
    return "".join(lines).replace(_FUTURE, "").replace(_SLOTS, "@dataclass(frozen=True)")


def _facts(facts: Mapping[str, str]) -> str:
    # JSON within a literal: no name that somebody gives a repository can become code.
    return f"FACTS.update(json.loads({json.dumps(facts)!r}))\n"


def join_line(url: str, script: JoinScript, *, python: str = "python3", secret: str = "") -> str:
    """Return the line to paste into sh, PowerShell or cmd; with ``--undo`` behind it, it takes all back.

    Args:
        url: Our Simple API URL as colleagues reach it.
        script: What ``/join.py`` answers.
        python: How Python 3.8 or newer is called there; "py" on Windows.
        secret: A token, only when the owner asks for a line that carries it: without one the script asks
            for it, where one is needed.

    Raises:
        ClientConfigError: The address has characters that mean something to a shell.
    """
    place = url.removesuffix("simple/") + "join.py"
    given = f",'TOKEN':'{secret}'" if secret else ""
    code = (
        f"{fetching(place)}"
        f"hashlib.sha256(s).hexdigest()=='{script.sha256}' or sys.exit("
        "'Nothing was written. The script is not the one that this line was made for: ask for a new line.');"
        f"exec(compile(s,'join.py','exec'),{{'__name__':'__main__','URL':'{url}','SCRIPT':s{given}}})"
    )
    return python_line(code, python, url)


def fetching(place: str) -> str:
    """Return the beginning of a line's code: ``s`` is what ``place`` answers, of which nothing is proven."""
    return (
        "import hashlib,ssl,sys,urllib.request as u;"
        "sys.excepthook=lambda t,e,b:print('Nothing was written.',e,file=sys.stderr);"
        "o=u.build_opener(u.ProxyHandler({}),u.HTTPSHandler(context=ssl._create_unverified_context()));"
        f"s=o.open('{place}',timeout=30).read(1000000);"
    )


def python_line(code: str, python: str, url: str) -> str:
    """Return the line by which sh, PowerShell or cmd hand Python this very code.

    Raises:
        ClientConfigError: The address in it has characters that mean something to a shell.
    """
    if not _PLAIN.fullmatch(code):
        raise ClientConfigError(
            Sentence("The address {url} can't stand in a line that every shell understands.", url=repr(url)),
            "",
        )
    return f'{python} -c "{code}"'
