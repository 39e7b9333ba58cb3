"""Says in plain words on which Python and which system a file installs, from its name alone."""

import re
from collections.abc import Iterable

from packaging.tags import Tag

from cheeseboard.desktop.words.translate import tr
from cheeseboard.distributions.distribution import Kind
from cheeseboard.distributions.filename import wheel_tags
from cheeseboard.repository.snapshot import File

_IMPLEMENTATIONS = {"cp": "CPython", "pp": "PyPy", "py": "Python"}
_MACHINES = {"x86_64": "x86-64", "amd64": "x86-64", "aarch64": "ARM64", "arm64": "ARM64", "i686": "x86"}
_WINDOWS = {"win32": "x86", "win_amd64": "x86-64", "win_arm64": "ARM64"}
_LINUX = re.compile(r"(?P<kind>manylinux|musllinux)_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>\w+)")
_OLD_MANYLINUX = {"manylinux1": "2.5", "manylinux2010": "2.12", "manylinux2014": "2.17"}
_MACOS = re.compile(r"macosx_(?P<major>\d+)_(?P<minor>\d+)_(?P<machine>\w+)")


def runs_on(file: File) -> str:
    """Return "Any Python 3, any system", "CPython 3.11, Linux x86-64 (glibc 2.17 or newer)", ..."""
    if file.kind is Kind.SDIST:
        return tr("Source, built on installing")
    tags = sorted(wheel_tags(file.filename), key=str)
    return tr("{python}, {system}", python=_pythons(tags), system=_systems(tags))


def _pythons(tags: Iterable[Tag]) -> str:
    if any(tag.interpreter == "py3" and tag.abi == "none" for tag in tags):
        return tr("any Python 3")
    interpreters = sorted({tag.interpreter for tag in tags}, key=_version_key)
    stable = any(tag.abi == "abi3" for tag in tags)
    words = " / ".join(_python(interpreter) for interpreter in interpreters)
    if any(tag.abi.endswith("t") and tag.abi.startswith("cp") for tag in tags):
        words = tr("{python} free-threaded", python=words)
    return tr("{python} or newer", python=words) if stable else words


def _version_key(interpreter: str) -> tuple[str, int]:
    digits = interpreter[2:]
    return interpreter[:2], int(digits) if digits.isdigit() else 0


def _python(interpreter: str) -> str:
    name, digits = _IMPLEMENTATIONS.get(interpreter[:2]), interpreter[2:].replace("_", "")
    if name is None or not digits.isdigit():
        return interpreter
    return f"{name} {digits[0]}.{digits[1:]}" if len(digits) > 1 else f"{name} {digits}"


def _systems(tags: Iterable[Tag]) -> str:
    platforms = {tag.platform for tag in tags}
    if "any" in platforms:
        return tr("any system")
    return " / ".join(sorted({_system(platform) for platform in platforms}))


def _system(platform: str) -> str:
    if platform in _WINDOWS:
        return f"Windows {_WINDOWS[platform]}"
    for old, glibc in _OLD_MANYLINUX.items():
        if platform.startswith(f"{old}_"):
            return _linux("glibc", glibc, platform.removeprefix(f"{old}_"))
    if found := _LINUX.fullmatch(platform):
        library = "glibc" if found["kind"] == "manylinux" else "musl"
        return _linux(library, f"{found['major']}.{found['minor']}", found["machine"])
    if found := _MACOS.fullmatch(platform):
        version = found["major"] if found["major"] != "10" else f"10.{found['minor']}"
        machine = _MACHINES.get(found["machine"], tr("Intel and ARM64"))
        return tr("macOS {version} or newer {machine}", version=version, machine=machine)
    if platform.startswith("linux_"):
        machine = platform.removeprefix("linux_")
        return tr("this kind of Linux only, {machine}", machine=_MACHINES.get(machine, machine))
    return platform


def _linux(library: str, version: str, machine: str) -> str:
    return tr(
        "Linux {machine} ({library} {version} or newer)",
        machine=_MACHINES.get(machine, machine),
        library=library,
        version=version,
    )
