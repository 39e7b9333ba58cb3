"""The window at first sight: its frame, painted before the repository, the server or the list are even read.

Built of the very widgets that stand there afterwards, so that nothing jumps when the rest takes its place.
Whatever this module imports, the first paint waits for: Qt and what draws, nothing else.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QVBoxLayout, QWidget

from cheeseboard.desktop.frame.header import Header
from cheeseboard.desktop.frame.screen_places import restore_place
from cheeseboard.desktop.frame.states import PlainState
from cheeseboard.desktop.frame.status_line import StatusLine
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.sharing.share_card import ShareCard
from cheeseboard.desktop.words import first_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.server.state import Starting

MARGINS = (16, 12, 16, 4)
GAP = 12
# A window that starts hidden or covered is never painted; then the rest does not wait for it.
LONGEST_WAIT_MS = 500


class FirstSight(QMainWindow):
    """The top-level window; what it shows first is replaced by :meth:`adopt`."""

    painted = Signal()
    content_painted = Signal()

    def __init__(self, name: str, theme: Theme, geometry: str) -> None:
        """Make it, not yet shown.

        Args:
            name: The repository's.
            theme: The colours in force.
            geometry: Where it stood the last time, as the settings keep it.
        """
        super().__init__()
        self._was_painted = False
        self._content_was_painted = False
        self._theme = theme
        self._leave: Callable[[], None] | None = None
        self._content: QWidget | None = None
        self.setWindowTitle(first_words.window_title(name))
        self.setCentralWidget(_frame(name, theme))
        restore_place(self, geometry)
        QTimer.singleShot(LONGEST_WAIT_MS, self, self._on_painted)

    def adopt(self, content: QWidget) -> None:
        """Show the whole window's content instead of the first sight's; ``content_painted`` tells when."""
        self._content = content
        content.installEventFilter(self)
        QTimer.singleShot(LONGEST_WAIT_MS if self.isVisible() else 0, self, self._on_content_painted)
        content.windowTitleChanged.connect(self.setWindowTitle)
        self.setWindowTitle(content.windowTitle())
        self.setCentralWidget(content)
        content.show()

    def tell_failure(self, sentence: str, leave: Callable[[], None]) -> None:
        """Say why there will be nothing more to be seen.

        Args:
            sentence: What happened, and what to do.
            leave: Ends the application; closing the window does, too.
        """
        self._leave = leave
        state = PlainState(
            theme=self._theme,
            icon="triangle-alert",
            title=tr("Cheeseboard can’t start"),
            hint=sentence,
            act=tr("Quit"),
        )
        state.acted.connect(self.close)
        page = QWidget()
        lay_out(page).addWidget(state)
        self.setCentralWidget(page)
        self.show()
        if state.action is not None:
            state.action.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell, once, that something is to be seen."""
        super().paintEvent(event)
        # Not from within: its children are painted after it.
        QTimer.singleShot(0, self, self._on_painted)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell, once, that the content is to be seen."""
        if event.type() == QEvent.Type.Paint and watched is self._content:
            watched.removeEventFilter(self)
            # Not from within: its children are painted after it.
            QTimer.singleShot(0, self, self._on_content_painted)
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the content, which may prefer the tray."""
        if self._content is None or self._content.close():
            super().closeEvent(event)
            if self._leave is not None:
                self._leave()
        else:
            event.ignore()

    def _on_painted(self) -> None:
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def _on_content_painted(self) -> None:
        if not self._content_was_painted:
            self._content_was_painted = True
            self.content_painted.emit()


def _frame(name: str, theme: Theme) -> QWidget:
    """Return what stands there while the rest is made; nothing of it can be used yet."""
    frame = QWidget()
    share = ShareCard(theme)
    share.show_state(Starting())
    column = lay_out(frame)
    column.addWidget(Header(name, theme, QMenu(frame)))
    column.addWidget(share)
    column.addWidget(scanning_state(theme), 1)
    column.addSpacing(-8)
    column.addWidget(StatusLine(theme))
    frame.setEnabled(False)
    return frame


def lay_out(widget: QWidget) -> QVBoxLayout:
    """Return the column that the window's parts stand in."""
    column = QVBoxLayout(widget)
    column.setContentsMargins(*MARGINS)
    column.setSpacing(GAP)
    return column


def scanning_state(theme: Theme) -> PlainState:
    """Return what stands in the list's place until the folder was looked through."""
    return PlainState(
        theme,
        "package-search",
        tr("Scanning…"),
        tr("Reading the packages in the managed folder. You can already drop more."),
    )
