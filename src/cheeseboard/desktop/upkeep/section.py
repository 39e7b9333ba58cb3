"""What the page's sections have in common: a card with a heading and what it is for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from cheeseboard.desktop.intake.intake_flow import IntakeFlow
from cheeseboard.desktop.intake.removal_flow import RemovalFlow
from cheeseboard.desktop.look.theme import Theme
from cheeseboard.desktop.look.widgets import Card, label
from cheeseboard.desktop.upkeep.long_work import LongWork
from cheeseboard.desktop.work.jobs import Jobs
from cheeseboard.service import Service


@dataclass(frozen=True, slots=True)
class UpkeepParts:
    """What the sections work with.

    Attributes:
        intake: Tells what became of files, with one Undo.
        removal: Tells what went to the Trash, with one Undo.
        ask_for_files: Lets the user choose files to add.
        open_repository: Opens another folder in place of this one.
        show_page: Brings the page to the front.
    """

    service: Service
    jobs: Jobs
    work: LongWork
    intake: IntakeFlow
    removal: RemovalFlow
    theme: Theme
    now: Callable[[], datetime]
    open_path: Callable[[Path], None]
    ask_for_files: Callable[[], None]
    open_repository: Callable[[Path], None]
    show_page: Callable[[], None]


def arrange(card: Card, title: str, about: str) -> QVBoxLayout:
    """Give a section its heading, and return the column for the rest."""
    card.setAccessibleName(title)
    column = QVBoxLayout(card)
    column.setContentsMargins(20, 16, 20, 16)
    column.setSpacing(8)
    column.addWidget(label(title, factor=1.2, bold=True))
    explained = label(about, muted=True)
    explained.setWordWrap(True)
    column.addWidget(explained)
    column.addSpacing(4)
    return column


def line(*widgets: QWidget) -> QHBoxLayout:
    """Return widgets side by side, at the left."""
    made = QHBoxLayout()
    made.setDirection(QBoxLayout.Direction.LeftToRight)
    made.setSpacing(8)
    for widget in widgets:
        made.addWidget(widget)
    made.addStretch(1)
    return made
