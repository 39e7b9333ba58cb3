"""Which of our projects also exist where this user's pip looks besides: there the highest version wins.

The user's own pip is asked, with all of its configuration: its indexes, proxy, certificates and
passwords, so that the answer is what an install would meet. Asking tells the upstream our projects'
names: nothing here asks by itself.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from packaging.version import InvalidVersion, Version

from cheeseboard.clients.atomic_file import read_bytes, replace_bytes
from cheeseboard.clients.pip import find_pip, run_pip
from cheeseboard.clients.pip_conf import same_url
from cheeseboard.clients.tool import likewise
from cheeseboard.errors import ClientConfigError, Sentence
from cheeseboard.locations import make_private

FILE = "collisions.json"
KEPT = timedelta(days=7)
_VERSION = 1
_AT_ONCE = 2
# No project has it, so nothing is downloaded, and pip lists all that it has seen on the way.
_NO_SUCH_VERSION = "0.dev0+cheeseboard"


class Winner(StrEnum):
    """What pip would pick with both indexes. Values are stable: ``--json`` holds them."""

    OURS = "ours"
    UPSTREAM = "upstream"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Collision:
    """One project that exists upstream too.

    Attributes:
        project: Its normalized name.
        upstream: The host that has it.
        ours: Our version that a plain install takes; empty where it takes none.
        theirs: The upstream's highest, of those that a plain install takes.
        winner: Which of them pip would install.
    """

    project: str
    upstream: str
    ours: str
    theirs: str
    winner: Winner


@dataclass(frozen=True, slots=True)
class Answer:
    """What the upstream said of one name.

    Attributes:
        at: When it was asked.
        upstream: The host that has it; empty when none has.
        versions: Those that it has; none when it has no such project.
    """

    at: datetime
    upstream: str
    versions: tuple[str, ...]


class Collisions:
    """The answers so far, on disk, and the asking.

    Args:
        directory: Where the answers are kept; made when first needed, private.
        environ: The user's environment: it decides which pip is asked.
    """

    def __init__(self, directory: Path, environ: Mapping[str, str]) -> None:
        self._path = directory / FILE
        self._environ = dict(environ)

    def known(self, offered: Callable[[str], str | None]) -> tuple[Collision, ...]:
        """Return what is known of our projects, by name; fast, asks nobody.

        Args:
            offered: Tells, by normalized name, which version of ours pip takes unasked: empty where it
                takes none, None where the name is not ours. Asked only for names with an answer.
        """
        answers = sorted(self._read().items())
        found = (compare(name, ours, it) for name, it in answers if (ours := offered(name)) is not None)
        return tuple(collision for collision in found if collision is not None)

    def ask(
        self,
        names: Iterable[str],
        *,
        own_url: str,
        now: datetime,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Ask for names of which no fresh answer is known; slow, about half a second each.

        Args:
            names: Normalized.
            own_url: Our Simple API URL, whose answers don't count.
            now: The time, aware.
            progress: Told how many of how many are done.
            cancelled: Asked between two names; what is known by then is kept.

        Raises:
            ClientConfigError: There is no pip, it did not reach its index, or the disk failed.
        """
        answers = self._read()
        wanted = [name for name in sorted(names) if name not in answers or now - answers[name].at > KEPT]
        if not wanted:
            return
        command = find_pip(self._environ).command
        if not command:
            raise ClientConfigError(Sentence("No pip was found that could be asked."), "pip")

        def one(name: str) -> Answer | None:
            try:
                return None if cancelled() else _ask_pip(command, name, own_url, self._environ, now)
            except ClientConfigError:
                if cancelled():  # that is why pip did not answer
                    return None
                raise

        try:
            with ThreadPoolExecutor(_AT_ONCE) as executor:
                asked = executor.map(likewise(one), wanted)
                for done, (name, answer) in enumerate(zip(wanted, asked, strict=True), 1):
                    if answer is not None:
                        answers[name] = answer
                    progress(done, len(wanted))
        finally:  # also when a later name fails: each took somebody's index half a second
            self._write(answers)

    def forget(self) -> None:
        """Forget all answers."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Answer]:
        """Return the answers; a file that can't be used is as none: all of it can be asked again."""
        try:
            data = json.loads(read_bytes(self._path) or b"{}")
            if data.get("version") != _VERSION:
                return {}
            return {
                str(name): Answer(
                    datetime.fromisoformat(item["at"]), str(item["upstream"]), tuple(item["versions"])
                )
                for name, item in data["answers"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def _write(self, answers: Mapping[str, Answer]) -> None:
        items = {
            name: {"at": answer.at.isoformat(), "upstream": answer.upstream, "versions": answer.versions}
            for name, answer in answers.items()
        }
        content = json.dumps({"version": _VERSION, "answers": items}, indent=1).encode()
        try:
            make_private(self._path.parent)
            replace_bytes(self._path, content, new_mode=0o600)
        except OSError as error:
            cause = (error.strerror or str(error)).lower()
            raise ClientConfigError(
                Sentence("Can't write {path}: {cause}.", path=self._path, cause=cause), "pip", self._path
            ) from error


def compare(project: str, ours: str, answer: Answer) -> Collision | None:
    """Return the collision, or None when the upstream has no such project."""
    versions = [version for text in answer.versions if (version := _version(text)) is not None]
    if not answer.upstream or not versions:
        return None
    theirs = max(versions, key=preference)
    mine = _version(ours)
    if mine is None or preference(theirs) > preference(mine):
        winner = Winner.UPSTREAM
    else:
        winner = Winner.EITHER if theirs == mine else Winner.OURS
    return Collision(project, answer.upstream, ours, str(theirs), winner)


def preference(version: Version) -> tuple[bool, Version]:
    """Return how much pip wants a version that nobody asked for by number: finals first, then the higher."""
    return not version.is_prerelease, version


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _ask_pip(
    command: Sequence[str], name: str, own_url: str, environ: Mapping[str, str], now: datetime
) -> Answer:
    arguments = ["download", "-vv", "--no-deps", "--no-cache-dir", "--retries", "0", "--timeout", "10"]
    done = run_pip(command, [*arguments, "--", f"{name}=={_NO_SUCH_VERSION}"], environ)
    if done is None:
        raise ClientConfigError(Sentence("pip did not answer in time."), "pip")
    return read_transcript(done.stdout + done.stderr, name, own_url, now)


def read_transcript(transcript: str, name: str, own_url: str, now: datetime) -> Answer:
    """Return what pip's verbose output says of a name on indexes other than ours.

    Raises:
        ClientConfigError: No other index answered, so nothing is known.
    """
    page = rf"(?P<index>https?://\S+/){re.escape(name)}/"
    fetched = re.findall(rf"(?m)^\s*Fetched page {page} as ", transcript)
    absent = re.findall(rf"(?m)^\s*Could not fetch URL {page}: 404 Client Error", transcript)
    theirs = [index for index in fetched if not same_url(index, own_url)]
    nothing = [index for index in absent if not same_url(index, own_url)]
    if not theirs and not nothing:
        failed = re.findall(r"(?m)^\s*Could not fetch URL (https?://\S+?)/[^/\s]+/: ", transcript)
        others = [urlsplit(url).hostname or "" for url in failed if not same_url(url, own_url)]
        where = others[0] if others else "its index"
        raise ClientConfigError(
            Sentence("pip did not reach {where}, so nothing is known of {name}.", where=where, name=name),
            "pip",
        )
    link = rf"(?m)^\s*Found link \S+ \(from {page}\)[^\n]*, version: (?P<version>\S+)$"
    versions = {match["version"] for match in re.finditer(link, transcript) if match["index"] in theirs}
    host = urlsplit(theirs[0]).hostname or "" if theirs and versions else ""
    return Answer(now, host, tuple(sorted(versions)))
