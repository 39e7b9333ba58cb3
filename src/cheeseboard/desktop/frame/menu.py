"""The menu behind the three dots."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from cheeseboard.desktop.look.theme import Scheme
from cheeseboard.desktop.words import frame_words
from cheeseboard.desktop.words.translate import tr

# What people press where the system names no key of its own.
USUAL = {QKeySequence.StandardKey.Preferences: "Ctrl+,", QKeySequence.StandardKey.Quit: "Ctrl+Q"}


@dataclass(frozen=True, slots=True)
class MenuActs:
    """What the menu's entries do."""

    add_files: Callable[[], None]
    add_folder: Callable[[], None]
    paste: Callable[[], None]
    open_folder: Callable[[], None]
    open_trash: Callable[[], None]
    open_activity: Callable[[], None]
    new_repository: Callable[[], object]
    open_neighbours: Callable[[], None]
    open_access: Callable[[], None]
    open_upkeep: Callable[[], None]
    open_preferences: Callable[[], None]
    open_diagnostics: Callable[[], None]
    choose_theme: Callable[[Scheme], None]
    sorting: Callable[[QMenu], QMenu]
    leave: Callable[[], object]


def make_menu(window: QWidget, acts: MenuActs, scheme: Scheme) -> QMenu:
    """Return the menu; its shortcuts work in ``window`` while the menu is closed, too."""
    menu = QMenu(window)
    menu.setAccessibleName(tr("Menu"))
    standard = QKeySequence.StandardKey
    _entry(menu, tr("Add files…"), acts.add_files, standard.Open)
    _entry(menu, tr("Add a folder…"), acts.add_folder)
    _entry(menu, tr("Paste files"), acts.paste, standard.Paste)
    _entry(menu, tr("Open managed folder"), acts.open_folder)
    menu.addSeparator()
    _entry(menu, tr("Trash"), acts.open_trash)
    _entry(menu, tr("Activity"), acts.open_activity)
    _entry(menu, tr("New repository…"), acts.new_repository)
    _entry(menu, tr("Repositories on this network"), acts.open_neighbours)
    _entry(menu, tr("Who may publish and read"), acts.open_access)
    _entry(menu, tr("Keep in order"), acts.open_upkeep)
    menu.addSeparator()
    menu.addMenu(acts.sorting(menu))
    menu.addMenu(_appearance(menu, acts.choose_theme, scheme))
    _entry(menu, tr("Preferences…"), acts.open_preferences, standard.Preferences)
    _entry(menu, tr("Diagnostics…"), acts.open_diagnostics)
    menu.addSeparator()
    _entry(menu, tr("Quit"), acts.leave, standard.Quit)
    window.addActions(menu.actions())
    return menu


def _entry(
    menu: QMenu, words: str, act: Callable[[], object], key: QKeySequence.StandardKey | None = None
) -> None:
    action = menu.addAction(words)
    if key is not None:
        action.setShortcuts(QKeySequence.keyBindings(key) or [QKeySequence(USUAL[key])])
    action.triggered.connect(lambda _checked=False: act())


def _appearance(menu: QMenu, choose: Callable[[Scheme], None], scheme: Scheme) -> QMenu:
    appearance = QMenu(tr("Appearance"), menu)
    choices = QActionGroup(appearance)
    for one in Scheme:
        action = QAction(frame_words.scheme(one), appearance)
        action.setCheckable(True)
        action.setChecked(one is scheme)
        action.triggered.connect(lambda _checked=False, chosen=one: choose(chosen))
        choices.addAction(action)
        appearance.addAction(action)
    return appearance
