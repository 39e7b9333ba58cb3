"""A file's bytes, read once from front to back and hashed on the way."""

import hashlib
import os
from collections.abc import Iterator

from zlib_ng import zlib_ng

from cheeseboard.errors import RefusalReason, UnreadableArchive

CHUNK = 1024 * 1024

# What inflating damaged data raises.
InflateError: type[Exception] = zlib_ng.error  # type: ignore[assignment]  # the stub declares an instance


class HashedReader:
    """Reads an open file sequentially; every byte goes through the hashes exactly once.

    Positions come from ``pread``, so other readers of the same descriptor do not disturb it. No memory
    map: a file that somebody shortens meanwhile must not end the process with SIGBUS.
    """

    def __init__(self, descriptor: int, size: int, *, blake2b: bool = False) -> None:
        self.size = size
        self.position = 0
        self._descriptor = descriptor
        self._sha256 = hashlib.sha256()
        self._blake2b = hashlib.blake2b(digest_size=32) if blake2b else None
        self._chunk = b""
        self._chunk_start = 0

    def read(self, count: int) -> bytes:
        """Return exactly ``count`` bytes.

        Raises:
            UnreadableArchive: TRUNCATED at the end of the file.
        """
        offset = self.position - self._chunk_start
        if offset + count <= len(self._chunk):
            self.position += count
            return self._chunk[offset : offset + count]
        parts = list(self.pieces(count))
        return b"".join(parts)

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield exactly ``count`` bytes in pieces.

        Raises:
            UnreadableArchive: TRUNCATED at the end of the file.
        """
        while count:
            offset = self.position - self._chunk_start
            piece = self._chunk[offset : offset + count]
            if not piece:
                self._fill()
                continue
            self.position += len(piece)
            count -= len(piece)
            yield piece

    def remaining(self) -> Iterator[bytes]:
        """Yield what is left of the file."""
        yield from self.pieces(self.size - self.position)

    def finish(self) -> None:
        """Read to the end, so that the hashes cover the whole file."""
        for _ in self.remaining():
            pass

    @property
    def sha256(self) -> str:
        """Lowercase hex; of the whole file once it was read to its end."""
        return self._sha256.hexdigest()

    @property
    def blake2b_256(self) -> str | None:
        """Lowercase hex, or None when it was not asked for."""
        return self._blake2b.hexdigest() if self._blake2b else None

    def peek(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``offset``, outside the sequence and unhashed.

        An offset outside the file, as an archive may claim one, has no bytes.
        """
        if not 0 <= offset < self.size or count <= 0:
            return b""
        count = min(count, self.size - offset)
        return (
            os.pread(self._descriptor, count, offset)
            if hasattr(os, "pread")
            else self._seek_read(offset, count)
        )

    def _fill(self) -> None:
        start = self._chunk_start + len(self._chunk)
        chunk = self.peek(start, min(CHUNK, self.size - start)) if start < self.size else b""
        if not chunk:
            raise UnreadableArchive(RefusalReason.TRUNCATED)
        self._chunk, self._chunk_start = chunk, start
        self._sha256.update(chunk)
        if self._blake2b is not None:
            self._blake2b.update(chunk)

    def _seek_read(self, offset: int, count: int) -> bytes:
        # Windows has no pread; the descriptor is ours alone.
        os.lseek(self._descriptor, offset, os.SEEK_SET)
        return os.read(self._descriptor, count)
