"""Moving here from another package server: what it knows is laid ready, its files go through the one door."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason
from cheeseboard.events import Progress, Way
from cheeseboard.repository.intake import Accepted, Batch, Identical, Outcome, Rejected
from cheeseboard.repository.other_servers import Arrival, Collection
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.salvage import Decisions, FileDecision
from cheeseboard.repository.snapshot import ProjectStatus

_READ_STEP = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of everything.

    Attributes:
        batch: One outcome a file; what one undo takes back.
        yanked: How many of the files are yanked, as they were there.
        statuses: Projects that were marked as they were there.
    """

    batch: Batch
    yanked: int = 0
    statuses: tuple[tuple[NormalizedName, ProjectStatus, str], ...] = ()


def import_collection(
    repository: Repository,
    collection: Collection,
    *,
    way: Way = Way.COMMAND_LINE,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Imported:
    """Take in what another server left, with what it knew; slow: each file is read twice.

    Raises:
        RepositoryError: The folder's disk failed; what was accepted before stays.
    """
    hashes = _hash_all([each.path for each in collection.arrivals if _is_known(each)], cancelled)
    wrong = {each.path for each in collection.arrivals if each.sha256 and _differs(each, hashes)}
    by_path = {each.path: each for each in collection.arrivals}
    repository.expect(
        Decisions(
            files=tuple(
                FileDecision(each.path.name, sha256, each.upload_time_us or _now_us(each.path), each.yanked)
                for each in collection.arrivals
                if each.path not in wrong and (sha256 := hashes.get(each.path))
            )
        )
    )
    paths = [each.path for each in collection.arrivals if each.path not in wrong]
    batch = repository.add(paths, way, progress=progress, cancelled=cancelled)
    refused: list[Outcome] = [
        Rejected(path, Refusal(RefusalReason.DIGEST_MISMATCH)) for path in by_path if path in wrong
    ]
    yanked = _yank_rest(repository, batch, by_path, way)
    statuses = _mark_projects(repository, batch, collection, way)
    return Imported(Batch((*batch.outcomes, *refused), batch.skipped_directories), yanked, statuses)


def _is_known(arrival: Arrival) -> bool:
    return arrival.sha256 is not None or arrival.upload_time_us is not None or arrival.yanked is not None


def _differs(arrival: Arrival, hashes: dict[Path, str]) -> bool:
    """Tell whether a file is not what its server says; one that cannot be read is the door's to refuse."""
    return arrival.path in hashes and hashes[arrival.path] != arrival.sha256


def _now_us(path: Path) -> int:
    """Return the file's own time: its server knew a yank or a hash, but not when it came in."""
    return path.stat().st_mtime_ns // 1000


def _hash_all(paths: Sequence[Path], cancelled: Callable[[], bool] | None) -> dict[Path, str]:
    hashes: dict[Path, str] = {}
    lock = threading.Lock()

    def digest(path: Path) -> None:
        sha256 = hashlib.sha256()
        try:
            with path.open("rb") as file:
                while piece := file.read(_READ_STEP):
                    if cancelled is not None and cancelled():
                        return
                    sha256.update(piece)
        except OSError:
            return
        with lock:
            hashes[path] = sha256.hexdigest()

    with ThreadPoolExecutor(2, thread_name_prefix="import") as pool:
        list(pool.map(digest, paths))
    return hashes


def _yank_rest(repository: Repository, batch: Batch, by_path: dict[Path, Arrival], way: Way) -> int:
    """Yank what was laid ready in vain, because a file of that name but other bytes was here before."""
    yanked = 0
    for outcome in batch.accepted:
        reason = by_path[outcome.source].yanked
        if reason is None:
            continue
        yanked += 1
        if outcome.file.yanked is None:
            repository.yank([outcome.file], reason, way)
    return yanked


def _mark_projects(
    repository: Repository, batch: Batch, collection: Collection, way: Way
) -> tuple[tuple[NormalizedName, ProjectStatus, str], ...]:
    """Mark projects last: an archived one takes no files."""
    came = {each.file.project for each in batch.outcomes if isinstance(each, Accepted | Identical)}
    marked = tuple(each for each in collection.statuses if each[0] in came)
    for project, status, reason in marked:
        repository.set_project_status(project, status, reason, way)
    return marked
