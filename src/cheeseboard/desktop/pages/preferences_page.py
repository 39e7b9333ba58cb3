"""Preferences: what can be set, each change in force at once and remembered."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cheeseboard.desktop.frame.side_page import SidePage, scrolling
from cheeseboard.desktop.look.number_field import HEIGHT, number_field
from cheeseboard.desktop.look.theme import Scheme, Theme, Tone
from cheeseboard.desktop.look.widgets import Button, Card, ElidedLabel, WrappedLabel, label
from cheeseboard.desktop.telling.failures import failure_notice
from cheeseboard.desktop.telling.notice_bar import Notice, NoticeBar
from cheeseboard.desktop.words import frame_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.service import Service

PYTHON_WIDTH = 180
MOST_MEGABYTES = 10_000_000


class PreferencesPage(SidePage):
    """A card of fields; a value that cannot be is refused in words beside it."""

    theme_chosen = Signal(Scheme)
    changed = Signal(dict)
    port_chosen = Signal(int)
    repositories_asked = Signal()

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        bar: NoticeBar,
        theme: Theme,
        open_path: Callable[[Path], None],
    ) -> None:
        super().__init__(tr("Preferences"), tr("Changes are kept at once."), theme)
        self._service = service
        self._jobs = jobs
        self._bar = bar
        self._asked_python: str | None = None
        self.scheme = QComboBox()
        self.scheme.setAccessibleName(tr("Appearance"))
        for scheme in Scheme:
            self.scheme.addItem(frame_words.scheme(scheme), scheme.value)
        self.port = number_field(tr("Port"), 1, 65535)
        self.trash_days = number_field(tr("Days in the Trash"), 30, 3650)
        self.trash_megabytes = number_field(tr("Size of the Trash, MB"), 0, MOST_MEGABYTES)
        self.upload_megabytes = number_field(tr("Largest upload, MB"), 1, MOST_MEGABYTES)
        self.python = QLineEdit()
        self.python.setAccessibleName(tr("Python for builds"))
        self.python.setPlaceholderText(tr("The usual one"))
        self.python.setMinimumSize(PYTHON_WIDTH, HEIGHT)
        self.python.setTextMargins(8, 0, 8, 0)
        self.pause = QCheckBox(tr("Take installers’ entries out while nobody serves"))
        self.announce = QCheckBox(tr("Announce this repository on the network"))
        self.pause.clicked.connect(lambda on: self.changed.emit({"pause_while_not_serving": on}))
        self.announce.clicked.connect(lambda on: self.changed.emit({"announce": on}))
        self.autostart = QCheckBox(tr("Start Cheeseboard when I log in"))
        self.autostart.clicked.connect(self._on_autostart)
        self.folder = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.open = Button(tr("Open folder"), "folder-open", theme)
        self.other = Button(tr("Use another folder…"), "folder-plus", theme)
        self.open.clicked.connect(lambda: open_path(service.folder))
        self.other.clicked.connect(self.repositories_asked)
        self.scheme.activated.connect(
            lambda _index: self.theme_chosen.emit(Scheme(self.scheme.currentData()))
        )
        self.port.editingFinished.connect(self._on_port)
        for name, field in self._numbers().items():
            field.editingFinished.connect(partial(self._on_number, name, field))
        self.python.editingFinished.connect(self._on_python)
        self._arrange()

    def _arrange(self) -> None:
        card = Card(self.theme)
        grid = QGridLayout(card)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(2, 1)
        port_hint = tr("A change takes effect at once; setup lines sent before stop working.")
        rows = (
            (tr("Appearance"), self.scheme, ""),
            (tr("Port"), self.port, port_hint),
            (tr("Days in the Trash"), self.trash_days, tr("At least; it is 30 or more.")),
            (
                tr("Size of the Trash, MB"),
                self.trash_megabytes,
                tr("What is older may take this much; 0 keeps all of it."),
            ),
            (
                tr("Largest upload, MB"),
                self.upload_megabytes,
                tr("A file published with a token may be as large as this."),
            ),
            (
                tr("Python for builds"),
                self.python,
                tr("A program’s name or path; Python 3.11 or newer."),
            ),
        )
        for row, (name, field, hint) in enumerate(rows):
            grid.addWidget(label(name), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(WrappedLabel(hint, muted=True), row, 2)
            field.setAccessibleDescription(hint)
        grid.addWidget(self.pause, len(rows), 1, 1, 2)
        grid.addWidget(self.announce, len(rows) + 1, 1, 1, 2)
        grid.addWidget(self.autostart, len(rows) + 2, 1, 1, 2)
        last = len(rows) + 3
        grid.addWidget(label(tr("Managed folder")), last, 0)
        grid.addWidget(self.folder, last, 1, 1, 2)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.open)
        acts.addWidget(self.other)
        acts.addStretch(1)
        grid.addLayout(acts, last + 1, 1, 1, 2)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)
        self.body.addWidget(scrolling(inner))

    def refresh(self) -> None:
        """Show what is set now."""
        settings = self._service.settings
        self.scheme.setCurrentIndex(max(0, self.scheme.findData(self.theme.scheme.value)))
        self.port.setText(str(self._service.sharing.port))
        self.pause.setChecked(settings.pause_while_not_serving)
        self.announce.setChecked(settings.announce)
        for name, field in self._numbers().items():
            field.setText(str(getattr(settings, name)))
        self.python.setText(settings.build_python)
        self.folder.setText(str(self._service.folder))
        self._read_autostart()

    def _read_autostart(self) -> None:
        def task(job: Job[bool]) -> bool:
            del job
            return self._service.autostart.enabled

        self._jobs.run(task, self.autostart.setChecked, lambda _error: self.autostart.setChecked(False))

    def _on_autostart(self, wanted: bool) -> None:
        def task(job: Job[None]) -> None:
            del job
            (self._service.autostart.enable if wanted else self._service.autostart.disable)()

        self._jobs.run(task, lambda _result: None, self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        """Say why it is as it was, and show that."""
        self.autostart.setChecked(not self.autostart.isChecked())
        self._bar.show_notice(failure_notice(error, try_again=None, open_folder=self.open.click))

    def _on_port(self) -> None:
        wanted = int(self.port.text())
        if wanted != self._service.sharing.port:
            self.port_chosen.emit(wanted)

    def _numbers(self) -> dict[str, QLineEdit]:
        """Return the fields by the names of their settings."""
        return {
            "trash_days": self.trash_days,
            "trash_megabytes": self.trash_megabytes,
            "upload_megabytes": self.upload_megabytes,
        }

    def _on_number(self, name: str, field: QLineEdit) -> None:
        wanted = int(field.text())
        if wanted != getattr(self._service.settings, name):
            self.changed.emit({name: wanted})

    def _on_python(self) -> None:
        """Take a Python that can build; the one before stays in force until that is known."""
        wanted, before = self.python.text().strip(), self._service.settings.build_python
        if wanted in {before, self._asked_python}:
            return
        self._asked_python = wanted

        def task(job: Job[bool]) -> bool:
            del job
            return not wanted or self._service.builds.can_use(wanted)

        def done(usable: bool) -> None:
            self._asked_python = None
            if usable:
                self.changed.emit({"build_python": wanted})
                return
            self.python.setText(before)
            words = tr(
                "{python} can’t build: it is missing here, or older than Python 3.11. Nothing was changed.",
                python=wanted,
            )
            self._bar.show_notice(Notice(Tone.ERROR, words))

        self._jobs.run(task, done, self._on_python_failed)

    def _on_python_failed(self, error: Exception) -> None:
        self._asked_python = None
        self._bar.show_notice(failure_notice(error, try_again=None, open_folder=self.open.click))
