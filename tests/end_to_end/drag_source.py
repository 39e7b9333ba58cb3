"""A small window of another program: press on it and drag, and files follow the pointer.

Usage: drag_source.py X Y FILE... Prints "ready" once it is shown, and how each drag ended.
"""

import sys

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    """Offers the files for copying or moving, as file managers do."""

    def __init__(self, files: list[str]) -> None:
        super().__init__("drag from here")
        self._files = files

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        del event
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(file) for file in self._files])
        drag = QDrag(self)
        drag.setMimeData(data)
        offered = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        print("ended", drag.exec(offered, Qt.DropAction.MoveAction).name, flush=True)  # noqa: T201


def main() -> int:
    application = QApplication(sys.argv[:1])
    source = Source(sys.argv[3:])
    source.setWindowTitle("drag-source")
    source.setFixedSize(160, 120)
    source.move(QPoint(int(sys.argv[1]), int(sys.argv[2])))
    source.show()
    print("ready", flush=True)  # noqa: T201
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
