"""Which files somebody means by a word: FILE, PROJECT==VERSION or PROJECT; and what they may have meant."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from cheeseboard.repository.records import TrashRow
from cheeseboard.repository.snapshot import File, Snapshot

_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is called that.

    Attributes:
        word: What was asked for.
        suggestions: What there is that looks like it, the likeliest first.
    """

    word: str
    suggestions: tuple[str, ...] = ()

    def sentence(self, where: str) -> str:
        """Say so, and what may have been meant."""
        hint = f" Did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        return f"There is no {self.word} in {where}.{hint}"


def choose_files(snapshot: Snapshot, word: str) -> tuple[File, ...] | Unknown:
    """Return the files that a word names."""
    found = tuple(file for file in snapshot.files() if file.filename.lower() == word.lower())
    if found:
        return found
    name, version = split(word)
    project = snapshot.projects.get(canonicalize_name(name))
    if project is None:
        names = [*snapshot.projects, *(file.filename for file in snapshot.files())]
        return Unknown(word, _alike(canonicalize_name(name), word, names))
    if version is None:
        return project.files
    chosen = tuple(file for file in project.files if _same(file.version, version))
    if chosen:
        return chosen
    versions = difflib.get_close_matches(version, project.versions, _SUGGESTIONS, 0.4)
    likely = versions or project.versions[:_SUGGESTIONS]
    return Unknown(word, tuple(f"{project.name}=={each}" for each in likely))


def choose_trashed(rows: Sequence[TrashRow], word: str) -> tuple[TrashRow, ...] | Unknown:
    """Return the removed files that a word names; a number is a row's own.

    Of several removals of one file the latest is meant.
    """
    if word.isdigit():
        found = tuple(row for row in rows if row.id == int(word))
        return found or Unknown(word)
    name, version = split(word)
    latest: dict[str, TrashRow] = {}
    for row in sorted(rows, key=lambda row: row.removed_us):
        named = row.filename.lower() == word.lower()
        released = row.project == canonicalize_name(name) and (version is None or _same(row.version, version))
        if named or released:
            latest[row.filename] = row
    if latest:
        return tuple(latest.values())
    names = [*{row.project for row in rows}, *{row.filename for row in rows}]
    return Unknown(word, _alike(canonicalize_name(name), word, names))


def alike(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known words that look like this one, the likeliest first."""
    return tuple(difflib.get_close_matches(word, list(known), _SUGGESTIONS, 0.6))


def split(word: str) -> tuple[str, str | None]:
    """Return the project and, behind ``==``, the version that a word names."""
    name, separator, version = word.partition("==")
    return name.strip(), version.strip() if separator else None


def _alike(name: str, word: str, known: Sequence[str]) -> tuple[str, ...]:
    return alike(name, known) or alike(word, known)


def _same(version: str, asked: str) -> bool:
    try:
        return Version(version) == Version(asked)
    except InvalidVersion:
        return version == asked
