"""The one place that says what is served where, and the buttons that change it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import (
    Button,
    Card,
    ElidedLabel,
    IconButton,
    Picture,
    Pill,
    label,
    plain_tip,
)
from cheeseboard.desktop.words import first_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.server.state import Failed, ServerState, Serving, Starting, Stopped, Stopping

COPIED_MS = 1600
SIDES = 34
GAP = 8


class ShareCard(Card):
    """Renders the server's state; it holds none but what it shows."""

    serve_asked = Signal()
    stop_asked = Signal()
    port_asked = Signal(int)
    index_asked = Signal()
    setup_asked = Signal()
    qr_asked = Signal(str)
    addresses_asked = Signal(QPoint)
    more_asked = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._state: ServerState = Stopped()
        self._sheet_open = False
        self.setAccessibleName(tr("Sharing"))
        self._picture = Picture("radio", theme, tone=Tone.MUTED, size=28)
        self.title = ElidedLabel(bold=True)
        self.who = label(muted=True)
        self.detail = ElidedLabel(muted=True, mode=Qt.TextElideMode.ElideMiddle)
        self.other = IconButton(tr("Show another address"), "chevron-down", theme, side=26)
        self.copy = IconButton(tr("Copy address"), "copy", theme)
        self.qr = IconButton(tr("Show address as QR code"), "qr-code", theme)
        self.pill = Pill(theme, Tone.OK)
        self._colleagues: set[str] = set()
        self._downloads = 0
        self.index = Button(tr("Set as extra index"), "link", theme)
        self.setup = Button(tr("Copy setup line"), "terminal", theme)
        self.serve = Button(tr("Serve on LAN"), "radio", theme)
        self.stop = Button(tr("Stop"), "square", theme)
        self.more = IconButton(tr("More about sharing"), "ellipsis-vertical", theme)
        self.other_port = Button("", "arrow-right", theme, primary=True)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(COPIED_MS)
        self._pressed = False
        self._connect()
        self._arrange()
        self.show_state(Stopped())

    def _connect(self) -> None:
        self.serve.clicked.connect(self.serve_asked)
        self.stop.clicked.connect(self.stop_asked)
        self.index.clicked.connect(self.index_asked)
        self.setup.clicked.connect(self.setup_asked)
        self.qr.clicked.connect(lambda: self.qr_asked.emit(self.address))
        self.other_port.clicked.connect(self._on_other_port)
        self.other.clicked.connect(self._on_other)
        self.more.clicked.connect(self._on_more)
        self.copy.clicked.connect(self._on_copy)
        self._copied.timeout.connect(lambda: self._show_copied(copied=False))

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.title)
        heading.addWidget(self.who)
        heading.addStretch(1)
        words.addLayout(heading)
        address = QHBoxLayout()
        address.setSpacing(2)
        address.addWidget(self.detail)
        address.addWidget(self.other, 0, Qt.AlignmentFlag.AlignVCenter)
        address.addStretch(1)
        words.addLayout(address)
        words.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 11, 12, 11)
        line.setSpacing(8)
        line.addWidget(self._picture)
        line.addSpacing(6)
        line.addLayout(words)
        line.addWidget(self.copy)
        line.addWidget(self.qr)
        line.addWidget(self.pill)
        line.addStretch(1)
        line.addWidget(self.index)
        line.addWidget(self.setup)
        line.addWidget(self.other_port)
        line.addWidget(self.serve)
        line.addWidget(self.stop)
        line.addWidget(self.more)
        self.setFixedHeight(62)

    @property
    def state(self) -> ServerState:
        """What it shows."""
        return self._state

    @property
    def address(self) -> str:
        """The address that it shows and copies; empty without one."""
        return self._state.urls[0] if isinstance(self._state, Serving) and self._state.lan else ""

    def show_state(self, state: ServerState) -> None:
        """Render this state; who pressed a button here goes on from what came of it."""
        window = self.window()
        self._pressed |= window.focusWidget() in (self.serve, self.stop, self.other_port)
        self._state = state
        if isinstance(state, Starting | Stopped) and self._colleagues:
            self._colleagues.clear()
            self._downloads = 0
        shared = bool(self.address)
        busy = isinstance(state, Starting | Stopping)
        failed = isinstance(state, Failed)
        tone = Tone.OK if shared else Tone.ERROR if failed else Tone.MUTED
        self._picture.show_as("triangle-alert" if failed else "radio", tone)
        self.show_as(Tone.ERROR if failed else None)
        self.title.setText(first_words.share_title(state))
        self.detail.setText(first_words.share_detail(state))
        role = QPalette.ColorRole.Link if shared else QPalette.ColorRole.PlaceholderText
        self.detail.setForegroundRole(QPalette.ColorRole.WindowText if failed else role)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        for given_away in (self.copy, self.qr, self.setup):
            given_away.setVisible(shared)
        self.other.setVisible(shared and isinstance(state, Serving) and len(state.urls) > 1)
        self.serve.setVisible(not shared and not busy)
        self.serve.show_as(tr("Try again") if failed else tr("Serve on LAN"), "radio")
        self.stop.setVisible(shared)
        free_port = state.free_port if isinstance(state, Failed) else None
        self.other_port.setVisible(free_port is not None)
        self.other_port.show_as(tr("Use {port} instead", port=free_port), "")
        self.detail.updateGeometry()
        self._fit()
        if self._pressed and not busy:
            self._pressed = False
            if window.focusWidget() in (None, self.serve, self.stop, self.other_port, self.more):
                (self.setup if shared else self.other_port if free_port else self.serve).setFocus()

    def note_downloads(self, addresses: Sequence[str]) -> None:
        """Count who comes for packages while the network is served."""
        from_elsewhere = [one for one in addresses if not first_words.is_here(one)]
        if self.address and from_elsewhere:
            self._colleagues.update(from_elsewhere)
            self._downloads += len(from_elsewhere)
            self._fit()

    def show_sheet_open(self, *, opened: bool) -> None:
        """Offer the sheet only while it is closed."""
        self._sheet_open = opened
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop what does not fit before anything is clipped."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show as much as there is room for: the setup line in words, then the sheet, then who downloads."""
        wants_index = isinstance(self._state, Serving) and not self._sheet_open
        self.who.hide()
        self.index.setVisible(wants_index)
        if not self.address:
            self.pill.hide()
            return
        shown = tr("Copy setup line")
        self._say(self.setup, "")
        fixed = [self._picture, self.copy, self.qr, self.setup, self.stop, self.more]
        chooser = 0 if self.other.isHidden() else self.other.width() + 2
        words = max(self.title.sizeHint().width(), self.detail.sizeHint().width() + chooser)
        used = words + sum(max(part.sizeHint().width(), part.minimumWidth()) + GAP for part in fixed)
        room = self.width() - SIDES + GAP - used
        more = self.fontMetrics().horizontalAdvance(shown)
        if room >= more:
            self._say(self.setup, shown)
            room -= more
        index = self.index.sizeHint().width() + GAP
        self.index.setVisible(wants_index and room >= index)
        room -= index * self.index.isVisibleTo(self)
        self._say_who(room, words)

    def _say_who(self, room: int, words: int) -> None:
        """Say who downloads: whole, else short, else behind the title.

        Args:
            room: What is left of the line.
            words: How wide title and address are.
        """
        full, short = first_words.colleagues(len(self._colleagues), self._downloads)
        self.pill.setToolTip(plain_tip(full))
        for text in (full, short):
            if room >= self._pill_width(text):
                self.pill.setText(text)
                self.pill.show()
                return
        self.pill.hide()
        behind = self.title.sizeHint().width() + self.fontMetrics().horizontalAdvance(f"  {short}")
        self.who.setText(short)
        self.who.setVisible(behind + GAP <= words + room)

    def _pill_width(self, words: str) -> int:
        margins = self.pill.contentsMargins()
        return self.pill.fontMetrics().horizontalAdvance(words) + margins.left() + margins.right() + GAP + 2

    def _say(self, button: Button, words: str) -> None:
        button.setText(words)
        button.setToolTip(plain_tip("" if words else button.accessibleName()))

    def _on_other_port(self) -> None:
        if isinstance(self._state, Failed) and self._state.free_port is not None:
            self.port_asked.emit(self._state.free_port)

    def _on_other(self) -> None:
        self.addresses_asked.emit(self.detail.mapToGlobal(self.detail.rect().bottomLeft() + QPoint(-4, 6)))

    def _on_more(self) -> None:
        self.more_asked.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def choose_address(self) -> None:
        """Offer the other addresses, as the arrow beside the one that is shown does."""
        self._on_other()

    def copy_address(self) -> None:
        """Copy the address that is shown."""
        self._on_copy()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.address)
        self._show_copied(copied=True)
        self._copied.start()

    def _show_copied(self, *, copied: bool) -> None:
        self.copy.show_as("check" if copied else "copy", Tone.OK if copied else Tone.TEXT)
        self.copy.rename(tr("Address copied") if copied else tr("Copy address"))
