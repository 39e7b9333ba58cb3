"""The trash: what was removed, how it comes back, and when it is emptied.

A removal is recorded before the file moves: the row is the promise, the move keeps it, and a crash
between the two is made good at the next start.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from cheeseboard.events import Way
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.records import Activity, Removal, TrashRow
from cheeseboard.repository.snapshot import File
from cheeseboard.repository.store import Store

# Nothing leaves the trash in silence sooner than this.
SHORTEST_KEEP_DAYS = 30
_MICROSECONDS_A_DAY = 86_400 * 1_000_000


class Trash:
    """The trash of one repository."""

    def __init__(self, layout: Layout, store: Store, catalog: Catalog, clock: Callable[[], int]) -> None:
        self._layout = layout
        self._store = store
        self._catalog = catalog
        self._clock = clock

    def remove(self, files: Sequence[File], way: Way, published: Callable[[], None]) -> Removal:
        """Move files to the trash.

        Args:
            files: As they are in a snapshot; one that is no longer that very file is passed over.
            way: For the activity list.
            published: Called between the record and the moves, so that no index lists a file that
                is not there.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        rows: list[TrashRow] = []
        gone: list[File] = []
        with self._catalog.writing() as writer:
            for file in files:
                recorded = writer.find(file.filename)
                if recorded is None or not recorded.present or recorded.file.sha256 != file.sha256:
                    continue
                now = self._clock()
                rows.append(writer.add_trash(recorded.file, now))
                gone.append(recorded.file)
                writer.forget(recorded.file.filename)
                writer.note(Activity(now, "removed", file.filename, file.project, way))
        published()
        for row in rows:
            self.move(self._layout.place(row.project, row.filename), row)
        return Removal(tuple(rows), tuple(gone))

    def move(self, source: Path, row: TrashRow) -> None:
        """Keep a row's promise; one whose file is gone is dropped."""
        if not self._store.to_trash(source, row) and not self._store.trash_path(row).exists():
            with self._catalog.writing() as writer:
                writer.drop_trash(row.id)

    def restore_path(self, row: TrashRow) -> bool:
        """Put a removed file's bytes back in their place; False when the trash no longer has them.

        Raises:
            FileExistsError: Another file has taken the place.
            RepositoryError: The folder's disk failed.
        """
        source = self._store.trash_path(row)
        if not source.exists():
            return False
        self._store.place(source, row.project, row.filename)
        self._store.make_durable([self._layout.place(row.project, row.filename).parent])
        return True

    def recover(self) -> None:
        """Finish the moves that a crash interrupted."""
        for row in self._catalog.trash():
            place = self._layout.place(row.project, row.filename)
            if self._store.trash_path(row).exists() or not place.is_file():
                continue
            # Inside the transaction: another process may be putting the file back just now.
            with self._catalog.writing() as writer:
                found = writer.find(row.filename)
                if found is None or found.present or self._store.trash_path(row).exists():
                    continue
                if _sha256(place) == row.sha256:  # else somebody's new file has taken the place
                    self._store.to_trash(place, row)

    def empty(self, *, keep_days: int, keep_bytes: int | None = None, spared_days: int = 0) -> int:
        """Delete for good what was removed long ago.

        Args:
            keep_days: What was removed longer ago goes.
            keep_bytes: Of the rest the oldest go until no more than this is kept; None: all stay.
            spared_days: What was removed within these days stays, however much it is.

        Returns:
            How many files were deleted.

        Raises:
            ValueError: A number is negative.
            RepositoryError: The folder's disk failed.
        """
        if keep_days < 0 or (keep_bytes or 0) < 0:
            raise ValueError("neither days nor bytes can be negative")
        rows = self._catalog.trash()
        expired = choose_expired(rows, self._clock(), max(keep_days, spared_days), keep_bytes, spared_days)
        for row in expired:
            self._store.delete_trashed(row)
            with self._catalog.writing() as writer:
                writer.drop_trash(row.id)
        return len(expired)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def choose_expired(
    rows: Sequence[TrashRow], now_us: int, keep_days: int, keep_bytes: int | None, spared_days: int
) -> tuple[TrashRow, ...]:
    """Return what is to be deleted for good; the latest removals are kept the longest."""
    limit = now_us - keep_days * _MICROSECONDS_A_DAY
    spared = now_us - spared_days * _MICROSECONDS_A_DAY
    kept_bytes = 0
    expired = []
    for row in sorted(rows, key=lambda row: row.removed_us, reverse=True):
        kept_bytes += row.size
        too_much = keep_bytes is not None and kept_bytes > keep_bytes
        if row.removed_us <= limit or (too_much and row.removed_us <= spared):
            expired.append(row)
    return tuple(expired)
