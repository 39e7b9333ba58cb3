"""Being there when nobody looks: the tray's icon, notifications, coming forward, and leaving for good."""

import logging
import os
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cheeseboard.desktop.system.tray import Tray, TrayActs
from cheeseboard.desktop.telling.notifications import Notifications
from cheeseboard.desktop.telling.session_bus import notify
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.server.state import Serving
from cheeseboard.service import Service

logger = logging.getLogger(__name__)


class Presence(QObject):
    """What the desktop sees of the application besides the window's content."""

    def __init__(self, window: QWidget, service: Service, jobs: Jobs) -> None:
        super().__init__(window)
        self._window = window
        self._service = service
        self._jobs = jobs
        self._leaving = False
        self.tray: Tray | None = None
        self.notifications = Notifications(self._tell_outside, window.isActiveWindow)

    def add_tray(
        self, serve: Callable[[], None], stop: Callable[[], None], address: Callable[[], str]
    ) -> None:
        """Keep an icon in the tray from now on; closing then leaves the network served.

        Args:
            serve: Serves the network.
            stop: Serves this computer only.
            address: Returns what colleagues are told.
        """
        acts = TrayActs(
            show=self.come_forward,
            serve=serve,
            stop=stop,
            copy=lambda: QGuiApplication.clipboard().setText(address()),
            leave=self.leave,
        )
        self.tray = Tray(self._window, acts)
        self.note_server()

    def note_server(self) -> None:
        """The server's state may have changed."""
        state = self._service.sharing.server_state
        self.notifications.note_server(state)
        if self.tray is not None:
            self.tray.show_state(state)

    def come_forward(self) -> None:
        """Show the window above the others."""
        window = self._window.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    def leave(self) -> None:
        """Close for good, tray or not."""
        self._leaving = True
        self._window.window().close()
        QGuiApplication.quit()

    def stay(self) -> bool:
        """Retreat to the tray instead of closing, where colleagues would lose what they are served.

        Returns:
            Whether the window is only hidden now.
        """
        state = self._service.sharing.server_state
        shared = isinstance(state, Serving) and state.lan
        if self.tray is None or self._leaving or self._session_ends() or not shared:
            return False
        self.tray.tell_once()
        self._window.window().hide()
        return True

    @staticmethod
    def _session_ends() -> bool:
        """Tell whether the user logs out, which a window that stays would prevent."""
        application = QGuiApplication.instance()
        return isinstance(application, QGuiApplication) and application.isSavingSession()

    def _tell_outside(self, title: str, text: str) -> None:
        """Show a notification: by the tray's icon, else by the desktop itself."""
        if self.tray is not None:
            self.tray.tell(title, text)
            return

        def task(job: Job[bool]) -> bool:
            del job
            return notify(os.environ, title, text)

        self._jobs.run(
            task, lambda _shown: None, lambda error: logger.warning("No notification", exc_info=error)
        )
