"""Living with a repository every day: retention, integrity, backup and restore, moving here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cheeseboard.errors import BackupError, Sentence
from cheeseboard.events import Progress, Way
from cheeseboard.repository.backup import Written, write_backup
from cheeseboard.repository.check import CheckReport, check_catalog, check_files, check_metadata
from cheeseboard.repository.other_servers import Collection, Source, read_collection, recognize
from cheeseboard.repository.records import Removal
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.restoring import Restored, restore_backup
from cheeseboard.repository.retention import Lapsed, choose_lapsed, normalized_pattern
from cheeseboard.server.access.private_mark import read_mark, set_mark
from cheeseboard.service.check_dates import CheckDates
from cheeseboard.service.importing import Imported, import_collection
from cheeseboard.service.repositories import KnownRepository, name_of, remember
from cheeseboard.service.trust import Trust
from cheeseboard.settings import KeptSettings, RetentionRule

ProgressTold = Callable[[Progress], None]
Asked = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """A restored repository.

    Attributes:
        restored: The folder and what is in it.
        name: What it is known as from now on.
        authority: Whether the certificate authority came back too.
    """

    restored: Restored
    name: str
    authority: bool


class Upkeep:
    """What keeps one repository well over the years."""

    def __init__(
        self,
        settings: KeptSettings,
        trust: Trust,
        checks: Path,
        *,
        repository: Callable[[], Repository],
        folder: Callable[[], Path],
        known: Callable[[], Sequence[KnownRepository]],
        clock: Callable[[], datetime],
    ) -> None:
        """Do nothing yet.

        Args:
            settings: Has the rules kept for each folder.
            trust: Has the certificate authority.
            checks: The file that remembers when each folder was checked.
            repository: The open repository.
            folder: The managed folder, open or not.
            known: The folders that the user works with.
            clock: Tells the time.
        """
        self._settings = settings
        self._trust = trust
        self._checks = CheckDates(checks)
        self._repository = repository
        self._folder = folder
        self._known = known
        self._clock = clock

    # --- retention -------------------------------------------------------------------------------

    @property
    def retention_rules(self) -> tuple[RetentionRule, ...]:
        """The rules kept for this folder."""
        return self._settings.current.retention.get(str(self._folder()), ())

    def keep_retention_rule(self, rule: RetentionRule) -> None:
        """Keep a rule for this folder, instead of one for the same projects.

        Raises:
            SettingsError: The settings cannot be written.
        """
        self._set_rules([*self._without(rule.projects), rule])

    def forget_retention_rule(self, projects: str) -> bool:
        """Forget the rule for a pattern; tell whether there was one.

        Raises:
            SettingsError: The settings cannot be written.
        """
        left = self._without(projects)
        found = len(left) < len(self.retention_rules)
        if found:
            self._set_rules(left)
        return found

    def _without(self, projects: str) -> list[RetentionRule]:
        pattern = normalized_pattern(projects)
        return [rule for rule in self.retention_rules if normalized_pattern(rule.projects) != pattern]

    def _set_rules(self, rules: Sequence[RetentionRule]) -> None:
        kept = {**self._settings.current.retention, str(self._folder()): tuple(rules)}
        self._settings.change(retention={folder: each for folder, each in kept.items() if each})

    def preview_retention(self, rules: Sequence[RetentionRule] | None = None) -> tuple[Lapsed, ...]:
        """Return what the rules (those kept, unless given) would let go now; nothing is changed."""
        chosen = self.retention_rules if rules is None else rules
        now_us = int(self._clock().timestamp() * 1_000_000)
        return choose_lapsed(self._repository().snapshot, chosen, now_us)

    def apply_retention(self, lapsed: Sequence[Lapsed], way: Way = Way.DROP) -> Removal:
        """Move what was previewed to the trash, together; slow. It comes back by one restore.

        Raises:
            RepositoryError: The folder's disk failed.
        """
        return self._repository().remove([each.file for each in lapsed], way)

    # --- integrity ---------------------------------------------------------------------------------

    @property
    def last_check(self) -> datetime | None:
        """When every file of this folder was read the last time; None when nobody knows."""
        return self._checks.read(self._folder())

    def check(
        self,
        *,
        way: Way = Way.COMMAND_LINE,
        progress: ProgressTold | None = None,
        cancelled: Asked | None = None,
    ) -> CheckReport:
        """Read every file again and hold it against what was recorded; slow, minutes for many gigabytes.

        What changed leaves the index and stays where it is, among the files that were not taken in.

        Raises:
            RepositoryError: The folder is missing, or its disk failed.
        """
        repository = self._repository()
        repository.check()
        layout = repository.layout
        catalog = check_catalog(layout.catalog)
        files = sorted(repository.snapshot.files(), key=lambda file: (file.project, file.filename))
        report = check_files(files, layout, progress=progress, cancelled=cancelled)
        if not catalog:
            catalog = check_metadata(files, repository.metadata_of, cancelled=cancelled)
        held = repository.settle(report.findings, way) if report.findings else ()
        if report.complete:
            self._checks.note(repository.folder, self._clock())
        return CheckReport(report.checked, report.size, (*catalog, *held), report.complete)

    # --- backup ------------------------------------------------------------------------------------

    def back_up(
        self,
        destination: Path,
        *,
        with_authority: bool = False,
        progress: ProgressTold | None = None,
        cancelled: Asked | None = None,
    ) -> Written:
        """Write the repository into one file, while others may go on adding and removing; slow.

        Args:
            destination: Must not exist; compressed when it ends in ``.zst``.
            with_authority: Put the certificate authority's key in, too: whoever has the file then can
                sign for this repository's computers.
            progress: Told after every file.
            cancelled: Asked often.

        Raises:
            BackupError: It cannot be written.
            CertificateError: There is no authority to put in.
            RepositoryError: The folder is missing.
        """
        repository = self._repository()
        repository.check()
        secret_files = self._trust.key_files() if with_authority else {}
        return write_backup(
            destination,
            repository.layout,
            settings=self._settings_of(repository.folder),
            secret_files=secret_files,
            progress=progress,
            cancelled=cancelled,
        )

    def _settings_of(self, folder: Path) -> dict[str, Any]:
        current = self._settings.current
        return {
            "name": name_of(self._settings, folder),
            "port": current.ports.get(str(folder)),
            "upload_port": current.upload_ports.get(str(folder)),
            "retention": [asdict(rule) for rule in current.retention.get(str(folder), ())],
            "private": read_mark(folder),
        }

    def restore_backup(
        self,
        source: Path,
        *,
        into: Path | None = None,
        with_authority: bool = False,
        progress: ProgressTold | None = None,
        cancelled: Asked | None = None,
    ) -> BroughtBack:
        """Bring a repository back into a folder, which must be missing or empty; slow.

        Args:
            source: The backup.
            into: The folder; None for this service's own.
            with_authority: Take the certificate authority over, too.
            progress: Told after every file.
            cancelled: Asked often.

        Raises:
            BackupError: The folder is not empty, or the backup is damaged or none.
            CertificateError: This computer has another authority, or the backup has none.
            RepositoryError: The folder's disk failed.
            SettingsError: The settings cannot be written.
        """
        if with_authority:
            self._trust.check_none()
        restored = restore_backup(
            source,
            self._folder() if into is None else into,
            with_secrets=with_authority,
            furnish=_close_what_was_private,
            progress=progress,
            cancelled=cancelled,
        )
        if with_authority:
            self._trust.adopt(restored.secrets, source)
        return BroughtBack(restored, self._take_settings(restored), with_authority)

    def _take_settings(self, restored: Restored) -> str:
        """Take over what was set for the repository; what is set for this folder already wins."""
        folder, kept = restored.folder, restored.settings
        current = self._settings.current
        port = kept.get("port")
        if isinstance(port, int) and 1 <= port <= 65535:
            self._settings.change(ports={str(folder): port, **current.ports})
        upload_port = kept.get("upload_port")
        if isinstance(upload_port, int) and 0 <= upload_port <= 65535:
            self._settings.change(upload_ports={str(folder): upload_port, **current.upload_ports})
        rules = tuple(_rules(kept.get("retention")))
        if rules:
            self._settings.change(retention={str(folder): rules, **current.retention})
        name = str(kept.get("name") or folder.name)
        if name_of(self._settings, folder) == folder.name != name:
            taken = {each.name for each in self._known() if each.folder != folder}
            fitting = next(each for each in _names(name) if each not in taken)
            remember(self._settings, fitting, folder)
        return name_of(self._settings, folder)

    # --- moving here ---------------------------------------------------------------------------------

    def look_at_source(
        self, path: Path, source: Source | None = None, indexes: Sequence[str] = ()
    ) -> Collection:
        """Read what another server left in a directory; slow, and nothing is changed.

        Args:
            path: The directory.
            source: Whose it is; None to find out.
            indexes: For devpi: these alone.

        Raises:
            BackupError: It cannot be read, or is not what ``source`` says.
        """
        folder = self._folder().resolve()
        if path.resolve().is_relative_to(folder) or folder.is_relative_to(path.resolve()):
            raise BackupError(
                Sentence("{path} is the managed folder itself, or has it inside.", path=path), path
            )
        return read_collection(path, source or recognize(path), indexes)

    def take_over(
        self,
        collection: Collection,
        *,
        way: Way = Way.COMMAND_LINE,
        progress: ProgressTold | None = None,
        cancelled: Asked | None = None,
    ) -> Imported:
        """Take in what was looked at, with upload times and yanks; slow.

        Raises:
            RepositoryError: The folder's disk failed; what was accepted before stays.
        """
        return import_collection(
            self._repository(), collection, way=way, progress=progress, cancelled=cancelled
        )


def _close_what_was_private(folder: Path, settings: Mapping[str, Any]) -> None:
    """Mark a folder that not everybody could read, before it is where a server may find it.

    Raises:
        BackupError: It can't be marked, so it would be open to all.
    """
    rules_id = settings.get("private")
    if rules_id is None:
        return
    set_mark(folder, str(rules_id))
    if read_mark(folder) is None:
        raise BackupError(
            Sentence("The repository was private, and can't be made so here. Nothing was restored."), folder
        )


def _rules(kept: object) -> list[RetentionRule]:
    """Read rules from a backup; one that is none is passed over."""
    rules = []
    for entry in kept if isinstance(kept, list) else ():
        try:
            rules.append(RetentionRule(**entry))
        except (TypeError, ValueError):
            continue
    return rules


def _names(name: str) -> Sequence[str]:
    return [name, *(f"{name} ({number})" for number in range(2, 1000))]
