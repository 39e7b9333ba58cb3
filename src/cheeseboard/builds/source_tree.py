"""Which folders say how they are built: recognised by reading their files, without running any of them."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

# How deep below a dropped folder projects are looked for, how many are offered, how much is looked at.
_DEPTH = 3
_MOST_TREES = 50
_MOST_DIRECTORIES = 5_000
_LARGEST_FILE = 1024 * 1024
# Directories in which a pyproject.toml is an example or a copy, never what the folder is there for.
_NEVER_SEARCHED = frozenset(
    {"build", "dist", "doc", "docs", "env", "example", "examples", "node_modules", "site-packages"}
    | {"test", "testing", "tests", "vendor", "venv"}
)
_DISTRIBUTIONS = (".whl", ".tar.gz")


@dataclass(frozen=True, slots=True)
class SourceTree:
    """A folder that can be built.

    Attributes:
        path: Where pyproject.toml or setup.py lies.
        name: What the project calls itself, else the folder's name.
        version: What it says of its version; empty when that is worked out by the build.
        built: Wheels and sdists that lie in its dist/ already.
    """

    path: Path
    name: str
    version: str = ""
    built: tuple[Path, ...] = ()


def find_source_trees(folder: Path) -> tuple[SourceTree, ...]:
    """Return what could be built of a folder: itself, else the projects in it; slow.

    A folder with wheels or sdists at its top is a collection, not a checkout: nothing in it is offered.
    """
    itself = read_source_tree(folder)
    if itself is not None:
        return (itself,)
    if _distributions(folder):
        return ()
    found: list[SourceTree] = []
    for directory in _directories(folder):
        tree = read_source_tree(directory)
        if tree is not None and not any(directory.is_relative_to(other.path) for other in found):
            found.append(tree)
            if len(found) == _MOST_TREES:
                break
    return tuple(found)


def read_source_tree(folder: Path) -> SourceTree | None:
    """Return the project in a folder; None when the folder is none, or says that it is not to be built."""
    has_setup = is_file(folder / "setup.py")
    pyproject = folder / "pyproject.toml"
    if not has_setup and not is_file(pyproject):
        return None
    try:
        content = read_pyproject(pyproject)
    except (OSError, ValueError):
        content = {"project": {}}  # what is wrong with it is told when it shall be built
    if not has_setup and not _is_package(content):
        return None
    project = _table(content, "project")
    return SourceTree(
        folder,
        _valid_name(project.get("name")) or folder.resolve().name,
        _valid_version(project.get("version")),
        _distributions(folder / "dist"),
    )


def _valid_name(said: object) -> str:
    """Return a project's name; "" for what can be none: it may be a stranger's, and is shown."""
    try:
        canonicalize_name(str(said), validate=True)
    except InvalidName:
        return ""
    return str(said) if isinstance(said, str) else ""


def _valid_version(said: object) -> str:
    try:
        Version(str(said))
    except InvalidVersion:
        return ""
    return said.strip() if isinstance(said, str) else ""


def read_pyproject(path: Path) -> Mapping[str, Any]:
    """Return what a pyproject.toml says; empty when there is none.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no TOML.
    """
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(_LARGEST_FILE).decode("utf-8"))
    except FileNotFoundError:
        return {}
    except RecursionError:
        raise ValueError("it nests too deeply") from None


def _is_package(content: Mapping[str, Any]) -> bool:
    """Tell whether a pyproject.toml describes something to build, rather than just tools' settings."""
    tools = _table(content, "tool")
    refusals = (("uv", "package"), ("poetry", "package-mode"), ("pdm", "distribution"))
    if any(_table(tools, tool).get(key) is False for tool, key in refusals):
        return False
    return "build-system" in content or "project" in content


def _table(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def _distributions(folder: Path) -> tuple[Path, ...]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_file()]
    except OSError:
        return ()
    return tuple(folder / name for name in sorted(names) if name.endswith(_DISTRIBUTIONS))


def _directories(folder: Path) -> Iterator[Path]:
    """Return the directories below a folder, the nearest first, links not followed."""
    level, seen = [folder], 0
    for _ in range(_DEPTH):
        below: list[Path] = []
        for directory in level:
            children = _children(directory)
            below += children
            seen += len(children)
            yield from children
            if seen > _MOST_DIRECTORIES:
                return
        level = below


def _children(directory: Path) -> list[Path]:
    try:
        with os.scandir(directory) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
    paths = [directory / name for name in names if name not in _NEVER_SEARCHED and not name.startswith(".")]
    return [path for path in paths if not is_environment(path)]


def is_environment(directory: Path) -> bool:
    """Tell whether a directory is a virtual environment."""
    return is_file(directory / "pyvenv.cfg")


def is_file(path: Path) -> bool:
    """Tell whether there is a file; False, unlike pathlib, where one may not look."""
    try:
        return path.is_file()
    except OSError:
        return False


def surroundings(tree: SourceTree) -> Path:
    """Return what must be copied to build a tree: the tree, or the checkout around it when it reaches out.

    A project of a larger checkout may name files beside it ("../LICENSE") or take its version from the
    checkout's history.
    """
    if not _reaches_out(tree.path):
        return tree.path
    real = tree.path.resolve()
    around = next((parent for parent in real.parents if (parent / ".git").exists()), None)
    if around is None or (real / ".git").exists() or around == Path.home() or not _is_bounded(around):
        return tree.path
    return around


def _reaches_out(folder: Path) -> bool:
    for name in ("pyproject.toml", "setup.cfg", "setup.py"):
        try:
            if b".." in (folder / name).read_bytes():
                return True
        except OSError:
            continue
    return False


def _is_bounded(folder: Path, most_files: int = 100_000) -> bool:
    files = 0
    for _, names, filenames in os.walk(folder):
        names[:] = [name for name in names if name not in {".git", "node_modules", ".venv"}]
        files += len(filenames)
        if files > most_files:
            return False
    return True
