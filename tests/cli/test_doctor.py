"""``doctor``: each thing that is wrong is told with one thing to do; the bundle holds no secret."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel

from cheeseboard.locations import find_locations
from cheeseboard.service import Service

Lines = list[dict[str, Any]]
Run = Callable[..., tuple[int, Lines]]


def complaints(lines: Lines, subject: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["event"] == "complaint" and line["subject"] == subject]


def test_where_all_is_well_it_says_so_and_makes_no_keys(
    command: Run, environ: dict[str, str], folder: Path
) -> None:
    folder.mkdir()
    write_wheel(folder, "acme-core", "7.0.1")

    code, (well, server) = command("doctor")
    assert (code, well) == (0, {"event": "well"})
    assert (server["event"], server["served"]) == ("server", False)
    assert server["message"].startswith("Nobody serves this folder now")

    authority = find_locations(environ).authority
    assert not authority.exists() or not list(authority.iterdir())


def test_a_folder_that_is_a_file_is_told(command: Run, folder: Path) -> None:
    folder.write_text("not a folder")

    code, lines = command("doctor")

    assert code == 1
    (told,) = complaints(lines, "folder")
    assert told["message"].endswith(".")
    assert told["action"].endswith(".")


def test_a_file_that_is_no_package_is_told_with_its_place(command: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "notes-1.0-py3-none-any.whl").write_text("no archive")

    code, lines = command("doctor")

    assert code == 1
    (told,) = complaints(lines, "folder")
    assert "isn't an archive" in told["message"]
    assert str(folder / "notes-1.0-py3-none-any.whl") in told["action"]


def test_a_folder_that_is_not_there_is_told_and_not_made(command: Run, folder: Path) -> None:
    code, lines = command("doctor")

    assert code == 1
    (told,) = complaints(lines, "folder")
    assert told["message"] == f"There is no folder {folder}."
    assert not folder.exists()


@pytest.fixture
def used(environ: dict[str, str], folder: Path) -> Service:
    """A pip that was told of the repository, on a port of the test's own."""
    folder.mkdir()
    service = Service(find_locations(environ), environ, folder=folder)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    service.change_settings(port=port)
    service.clients.apply(service.clients.plan_use("pip"))
    return service


@pytest.mark.parametrize(
    ("pausing", "means"),
    [(True, "put aside until somebody serves it."), (False, "pip would wait for it or fail.")],
)
def test_an_installer_that_looks_where_nothing_is_served_is_told(
    command: Run, used: Service, pausing: bool, means: str
) -> None:
    used.change_settings(pause_while_not_serving=pausing)

    code, lines = command("doctor")

    assert code == 1
    (told,) = complaints(lines, "server")
    assert told["message"].startswith("Nothing is served at https://localhost:")
    assert told["message"].endswith(means)
    assert told["action"] == "Open the window, or run `cheeseboard serve`."


def test_a_port_that_another_program_holds_is_told(command: Run, used: Service) -> None:
    with socket.create_server(("127.0.0.1", used.sharing.port)) as held:
        held.settimeout(20)
        code, lines = command("doctor")

    assert code == 1
    (told,) = complaints(lines, "server")
    assert f"Port {used.sharing.port} is in use by another program" in told["message"]


def test_a_port_for_uploads_that_could_not_be_had_is_told(command: Run, used: Service) -> None:
    used.open(watch=False)
    serving = used.sharing.serve(lan=False)
    used.sharing.serve(lan=False, upload_port=0)
    assert complaints(command("doctor")[1], "server") == []
    # As if it had been wanted, and this process had not got it.
    used.change_settings(upload_ports={str(used.folder): serving.upload_port})
    (told,) = complaints(command("doctor")[1], "server")
    used.close()
    assert f"port {serving.upload_port}" in told["message"]
    assert "twine" in told["message"]
    assert "--upload-port" in told["action"]


def test_while_it_is_served_a_real_pip_is_asked_and_all_is_well(
    command: Run, used: Service, folder: Path
) -> None:
    used.open()
    used.sharing.serve(lan=False)
    try:
        code, (well, server) = command("doctor")
        assert (code, well, server["served"]) == (0, {"event": "well"}, True)
    finally:
        used.close()


def test_a_configuration_that_somebody_changed_is_told(command: Run, used: Service, own_home: Path) -> None:
    conf = own_home / ".config" / "pip" / "pip.conf"
    conf.write_text(conf.read_text().replace("extra-index-url", "; extra-index-url"))

    code, lines = command("doctor")

    assert code == 1
    (told,) = complaints(lines, "configuration")
    assert told["message"] == "pip.conf was changed outside Cheeseboard, so it was left alone."


def test_a_broken_authority_is_told(command: Run, used: Service) -> None:
    used.trust.ca_path.write_text("no certificate")

    code, lines = command("doctor")

    assert code == 1
    assert len(complaints(lines, "trust")) == 1


def test_the_bundle_says_what_is_wrong_and_holds_no_key_or_home(
    command: Run, used: Service, own_home: Path, tmp_path: Path
) -> None:
    key = next(path for path in used.trust.ca_path.parent.iterdir() if "key" in path.name).read_text("utf-8")

    code, lines = command("doctor", "--bundle", str(tmp_path / "report.txt"))

    assert code == 1
    assert lines[-1] == {"event": "bundle", "file": str(tmp_path / "report.txt")}
    report = (tmp_path / "report.txt").read_text("utf-8")
    assert "# What is wrong\nserver: Nothing is served" in report
    assert str(own_home) not in report
    assert [line for line in key.splitlines()[1:-1] if line in report] == []


def test_a_bundle_that_cannot_be_written_is_said(
    command: Run, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()

    code, _ = command("doctor", "--bundle", str(tmp_path / "nowhere" / "report.txt"))

    assert code == 3
    assert "could not be written: No such file or directory." in capsys.readouterr().err
