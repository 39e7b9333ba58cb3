"""Starts the window: QApplication and its looks, the log for what nobody caught, an orderly end."""

import logging
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from cheeseboard import __version__
from cheeseboard.desktop.first_sight import FirstSight
from cheeseboard.desktop.look.icons import application_icon, icon_path
from cheeseboard.desktop.look.style import CheeseboardStyle
from cheeseboard.desktop.look.theme import Scheme, Theme
from cheeseboard.desktop.start import Start
from cheeseboard.desktop.system.single_instance import Door
from cheeseboard.desktop.words.translations import install_translations
from cheeseboard.desktop.work.garbage import GarbageTimer
from cheeseboard.settings import folder_name

if TYPE_CHECKING:
    from cheeseboard.desktop.opening import Opening

logger = logging.getLogger(__name__)

# Workers give way to the window five times as often as Python would have them.
SWITCH_SECONDS = 0.001
DESKTOP_FILE_NAME = "cheeseboard"
PLAIN_FONTS = frozenset({"sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans"})


def run(start: Start) -> int:
    """Show the window until it is closed, then close the service; return the exit code.

    Where a window is open on the same folder already, that one gets the files and comes forward.
    """
    QGuiApplication.setDesktopFileName(DESKTOP_FILE_NAME)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    door = Door(start.folder, os.environ.get("CHEESEBOARD_HOME") or str(Path.home()))
    if door.hand_over(start.files):
        return 0
    door.open()
    sys.excepthook = log_uncaught
    sys.setswitchinterval(SWITCH_SECONDS)
    garbage = GarbageTimer()
    translators = install_translations(application, QLocale.system())
    theme = dress(application, scheme_of(start.settings.theme))
    sight = FirstSight(folder_name(start.settings, start.folder), theme, start.settings.window_geometry)
    openings: list[Opening] = []

    def go_on() -> None:
        from cheeseboard.desktop.opening import Opening  # noqa: PLC0415  # the first paint does not wait for it

        opening = Opening(start, sight, theme, open_path)
        openings.append(opening)
        door.handed.connect(opening.take_files)
        opening.begin()

    if start.hidden and QSystemTrayIcon.isSystemTrayAvailable():
        QTimer.singleShot(0, go_on)
    else:
        sight.painted.connect(go_on)
        sight.show()
    try:
        return application.exec()
    finally:
        for opening in openings:
            opening.close()
        door.close()
        garbage.close()
        translators.clear()


def dress(application: QApplication, scheme: Scheme) -> Theme:
    """Give the application its name, icon, font, style and colours."""
    application.setApplicationName("cheeseboard")
    application.setApplicationDisplayName("Cheeseboard")
    application.setApplicationVersion(__version__)
    application.setWindowIcon(application_icon())
    if sys.platform not in ("win32", "darwin"):
        application.setFont(ground_font(application.font()))
    theme = Theme(application, icon_path, scheme)
    if sys.platform not in ("win32", "darwin"):
        application.setStyle(CheeseboardStyle(theme))
    return theme


def ground_font(system: QFont) -> QFont:
    """Return the desktop's font; where no desktop chose one, a readable one that is installed."""
    if system.family().lower() not in PLAIN_FONTS:
        return system
    font = QFont(system)
    if QFontDatabase.hasFamily("Inter"):
        font.setFamily("Inter")
    font.setPointSizeF(max(10.0, system.pointSizeF()))
    return font


def scheme_of(setting: str) -> Scheme:
    """Return the scheme that a setting names; an unknown one means auto."""
    return Scheme(setting) if setting in tuple(Scheme) else Scheme.AUTO


def open_path(path: Path) -> None:
    """Open a file or folder with what the desktop has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(path)))


def log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Write what nobody caught to the log; the window goes on."""
    logger.critical("Uncaught in the window", exc_info=(kind, error, traceback))
