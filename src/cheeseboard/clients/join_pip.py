"""What joining does to a colleague's pip: one more index, with the certificates that it needs.

join.py sends this file to Python 3.8 and newer: standard library only.
"""

from __future__ import annotations

import contextlib
import locale
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.clients.join_files import (
    CERTIFICATE,
    Refused,
    Step,
    Written,
    bundle_of,
    decoded,
    encoded,
    missing,
    public_certificates,
    read,
    run,
    say,
)
from cheeseboard.clients.pip_conf import Unparsable, Wish, fulfil, read_values, take_out

OLDEST_PIP = (20, 0)
# A configured quiet would silence pip's answers, a verbose would garble them.
PLAIN_PIP = {
    "PIP_QUIET": "0",
    "PIP_VERBOSE": "0",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
}


@dataclass(frozen=True, slots=True)
class Pip:
    """The pip that this user would run.

    Attributes:
        command: How to run it.
        version: What it says of itself.
        certificates: Where it keeps the public authorities that it comes with.
    """

    command: tuple[str, ...]
    version: str
    certificates: str


def plan_pip(pip: Pip, url: str, kept: Path, written: Written | None) -> Step:
    """Return what would change for pip.

    Raises:
        Refused: It can't be changed, and why.
    """
    path, inherited = configuration(pip.command)
    former = written if written and written.path == path else None
    before = without_pip(former, read(path)) if former else read(path)
    bundle = kept / "certificates.pem"
    after = pip_edited(path, before, inherited, url, bundle)
    refusal = pip_refusal(pip.command, after, url)
    if refusal:
        raise Refused("pip does not accept the change. " + refusal)
    certificates = pip_bundle(pip, path, before)
    made = former.made if former else tuple(missing(path.resolve().parent))
    return Step("pip", f"pip {pip.version}", pip.command, path, before, after, made, bundle, certificates)


def find_pip() -> Pip | None:
    """Return the pip of this Python, else the one on the PATH; None when there is none.

    Raises:
        Refused: It is too old.
    """
    commands = [(found,) for found in (shutil.which("pip"), shutil.which("pip3")) if found]
    for command in [(sys.executable, "-m", "pip"), *commands]:
        # With a configuration that it refuses, pip does not even tell its version.
        answer = run([*command, "--version"], **PLAIN_PIP, PIP_CONFIG_FILE=os.devnull)
        match = re.match(r"pip (\d+)(?:\.(\d+))?(\S*) from (.+?)(?:[/\\]pip)?(?: \(|$)", answer.stdout)
        if match:
            if (int(match[1]), int(match[2] or 0)) < OLDEST_PIP:
                raise Refused(
                    f"pip {match[1]}.{match[2] or 0} is too old. Update it: pip install --upgrade pip"
                )
            place = os.path.join(match[4], "pip", "_vendor", "certifi", "cacert.pem")  # noqa: PTH118 # as pip spells it
            return Pip(command, f"{match[1]}.{match[2] or 0}{match[3]}", place)
    return None


def configuration(command: tuple[str, ...]) -> tuple[Path, dict[str, str]]:
    """Return this user's configuration file, as pip itself tells, and what weaker files say."""
    named = {"PIP_CONFIG_FILE": ""} if os.environ.get("PIP_CONFIG_FILE") else {}
    answer = run([*command, "config", "debug"], **PLAIN_PIP, **named)
    if answer.returncode != 0:
        raise Refused("pip can't read its own configuration: " + " ".join(answer.stderr.split())[:300])
    files = files_of("user", answer.stdout)
    if not files:
        raise Refused("pip does not say where its configuration lies.")
    inherited: dict[str, str] = {}
    for weaker in files_of("global", answer.stdout):
        with contextlib.suppress(Unparsable):
            inherited.update(read_values(decoded(read(weaker))))
    return next((path for path in reversed(files) if path.exists()), files[-1]), inherited


def files_of(scope: str, listing: str) -> list[Path]:
    """Return the files that ``pip config debug`` lists for a scope."""
    match = re.search(rf"(?m)^{scope}:\n((?:  .*\n?)+)", listing)
    return [Path(path) for path in re.findall(r"(?m)^  (\S.*), exists: ", match[1])] if match else []


def pip_edited(path: Path, before: bytes | None, inherited: dict[str, str], url: str, bundle: Path) -> bytes:
    """Return the file's bytes with our entries in it, by the same rules as on our own computer."""
    newline = "\r\n" if os.name == "nt" else "\n"
    try:
        wishes = (Wish("extra-index-url", url), Wish("cert", in_locale(str(bundle))))
        return encoded(fulfil(decoded(before), wishes, inherited, newline))
    except Unparsable as error:
        raise Refused(f"{path} is not valid for pip: {error}.") from error


def without_pip(written: Written, current: bytes | None) -> bytes | None:
    """Return a file's bytes without what an earlier line wrote, with what was edited since."""
    before, after = written.before, written.after
    if current is None or current in (before, after):
        return current if current is None else before
    try:
        text = take_out(decoded(current), decoded(before), decoded(after), written.url)
    except Unparsable as error:
        raise Refused(f"{written.path} was changed since, and pip can't read it now: {error}.") from error
    return None if before is None and not text.strip() else encoded(text)


def pip_bundle(pip: Pip, path: Path, before: bytes | None) -> bytes:
    """Return the certificates that pip trusts now, and ours."""
    named = read_values(decoded(before)).get("global.cert", "")
    if not named:
        return bundle_of(public_certificates(pip.certificates))
    trusted = read(Path(named).expanduser())
    if not trusted or not CERTIFICATE.search(trusted):
        raise Refused(f'{path} has "cert = {named}", which holds no certificates. Correct that line.')
    return bundle_of([trusted])


def pip_refusal(command: tuple[str, ...], content: bytes, url: str) -> str:
    """Let the real pip read what would be written; return what it says against it, or nothing."""
    with tempfile.TemporaryDirectory(prefix="cheeseboard-join-") as place:
        candidate = Path(place) / "pip.conf"
        candidate.write_bytes(content)
        answer = run([*command, "config", "list"], **PLAIN_PIP, PIP_CONFIG_FILE=str(candidate))
    if answer.returncode != 0:
        return " ".join(answer.stderr.split())[:300]
    return "" if url in answer.stdout else "It does not see the new address."


def prove_pip(step: Step, url: str) -> None:
    """Let pip ask the repository with all that this environment says, and tell what came of it."""
    words = ["download", "-vv", "--no-deps", "--no-cache-dir", "--retries", "0", "--timeout", "10"]
    with tempfile.TemporaryDirectory(prefix="cheeseboard-join-") as place:
        asked = ["--index-url", url, "--dest", place, "cheeseboard-probe"]
        answer = run([*step.command, *words, *asked], **PLAIN_PIP)
    said = answer.stdout + answer.stderr
    page = re.escape(url) + r"[^/\s]+/"
    if re.search(rf"Fetched page {page}|Could not fetch URL {page}: 404 Client Error", said):
        say("Proven: pip reached it over verified HTTPS.")
        return
    variables = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "PIP_EXTRA_INDEX_URL", "HTTPS_PROXY")
    named = [name for name in variables if os.environ.get(name)]
    reason = f"{' and '.join(named)} stand in the way: unset them." if named else "pip says:\n" + said[-600:]
    say("It is written, but pip does not reach it yet. " + reason, error=True)


def in_locale(path: str) -> str:
    """Return a path as it has to stand in the file's text: pip reads in the locale's encoding."""
    try:
        return decoded(path.encode(locale.getpreferredencoding(False), "surrogateescape"))
    except UnicodeEncodeError:
        return path
