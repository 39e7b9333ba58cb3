"""Answers to requests that were made before in just these words: what most requests for pages are.

Installers ask for the same pages with the same headers again and again. An answer is kept for as long
as what it was decided from is the very same: snapshot, allowed hosts, and every header that counts.
"""

from cheeseboard.repository.snapshot import Snapshot
from cheeseboard.server.answers import Answer
from cheeseboard.server.request import Request

Words = tuple[str, str, str | None, str | None, str | None, str | None]

_MOST = 4096


class RepeatedAnswers:
    """The answers of one snapshot, by the words of the request; for one thread at a time."""

    __slots__ = ("_answers", "_hosts", "_snapshot")

    def __init__(self) -> None:
        self._answers: dict[Words, Answer] = {}
        self._snapshot: Snapshot | None = None
        self._hosts: frozenset[str] = frozenset()

    def find(self, words: Words, snapshot: Snapshot, hosts: frozenset[str]) -> Answer | None:
        """Return what the same words were answered with; another snapshot or host list forgets all."""
        if snapshot is not self._snapshot or hosts is not self._hosts:
            self._answers.clear()
            self._snapshot, self._hosts = snapshot, hosts
        return self._answers.get(words)

    def keep(self, words: Words, answer: Answer, snapshot: Snapshot) -> None:
        """Keep an answer that was decided from ``snapshot``, the one that was last asked about."""
        if len(self._answers) >= _MOST:
            self._answers.clear()
        if snapshot is self._snapshot:
            self._answers[words] = answer


def words_of(request: Request) -> Words:
    """Return everything in a request for a page that its answer depends on, beside its method."""
    said = request.headers.get
    return (
        request.path,
        request.query,
        said("host"),
        said("accept"),
        said("accept-encoding"),
        said("if-none-match"),
    )
