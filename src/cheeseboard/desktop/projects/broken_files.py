"""Which projects have files in the folder that can't be offered, and why: told in the list and beside it."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from packaging.utils import NormalizedName, canonicalize_name
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, Picture, label
from cheeseboard.desktop.words import project_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.errors import DistributionError, RefusalReason
from cheeseboard.repository.intake import Rejected
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

Broken = Mapping[NormalizedName, tuple[Rejected, ...]]

# Not taken in, yet nothing is wrong with the project for it: no distributions, or good ones not wanted.
HARMLESS = frozenset(
    {
        RefusalReason.NOT_A_DISTRIBUTION,
        RefusalReason.NOT_A_FILE,
        RefusalReason.TOO_DEEP,
        RefusalReason.LEGACY_FORMAT,
        RefusalReason.PROJECT_CLOSED,
        RefusalReason.NAME_TAKEN,
        RefusalReason.ALREADY_HERE,
    }
)


def find_broken(files: Iterable[Rejected], folder: Path) -> Broken:
    """Return the broken files by project: that of the file's name, else that of the directory it lies in."""
    found: dict[NormalizedName, list[Rejected]] = {}
    for one in files:
        if one.refusal.reason not in HARMLESS and (name := _project_of(one.source, folder)) is not None:
            found.setdefault(name, []).append(one)
    return {name: tuple(broken) for name, broken in found.items()}


def _project_of(path: Path, folder: Path) -> NormalizedName | None:
    try:
        return parse_filename(path.name).project
    except DistributionError:
        inside = path.relative_to(folder).parts[:-1] if path.is_relative_to(folder) else ()
        return canonicalize_name(inside[0]) if inside else None


class BrokenFiles(QObject):
    """Looks for them when asked, off the Qt thread.

    Attributes:
        counted: How many files lie in the folder and were not taken in, broken or not.
        found: Those that are broken, by project.
    """

    counted = Signal(int)
    found = Signal(object)

    def __init__(self, service: Service, jobs: Jobs) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._looking = False
        self._again = False

    def look(self) -> None:
        """Look now, or again when the look under way is done."""
        if self._looking:
            self._again = True
            return
        self._looking, self._again = True, False

        def task(job: Job[tuple[int, Broken]]) -> tuple[int, Broken]:
            del job
            files = [Rejected(one.path, one.refusal) for one in self._service.foreign_files]
            return len(files), find_broken(files, self._service.folder)

        self._jobs.run(task, self._on_found, self._on_failed)

    def _on_found(self, found: tuple[int, Broken]) -> None:
        self._looking = False
        count, broken = found
        self.counted.emit(count)
        self.found.emit(broken)
        if self._again:
            self.look()

    def _on_failed(self, error: Exception) -> None:
        self._looking = False
        logger.warning("No broken files known", exc_info=error)
        if self._again:
            self.look()


class BrokenCard(Card):
    """Says what is wrong with a project's files that are not offered, and leads to them."""

    asked = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Tone.ERROR)
        self._first: Path | None = None
        self.reason = label()
        self.reason.setWordWrap(True)
        self.look = Button(tr("Show files not taken in"), "arrow-right", theme)
        self.look.clicked.connect(lambda: self.asked.emit(self._first))
        said = QHBoxLayout()
        said.setSpacing(8)
        picture = Picture("circle-alert", theme, tone=Tone.ERROR)
        said.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.reason, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 12, 8)
        whole.setSpacing(6)
        whole.addLayout(said)
        whole.addWidget(self.look, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def show_files(self, files: tuple[Rejected, ...]) -> None:
        """Say it of these files; of none, nothing."""
        self.setVisible(bool(files))
        if files:
            self._first = files[0].source
            self.reason.setText(project_words.broken(files))
            self.look.setAccessibleDescription(self.reason.text())
