"""All projects by name, each made into a value when somebody first asks for it.

Most projects of a large folder are never asked for between two starts; what a start knows of them
stays as the catalog told it until then. Nobody can tell from outside: a project is made once, however
many snapshots share it.
"""

import threading
from collections.abc import Callable, Iterator, Mapping

from packaging.utils import NormalizedName

from cheeseboard.repository.snapshot import Project


class Unmade:
    """A project that nobody has asked for yet."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Project]) -> None:
        self._make: Callable[[], Project] | None = make
        self._made: Project | None = None

    def made(self, making: threading.Lock) -> Project:
        """Return the project, the same one each time."""
        if self._made is not None:
            return self._made
        with making:
            if self._make is not None:
                self._made = self._make()
                self._make = None  # and all it was made from
        assert self._made is not None  # noqa: S101  # made above, or by another thread
        return self._made


class Projects(Mapping[NormalizedName, Project]):
    """Projects by normalized name; frozen."""

    __slots__ = ("_making", "_projects")

    def __init__(self, projects: Mapping[NormalizedName, Project | Unmade]) -> None:
        self._projects = projects
        self._making = threading.Lock()

    def __getitem__(self, name: NormalizedName) -> Project:
        """Return a project."""
        project = self._projects[name]
        return project if isinstance(project, Project) else project.made(self._making)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is such a project."""
        return name in self._projects

    def __iter__(self) -> Iterator[NormalizedName]:
        """Yield every name."""
        return iter(self._projects)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._projects)

    def but(self, changed: Mapping[NormalizedName, Project | None]) -> "Projects":
        """Return these projects but for some that changed (None: gone), sharing all the others."""
        projects = dict(self._projects)
        for name, project in changed.items():
            if project is None:
                projects.pop(name, None)
            else:
                projects[name] = project
        following = Projects(projects)
        following._making = self._making  # the same unmade projects, so the same lock
        return following
