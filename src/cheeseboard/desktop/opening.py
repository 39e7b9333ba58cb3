"""What follows the first paint: the core and the rest of the window are read, and nothing ever stands still.

The core's modules are read on a worker. The window's own are read here, one a turn of Qt's loop: Qt's
classes are made when a module first names them, which two threads must not do at once.
"""

import importlib
import logging
import pkgutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from cheeseboard import desktop
from cheeseboard.desktop.first_sight import FirstSight
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.start import Start
from cheeseboard.desktop.system.last_crash import CrashLog
from cheeseboard.desktop.system.signals import HeededSignals
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.logs import keep_log

if TYPE_CHECKING:
    from cheeseboard.desktop.window.main_window import MainWindow
    from cheeseboard.service import Service

logger = logging.getLogger(__name__)

EXIT_FAILED = 3


class Opening(QObject):
    """Makes the service and the window's content, puts it in the first sight's place, and closes both."""

    def __init__(
        self,
        start: Start,
        sight: FirstSight,
        theme: Theme,
        open_path: Callable[[Path], None],
    ) -> None:
        """Make nothing yet.

        Args:
            start: What the window is opened with.
            sight: The window that is there already.
            theme: The colours in force.
            open_path: Opens a file or folder with what the desktop has for it.
        """
        super().__init__()
        self._start = start
        self._sight = sight
        self._theme = theme
        self._open_path = open_path
        self._crashes = CrashLog(start.logs)
        self._crashed = False
        self._signals: HeededSignals | None = None
        self._jobs = Jobs()
        self._service: Service | None = None
        self._window: MainWindow | None = None
        self._files = list(start.files)
        self._unread: list[str] = []
        self._started = False
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._on_turn)

    def begin(self) -> None:
        """Keep logs, heed signals; read the core, then the rest of the window; then open the repository."""
        keep_log(self._start.logs)
        self._crashed = self._crashes.open()
        self._signals = HeededSignals(self._leave)

        def task(job: Job["Service"]) -> "Service":
            del job
            importlib.import_module("segno")  # the window's, but no Qt in it, and too much for one turn
            return self._start.make_service()

        self._jobs.run(task, self._on_service, self._on_failed)

    def take_files(self, files: Sequence[Path]) -> None:
        """Add files, as soon as there is somebody who can."""
        if self._started and self._window is not None:
            self._window.take_files(files)
        else:
            self._files += files

    def close(self) -> None:
        """Let go of everything, however far it came."""
        self._turn.stop()
        if self._window is not None:
            self._window.bridge.close()
        self._jobs.close()
        if self._service is not None:
            self._service.close()
        self._crashes.close()
        if self._signals is not None:
            self._signals.close()

    def _leave(self) -> None:
        """End for good: the window itself would rather stay in the tray while colleagues are served."""
        if self._window is not None:
            self._window.presence.leave()
        else:
            QCoreApplication.quit()

    def _on_service(self, service: "Service") -> None:
        self._service = service
        found = (module.name for module in pkgutil.walk_packages(desktop.__path__, f"{desktop.__name__}."))
        self._unread = [name for name in found if name not in sys.modules]
        self._turn.start()

    def _on_failed(self, error: Exception) -> None:
        """Say it where it can be read: who starts a window from a menu sees no terminal."""
        logger.error("The core could not be read", exc_info=error)
        sys.stderr.write(f"{error}\n")
        sentence = failure(error)
        QGuiApplication.setQuitOnLastWindowClosed(False)  # it would end as if all were well
        self._sight.tell_failure(sentence, lambda: QCoreApplication.exit(EXIT_FAILED))

    def _on_turn(self) -> None:
        if self._unread:
            importlib.import_module(self._unread.pop(0))
        elif self._window is None:
            self._window = self._make_window()
        else:
            self._turn.stop()
            # A worker that opens a repository keeps Python busy: what it would slow down is painted first.
            self._sight.content_painted.connect(self._start_window)
            self._sight.adopt(self._window)

    def _make_window(self) -> "MainWindow":
        from cheeseboard.desktop.window.main_window import MainWindow  # noqa: PLC0415  # read by now, turn by turn

        assert self._service is not None  # noqa: S101  # the turns begin with it
        return MainWindow(self._service, self._jobs, self._theme, self._open_path, logs=self._start.logs)

    def _start_window(self) -> None:
        from cheeseboard.desktop.system.tray import tray_available  # noqa: PLC0415  # read by now, turn by turn

        window = self._window
        assert window is not None  # noqa: S101  # its content was painted
        if tray_available():
            window.add_tray()
        files, self._files = tuple(self._files), []
        window.start(files)
        self._started = True
        if self._crashed:
            window.tell_last_crash()
