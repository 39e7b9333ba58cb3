"""The verdict on one file: a Distribution, or a Refusal with its reason. Nothing is unpacked or run."""

import errno
import hashlib
import logging
import os
import stat
from pathlib import Path

from cheeseboard.distributions.distribution import Distribution, Kind, Refusal
from cheeseboard.distributions.filename import Candidate, ParsedFilename, parse_filename
from cheeseboard.distributions.members import DEFAULT_LIMITS, Limits
from cheeseboard.distributions.metadata import CoreMetadata, parse_metadata
from cheeseboard.distributions.reading import HashedReader
from cheeseboard.distributions.sdist import read_sdist
from cheeseboard.distributions.wheel import ArchiveContent, read_wheel
from cheeseboard.errors import DistributionError, MetadataMismatch, RefusalReason, UnreadableArchive

logger = logging.getLogger(__name__)

# Errors of the file itself; all others (a full disk, a vanished mount) are the world's, and raised.
_UNREADABLE = {errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENXIO, errno.EISDIR}


def judge(
    path: Path, filename: str | None = None, *, blake2b: bool = False, limits: Limits = DEFAULT_LIMITS
) -> Distribution | Refusal:
    """Read a file once, whole, and decide.

    Args:
        path: Where its bytes are. A symlink, FIFO or device is refused unopened.
        filename: The name to judge it under, where that is not the path's own (staging).
        blake2b: Whether its BLAKE2b-256 is wanted too.
        limits: Bounds on its content.

    Raises:
        OSError: The world failed: the file is gone, or its disk cannot be read.
    """
    try:
        parsed = parse_filename(filename or path.name)
        with _Opened(path) as file:
            return _judge_open(file, parsed, limits, blake2b=blake2b)
    except DistributionError as error:
        return Refusal(error.reason, error.detail)
    except OSError:
        raise
    except Exception:
        # Nothing that a file holds may end a scan or a drop; what we did not foresee is told by the log.
        logger.exception("Judging %s failed", path)
        return Refusal(RefusalReason.DAMAGED)


class _Opened:
    """An open descriptor of a regular file, never a link, never blocking."""

    def __init__(self, path: Path) -> None:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        if not stat.S_ISREG(path.lstat().st_mode):
            raise UnreadableArchive(RefusalReason.NOT_A_FILE)
        try:
            self.descriptor = os.open(path, flags)
        except OSError as error:
            if error.errno in _UNREADABLE:
                raise UnreadableArchive(RefusalReason.UNREADABLE, error.strerror or "") from error
            raise

    def __enter__(self) -> int:
        return self.descriptor

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)


def _judge_open(descriptor: int, parsed: ParsedFilename, limits: Limits, *, blake2b: bool) -> Distribution:
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise UnreadableArchive(RefusalReason.NOT_A_FILE)
    reader = HashedReader(descriptor, before.st_size, blake2b=blake2b)
    read = read_wheel if parsed.kind is Kind.WHEEL else read_sdist
    content = read(reader, parsed, limits)
    after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise UnreadableArchive(RefusalReason.CHANGED_WHILE_READING)
    metadata = parse_metadata(content.metadata)
    _match(parsed, metadata)
    return _distribution(parsed, reader, content, metadata)


def _match(parsed: ParsedFilename, metadata: CoreMetadata) -> Candidate:
    """Return the reading of the file's name that the metadata confirms."""
    named = [candidate for candidate in parsed.candidates if candidate.project == metadata.name]
    if not named:
        raise MetadataMismatch(RefusalReason.NAME_MISMATCH, f"{parsed.project}, {metadata.name}")
    if named[0].version != metadata.version:
        raise MetadataMismatch(RefusalReason.VERSION_MISMATCH, f"{named[0].version}, {metadata.version}")
    return named[0]


def _distribution(
    parsed: ParsedFilename, reader: HashedReader, content: ArchiveContent, metadata: CoreMetadata
) -> Distribution:
    return Distribution(
        filename=parsed.filename,
        project=metadata.name,
        version=str(metadata.version),
        kind=parsed.kind,
        size=reader.size,
        sha256=reader.sha256,
        metadata=content.metadata,
        metadata_sha256=hashlib.sha256(content.metadata).hexdigest(),
        display_name=metadata.display_name,
        summary=metadata.summary,
        requires_python=metadata.requires_python,
        warnings=metadata.warnings + content.warnings,
        blake2b_256=reader.blake2b_256,
    )
