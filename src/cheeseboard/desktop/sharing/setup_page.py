"""*Setup lines*: what colleagues paste, by what they want, each to copy; and the address as a QR code."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cheeseboard.clients.setup_lines import SetupLines
from cheeseboard.desktop.frame.side_page import SidePage
from cheeseboard.desktop.look.said_card import SaidCard
from cheeseboard.desktop.look.tabs import Tabs
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Card, ElidedLabel, IconButton, fixed_font, label
from cheeseboard.desktop.sharing.qr_dialog import QrCode
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.words import sharing_words
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.server.access.tokens import Reading
from cheeseboard.server.state import Serving
from cheeseboard.service import Service

QR_MODULE = 5


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be given to colleagues now: the lines for both kinds of computer."""

    unix: SetupLines
    windows: SetupLines
    private: bool


class SetupPage(SidePage):
    """Shows the lines for the address that is shown; it makes none itself."""

    def __init__(self, service: Service, jobs: Jobs, bar: NoticeBar, theme: Theme) -> None:
        super().__init__(
            tr("Setup lines for colleagues"),
            tr(
                "A colleague pastes one into a terminal. Send it by a chat or mail that you both trust: the "
                "fingerprint in it is what their computer goes by."
            ),
            theme,
        )
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._offered: Offered | None = None
        self.problem = SaidCard(theme)
        self.system = QComboBox()
        self.system.setAccessibleName(tr("Their system"))
        self.system.addItems([tr("Linux and macOS"), tr("Windows")])
        self.system.currentIndexChanged.connect(self._show_lines)
        self.tabs = Tabs(tr("What they want"), theme)
        self.join = LineCard(tr("Paste once; pip and uv look here from then on"), theme)
        self.undo = LineCard(tr("To take it back"), theme)
        self.uv_join = LineCard(tr("First, once: it sets uv up, too"), theme)
        self.uv_add = LineCard(tr("Then, in a project: take a package from here"), theme)
        self.fetch = LineCard(tr("First: write the certificates into this directory"), theme)
        self.install = LineCard(tr("Then: install, with nothing changed for later"), theme)
        self.install_note = _note()
        self.join_note = _note()
        self._code = QVBoxLayout()
        self.address = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._arrange()
        for card in self.cards():
            card.copied.connect(self._on_copied)

    def cards(self) -> tuple["LineCard", ...]:
        """Return the lines, tab after tab."""
        return (self.join, self.undo, self.uv_join, self.uv_add, self.fetch, self.install)

    def _arrange(self) -> None:
        uv_note = _note()
        uv_note.setText(
            tr("uv then asks this repository for that package only, and goes on working when it is off.")
        )
        self._pages = QStackedWidget()
        for words, widgets in (
            (tr("Set up once"), (self.join, self.join_note, self.undo)),
            (tr("uv"), (self.uv_join, self.uv_add, uv_note)),
            (tr("One install"), (self.fetch, self.install, self.install_note)),
        ):
            self.tabs.addTab(words)
            self._pages.addWidget(_column(widgets))
        self.tabs.addTab(tr("QR code"))
        self._pages.addWidget(self._code_page())
        self.tabs.currentChanged.connect(self._on_tab)
        self.acts.addWidget(self.system)
        self.body.addWidget(self.problem)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._pages, 1)

    def _code_page(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        about = _note()
        about.setText(
            tr("A camera leads to the page for people at this address: packages, and how to use them.")
        )
        column.addWidget(about)
        column.addLayout(self._code)
        column.addWidget(self.address, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return _scrolling(inner)

    def refresh(self) -> None:
        """Make the lines for the address that is shown now."""
        state = self._service.sharing.server_state
        shared = isinstance(state, Serving) and state.lan
        self.tabs.setVisible(shared)
        self._pages.setVisible(shared)
        self.system.setEnabled(shared)
        if not shared:
            words = tr("Colleagues can’t see this repository yet. Press Serve on LAN first.")
            self.problem.say(Tone.INFO, words)
            return
        self.problem.hide()

        def task(job: Job[Offered]) -> Offered:
            del job
            sharing = self._service.sharing
            private = self._service.access.reading is Reading.TOKEN
            return Offered(sharing.setup_lines(), sharing.setup_lines(windows=True), private)

        self._jobs.run(task, self._on_offered, self._on_failed)

    def _on_offered(self, offered: Offered) -> None:
        self._offered = offered
        self._show_lines()
        state = self._service.sharing.server_state
        if isinstance(state, Serving) and state.urls[0] != self.address.text():
            self.address.setText(state.urls[0])
            while (old := self._code.takeAt(0)) is not None:
                if (widget := old.widget()) is not None:
                    widget.deleteLater()
            self._code.addWidget(QrCode(state.urls[0], QR_MODULE), 0, Qt.AlignmentFlag.AlignHCenter)

    def _on_failed(self, error: Exception) -> None:
        self._pages.hide()
        self.problem.say(Tone.ERROR, failure(error))

    def _show_lines(self) -> None:
        offered = self._offered
        if offered is None:
            return
        lines = offered.windows if self.system.currentIndex() else offered.unix
        self.join.show_line(lines.join, fingerprint=True)
        self.undo.show_line(lines.undo, fingerprint=True)
        self.uv_join.show_line(lines.join, fingerprint=True)
        self.uv_add.show_line(lines.uv_add)
        self.fetch.show_line(lines.fetch, fingerprint=True)
        self.install.show_line(lines.install)
        self.join_note.setText(sharing_words.join_means(private=offered.private))
        self.install_note.setText(sharing_words.one_install_means(private=offered.private))

    def _on_tab(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self.system.setEnabled(index < self.tabs.count() - 1)

    def _on_copied(self, fingerprint: bool) -> None:
        words = sharing_words.setup_line_copied() if fingerprint else tr("Line copied.")
        self._bar.show_notice(Notice(Tone.OK, words))


class LineCard(Card):
    """One line to paste: what it is for, the line, a button that copies it whole."""

    copied = Signal(bool)

    def __init__(self, purpose: str, theme: Theme) -> None:
        super().__init__(theme)
        self._fingerprint = False
        self.setAccessibleName(purpose)
        self.purpose = ElidedLabel(purpose, bold=True)
        self.line = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.line.setFont(fixed_font(self.font()))
        self.copy = IconButton(tr("Copy: {what}", what=purpose), "copy", theme)
        self.copy.clicked.connect(self._on_copy)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.purpose)
        words.addWidget(self.line)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(14, 10, 8, 10)
        whole.setSpacing(8)
        whole.addLayout(words, 1)
        whole.addWidget(self.copy)

    def show_line(self, line: str, *, fingerprint: bool = False) -> None:
        """Show a line; ``fingerprint`` tells whether it carries that of our certificate."""
        self._fingerprint = fingerprint
        self.line.setText(line)
        self.copy.show_as("copy", Tone.TEXT)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.line.text())
        self.copy.show_as("check", Tone.OK)
        self.copied.emit(self._fingerprint)


def _note() -> QLabel:
    made = label(muted=True)
    made.setWordWrap(True)
    return made


def _column(widgets: tuple[QWidget, ...]) -> QWidget:
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return _scrolling(inner)


def _scrolling(inner: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inner)
    scroll.viewport().setAutoFillBackground(False)
    inner.setAutoFillBackground(False)
    return scroll
