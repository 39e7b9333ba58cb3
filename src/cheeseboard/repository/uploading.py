"""An uploaded file on its way through the one door: durable, judged, held against its sender's digests."""

import hashlib
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.distributions.distribution import Distribution, Refusal
from cheeseboard.distributions.judge import judge
from cheeseboard.errors import RefusalReason
from cheeseboard.repository.intake import Prepared, Rejected
from cheeseboard.repository.staged import StagedFile
from cheeseboard.repository.store import stamp_of


@dataclass(frozen=True, slots=True)
class Digests:
    """What the sender says of the bytes, in hex; empty where it says nothing."""

    sha256: str = ""
    blake2b_256: str = ""
    md5: str = ""


def prepare_upload(
    staged: StagedFile, filename: str, claimed: Digests, syncing: Executor
) -> Prepared | Rejected:
    """Judge a file that was received whole; one that is refused is gone afterwards. Slow.

    Args:
        staged: The file.
        filename: Its name.
        claimed: What its sender says of its bytes.
        syncing: Makes it durable meanwhile: the disk and the processor need not wait for each other.

    Raises:
        OSError: It is gone, or its disk cannot be read.
        RepositoryError: The folder's disk failed.
    """
    source = Path(filename)
    durable = syncing.submit(staged.finish)
    try:
        verdict = judge(staged.path, filename, blake2b=bool(claimed.blake2b_256))
    finally:
        durable.result()
    # That bytes were damaged on the way is told before what the damage made of them.
    if not _arrived_as_sent(staged.path, verdict, claimed):
        verdict = Refusal(RefusalReason.DIGEST_MISMATCH)
    if isinstance(verdict, Refusal):
        staged.discard()
        return Rejected(source, verdict)
    return Prepared(source, staged.path, verdict, stamp_of(staged.path), ours=True)


def _arrived_as_sent(path: Path, verdict: Distribution | Refusal, claimed: Digests) -> bool:
    if isinstance(verdict, Refusal):
        return not claimed.sha256 or _agree(claimed.sha256, _digest(path, "sha256"))
    return (
        _agree(claimed.sha256, verdict.sha256)
        and _agree(claimed.blake2b_256, verdict.blake2b_256 or "")
        and (not claimed.md5 or _agree(claimed.md5, _digest(path, "md5")))
    )


def _agree(claimed: str, found: str) -> bool:
    return not claimed or claimed.lower() == found


def _digest(path: Path, algorithm: str) -> str:
    # MD5 guards against accidents alone, and says so where a system allows it for nothing else.
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
