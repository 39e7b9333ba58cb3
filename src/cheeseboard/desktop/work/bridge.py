"""The only crossing from the core's threads to Qt's: events become queued signals."""

from collections import deque
from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from cheeseboard import events
from cheeseboard.events import Event, EventBus

COALESCE_MS = 100
# A loaded server tells of thousands of downloads a second; nobody reads faster than this.
DOWNLOADS_MS = 100

PlainEvent = (
    events.ForeignFilesChanged
    | events.FirstScanFinished
    | events.FolderStateChanged
    | events.ServerStateChanged
    | events.ClientsChanged
    | events.NeighboursChanged
)


class Bridge(QObject):
    """Re-emits the core's events on Qt's thread; slots then read the current state from the service.

    Events say that something changed, not what is so now. Of each kind, therefore, one at most is under
    way between the threads, however many are published: Qt's queue stays short while a thousand files are
    dropped. Snapshots come in bursts, so the last of a burst is announced once. Downloads are facts of
    their own and all arrive, many at a time.
    """

    snapshot_changed = Signal()
    scanned = Signal()
    folder_changed = Signal()
    foreign_files_changed = Signal()
    server_changed = Signal()
    clients_changed = Signal()
    neighbours_changed = Signal()
    access_changed = Signal()
    switched = Signal()
    downloaded = Signal(tuple)
    asked_for = Signal(tuple)

    _arrived = Signal(object)

    def __init__(self, bus: EventBus) -> None:
        super().__init__()
        self._bus = bus
        self._unsubscribe: Callable[[], None] | None = None
        self._burst = QTimer(self)
        self._burst.setSingleShot(True)
        self._burst.setInterval(COALESCE_MS)
        self._burst.timeout.connect(self.snapshot_changed)
        self._under_way: set[type[Event]] = set()
        self._downloads: deque[events.FileDownloaded] = deque()
        self._requests: deque[events.RequestsAnswered] = deque()
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(DOWNLOADS_MS)
        self._reading.timeout.connect(self._on_reading)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Subscribe, then announce everything once, so that nothing falls between the two."""
        if self._unsubscribe is None:
            self._unsubscribe = self._bus.subscribe(self._on_published)
        self._announce_all()

    def _announce_all(self) -> None:
        self.snapshot_changed.emit()
        self.folder_changed.emit()
        self.foreign_files_changed.emit()
        self.server_changed.emit()
        self.clients_changed.emit()

    def close(self) -> None:
        """End the subscription; idempotent."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._burst.stop()
        self._reading.stop()

    def _on_published(self, event: Event) -> None:
        """Send an event over, unless one of its kind is under way; called on any thread."""
        if isinstance(event, events.FileAdded | events.FileRemoved):
            return  # the snapshot that comes with them says it all
        if isinstance(event, events.FileDownloaded):
            self._downloads.append(event)
        if isinstance(event, events.RequestsAnswered):
            self._requests.append(event)
        # Two threads may both find none and send two: that costs nothing but the second.
        if type(event) not in self._under_way:
            self._under_way.add(type(event))
            self._arrived.emit(event)

    def _on_arrived(self, event: Event) -> None:
        # Before anybody looks at the state: what is published from now on may have come too late for that.
        self._under_way.discard(type(event))
        match event:
            case events.SnapshotChanged():
                if not self._burst.isActive():
                    self._burst.start()
            case events.FileAdded() | events.FileRemoved():
                pass  # never sent over
            case events.RepositorySwitched():
                self.switched.emit()
                self._announce_all()
            case events.FileDownloaded():
                if not self._reading.isActive():
                    self._reading.start()
            case events.RequestsAnswered():
                self._on_requests()
            case events.AccessChanged():
                self.access_changed.emit()
            case _:
                self._signal_of(event).emit()

    def _on_reading(self) -> None:
        arrived = tuple(self._downloads.popleft() for _ in range(len(self._downloads)))
        if arrived:
            self.downloaded.emit(arrived)

    def _on_requests(self) -> None:
        arrived = [self._requests.popleft() for _ in range(len(self._requests))]
        if arrived:
            self.asked_for.emit(tuple(kind for event in arrived for kind in event.kinds))

    def _signal_of(self, event: PlainEvent) -> SignalInstance:
        match event:
            case events.ForeignFilesChanged():
                return self.foreign_files_changed
            case events.FirstScanFinished():
                return self.scanned
            case events.FolderStateChanged():
                return self.folder_changed
            case events.ServerStateChanged():
                return self.server_changed
            case events.ClientsChanged():
                return self.clients_changed
            case events.NeighboursChanged():
                return self.neighbours_changed
            case _:
                assert_never(event)
