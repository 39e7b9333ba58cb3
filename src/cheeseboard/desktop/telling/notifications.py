"""What is told outside the window while nobody looks at it: failures and the first colleague, no more."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from cheeseboard.desktop.words import activity_words, first_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.events import FileDownloaded
from cheeseboard.server.state import Failed, ServerState, Serving

Tell = Callable[[str, str], None]


class Notifications(QObject):
    """Each fact once: a failure until it is over, a first colleague as long as the network is served."""

    def __init__(self, tell: Tell, is_watched: Callable[[], bool]) -> None:
        """Tell nothing yet.

        Args:
            tell: Shows a title and a text outside the window; returns at once.
            is_watched: Tells whether somebody looks at the window, which says it all itself.
        """
        super().__init__()
        self._tell = tell
        self._is_watched = is_watched
        self._failure: ServerState | None = None
        self._problem: str | None = None
        self._shared = False
        self._welcomed = False

    def note_server(self, state: ServerState) -> None:
        """The server's state may have changed."""
        shared = isinstance(state, Serving) and state.lan
        if not shared:
            self._welcomed = False
        self._shared = shared
        failure = state if isinstance(state, Failed) else None
        if failure is not None and failure != self._failure:
            self._say(first_words.share_title(failure), first_words.share_detail(failure))
        if failure is not None or isinstance(state, Serving):
            self._failure = failure

    def note_folder(self, problem: str | None) -> None:
        """The folder's state may have changed."""
        if problem and problem != self._problem:
            self._say(tr("This folder can’t be used"), problem)
        self._problem = problem

    def note_download(self, event: FileDownloaded) -> None:
        """Somebody fetched a file."""
        if not self._shared or self._welcomed or first_words.is_here(event.address):
            return
        self._welcomed = True
        who = activity_words.downloader(event.installer, event.address)
        words = tr("{who} downloaded {file}.", who=who, file=event.filename)
        self._say(tr("Your first colleague is here"), words)

    def _say(self, title: str, text: str) -> None:
        if not self._is_watched():
            self._tell(title, text)
