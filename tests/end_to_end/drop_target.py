"""A window of another program, as a file manager is one: it copies what is dropped on it into a directory."""

import shutil
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


class Target(QWidget):
    """Takes copies, and says which action it was offered."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory
        self.setAcceptDrops(True)
        self.setWindowTitle("drop-target")
        self.resize(220, 300)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        offered = "move" if event.possibleActions() & Qt.DropAction.MoveAction else "copy"
        for url in event.mimeData().urls():
            shutil.copy(url.toLocalFile(), self._directory)
        event.acceptProposedAction()
        say(f"{offered} {len(event.mimeData().urls())}")


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Run until ended: X Y DIRECTORY."""
    application = QApplication(sys.argv[:1])
    target = Target(Path(sys.argv[3]))
    target.move(int(sys.argv[1]), int(sys.argv[2]))
    target.show()
    say("ready")
    application.exec()


if __name__ == "__main__":
    main()
