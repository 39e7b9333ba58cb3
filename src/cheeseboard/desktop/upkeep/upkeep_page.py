"""*Keep in order*: the check, old releases, backups, and moving here, one below the other."""

from pathlib import Path

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from cheeseboard.desktop.frame.side_page import SidePage, scrolling
from cheeseboard.desktop.upkeep.backup_section import BackupSection
from cheeseboard.desktop.upkeep.check_section import CheckSection
from cheeseboard.desktop.upkeep.moving_section import MovingSection
from cheeseboard.desktop.upkeep.retention_section import RetentionSection
from cheeseboard.desktop.upkeep.section import UpkeepParts
from cheeseboard.desktop.words.translate import tr


class UpkeepPage(SidePage):
    """Four cards that scroll; what one of them began goes on when the page is left."""

    def __init__(self, parts: UpkeepParts) -> None:
        super().__init__(
            tr("Keep in order"),
            tr("Nothing here happens by itself, and every clean-up can be undone."),
            parts.theme,
        )
        self._with = parts
        self._folder: Path | None = None
        self.check = CheckSection(parts)
        self.retention = RetentionSection(parts)
        self.backup = BackupSection(parts)
        self.moving = MovingSection(parts)
        parts.work.changed.connect(self.refresh)
        self.body.addWidget(self._scrolling())

    def _scrolling(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(12)
        for section in (self.check, self.retention, self.backup, self.moving):
            column.addWidget(section)
        column.addStretch(1)
        return scrolling(inner)

    def refresh(self) -> None:
        """Show things as they are now; of another folder's, nothing stays."""
        if self._folder != self._with.service.folder:
            self._folder = self._with.service.folder
            self.check.forget()
            self.retention.read_kept()
            self.backup.forget()
            self.moving.forget()
        self.check.refresh()
        self.retention.refresh()
        self.backup.refresh()
        self.moving.refresh()
