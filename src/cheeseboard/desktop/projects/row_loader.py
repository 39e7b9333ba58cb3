"""Turns each new snapshot into rows: few at once, many on a worker, so that the window never stands still."""

import logging

from packaging.utils import NormalizedName
from PySide6.QtCore import QObject, Signal

from cheeseboard.desktop.projects.project_rows import Row, build_rows, count_changed
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.repository.snapshot import Snapshot
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

MANY_ROWS = 100

Rows = dict[NormalizedName, Row]


class RowLoader(QObject):
    """Keeps the rows of the newest snapshot; rows of projects that did not change are the same objects."""

    loaded = Signal()

    def __init__(self, service: Service, jobs: Jobs) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._building: Snapshot | None = None
        self.rows: Rows = {}

    def load(self) -> None:
        """Bring the rows up to date; ``loaded`` tells when they are."""
        snapshot = self._service.snapshot
        if self._building is not None:
            return  # it looks again when it is done
        if count_changed(snapshot, self.rows) <= MANY_ROWS:
            self._take(build_rows(snapshot, self.rows))
            return
        self._building = snapshot
        known = self.rows

        def task(job: Job[Rows]) -> Rows:
            del job
            return build_rows(snapshot, known)

        self._jobs.run(task, self._on_built, self._on_failed)

    def _on_built(self, rows: Rows) -> None:
        built, self._building = self._building, None
        self._take(rows)
        if built is not self._service.snapshot:
            self.load()

    def _on_failed(self, error: Exception) -> None:
        self._building = None
        logger.error("The rows of the table could not be made", exc_info=error)

    def _take(self, rows: Rows) -> None:
        self.rows = rows
        self.loaded.emit()
