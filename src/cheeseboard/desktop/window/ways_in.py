"""The ways that files come in besides a drop: file dialogs, the clipboard; a web address is not fetched."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from cheeseboard.desktop.building.build_flow import BuildFlow
from cheeseboard.desktop.intake.drops import local_paths
from cheeseboard.desktop.intake.intake_flow import IntakeFlow
from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.telling.notice_bar import Act, Notice, NoticeBar
from cheeseboard.desktop.words.translate import tr


class WaysIn:
    """Asks for files; what is chosen takes the way of every drop."""

    def __init__(
        self,
        window: QWidget,
        intake: IntakeFlow,
        builds: BuildFlow,
        notices: NoticeBar,
        open_url: Callable[[QUrl], object],
    ) -> None:
        self._window = window
        self._intake = intake
        self._builds = builds
        self._notices = notices
        self._open_url = open_url

    def take(self, paths: Sequence[Path]) -> None:
        """Add these files and folders, if there are any."""
        if paths:
            self._builds.take(paths)

    def ask_for_files(self) -> None:
        """Let the user choose files."""
        kinds = tr("Packages (*.whl *.tar.gz *.zip)") + ";;" + tr("All files (*)")
        chosen, _ = QFileDialog.getOpenFileNames(self._window, tr("Add files"), "", kinds)
        if chosen:
            self._intake.add([Path(name) for name in chosen])

    def ask_for_folder(self) -> None:
        """Let the user choose a folder to search."""
        chosen = QFileDialog.getExistingDirectory(self._window, tr("Add all packages of a folder"))
        if chosen:
            self._builds.take([Path(chosen)])

    def paste(self) -> None:
        """Add the files on the clipboard."""
        self.take(local_paths(QGuiApplication.clipboard().mimeData()))

    def on_web_dropped(self, url: QUrl) -> None:
        """Fetch nothing by ourselves: say so, and offer the browser."""

        def open_it() -> None:
            self._open_url(url)

        act = Act(tr("Open in browser"), "arrow-right", open_it)
        words = tr("Nothing was fetched from {host}. Download the file, then drop it here.", host=url.host())
        self._notices.show_notice(Notice(Tone.INFO, words, (act,)))
