"""A file that grows in staging, piece by piece, while somebody sends it."""

import os
import shutil
import threading
from pathlib import Path

from cheeseboard.errors import StorageFull
from cheeseboard.repository.store import Store, discard, explained, write_all

# What is left for everything else that happens on the disk, the catalog not least.
_SPARED_BYTES = 4 * 1024 * 1024


class StagedFile:
    """Ours until the repository takes it in; every method is slow.

    Raises:
        RepositoryError: The folder's disk failed, or has no room for what is announced.
    """

    def __init__(self, store: Store, folder: Path, size: int) -> None:
        """Open it.

        Args:
            store: Where it is staged.
            folder: The managed folder, for what is said when its disk fails.
            size: How many bytes are to be expected at most.
        """
        self._folder = folder
        # Whoever gives it up may do so while a piece is being written.
        self._using = threading.Lock()
        self.path = store.staging_path()
        with explained(folder):
            if shutil.disk_usage(folder).free < size + min(size, _SPARED_BYTES):
                sentence = f"Can't write to the managed folder {folder}: the disk is too full."
                raise StorageFull(sentence, folder)
            self._file = self.path.open("xb", buffering=0)

    def write(self, piece: bytes) -> None:
        """Append a piece."""
        with self._using, explained(self._folder):
            write_all(self._file, piece)

    def finish(self) -> None:
        """Make its bytes durable."""
        with self._using, explained(self._folder):
            os.fsync(self._file.fileno())
            self._file.close()

    def discard(self) -> None:
        """Delete it, unless it was taken in; idempotent."""
        with self._using:
            self._file.close()
        discard(self.path)
