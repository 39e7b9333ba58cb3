"""What the window says at first sight; the other modules have the rest.

A module of its own because the first paint waits for it: nothing is imported here but Qt and the
server's states.
"""

from typing import assert_never

from cheeseboard.desktop.words.amounts import downloads, packages
from cheeseboard.desktop.words.translate import tr
from cheeseboard.server.state import Failed, ServerState, Serving, Starting, Stopped, Stopping


def search_placeholder(count: int) -> str:
    """Say what the search field searches; it counts."""
    return tr("Search {what}  (Ctrl+F)", what=packages(count)) if count else tr("Search packages")


def share_title(state: ServerState) -> str:
    """Return the bold line of the share card."""
    match state:
        case Stopped():
            return tr("Not serving")
        case Starting():
            return tr("Starting…")
        case Serving(lan=True):
            return tr("Serving on your network")
        case Serving():
            return tr("Only on this computer")
        case Stopping():
            return tr("Stopping…")
        case Failed():
            return tr("Can’t serve this repository")
        case _:
            assert_never(state)


def share_detail(state: ServerState) -> str:
    """Return the second line of the share card; the address when there is one to give away."""
    match state:
        case Stopped():
            return tr("Nobody can install from this repository now.")
        case Starting():
            return tr("Checking that the address answers.")
        case Serving(lan=True):
            return state.urls[0]
        case Serving():
            return tr("Colleagues can’t see this repository yet.")
        case Stopping():
            return tr("Downloads under way may finish.")
        case Failed():
            return port_taken(state.port) if state.free_port else state.reason
        case _:
            assert_never(state)


def port_taken(port: int) -> str:
    """Words 9."""
    return tr("Port {port} is in use by another program.", port=port)


def is_here(address: str) -> bool:
    """Tell whether an address is this computer's own loopback."""
    return address.startswith("127.") or address in {"::1", "::ffff:127.0.0.1", "localhost"}


def colleagues(people: int, downloaded: int) -> tuple[str, str]:
    """Say on the share card who was there since serving began, or who may come: whole, and short."""
    if not people:
        return tr("Anyone on it can download these packages"), tr("Anyone can download")
    who = tr("1 colleague") if people == 1 else tr("{n} colleagues", n=people)
    return f"{who} · {downloads(downloaded)}", who


def foreign(count: int) -> str:
    """Say that files in the folder were not taken in."""
    return tr("1 file not taken in") if count == 1 else tr("{n} files not taken in", n=count)


def window_title(name: str) -> str:
    """Return the window's title: the repository's name."""
    return tr("{name} — Cheeseboard", name=name)
