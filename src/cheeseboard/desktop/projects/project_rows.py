"""What the table shows of each project, worked out once: pure, so that a worker may do it for many."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import Any

from packaging.utils import NormalizedName
from packaging.version import Version

from cheeseboard.desktop.look.badges import Badge, BadgeKind
from cheeseboard.desktop.projects.search_words import installs_on, marks_of, read_search, system_of
from cheeseboard.desktop.projects.version_keys import version_key
from cheeseboard.distributions.distribution import Kind
from cheeseboard.repository.snapshot import File, Project, ProjectStatus, Snapshot


class Order(StrEnum):
    """What the table can be sorted by, in the order of its columns."""

    NAME = "name"
    LATEST = "latest"
    FILES = "files"
    SIZE = "size"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Row:
    """One project in the table.

    Attributes:
        latest: What an installer would prefer.
        latest_key: The same, as a string that sorts as versions do.
        size: Of all its files, in bytes.
        added_us: When its newest file came, microseconds since the epoch.
        haystack: All that a search looks through, lower-cased.
    """

    project: Project
    badges: tuple[Badge, ...]
    latest: str
    latest_key: str
    size: int
    added_us: int
    haystack: str

    @property
    def name(self) -> str:
        """As people read it."""
        return self.project.display_name


Rows = Mapping[NormalizedName, Row]

_STATUS_BADGES = {
    ProjectStatus.ARCHIVED: BadgeKind.ARCHIVED,
    ProjectStatus.DEPRECATED: BadgeKind.DEPRECATED,
    ProjectStatus.QUARANTINED: BadgeKind.QUARANTINED,
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """What makes the rows of one snapshot those of a later one.

    Attributes:
        gone: Rows that are no longer true: of projects that are gone, or that changed.
        come: Rows in their places, and new ones.
    """

    gone: tuple[Row, ...]
    come: tuple[Row, ...]


def changed_names(snapshot: Snapshot, known: Rows) -> list[NormalizedName]:
    """Return the projects that have no row yet, or one that is no longer true."""
    changed = []
    for name in snapshot.projects:
        row = known.get(name)
        # Asking for a project may make it; one that has no row yet is left for the worker to ask for.
        if row is None or row.project is not snapshot.projects[name]:
            changed.append(name)
    return changed


def find_change(snapshot: Snapshot, known: Rows) -> RowChange:
    """Return what changed since ``known`` were the rows; a project that did not change keeps its row."""
    changed = changed_names(snapshot, known)
    gone = [known[name] for name in changed if name in known]
    gone += [row for name, row in known.items() if name not in snapshot.projects]
    return RowChange(tuple(gone), tuple(build_row(snapshot.projects[name]) for name in changed))


def follow(known: Rows, change: RowChange) -> dict[NormalizedName, Row]:
    """Return the rows after a change."""
    rows = dict(known)
    for row in change.gone:
        del rows[row.project.name]
    for row in change.come:
        rows[row.project.name] = row
    return rows


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
        latest_key=version_key(Version(latest or "0")),
        size=project.size,
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


def by_name(rows: Iterable[Row]) -> list[Row]:
    """Return the rows in the order of their names."""
    return sorted(rows, key=_KEYS[Order.NAME])


def sort_rows(named: list[Row], order: Order, *, descending: bool) -> list[Row]:
    """Return rows, given in the order of their names, sorted; those that are equal there stay in it."""
    if order is Order.NAME:
        return named[::-1] if descending else list(named)
    return sorted(named, key=_KEYS[order], reverse=descending)


def place_of(rows: Sequence[Row], row: Row, order: Order, *, descending: bool) -> int:
    """Return where a row stands in sorted rows, or would."""
    key, name = _KEYS[order](row), row.project.name
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        other = _KEYS[order](rows[middle])
        if other == key:
            before = rows[middle].project.name < name
        else:
            before = (other > key) if descending else (other < key)
        low, high = (middle + 1, high) if before else (low, middle)
    return low


def _file_count(row: Row) -> int:
    return len(row.project.files)


_KEYS: Mapping[Order, Callable[[Row], Any]] = {
    Order.NAME: attrgetter("project.name"),
    Order.LATEST: attrgetter("latest_key"),
    Order.FILES: _file_count,
    Order.SIZE: attrgetter("size"),
    Order.ADDED: attrgetter("added_us"),
}
