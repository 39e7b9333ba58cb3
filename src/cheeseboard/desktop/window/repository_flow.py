"""The flow of the repository switcher: open another folder, make a new one, forget one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import plain_tip
from cheeseboard.desktop.telling.ask_dialogs import ReasonDialog
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.words.failure_words import own_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.errors import CheeseboardError, SettingsError
from cheeseboard.service import Service


class RepositoryFlow(QObject):
    """Switches between the folders that the user works with; one is open at a time."""

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        bar: NoticeBar,
        theme: Theme,
        window: QWidget,
        is_busy: Callable[[], bool],
        open_folder: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._theme = theme
        self._window = window
        self._is_busy = is_busy
        self._open_folder = open_folder
        self._switching = False

    def menu(self) -> QMenu:
        """Return the switcher's menu as things are now."""
        menu = QMenu(self._window)
        menu.setAccessibleName(tr("Repositories"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        group = QActionGroup(menu)
        known = self._service.repositories()
        for one in known:
            action = menu.addAction(without_mnemonic(one.name))
            action.setToolTip(plain_tip(str(one.folder)))
            action.setCheckable(True)
            action.setChecked(one.is_open)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, folder=one.folder: self.switch(folder))
        menu.addSeparator()
        new = menu.addAction(self._theme.icon("folder-plus"), tr("New repository…"))
        new.triggered.connect(self.ask_for_new)
        forget = QMenu(tr("Forget"), menu)
        for one in known:
            if not one.is_open:
                action = forget.addAction(without_mnemonic(one.name))
                action.triggered.connect(lambda _checked=False, folder=one.folder: self.forget(folder))
        if forget.actions():
            menu.addMenu(forget)
        return menu

    def ask_for_new(self) -> None:
        """Let the user choose a folder, new or with packages, and give it a name."""
        title = tr("A folder for the new repository")
        chosen = QFileDialog.getExistingDirectory(self._window, title)
        if chosen:
            self.ask_for_name(Path(chosen))

    def ask_for_name(self, folder: Path) -> ReasonDialog:
        """Ask what the repository in this folder is called, then open it."""
        dialog = ReasonDialog(
            tr("Use {folder} as a repository?", folder=folder.name),
            tr("Packages in it are sorted into a directory for each project. Other files stay untouched."),
            tr("Create"),
            self._theme,
            self._window,
            field=tr("Name"),
            text=folder.name,
        )
        dialog.given.connect(lambda name: self.create(name, folder))
        dialog.open()
        return dialog

    def create(self, name: str, folder: Path) -> None:
        """Know a folder by a name, and open it."""
        try:
            self._service.remember_repository(name, folder)
        except (ValueError, SettingsError) as error:
            self._bar.show_notice(Notice(Tone.ERROR, own_words(error)))
            return
        self.switch(folder)

    def forget(self, folder: Path) -> None:
        """Take a folder off the list; its files stay."""
        name = next((one.name for one in self._service.repositories() if one.folder == folder), folder.name)
        try:
            self._service.forget_repository(folder)
        except CheeseboardError as error:
            self._bar.show_notice(Notice(Tone.ERROR, own_words(error)))
            return
        words = tr("{name} is no longer listed. Its files stay in {folder}.", name=name, folder=folder)
        self._bar.show_notice(Notice(Tone.INFO, words))

    def switch(self, folder: Path) -> None:
        """Open another folder in place of this one."""
        if folder == self._service.folder or self._switching:
            return
        if self._is_busy():
            words = tr("Work on this repository is still under way. Switch when it is done.")
            self._bar.show_notice(Notice(Tone.WARN, words))
            return
        self._switching = True

        def task(job: Job[None]) -> None:
            del job
            self._service.switch(folder)

        self._jobs.run(task, self._on_switched, self._on_failed)

    def _on_switched(self, result: None) -> None:
        del result
        self._switching = False

    def _on_failed(self, error: Exception) -> None:
        self._switching = False
        self._bar.show_notice(failure_notice(error, try_again=None, open_folder=self._open_folder))


def without_mnemonic(name: str) -> str:
    """Return a name as a menu shows it whole: a single & would underline the next letter."""
    return name.replace("&", "&&")
