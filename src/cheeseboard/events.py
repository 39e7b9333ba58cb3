"""What happened, as frozen facts, and the one bus that carries them between rooms and faces.

Subscribers are called on the thread that published, one after the other, and must return at once;
a face re-emits on its own thread. A listener that needs the truth reads the current state when an
event wakes it (the snapshot, the server's state): events say that something changed, and what.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

logger = logging.getLogger(__name__)


class Way(StrEnum):
    """By which way a file, or a decision about it, came. Values are stable: the catalog holds them."""

    DROP = "drop"
    FOLDER = "folder"
    UPLOAD = "upload"
    COMMAND_LINE = "command-line"


@dataclass(frozen=True, slots=True)
class SnapshotChanged:
    """The repository published a new snapshot.

    Attributes:
        serial: The snapshot's number, growing.
        projects: Normalized names of the projects that differ from the snapshot before.
    """

    serial: int
    projects: frozenset[str]


@dataclass(frozen=True, slots=True)
class FileAdded:
    """A file was placed, recorded and is in the current snapshot."""

    filename: str
    project: str
    version: str
    way: Way


@dataclass(frozen=True, slots=True)
class FileRemoved:
    """A file left the snapshot: to the trash, or removed from the folder by somebody else."""

    filename: str
    project: str
    version: str
    way: Way


@dataclass(frozen=True, slots=True)
class ForeignFilesChanged:
    """The list of files in the folder that were not taken in changed."""


@dataclass(frozen=True, slots=True)
class FirstScanFinished:
    """The folder was looked through once; from now on an empty snapshot means an empty folder."""


@dataclass(frozen=True, slots=True)
class RepositorySwitched:
    """Another managed folder is open now; read everything anew."""


@dataclass(frozen=True, slots=True)
class FolderStateChanged:
    """The folder went missing, came back, became read-only, filled up, or is well again."""


@dataclass(frozen=True, slots=True)
class ServerStateChanged:
    """The server's state changed; read it at the service."""


@dataclass(frozen=True, slots=True)
class NeighboursChanged:
    """A repository on this network appeared, changed or left; read them at the service."""


@dataclass(frozen=True, slots=True)
class ClientsChanged:
    """An installer's configuration was written or undone by us."""


@dataclass(frozen=True, slots=True)
class FileDownloaded:
    """A file was sent to an installer.

    Attributes:
        address: The client's IP address.
        installer: What its User-Agent says, e.g. "pip/26.3"; may be empty, as the following.
        python: The version of the installer's Python, e.g. "3.11.7".
        system: The operating system, e.g. "Linux".
    """

    filename: str
    address: str
    installer: str
    python: str = ""
    system: str = ""


class Answered(StrEnum):
    """How a request ended."""

    HERE = "here"
    NOT_HERE = "not-here"
    TURNED_AWAY = "turned-away"
    UPLOAD_REFUSED = "upload-refused"


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Requests that were alike.

    Attributes:
        address: The client's IP address.
        installer: What its User-Agent says, e.g. "pip/26.3"; may be empty.
        name: The project or file; empty for the list of all projects, and for an upload.
        count: How many there were.
    """

    address: str
    installer: str
    name: str
    answered: Answered
    count: int


@dataclass(frozen=True, slots=True)
class RequestsAnswered:
    """What was asked for within the last second or so; published only while somebody watches."""

    kinds: tuple[AskedFor, ...]


@dataclass(frozen=True, slots=True)
class AccessChanged:
    """A token was made, used or revoked, or the rule who may read changed; perhaps by another process."""


Event = (
    SnapshotChanged
    | FileAdded
    | FileRemoved
    | ForeignFilesChanged
    | FirstScanFinished
    | RepositorySwitched
    | FolderStateChanged
    | ServerStateChanged
    | ClientsChanged
    | NeighboursChanged
    | AccessChanged
    | FileDownloaded
    | RequestsAnswered
)
Subscriber = Callable[[Event], None]


class EventBus:
    """Carries events from whoever publishes to all who subscribed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: tuple[Subscriber, ...] = ()

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call ``subscriber`` with every later event; returns the function that ends it."""
        with self._lock:
            self._subscribers = (*self._subscribers, subscriber)

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(s for s in self._subscribers if s is not subscriber)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell every subscriber; one that raises is logged and does not keep it from the others."""
        for subscriber in self._subscribers:
            try:
                subscriber(event)
            except Exception:
                logger.exception("A subscriber failed on %r", event)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        done: Files finished.
        total: Files known so far.
        bytes_done: Bytes finished.
        bytes_total: Bytes known so far.
        current: The path being worked on, if any.
    """

    done: int
    total: int
    bytes_done: int = 0
    bytes_total: int = 0
    current: Path | None = None
