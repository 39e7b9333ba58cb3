"""Where things lie in the managed folder, and which names in it are nobody's business."""

from dataclasses import dataclass
from pathlib import Path

# Names under which downloads and copies grow; what they become is renamed when complete.
_UNFINISHED_SUFFIXES = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".swp", "~")
# Directories that hold installed or built things, never a collection of distributions.
SKIPPED_DIRECTORIES = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".bzr",
        ".tox",
        ".nox",
        ".venv",
        "venv",
        "env",
        "site-packages",
        "node_modules",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
    }
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The managed folder: ``<folder>/<normalized-project>/<file>`` and ``.cheeseboard`` beside them.

    Attributes:
        aside: Where the copied catalog of a folder is that cannot be written to; nothing is written to
            the folder then.
    """

    folder: Path
    aside: Path | None = None

    @property
    def private(self) -> Path:
        """Ours alone, 0700."""
        return self.aside or self.folder / ".cheeseboard"

    @property
    def catalog(self) -> Path:
        """The SQLite catalog."""
        return self.private / "catalog.sqlite3"

    @property
    def staging(self) -> Path:
        """Where files wait until they are whole and judged; on the folder's own file system."""
        return self.private / "staging"

    @property
    def trash(self) -> Path:
        """What the user removed."""
        return self.folder / ".cheeseboard" / "trash"

    def place(self, project: str, filename: str) -> Path:
        """Return where a file belongs."""
        return self.folder / project / filename


def is_ignored(name: str) -> bool:
    """Tell whether a file or directory of this name in the folder is passed over in silence."""
    return name.startswith(".") or name.lower().endswith(_UNFINISHED_SUFFIXES)


def looks_like_distribution(name: str) -> bool:
    """Tell whether a file of this name, met among others, may be a distribution."""
    return not is_ignored(name) and name.lower().endswith((".whl", ".tar.gz", ".zip"))


def is_skipped_directory(path: Path) -> bool:
    """Tell whether a given directory is a virtual environment, a repository's or tool's own, or a cache."""
    return path.name in SKIPPED_DIRECTORIES or (path / "pyvenv.cfg").is_file()
