"""The environment that a build runs in: the user's, without what must not leak into or out of it; pure."""

from collections.abc import Mapping
from pathlib import Path

# What would make the isolated environment another one.
_STEERING = frozenset(
    {"PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONUSERBASE", "VIRTUAL_ENV", "CONDA_PREFIX"}
    | {"__PYVENV_LAUNCHER__", "FORCE_COLOR", "CLICOLOR_FORCE"}
)
# Secrets for publishing, which no build needs.
_SECRETS = (
    "TWINE_",
    "UV_PUBLISH_",
    "PDM_PUBLISH_",
    "HATCH_INDEX_",
    "FLIT_",
    "POETRY_PYPI_TOKEN_",
    "CHEESEBOARD_",
)
# PyInstaller's bootloader points these at its own libraries, and keeps what the user had.
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")


def build_environment(environ: Mapping[str, str], temporary: Path, *, bundled: bool) -> dict[str, str]:
    """Return the environment of a build.

    Args:
        environ: The user's: indexes, proxies and compilers are as they have them.
        temporary: Where temporary files go.
        bundled: Whether this program came with libraries of its own.
    """
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _STEERING and not name.startswith(_SECRETS)
    }
    if bundled:
        for name in _LIBRARY_PATHS:
            before = kept.pop(f"{name}_ORIG", "")
            kept.pop(name, None)
            if before:
                kept[name] = before
    return {
        **kept,
        "TMPDIR": str(temporary),
        "TEMP": str(temporary),
        "TMP": str(temporary),
        "NO_COLOR": "1",
        "TERM": "dumb",
        "COLUMNS": "1000",  # pypa/build folds lines at the terminal's width
        "PYTHONUNBUFFERED": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_PROGRESS_BAR": "off",
        "UV_NO_PROGRESS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
    }
