"""What to look at next, and when: names at which something happened at once, the whole folder when calm.

Decides from the times it is given (monotonic, in seconds) and does nothing itself. Looks at single
names keep a storm of files cheap, however much is in the folder already; the whole folder is looked
through at the start, regularly, when somebody asks, and once it is calm after so many events that some
may have been lost.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# How often the folder is looked through unasked, and how often where nobody tells of changes.
_REGULAR_SECONDS = 30.0
_POLLING_SECONDS = 2.0
# A look through a very large folder must not become the machine's main occupation: it takes a
# hundredth of the time, or a tenth where what was missed would have to wait for too long.
_USUAL_SHARE, _HIGHEST_SHARE = 100, 10
_LONGEST_WAIT_SECONDS = 45.0
# A queue of events holds sixteen thousand; long before that, nobody can tell that none was lost.
_MANY = 1_000
_CALM_SECONDS = 1.0
# Names looked at in one go, lest others wait.
_TOGETHER = 512


@dataclass(frozen=True, slots=True)
class Look:
    """One look; ``names`` at the folder's top, None for the whole folder."""

    names: frozenset[str] | None


_WHOLE = Look(None)


class Agenda:
    """What one folder's thread has before it."""

    def __init__(self) -> None:
        self._soon: dict[str, None] = {}
        self._later: dict[str, float] = {}
        self._regular_due = -math.inf
        self._calm_due = math.inf
        self._happened = 0
        self._last_whole_seconds = 0.0

    def note(self, names: Collection[str], now: float) -> None:
        """Something happened at these names; an empty one stands for somewhere."""
        if not names:
            return
        self._soon.update(dict.fromkeys(name for name in names if name))
        self._happened += len(names)
        if self._happened >= _MANY or "" in names or self._calm_due < math.inf:
            self._calm_due = now + max(_CALM_SECONDS, self._last_whole_seconds)

    def ask(self) -> None:
        """Somebody wants the whole folder looked through, now."""
        self._regular_due = -math.inf

    def next(self, now: float) -> Look | None:
        """Return what to look at now, None for nothing; tell :meth:`looked` when it is done."""
        self._soon.update(dict.fromkeys(name for name, due in self._later.items() if due <= now))
        self._later = {name: due for name, due in self._later.items() if due > now}
        if now >= self._regular_due or (not self._soon and now >= self._calm_due):
            self._soon.clear()
            self._later.clear()
            self._calm_due = math.inf
            self._happened = 0
            return _WHOLE
        if not self._soon:
            return None
        names = frozenset(list(self._soon)[:_TOGETHER])
        for name in names:
            del self._soon[name]
        return Look(names)

    def looked(
        self, look: Look, began: float, ended: float, again: Mapping[str, float], *, told: bool
    ) -> None:
        """A look is over.

        Args:
            look: Which.
            began: When.
            ended: When.
            again: Names that deserve another look, with the seconds until then.
            told: Whether somebody tells of changes; otherwise the whole folder is looked through often.
        """
        self._later.update((name, ended + seconds) for name, seconds in again.items())
        if look.names is not None:
            return
        took = self._last_whole_seconds = ended - began
        regular = _REGULAR_SECONDS if told else _POLLING_SECONDS
        usual = min(_LONGEST_WAIT_SECONDS, _USUAL_SHARE * took)
        self._regular_due = ended + max(regular, usual, _HIGHEST_SHARE * took)

    def seconds_left(self, now: float) -> float:
        """Return how long nothing will be due, unless something happens."""
        if self._soon:
            return 0.0
        due = min(self._regular_due, self._calm_due, min(self._later.values(), default=math.inf))
        return max(0.0, due - now)
