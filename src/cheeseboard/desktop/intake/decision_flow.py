"""The flow of yanking and of a project's status: asked for a reason once, done at once, undone by Undo."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.telling.ask_dialogs import ReasonDialog
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Act, Notice, NoticeBar
from cheeseboard.desktop.words import amounts, project_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.history import History, UndoStep
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.repository.snapshot import File, Project, ProjectStatus
from cheeseboard.service import Service

Task = Callable[[], None]


class DecisionFlow(QObject):
    """Yanks and un-yanks files, sets projects' status."""

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        bar: NoticeBar,
        history: History,
        window: QWidget,
        theme: Theme,
        open_folder: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._history = history
        self._window = window
        self._theme = theme
        self._open_folder = open_folder

    def ask_to_yank(self, files: Sequence[File]) -> ReasonDialog:
        """Ask for a reason, then yank; not modal to anything but this window."""
        dialog = ReasonDialog(
            tr("Yank {what}?", what=project_words.files_or_name(tuple(files))),
            tr(
                "Installers then take it only when somebody asks for exactly this version. "
                "The file stays, and you can take this back at any time."
            ),
            tr("Yank"),
            self._theme,
            self._window,
        )
        dialog.given.connect(lambda reason: self.yank(files, reason))
        dialog.open()
        return dialog

    def yank(self, files: Sequence[File], reason: str) -> None:
        """Mark these files as yanked."""
        before = tuple(files)
        self._decide(
            lambda: self._service.yank(before, reason),
            lambda: self._put_back(before),
            tr("Yanked {what}.", what=project_words.files_or_name(before)),
        )

    def unyank(self, files: Sequence[File]) -> None:
        """Take yanks back."""
        before = tuple(file for file in files if file.yanked is not None)
        self._decide(
            lambda: self._service.unyank(before),
            lambda: self._put_back(before),
            tr("{what} can be installed again.", what=project_words.files_or_name(before)),
        )

    def set_status(self, projects: Sequence[Project], status: ProjectStatus) -> None:
        """Mark projects as active, archived, deprecated or quarantined."""
        before = tuple(projects)

        def do() -> None:
            for project in before:
                self._service.set_project_status(project.name, status)

        def undo() -> None:
            for project in before:
                self._service.set_project_status(project.name, project.status, project.status_reason)

        what = before[0].display_name if len(before) == 1 else amounts.packages(len(before))
        self._decide(do, undo, project_words.status_set(what, status))

    def _put_back(self, files: tuple[File, ...]) -> None:
        """Give each file the yank, or none, that it had."""
        plain = [file for file in files if file.yanked is None]
        if plain:
            self._service.unyank(plain)
        for reason in dict.fromkeys(file.yanked for file in files if file.yanked is not None):
            self._service.yank([file for file in files if file.yanked == reason], reason)

    def _decide(self, do: Task, undo: Task, sentence: str) -> None:
        def done(result: None) -> None:
            del result
            step = UndoStep(partial(self._run, undo, tr("Undone.")))
            self._history.push(step)
            act = Act(tr("Undo"), "undo-2", lambda: self._take_back(step))
            self._bar.show_notice(Notice(Tone.OK, sentence, (act,)))

        self._jobs.run(_without_job(do), done, self._on_failed)

    def _take_back(self, step: UndoStep) -> None:
        self._history.undo(step)

    def _run(self, task: Task, sentence: str) -> None:
        def done(result: None) -> None:
            del result
            self._bar.show_notice(Notice(Tone.OK, sentence))

        self._jobs.run(_without_job(task), done, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        self._bar.show_notice(failure_notice(error, try_again=None, open_folder=self._open_folder))


def _without_job(task: Task) -> Callable[[Job[None]], None]:
    def run(job: Job[None]) -> None:
        del job
        task()

    return run
