"""Turns each new snapshot into rows: few at once, many on a worker, so that the window never stands still."""

import logging

from PySide6.QtCore import QObject, Signal

from cheeseboard.desktop.projects.project_rows import (
    RowChange,
    Rows,
    changed_names,
    find_change,
    follow,
)
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.repository.snapshot import Snapshot
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

MANY_ROWS = 100
# So many that even to look at each takes the window's thread too long.
MANY_PROJECTS = 1_000


class RowLoader(QObject):
    """Keeps the rows of the newest snapshot; rows of projects that did not change are the same objects."""

    loaded = Signal(RowChange)

    def __init__(self, service: Service, jobs: Jobs) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._building: Snapshot | None = None
        self.rows: Rows = {}

    def load(self) -> None:
        """Bring the rows up to date; ``loaded`` tells when they are, and what changed."""
        if self._building is not None:
            return  # it looks again when it is done
        snapshot, known = self._service.snapshot, self.rows
        if _is_small(snapshot, known):
            change = find_change(snapshot, known)
            self._take(change, follow(known, change))
            return
        self._building = snapshot

        def task(job: Job[tuple[RowChange, Rows]]) -> tuple[RowChange, Rows]:
            del job
            change = find_change(snapshot, known)
            return change, follow(known, change)

        self._jobs.run(task, self._on_built, self._on_failed)

    def _on_built(self, built: tuple[RowChange, Rows]) -> None:
        snapshot, self._building = self._building, None
        self._take(*built)
        if snapshot is not self._service.snapshot:
            self.load()

    def _on_failed(self, error: Exception) -> None:
        self._building = None
        logger.error("The rows of the table could not be made", exc_info=error)

    def _take(self, change: RowChange, rows: Rows) -> None:
        self.rows = rows
        self.loaded.emit(change)


def _is_small(snapshot: Snapshot, known: Rows) -> bool:
    """Tell whether the rows can be found out without a worker."""
    return len(snapshot.projects) <= MANY_PROJECTS and len(changed_names(snapshot, known)) <= MANY_ROWS
