"""What the window is started with: the little that is known before the core is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cheeseboard.settings import Settings

if TYPE_CHECKING:
    from cheeseboard.service import Service


@dataclass(frozen=True, slots=True)
class Start:
    """What the window is opened with; all of it is known before the core is read.

    Attributes:
        settings: Tell how the window looks and where it stood.
        folder: The managed folder.
        make_service: Called on a worker, when there is something to be seen already.
        logs: Where the log lies and crashes are noted.
        files: To be added as if dropped.
        hidden: Whether the window stays in the tray at first, where there is one.
    """

    settings: Settings
    folder: Path
    make_service: "Callable[[], Service]"
    logs: Path
    files: Sequence[Path] = ()
    hidden: bool = False
