"""What the window's frame says: the status line, the colours to choose from, and that something failed."""

from typing import assert_never

from cheeseboard.clients.plan import ClientState, Mode
from cheeseboard.desktop.look.theme import Scheme
from cheeseboard.desktop.words.amounts import files, packages, size
from cheeseboard.desktop.words.translate import tr
from cheeseboard.repository.snapshot import Snapshot


def status(snapshot: Snapshot, *, scanning: bool, problem: bool) -> str:
    """Return the left half of the status line."""
    if not snapshot.projects:
        if problem:
            return tr("The folder can’t be used")
        return tr("Scanning…") if scanning else tr("No packages yet")
    parts = [packages(len(snapshot.projects)), files(snapshot.file_count), size(snapshot.total_size)]
    if scanning:
        parts.append(tr("scanning…"))
    elif not problem:
        parts.append(tr("index up to date"))
    return " · ".join(parts)


def client_state(state: ClientState) -> str:
    """Say whether an installer on this computer looks here."""
    if state.edited:
        return tr("{tool} here: changed elsewhere", tool=state.tool)
    if state.uploads and state.mode is not None:
        return tr("{tool} here: can upload", tool=state.tool)
    match state.mode:
        case None:
            return tr("{tool} here: not using this repository", tool=state.tool)
        case Mode.EXTRA:
            return tr("{tool} here: extra index", tool=state.tool)
        case Mode.FIRST:
            return tr("{tool} here: first index", tool=state.tool)
        case Mode.ONLY:
            return tr("{tool} here: only index", tool=state.tool)
        case _:
            assert_never(state.mode)


def scheme(shown: Scheme) -> str:
    """Name a choice of colours."""
    match shown:
        case Scheme.AUTO:
            return tr("Like the system")
        case Scheme.LIGHT:
            return tr("Light")
        case Scheme.DARK:
            return tr("Dark")
        case Scheme.CONTRAST:
            return tr("High contrast")
        case _:
            assert_never(shown)


def unexpected() -> str:
    """Say that something failed that we did not foresee; the log has it."""
    return tr("Something went wrong. Nothing was lost; the details are in the log.")
