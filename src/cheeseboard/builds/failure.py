"""Why a build failed, as far as what it printed tells."""

import re
from collections.abc import Sequence
from enum import StrEnum


class Step(StrEnum):
    """What a build is at. The values are stable: ``--json`` holds them."""

    COPYING = "copying"
    ENVIRONMENT = "environment"
    REQUIREMENTS = "requirements"
    SDIST = "sdist"
    WHEEL = "wheel"
    ADDING = "adding"


class BuildFailure(StrEnum):
    """Why nothing was built. The values are stable: ``--json`` holds them."""

    # Before anything runs
    NOT_BUILDABLE = "not-buildable"
    INVALID_PYPROJECT = "invalid-pyproject"
    NO_PYTHON = "no-python"
    NO_WORKPLACE = "no-workplace"
    NO_SPACE = "no-space"
    UNREADABLE = "unreadable"
    # Its environment
    NO_ENVIRONMENT = "no-environment"
    REQUIREMENT_NOT_FOUND = "requirement-not-found"
    INDEX_UNREACHABLE = "index-unreachable"
    INDEX_UNTRUSTED = "index-untrusted"
    INDEX_REFUSED = "index-refused"
    # The project's own code
    BACKEND_MISSING = "backend-missing"
    MODULE_MISSING = "module-missing"
    COMPILER_MISSING = "compiler-missing"
    HEADER_MISSING = "header-missing"
    VERSION_UNKNOWN = "version-unknown"
    FILE_MISSING = "file-missing"
    ENDED_BY_SYSTEM = "ended-by-system"
    TIME_OVER = "time-over"
    NO_RESULT = "no-result"
    FAILED = "failed"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# While requirements are installed; the first group that matched is the detail.
_INSTALLING = (
    (
        BuildFailure.INDEX_UNTRUSTED,
        _any("CERTIFICATE_VERIFY_FAILED", "invalid peer certificate", "UnknownIssuer", "self-signed cert"),
    ),
    (
        BuildFailure.INDEX_REFUSED,
        _any(r"\b401 (?:Client )?(?:Error|Unauthorized)", r"\b403 (?:Client )?(?:Error|Forbidden)"),
    ),
    (
        BuildFailure.INDEX_UNREACHABLE,
        _any(
            "error sending request for url",
            "dns error",
            "Connection refused",
            "NewConnectionError",
            "Temporary failure in name resolution",
            "Network is unreachable",
            "network connectivity is disabled",
            "operation timed out",
            "Read timed out",
            "Could not connect",
        ),
    ),
    (
        BuildFailure.REQUIREMENT_NOT_FOUND,
        _any(
            r"Could not find a version that satisfies the requirement ([^\s(]+)",
            r"No matching distribution found for (\S+)",
            r"Because (?:there (?:is|are) no versions? of|only) (\S+?)(?:[<>=!~]\S*)? ",
            r"Because (\S+) was not found",
        ),
    ),
    (BuildFailure.REQUIREMENT_NOT_FOUND, _any("No solution found when resolving")),
)
# While the project's own code runs.
_BUILDING = (
    (BuildFailure.BACKEND_MISSING, _any(r"Backend '([^']+)' is not available", r"Cannot import '([^']+)'")),
    (
        BuildFailure.COMPILER_MISSING,
        _any(
            r"command '([^']+)' failed: No such file or directory",
            r"unable to execute '?([^\s':]+)'?: No such file",
            r"(Microsoft Visual C\+\+)[^\n]*is required",
            r"No (CMAKE_\w+_COMPILER) could be found",
            r"can't find (Rust) compiler",
            r"linker `([^`]+)` not found",
            r"Unknown compiler\(s\): (.+)",
            r"([\w+.-]+): command not found",
        ),
    ),
    (
        BuildFailure.HEADER_MISSING,
        _any(r"fatal error: '?([\w./+-]+\.h\w*)'?(?:: No such file| file not found)"),
    ),
    (
        BuildFailure.VERSION_UNKNOWN,
        _any("unable to detect version for", "Error getting the version from source"),
    ),
    (
        BuildFailure.INVALID_PYPROJECT,
        _any(
            r"configuration error: (.+)",
            r"Failed to (?:parse|validate) (.+)",
            r"invalid pyproject\.toml config: (.+)",
        ),
    ),
    (BuildFailure.MODULE_MISSING, _any(r"^ModuleNotFoundError: No module named '([^']+)'")),
    (BuildFailure.FILE_MISSING, _any(r"^(?:FileNotFoundError|OSError): (?:\[Errno 2\] [^:]+: )?(.+)")),
)
_NO_SPACE = _any("No space left on device", "Disk quota exceeded", "There is not enough space on the disk")
_NO_ENVIRONMENT = _any(
    "Failed to create venv", "ensurepip is not available", "No module named '?(?:ensurepip|venv)"
)
_STEPS = (
    ("* Creating isolated environment", Step.ENVIRONMENT),
    ("* Installing packages in isolated environment", Step.REQUIREMENTS),
    ("* Getting build dependencies for sdist", Step.SDIST),
    ("* Getting build dependencies for wheel", Step.WHEEL),
    ("* Building sdist", Step.SDIST),
    ("* Building wheel", Step.WHEEL),
)
_LAST_ERROR = re.compile(r"^(?:error: .+|ERROR:? .+|[A-Za-z_.]*(?:Error|Exception|Exit|Interrupt)(?:: .+)?)$")
_OF_OURSELVES = ("ERROR Backend subprocess exited", "ERROR Backend operation failed", "TIP ")


def step_of(line: str) -> Step | None:
    """Return the step that the build tool announces by a line, if it does."""
    return next((step for opening, step in _STEPS if line.startswith(opening)), None)


def explain(lines: Sequence[str], step: Step, code: int) -> tuple[BuildFailure, str]:
    """Return why a build failed, and the fact behind it: a name, a file, the last error. Pure.

    Args:
        lines: What it printed.
        step: What it was at.
        code: How it ended, as subprocess tells it.
    """
    text = "\n".join(lines)
    if _NO_SPACE.search(text):
        return BuildFailure.NO_SPACE, ""
    if step is Step.ENVIRONMENT or _NO_ENVIRONMENT.search(text):
        return BuildFailure.NO_ENVIRONMENT, _last_error(lines)
    if code in {-9, 137}:
        return BuildFailure.ENDED_BY_SYSTEM, ""
    for reason, pattern in _INSTALLING if step is Step.REQUIREMENTS else _BUILDING:
        found = pattern.search(text) if step is Step.REQUIREMENTS else _search_last(pattern, lines)
        if found:
            return reason, next((group for group in found.groups() if group), "").strip(" .")
    return BuildFailure.FAILED, _last_error(lines)


def _search_last(pattern: re.Pattern[str], lines: Sequence[str]) -> re.Match[str] | None:
    return next((found for line in reversed(lines) if (found := pattern.search(line))), None)


def _last_error(lines: Sequence[str]) -> str:
    told = [line.strip() for line in lines if line.strip() and not line.startswith(_OF_OURSELVES)]
    errors = (
        line.removeprefix("< ") for line in reversed(told) if _LAST_ERROR.match(line.removeprefix("< "))
    )
    return next(errors, told[-1] if told else "")[:300]
