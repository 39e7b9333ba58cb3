"""*Who may publish and read*: the reading rule, and tokens made, shown once, listed and revoked."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cheeseboard.desktop.frame.side_page import SidePage, plain_list
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import (
    Button,
    Card,
    ElidedLabel,
    IconButton,
    Picture,
    fixed_font,
    label,
    plain_tip,
)
from cheeseboard.desktop.telling.ask_dialogs import ConfirmDialog
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.words import amounts, sharing_words
from cheeseboard.desktop.words.failure_words import own_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.server.access.tokens import LONGEST_NAME, Reading, Token, TokenScope
from cheeseboard.service import Service
from cheeseboard.service.access import NewToken

LINE_HEIGHT = 32
ID_ROLE = Qt.ItemDataRole.UserRole
LIFETIMES = (None, 30, 90, 365)
Known = tuple[tuple[Token, ...], Reading]


class AccessPage(SidePage):
    """Nothing of a secret stays here: what was made is shown until the page is left."""

    def __init__(
        self, service: Service, jobs: Jobs, bar: NoticeBar, theme: Theme, now: Callable[[], datetime]
    ) -> None:
        super().__init__(
            tr("Who may publish and read"),
            tr(
                "Publishing always needs a token. Give each person or machine one of its own: then you can "
                "take back one without the others."
            ),
            theme,
        )
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._now = now
        self.private = QCheckBox(tr("Reading needs a token, too"))
        self.private.clicked.connect(self._on_private)
        self.new = NewTokenForm(theme)
        self.new.asked.clicked.connect(self._on_make)
        self.new.name.returnPressed.connect(self._on_make)
        self.secret = SecretCard(theme)
        self.revoke = Button(tr("Revoke…"), "ban", theme)
        self.revoke.clicked.connect(self.ask_to_revoke)
        columns = tuple(map(tr, ("Name", "May", "Packages", "Expires", "Last used")))
        self.list = plain_list(tr("Tokens"), columns)
        samples = (
            sharing_words.token_scope(TokenScope.PUBLISH),
            "acme-core, acme-geo",
            "22 Nov 2026",
            "59 min ago",
        )
        for column, sample in enumerate(samples, 1):
            widest = max(map(self.fontMetrics().horizontalAdvance, (sample, columns[column])))
            self.list.setColumnWidth(column, widest + 24)
        self.list.itemSelectionChanged.connect(self._on_selection)
        self.acts.addWidget(self.revoke)
        self.body.addWidget(self.private)
        self.body.addWidget(self.new)
        self.body.addWidget(self.secret)
        self.body.addWidget(self.list, 1)
        self._on_selection()

    def refresh(self) -> None:
        """Read who may do what now."""

        def task(job: Job[Known]) -> Known:
            del job
            return self._service.access.tokens(), self._service.access.reading

        self._jobs.run(task, self._show, self._on_failed)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of a secret when its page is left; a window that is only minimized keeps it."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.secret.forget()

    def ask_to_revoke(self) -> ConfirmDialog:
        """Ask first: nothing brings a token back."""
        chosen = self._selected()
        names = ", ".join(name for _, name in chosen)
        dialog = ConfirmDialog(
            tr("Revoke {names}?", names=names),
            tr("Whoever uses it is turned away from now on. This can’t be undone; a new one can be made."),
            tr("Revoke"),
            self.theme,
            self,
        )
        dialog.accepted.connect(lambda: self._on_revoke(chosen))
        dialog.open()
        return dialog

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete revokes what is selected."""
        if event.key() == Qt.Key.Key_Delete and self.list.hasFocus() and self._selected():
            self.ask_to_revoke()
        else:
            super().keyPressEvent(event)

    def _selected(self) -> tuple[tuple[str, str], ...]:
        return tuple((str(item.data(0, ID_ROLE)), item.text(0)) for item in self.list.selectedItems())

    def _show(self, known: Known) -> None:
        tokens, reading = known
        self.private.setChecked(reading is Reading.TOKEN)
        self.list.clear()
        self.list.addTopLevelItems([self._item(token) for token in tokens])
        if not tokens:
            waiting = QTreeWidgetItem([tr("No token yet"), "", "", "", ""])
            waiting.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addTopLevelItem(waiting)
        self._on_selection()

    def _item(self, token: Token) -> QTreeWidgetItem:
        now = self._now()
        packages = ", ".join(token.projects) or tr("all")
        used = amounts.moment(token.last_used.astimezone(), now) if token.last_used else tr("never")
        expires = amounts.moment(token.expires.astimezone(), now) if token.expires else tr("never")
        if token.expired(now):
            expires = tr("expired")
        item = QTreeWidgetItem([token.name, sharing_words.token_scope(token.scope), packages, expires, used])
        item.setData(0, ID_ROLE, token.id)
        item.setToolTip(0, plain_tip(token.name))
        item.setToolTip(2, plain_tip(packages))
        item.setSizeHint(0, QSize(0, LINE_HEIGHT))
        return item

    def _on_selection(self) -> None:
        self.revoke.setEnabled(bool(self.list.selectedItems()))

    def _on_make(self) -> None:
        name, scope, projects, days = self.new.wishes()

        def task(job: Job[NewToken]) -> NewToken:
            del job
            return self._service.access.create(name, scope=scope, projects=projects, days=days)

        self._jobs.run(task, self._on_made, self._on_failed)

    def _on_made(self, made: NewToken) -> None:
        self.new.name.clear()
        self.secret.show_secret(made)
        self.refresh()

    def _on_revoke(self, chosen: tuple[tuple[str, str], ...]) -> None:
        def task(job: Job[None]) -> None:
            del job
            for token_id, _ in chosen:
                self._service.access.revoke(token_id)

        def done(result: None) -> None:
            del result
            names = ", ".join(name for _, name in chosen)
            self._bar.show_notice(Notice(Tone.OK, tr("Revoked {names}.", names=names)))
            self.refresh()

        self._jobs.run(task, done, self._on_failed)

    def _on_private(self, wanted: bool) -> None:
        def task(job: Job[None]) -> None:
            del job
            self._service.access.set_reading(Reading.TOKEN if wanted else Reading.ANYBODY)

        def done(result: None) -> None:
            del result
            self._bar.show_notice(Notice(Tone.INFO, sharing_words.reading_rule(private=wanted)))

        def failed(error: Exception) -> None:
            self.private.setChecked(not wanted)
            self._on_failed(error)

        self._jobs.run(task, done, failed)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, ValueError):
            self._bar.show_notice(Notice(Tone.ERROR, own_words(error)))
            self.new.name.setFocus()
            return
        self._bar.show_notice(failure_notice(error, try_again=self.refresh, open_folder=self.refresh))


class NewTokenForm(Card):
    """For whom a token is, what it is for, and how long."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.name = _line(tr("Name"), tr("Whom or what it is for"))
        self.name.setMaxLength(LONGEST_NAME)
        self.projects = _line(tr("Packages"), tr("All, or names with commas between"))
        self.scope = QComboBox()
        self.scope.setAccessibleName(tr("May"))
        for scope in TokenScope:
            self.scope.addItem(sharing_words.token_scope(scope), scope.value)
        self.lifetime = QComboBox()
        self.lifetime.setAccessibleName(tr("Expires"))
        for days in LIFETIMES:
            self.lifetime.addItem(sharing_words.lifetime(days), days)
        self.asked = Button(tr("Make a token"), "check", theme, primary=True)
        self.asked.setEnabled(False)
        self.name.textChanged.connect(lambda text: self.asked.setEnabled(bool(text.strip())))
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for column, (name, field) in enumerate(
            (
                (tr("Name"), self.name),
                (tr("May"), self.scope),
                (tr("Packages"), self.projects),
                (tr("Expires"), self.lifetime),
            )
        ):
            grid.addWidget(label(name, muted=True), 0, column)
            grid.addWidget(field, 1, column)
        grid.addWidget(self.asked, 1, 4)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(2, 4)
        self._grid = grid
        self._beside = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the button below the fields where it has no room beside them."""
        super().resizeEvent(event)
        fields = (self.name, self.scope, self.projects, self.lifetime)
        wanted = sum(field.minimumSizeHint().width() for field in (*fields, self.asked))
        beside = wanted + 4 * self._grid.horizontalSpacing() + 32 <= self.width()
        if beside is self._beside:
            return
        self._beside = beside
        self._grid.removeWidget(self.asked)
        if beside:
            self._grid.addWidget(self.asked, 1, 4)
        else:
            self._grid.addWidget(self.asked, 2, 0, 1, 4, Qt.AlignmentFlag.AlignRight)

    def wishes(self) -> tuple[str, TokenScope, tuple[str, ...], int | None]:
        """Return the name, the scope, the projects and the days that were asked for."""
        projects = tuple(part.strip() for part in self.projects.text().split(",") if part.strip())
        return self.name.text(), TokenScope(self.scope.currentData()), projects, self.lifetime.currentData()


class SecretCard(Card):
    """A secret that is nowhere else: to be copied now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Tone.OK)
        self._secret = ""
        self.heading = label(bold=True)
        self.heading.setWordWrap(True)
        self.text = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.text.setFont(fixed_font(self.font()))
        self.copy = IconButton(tr("Copy token"), "copy", theme)
        self.copy.clicked.connect(self._on_copy)
        self.about = label(
            tr("It is shown only now. Tools give it as the password, with __token__ as the user name."),
            muted=True,
        )
        self.about.setWordWrap(True)
        shown = QWidget()
        line = QHBoxLayout(shown)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Picture("check", theme, tone=Tone.OK, size=18))
        line.addWidget(self.text, 1)
        line.addWidget(self.copy)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 10, 8, 10)
        whole.setSpacing(4)
        whole.addWidget(self.heading)
        whole.addWidget(shown)
        whole.addWidget(self.about)
        self.hide()

    def show_secret(self, made: NewToken) -> None:
        """Show it, ready to be copied."""
        self._secret = made.secret
        self.heading.setText(tr("The token for {name}", name=made.token.name))
        self.text.setText(made.secret)
        self.copy.rename(tr("Copy token"))
        self.copy.show_as("copy", Tone.TEXT)
        self.show()
        self.copy.setFocus()

    def forget(self) -> None:
        """Hide it and let go of it."""
        self._secret = ""
        self.text.setText("")
        self.hide()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._secret)
        self.copy.rename(tr("Token copied"))
        self.copy.show_as("check", Tone.OK)


def _line(name: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    field.setMinimumHeight(34)
    field.setTextMargins(8, 0, 8, 0)
    return field
