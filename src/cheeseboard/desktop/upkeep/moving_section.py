"""*Move here from another server*: what a folder holds is told first, and taken in when the user says so."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog

from cheeseboard.desktop.look.said_card import SaidCard
from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.look.widgets import Button, Card, label
from cheeseboard.desktop.telling.notice_bar import Detail
from cheeseboard.desktop.upkeep.section import UpkeepParts, arrange, line
from cheeseboard.desktop.words import amounts, upkeep_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job
from cheeseboard.events import Way
from cheeseboard.repository.backup import Cancelled
from cheeseboard.repository.other_servers import Collection, Source
from cheeseboard.service.importing import Imported
from cheeseboard.service.upkeep import Upkeep

MOST_DETAILS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds.

    Attributes:
        total: The bytes of its files.
        here: How many files of the same names are in the repository already.
    """

    collection: Collection
    total: int
    here: int


class MovingSection(Card):
    """Nothing of the other server's folder is ever changed."""

    def __init__(self, parts: UpkeepParts) -> None:
        super().__init__(parts.theme)
        self._with = parts
        self._found: Found | None = None
        self.source = QComboBox()
        self.source.setAccessibleName(tr("Where the packages come from"))
        self.source.addItem(tr("Find out by itself"), None)
        for kind in Source:
            self.source.addItem(upkeep_words.source(kind), kind.value)
        self.choose = Button(tr("Choose a folder…"), "folder-open", parts.theme)
        self.said = SaidCard(parts.theme)
        self.take = Button("", "package-plus", parts.theme, primary=True)
        self.leave = Button(tr("Leave it"), "", parts.theme)
        self.choose.clicked.connect(self._on_choose)
        self.take.clicked.connect(self.take_in)
        self.leave.clicked.connect(self.forget)
        column = arrange(
            self,
            tr("Move here from another server"),
            tr(
                "Takes over what pypiserver, devpi (its export) or bandersnatch keeps, or any folder of "
                "packages. You see first what was found; that folder stays as it is."
            ),
        )
        column.addLayout(line(self.choose, label(tr("It is:"), muted=True), self.source))
        column.addWidget(self.said)
        column.addLayout(line(self.take, self.leave))
        self.forget()

    def refresh(self) -> None:
        """Offer what can be done now."""
        free = not self._with.work.busy
        self.choose.setEnabled(free)
        self.source.setEnabled(free)
        self.take.setEnabled(free)
        self.leave.setEnabled(free)

    def forget(self) -> None:
        """Let go of what was found."""
        self._found = None
        for widget in (self.said, self.take, self.leave):
            widget.hide()

    # --- looking --------------------------------------------------------------------------------------

    def _on_choose(self) -> None:
        title = tr("Choose what the other server keeps")
        chosen = QFileDialog.getExistingDirectory(self, title)
        if chosen:
            self.look_at(Path(chosen))

    def look_at(self, path: Path) -> None:
        """Find out what a folder holds; nothing is changed."""
        service, kept = self._with.service, self.source.currentData()
        names = {file.filename for file in service.snapshot.files()}
        self.forget()

        def task(job: Job[Found]) -> Found:
            return _look(service.upkeep, path, Source(kept) if kept else None, names, job.cancelled)

        words = tr("Looking through {folder}…", folder=path.name)
        self._with.work.run(words, task, self._on_found, again=self._on_choose)

    def _on_found(self, found: Found) -> None:
        count = len(found.collection.arrivals)
        self._found = found if count else None
        self.said.say(Tone.INFO, upkeep_words.found(found.collection, found.total, found.here))
        self.take.show_as(tr("Take in {files}", files=amounts.files(count)), "package-plus")
        self.take.setVisible(bool(count))
        self.leave.setVisible(bool(count))
        if count and self.isVisible():
            self.take.setFocus()

    # --- taking in ------------------------------------------------------------------------------------

    def take_in(self) -> None:
        """Take in what was found, with one Undo for all of it."""
        found, upkeep = self._found, self._with.service.upkeep
        if found is None:
            return

        def task(job: Job[Imported]) -> Imported:
            return upkeep.take_over(
                found.collection, way=Way.DROP, progress=job.report, cancelled=job.cancelled
            )

        def done(imported: Imported) -> None:
            self.forget()
            self._with.intake.tell(imported.batch, _missing(found.collection))

        words = tr("Reading what was found…")
        self._with.work.run(words, task, done, say=upkeep_words.taking_in, again=self.take_in)


def _look(
    upkeep: Upkeep, path: Path, kind: Source | None, names: set[str], cancelled: Callable[[], bool]
) -> Found:
    collection = upkeep.look_at_source(path, kind)
    if cancelled():
        raise Cancelled
    total = 0
    for each in collection.arrivals:
        try:
            total += each.path.stat().st_size
        except OSError:  # a dangling link: the door refuses it later, with the reason
            continue
    return Found(collection, total, sum(each.path.name in names for each in collection.arrivals))


def _missing(collection: Collection) -> tuple[Detail, ...]:
    missing = collection.missing
    details = [Detail(Tone.WARN, upkeep_words.listed_only(name)) for name in missing[:MOST_DETAILS]]
    if len(missing) > MOST_DETAILS:
        more = tr("and {n} more", n=f"{len(missing) - MOST_DETAILS:,}")
        details.append(Detail(Tone.INFO, more))
    return tuple(details)
