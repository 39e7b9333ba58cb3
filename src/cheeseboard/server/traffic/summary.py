"""What was asked for and how it was answered, in few lines: for somebody who watches a loaded server."""

from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote

from cheeseboard.events import Answered, AskedFor
from cheeseboard.server.traffic.access_log import Access
from cheeseboard.server.traffic.agent import read_agent

# What one look looks at, and what it tells at most: nobody reads more in a second.
_MOST_KINDS = 2000
_MOST_TOLD = 20
_LONGEST_NAME = 120
_BESIDE = (".metadata", ".provenance")
_SERVED = frozenset({200, 206, 304})
_REFUSED = frozenset({401, 403, 421, 429})


def summarize(accesses: Sequence[Access]) -> tuple[AskedFor, ...]:
    """Return what was asked for by whom, the most frequent first, what was alike counted together.

    Downloads of whole files are left out: :class:`~cheeseboard.events.FileDownloaded` tells those.
    """
    alike = Counter((one.address, one.agent, one.method, one.target, one.status) for one in accesses)
    told: Counter[tuple[str, str, str, Answered]] = Counter()
    for (address, agent, method, target, status), count in alike.most_common(_MOST_KINDS):
        read = _read(method, target.partition("?")[0], status)
        if read is not None:
            told[address, read_agent(agent).installer, *read] += count
    return tuple(AskedFor(*kind, count) for kind, count in told.most_common(_MOST_TOLD))


def _read(method: str, path: str, status: int) -> tuple[str, Answered] | None:
    """Return what a request was about and how it ended; None for what is not worth a line."""
    if path.startswith("/legacy"):
        return ("", Answered.UPLOAD_REFUSED) if method == "POST" and status in _REFUSED else None
    root = next((root for root in ("/simple/", "/projects/") if path.startswith(root)), None)
    answered = _answered(status)
    if root is None or answered is None:
        return None
    project, _, file = path.removeprefix(root).partition("/")
    beside = file.endswith(_BESIDE)
    if file and not beside and method == "GET" and status == 200:
        return None
    return _name(project if beside and answered is Answered.HERE else file or project), answered


def _answered(status: int) -> Answered | None:
    if status in _SERVED:
        return Answered.HERE
    if status in _REFUSED:
        return Answered.TURNED_AWAY
    return Answered.NOT_HERE if status == 404 else None


def _name(text: str) -> str:
    """Return what a client wrote, fit for a line."""
    name = unquote(text)[:_LONGEST_NAME]
    return name if name.isprintable() else ascii(name)[1:-1]
