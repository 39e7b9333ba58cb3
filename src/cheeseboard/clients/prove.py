"""The proof: a real pip, in the user's environment, asks our index; and if it was not served, why not."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cheeseboard.clients.pip import TOOL, WEAK_TO_STRONG, decode, files_read_by, run_pip, uses
from cheeseboard.clients.pip_conf import same_url, without_user
from cheeseboard.clients.plan import Mode
from cheeseboard.clients.proof import Cause, Proof, Voice, nameless, read_failure, tell
from cheeseboard.clients.tool import Question, read_configuration

# Asked for when no project of ours is named: that our index does not have it is an answer of our index.
PROBE = "cheeseboard-probe"
_SECONDS = 90.0
VOICE = Voice(
    tool="pip",
    bundles=("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"),
    lists=("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"),
    configuration="PIP_CONFIG_FILE",
    inspect="Run `pip config debug` and correct the file that it names.",
)


def prove_pip(command: Sequence[str], question: Question, *, label: str = "") -> Proof:
    """Let pip look for something on our index, with all that the user's environment and files say.

    In extra mode our URL is also given as the index, so that the public one is not asked; other extra
    indexes that the user configured are, as with any install.

    Args:
        command: How to run pip; empty when none was found.
        question: What to ask.
        label: Which pip it is, for people.
    """
    url, mode, environ, requirement = question.url, question.mode, question.environ, question.requirement
    if not command:
        return tell(VOICE, Cause.TOOL_NOT_FOUND, "", url, environ)
    arguments = ["download", "-vv", "--no-deps", "--no-cache-dir", "--retries", "0", "--timeout", "10"]
    if mode is Mode.EXTRA:
        arguments += ["--index-url", url]
    with tempfile.TemporaryDirectory(prefix="cheeseboard-proof-") as directory:
        place = Path(directory)
        arguments += ["--dest", str(place / "files"), "--", requirement or PROBE]
        answer = run_pip(command, arguments, environ, directory=place, seconds=_SECONDS)
    if answer is None:
        return tell(VOICE, Cause.UNREACHABLE, "pip did not end in time.", url, environ, label)
    transcript = answer.stdout + answer.stderr
    cause = diagnose(
        transcript,
        url=url,
        mode=mode,
        environ=environ,
        succeeded=answer.returncode == 0 or requirement is None,
    )
    if cause is Cause.NOT_CONFIGURED:
        hiding = _hiding_file(command, url, mode, environ)
        if hiding is not None:
            named = {**environ, VOICE.configuration: str(hiding)}
            return tell(VOICE, Cause.INDEX_HIDDEN, transcript, url, named, label)
    return tell(VOICE, cause, transcript, url, environ, label)


def _hiding_file(command: Sequence[str], url: str, mode: Mode, environ: Mapping[str, str]) -> Path | None:
    """Return the file whose list of indexes takes the place of ours: lists replace, they do not merge."""
    files = files_read_by(command, environ)
    paths = [path for scope in WEAK_TO_STRONG for path in files.get(scope, ())]
    contents = [(path, read_configuration(path, TOOL)) for path in paths]
    told = [number for number, (_, content) in enumerate(contents) if uses(content, url, mode)]
    option = "extra-index-url" if mode is Mode.EXTRA else "index-url"
    stronger = contents[told[-1] + 1 :] if told else []
    return next((path for path, content in reversed(stronger) if content and option in decode(content)), None)


def refused(complaint: str) -> Proof:
    """Return the proof for a pip that stopped at its own configuration."""
    return tell(VOICE, Cause.CONFIGURATION_REFUSED, complaint, "", {})


def diagnose(
    transcript: str, *, url: str, mode: Mode, environ: Mapping[str, str], succeeded: bool
) -> Cause | None:
    """Return why pip was not served by our index, or None when it was.

    Args:
        transcript: What ``pip download -vv`` printed.
        url: Our Simple API URL.
        mode: With "extra", our URL was given on the command line too.
        environ: The environment that it ran in.
        succeeded: Whether it found what it was to find.
    """
    transcript, url = nameless(transcript), without_user(url)
    if re.search(r"configuration file could not be loaded|during configuration", transcript, re.IGNORECASE):
        return Cause.CONFIGURATION_REFUSED
    if "Ignoring indexes:" in transcript:
        return Cause.NO_INDEX
    asked = _indexes(transcript)
    expected = 2 if mode is Mode.EXTRA else 1
    if sum(same_url(index, url) for index in asked) < expected:
        return _why_not_asked(environ, mode)
    if not _answered(transcript, url):
        return read_failure(_failure(transcript, url), VOICE, environ)
    return None if succeeded else Cause.NO_SUITABLE_FILE


def _indexes(transcript: str) -> list[str]:
    lines = re.findall(r"^Looking in indexes: (.+)$", transcript, re.MULTILINE)
    return [index for line in lines[:1] for index in line.strip().split(", ")]


def _why_not_asked(environ: Mapping[str, str], mode: Mode) -> Cause:
    named = environ.get("PIP_CONFIG_FILE")
    if named and Path(named).exists():
        return Cause.CONFIG_FILE_OVERRIDDEN
    if environ.get("PIP_EXTRA_INDEX_URL" if mode is Mode.EXTRA else "PIP_INDEX_URL"):
        return Cause.INDEX_OVERRIDDEN
    return Cause.NOT_CONFIGURED


def _answered(transcript: str, url: str) -> bool:
    """Return whether our index gave a page, or said that it has none: nothing else counts as reached."""
    page = re.escape(url) + r"[^/\s]+/"
    return bool(
        re.search(rf"^\s*Fetched page {page} as ", transcript, re.MULTILINE)
        or re.search(rf"^\s*Could not fetch URL {page}: 404 Client Error", transcript, re.MULTILINE)
    )


def _failure(transcript: str, url: str) -> str:
    """Return the lines that say why our page was not had."""
    start = f"Could not fetch URL {url}"
    lines = [line for line in transcript.splitlines() if line.startswith(start)]
    return "\n".join([*lines, *re.findall(r"^\s*(?:\w+\.)*(?:OS|Value)Error: .*$", transcript, re.MULTILINE)])
