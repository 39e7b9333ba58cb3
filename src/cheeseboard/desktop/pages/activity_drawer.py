"""The drawer under the list: who downloads what at this moment, and what happened to which file."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import Card, IconButton, label, plain_tip
from cheeseboard.desktop.words import activity_words, amounts
from cheeseboard.desktop.words.translate import tr
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.events import Answered, AskedFor, FileDownloaded
from cheeseboard.repository.records import Activity
from cheeseboard.service import Service

logger = logging.getLogger(__name__)

MOST = 200
# How often the lines are written anew while a loaded server tells of download after download.
SHOW_MS = 250
HEIGHT = 176
LEAST_HEIGHT = 100
LINE_HEIGHT = 28
ICONS = {
    "added": ("package-plus", Tone.OK),
    "removed": ("trash-2", Tone.MUTED),
    "gone": ("trash-2", Tone.WARN),
    "changed": ("triangle-alert", Tone.WARN),
    "restored": ("archive-restore", Tone.OK),
    "yanked": ("ban", Tone.ERROR),
    "unyanked": ("rotate-ccw", Tone.OK),
    "download": ("download", Tone.INFO),
    Answered.HERE: ("circle-check", Tone.OK),
    Answered.NOT_HERE: ("search", Tone.MUTED),
    Answered.TURNED_AWAY: ("ban", Tone.ERROR),
    Answered.UPLOAD_REFUSED: ("ban", Tone.ERROR),
}


class ActivityDrawer(Card):
    """Closed at first; it remembers downloads while it is closed, and asks for requests only while open."""

    closed = Signal()

    def __init__(self, service: Service, jobs: Jobs, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__(theme)
        self._service = service
        self._jobs = jobs
        self._theme = theme
        self._now = now
        self._acts: tuple[Activity, ...] = ()
        self._downloads: deque[Activity] = deque(maxlen=MOST)
        # Whoever asks again for the same raises its line and the number in it.
        self._asked: dict[AskedFor, tuple[int, int]] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SHOW_MS)
        self._soon.timeout.connect(self._show)
        self.setAccessibleName(tr("Activity"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("What happened, the latest first"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.close_button = IconButton(tr("Close activity"), "x", theme, tone=Tone.MUTED, side=30)
        self.close_button.clicked.connect(self.closed)
        top = QHBoxLayout()
        top.addWidget(label(tr("Activity"), bold=True), 1)
        top.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 4, 6, 8)
        whole.setSpacing(2)
        whole.addLayout(top)
        whole.addWidget(self.list, 1)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(HEIGHT)
        self.hide()

    def refresh(self) -> None:
        """Read what happened, if anybody looks."""
        if self.isHidden():
            return

        def task(job: Job[tuple[Activity, ...]]) -> tuple[Activity, ...]:
            del job
            return self._service.activity(MOST)

        self._jobs.run(task, self._on_read, lambda error: logger.warning("No activity", exc_info=error))

    def note_downloads(self, arrived: Sequence[FileDownloaded]) -> None:
        """Put downloads on top, the latest first."""
        now_us = int(self._now().timestamp() * 1_000_000)
        for event in arrived[-MOST:]:
            who = activity_words.downloader(event.installer, event.address)
            self._downloads.appendleft(activity_words.download_activity(now_us, event.filename, who))
        self._show_soon()

    def note_requests(self, kinds: Sequence[AskedFor]) -> None:
        """Say who asked for what, and whether it was here; what is alike is one line with its number."""
        now_us = int(self._now().timestamp() * 1_000_000)
        for kind in kinds:
            alike = replace(kind, count=0)
            _, before = self._asked.pop(alike, (0, 0))
            self._asked[alike] = (now_us, before + kind.count)
        while len(self._asked) > MOST:
            del self._asked[next(iter(self._asked))]
        self._show_soon()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch requests while somebody sees them."""
        super().showEvent(event)
        self._service.sharing.watch_requests(wanted=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the server work in peace."""
        super().hideEvent(event)
        self._service.sharing.watch_requests(wanted=False)

    def _show_soon(self) -> None:
        if not self.isHidden() and not self._soon.isActive():
            self._soon.start()

    def forget(self) -> None:
        """Another repository is open."""
        self._acts = ()
        self._downloads.clear()
        self._asked.clear()
        self._show()

    def sentences(self) -> tuple[str, ...]:
        """Return its lines, from the top."""
        return tuple(self.list.item(at).text() for at in range(self.list.count()))

    def _on_read(self, acts: tuple[Activity, ...]) -> None:
        self._acts = acts
        self._show()

    def _show(self) -> None:
        asked = (
            activity_words.request_activity(at_us, kind, count)
            for kind, (at_us, count) in self._asked.items()
        )
        all_of_it = (*self._downloads, *asked, *self._acts)
        newest = sorted(all_of_it, key=lambda act: act.at_us, reverse=True)[:MOST]
        self.list.clear()
        icons = {act: self._theme.icon(icon, tone) for act, (icon, tone) in ICONS.items()}
        other = self._theme.icon("info", Tone.MUTED)
        for act in newest:
            when = datetime.fromtimestamp(act.at_us / 1_000_000).astimezone()
            words = f"{amounts.moment(when, self._now())}  ·  {activity_words.activity(act)}"
            item = QListWidgetItem(icons.get(act.act, other), words)
            item.setSizeHint(QSize(0, LINE_HEIGHT))
            item.setToolTip(plain_tip(words))
            self.list.addItem(item)
        if not newest:
            self.list.addItem(QListWidgetItem(tr("Nothing has happened yet.")))
