"""The language of the search field: plain words, and marks such as ``is:yanked`` or ``py:3.12``.

A row's haystack holds the answers to all marks but ``py:`` and ``os:`` as words of their own, so that
a search of a hundred thousand rows stays a search for substrings.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag
from packaging.version import InvalidVersion, Version

from cheeseboard.distributions.distribution import Kind
from cheeseboard.distributions.filename import wheel_tags
from cheeseboard.repository.snapshot import File, Project

MARKS = ("is:", "has:", "tag:", "os:")
SYSTEMS = (
    ("manylinux", "linux"),
    ("musllinux", "linux"),
    ("linux", "linux"),
    ("macosx", "macos"),
    ("win", "windows"),
)
EVERY_SYSTEM = ("linux", "macos", "windows")
_PYTHON = re.compile(r"py:(\d+(?:\.\d+)?)")
# What py:3.x may ask for; farther ones are answered by requires-python alone.
_INTERPRETER = re.compile(r"(?P<kind>py|cp)(?P<major>\d)(?P<minor>\d*)")


@dataclass(frozen=True, slots=True)
class Search:
    """What the user looks for.

    Attributes:
        words: Each must be in the haystack, lower-cased.
        pythons: Each must be able to install some file.
    """

    words: tuple[str, ...] = ()
    pythons: tuple[Version, ...] = ()


def read_search(text: str) -> Search:
    """Read what was typed; a mark that is not finished ("py:") filters nothing yet."""
    words, pythons = [], []
    for word in text.lower().split():
        if found := _PYTHON.fullmatch(word):
            pythons.append(Version(found[1]))
        elif word not in (*MARKS, "py:"):
            words.append(_spelled(word))
    return Search(tuple(words), tuple(pythons))


def _spelled(word: str) -> str:
    """Bring the spellings that people use to ours."""
    same = {
        "is:prerelease": "is:pre-release",
        "os:win": "os:windows",
        "os:mac": "os:macos",
        "os:osx": "os:macos",
        "os:darwin": "os:macos",
        "has:wheels": "has:wheel",
        "has:source": "has:sdist",
    }
    return same.get(word, word)


def marks_of(project: Project) -> Iterable[str]:
    """Yield what marks can find of a project, one word each."""
    for kind in sorted({file.kind for file in project.files}):
        yield f"has:{kind}"
    if any(file.yanked is not None for file in project.files):
        yield "has:yanked"
    if any(Version(version).is_prerelease for version in project.versions):
        yield "has:pre-release"
    tags = {tag for file in project.files if file.kind is Kind.WHEEL for tag in _tags(file)}
    for tag in sorted({str(tag) for tag in tags}):
        yield f"tag:{tag}"
    systems = {system_of(tag.platform) for tag in tags}
    anywhere = "any" in systems or any(file.kind is Kind.SDIST for file in project.files)
    for system in EVERY_SYSTEM:
        if anywhere or system in systems:
            yield f"os:{system}"


def system_of(platform: str) -> str:
    """Return "linux", "macos", "windows" or "any" for a platform tag; another one as it is."""
    return next((name for prefix, name in SYSTEMS if platform.startswith(prefix)), platform)


def installs_on(project: Project, python: Version) -> bool:
    """Tell whether some file of a project suits this Python, whatever the system."""
    return any(_file_suits(file, python) for file in project.files)


def _file_suits(file: File, python: Version) -> bool:
    if not _required(file.requires_python, python):
        return False
    return file.kind is Kind.SDIST or any(_tag_suits(tag, python) for tag in _tags(file))


def _required(specifier: str | None, python: Version) -> bool:
    if not specifier:
        return True
    try:
        # 3.12 means any 3.12: the newest patch decides, so that ">=3.12.1" is not refused
        return SpecifierSet(specifier).contains(f"{python}.99" if len(python.release) == 2 else str(python))
    except (InvalidSpecifier, InvalidVersion):
        return True


def _tag_suits(tag: Tag, python: Version) -> bool:
    found = _INTERPRETER.fullmatch(tag.interpreter)
    if found is None or int(found["major"]) != python.major:
        return False
    if not found["minor"] or len(python.release) < 2:
        return True
    minor = int(found["minor"])
    if found["kind"] == "py" or tag.abi == "abi3":
        return minor <= python.minor
    return minor == python.minor


def _tags(file: File) -> frozenset[Tag]:
    return wheel_tags(file.filename)
