"""The Python that builds: ours, or, where we are one bundled program, one found on this computer."""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import which

# build, pyproject_hooks and packaging are plain Python without further needs from this version on.
_OLDEST = (3, 11)
_NAMES = ("python3", "python", *(f"python3.{minor}" for minor in range(19, 10, -1)))
_FRONTEND = ("build", "pyproject_hooks", "packaging")
_ASKING_SECONDS = 20.0


def is_bundled() -> bool:
    """Tell whether ``sys.executable`` is the application itself, as PyInstaller makes it."""
    return bool(getattr(sys, "frozen", False))


def find_python(chosen: str, environ: Mapping[str, str], *, bundled: bool) -> Path | None:
    """Return the Python to build with; slow: candidates are asked.

    Args:
        chosen: A path or a program's name, where the user chose one; else empty.
        environ: The user's environment.
        bundled: Whether this program is none.
    """
    if not chosen and not bundled:
        return Path(sys.executable)
    names = (chosen,) if chosen else _NAMES
    paths = (which(name, path=environ.get("PATH")) for name in names)
    return next((Path(path) for path in paths if path and _can_build(path)), None)


def _can_build(python: str) -> bool:
    code = f"import sys, venv; sys.exit(sys.version_info < {_OLDEST})"
    try:
        done = subprocess.run(
            [python, "-I", "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASKING_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def frontend_command(python: Path) -> tuple[str, ...]:
    """Return how that Python runs pypa/build, which is ours.

    ``-I``: a module named ``build`` in the user's folder or PYTHONPATH must not be taken for it.
    """
    if python == Path(sys.executable):
        return (str(python), "-I", "-m", "build")
    code = f"import runpy, sys; sys.path[:0] = {_frontend_directories()!r}; "
    return (str(python), "-I", "-c", code + "runpy.run_module('build', run_name='__main__', alter_sys=True)")


def _frontend_directories() -> list[str]:
    specs = [importlib.util.find_spec(name) for name in _FRONTEND]
    return sorted({str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin})


def find_installers(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return what installs build requirements: uv where it is found, then pip: each has its own settings."""
    has_uv = which("uv", path=environ.get("PATH")) or importlib.util.find_spec("uv") is not None
    return ("uv", "pip") if has_uv else ("pip",)
