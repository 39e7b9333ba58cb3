"""What other package servers keep on disk, read for moving here: which files, and what is known of each.

Nothing of theirs is changed. What they say of a file (upload time, yank, hash) is laid ready at the one
door; the file itself is judged there like any other.
"""

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.utils import NormalizedName, canonicalize_name

from cheeseboard.distributions.filename import parse_filename
from cheeseboard.distributions.members import printable
from cheeseboard.errors import BackupError, DistributionError, Sentence
from cheeseboard.repository.layout import is_ignored, is_skipped_directory
from cheeseboard.repository.snapshot import ProjectStatus

_LARGEST_JSON = 512 * 1024 * 1024
_LONGEST_REASON = 1000
# The year 10000, which no date can name.
_END_OF_TIME_US = 253_402_300_800_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Source(StrEnum):
    """Whose files they are. The values are stable: the command line takes and shows them."""

    FOLDER = "folder"
    PYPISERVER = "pypiserver"
    DEVPI = "devpi"
    BANDERSNATCH = "bandersnatch"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file, and what its server knew of it.

    Attributes:
        sha256: Lowercase hex, where the server says so; what the file must have then.
        upload_time_us: When it came there, microseconds since the epoch, or None.
        yanked: None if not; else the reason, possibly empty.
    """

    path: Path
    sha256: str | None = None
    upload_time_us: int | None = None
    yanked: str | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """What was found.

    Attributes:
        source: Whose it is.
        arrivals: The files, in a stable order.
        indexes: For devpi: the indexes they come from.
        statuses: Projects that their server marked (PEP 792), with the reason.
        missing: Files that the server lists and does not have.
    """

    source: Source
    arrivals: tuple[Arrival, ...]
    indexes: tuple[str, ...] = ()
    statuses: tuple[tuple[NormalizedName, ProjectStatus, str], ...] = ()
    missing: tuple[str, ...] = ()


def recognize(path: Path) -> Source:
    """Tell whose files a directory holds, by what lies at its top."""
    if (path / "dataindex.json").is_file():
        return Source.DEVPI
    if (root := _mirror_root(path)) is not None and (root / "packages").is_dir():
        return Source.BANDERSNATCH
    return Source.FOLDER


def read_collection(path: Path, source: Source, indexes: Sequence[str] = ()) -> Collection:
    """Read what a server knows of its files.

    Args:
        path: A directory.
        source: Whose it is; see :func:`recognize`.
        indexes: For devpi: these alone ("user/index").

    Raises:
        BackupError: It is not what ``source`` says, or cannot be read.
    """
    if not path.is_dir():
        raise BackupError(Sentence("{path} is not a folder.", path=path), path)
    try:
        match source:
            case Source.DEVPI:
                return _read_devpi(path, indexes)
            case Source.BANDERSNATCH:
                return _read_mirror(path)
            case Source.PYPISERVER:
                return Collection(source, tuple(_walk(path, with_times=True)))
            case Source.FOLDER:
                return Collection(source, tuple(_walk(path, with_times=False)))
    except OSError as error:
        raise BackupError(
            Sentence(
                "Can't read {filename}: {cause}.", filename=error.filename or path, cause=error.strerror
            ),
            path,
        ) from error


def _walk(path: Path, *, with_times: bool) -> Iterator[Arrival]:
    """Yield all that is named like a distribution; pypiserver knows a file's time as the file's own."""
    for directory, names, filenames in os.walk(path):
        names[:] = sorted(name for name in names if _is_visited(Path(directory, name)))
        for name in sorted(filenames):
            if not is_ignored(name) and _is_named_well(name):
                file = Path(directory, name)
                yield Arrival(file, upload_time_us=_own_time(file) if with_times else None)


def _own_time(file: Path) -> int | None:
    """Return when a file was written; None for a dangling link, a FIFO, a device: the door refuses them."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns // 1000 if stat.S_ISREG(found.st_mode) else None


def _is_visited(directory: Path) -> bool:
    return not is_ignored(directory.name) and not is_skipped_directory(directory)


def _is_named_well(name: str) -> bool:
    return name.lower().endswith((".whl", ".tar.gz", ".zip"))


# --- devpi: `devpi-export`, or `devpi-server --export` before 6.0 ------------------------------------


def _read_devpi(path: Path, wanted: Sequence[str]) -> Collection:
    data = _load(path / "dataindex.json")
    found = _mapping(data.get("indexes"))
    unknown = [name for name in wanted if name not in found]
    if unknown:
        there = ", ".join(map(printable, sorted(found)))
        raise BackupError(
            Sentence(
                "{path} has no index {unknown}; it has {there}.", path=path, unknown=unknown[0], there=there
            ),
            path,
        )
    chosen = tuple(sorted(wanted or found))
    arrivals: list[Arrival] = []
    missing: list[str] = []
    for name in chosen:
        for entry in _entries(_mapping(found[name]).get("files")):
            if entry.get("type") != "releasefile":  # documentation, tox results
                continue
            relative = str(entry.get("relpath", ""))
            file = _below(path, relative)
            if file is None:
                missing.append(printable(relative))
                continue
            arrivals.append(Arrival(file, _devpi_sha256(entry), _devpi_time(entry)))
    shown = tuple(map(printable, chosen))
    return Collection(Source.DEVPI, tuple(arrivals), shown, missing=tuple(missing))


def _devpi_sha256(entry: Mapping[str, Any]) -> str | None:
    mapping = _mapping(entry.get("entrymapping"))
    stated = _mapping(mapping.get("hashes")).get("sha256")
    spec = str(mapping.get("hash_spec", ""))
    return _digest(stated or spec.removeprefix("sha256="))


def _devpi_time(entry: Mapping[str, Any]) -> int | None:
    """Return when it was first uploaded: a push to another index is logged after that."""
    times = [log.get("when") for log in _entries(entry.get("log")) if log.get("what") == "upload"]
    for when in times:
        try:
            year, month, day, hour, minute, second = [int(part) for part in when or []]
            return _microseconds(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
        except (TypeError, ValueError, OverflowError):
            continue
    return None


# --- bandersnatch: web/{packages,simple,pypi|json} ----------------------------------------------------


def _mirror_root(path: Path) -> Path | None:
    for root in (path, path / "web"):
        if (root / "simple").is_dir() or (root / "json").is_dir():
            return root
    return None


def _read_mirror(path: Path) -> Collection:
    root = _mirror_root(path)
    if root is None:
        raise BackupError(
            Sentence("{path} is no bandersnatch mirror: it has neither web/simple nor simple.", path=path),
            path,
        )
    known: dict[Path, Arrival] = {}
    missing: list[str] = []
    statuses: list[tuple[NormalizedName, ProjectStatus, str]] = []
    for page in _mirror_pages(root):
        data = _load(page)
        status = _status(data)
        if status is not None:
            statuses.append(status)
        for arrival, listed in _listed(root, data):
            if arrival is None:
                missing.append(listed)
            else:
                known[arrival.path] = _better(known.get(arrival.path), arrival)
    unlisted = [each for each in _walk(root / "packages", with_times=True) if each.path not in known]
    arrivals = sorted([*known.values(), *unlisted], key=lambda each: each.path.name)
    return Collection(
        Source.BANDERSNATCH, tuple(arrivals), statuses=tuple(statuses), missing=tuple(sorted(set(missing)))
    )


def _mirror_pages(root: Path) -> Iterator[Path]:
    """Yield each project's JSON: the Simple API's pages and the older per-project metadata."""
    # With hash-index = true they lie a level deeper.
    for pattern in ("simple/*/index.v1_json", "simple/*/*/index.v1_json", "json/*"):
        yield from sorted(path for path in root.glob(pattern) if path.is_file())


def _listed(root: Path, data: Mapping[str, Any]) -> Iterator[tuple[Arrival | None, str]]:
    """Yield each file that a page lists, None in front when the mirror has no such file."""
    for entry in _entries(data.get("files")):
        yield _of_entry(
            root, entry, _mapping(entry.get("hashes")), entry.get("upload-time"), entry.get("yanked")
        )
    for entries in _mapping(data.get("releases")).values():
        for entry in _entries(entries):
            yanked = (entry.get("yanked_reason") or "") if entry.get("yanked") else False
            time = entry.get("upload_time_iso_8601")
            yield _of_entry(root, entry, _mapping(entry.get("digests")), time, yanked)


def _of_entry(
    root: Path, entry: Mapping[str, Any], hashes: Mapping[str, Any], time: object, yanked: object
) -> tuple[Arrival | None, str]:
    # ".../packages/ab/cd/<hash>/name.whl", absolute or relative: the mirror keeps the part after the host.
    address = _path_in(str(entry.get("url", "")))
    _, _, below = address.rpartition("/packages/")
    file = _below(root / "packages", below)
    if file is None:
        return None, printable(str(entry.get("filename", address)))
    reason = None if yanked is False or yanked is None else ("" if yanked is True else _reason(yanked))
    return Arrival(file, _digest(hashes.get("sha256")), _instant(time), reason), file.name


def _path_in(url: str) -> str:
    try:
        return unquote(urlsplit(url).path)
    except ValueError:  # half an IPv6 address
        return ""


def _reason(said: object) -> str:
    """Return a stranger's words as one line that can be shown anywhere."""
    return printable(" ".join(str(said).split()), _LONGEST_REASON)


def _better(before: Arrival | None, now: Arrival) -> Arrival:
    """Join what two pages say of one file."""
    if before is None:
        return now
    return Arrival(
        now.path,
        before.sha256 or now.sha256,
        before.upload_time_us if before.upload_time_us is not None else now.upload_time_us,
        before.yanked if before.yanked is not None else now.yanked,
    )


def _status(data: Mapping[str, Any]) -> tuple[NormalizedName, ProjectStatus, str] | None:
    marked = _mapping(data.get("project-status"))
    name, status = data.get("name"), marked.get("status")
    known = {each.value for each in ProjectStatus if each is not ProjectStatus.ACTIVE}
    if not isinstance(name, str) or not isinstance(status, str) or status not in known:
        return None
    return canonicalize_name(name), ProjectStatus(status), _reason(marked.get("reason") or "")


# --- what both need -----------------------------------------------------------------------------------


def _load(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _LARGEST_JSON:
        raise BackupError(Sentence("{path} is too large to be a server's list of files.", path=path), path)
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BackupError(
            Sentence("{path} can't be read as JSON: {cause}.", path=path, cause=error), path
        ) from error
    if not isinstance(data, dict):
        raise BackupError(Sentence("{path} is not a server's list of files.", path=path), path)
    return data


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _entries(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def _below(root: Path, relative: str) -> Path | None:
    """Return the path of a listed file; None when it leads out, is missing, or no distribution."""
    parts = PurePosixPath(relative).parts
    if not parts or ".." in parts or relative.startswith("/") or "\\" in relative or "\0" in relative:
        return None
    try:
        parse_filename(parts[-1])
    except DistributionError:
        return None
    path = root.joinpath(*parts)
    try:
        return path if path.is_file() and path.resolve().is_relative_to(root.resolve()) else None
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return None


def _digest(value: object) -> str | None:
    return value if isinstance(value, str) and _SHA256.fullmatch(value) else None


def _instant(value: object) -> int | None:
    try:
        when = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return _microseconds(when if when.tzinfo else when.replace(tzinfo=UTC))


def _microseconds(when: datetime) -> int | None:
    """Return microseconds since the epoch; None for a time that has no year in UTC, or is before it."""
    since = int((when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    return since if 0 <= since < _END_OF_TIME_US else None
