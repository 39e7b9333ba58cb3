"""*Back up*: the whole repository into one file, and back into an empty folder."""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog

from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.look.widgets import Button, Card, label
from cheeseboard.desktop.telling.notice_bar import Act, Detail, Notice
from cheeseboard.desktop.upkeep.section import UpkeepParts, arrange, line
from cheeseboard.desktop.words import intake_words, upkeep_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job
from cheeseboard.repository.backup import Written
from cheeseboard.repository.intake import Rejected
from cheeseboard.service.upkeep import BroughtBack

MOST_DETAILS = 100
BELOW_A_BOX = 25


class BackupSection(Card):
    """Neither way overwrites anything."""

    def __init__(self, parts: UpkeepParts) -> None:
        super().__init__(parts.theme)
        self._with = parts
        self.back_up = Button(tr("Back up…"), "download", parts.theme)
        self.restore = Button(tr("Restore a backup…"), "archive-restore", parts.theme)
        self.with_authority = QCheckBox(tr("With the certificate authority"))
        warning = label(
            tr("Other computers trust its key: whoever has such a backup can pose as this repository."),
            muted=True,
        )
        warning.setWordWrap(True)
        warning.setContentsMargins(BELOW_A_BOX, 0, 0, 0)
        self.with_authority.setAccessibleDescription(warning.text())
        self.back_up.clicked.connect(self._on_back_up)
        self.restore.clicked.connect(self._on_restore)
        column = arrange(
            self,
            tr("Back up and restore"),
            tr(
                "One file holds all packages, yanks and upload times. A backup comes back into an empty "
                "folder, beside this repository."
            ),
        )
        column.addWidget(self.with_authority)
        column.addWidget(warning)
        column.addSpacing(4)
        column.addLayout(line(self.back_up, self.restore))

    def refresh(self) -> None:
        """Offer what can be done now."""
        free = not self._with.work.busy
        self.back_up.setEnabled(free)
        self.restore.setEnabled(free)

    def forget(self) -> None:
        """Begin anew with another folder."""
        self.with_authority.setChecked(False)

    # --- there ----------------------------------------------------------------------------------------

    def _on_back_up(self) -> None:
        one = self._with
        name = f"{one.service.name}-{one.now():%Y-%m-%d-%H%M%S}.cheeseboard.tar".replace("/", "-")
        kinds = tr("Backups (*.cheeseboard.tar *.cheeseboard.tar.zst)")
        # "Replace it?" would promise what a backup never does.
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            tr("Back up into a new file"),
            str(Path.home() / name),
            kinds,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.back_up_to(Path(chosen))

    def back_up_to(self, destination: Path) -> None:
        """Write the backup, off this thread."""
        upkeep, with_authority = self._with.service.upkeep, self.with_authority.isChecked()

        def task(job: Job[Written]) -> Written:
            return upkeep.back_up(
                destination, with_authority=with_authority, progress=job.report, cancelled=job.cancelled
            )

        def done(written: Written) -> None:
            self._on_backed_up(written, with_authority=with_authority)

        words = tr("Backing up…")
        self._with.work.run(words, task, done, say=upkeep_words.backing_up, again=self._on_back_up)

    def _on_backed_up(self, written: Written, *, with_authority: bool) -> None:
        self.with_authority.setChecked(False)
        show = Act(
            tr("Show"),
            "folder-open",
            lambda: self._with.open_path(written.path.parent),
            dismisses=False,
        )
        left = [upkeep_words.left_out(name, why) for name, why in written.left_out]
        sentence = upkeep_words.backed_up(written, with_authority=with_authority)
        self._with.work.tell(_notice(sentence, (show,), left))

    # --- and back -------------------------------------------------------------------------------------

    def _on_restore(self) -> None:
        kinds = tr("Backups (*.tar *.zst)") + ";;" + tr("All files (*)")
        source, _ = QFileDialog.getOpenFileName(self, tr("Choose a backup"), str(Path.home()), kinds)
        if source:
            self.ask_for_folder(Path(source))

    def ask_for_folder(self, source: Path) -> None:
        """Let the user choose where a backup comes back."""
        title = tr("Choose an empty folder for the restored repository")
        folder = QFileDialog.getExistingDirectory(self, title)
        if folder:
            self.restore_into(source, Path(folder))

    def restore_into(self, source: Path, folder: Path) -> None:
        """Bring a backup back, off this thread; this repository stays as it is."""
        upkeep = self._with.service.upkeep

        def task(job: Job[BroughtBack]) -> BroughtBack:
            return upkeep.restore_backup(source, into=folder, progress=job.report, cancelled=job.cancelled)

        def again() -> None:
            self.ask_for_folder(source)

        words = tr("Restoring…")
        self._with.work.run(words, task, self._on_restored, say=upkeep_words.restoring, again=again)

    def _on_restored(self, brought: BroughtBack) -> None:
        restored = brought.restored
        act = Act(tr("Open it"), "arrow-right", lambda: self._with.open_repository(restored.folder))
        left = [upkeep_words.not_put_in(name) for name in restored.missing]
        left += [intake_words.outcome(Rejected(one.path, one.refusal)) for one in restored.refused]
        self._with.work.tell(_notice(upkeep_words.restored(brought), (act,), left))


def _notice(sentence: str, acts: tuple[Act, ...], left: list[str]) -> Notice:
    details = tuple(Detail(Tone.WARN, each) for each in left[:MOST_DETAILS])
    if len(left) > MOST_DETAILS:
        more = tr("and {n} more", n=f"{len(left) - MOST_DETAILS:,}")
        details = (*details, Detail(Tone.INFO, more))
    return Notice(Tone.WARN if left else Tone.OK, sentence, acts, details, unfolded=bool(left))
