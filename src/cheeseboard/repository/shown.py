"""What a process knows of the catalog: the snapshot it shows, and what a scan compares the folder with."""

import threading
from collections.abc import Mapping

from packaging.utils import NormalizedName

from cheeseboard.repository.advance import advance, begin
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.records import Changes, Contents, ProjectRow
from cheeseboard.repository.snapshot import Snapshot


class Shown:
    """The catalog's contents, brought up to date by one thread at a time, read by all without waiting.

    Attributes:
        snapshot: The current state, frozen.
    """

    def __init__(self, contents: Contents) -> None:
        self.snapshot: Snapshot = begin(contents)
        self._stamps = dict(contents.stamps)
        self._decided = {row.name: row for row in contents.projects}
        self._updating = threading.Lock()

    @property
    def stamps(self) -> Mapping[str, Mapping[str, tuple[int, int, int]]]:
        """(size, mtime_ns, inode) of all that is present, by project and file name."""
        return self._stamps

    def decided(self, project: NormalizedName) -> ProjectRow | None:
        """Return what the owner decided about a project, if anything."""
        return self._decided.get(project)

    def follow(self, catalog: Catalog) -> frozenset[NormalizedName]:
        """Take over what was recorded since; return the projects that differ.

        Raises:
            RepositoryError: The catalog cannot be read.
        """
        with self._updating:
            changes = catalog.changes_since(self.snapshot.serial)
            if changes.serial == self.snapshot.serial:
                return frozenset()
            self._learn(changes)
            self._decided.update((row.name, row) for row in changes.projects)
            self.snapshot, differing = advance(self.snapshot, changes, self._decided)
        return differing

    def _learn(self, changes: Changes) -> None:
        # A new mapping for each project that changes: a scan may be reading the old one.
        touched: dict[str, dict[str, tuple[int, int, int]]] = {}
        for row in changes.files:
            project = row.file.project
            recorded = touched.get(project)
            if recorded is None:
                recorded = touched[project] = dict(self._stamps.get(project, {}))
            if recorded.pop(row.file.filename, None) is None:
                # It may be recorded in another spelling.
                folded = row.file.filename.lower()
                for twin in [name for name in recorded if name.lower() == folded]:
                    del recorded[twin]
            if row.present:
                recorded[row.file.filename] = row.stamp
        self._stamps.update(touched)
