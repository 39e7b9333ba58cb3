"""Starts the window: QApplication and its looks, the log for what nobody caught, an orderly end."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLocale, QSocketNotifier, QUrl
from PySide6.QtGui import QDesktopServices, QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

from cheeseboard import __version__
from cheeseboard.desktop.garbage import GarbageTimer
from cheeseboard.desktop.icons import application_icon, icon_path
from cheeseboard.desktop.jobs import Jobs
from cheeseboard.desktop.last_crash import CrashLog
from cheeseboard.desktop.main_window import MainWindow
from cheeseboard.desktop.single_instance import Door
from cheeseboard.desktop.style import CheeseboardStyle
from cheeseboard.desktop.theme import Scheme, Theme
from cheeseboard.desktop.translations import install_translations
from cheeseboard.desktop.tray import tray_available
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

# Workers give way to the window five times as often as Python would have them.
SWITCH_SECONDS = 0.001
DESKTOP_FILE_NAME = "cheeseboard"
PLAIN_FONTS = frozenset({"sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans"})


def run(service: Service, files: Sequence[Path] = (), logs: Path | None = None) -> int:
    """Show the window until it is closed, then close the service; return the exit code.

    Where a window is open on the same folder already, that one gets the files and comes forward.

    Args:
        service: Not opened yet: that is done off the Qt thread, the window being there already.
        files: To be added as if dropped.
        logs: Where the log lies and crashes are noted.
    """
    QGuiApplication.setDesktopFileName(DESKTOP_FILE_NAME)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    door = Door(service.folder, os.environ.get("CHEESEBOARD_HOME") or str(Path.home()))
    if door.hand_over(files):
        return 0
    door.open()
    crashes = CrashLog(logs) if logs is not None else None
    crashed = crashes is not None and crashes.open()
    translators = install_translations(application, QLocale.system())
    theme = dress(application, scheme_of(service.settings.theme))
    sys.excepthook = log_uncaught
    waker = quit_on_signals(application)
    sys.setswitchinterval(SWITCH_SECONDS)
    garbage, jobs = GarbageTimer(), Jobs()
    window = MainWindow(service, jobs, theme, open_path, logs=logs or Path())
    door.handed.connect(window.take_files)
    if tray_available():
        window.add_tray()
    window.show()
    window.start(files)
    if crashed:
        window.tell_last_crash()
    try:
        return application.exec()
    finally:
        waker.close()
        door.close()
        garbage.close()
        window.bridge.close()
        jobs.close()
        service.close()
        translators.clear()
        if crashes is not None:
            crashes.close()


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


def quit_on_signals(application: QApplication) -> socket.socket:
    """Close the window in order on Ctrl+C and SIGTERM, which Python could not notice inside Qt's loop.

    Returns:
        The socket that wakes the loop; close it at the end.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, application)

    def on_signal() -> None:
        reader.recv(64)
        application.quit()

    notifier.activated.connect(on_signal)
    return writer


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
