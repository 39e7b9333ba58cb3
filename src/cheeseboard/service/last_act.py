"""The last act of the command line in each folder, kept until the next one, so that `undo` has what to undo.

The window keeps its own history in memory; a command's ends with its process, so this is a file of the
user's own.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cheeseboard.errors import Sentence, SettingsError
from cheeseboard.events import Way
from cheeseboard.locations import make_private
from cheeseboard.repository.intake import Batch, Outcome
from cheeseboard.repository.records import Removal, TrashRow
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.snapshot import File


@dataclass(frozen=True, slots=True)
class UndoneAct:
    """What undoing came to.

    Attributes:
        act: What was undone (or done again), "added" or "removed"; "" when there was nothing.
        removal: The files that went to the trash again.
        outcomes: The files that came back.
        asked: How many files the act was about.
        before: Nothing was done because it was done before: the last act was an undo already.
    """

    act: str
    removal: Removal = Removal()  # noqa: RUF009  # frozen
    outcomes: tuple[Outcome, ...] = ()
    asked: int = 0
    before: bool = False


class LastAct:
    """Remembers and undoes the last batch that a command added or removed."""

    def __init__(
        self, directory: Path, *, repository: Callable[[], Repository], folder: Callable[[], Path]
    ) -> None:
        """Read nothing yet.

        Args:
            directory: Where the files lie, one a folder.
            repository: The open repository.
            folder: Its folder.
        """
        self._directory = directory
        self._repository = repository
        self._folder = folder

    def note_added(self, batch: Batch, replaced: Sequence[File] = ()) -> None:
        """Remember what was added together; nothing when nothing was.

        Args:
            batch: What was added.
            replaced: What went to the trash for it, and comes back when that is undone.

        Raises:
            SettingsError: It cannot be written.
        """
        if batch.accepted:
            self._write("added", _added(batch.outcomes), [[file.filename, file.sha256] for file in replaced])

    def note_removed(self, removal: Removal) -> None:
        """Remember what went to the trash together; nothing when nothing did.

        Raises:
            SettingsError: It cannot be written.
        """
        if removal.rows:
            self._write("removed", _trashed(removal))

    def undo(self) -> UndoneAct | None:
        """Undo the last act; None when there is none; slow. What is undone is not undone again.

        Raises:
            RepositoryError: The folder's disk failed.
            SettingsError: What was remembered cannot be written.
        """
        return self._reverse(undone=False)

    def redo(self) -> UndoneAct | None:
        """Do again what :meth:`undo` undid last; None when nothing is undone; slow. Errors as there."""
        return self._reverse(undone=True)

    def _reverse(self, *, undone: bool) -> UndoneAct | None:
        """Reverse the last act, if it was an undo or was none, as wanted."""
        act, entries, replaced, of_undo = self._read()
        if not act:
            return None
        if of_undo is not undone:
            return UndoneAct(act, before=True)
        reverse = self._take_out if act == "added" else self._bring_back
        return reverse(entries, replaced, of_undo=not undone)

    def _take_out(
        self, entries: Sequence[Sequence[Any]], replaced: Sequence[Sequence[Any]], *, of_undo: bool
    ) -> UndoneAct:
        """Move what was added to the trash, and bring back what had gone for it."""
        removal = self._repository().remove(self._present(entries), Way.COMMAND_LINE)
        outcomes = self._repository().restore(self._latest_trashed(replaced), Way.COMMAND_LINE)
        self._path().unlink(missing_ok=True)
        if removal.rows:
            self._write("removed", _trashed(removal), _added(outcomes), of_undo=of_undo)
        return UndoneAct("added", removal, outcomes, len(entries) + len(replaced))

    def _bring_back(
        self, entries: Sequence[Sequence[Any]], replaced: Sequence[Sequence[Any]], *, of_undo: bool
    ) -> UndoneAct:
        """Bring back what was removed, and move to the trash what had come back for it."""
        removal = self._repository().remove(self._present(replaced), Way.COMMAND_LINE)
        identified = {(entry[2], entry[0], entry[1]) for entry in entries}
        rows = [row for row in self._repository().trash() if (row.id, row.filename, row.sha256) in identified]
        outcomes = self._repository().restore(Removal(tuple(rows)), Way.COMMAND_LINE)
        self._path().unlink(missing_ok=True)
        added = _added(outcomes)
        if added:
            self._write("added", added, [[row.filename, row.sha256] for row in removal.rows], of_undo=of_undo)
        return UndoneAct("removed", removal, outcomes, len(entries) + len(replaced))

    def _present(self, wanted: Sequence[Sequence[Any]]) -> list[File]:
        """Return those of (filename, sha256) that are here now, with these bytes."""
        identified = {(entry[0], entry[1]) for entry in wanted}
        files = self._repository().snapshot.files()
        return [file for file in files if (file.filename, file.sha256) in identified]

    def _latest_trashed(self, wanted: Sequence[Sequence[Any]]) -> Removal:
        """Return the latest removal of each (filename, sha256)."""
        rows: dict[tuple[str, str], TrashRow] = {}
        for row in self._repository().trash():  # the latest first
            rows.setdefault((row.filename, row.sha256), row)
        return Removal(tuple(rows[name, sha256] for name, sha256 in wanted if (name, sha256) in rows))

    def _path(self) -> Path:
        return self._directory / f"{hashlib.sha256(os.fsencode(self._folder())).hexdigest()[:32]}.json"

    def _read(self) -> tuple[str, Sequence[Sequence[Any]], Sequence[Sequence[Any]], bool]:
        try:
            kept = json.loads(self._path().read_bytes())
            act, files, replaced = kept["act"], kept["files"], kept.get("replaced", [])
            width = {"added": 2, "removed": 3}[act]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return "", (), (), False
        return act, _of_width(files, width), _of_width(replaced, 2), kept.get("of_undo") is True

    def _write(
        self,
        act: str,
        entries: Sequence[Sequence[Any]],
        replaced: Sequence[Sequence[Any]] = (),
        *,
        of_undo: bool = False,
    ) -> None:
        path = self._path()
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        try:
            make_private(self._directory)
            kept = {"act": act, "files": entries, "replaced": replaced, "of_undo": of_undo}
            temporary.write_text(json.dumps(kept), "utf-8")
            temporary.replace(path)
        except OSError as error:
            sentence = Sentence(
                "It was done, but can't be noted for `undo` in {path}: {cause}.",
                path=path,
                cause=error.strerror,
            )
            raise SettingsError(sentence, path) from error


def _trashed(removal: Removal) -> list[list[Any]]:
    return [[row.filename, row.sha256, row.id] for row in removal.rows]


def _added(outcomes: Sequence[Outcome]) -> list[list[Any]]:
    return [[each.file.filename, each.file.sha256] for each in Batch(tuple(outcomes)).accepted]


def _of_width(entries: object, width: int) -> list[Sequence[Any]]:
    """Return what of a file of ours is as we write it."""
    kept = entries if isinstance(entries, list) else []
    return [entry for entry in kept if isinstance(entry, list) and len(entry) == width]
