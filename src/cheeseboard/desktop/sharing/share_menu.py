"""The menu behind the share card's dots: all that can be given to colleagues, in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.words.translate import tr


@dataclass(frozen=True, slots=True)
class ShareActs:
    """What the entries do."""

    copy_line: Callable[[], None]
    copy_windows_line: Callable[[], None]
    open_lines: Callable[[], None]
    copy_address: Callable[[], None]
    show_qr: Callable[[], object]
    choose_address: Callable[[], None]
    open_access: Callable[[], None]


def share_menu(window: QWidget, theme: Theme, acts: ShareActs, *, shared: bool) -> QMenu:
    """Return the menu.

    Args:
        window: Its parent.
        theme: Draws the icons.
        acts: What the entries do.
        shared: Whether there is an address that colleagues can use.
    """
    menu = QMenu(window)
    menu.setAccessibleName(tr("Sharing"))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def entry(icon: str, words: str, act: Callable[[], object], *, enabled: bool) -> None:
        action = menu.addAction(theme.icon(icon), words)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: act())

    entry("terminal", tr("Copy setup line"), acts.copy_line, enabled=shared)
    entry("terminal", tr("Copy setup line for Windows"), acts.copy_windows_line, enabled=shared)
    entry("file-text", tr("Setup lines for colleagues…"), acts.open_lines, enabled=True)
    menu.addSeparator()
    entry("copy", tr("Copy address"), acts.copy_address, enabled=shared)
    entry("qr-code", tr("Show address as QR code"), acts.show_qr, enabled=shared)
    entry("radio", tr("Show another address"), acts.choose_address, enabled=shared)
    menu.addSeparator()
    entry("circle-check", tr("Who may publish and read…"), acts.open_access, enabled=True)
    return menu
