"""The only crossing from the core's threads to Qt's: events become queued signals."""

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from cheeseboard import events
from cheeseboard.events import Event, EventBus

COALESCE_MS = 40

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

    Snapshots come in bursts (a drop of a thousand files), so the last of a burst is announced once.
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
    downloaded = Signal(events.FileDownloaded)

    _arrived = Signal(object)

    def __init__(self, bus: EventBus) -> None:
        super().__init__()
        self._bus = bus
        self._unsubscribe: Callable[[], None] | None = None
        self._burst = QTimer(self)
        self._burst.setSingleShot(True)
        self._burst.setInterval(COALESCE_MS)
        self._burst.timeout.connect(self.snapshot_changed)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def open(self) -> None:
        """Subscribe, then announce everything once, so that nothing falls between the two."""
        if self._unsubscribe is None:
            self._unsubscribe = self._bus.subscribe(self._arrived.emit)
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

    def _on_arrived(self, event: Event) -> None:
        match event:
            case events.SnapshotChanged():
                if not self._burst.isActive():
                    self._burst.start()
            case events.FileAdded() | events.FileRemoved():
                pass  # the snapshot that comes with them says it all
            case events.RepositorySwitched():
                self.switched.emit()
                self._announce_all()
            case events.FileDownloaded():
                self.downloaded.emit(event)
            case events.AccessChanged():
                self.access_changed.emit()
            case _:
                self._signal_of(event).emit()

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
