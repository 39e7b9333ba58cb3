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
    Sentence,
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
    return own_words(error) if isinstance(error, CheeseboardError) else frame_words.unexpected()


def own_words(error: Exception) -> str:
    """Return what an error of ours says, in the user's language as far as it was made to be worded anew."""
    said = error.args[0] if error.args else ""
    return _reworded(said) if isinstance(said, Sentence) else str(error)


def _reworded(said: Sentence) -> str:
    facts = {
        name: _reworded(fact) if isinstance(fact, Sentence) else fact for name, fact in said.facts.items()
    }
    return tr(said.template, **facts)
