"""The scan decides: what lies in the folder, held against what the catalog knows.

Idempotent. ``look`` lists, ``reconcile`` decides and is pure; the scanner carries it out.
"""

import contextlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason
from cheeseboard.repository.layout import SKIPPED_DIRECTORIES, is_ignored, looks_like_distribution
from cheeseboard.repository.records import ForeignRow, Stamp, storable

# Deeper than anybody sorts packages; keeps a folder that holds a whole disk from being walked.
_DEEPEST = 8

_ENTRIES_KNOW_ALL = os.name != "nt"

# What is recorded as present, by project and file name: size, mtime_ns, inode.
Known = Mapping[str, Mapping[str, tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One file in the folder that is not just as it was recorded.

    Attributes:
        directory: The path of its directory below the folder, "/" as separator, "" for the top.
        refused: Why it is not even opened: a symlink, FIFO or device, a directory too far down.
    """

    directory: str
    name: str
    stamp: Stamp
    refused: RefusalReason | None = None

    @property
    def relative(self) -> str:
        """Its path below the folder."""
        return f"{self.directory}/{self.name}" if self.directory else self.name


@dataclass(frozen=True, slots=True)
class Listing:
    """One directory, held against what is recorded there.

    Attributes:
        differing: Files that are new, or no longer as recorded.
        missing: Names recorded but not there.
    """

    directory: str
    differing: tuple[Seen, ...]
    missing: tuple[str, ...]


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


def look(folder: Path, known: Known, names: Collection[str] | None = None) -> Iterator[Listing]:
    """List the folder, or what is at some names of its top; ours, hidden, unfinished files are passed over.

    A directory in which all is as recorded yields nothing to do; that this is found out while it is
    listed, without a value for each file, is what makes a scan of a large folder cheap.

    Raises:
        OSError: The folder itself cannot be listed.
    """
    top = f"{folder}{os.sep}"
    if names is None:
        yield from _walk(top, "", known)
        return
    for name in names:
        if not is_ignored(name):
            yield from _look_at(top, name, known)


def _look_at(top: str, name: str, known: Known) -> Iterator[Listing]:
    """List what is at one name of the top: a directory and all below it, a file, or nothing any more."""
    here = {name: known[name]} if name in known else {}
    try:
        met = os.lstat(f"{top}{name}")
        if stat.S_ISDIR(met.st_mode):
            if not _is_skipped(f"{top}{name}", "", name, known):
                yield from _walk(top, name, here)
            return
        yield Listing("", (_seen("", name, met),), ())
    except OSError:
        pass  # gone, or not ours to read
    for directory, recorded in here.items():
        yield Listing(directory, (), tuple(recorded))


def _walk(top: str, start: str, known: Known) -> Iterator[Listing]:
    """List a directory ("" for the top) and all below it."""
    unlisted = dict(known)
    waiting = [(start, 1 if start else 0)]
    while waiting:
        directory, depth = waiting.pop()
        try:
            entries = _entries(f"{top}{directory}")
        except OSError:
            if not directory:
                raise
            continue
        directories, listing = _compare(directory, entries, unlisted.pop(directory, {}), known)
        if listing is not None:
            yield listing
        if depth < _DEEPEST:
            waiting += [(below, depth + 1) for below in directories]
        elif directories:
            yield Listing(
                directory, tuple(seen for below in directories for seen in _too_deep(top, below)), ()
            )
    for directory, recorded in unlisted.items():
        yield Listing(directory, (), tuple(recorded))


def _compare(
    directory: str,
    entries: list[os.DirEntry[str]],
    recorded: Mapping[str, tuple[int, int, int]],
    known: Known,
) -> tuple[list[str], Listing | None]:
    """Return the directories below, and what differs here, None if nothing does."""
    directories: list[str] = []
    differing: list[Seen] = []
    unread: set[str] = set()
    met = 0
    for entry in entries:
        name = entry.name
        expected = recorded.get(name)
        if expected is None:
            met_here = _met(directory, entry, known)
            if isinstance(met_here, str):
                directories.append(met_here)
            elif met_here is not None:
                differing.append(met_here)
            continue
        try:
            # Windows' directory entries have no inode number: ask for the file itself.
            found = entry.stat(follow_symlinks=False) if _ENTRIES_KNOW_ALL else os.lstat(entry.path)
        except OSError:
            unread.add(name)
            continue
        met += 1
        stamp = (found.st_size, found.st_mtime_ns, found.st_ino)
        if stamp != expected:
            differing.append(_seen(directory, name, found))
    missing: tuple[str, ...] = ()
    if met != len(recorded):
        missing = tuple(recorded.keys() - ({entry.name for entry in entries} - unread))
    if not differing and not missing:
        return directories, None
    return directories, Listing(directory, tuple(differing), missing)


def _met(directory: str, entry: os.DirEntry[str], known: Known) -> Seen | str | None:
    """Return what an unrecorded entry is: a file, a directory (its path), or nothing of ours."""
    if is_ignored(entry.name):
        return None
    try:
        if entry.is_dir(follow_symlinks=False):
            path = f"{directory}/{entry.name}" if directory else entry.name
            return None if _is_skipped(entry.path, directory, entry.name, known) else path
        found = os.lstat(entry.path)
    except OSError:
        return None  # gone since it was listed, or not ours to read; the next scan looks again
    return _seen(directory, entry.name, found)


def _is_skipped(path: str, parent: str, name: str, known: Known) -> bool:
    """Tell whether a directory is passed over; one at the top may be that of a project called "env"."""
    if name not in SKIPPED_DIRECTORIES:
        return False
    if parent:
        return True
    return name not in known and not any(looks_like_distribution(entry.name) for entry in _entries(path))


def _seen(directory: str, name: str, found: os.stat_result) -> Seen:
    refused = None if stat.S_ISREG(found.st_mode) else RefusalReason.NOT_A_FILE
    return Seen(directory, name, Stamp(found.st_size, found.st_mtime_ns, found.st_ino), refused)


def _too_deep(top: str, path: str) -> Iterator[Seen]:
    """Yield a directory that nobody looks into, unless it is gone."""
    directory, _, name = path.rpartition("/")
    with contextlib.suppress(OSError):
        found = os.lstat(f"{top}{path}")
        stamp = Stamp(found.st_size, found.st_mtime_ns, found.st_ino)
        yield Seen(directory, name, stamp, RefusalReason.TOO_DEEP)


def _entries(directory: str) -> list[os.DirEntry[str]]:
    with os.scandir(directory) as listing:
        return list(listing)


def reconcile(listings: Iterable[Listing], known: Known, foreign: Mapping[str, ForeignRow]) -> Reconciliation:
    """Decide what there is to do.

    Args:
        listings: What lies in the folder, or the part of it that was looked at.
        known: What the catalog says is present there.
        foreign: What was found there before and not taken in.
    """
    unknown: list[Seen] = []
    altered: list[Seen] = []
    gone: list[tuple[str, str]] = []
    settled = set(foreign)
    for listing in listings:
        recorded = known.get(listing.directory, {})
        gone += [(listing.directory, name) for name in listing.missing]
        for seen in listing.differing:
            remembered = foreign.get(storable(seen.relative))
            if seen.name in recorded:
                altered.append(seen)
            elif remembered is not None and remembered.stamp == seen.stamp:
                settled.discard(remembered.path)
            else:
                unknown.append(seen)
    return Reconciliation(tuple(unknown), tuple(altered), tuple(gone), tuple(sorted(settled)))
