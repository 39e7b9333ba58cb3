"""Asking a real pip, and doing without one."""

from pathlib import Path

import pytest

from cheeseboard.clients.pip import _parse_listing, documented_user_file, find_every_pip, find_pip
from cheeseboard.clients.plan import Scope
from cheeseboard.errors import ClientConfigError


def test_pip_is_asked_where_its_files_are(environ: dict[str, str], pip_conf: Path) -> None:
    pip = find_pip(environ)
    assert pip.file(Scope.USER) == pip_conf
    assert pip.file(Scope.SITE).name == pip_conf.name
    assert len(pip.files[Scope.GLOBAL]) == 2


def test_the_home_of_configuration_is_respected(environ: dict[str, str], tmp_path: Path) -> None:
    pip = find_pip({**environ, "XDG_CONFIG_HOME": str(tmp_path / "conf")})
    assert pip.file(Scope.USER) == tmp_path / "conf" / "pip" / "pip.conf"


@pytest.mark.parametrize("value", ["/dev/null", "/nowhere.conf"])
def test_another_configuration_file_does_not_hide_the_users_from_us(
    environ: dict[str, str], pip_conf: Path, value: str
) -> None:
    assert find_pip({**environ, "PIP_CONFIG_FILE": value}).file(Scope.USER) == pip_conf


def test_a_quiet_pip_still_answers(environ: dict[str, str], pip_conf: Path) -> None:
    pip_conf.parent.mkdir(parents=True)
    pip_conf.write_text("[global]\nquiet = 3\n")
    assert find_pip(environ).file(Scope.USER) == pip_conf


def test_a_value_that_pip_refuses_is_said(environ: dict[str, str], pip_conf: Path) -> None:
    pip_conf.parent.mkdir(parents=True)
    pip_conf.write_text("[global]\ntimeout = soon\n")
    with pytest.raises(ClientConfigError, match=r"pip says: .*timeout"):
        find_pip(environ)


def test_a_pip_that_does_not_run_is_passed_over(
    environ: dict[str, str], tmp_path: Path, pip_conf: Path
) -> None:
    scripts = {"pip": "exit 127", "python3": f'shift 2; exec "{environ["PATH"]}/pip" "$@"'}
    for name, line in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    pip = find_pip({**environ, "PATH": str(tmp_path)})
    assert pip.command == (str(tmp_path / "python3"), "-m", "pip")
    assert pip.file(Scope.USER) == pip_conf


def test_without_a_pip_there_is_no_global_file(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cheeseboard.clients.pip.importlib.util.find_spec", lambda name: None)
    pip = find_pip({**environ, "PATH": str(tmp_path)})
    assert pip.command == ()
    with pytest.raises(ClientConfigError, match="no pip"):
        pip.file(Scope.GLOBAL)


def test_a_listing_from_windows_is_understood() -> None:
    listing = (
        "env_var:\nenv:\nglobal:\n  C:\\ProgramData\\pip\\pip.ini, exists: False\nsite:\n"
        "  C:\\Users\\Ada Lovelace\\venv\\pip.ini, exists: False\nuser:\n"
        "  C:\\Users\\Ada Lovelace\\pip\\pip.ini, exists: False\n"
        "  C:\\Users\\Ada Lovelace\\AppData\\Roaming\\pip\\pip.ini, exists: True\n"
        "    global.extra-index-url: \n    /x, exists: True\n    user:\n"
    )
    files = _parse_listing(listing)
    assert files[Scope.USER][-1] == Path("C:\\Users\\Ada Lovelace\\AppData\\Roaming\\pip\\pip.ini")
    assert [len(files[scope]) for scope in (Scope.GLOBAL, Scope.SITE, Scope.USER)] == [1, 1, 2]


def test_the_documented_places_are_those_of_the_platform(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "APPDATA": str(tmp_path / "Roaming")}
    assert documented_user_file(home, "linux") == tmp_path / ".config" / "pip" / "pip.conf"
    assert documented_user_file(home, "darwin") == tmp_path / ".config" / "pip" / "pip.conf"
    assert documented_user_file(home, "win32") == tmp_path / "Roaming" / "pip" / "pip.ini"
    (tmp_path / "Library" / "Application Support" / "pip").mkdir(parents=True)
    assert "Application Support" in str(documented_user_file(home, "darwin"))


def test_every_pip_of_the_computer_is_found_once(environ: dict[str, str], tmp_path: Path) -> None:
    real = Path(environ["PATH"]) / "pip"
    other = "#!/bin/sh\necho pip 23.2.1 from /elsewhere/pip '(python 3.12)'\n"
    places = {
        "linked/pip3": None,  # the first one under another name
        ".pyenv/versions/3.12.1/bin/pip": other,
        ".local/share/pipx/venvs/black/bin/pip": other.replace("elsewhere", "pipx"),
        "broken/bin/pip": "#!/bin/sh\nexit 1\n",
        "conda/envs/science/bin/pip": other.replace("elsewhere", "conda"),
    }
    for place, text in places.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True)
        path.write_text(text or f'#!/bin/sh\nexec "{real}" "$@"\n')
        path.chmod(0o755)
    (tmp_path / ".conda").mkdir()
    (tmp_path / ".conda/environments.txt").write_text(f"{tmp_path / 'conda/envs/science'}\n")
    user = {
        **environ,
        "HOME": str(tmp_path),
        "VIRTUAL_ENV": str(tmp_path / "broken"),
        "PATH": f"{real.parent}:{tmp_path / 'linked'}",
    }
    found = find_every_pip(user)
    assert found[0].command == (str(real),)
    assert [each.label.split(" (")[1] for each in found[1:]] == [
        f"{tmp_path / place})"
        for place in (
            ".pyenv/versions/3.12.1/bin/pip",
            ".local/share/pipx/venvs/black/bin/pip",
            "conda/envs/science/bin/pip",
        )
    ]
