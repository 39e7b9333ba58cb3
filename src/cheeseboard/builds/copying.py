"""The tree that is built: a private copy, because build tools write into theirs."""

import errno
import os
import re
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cheeseboard.builds.git_metadata import lend_history
from cheeseboard.builds.source_tree import is_environment, is_file

# Made again by whoever needs them, and large.
_PASSED_OVER = frozenset(
    {".eggs", ".hypothesis", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".tox", ".venv"}
    | {"__pycache__", "node_modules"}
)
# What setuptools leaves in build/; a project's own directory of that name holds something else.
_STALE_BUILD = re.compile(r"lib|lib\..+|bdist\..+|temp\..+|scripts-.+")
_DISTRIBUTIONS = (".whl", ".tar.gz")


class CopyCancelled(Exception):  # control flow inside the room, never shown
    """The caller no longer wants the copy."""


@dataclass(slots=True)
class _Copying:
    """One copy under way.

    Attributes:
        root: The original's real path.
        target: The copy's path; it may lie inside the original (somebody builds their home directory).
        left_out: What could not be read, or leads too far.
    """

    root: Path
    target: Path
    cancelled: Callable[[], bool]
    left_out: list[Path] = field(default_factory=list)


def copy_tree(source: Path, target: Path, cancelled: Callable[[], bool]) -> tuple[Path, ...]:
    """Copy a source tree without environments, caches and former results; return what was left out.

    Links inside the tree stay links; what a link brings in from outside is copied. Devices, pipes and
    sockets are passed over. Modes and times are kept: sdists carry them.

    Raises:
        CopyCancelled: ``cancelled`` said so.
        OSError: There is no room, or the copy's disk failed.
    """
    copying = _Copying(source.resolve(), target.parent.resolve() / target.name, cancelled)
    _copy_directory(copying, copying.root, copying.target, (copying.root,))
    return tuple(copying.left_out)


def _copy_directory(copying: _Copying, source: Path, target: Path, chain: tuple[Path, ...]) -> None:
    target.mkdir(mode=0o700, exist_ok=True)
    try:
        with os.scandir(source) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        copying.left_out.append(source)
        return
    for entry in found:
        if copying.cancelled():
            raise CopyCancelled
        if not _is_passed_over(copying, Path(entry.path), _is_directory(entry)):
            _copy_entry(copying, entry, target / entry.name, chain)
    _keep_mode_and_time(source, target)


def _is_directory(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in circles
        return False


def _copy_entry(copying: _Copying, entry: "os.DirEntry[str]", target: Path, chain: tuple[Path, ...]) -> None:
    path = Path(entry.path)
    try:
        if entry.name == ".git" and not entry.is_symlink():
            lend_history(path, target)
        elif entry.is_symlink():
            _copy_link(copying, path, target, chain)
        elif entry.is_dir():
            _copy_directory(copying, path, target, chain)
        elif entry.is_file():
            _copy_file(path, target)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        if error.errno != errno.ENOENT:  # gone meanwhile
            copying.left_out.append(path)


def _copy_link(copying: _Copying, path: Path, target: Path, chain: tuple[Path, ...]) -> None:
    real = Path(os.path.realpath(path))  # which, unlike resolve(), takes links that lead in circles
    if real.is_relative_to(copying.root) or not real.exists():
        inside = path.parent.resolve().is_relative_to(copying.root)
        text = path.readlink()
        if text.is_absolute() and inside and real.is_relative_to(copying.root):
            place = copying.target / path.parent.relative_to(copying.root)
            text = Path(os.path.relpath(copying.target / real.relative_to(copying.root), place))
        target.symlink_to(text, target_is_directory=real.is_dir())
    elif real.is_file():
        _copy_file(real, target)
    elif real.is_dir():
        if copying.root.is_relative_to(real) or real in chain:
            copying.left_out.append(path)
        else:
            _copy_directory(copying, real, target, (*chain, real))


def _copy_file(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    _keep_mode_and_time(source, target)


def _keep_mode_and_time(source: Path, target: Path) -> None:
    try:
        found = source.stat()
    except OSError:
        return
    own = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
    target.chmod(stat.S_IMODE(found.st_mode) & 0o777 | own)
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def _is_passed_over(copying: _Copying, path: Path, is_directory: bool) -> bool:
    if not is_directory:
        at_top = path.parent.parent == copying.root and path.parent.name == "dist"
        return at_top and path.name.endswith(_DISTRIBUTIONS)
    if path == copying.target or path.name in _PASSED_OVER or is_environment(path):
        return True
    if path.name.endswith(".egg-info"):
        return is_file(path / "PKG-INFO")
    return path.name == "build" and path.parent == copying.root and _is_stale_build(path)


def _is_stale_build(path: Path) -> bool:
    try:
        return all(_STALE_BUILD.fullmatch(name) for name in os.listdir(path))  # noqa: PTH208  # names alone
    except OSError:
        return False
