"""What a right click on projects or files offers; made anew each time, so that it fits what is selected."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.look.widgets import plain_tip
from cheeseboard.desktop.words import amounts, project_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.repository.snapshot import File, Project, ProjectStatus

MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class ContextActs:
    """What the entries do."""

    show: Callable[[File], None]
    yank: Callable[[Sequence[File]], object]
    unyank: Callable[[Sequence[File]], None]
    set_status: Callable[[Sequence[Project], ProjectStatus], None]
    explain: Callable[[Project], None]
    remove: Callable[[tuple[File, ...]], None]
    copy: Callable[[tuple[File, ...]], None]
    path_of: Callable[[File], Path]


def projects_menu(window: QWidget, theme: Theme, acts: ContextActs, projects: tuple[Project, ...]) -> QMenu:
    """Return the menu of selected rows of the table."""
    menu = _menu(window, tr("Package"))
    files = tuple(file for project in projects for file in project.files)
    command = "pip install " + " ".join(project.name for project in projects[:MOST_NAMES])
    _copy(menu, theme, tr("Copy install command"), command)
    _copying(menu, theme, acts, newest_files(projects))
    if len(projects) == 1:
        one = projects[0]
        if one.files:
            _entry(
                menu,
                theme,
                "folder-open",
                tr("Show in file manager"),
                lambda: acts.show(one.files[0]),
            )
        _entry(
            menu,
            theme,
            "circle-question-mark",
            tr("Why can’t it install?"),
            lambda: acts.explain(one),
        )
    menu.addSeparator()
    _yanking(menu, theme, acts, files)
    menu.addMenu(_status_menu(menu, acts, projects))
    menu.addSeparator()
    _removing(menu, theme, acts, files)
    return menu


def newest_files(projects: Sequence[Project]) -> tuple[File, ...]:
    """Return the files of each project's latest release: what somebody takes along of a project."""
    return tuple(file for one in projects for file in one.files if file.version == one.latest)


def files_menu(window: QWidget, theme: Theme, acts: ContextActs, files: tuple[File, ...]) -> QMenu:
    """Return the menu of selected files of the panel."""
    menu = _menu(window, tr("File"))
    first = files[0]
    if len({(file.project, file.version) for file in files}) == 1:
        command = f"pip install {first.project}=={first.version}"
        _copy(menu, theme, tr("Copy install command"), command)
    _copying(menu, theme, acts, files)
    if len(files) == 1:
        _copy(menu, theme, tr("Copy SHA-256"), first.sha256)
        _copy(menu, theme, tr("Copy path"), str(acts.path_of(first)))
        _entry(menu, theme, "folder-open", tr("Show in file manager"), lambda: acts.show(first))
    menu.addSeparator()
    _yanking(menu, theme, acts, files)
    menu.addSeparator()
    _removing(menu, theme, acts, files)
    return menu


def _menu(window: QWidget, name: str) -> QMenu:
    menu = QMenu(window)
    menu.setAccessibleName(name)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _entry(menu: QMenu, theme: Theme, icon: str, words: str, act: Callable[[], object]) -> QAction:
    action = menu.addAction(theme.icon(icon), words)
    action.triggered.connect(lambda _checked=False: act())
    return action


def _copy(menu: QMenu, theme: Theme, words: str, text: str) -> None:
    _entry(menu, theme, "copy", words, lambda: QGuiApplication.clipboard().setText(text))


def _copying(menu: QMenu, theme: Theme, acts: ContextActs, files: tuple[File, ...]) -> None:
    words = tr("Copy file") if len(files) == 1 else tr("Copy {files}", files=amounts.files(len(files)))
    copy = _entry(menu, theme, "copy", words, lambda: acts.copy(files))
    copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))


def _yanking(menu: QMenu, theme: Theme, acts: ContextActs, files: tuple[File, ...]) -> None:
    yanked = tuple(file for file in files if file.yanked is not None)
    if len(yanked) < len(files):
        rest = tuple(file for file in files if file.yanked is None)
        _entry(menu, theme, "ban", tr("Yank…"), lambda: acts.yank(rest))
    if yanked:
        _entry(menu, theme, "rotate-ccw", tr("Take the yank back"), lambda: acts.unyank(yanked))


def _removing(menu: QMenu, theme: Theme, acts: ContextActs, files: tuple[File, ...]) -> None:
    remove = _entry(menu, theme, "trash-2", tr("Move to the Trash"), lambda: acts.remove(files))
    remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))


def _status_menu(menu: QMenu, acts: ContextActs, projects: tuple[Project, ...]) -> QMenu:
    chooser = QMenu(tr("Status"), menu)
    group = QActionGroup(chooser)
    statuses = {project.status for project in projects}
    for status in ProjectStatus:
        action = QAction(project_words.project_status(status), chooser)
        action.setToolTip(plain_tip(project_words.project_status_means(status)))
        action.setCheckable(True)
        action.setChecked(statuses == {status})
        action.triggered.connect(lambda _checked=False, chosen=status: acts.set_status(projects, chosen))
        group.addAction(action)
        chooser.addAction(action)
    chooser.setToolTipsVisible(True)
    return chooser
