"""What the table shows of each project, worked out once: pure, so that a worker may do it for many."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from packaging.utils import NormalizedName
from packaging.version import Version

from cheeseboard.desktop.look.badges import Badge, BadgeKind
from cheeseboard.desktop.projects.search_words import installs_on, marks_of, read_search, system_of
from cheeseboard.distributions.distribution import Kind
from cheeseboard.repository.snapshot import File, Project, ProjectStatus, Snapshot


class Order(StrEnum):
    """What the table can be sorted by, in the order of its columns."""

    NAME = "name"
    LATEST = "latest"
    FILES = "files"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Row:
    """One project in the table.

    Attributes:
        latest: What an installer would prefer.
        latest_key: The same, for sorting.
        added_us: When its newest file came, microseconds since the epoch.
        haystack: All that a search looks through, lower-cased.
    """

    project: Project
    badges: tuple[Badge, ...]
    latest: str
    latest_key: Version
    added_us: int
    haystack: str

    @property
    def name(self) -> str:
        """As people read it."""
        return self.project.display_name


_STATUS_BADGES = {
    ProjectStatus.ARCHIVED: BadgeKind.ARCHIVED,
    ProjectStatus.DEPRECATED: BadgeKind.DEPRECATED,
    ProjectStatus.QUARANTINED: BadgeKind.QUARANTINED,
}


def build_rows(snapshot: Snapshot, known: Mapping[NormalizedName, Row]) -> dict[NormalizedName, Row]:
    """Return a row for every project, reusing those in ``known`` whose project did not change."""
    rows: dict[NormalizedName, Row] = {}
    for name, project in snapshot.projects.items():
        row = known.get(name)
        rows[name] = row if row is not None and row.project is project else build_row(project)
    return rows


def count_changed(snapshot: Snapshot, known: Mapping[NormalizedName, Row]) -> int:
    """Return how many rows would have to be built anew."""
    changed = 0
    for name in snapshot.projects:
        row = known.get(name)
        # Asking for a project may make it; one that has no row yet is left for the worker to ask for.
        changed += row is None or row.project is not snapshot.projects[name]
    return changed


def build_row(project: Project) -> Row:
    """Return the row of one project."""
    latest = project.latest
    badges = find_badges(project, latest)
    parts = [project.name, project.display_name, project.summary, *project.versions]
    parts += [file.filename for file in project.files]
    parts += [f"is:{badge.kind}" for badge in badges]
    parts += marks_of(project)
    return Row(
        project=project,
        badges=badges,
        latest=latest,
        latest_key=Version(latest or "0"),
        added_us=project.newest_upload_us,
        haystack="\n".join(parts).lower(),
    )


def find_badges(project: Project, latest: str) -> tuple[Badge, ...]:
    """Return the badges of a project: what its latest release consists of, then what is unusual."""
    files = tuple(file for file in project.files if file.version == latest)
    badges = list(_wheel_badges(tuple(file for file in files if file.kind is Kind.WHEEL)))
    if any(file.kind is Kind.SDIST for file in files):
        badges.append(Badge(BadgeKind.SDIST))
    if latest and Version(latest).is_prerelease:
        badges.append(Badge(BadgeKind.PRE_RELEASE))
    if files and all(file.yanked is not None for file in files):
        badges.append(Badge(BadgeKind.YANKED))
    status = _STATUS_BADGES.get(project.status)
    if status is not None:
        badges.append(Badge(status))
    return tuple(badges)


def _wheel_badges(wheels: tuple[File, ...]) -> tuple[Badge, ...]:
    if not wheels:
        return ()
    tags = [wheel.filename.removesuffix(".whl").split("-")[-3:] for wheel in wheels]
    if any(platform == "any" for *_, platform in tags):
        return (Badge(BadgeKind.WHEEL),)
    pythons = sorted({python for python, *_ in tags})
    systems = sorted({system_of(platform) for *_, platform in tags})
    what = pythons[0] if len(pythons) == 1 else "wheels"
    return (Badge(BadgeKind.PLATFORM_WHEEL, f"{what} · {', '.join(systems)}"),)


def filter_rows(rows: list[Row], text: str) -> list[Row]:
    """Return the rows that answer to every word and mark of ``text``, in their order."""
    search = read_search(text)
    found = rows
    for word in search.words:
        found = [row for row in found if word in row.haystack]
    for python in search.pythons:
        found = [row for row in found if installs_on(row.project, python)]
    return found


def sort_rows(rows: list[Row], order: Order, *, descending: bool) -> list[Row]:
    """Return the rows sorted; rows that are equal there stay in the order of their names."""
    by_name = sorted(rows, key=lambda row: row.project.name)
    match order:
        case Order.NAME:
            return by_name[::-1] if descending else by_name
        case Order.LATEST:
            return sorted(by_name, key=lambda row: row.latest_key, reverse=descending)
        case Order.FILES:
            return sorted(by_name, key=lambda row: len(row.project.files), reverse=descending)
        case Order.ADDED:
            return sorted(by_name, key=lambda row: row.added_us, reverse=descending)
