"""A backup's archive laid out: no name becomes a path unmatched, no member is what a backup never holds."""

import contextlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, cast

import zstandard
from packaging.utils import canonicalize_name

from cheeseboard.distributions.filename import parse_filename
from cheeseboard.errors import BackupError, DistributionError, Sentence
from cheeseboard.events import Progress
from cheeseboard.repository.backup import (
    ABOUT,
    CATALOG,
    END,
    FILES,
    FORMAT,
    SECRETS,
    Cancelled,
    explained,
)
from cheeseboard.repository.layout import Layout

_ABOUT_LIMIT = 16 * 1024 * 1024
_SECRET_LIMIT = 1024 * 1024
_SECRET_NAMES = frozenset({"authority.pem", "authority.key"})
_CATALOG_LIMIT = 4 * 1024 * 1024 * 1024
_STEP = 1024 * 1024
# The largest that is read as a whole is what the backup says of itself.
_MOST_AT_ONCE = _ABOUT_LIMIT
_ZSTANDARD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An archive laid out in a directory, each name matched, nothing judged yet.

    Attributes:
        catalog: The catalog's copy: a stranger's, to be read with care.
        settings: What was set for the repository.
        secrets: Files of the authority, by name; empty unless asked for.
        files: How many files were laid in their places.
    """

    catalog: Path
    settings: Mapping[str, Any]
    files: int
    secrets: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


def unpack_backup(
    source: Path,
    directory: Path,
    *,
    with_secrets: bool,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Unpacked:
    """Lay a backup out: files in their places below ``directory``, the catalog beside them.

    Args:
        source: The backup.
        directory: Exists and is empty; the caller clears it when this raises.
        with_secrets: Whether to hand over the authority that may be in it.
        progress: Told after every file.
        cancelled: Asked often.

    Raises:
        BackupError: It is no backup, is damaged, or holds what a backup never holds.
        Cancelled: ``cancelled`` said so.
    """
    with explained(source), _open_archive(source) as archive:
        about = _read_about(source, archive)
        if about["size"] > (free := shutil.disk_usage(directory).free):
            raise BackupError(
                Sentence(
                    "{source} holds {size} bytes, but only {free} are free there.",
                    source=source,
                    size=f"{about['size']:,}",
                    free=f"{free:,}",
                ),
                source,
            )
        reading = _Reading(source, directory, with_secrets, about["files"], about["size"])
        while (member := archive.next()) is not None:
            if cancelled is not None and cancelled():
                raise Cancelled
            reading.take(archive, member)
            if progress is not None and member.name.startswith(FILES):
                progress(Progress(reading.files, about["files"], reading.size, about["size"]))
    if not (reading.ended and reading.catalog.exists()):
        raise BackupError(
            Sentence("{source} is cut short: the end of the backup is missing.", source=source), source
        )
    return Unpacked(reading.catalog, about["settings"], reading.files, reading.secrets)


@contextlib.contextmanager
def _open_archive(source: Path) -> Iterator[tarfile.TarFile]:
    with source.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        stream: Any = file
        if magic == _ZSTANDARD:
            stream = zstandard.ZstdDecompressor().stream_reader(file, closefd=False)
        try:
            with tarfile.open(fileobj=cast("IO[bytes]", _Forward(stream)), mode="r:") as archive:
                yield archive
        except (ValueError, OverflowError, RecursionError) as error:  # what tarfile makes of hostile headers
            raise BackupError(
                Sentence("{source} is damaged, or no backup.", source=source), source
            ) from error


class _Forward:
    """A stream as tarfile reads it, but never much at once: a header may say that it has gigabytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int) -> bytes:
        """Return so many bytes; fewer at the end alone."""
        if not 0 <= size <= _MOST_AT_ONCE:
            raise tarfile.ReadError("one of its headers is too large")
        pieces = []
        while size and (piece := self._stream.read(size)):
            pieces.append(piece)
            size -= len(piece)
            self._at += len(piece)
        return b"".join(pieces)

    def seek(self, position: int) -> None:
        """Pass over what is before a position."""
        if position < self._at:
            raise tarfile.ReadError("it leads backwards")
        while self._at < position and self.read(min(_STEP, position - self._at)):
            pass

    def tell(self) -> int:
        """Return the position."""
        return self._at


def _read_about(source: Path, archive: tarfile.TarFile) -> dict[str, Any]:
    member = archive.next()
    if member is None or member.name != ABOUT or not member.isreg() or member.size > _ABOUT_LIMIT:
        raise BackupError(Sentence("{source} is no backup of Cheeseboard's.", source=source), source)
    content = archive.extractfile(member)
    try:
        about = json.loads(content.read() if content else b"")
        found = about["format"]
        sound = isinstance(about["settings"], dict) and all(
            isinstance(about[key], int) for key in ("format", "files", "size")
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(
            Sentence("{source} is no backup of Cheeseboard's.", source=source), source
        ) from error
    if sound and found > FORMAT:
        raise BackupError(
            Sentence("{source} was written by a newer Cheeseboard. Update Cheeseboard first.", source=source),
            source,
        )
    if not sound:
        raise BackupError(Sentence("{source} is no backup of Cheeseboard's.", source=source), source)
    return dict(about)


class _Reading:
    """Takes an archive's members one by one; each must be just what a backup holds."""

    def __init__(self, source: Path, directory: Path, with_secrets: bool, files: int, size: int) -> None:
        self._announced = (files, size)
        self._source = source
        self._layout = Layout(directory)
        self._with_secrets = with_secrets
        self._names: set[str] = set()
        self.catalog = directory / f".{CATALOG}.from-backup"
        self.secrets: dict[str, bytes] = {}
        self.files = 0
        self.size = 0
        self.ended = False

    def take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Lay one member in its place.

        Raises:
            BackupError: No backup has such a member, or has it twice.
        """
        folded = member.name.lower()
        if self.ended or not member.isreg() or folded in self._names or member.size < 0:
            self._refuse(member)
        self._names.add(folded)
        content = archive.extractfile(member)
        assert content is not None  # noqa: S101  # a regular member has content
        parts = member.name.split("/")
        if member.name == END:
            self.ended = True
        elif member.name == CATALOG:
            if member.size > _CATALOG_LIMIT:
                self._refuse(member)
            self._write(content, self.catalog, member)
        elif len(parts) == 2 and parts[0] == SECRETS and parts[1] in _SECRET_NAMES:
            if member.size > _SECRET_LIMIT:
                self._refuse(member)
            if self._with_secrets:
                self.secrets[parts[1]] = content.read()
        elif len(parts) == 3 and parts[0] == FILES and is_place(parts[1], parts[2]):
            files, size = self._announced
            if self.files >= files or self.size + member.size > size:
                raise BackupError(
                    Sentence("{source} holds more than it says. Nothing was restored.", source=self._source),
                    self._source,
                )
            place = self._layout.place(parts[1], parts[2])
            place.parent.mkdir(exist_ok=True)
            self._write(content, place, member)
            self.files += 1
            self.size += member.size
        else:
            self._refuse(member)

    def _write(self, content: IO[bytes], path: Path, member: tarfile.TarInfo) -> None:
        with path.open("xb") as writing:
            shutil.copyfileobj(content, writing, _STEP)
            writing.flush()
            os.fsync(writing.fileno())
            if writing.tell() != member.size:
                raise BackupError(Sentence("{source} is cut short.", source=self._source), self._source)
        os.utime(path, ns=(int(member.mtime * 1_000_000) * 1000,) * 2)

    def _refuse(self, member: tarfile.TarInfo) -> None:
        shown = ascii(member.name)
        raise BackupError(
            Sentence(
                "{source} holds {shown}, which no backup of Cheeseboard's does. Nothing was restored.",
                source=self._source,
                shown=shown,
            ),
            self._source,
        )


def is_place(project: str, filename: str) -> bool:
    """Tell whether these two name a file's place: the file name's own grammar leaves no path in it."""
    try:
        named = {candidate.project for candidate in parse_filename(filename).candidates}
    except DistributionError:
        return False
    return canonicalize_name(project) == project and project in named
