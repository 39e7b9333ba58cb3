"""What runs on a colleague's computer: it lets their pip and uv look here, shows what it does, undoes it.

join.py sends this file, after those that it needs, as one script to Pythons that have neither us nor
anything but the standard library: 3.8 and newer. ``FACTS`` then holds our authority, and the line that
fetched the script passes ``URL``.
"""

from __future__ import annotations

import base64
import contextlib
import difflib
import json
import re
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from cheeseboard.clients.join_files import (
    FACTS,
    Refused,
    Step,
    Written,
    keep_directory,
    missing,
    quoted,
    read,
    remove,
    remove_empty,
    say,
    write_together,
)
from cheeseboard.clients.join_pip import find_pip, plan_pip, prove_pip, without_pip
from cheeseboard.clients.join_token import close_to_others, plan_token, wanted_token, without_token
from cheeseboard.clients.join_uv import plan_uv, prove_uv, without_uv

OPTIONS = ("--undo", "--dry-run", "--yes", "--uv-always")


def main(arguments: list[str], url: str | None, script: bytes, token: str = "") -> int:
    """Join or undo; return the exit status.

    Args:
        arguments: Of ``OPTIONS``.
        url: The Simple API URL; None when the kept script runs, which only undoes.
        script: This script, to be kept for undoing without the server.
        token: The one in the line, when its owner put one there.
    """
    try:
        _act(arguments, url, script, token)
    except Refused as refused:
        say("Nothing was written. " + str(refused), error=True)
        return 1
    return 0


def _act(arguments: list[str], url: str | None, script: bytes, token: str) -> None:
    unknown = set(arguments) - set(OPTIONS)
    if unknown:
        raise Refused(f"Options are {', '.join(OPTIONS)}, not {', '.join(sorted(unknown))}.")
    if "--undo" in arguments:
        undo()
    elif url is None:
        raise Refused("Use the line that you were sent. This copy is for --undo.")
    else:
        join(url, script, arguments, token)


# --- join --------------------------------------------------------------------------------------------


def join(url: str, script: bytes, arguments: list[str], given: str) -> None:
    """Plan, show, write and prove."""
    check_server(url)
    kept = keep_directory()
    written, made = read_record(kept)
    steps = plan(url, kept, written, always="--uv-always" in arguments)
    token = wanted_token(url, given)
    if token:
        steps.append(plan_token(url, token, next((each for each in written if each.tool == "netrc"), None)))
    show(steps, url)
    if "--dry-run" in arguments:
        return
    if "--yes" not in arguments and sys.stdin is not None and sys.stdin.isatty():
        say("Go on? [Y/n]")
        if sys.stdin.readline().strip().lower() not in {"", "y", "yes"}:
            raise Refused("You said no.")
    write_all(kept, steps, written, script, url, made or missing(kept))
    for step in steps:
        prove = {"pip": prove_pip, "uv": prove_uv}.get(step.tool)
        if prove is not None:
            prove(step, url)
    for note in (note for step in steps for note in step.notes):
        say(note)
    say(f"Done. Undo it with: {Path(sys.executable).name} {quoted(str(kept / 'join.py'))} --undo")


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


def plan(url: str, kept: Path, written: Sequence[Written], *, always: bool) -> list[Step]:
    """Return what would change for each tool that is here; a uv that can't be changed costs pip nothing."""
    former = {each.tool: each for each in written}
    found = find_pip()
    pip = plan_pip(found, url, kept, former.get("pip")) if found else None
    try:
        shipped = found.certificates if found else ""
        uv = plan_uv(url, kept, former.get("uv"), shipped, always=always)
    except Refused as refused:
        if pip is None:
            raise
        say(f"uv is left as it is. {refused}", error=True)
        uv = None
    steps = [step for step in (pip, uv) if step is not None]
    if not steps:
        raise Refused("There is neither pip nor uv.")
    return steps


def show(steps: Sequence[Step], url: str) -> None:
    """Tell what will change, line by line."""
    say(f"{FACTS['name']} at {url}")
    for step in steps:
        now, then = lines_of(read(step.path)), lines_of(step.after)
        diff = difflib.unified_diff(now, then, step.path.name, step.path.name, lineterm="")
        shown = "\n".join("    " + masked(line) for line in diff)
        what = (
            "The token goes into a file that you alone can read."
            if step.tool == "netrc"
            else (f"{step.label} will also look there.")
        )
        say(f"{what} {step.path}:\n{shown or '    (as it is)'}")
        if step.bundle is not None:
            say(f"Certificates, those trusted now and this repository's: {step.bundle}")


def write_all(
    kept: Path, steps: Sequence[Step], written: Sequence[Written], script: bytes, url: str, made: list[Path]
) -> None:
    """Write certificates, undo record and configurations: all of them, or none.

    Args:
        kept: Where certificates, record and script are kept.
        steps: What to write.
        written: What an earlier line wrote; what is not written anew stays on the record.
        script: This script.
        url: The address that is written.
        made: The directories made for ``kept``.
    """
    tools = {step.tool for step in steps}
    records = [each for each in written if each.tool not in tools]
    records += [Written(each.tool, each.path, url, each.before, each.after, each.made) for each in steps]
    files = [(step.bundle, step.certificates) for step in steps if step.bundle is not None]
    files += [(kept / "join.py", script), (kept / "undo.json", packed_record(records, made))]
    files += [(step.path, step.after) for step in steps if read(step.path) != step.after]
    try:
        if not kept.exists():
            kept.mkdir(mode=0o700, parents=True)
        for path in [step.path for step in steps if step.tool == "netrc"]:
            close_to_others(path)
        write_together(files)
    except OSError as error:
        if not written:
            remove_empty(made)
        raise Refused(f"{error.filename or kept} can't be written: {error.strerror}.") from error


# --- undo --------------------------------------------------------------------------------------------


def undo() -> None:
    """Take everything back: byte for byte when nobody edited since."""
    kept = keep_directory()
    written, made = read_record(kept)
    if not written:
        raise Refused("There is nothing to undo.")
    clean = {"pip": without_pip, "uv": without_uv, "netrc": without_token}
    wanted = [(each, clean[each.tool](each, read(each.path))) for each in written]
    try:
        write_together([(each.path, content) for each, content in wanted if content is not None])
        for each, content in wanted:
            if content is None:
                remove(each.path, each.made)
    except OSError as error:
        raise Refused(f"{error.filename} can't be written: {error.strerror}.") from error
    for place in kept.iterdir():
        with contextlib.suppress(OSError):
            place.unlink()
    remove_empty(made)
    for each, content in wanted:
        say(f"{each.path} is {'as it was' if content == each.before else 'without this repository'}.")


# --- the record --------------------------------------------------------------------------------------


def read_record(kept: Path) -> tuple[list[Written], list[Path]]:
    """Return what earlier lines wrote, and the directories made for keeping this; nothing at first."""
    content = read(kept / "undo.json")
    if content is None:
        return [], []
    try:
        record = json.loads(content)
        written = [
            Written(
                each["tool"],
                Path(each["path"]),
                each["url"],
                unpacked(each["before"]),
                unpacked(each["after"]) or b"",
                tuple(Path(place) for place in each["made"]),
            )
            for each in record["files"]
        ]
        return written, [Path(place) for place in record["kept"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused(f"{kept / 'undo.json'} is damaged.") from error


def packed_record(written: Sequence[Written], made: Sequence[Path]) -> bytes:
    """Return the bytes of :func:`read_record`'s file."""
    files = [
        {
            "tool": each.tool,
            "path": str(each.path),
            "url": each.url,
            "before": packed(each.before),
            "after": packed(each.after),
            "made": [str(place) for place in each.made],
        }
        for each in written
    ]
    return json.dumps({"files": files, "kept": [str(place) for place in made]}).encode()


def packed(content: bytes | None) -> str | None:
    """Return bytes as JSON can hold them."""
    return None if content is None else base64.b64encode(content).decode()


def unpacked(text: str | None) -> bytes | None:
    """Return the bytes of :func:`packed`."""
    return None if text is None else base64.b64decode(text)


def masked(line: str) -> str:
    """Return a line to show, without the password in it."""
    return re.sub(r"(?i)(\bpassword\b\s*[=:\s]\s*)\S+", r"\1********", line)


def lines_of(content: bytes | None) -> list[str]:
    """Return lines to show."""
    return (content or b"").decode("utf-8", "replace").splitlines()
