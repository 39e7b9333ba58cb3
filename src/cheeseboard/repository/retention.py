"""Which files a rule lets go: pure, so that the preview is what would happen.

Nothing here removes anything. What an installer would take today is never chosen, whatever the rule says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from packaging.utils import canonicalize_name
from packaging.version import Version

from cheeseboard.repository.snapshot import File, Project, ProjectStatus, Snapshot
from cheeseboard.settings import RetentionRule

_MICROSECONDS_A_DAY = 86_400 * 1_000_000
# What their owner closed stays as it was closed.
_CLOSED = frozenset({ProjectStatus.ARCHIVED, ProjectStatus.QUARANTINED})


class Lapse(StrEnum):
    """Why a file would go. The values are stable: ``--json`` holds them."""

    OLDER_RELEASE = "older-release"
    OLD_PRERELEASE = "old-prerelease"


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A file that a rule lets go."""

    file: File
    reason: Lapse
    rule: RetentionRule


@dataclass(frozen=True, slots=True)
class _Release:
    version: Version
    files: tuple[File, ...]

    @property
    def yanked(self) -> bool:
        """Whether no file of it is left to an installer."""
        return all(file.yanked is not None for file in self.files)

    @property
    def newest_upload_us(self) -> int:
        return max(file.upload_time_us for file in self.files)


def choose_lapsed(snapshot: Snapshot, rules: Sequence[RetentionRule], now_us: int) -> tuple[Lapsed, ...]:
    """Return the files that the rules let go, by project, the newest first.

    Args:
        snapshot: What is there.
        rules: The most specific one that matches a project's name holds for it; the others do not.
        now_us: The time, microseconds since the epoch.
    """
    chosen: list[Lapsed] = []
    for name in sorted(snapshot.projects):
        project = snapshot.projects[name]
        rule = rule_for(name, rules)
        if rule is not None and project.status not in _CLOSED:
            chosen += _lapsed_of(project, rule, now_us)
    return tuple(chosen)


def rule_for(project: str, rules: Sequence[RetentionRule]) -> RetentionRule | None:
    """Return the rule with the longest pattern that matches a project; one without wildcards wins."""
    matching = [rule for rule in rules if fnmatchcase(project, normalized_pattern(rule.projects))]
    return max(matching, key=_specificity, default=None)


def normalized_pattern(pattern: str) -> str:
    """Return a pattern as names are matched: "Acme_*" means "acme-*"."""
    return str(canonicalize_name(pattern)) if pattern.strip() else "*"


def _specificity(rule: RetentionRule) -> tuple[bool, int]:
    wild = any(sign in rule.projects for sign in "*?[")
    return (not wild, len(rule.projects))


def _lapsed_of(project: Project, rule: RetentionRule, now_us: int) -> list[Lapsed]:
    releases = _releases(project)
    kept = {project.latest}
    reasons: dict[str, Lapse] = {}
    oldest_kept = _oldest_kept(releases, rule.keep_releases)
    limit_us = None if rule.prerelease_days is None else now_us - rule.prerelease_days * _MICROSECONDS_A_DAY
    for release in releases:
        version = release.files[0].version
        if version in kept:
            continue
        if oldest_kept is not None and release.version < oldest_kept:
            reasons[version] = Lapse.OLDER_RELEASE
        elif limit_us is not None and release.version.is_prerelease and release.newest_upload_us < limit_us:
            reasons[version] = Lapse.OLD_PRERELEASE
    return [Lapsed(file, reasons[file.version], rule) for file in project.files if file.version in reasons]


def _releases(project: Project) -> list[_Release]:
    return [
        _Release(Version(version), tuple(file for file in project.files if file.version == version))
        for version in project.versions
    ]


def _oldest_kept(releases: Sequence[_Release], keep: int | None) -> Version | None:
    """Return the version below which releases go; None when none do.

    What is yanked does not count, else yanked releases would push out those that people install; neither
    do pre-releases beside final ones.
    """
    if keep is None:
        return None
    counted = [release for release in releases if not release.yanked]
    counted = [release for release in counted if not release.version.is_prerelease] or counted
    return counted[keep - 1].version if len(counted) >= keep else None
