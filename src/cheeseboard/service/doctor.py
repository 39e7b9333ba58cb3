"""What is wrong with this folder, server, trust or configuration, and one thing to do about each.

It looks and changes nothing; the window and the command line word what it finds.
"""

import os
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cheeseboard import wording
from cheeseboard.errors import CertificateError, ClientConfigError, RepositoryError
from cheeseboard.server.state import Serving

if TYPE_CHECKING:
    from cheeseboard.service.service import Service

# Less room than this, and the next drop may not fit.
LEAST_FREE_BYTES = 200_000_000
MOST_FILES = 20
_SECONDS = 5.0


class Subject(StrEnum):
    """What is looked at. Values are stable: ``--json`` holds them."""

    FOLDER = "folder"
    SERVER = "server"
    TRUST = "trust"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong.

    Attributes:
        sentence: What it is, and what it means.
        action: What to do about it.
    """

    subject: Subject
    sentence: str
    action: str


class _Listening(StrEnum):
    NOBODY = "nobody"
    OURS = "ours"
    ANOTHER = "another"


def examine(
    service: "Service", *, watch: bool = False, cancelled: Callable[[], bool] = lambda: False
) -> tuple[Complaint, ...]:
    """Look at everything; slow: installers in use are asked for real, where somebody serves.

    Args:
        service: A folder that is not open yet is opened to be looked at.
        watch: Whether it is watched from then on, since the service goes on living.
        cancelled: Asked while installers run; they are ended then, and what was found is not all.
    """
    return (*_folder(service, watch=watch), *_serving(service, cancelled), *_trust(service))


def is_served(service: "Service") -> bool:
    """Tell whether anybody, perhaps another process of ours, serves this folder now; slow."""
    return service.trust.made and _listening(service, service.sharing.place.url) is _Listening.OURS


def _folder(service: "Service", *, watch: bool) -> Iterator[Complaint]:
    if not os.path.lexists(service.folder):
        act = "`cheeseboard add`, `cheeseboard serve` or the window makes it."
        yield Complaint(Subject.FOLDER, f"There is no folder {service.folder}.", act)
        return
    try:
        service.open(watch=watch)
        service.look_through()
    except RepositoryError as error:
        act = "Mend that, or choose another folder in the window's preferences."
        yield Complaint(Subject.FOLDER, str(error), act)
        return
    if service.folder_problem is not None:
        yield Complaint(Subject.FOLDER, str(service.folder_problem), "Open the folder and look.")
    free = shutil.disk_usage(service.folder).free
    if free < LEAST_FREE_BYTES:
        words = f"The disk of the managed folder is almost full ({free // 1_000_000} MB are left)."
        yield Complaint(Subject.FOLDER, words, "Make room on it, or empty the Trash.")
    foreign = service.foreign_files
    for one in foreign[:MOST_FILES]:
        words = wording.refusal(one.refusal, one.path.name)
        yield Complaint(Subject.FOLDER, words, f"Look at {one.path}, then mend it or move it away.")
    if len(foreign) > MOST_FILES:
        words = f"{len(foreign) - MOST_FILES} more files lie in the folder and are not offered."
        yield Complaint(Subject.FOLDER, words, "The window lists them all.")


def _serving(service: "Service", cancelled: Callable[[], bool]) -> Iterator[Complaint]:
    """Look at the server, then at the installers, which can only be asked while somebody serves."""
    states = service.clients.states()
    for state in states:
        if state.edited:
            name = state.files[0].name if state.files else state.tool
            words = f"{name} was changed outside Cheeseboard, so it was left alone."
            act = f"Look at it; `cheeseboard unuse {state.tool}` takes our lines out and keeps the others."
            yield Complaint(Subject.CONFIGURATION, words, act)
    used = [state.tool for state in states if state.mode is not None and not state.uploads]
    url = service.sharing.place.url
    listening = _listening(service, url) if service.trust.made else _Listening.NOBODY
    if listening is _Listening.ANOTHER:
        words = (
            f"Port {service.sharing.port} is in use by another program, so this repository can't be served."
        )
        yield Complaint(Subject.SERVER, words, "End that program, or serve on another port (`--port`).")
    elif listening is _Listening.OURS:
        yield from _uploads(service)
        yield from _proofs(service, used, cancelled)
    elif used:
        paused = all(state.paused for state in states if state.tool in used)
        tools = ", ".join(used)
        means = (
            f"the entries for {tools} are put aside until somebody serves it"
            if paused
            else f"{tools} would wait for it or fail"
        )
        words = f"Nothing is served at {url}, so {means}."
        yield Complaint(Subject.SERVER, words, "Open the window, or run `cheeseboard serve`.")


def _uploads(service: "Service") -> Iterator[Complaint]:
    """Look at the port for uploads alone, where there should be one."""
    state, port = service.sharing.server_state, service.sharing.upload_port
    if isinstance(state, Serving):
        problem = state.upload_problem
    elif port is None or _listening(service, service.sharing.place.upload_url) is _Listening.OURS:
        problem = ""
    else:
        problem = f"Uploads are not taken on port {port}."
    if problem:
        act = "Serve again; if that does not help, choose another port: `cheeseboard serve --upload-port N`."
        yield Complaint(Subject.SERVER, wording.without_upload_port(problem), act)


def _proofs(service: "Service", used: list[str], cancelled: Callable[[], bool]) -> Iterator[Complaint]:
    for tool in used:
        try:
            proofs = service.clients.prove(tool, cancelled=cancelled)
        except (ClientConfigError, CertificateError) as error:
            yield Complaint(Subject.CONFIGURATION, str(error), f"Run `cheeseboard prove {tool}`.")
            continue
        for proof in proofs:
            if proof.cause is not None:
                yield Complaint(Subject.CONFIGURATION, f"{proof.label}: {proof.sentence}", proof.action)


def _trust(service: "Service") -> Iterator[Complaint]:
    if not service.trust.made:
        return  # it is made when somebody first serves
    try:
        service.trust.authority()
    except CertificateError as error:
        act = "Make another with `cheeseboard trust rotate`; colleagues then need the setup line again."
        yield Complaint(Subject.TRUST, str(error), act)


def _listening(service: "Service", url: str) -> _Listening:
    """Tell who answers at our own address: whoever has our authority's certificate is one of us."""
    try:
        context = ssl.create_default_context(cadata=service.trust.authority().certificate_pem.decode("ascii"))
    except CertificateError:
        return _Listening.NOBODY  # told as a matter of trust
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    try:
        with opener.open(urljoin(url, "/health"), timeout=_SECONDS):
            return _Listening.OURS
    except urllib.error.HTTPError:
        return _Listening.OURS
    except urllib.error.URLError as error:
        refused = isinstance(error.reason, ConnectionRefusedError)
        return _Listening.NOBODY if refused else _Listening.ANOTHER
    except (OSError, ValueError):
        return _Listening.ANOTHER
