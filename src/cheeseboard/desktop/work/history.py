"""What Ctrl+Z takes back: the window's own acts, newest first."""

from collections.abc import Callable
from dataclasses import dataclass

LIMIT = 50


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One act that can be taken back.

    Attributes:
        run: Takes it back (starts the job and returns at once).
    """

    run: Callable[[], None]


class History:
    """A bounded stack of steps."""

    def __init__(self) -> None:
        self._steps: list[UndoStep] = []

    def push(self, step: UndoStep) -> None:
        """Remember an act."""
        self._steps.append(step)
        del self._steps[:-LIMIT]

    def clear(self) -> None:
        """Forget all steps: what they would take back is no longer there."""
        self._steps.clear()

    def undo(self, step: UndoStep | None = None) -> bool:
        """Take back ``step`` (the newest without one); False when there is nothing, or it was already."""
        if step is None and self._steps:
            step = self._steps[-1]
        if step is None or step not in self._steps:
            return False
        self._steps.remove(step)
        step.run()
        return True
