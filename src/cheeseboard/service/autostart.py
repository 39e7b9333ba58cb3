"""Starting with the user's session: one entry where the system looks for it, verified, and taken back whole.

The entry itself is the truth; no setting repeats it. Linux: a desktop entry (Desktop Entry and Autostart
specifications). macOS: a launch agent. Windows: a value of the user's Run key.
"""

import plistlib
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from cheeseboard.errors import AutostartError, Sentence

NAME = "cheeseboard"
LABEL = "io.github.cheeseboard"
# What an entry's own command is told, so that the window stays in the tray.
HIDDEN = "--hidden"
# Without it a portable Cheeseboard would start as another one.
_KEPT_VARIABLE = "CHEESEBOARD_HOME"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class RunKey(Protocol):
    """The values of the user's Run key (Windows)."""

    def read(self, name: str) -> str | None:
        """Return a value; None without one."""

    def write(self, name: str, value: str) -> None:
        """Set a value."""

    def remove(self, name: str) -> None:
        """Remove a value, if it is there."""


class Autostart:
    """Whether Cheeseboard starts when its user logs in; every method is slow."""

    def __init__(
        self,
        environ: Mapping[str, str],
        *,
        command: Sequence[str] | None = None,
        platform: str = sys.platform,
        run_key: RunKey | None = None,
    ) -> None:
        """Read nothing yet.

        Args:
            environ: The user's environment.
            command: What starts the window; None for this very program.
            platform: As ``sys.platform`` names it.
            run_key: Instead of the real one (Windows).
        """
        self._command = [*(command or this_program()), HIDDEN]
        home = environ.get(_KEPT_VARIABLE)
        self._variables = {_KEPT_VARIABLE: home} if home else {}
        self._entry: _DesktopEntry | _LaunchAgent | _RunValue
        if platform == "win32":
            self._entry = _RunValue(run_key or _WindowsRunKey())
        elif platform == "darwin":
            agents = _home(environ) / "Library" / "LaunchAgents"
            self._entry = _LaunchAgent(agents / f"{LABEL}.plist")
        else:
            config = environ.get("XDG_CONFIG_HOME")
            base = Path(config) if config else _home(environ) / ".config"
            self._entry = _DesktopEntry(base / "autostart" / f"{NAME}.desktop")

    @property
    def place(self) -> str:
        """Where the entry is, for people."""
        return self._entry.place

    @property
    def enabled(self) -> bool:
        """Whether this very program starts at login; an entry of another one does not count."""
        return self._entry.holds(self._command, self._variables)

    def enable(self) -> None:
        """Write the entry, then read it as the system will.

        Raises:
            AutostartError: It cannot be written, or is not what was written.
        """
        words = (*self._command, *self._variables.values())
        if any(character < " " for word in words for character in word):
            sentence = Sentence("A line break is in the path that would be started, so nothing was changed.")
            raise AutostartError(sentence, self.place)
        self._do(lambda: self._entry.write(self._command, self._variables))
        if not self.enabled:
            raise AutostartError(
                Sentence("{place} was written, but does not hold what it should.", place=self.place),
                self.place,
            )

    def disable(self) -> None:
        """Remove the entry; idempotent.

        Raises:
            AutostartError: It cannot be removed.
        """
        self._do(self._entry.remove)

    def _do(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError as error:
            raise AutostartError(
                Sentence("Can't change {place}: {cause}.", place=self.place, cause=error.strerror), self.place
            ) from error


def this_program() -> list[str]:
    """Return what starts this program again: the frozen executable, or this Python with the package."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    python = Path(sys.executable)
    windowless = python.with_name("pythonw.exe")  # no console window beside it on Windows
    return [str(windowless if windowless.exists() else python), "-m", "cheeseboard"]


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or Path.home())


class _DesktopEntry:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.place = str(path)

    def holds(self, command: Sequence[str], variables: Mapping[str, str]) -> bool:
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        values = dict(line.split("=", 1) for line in lines if "=" in line)
        off = values.get("Hidden") == "true" or values.get("X-GNOME-Autostart-enabled") == "false"
        return not off and values.get("Exec") == _exec_line(command, variables)

    def write(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = (
            "[Desktop Entry]\nType=Application\nName=Cheeseboard\n"
            f"Comment=Private Python package repository\nExec={_exec_line(command, variables)}\n"
            f"Icon={NAME}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
        )
        _replace(self._path, text.encode())

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)
        _remove_empty(self._path.parent)


def _exec_line(command: Sequence[str], variables: Mapping[str, str]) -> str:
    """Return the value of Exec (Desktop Entry Specification): words quoted, then escaped as a string."""
    before = [f"{key}={value}" for key, value in variables.items()]
    if before or "%" in command[0]:  # GLib looks for a program as it is written, with its percent doubled
        before.insert(0, "env")
    return " ".join(_exec_word(word) for word in [*before, *command])


def _exec_word(word: str) -> str:
    doubled = word.replace("%", "%%")
    if not set(doubled) & set(" \t\n\"'\\><~|&;$*?#()`="):
        return doubled
    quoted = "".join(f"\\{each}" if each in '"`$\\' else each for each in doubled)
    return '"' + quoted.replace("\\", "\\\\") + '"'


class _LaunchAgent:
    def __init__(self, path: Path) -> None:
        self._path = path
        self.place = str(path)

    def holds(self, command: Sequence[str], variables: Mapping[str, str]) -> bool:
        try:
            return bool(plistlib.loads(self._path.read_bytes()) == _agent(command, variables))
        except (OSError, plistlib.InvalidFileException, ValueError):
            return False

    def write(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(self._path, plistlib.dumps(_agent(command, variables)))

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def _agent(command: Sequence[str], variables: Mapping[str, str]) -> dict[str, object]:
    agent: dict[str, object] = {"Label": LABEL, "ProgramArguments": list(command), "RunAtLoad": True}
    return agent | ({"EnvironmentVariables": dict(variables)} if variables else {})


class _RunValue:
    def __init__(self, run_key: RunKey) -> None:
        self._run_key = run_key
        self.place = rf"HKEY_CURRENT_USER\{_RUN_KEY}\{NAME}"

    def holds(self, command: Sequence[str], variables: Mapping[str, str]) -> bool:
        del variables  # a Run value carries none
        try:
            return self._run_key.read(NAME) == subprocess.list2cmdline(command)
        except OSError:
            return False

    def write(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        del variables
        self._run_key.write(NAME, subprocess.list2cmdline(command))

    def remove(self) -> None:
        self._run_key.remove(NAME)


class _WindowsRunKey:
    """The real one; winreg is Windows'."""

    def read(self, name: str) -> str | None:
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415  # Windows only

            with suppress(FileNotFoundError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                return str(winreg.QueryValueEx(key, name)[0])
        return None

    def write(self, name: str, value: str) -> None:
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415  # Windows only

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)

    def remove(self, name: str) -> None:
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415  # Windows only

            access = winreg.KEY_SET_VALUE
            with (
                suppress(FileNotFoundError),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY, 0, access) as key,
            ):
                winreg.DeleteValue(key, name)


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with beside.open("xb") as file:  # never through somebody's link
        file.write(content)
    beside.replace(path)


def _remove_empty(directory: Path) -> None:
    with suppress(OSError):  # others' entries are in it
        directory.rmdir()
