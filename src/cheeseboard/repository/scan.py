"""The scan decides: what lies in the folder, held against what the catalog knows.

Idempotent. ``walk`` looks, ``reconcile`` decides and is pure; the repository carries it out.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.repository.catalog import ForeignRow, Stamp
from cheeseboard.repository.layout import SKIPPED_DIRECTORIES, is_ignored

# Deeper than anybody sorts packages; keeps a folder that holds a whole disk from being walked.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One file in the folder.

    Attributes:
        relative: Its path below the folder, "/" as separator.
        regular: False for symlinks, FIFOs, devices and the like.
    """

    path: Path
    relative: str
    stamp: Stamp
    regular: bool

    @property
    def key(self) -> tuple[str, str]:
        """Its (directory, name) as the catalog's (project, filename)."""
        directory, _, name = self.relative.rpartition("/")
        return (directory, name)


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """A file in the folder that was not taken in, left where it is."""

    path: Path
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a scan found to do.

    Attributes:
        unknown: To be judged: new here, or in the wrong place.
        altered: In their place, but no longer what the catalog recorded.
        gone: (project, filename) recorded as present, not there any more.
        settled: Relative paths of foreign files that are gone or differ now.
    """

    unknown: tuple[Seen, ...]
    altered: tuple[Seen, ...]
    gone: tuple[tuple[str, str], ...]
    settled: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.unknown or self.altered or self.gone or self.settled)


def walk(folder: Path, within: str | None = None) -> Iterator[Seen]:
    """Yield the files in the folder, or in one directory of it; ours and unfinished ones passed over.

    Raises:
        OSError: The folder itself cannot be listed.
    """
    start = folder if within is None else folder / within
    try:
        entries = _entries(start)
    except FileNotFoundError:
        if within is None:
            raise
        return
    yield from _walk(entries, "" if within is None else f"{within}/", 0 if within is None else 1)


def _walk(entries: list[os.DirEntry[str]], prefix: str, depth: int) -> Iterator[Seen]:
    for entry in entries:
        if is_ignored(entry.name):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                if depth < _DEEPEST and entry.name not in SKIPPED_DIRECTORIES:
                    yield from _walk(_entries(entry.path), f"{prefix}{entry.name}/", depth + 1)
                continue
            # Windows' directory entries have no inode number: ask for the file itself.
            found = entry.stat(follow_symlinks=False) if os.name != "nt" else Path(entry.path).lstat()
        except OSError:
            # Gone since it was listed, or not ours to read; the next scan looks again.
            continue
        yield Seen(
            path=Path(entry.path),
            relative=prefix + entry.name,
            stamp=Stamp(found.st_size, found.st_mtime_ns, found.st_ino),
            regular=stat.S_ISREG(found.st_mode),
        )


def _entries(directory: Path | str) -> list[os.DirEntry[str]]:
    with os.scandir(directory) as listing:
        return list(listing)


def reconcile(
    seen: Iterable[Seen], known: Mapping[tuple[str, str], Stamp], foreign: Mapping[str, ForeignRow]
) -> Reconciliation:
    """Decide what there is to do.

    Args:
        seen: What lies in the folder (or the part of it that was walked).
        known: What the catalog says is present there.
        foreign: What was found there before and not taken in.
    """
    unknown: list[Seen] = []
    altered: list[Seen] = []
    missing = dict(known)
    settled = set(foreign)
    for found in seen:
        recorded = missing.pop(found.key, None)
        if recorded is not None:
            if recorded != found.stamp or not found.regular:
                altered.append(found)
            continue
        remembered = foreign.get(found.relative)
        if remembered is not None and remembered.stamp == found.stamp:
            settled.discard(found.relative)
        else:
            unknown.append(found)
    return Reconciliation(tuple(unknown), tuple(altered), tuple(missing), tuple(sorted(settled)))
