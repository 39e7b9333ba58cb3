"""Real source trees whose build backend lies in the tree itself, so that nothing has to be installed."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from tests.builders import core_metadata

PYPROJECT = """
[build-system]
requires = {requires}
build-backend = "own_backend"
backend-path = ["backend"]

[project]
name = "{name}"
version = "{version}"
"""
BACKEND = """
import base64, hashlib, io, os, pathlib, subprocess, sys, tarfile, time, zipfile

STEM, METADATA = {stem!r}, {metadata!r}
WHEEL = b"Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"


def build_sdist(directory, config_settings=None):
    before()
    pathlib.Path("build").mkdir(exist_ok=True)  # as real backends do: into the tree
    pathlib.Path("build", "left-behind").write_text("by the backend")
    with tarfile.open(os.path.join(directory, STEM + ".tar.gz"), "w:gz") as archive:
        for name in ("pyproject.toml", "backend/own_backend.py", "module.py"):
            archive.add(name, STEM + "/" + name)
        info = tarfile.TarInfo(STEM + "/PKG-INFO")
        info.size = len(METADATA)
        archive.addfile(info, io.BytesIO(METADATA))
    return STEM + ".tar.gz"


def build_wheel(directory, config_settings=None, metadata_directory=None):
    before_wheel()
    info = STEM + ".dist-info/"
    members = {{
        "module.py": pathlib.Path("module.py").read_bytes(),
        info + "METADATA": METADATA,
        info + "WHEEL": WHEEL,
    }}
    record = ""
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{{name}},sha256={{digest}},{{len(content)}}\\n"
    members[info + "RECORD"] = (record + info + "RECORD,,\\n").encode()
    with zipfile.ZipFile(os.path.join(directory, STEM + "-py3-none-any.whl"), "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return STEM + "-py3-none-any.whl"


def before():
{before}


def before_wheel():
{before_wheel}
"""


def make_tree(
    folder: Path,
    name: str = "acme-core",
    version: str = "7.0.1",
    *,
    before: str = "pass",
    before_wheel: str = "pass",
    requires: tuple[str, ...] = (),
) -> Path:
    """Write a project; the code given runs at the beginning of its sdist, and of its wheel."""
    (folder / "backend").mkdir(parents=True, exist_ok=True)
    pyproject = PYPROJECT.format(name=name, version=version, requires=list(requires))
    (folder / "pyproject.toml").write_text(pyproject)
    backend = BACKEND.format(
        stem=f"{name.replace('-', '_')}-{version}",
        metadata=core_metadata(name, version),
        before=textwrap.indent(textwrap.dedent(before), "    "),
        before_wheel=textwrap.indent(textwrap.dedent(before_wheel), "    "),
    )
    (folder / "backend" / "own_backend.py").write_text(backend)
    (folder / "module.py").write_text(f"VERSION = {version!r}\n")
    return folder


def contents(folder: Path) -> dict[str, bytes | str]:
    """Return every path below a folder with its bytes, or where it leads."""
    return dict(_contents(folder))


def _contents(folder: Path) -> Iterator[tuple[str, bytes | str]]:
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            yield name, str(path.readlink())
        elif path.is_file():
            yield name, path.read_bytes()
        else:
            yield name, "directory"
