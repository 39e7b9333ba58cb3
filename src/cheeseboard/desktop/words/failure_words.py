"""What the window says when the world failed: what happened, what it means, what to do if that is plain."""

from cheeseboard.desktop.words import first_words, frame_words
from cheeseboard.desktop.words.translate import mark, tr
from cheeseboard.errors import (
    AddressInUse,
    CatalogTooNew,
    CheeseboardError,
    FolderMissing,
    FolderReadOnly,
    FolderReplaced,
    RepositoryError,
    StorageFull,
)

_FOLDER: dict[type[RepositoryError], str] = {
    StorageFull: mark("Can’t write to the managed folder: the disk is full."),  # words 15
    FolderReadOnly: mark("Can’t write to the managed folder: it is read-only. What it holds stays as it is."),
    FolderMissing: mark("The managed folder {folder} is missing. Put it back, or connect its disk."),
    FolderReplaced: mark("{folder} is no longer the folder that was opened, so it was left alone."),
    CatalogTooNew: mark("{folder} was used with a newer Cheeseboard. Update Cheeseboard to open it."),
}


def failure(error: Exception) -> str:
    """Say what failed; what nobody foresaw in general words, since the log has the rest."""
    if isinstance(error, RepositoryError) and (words := _FOLDER.get(type(error))):
        return tr(words, folder=error.folder)
    if isinstance(error, AddressInUse):
        return first_words.port_taken(error.port)
    return str(error) if isinstance(error, CheeseboardError) else frame_words.unexpected()
