"""The icon in the tray, only where there is a tray: how it is served, and what needs no window."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from cheeseboard.desktop.look.icons import application_icon
from cheeseboard.desktop.look.widgets import plain_tip
from cheeseboard.desktop.words import first_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.server.state import ServerState, Serving


@dataclass(frozen=True, slots=True)
class TrayActs:
    """What the tray's entries do."""

    show: Callable[[], None]
    serve: Callable[[], None]
    stop: Callable[[], None]
    copy: Callable[[], None]
    leave: Callable[[], None]


class Tray(QObject):
    """While the network is served, closing the window leaves this."""

    def __init__(self, window: QWidget, acts: TrayActs) -> None:
        super().__init__(window)
        self._told = False
        menu = QMenu(window)
        self.status = menu.addAction("")
        self.status.setEnabled(False)
        menu.addSeparator()
        self.entries = {
            "show": menu.addAction(tr("Show window"), acts.show),
            "serve": menu.addAction(tr("Serve on LAN"), acts.serve),
            "stop": menu.addAction(tr("Stop"), acts.stop),
            "copy": menu.addAction(tr("Copy address"), acts.copy),
        }
        menu.addSeparator()
        self.entries["leave"] = menu.addAction(tr("Quit"), acts.leave)
        self.icon = QSystemTrayIcon(application_icon(), window)
        self.icon.setContextMenu(menu)
        self._show = acts.show
        self.icon.activated.connect(self._on_activated)
        self.icon.show()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:  # who asks for the menu wants just that
            self._show()

    def show_state(self, state: ServerState) -> None:
        """Say how it is served."""
        shared = isinstance(state, Serving) and state.lan
        self.status.setText(first_words.share_title(state))
        self.icon.setToolTip(plain_tip(tr("Cheeseboard: {state}", state=first_words.share_title(state))))
        self.entries["serve"].setVisible(not shared)
        self.entries["stop"].setVisible(shared)
        self.entries["copy"].setVisible(shared)

    def tell(self, title: str, text: str) -> None:
        """Show a notification beside the icon."""
        self.icon.showMessage(title, text)

    def tell_once(self) -> None:
        """Say, the first time, that the window is gone but the serving goes on."""
        if not self._told:
            self._told = True
            self.tell(
                tr("Still serving"),
                tr("Colleagues can go on installing. Quit from this icon’s menu."),
            )


def tray_available() -> bool:
    """Tell whether there is a tray; Qt's own ``isVisible`` is True without one."""
    return QSystemTrayIcon.isSystemTrayAvailable()
