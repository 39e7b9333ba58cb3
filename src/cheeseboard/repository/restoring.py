"""A backup comes back: laid out, held against its catalog, and only then put where the folder belongs.

What comes back is a stranger's archive. No name in it becomes a path before it was matched, its catalog must
be made just as ours are, and what that says of a file is kept only where the file, judged anew, confirms it.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cheeseboard.errors import BackupError, Sentence
from cheeseboard.events import EventBus, Progress
from cheeseboard.repository.backup import alone, explained
from cheeseboard.repository.confirming import check_catalog, confirm_files
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.scan import ForeignFile
from cheeseboard.repository.store import sync_directory
from cheeseboard.repository.unpacking import unpack_backup

# A damaged file that was written seconds before its backup may seem to be still on its way.
_LONGEST_LOOK_SECONDS = 5.0

# Told the folder, which is in no place yet, and the settings.
Furnish = Callable[[Path, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back.

    Attributes:
        folder: Where it is now.
        files: How many files are in the index again.
        missing: Names that the catalog lists and the backup does not hold as they were.
        refused: Files that were laid in their places and are not offered, and why.
        settings: What was set for the repository.
        secrets: Files of the authority, by name; empty unless asked for.
    """

    folder: Path
    files: int
    missing: tuple[str, ...]
    refused: tuple[ForeignFile, ...]
    settings: Mapping[str, Any]
    secrets: Mapping[str, bytes]


def restore_backup(
    source: Path,
    folder: Path,
    *,
    with_secrets: bool = False,
    furnish: Furnish | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Restored:
    """Bring a repository back into a folder that is missing or empty: whole, or not at all.

    Args:
        source: The backup.
        folder: Where it shall be.
        with_secrets: Whether to hand over the authority that may be in it.
        furnish: Puts in what others keep there, by the backup's settings, before anybody can see it.
        progress: Told after every file that was laid out.
        cancelled: Asked often.

    Raises:
        BackupError: The folder is not empty, or the backup is damaged or none.
        RepositoryError: The folder's disk failed.
        Cancelled: ``cancelled`` said so.
    """
    with explained(folder):
        if os.path.lexists(folder) and not _is_empty(folder):
            raise BackupError(
                Sentence(
                    "{folder} is not empty, and a restored repository replaces nothing. Name another folder.",
                    folder=folder,
                ),
                folder,
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
    with explained(folder), alone(folder) as beside:
        work = beside / "repository"
        work.mkdir()
        unpacked = unpack_backup(
            source, work, with_secrets=with_secrets, progress=progress, cancelled=cancelled
        )
        layout = Layout(work)
        with explained(source):
            layout.private.mkdir(mode=0o700)
            unpacked.catalog.rename(layout.catalog)
            check_catalog(source, layout)
            missing = confirm_files(layout, cancelled)
        files, refused = _open_once(source, work)
        if furnish is not None:
            furnish(work, unpacked.settings)
        if os.path.lexists(folder):
            folder.rmdir()
        work.rename(folder)
        sync_directory(folder.parent)
    placed = tuple(ForeignFile(folder / file.path.relative_to(work), file.refusal) for file in refused)
    return Restored(folder, files, missing, placed, unpacked.settings, unpacked.secrets)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def _open_once(source: Path, folder: Path) -> tuple[int, tuple[ForeignFile, ...]]:
    """Open what was laid out as it will be opened; return how many files it offers, and what it refuses."""
    try:
        repository = Repository(folder, EventBus())
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BackupError(
            Sentence(
                "The catalog in {source} holds what none of ours does: {cause}.", source=source, cause=error
            ),
            source,
        ) from error
    try:
        deadline = time.monotonic() + _LONGEST_LOOK_SECONDS
        while (again := repository.scan()) is not None and time.monotonic() + again < deadline:
            time.sleep(again)
        return _look_at_all(repository), repository.foreign_files
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BackupError(
            Sentence(
                "The catalog in {source} holds what none of ours does: {cause}.", source=source, cause=error
            ),
            source,
        ) from error
    finally:
        repository.close()


def _look_at_all(repository: Repository) -> int:
    """Make every value that is made only when somebody asks for it; return how many files there are."""
    repository.activity()
    return sum(len(project.files) for project in repository.snapshot.projects.values())
