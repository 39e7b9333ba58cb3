"""Drops over the whole window: the overlay while files hang above it, then the files themselves, copied."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from cheeseboard.desktop.intake.drop_overlay import DropOverlay, Judgement


class Drops(QObject):
    """Watches a window's drag events; works in every state of the window."""

    dropped = Signal(tuple)
    web_dropped = Signal(QUrl)

    def __init__(
        self,
        window: QWidget,
        overlay: DropOverlay,
        judge: Callable[[Sequence[Path]], tuple[Judgement, ...]],
    ) -> None:
        super().__init__(window)
        self._overlay = overlay
        self._judge = judge
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the window's drag events; everything else goes on."""
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                self._on_enter(event)
            case QEvent.Type.DragMove if isinstance(event, QDragMoveEvent):
                self._accept(event)
            case QEvent.Type.DragLeave:
                self._overlay.hide()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                self._on_drop(event)
            case _:
                return super().eventFilter(watched, event)
        return True

    def _on_enter(self, event: QDragEnterEvent) -> None:
        if event.source() is not None:  # files on their way out of this window are here already
            event.ignore()
            return
        paths = local_paths(event.mimeData())
        if not paths:
            if web_address(event.mimeData()) is not None:
                self._accept(event)
            else:
                event.ignore()
            return
        self._overlay.judge(self._judge(paths))
        self._accept(event)

    def _on_drop(self, event: QDropEvent) -> None:
        self._overlay.hide()
        self._accept(event)
        paths, address = local_paths(event.mimeData()), web_address(event.mimeData())
        if not paths and address is not None:
            self.web_dropped.emit(address)
            return
        self.dropped.emit(paths)

    def _accept(self, event: QDropEvent) -> None:
        """Accept so that the source keeps its originals.

        Where nothing but Move is offered, Qt would turn the answer Copy into Move and the source would
        delete its file; told Ignore it leaves it alone, and we have copied it all the same.
        """
        copy = Qt.DropAction.CopyAction
        offered = event.possibleActions() & copy
        event.setDropAction(copy if offered else Qt.DropAction.IgnoreAction)
        event.accept()


def web_address(data: QMimeData | None) -> QUrl | None:
    """Return the first web address of a drag; it is never fetched without being asked for."""
    if data is None or not data.hasUrls():
        return None
    return next((url for url in data.urls() if url.scheme() in {"http", "https"}), None)


def local_paths(data: QMimeData | None) -> tuple[Path, ...]:
    """Return the local files and folders among the URLs of a drag or the clipboard."""
    if data is None or not data.hasUrls():
        return ()
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
