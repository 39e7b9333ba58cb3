"""What a wheel's tags mean, for people: "CPython 3.11, Linux (x86-64)"."""

import re
from functools import lru_cache

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

_IMPLEMENTATIONS = {"cp": "CPython", "pp": "PyPy", "py": "Python", "graalpy": "GraalPy", "ip": "IronPython"}
_MACHINES = {
    "x86_64": "x86-64",
    "amd64": "x86-64",
    "i686": "x86, 32 bits",
    "win32": "32 bits",
    "aarch64": "ARM64",
    "arm64": "ARM64",
    "armv7l": "ARM, 32 bits",
    "universal2": "Intel and Apple silicon",
    "intel": "Intel",
}
_LEGACY_LINUX = {"manylinux1": "2.5", "manylinux2010": "2.12", "manylinux2014": "2.17"}


@lru_cache(maxsize=4096)
def describe_wheel(filename: str) -> str:
    """Return for which Python and system a wheel is; "" when its name does not tell."""
    try:
        tags = parse_wheel_filename(filename)[3]
    except (InvalidWheelFilename, ValueError):
        return ""
    interpreters = dict.fromkeys(_python(tag.interpreter, tag.abi) for tag in sorted(tags, key=str))
    platforms = dict.fromkeys(_platform(tag.platform) for tag in sorted(tags, key=str))
    return f"{' or '.join(interpreters)}, {' or '.join(platforms)}"


def _python(interpreter: str, abi: str) -> str:
    match = re.fullmatch(r"([a-z]+?)(\d)(\d*)", interpreter)
    if match is None:
        return interpreter
    name, major, minor = match.groups()
    shown = f"{_IMPLEMENTATIONS.get(name, name)} {major}{'.' + minor if minor else ''}"
    if name == "py" and not minor:
        return f"any Python {major}"
    if abi == "abi3":
        return f"{shown} or newer"
    return f"{shown}, free-threaded" if re.fullmatch(r"cp\d+t", abi) else shown


def _platform(platform: str) -> str:
    if platform == "any":
        return "any system"
    if platform.startswith("win"):
        return f"Windows ({_machine(platform.removeprefix('win_'))})"
    if match := re.fullmatch(r"macosx_(\d+)_(\d+)_(\w+)", platform):
        return _macos(*match.groups())
    return _linux(platform) or platform


def _macos(major: str, minor: str, machine: str) -> str:
    version = major if int(major) >= 11 else f"{major}.{minor}"
    shown = "Apple silicon" if machine == "arm64" else _machine(machine).replace("x86-64", "Intel")
    return f"macOS {version} or newer ({shown})"


def _linux(platform: str) -> str:
    if match := re.fullmatch(r"(manylinux|musllinux)_(\d+)_(\d+)_(\w+)", platform):
        family, major, minor, machine = match.groups()
        library = "glibc" if family == "manylinux" else "musl"
        return f"Linux ({_machine(machine)}, {library} {major}.{minor} or newer)"
    if match := re.fullmatch(r"(manylinux1|manylinux2010|manylinux2014)_(\w+)", platform):
        return f"Linux ({_machine(match[2])}, glibc {_LEGACY_LINUX[match[1]]} or newer)"
    match = re.fullmatch(r"linux_(\w+)", platform)
    return f"Linux ({_machine(match[1])})" if match else ""


def _machine(name: str) -> str:
    return _MACHINES.get(name, name)
