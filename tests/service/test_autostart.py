"""Starting at login: the entry that each system reads, with paths as people have them, and gone again."""

import os
import plistlib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cheeseboard.errors import AutostartError
from cheeseboard.service.autostart import HIDDEN, Autostart, this_program

# What may stand in a path, and means something to the shell, or to desktop entries. A program's
# path may hold no "=": the specification forbids it.
WICKED = 'Ada\'s "wheels" $HOME `x` 100% \\ end'
linux = pytest.mark.skipif(sys.platform != "linux", reason="desktop entries are Linux's")


@pytest.fixture
def environ(own_home: Path) -> dict[str, str]:
    return {"HOME": str(own_home), "PATH": os.environ["PATH"]}


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """Return a program in a directory with a wicked name that writes down what it was started with."""
    place = tmp_path / WICKED
    place.mkdir()
    program = place / "cheese board"
    program.write_text(
        f"#!{sys.executable}\nimport os, sys\n"
        f"open({str(tmp_path / 'told')!r}, 'w').write('\\n'.join(sys.argv[1:]) + '\\n' + "
        "os.environ.get('CHEESEBOARD_HOME', ''))\n"
    )
    program.chmod(0o755)
    return program


def entry(environ: dict[str, str]) -> Path:
    return Path(environ["HOME"]) / ".config" / "autostart" / "cheeseboard.desktop"


@linux
def test_a_line_break_in_a_path_writes_nothing(environ: dict[str, str]) -> None:
    forged = {**environ, "CHEESEBOARD_HOME": "/tmp/x\nExec=evil"}
    with pytest.raises(AutostartError, match="nothing was changed"):
        Autostart(forged).enable()
    assert not entry(environ).exists()


@linux
def test_a_link_beside_the_entry_is_not_written_through(environ: dict[str, str], tmp_path: Path) -> None:
    entry(environ).parent.mkdir(parents=True)
    (tmp_path / "theirs").write_text("theirs")
    entry(environ).with_name(".cheeseboard.desktop.new").symlink_to(tmp_path / "theirs")
    Autostart(environ).enable()
    assert (tmp_path / "theirs").read_text() == "theirs"


@linux
def test_it_is_off_at_first_and_undone_completely(environ: dict[str, str], own_home: Path) -> None:
    (own_home / ".config").mkdir()
    before = sorted(own_home.rglob("*"))
    autostart = Autostart(environ)
    assert not autostart.enabled

    autostart.enable()
    assert Autostart(environ).enabled

    autostart.disable()
    autostart.disable()
    assert not autostart.enabled
    assert sorted(own_home.rglob("*")) == before


@linux
def test_others_entries_stay(environ: dict[str, str]) -> None:
    others = entry(environ).with_name("mail.desktop")
    others.parent.mkdir(parents=True)
    others.touch()
    autostart = Autostart(environ)
    autostart.enable()
    autostart.disable()
    assert [path.name for path in others.parent.iterdir()] == ["mail.desktop"]


@linux
def test_an_entry_that_the_desktop_switched_off_or_of_another_program_is_not_ours(
    environ: dict[str, str],
) -> None:
    Autostart(environ, command=["/opt/other/cheeseboard"]).enable()
    assert not Autostart(environ).enabled

    autostart = Autostart(environ)
    autostart.enable()
    entry(environ).write_text(entry(environ).read_text().replace("enabled=true", "enabled=false"))
    assert not autostart.enabled


@linux
@pytest.mark.parametrize("portable", [True, False])
def test_a_desktop_starts_it_whatever_its_path_is(
    portable: bool,
    environ: dict[str, str],
    recorder: Path,
    tmp_path: Path,
    need_tool: Callable[[str], str],
) -> None:
    """GLib is what GNOME, Xfce and others start entries with."""
    home = f"{tmp_path}/{WICKED}/home" if portable else ""
    variables = {**environ, "CHEESEBOARD_HOME": home}
    Autostart(variables, command=[str(recorder), "-m", "cheese board"]).enable()

    subprocess.run([need_tool("gio"), "launch", str(entry(environ))], env=environ, check=True, timeout=30)

    deadline = time.monotonic() + 20  # it is started, not waited for
    while not (tmp_path / "told").exists() or (tmp_path / "told").read_text().count("\n") < 3:
        assert time.monotonic() < deadline, "it never started"
        time.sleep(0.01)
    assert (tmp_path / "told").read_text().split("\n") == ["-m", "cheese board", HIDDEN, home]


@linux
def test_what_cannot_be_written_is_said_in_words(environ: dict[str, str]) -> None:
    entry(environ).parent.parent.mkdir()
    entry(environ).parent.touch()
    with pytest.raises(AutostartError, match=r"Can't change .*cheeseboard\.desktop"):
        Autostart(environ).enable()


def test_a_launch_agent_starts_it_on_macos(environ: dict[str, str], recorder: Path) -> None:
    agents = Path(environ["HOME"]) / "Library" / "LaunchAgents"
    autostart = Autostart(
        {**environ, "CHEESEBOARD_HOME": "/Volumes/a b"}, command=[str(recorder)], platform="darwin"
    )
    autostart.enable()
    assert autostart.enabled
    (path,) = agents.iterdir()
    agent = plistlib.loads(path.read_bytes())
    assert agent["ProgramArguments"] == [str(recorder), HIDDEN]
    assert agent["RunAtLoad"] is True
    assert agent["EnvironmentVariables"] == {"CHEESEBOARD_HOME": "/Volumes/a b"}

    autostart.disable()

    assert list(agents.iterdir()) == []
    assert not autostart.enabled


class RecordedRunKey:
    """Keeps what is written."""

    def __init__(self, *, forgetful: bool = False) -> None:
        self.values: dict[str, str] = {"Mail": "mail.exe"}
        self._forgetful = forgetful

    def read(self, name: str) -> str | None:
        return self.values.get(name)

    def write(self, name: str, value: str) -> None:
        if not self._forgetful:
            self.values[name] = value

    def remove(self, name: str) -> None:
        self.values.pop(name, None)


def test_the_run_key_starts_it_on_windows(environ: dict[str, str]) -> None:
    run_key = RecordedRunKey()
    command = [r"C:\Program Files\Cheeseboard\cheeseboard.exe"]
    autostart = Autostart(environ, command=command, platform="win32", run_key=run_key)
    autostart.enable()
    assert autostart.enabled
    assert run_key.values["cheeseboard"] == r'"C:\Program Files\Cheeseboard\cheeseboard.exe" --hidden'

    autostart.disable()

    assert run_key.values == {"Mail": "mail.exe"}


def test_an_entry_that_does_not_stay_is_said(environ: dict[str, str]) -> None:
    autostart = Autostart(environ, platform="win32", run_key=RecordedRunKey(forgetful=True))
    with pytest.raises(AutostartError, match="does not hold what it should"):
        autostart.enable()


def test_this_program_starts_the_package_again() -> None:
    *_, module, name = this_program()
    assert (module, name) == ("-m", "cheeseboard")
