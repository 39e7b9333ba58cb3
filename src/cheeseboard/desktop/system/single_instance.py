"""One window a repository: a second start hands its files to the first and ends."""

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

REPLY = b"taken\n"
WAIT_MS = 3000
LONGEST = 4 * 1024 * 1024


class Door(QObject):
    """The socket on which the first window listens for files of later starts."""

    handed = Signal(tuple)

    def __init__(self, folder: Path, home: str) -> None:
        """Name the door after the user and the managed folder.

        Args:
            folder: Two windows on two folders are none of each other's business.
            home: What tells this user's Cheeseboard from another's (the home, or CHEESEBOARD_HOME).
        """
        super().__init__()
        digest = hashlib.sha256(f"{home}\n{folder}".encode()).hexdigest()[:24]
        self._name = f"cheeseboard-{digest}"
        self._server: QLocalServer | None = None

    def hand_over(self, files: Sequence[Path]) -> bool:
        """Give files to a window that is open already; False when there is none.

        Somebody else's socket of that name, in a folder for temporary files that all share, gets nothing.
        """
        if not self._is_ours():
            return False
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(WAIT_MS):
            return False
        socket.write(json.dumps([os.fspath(file) for file in files]).encode() + b"\n")
        answered = socket.waitForBytesWritten(WAIT_MS) and socket.waitForReadyRead(WAIT_MS)
        return answered and bytes(socket.readAll().data()) == REPLY

    def open(self) -> bool:
        """Listen; only this user may come in. A door that a killed window left is taken over."""
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._name)
        if not server.listen(self._name):
            return False
        server.newConnection.connect(self._on_connection)
        self._server = server
        return True

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _is_ours(self) -> bool:
        """Tell whether the socket, if there is one, was made by this user; Windows sees to that itself."""
        if sys.platform == "win32":
            return True
        try:
            return Path(QDir.tempPath(), self._name).lstat().st_uid == os.getuid()
        except FileNotFoundError:
            return True

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is not None:
            socket.setParent(self)
            socket.readyRead.connect(lambda: self._on_ready(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._on_ready(socket)

    def _on_ready(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > LONGEST:
            socket.abort()
            return
        if not socket.canReadLine():
            return
        files = read_files(bytes(socket.readLine().data()))
        if files is None:
            socket.abort()
            return
        socket.write(REPLY)
        socket.flush()
        self.handed.emit(files)


def read_files(line: bytes) -> tuple[Path, ...] | None:
    """Return the absolute paths in a line that another start sent; None for anything else."""
    try:
        sent = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
        return None
    paths = tuple(Path(one) for one in sent)
    return paths if all(path.is_absolute() for path in paths) else None
