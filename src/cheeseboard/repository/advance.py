"""The next snapshot, from the one before and what changed; pure, and sharing what did not change."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial

from packaging.utils import NormalizedName
from packaging.version import Version

from cheeseboard.distributions.distribution import Kind
from cheeseboard.repository.projects import Projects, Unmade
from cheeseboard.repository.records import Changes, Contents, FileRow, ProjectRow, RecordedFile
from cheeseboard.repository.rows import file_row
from cheeseboard.repository.snapshot import File, Project, Snapshot


def begin(contents: Contents) -> Snapshot:
    """Return the first snapshot; its projects are made when somebody asks for them."""
    decided = {row.name: row for row in contents.projects}
    projects = Projects(
        {
            name: Unmade(partial(_first_project, name, files, decided.get(name)))
            for name, files in contents.files.items()
        }
    )
    return Snapshot(contents.serial, projects, contents.file_count, contents.total_size)


def _first_project(
    name: NormalizedName, files: Sequence[RecordedFile], decided: ProjectRow | None
) -> Project:
    project = _next_project(name, None, map(file_row, files), decided)
    assert project is not None  # noqa: S101  # there is no name without files
    return project


def advance(
    snapshot: Snapshot, changes: Changes, decided: Mapping[NormalizedName, ProjectRow]
) -> tuple[Snapshot, frozenset[NormalizedName]]:
    """Return the next snapshot and the names of the projects that differ from the one before.

    Args:
        snapshot: The one before.
        changes: What changed since.
        decided: All that owners ever decided, also about projects that have no files now.
    """
    by_project: dict[NormalizedName, list[FileRow]] = {}
    for row in changes.files:
        by_project.setdefault(row.file.project, []).append(row)
    decisions = {row.name for row in changes.projects}
    changed: dict[NormalizedName, Project | None] = {}
    file_count, total_size = snapshot.file_count, snapshot.total_size
    for name in by_project.keys() | decisions:
        before = snapshot.projects.get(name)
        after = _next_project(name, before, by_project.get(name, ()), decided.get(name))
        if after == before:
            continue
        changed[name] = after
        file_count += _count(after) - _count(before)
        total_size += _size(after) - _size(before)
    before_all = snapshot.projects
    projects = (before_all if isinstance(before_all, Projects) else Projects(before_all)).but(changed)
    return Snapshot(changes.serial, projects, file_count, total_size), frozenset(changed)


def _count(project: Project | None) -> int:
    return len(project.files) if project else 0


def _size(project: Project | None) -> int:
    return project.size if project else 0


def _next_project(
    name: NormalizedName, before: Project | None, rows: Iterable[FileRow], decided: ProjectRow | None
) -> Project | None:
    # By lower-cased name: a row stands for its name in any case, and replaces an earlier spelling.
    files = {file.filename.lower(): file for file in before.files} if before else {}
    display_names: dict[str, str] = {}
    for row in rows:
        key = row.file.filename.lower()
        if row.present:
            files[key] = row.file
            display_names[row.file.filename] = row.display_name
        else:
            files.pop(key, None)
    if not files:
        return None
    ordered = _ordered(files.values())
    display_name = before.display_name if before else display_names.get(ordered[0].filename, str(name))
    display_name = display_names.get(ordered[0].filename, display_name)
    if decided is not None and decided.display_name:
        display_name = decided.display_name
    if decided is not None:
        return Project(name, display_name, ordered, decided.status, decided.status_reason)
    if before is not None:
        return Project(name, display_name, ordered, before.status, before.status_reason)
    return Project(name, display_name, ordered)


def _ordered(files: Iterable[File]) -> tuple[File, ...]:
    """Newest version first; within a version wheels before sdists, then by name."""
    by_name = sorted(files, key=lambda file: (file.kind is Kind.SDIST, file.filename))
    return tuple(sorted(by_name, key=lambda file: _parsed(file.version), reverse=True))


@lru_cache(maxsize=65_536)
def _parsed(version: str) -> Version:
    return Version(version)
