"""A folder that may only be read: its catalog is copied aside, and the copy is opened like any other.

SQLite cannot open it where it lies: what its last writer left in the write-ahead log (or in a rollback
journal) has to be taken over first, and that writes. Opened as "immutable" it would be read without the log,
and against what another process writes meanwhile, on a share or in another user's folder. A copy of
catalog and log together is right in every case: SQLite recovers it, an older one is migrated, and what a
look finds is recorded in it. It lasts as long as this process; what the owner decides must not go into it.
"""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.errors import FolderReadOnly, Sentence, StorageFailed
from cheeseboard.repository.layout import Layout

# The shared memory beside them is made anew from the log.
_PARTS = ("", "-wal", "-journal")
_ATTEMPTS = 5
_BETWEEN_ATTEMPTS_SECONDS = 0.05
# How long a copy is good enough at least while another process goes on writing: a large one is 100 MB.
_KEPT_SECONDS = 5.0

_Stamps = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class ReadOnlyCopy:
    """The catalog of a folder that cannot be written to, copied.

    Attributes:
        folder: The managed folder.
        source: The catalog that was copied.
        stamps: What stat said of it and of what belongs to it.
        refused: Whether the system said beforehand that writing is not allowed, so that it will say
            beforehand, too, that it is; else only an attempt tells, and none is made.
        made_at: Monotonic seconds.
    """

    folder: Path
    source: Path
    directory: "tempfile.TemporaryDirectory[str]"
    stamps: _Stamps
    refused: bool
    made_at: float

    @property
    def place(self) -> Path:
        """The directory it is in, ours alone."""
        return Path(self.directory.name)

    @property
    def had_catalog(self) -> bool:
        """Whether there was a catalog to copy."""
        return self.stamps[0] is not None

    @property
    def problem(self) -> FolderReadOnly:
        """What is wrong with the folder."""
        sentence = (
            f"The managed folder {self.folder} is read-only: what it holds is shown and served, and nothing "
            "in it can be changed. Make it writable to add files."
        )
        return FolderReadOnly(sentence, self.folder)

    def is_outdated(self) -> bool:
        """Tell whether the folder can be written to by now, or another process wrote its catalog.

        Raises:
            FolderReadOnly: The catalog cannot be read any more.
        """
        if self.refused and can_write(Layout(self.folder)):
            return True
        if time.monotonic() - self.made_at < _KEPT_SECONDS:
            return False
        return _stamps(self.source, self.folder) != self.stamps

    def remove(self) -> None:
        """Delete it; idempotent."""
        self.directory.cleanup()


def can_write(layout: Layout) -> bool:
    """Tell, without an attempt, whether the system lets us write the catalog; where it cannot say, it may."""
    private = layout.private
    there = private if private.is_dir() else layout.folder
    if not os.access(there, os.W_OK):
        return False
    return not os.path.lexists(layout.catalog) or os.access(layout.catalog, os.W_OK)


def copy_aside(layout: Layout) -> ReadOnlyCopy:
    """Copy the catalog of a folder that cannot be written to; without one, the copy begins empty.

    Raises:
        FolderReadOnly: It cannot be read, or copied.
        StorageFailed: Another process wrote it all the while.
    """
    refused = not can_write(layout)
    try:
        directory = tempfile.TemporaryDirectory(prefix="cheeseboard-catalog-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _not_copied(layout.folder, error) from error
    try:
        stamps = _copy(layout, Path(directory.name))
    except BaseException:
        directory.cleanup()
        raise
    return ReadOnlyCopy(layout.folder, layout.catalog, directory, stamps, refused, time.monotonic())


def _copy(layout: Layout, directory: Path) -> _Stamps:
    """Copy the catalog with what belongs to it, as all of it was at one moment."""
    source = layout.catalog
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_BETWEEN_ATTEMPTS_SECONDS)
        before = _stamps(source, layout.folder)
        try:
            for part, stamp in zip(_PARTS, before, strict=True):
                copy = directory / f"{source.name}{part}"
                copy.unlink(missing_ok=True)
                if stamp is not None:
                    shutil.copyfile(f"{source}{part}", copy)
        except FileNotFoundError:
            continue  # another process closed the catalog meanwhile, and its log went
        except OSError as error:
            raise _not_copied(layout.folder, error) from error
        if _stamps(source, layout.folder) == before:
            return before
    sentence = Sentence(
        "Can't read the catalog of {folder}: another process is writing it. Try again later.",
        folder=layout.folder,
    )
    raise StorageFailed(sentence, layout.folder)


def _stamps(catalog: Path, folder: Path) -> _Stamps:
    stamps: list[tuple[int, int, int] | None] = []
    for part in _PARTS:
        try:
            found = os.stat(f"{catalog}{part}")  # noqa: PTH116  # a suffix, not a path of its own
        except (FileNotFoundError, NotADirectoryError):
            stamps.append(None)
        except OSError as error:
            raise _not_copied(folder, error) from error
        else:
            stamps.append((found.st_ino, found.st_size, found.st_mtime_ns))
    return tuple(stamps)


def _not_copied(folder: Path, error: OSError) -> FolderReadOnly:
    return FolderReadOnly(
        f"The managed folder {folder} is read-only, and its catalog can't be copied to be read: "
        f"{error.strerror or error}. Make the folder writable.",
        folder,
    )
