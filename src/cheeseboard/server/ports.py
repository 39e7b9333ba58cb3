"""What the server needs of the rest of the house, as one value of functions and facts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.repository.intake import Outcome, Prepared, Rejected
from cheeseboard.repository.snapshot import File, Snapshot
from cheeseboard.repository.staged import StagedFile
from cheeseboard.server.traffic.agent import Agent


def _nothing(_: File) -> None:
    """Nothing was attested."""


@dataclass(frozen=True, slots=True)
class Publishing:
    """Where uploads go; every function may be called from any thread, and may be slow.

    Attributes:
        stage: Returns a place for a file of so many bytes at most; raises RepositoryError.
        take_in: Takes a judged file in, or notes that it was refused; raises RepositoryError.
        most_bytes: Returns how large an upload may be.
        word: Says in a sentence or two what became of a file.
    """

    stage: Callable[[int], StagedFile]
    take_in: Callable[[Prepared | Rejected], Outcome]
    most_bytes: Callable[[], int]
    word: Callable[[Outcome], str]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the server reads what it serves; every function may be called from any thread.

    Attributes:
        name: The repository's name, for people.
        snapshot: Returns the current snapshot; cheap.
        path_of: Where a file lies.
        metadata_of: A file's core metadata, the very bytes; None when it is not at hand any more.
        available: False while the managed folder is missing: answered with 503, never 404.
        ca_pem: The local authority's certificate, PEM.
        attestations_of: What was attested of a file (PEP 740), a JSON array; None when nothing was.
        publishing: Where uploads go; None when none are taken.
        join_script: What ``/join.py`` answers; empty when there is none.
        on_download: Told the file, the client's address and who it says it is, after a file was sent.
    """

    name: str
    snapshot: Callable[[], Snapshot]
    path_of: Callable[[File], Path]
    metadata_of: Callable[[File], bytes | None]
    available: Callable[[], bool]
    ca_pem: bytes
    on_download: Callable[[File, str, Agent], None]
    attestations_of: Callable[[File], bytes | None] = _nothing
    publishing: Publishing | None = None
    join_script: bytes = b""
