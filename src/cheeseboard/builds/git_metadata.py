"""A checkout's history for a copy of it, so that versions can be taken from tags."""

import re
import shutil
from pathlib import Path

# What points back at the original work tree, or lets git run another program there.
_LEFT_OUT = re.compile(rb"^[ \t]*(worktree|fsmonitor|hooksPath)[ \t]*=.*\n?", re.IGNORECASE | re.MULTILINE)


def lend_history(original: Path, copy: Path) -> None:
    """Make ``copy`` a repository at the same commit and index, which reads its objects from ``original``.

    Args:
        original: A ``.git``: a directory, or the file that a worktree or submodule has in its place.
        copy: The ``.git`` directory to be made.

    Raises:
        OSError: A file cannot be read or written.
    """
    own = _git_directory(original)
    if own is None:
        return
    shared = _shared_directory(own)
    (copy / "objects" / "info").mkdir(parents=True)
    (copy / "refs").mkdir()
    (copy / "objects" / "info" / "alternates").write_bytes(str(shared / "objects").encode() + b"\n")
    config = shared / "config"
    if config.is_file():
        (copy / "config").write_bytes(_LEFT_OUT.sub(b"", config.read_bytes()))
    for name in ("packed-refs", "shallow"):
        _copy_file(shared / name, copy / name)
    for name in ("HEAD", "index"):
        _copy_file(own / name, copy / name)
    for path in own.glob("sharedindex.*"):
        _copy_file(path, copy / path.name)
    for name in ("refs", "reftable"):
        if (shared / name).is_dir():
            shutil.copytree(shared / name, copy / name, dirs_exist_ok=True)
    for name in ("exclude", "attributes"):
        (copy / "info").mkdir(exist_ok=True)
        _copy_file(shared / "info" / name, copy / "info" / name)


def _git_directory(original: Path) -> Path | None:
    """Return the directory that a ``.git`` stands for; None when it leads nowhere."""
    if original.is_dir():
        return original.resolve()
    try:
        text = original.read_text("utf-8", "surrogateescape")
    except OSError:
        return None
    if not text.startswith("gitdir:"):
        return None
    target = (original.parent / text.removeprefix("gitdir:").strip()).resolve()
    return target if target.is_dir() else None


def _shared_directory(own: Path) -> Path:
    """Return where objects and branches lie: a worktree has them in the repository it belongs to."""
    try:
        return (own / (own / "commondir").read_text("utf-8", "surrogateescape").strip()).resolve()
    except OSError:
        return own


def _copy_file(source: Path, target: Path) -> None:
    if source.is_file():
        shutil.copyfile(source, target)
