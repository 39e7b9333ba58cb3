"""What somebody may send us when something is wrong: plain text, made on this computer, without secrets.

Everything is redacted once more at the end, whatever part it came from.
"""

import getpass
import os
import platform
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from cheeseboard import __version__
from cheeseboard.clients.plan import ClientState
from cheeseboard.errors import RepositoryError
from cheeseboard.repository.snapshot import Snapshot
from cheeseboard.server.state import ServerState
from cheeseboard.service.doctor import Complaint
from cheeseboard.settings import Settings

if TYPE_CHECKING:
    from cheeseboard.service.service import Service

LAST_LINES = 400
TOLD_SETTINGS = ("theme", "port", "trash_days", "trash_megabytes")
LIBRARIES = ("PySide6-Essentials", "granian", "h11", "cryptography", "packaging", "watchdog", "starlette")
# Which of these are set tells much; their values are nobody's business.
TELLING = ("PIP_", "UV_", "SSL_", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "QT_", "XDG_", "WAYLAND_DISPLAY")

_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL)
_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_NAMED_SECRET = re.compile(
    r"(?i)\b((?:[a-z_]*(?:token|password|passwd|secret|api[_-]?key)|authorization)\b[\"']?\s*[=:]\s*)(.+)"
)
# Ours by its prefix, whole or cut short, whatever follows it.
_OWN_TOKEN = re.compile(r"cheeseboard-[0-9A-Za-z]{12,}")
_LONG_SECRET = re.compile(
    r"(?<![A-Za-z0-9+/=_-])(?=[A-Za-z0-9+/=_-]*\d)[A-Za-z0-9+/=_-]{28,}(?![A-Za-z0-9.])"
)
_ADDRESS = re.compile(r"\b(?!127\.)(?!0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b(?!\.?\d)")


@dataclass(frozen=True, slots=True)
class Person:
    """Whose computer it is: what must not be read in the report."""

    home: Path
    user: str
    host: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known at this moment.

    Attributes:
        complaints: What is wrong; None where nobody looked.
    """

    settings: Settings
    folder: Path
    folder_problem: RepositoryError | None
    snapshot: Snapshot
    foreign_reasons: Sequence[str]
    server_state: ServerState
    client_states: Sequence[ClientState]
    environ: Mapping[str, str]
    log: Path
    last_crash: Path
    complaints: Sequence[Complaint] | None


def report_on(service: "Service", logs: Path, complaints: Sequence[Complaint] | None) -> str:
    """Return the report on a service, this computer and its user; slow (reads the logs).

    Args:
        service: Whose states are told.
        logs: Where the logs lie.
        complaints: What :func:`~cheeseboard.service.doctor.examine` found; None where nobody looked.
    """
    facts = Facts(
        settings=service.settings,
        folder=service.folder,
        folder_problem=service.folder_problem,
        snapshot=service.snapshot,
        foreign_reasons=[str(one.refusal.reason) for one in service.foreign_files],
        server_state=service.sharing.server_state,
        client_states=service.clients.states(),
        environ=os.environ,
        log=logs / "cheeseboard.log",
        last_crash=logs / "last-crash.log",
        complaints=complaints,
    )
    return make_report(facts, Person(Path.home(), getpass.getuser(), platform.node()))


def make_report(facts: Facts, person: Person) -> str:
    """Return the whole report, redacted; slow (reads the log)."""
    sections = {
        "What is wrong": _wrong(facts.complaints),
        "Versions": _versions(),
        "Settings": [f"{name} = {getattr(facts.settings, name, None)!r}" for name in TOLD_SETTINGS],
        "Repository": [
            f"folder = {facts.folder}",
            f"problem = {facts.folder_problem}",
            f"projects = {len(facts.snapshot.projects)}",
            f"files = {facts.snapshot.file_count}",
            f"bytes = {facts.snapshot.total_size}",
            *(f"not taken in: {count} x {why}" for why, count in Counter(facts.foreign_reasons).items()),
        ],
        "Server": [repr(facts.server_state)],
        "Installers": [
            f"{state.tool}: {state.mode}{', changed elsewhere' if state.edited else ''}"
            for state in facts.client_states
        ],
        "Variables that are set": sorted(name for name in facts.environ if name.startswith(TELLING)),
        "Last crash": _last_lines(facts.last_crash),
        "Log": _last_lines(facts.log),
    }
    text = "\n\n".join(f"# {title}\n" + "\n".join(lines or ["-"]) for title, lines in sections.items())
    return redact(text, person) + "\n"


def redact(text: str, person: Person) -> str:
    """Return ``text`` without keys, tokens, credentials, home, user, host and other computers' addresses."""
    text = _PEM.sub("<key or certificate removed>", text)
    for home in {str(person.home), str(person.home).replace("\\", "\\\\"), person.home.as_posix()}:
        text = text.replace(home, "~")
    text = _CREDENTIALS.sub("<removed>@", text)
    text = _NAMED_SECRET.sub(r"\1<removed>", text)
    text = _OWN_TOKEN.sub("<token removed>", text)
    text = _LONG_SECRET.sub("<removed>", text)
    text = _ADDRESS.sub("<address>", text)
    for name, shown in ((person.host, "<host>"), (person.user, "<user>")):
        if len(name) > 2:
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", shown, text)
    return text


def _wrong(complaints: Sequence[Complaint] | None) -> list[str]:
    if complaints is None:
        return ["Nobody looked."]
    told = [f"{each.subject}: {each.sentence} {each.action}" for each in complaints]
    return told or ["Nothing is wrong here."]


def _versions() -> list[str]:
    lines = [
        f"cheeseboard {__version__}",
        f"Python {platform.python_version()} ({platform.python_implementation()})",
        f"{platform.system()} {platform.release()} {platform.machine()}, {sys.platform}",
    ]
    for name in LIBRARIES:
        try:
            lines.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{name}: inside the program")
    return lines


def _last_lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()[-LAST_LINES:]
    except OSError:
        return []
