"""Upkeep in memory: checks, rules, backups and imports that tests lay ready."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from cheeseboard.errors import BackupError
from cheeseboard.events import Progress, Way
from cheeseboard.repository.backup import Cancelled, Written
from cheeseboard.repository.check import CheckReport, Finding
from cheeseboard.repository.intake import Batch
from cheeseboard.repository.other_servers import Collection, Source, read_collection, recognize
from cheeseboard.repository.records import Removal
from cheeseboard.repository.restoring import Restored
from cheeseboard.repository.retention import Lapsed, choose_lapsed
from cheeseboard.repository.snapshot import File, Snapshot
from cheeseboard.service.importing import Imported
from cheeseboard.service.upkeep import BroughtBack
from cheeseboard.settings import RetentionRule

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
Told = Callable[[Progress], None]
Asked = Callable[[], bool]


class Keeper(Protocol):
    """What upkeep needs of the service."""

    @property
    def snapshot(self) -> Snapshot: ...

    def add(self, paths: Sequence[Path], way: Way) -> Batch: ...

    def remove(self, files: Sequence[File]) -> Any: ...


@dataclass
class MemoryUpkeep:
    """Answers at once, or waits at ``gate`` while it tells how far it is."""

    keeper: Keeper
    findings: tuple[Finding, ...] = ()
    last_check: datetime | None = None
    retention_rules: tuple[RetentionRule, ...] = ()
    gate: threading.Event | None = None
    failure: Exception | None = None
    backups: list[tuple[Path, bool]] = field(default_factory=list)
    restored: list[Path] = field(default_factory=list)
    left_out: tuple[tuple[str, str], ...] = ()

    def _wait(self, progress: Told | None, cancelled: Asked | None) -> bool:
        """Tell the half of it, wait, and return whether it was cancelled."""
        if self.failure is not None:
            raise self.failure
        snapshot = self.keeper.snapshot
        if progress is not None and self.gate is not None:
            half = snapshot.file_count // 2
            size = snapshot.total_size
            progress(Progress(half, snapshot.file_count, size // 2, size, Path("half.whl")))
        if self.gate is not None:
            self.gate.wait(10)
        return cancelled is not None and cancelled()

    def check(self, *, way: Way, progress: Told | None = None, cancelled: Asked | None = None) -> CheckReport:
        assert way is Way.DROP
        if self._wait(progress, cancelled):
            return CheckReport(0, 0, (), complete=False)
        self.last_check = NOW
        return CheckReport(self.keeper.snapshot.file_count, self.keeper.snapshot.total_size, self.findings)

    def keep_retention_rule(self, rule: RetentionRule) -> None:
        self.forget_retention_rule(rule.projects)
        self.retention_rules = (*self.retention_rules, rule)

    def forget_retention_rule(self, projects: str) -> bool:
        self.retention_rules = tuple(rule for rule in self.retention_rules if rule.projects != projects)
        return True

    def preview_retention(self, rules: Sequence[RetentionRule]) -> tuple[Lapsed, ...]:
        return choose_lapsed(self.keeper.snapshot, rules, int(NOW.timestamp() * 1_000_000))

    def apply_retention(self, lapsed: Sequence[Lapsed], way: Way) -> Removal:
        assert way is Way.DROP
        files = tuple(each.file for each in lapsed)
        self.keeper.remove(files)
        return Removal(files=files)

    def back_up(
        self,
        destination: Path,
        *,
        with_authority: bool = False,
        progress: Told | None = None,
        cancelled: Asked | None = None,
    ) -> Written:
        if self._wait(progress, cancelled):
            raise Cancelled
        self.backups.append((destination, with_authority))
        return Written(destination, self.keeper.snapshot.file_count, 1_200_000, self.left_out)

    def restore_backup(
        self, source: Path, *, into: Path, progress: Told | None = None, cancelled: Asked | None = None
    ) -> BroughtBack:
        if self._wait(progress, cancelled):
            raise Cancelled
        if into.exists() and any(into.iterdir()):
            raise BackupError(f"{into} is not empty, and a restored repository replaces nothing.", into)
        self.restored.append(source)
        return BroughtBack(Restored(into, 3, (), (), {}, {}), into.name, authority=False)

    def look_at_source(self, path: Path, source: Source | None = None) -> Collection:
        return read_collection(path, source or recognize(path), ())

    def take_over(
        self,
        collection: Collection,
        *,
        way: Way,
        progress: Told | None = None,
        cancelled: Asked | None = None,
    ) -> Imported:
        self._wait(progress, cancelled)
        return Imported(self.keeper.add([each.path for each in collection.arrivals], way))
