"""Diagnostics: the whole report to read first, then to copy or save; nothing is ever sent."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QPlainTextEdit, QVBoxLayout

from cheeseboard.desktop.frame.side_page import SidePage
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, fixed_font
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.telling.progress_bar import ProgressCard
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.service import Service
from cheeseboard.service.diagnostics import report_on
from cheeseboard.service.doctor import examine

FILE_NAME = "cheeseboard-diagnostics.txt"


class DiagnosticsPage(SidePage):
    """Shows exactly what would be saved."""

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        bar: NoticeBar,
        theme: Theme,
        open_folder: Callable[[], None],
        logs: Path,
    ) -> None:
        super().__init__(
            tr("Diagnostics"),
            tr(
                "For when you ask for help. It is made on this computer and sent to nobody. Keys, tokens, "
                "your name and your home directory are left out; read it before you pass it on."
            ),
            theme,
        )
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._open_folder = open_folder
        self._logs = logs
        self._job: Job[str] | None = None
        self.progress = ProgressCard(theme)
        self.copy = Button(tr("Copy"), "copy", theme)
        self.save = Button(tr("Save…"), "download", theme, primary=True)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Diagnostics"))
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setFont(fixed_font(self.font()))
        self.copy.clicked.connect(self._on_copy)
        self.save.clicked.connect(self._on_save)
        self.acts.addWidget(self.copy)
        self.acts.addWidget(self.save)
        card = Card(theme)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 8, 2, 2)
        inside.addWidget(self.text)
        self.body.addWidget(self.progress)
        self.body.addWidget(card, 1)
        self.closed.connect(self._stop)

    def refresh(self) -> None:
        """Look at everything, and make the report anew; who cancels gets it without what is wrong."""

        def task(job: Job[str]) -> str:
            complaints = examine(self._service, watch=True, cancelled=job.cancelled)
            return report_on(self._service, self._logs, None if job.cancelled() else complaints)

        self._stop()
        self.copy.setEnabled(False)
        self.save.setEnabled(False)
        job = self._jobs.run(task, lambda report: self._show(job, report), self._on_failed)
        self._job = job
        self.progress.begin(tr("Looking at the folder, the server and the installers…"), job.cancel)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_failed(self, error: Exception) -> None:
        self.progress.end()
        self._bar.show_notice(failure_notice(error, try_again=self.refresh, open_folder=self._open_folder))

    def save_to(self, path: Path) -> None:
        """Write just what is shown."""
        try:
            path.write_text(self.text.toPlainText(), encoding="utf-8")
        except OSError as error:
            words = tr("It could not be saved: {why}.", why=error.strerror or str(error))
            self._bar.show_notice(Notice(Tone.ERROR, words))
            return
        self._bar.show_notice(Notice(Tone.OK, tr("Saved {file}.", file=path.name)))

    def _show(self, job: Job[str], report: str) -> None:
        if job is not self._job:
            return
        self._job = None
        self.progress.end()
        self.text.setPlainText(report)
        self.copy.setEnabled(True)
        self.save.setEnabled(True)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self._bar.show_notice(Notice(Tone.OK, tr("Diagnostics copied.")))

    def _on_save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save diagnostics"), FILE_NAME)
        if chosen:
            self.save_to(Path(chosen))
