"""What runs on a colleague's computer: it lets their pip look here, shows what it does, and undoes it.

join.py sends this file, after pip_conf.py, as one script to Pythons that have neither us nor anything but
the standard library: 3.8 and newer. ``FACTS`` then holds our authority, and the line that fetched the
script passes ``URL``.
"""

from __future__ import annotations

import base64
import contextlib
import difflib
import json
import locale
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from cheeseboard.clients.pip_conf import Unparsable, Wish, fulfil, read_values, take_out

FACTS: dict[str, str] = {}
OLDEST_PIP = (20, 0)
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----\s.+?-----END CERTIFICATE-----", re.DOTALL)
_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
)


class Refused(Exception):
    """Nothing is written, and why."""


def main(arguments: list[str], url: str | None, script: bytes) -> int:
    """Join or undo; return the exit status.

    Args:
        arguments: "--undo", "--dry-run", "--yes".
        url: The Simple API URL; None when the kept script runs, which only undoes.
        script: This script, to be kept for undoing without the server.
    """
    try:
        _act(arguments, url, script)
    except Refused as refused:
        say("Nothing was written. " + str(refused), error=True)
        return 1
    return 0


def _act(arguments: list[str], url: str | None, script: bytes) -> None:
    unknown = set(arguments) - {"--undo", "--dry-run", "--yes"}
    if unknown:
        raise Refused("Options are --undo, --dry-run and --yes, not " + ", ".join(sorted(unknown)) + ".")
    if "--undo" in arguments:
        undo()
    elif url is None:
        raise Refused("Use the line that you were sent. This copy is for --undo.")
    else:
        join(url, script, arguments)


def say(text: str, *, error: bool = False) -> None:
    """Print for people, whatever their terminal can show."""
    stream = sys.stderr if error else sys.stdout
    stream.write(text.encode(stream.encoding or "ascii", "replace").decode(stream.encoding or "ascii") + "\n")
    stream.flush()


# --- join --------------------------------------------------------------------------------------------


def join(url: str, script: bytes, arguments: list[str]) -> None:
    """Plan, show, write, check and prove."""
    check_server(url)
    command, version = find_pip()
    path, inherited = configuration(command)
    kept = keep_directory()
    record = read_record(kept)
    before = read(path)
    bundle = kept / "certificates.pem"
    after = edited(path, before, inherited, url, bundle)
    certificates = make_bundle(command, path, before, bundle)
    diff = difflib.unified_diff(lines_of(before), lines_of(after), path.name, path.name, lineterm="")
    shown = "\n".join("    " + line for line in diff)
    say(f"{FACTS['name']} at {url}\npip {version} will also look there. {path}:\n{shown or '    (as it is)'}")
    say(f"Certificates, those trusted now and this repository's: {bundle}")
    if "--dry-run" in arguments:
        return
    if "--yes" not in arguments and sys.stdin is not None and sys.stdin.isatty():
        say("Go on? [Y/n]")
        if sys.stdin.readline().strip().lower() not in {"", "y", "yes"}:
            raise Refused("You said no.")
    made = write_all(kept, path, before, after, certificates, script, url, record)
    refusal = check_pip(command, path, url)
    if refusal:
        put_back(path, before, made)
        forget(kept)
        raise Refused("pip does not accept the change. " + refusal)
    prove(command, url)
    say(f"Done. Undo it with: {Path(sys.executable).name} {quoted(str(kept / 'join.py'))} --undo")
    if shutil.which("uv"):
        say(f"For uv, set SSL_CERT_FILE to {bundle} and UV_INDEX to cheeseboard={url}")


def check_server(url: str) -> None:
    """Ask the server with nothing trusted but the authority in this script."""
    if re.match(r"https://[A-Za-z0-9.:\[\]-]+/simple/$", url) is None:
        raise Refused("The line holds no address of a repository.")
    context = ssl.create_default_context(cadata=FACTS["ca"])
    handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with urllib.request.build_opener(*handlers).open(url[: -len("simple/")] + "health", timeout=30):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Refused(f"The server is not the one that this script came from: {reason}.") from error


def run(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run pip in this user's environment, with nothing that would garble its answers."""
    settings = {
        "PIP_QUIET": "0",
        "PIP_VERBOSE": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
    }
    try:
        return subprocess.run(
            command,
            env={**os.environ, **settings, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def find_pip() -> tuple[list[str], str]:
    """Return how to run pip, and its version."""
    commands = [[found] for found in (shutil.which("pip"), shutil.which("pip3")) if found]
    for command in [[sys.executable, "-m", "pip"], *commands]:
        # With a configuration that it refuses, pip does not even tell its version.
        answer = run([*command, "--version"], PIP_CONFIG_FILE=os.devnull)
        match = re.match(r"pip (\d+)(?:\.(\d+))?(\S*) from", answer.stdout)
        if match:
            if (int(match[1]), int(match[2] or 0)) < OLDEST_PIP:
                raise Refused(
                    f"pip {match[1]}.{match[2] or 0} is too old. Update it: pip install --upgrade pip"
                )
            return command, f"{match[1]}.{match[2] or 0}{match[3]}"
    raise Refused("There is no pip.")


def configuration(command: list[str]) -> tuple[Path, dict[str, str]]:
    """Return this user's configuration file, as pip itself tells, and what weaker files say."""
    variables = {"PIP_CONFIG_FILE": ""} if os.environ.get("PIP_CONFIG_FILE") else {}
    answer = run([*command, "config", "debug"], **variables)
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


def edited(path: Path, before: bytes | None, inherited: dict[str, str], url: str, bundle: Path) -> bytes:
    """Return the file's bytes with our entries in it, by the same rules as on our own computer."""
    newline = "\r\n" if os.name == "nt" else "\n"
    try:
        wishes = (Wish("extra-index-url", url), Wish("cert", in_locale(str(bundle))))
        text = fulfil(decoded(before), wishes, inherited, newline)
    except Unparsable as error:
        raise Refused(f"{path} is not valid for pip: {error}.") from error
    return text.encode("utf-8", "surrogateescape")


def make_bundle(command: list[str], path: Path, before: bytes | None, bundle: Path) -> bytes:
    """Return the certificates that pip trusts now, and ours."""
    named = read_values(decoded(before)).get("global.cert", "")
    if named and Path(named) != bundle:
        trusted = read(Path(named).expanduser())
        if not trusted or not _PEM.search(trusted):
            raise Refused(f'{path} has "cert = {named}", which holds no certificates. Correct that line.')
        sources = [trusted]
    else:
        sources = [read(Path(place)) or b"" for place in (certifi_of(command), *_STORES) if place]
    blocks = [block for source in sources for block in _PEM.findall(source)]
    blocks += _PEM.findall(FACTS["ca"].encode())
    return b"".join(block.replace(b"\r\n", b"\n") + b"\n" for block in dict.fromkeys(blocks))


def certifi_of(command: list[str]) -> str:
    """Return where pip keeps the public authorities that it comes with; empty when it does not say."""
    found = re.search(r"from (.+?)[/\\]pip(?: \(|$)", run([*command, "--version"]).stdout)
    return os.path.join(found[1], "pip", "_vendor", "certifi", "cacert.pem") if found else ""  # noqa: PTH118 # as pip spells it


def check_pip(command: list[str], path: Path, url: str) -> str:
    """Return what pip says against the file; empty when it sees our address."""
    answer = run([*command, "config", "list"], PIP_CONFIG_FILE=str(path))
    if answer.returncode != 0:
        return " ".join(answer.stderr.split())[:300]
    return "" if url in answer.stdout else "It does not see the new address."


def prove(command: list[str], url: str) -> None:
    """Let pip ask the repository with all that this environment says, and tell what came of it."""
    words = ["download", "-vv", "--no-deps", "--no-cache-dir", "--retries", "0", "--timeout", "10"]
    answer = run([*command, *words, "--index-url", url, "--dest", str(keep_directory()), "cheeseboard-probe"])
    said = answer.stdout + answer.stderr
    page = re.escape(url) + r"[^/\s]+/"
    if re.search(rf"Fetched page {page}|Could not fetch URL {page}: 404 Client Error", said):
        say("Proven: pip reached it over verified HTTPS.")
        return
    variables = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT", "PIP_EXTRA_INDEX_URL", "HTTPS_PROXY")
    named = [name for name in variables if os.environ.get(name)]
    reason = f"{' and '.join(named)} stand in the way: unset them." if named else "pip says:\n" + said[-600:]
    say("It is written, but pip does not reach it yet. " + reason, error=True)


# --- undo --------------------------------------------------------------------------------------------


def undo() -> None:
    """Take everything back: byte for byte when nobody edited since."""
    kept = keep_directory()
    record = read_record(kept)
    if record is None:
        raise Refused("There is nothing to undo.")
    path = Path(record["path"])
    before, after = unpacked(record["before"]), unpacked(record["after"])
    current = read(path)
    wanted = before
    if current not in (after, before, None):
        try:
            text = take_out(decoded(current), decoded(before), decoded(after), record["url"])
        except Unparsable as error:
            raise Refused(f"{path} was changed since, and pip can't read it now: {error}.") from error
        wanted = text.encode("utf-8", "surrogateescape")
    put_back(path, wanted, [Path(place) for place in record["made"]])
    forget(kept)
    say(f"{path} is {'as it was' if wanted == before else 'without this repository'}.")


def put_back(path: Path, content: bytes | None, made: list[Path]) -> None:
    """Give a file its bytes back, or remove it and the directories made for it."""
    if content is not None:
        write(path, content)
        return
    with contextlib.suppress(FileNotFoundError):
        path.resolve().unlink()
    remove_empty(made)


def remove_empty(directories: list[Path]) -> None:
    """Remove directories, the innermost first, up to the first that holds something."""
    with contextlib.suppress(OSError):
        for directory in reversed(directories):
            directory.rmdir()


# --- files -------------------------------------------------------------------------------------------


def keep_directory() -> Path:
    """Return where certificates, this script and the undo record are kept, one directory a repository."""
    home = Path.home()
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "cheeseboard-joined" / FACTS["sha256"][:16]


def write_all(  # what is written, in that order
    kept: Path,
    path: Path,
    before: bytes | None,
    after: bytes,
    certificates: bytes,
    script: bytes,
    url: str,
    old: dict[str, Any] | None,
) -> list[Path]:
    """Write certificates, undo record and configuration, in that order; on a failure, nothing of it stays.

    Returns:
        The directories that were made for the configuration file.
    """
    made = [Path(place) for place in old["made"]] if old else missing(path.resolve().parent)
    kept_made = [Path(place) for place in old["kept"]] if old else missing(kept)
    original = unpacked(old["before"]) if old else before
    record = {
        "path": str(path),
        "url": url,
        "before": packed(original),
        "after": packed(after),
        "made": [str(place) for place in made],
        "kept": [str(place) for place in kept_made],
    }
    try:
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(kept / "certificates.pem", certificates)
        write(kept / "join.py", script)
        write(kept / "undo.json", json.dumps(record).encode())
        write(path, after)
    except OSError as error:
        if old is None:
            forget(kept)
            remove_empty(kept_made)
            remove_empty(made)
        raise Refused(f"{error.filename or path} can't be written: {error.strerror}.") from error
    return made


def read_record(kept: Path) -> dict[str, Any] | None:
    """Return what undoing needs to know; None when nothing was joined."""
    content = read(kept / "undo.json")
    try:
        return json.loads(content) if content else None
    except ValueError as error:
        raise Refused(f"{kept / 'undo.json'} is damaged.") from error


def forget(kept: Path) -> None:
    """Remove what was kept, and the directories made for it."""
    content = read(kept / "undo.json")
    for name in ("certificates.pem", "join.py", "undo.json"):
        with contextlib.suppress(OSError):
            (kept / name).unlink()
    remove_empty([Path(place) for place in json.loads(content)["kept"]] if content else [])


def read(path: Path) -> bytes | None:
    """Return a file's bytes; None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from error


def write(path: Path, content: bytes) -> None:
    """Replace a file whole, through symlinks, keeping its mode."""
    target = path.resolve()
    if target.exists() and not (os.access(str(target), os.W_OK) and target.stat().st_mode & 0o222):
        raise PermissionError(13, "it is read-only", str(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name("." + target.name + "." + secrets.token_hex(8))
    try:
        descriptor = os.open(
            str(temporary), os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(str(target), str(temporary))
        temporary.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def missing(directory: Path) -> list[Path]:
    """Return the directories that do not exist yet, the outermost first."""
    found: list[Path] = []
    while not directory.exists():
        found.insert(0, directory)
        directory = directory.parent
    return found


def decoded(content: bytes | None) -> str:
    """Return text from which every byte comes back."""
    return (content or b"").decode("utf-8", "surrogateescape")


def in_locale(path: str) -> str:
    """Return a path as it has to stand in the file's text: pip reads in the locale's encoding."""
    try:
        return decoded(path.encode(locale.getpreferredencoding(False), "surrogateescape"))
    except UnicodeEncodeError:
        return path


def lines_of(content: bytes | None) -> list[str]:
    """Return lines to show."""
    return (content or b"").decode("utf-8", "replace").splitlines()


def packed(content: bytes | None) -> str | None:
    """Return bytes as JSON can hold them."""
    return None if content is None else base64.b64encode(content).decode()


def unpacked(text: str | None) -> bytes | None:
    """Return the bytes of :func:`packed`."""
    return None if text is None else base64.b64decode(text)


def quoted(path: str) -> str:
    """Return a path as one word for sh, PowerShell and cmd alike."""
    return f'"{path}"' if " " in path else path
