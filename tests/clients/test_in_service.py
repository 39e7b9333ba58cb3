"""The service tells installers when it serves and when it does not, and lets them prove it."""

import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cheeseboard.cli import parse, run
from cheeseboard.clients.plan import CautionReason, Mode
from cheeseboard.clients.proof import Cause
from cheeseboard.errors import AddressInUse, ClientConfigError
from cheeseboard.events import ClientsChanged, Event
from cheeseboard.locations import find_locations
from cheeseboard.server.binding import find_free_port
from cheeseboard.service import Service

BEFORE = b"# mine\n[global]\ntimeout = 20\n"


@pytest.fixture
def service(environ: dict[str, str], own_home: Path, tmp_path: Path) -> Iterator[Service]:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    service = Service(locations, environ, folder=tmp_path / "packages")
    service.open(watch=False)
    yield service
    service.close()


@pytest.fixture
def written(pip_conf: Path) -> Path:
    pip_conf.parent.mkdir(parents=True)
    pip_conf.write_bytes(BEFORE)
    return pip_conf


def use(service: Service, mode: Mode = Mode.EXTRA) -> None:
    service.clients.apply(service.clients.plan_use("pip", mode=mode))


def test_a_real_pip_proves_what_was_written(service: Service) -> None:
    service.sharing.serve(lan=False, port=0)
    use(service)
    (proof,) = service.clients.prove()
    assert (proof.tool, proof.cause) == ("pip", None), proof.transcript
    assert "pip" in proof.label


def test_every_installer_in_use_is_asked(service: Service, environ: dict[str, str]) -> None:
    uv = Path(sys.executable).with_name("uv")
    Path(environ["PATH"], "uv").unlink(missing_ok=True)
    Path(environ["PATH"], "uv").symlink_to(uv if uv.exists() else str(shutil.which("uv")))
    service.sharing.serve(lan=False, port=0)
    use(service)
    service.clients.apply(service.clients.plan_use("uv"))
    proofs = {proof.tool: proof.cause for proof in service.clients.prove()}
    Path(environ["PATH"], "uv").unlink()
    assert proofs["pip"] is None
    assert set(proofs) == {"pip", "uv"}


def test_without_a_server_the_proof_says_so(service: Service) -> None:
    service.change_settings(pause_while_not_serving=False)
    service.sharing.serve(lan=False, port=0)
    use(service)
    service.sharing.stop_serving()
    (proof,) = service.clients.prove("pip")
    assert proof.cause is Cause.SERVER_STOPPED


def test_twine_is_led_to_the_port_where_it_shows_the_reason(service: Service, own_home: Path) -> None:
    serving = service.sharing.serve(lan=False, port=0)
    assert service.clients.plan_use("twine").url == f"https://localhost:{serving.upload_port}/legacy/"
    assert service.clients.plan_use("pip").url == serving.local_url


def test_twine_follows_when_that_port_comes_goes_and_moves(service: Service, own_home: Path) -> None:
    service.sharing.serve(lan=False, port=0, upload_port=0)
    service.clients.apply(service.clients.plan_use("twine"))
    pypirc = own_home / ".pypirc"
    urls = [service.sharing.place.upload_url]
    assert urls == [f"https://localhost:{service.sharing.port}/legacy/"]
    for upload_port in (find_free_port(["127.0.0.1", "::1"], 20_000), 0):
        service.sharing.serve(lan=False, upload_port=upload_port)
        urls.append(service.sharing.place.upload_url)
        assert f"repository = {urls[-1]}\n" in pypirc.read_text()
    assert len(set(urls)) == 2
    service.clients.unuse("twine")
    assert not pypirc.exists()


def test_where_another_process_serves_without_such_a_port_twine_uses_the_main_one(service: Service) -> None:
    port = find_free_port(["127.0.0.1", "::1"], 21_000)
    service.change_settings(ports={str(service.folder): port})
    assert port is not None
    apart = f"https://localhost:{port + 1000}/legacy/"
    assert service.clients.plan_use("twine").url == apart
    with socket.create_server(("127.0.0.1", port)):
        assert service.clients.plan_use("twine").url == f"https://localhost:{port}/legacy/"
        with socket.create_server(("127.0.0.1", port + 1000)):
            assert service.clients.plan_use("twine").url == apart


def test_that_nobody_serves_is_said_before_anything_is_written(
    service: Service, environ: dict[str, str]
) -> None:
    port = service.sharing.serve(lan=False, port=0).port
    assert service.clients.plan_use("pip").cautions == ()
    service.sharing.stop_serving()
    (caution,) = service.clients.plan_use("pip").cautions
    assert (caution.reason, caution.detail) == (
        CautionReason.NOT_SERVING,
        f"https://localhost:{port}/simple/",
    )


def test_an_unknown_tool_is_said(service: Service) -> None:
    with pytest.raises(ClientConfigError, match="apt"):
        service.clients.prove("apt")


def test_entries_leave_when_serving_stops_and_return_when_it_starts(service: Service, written: Path) -> None:
    events: list[Event] = []
    serving = service.sharing.serve(lan=False, port=0)
    use(service)
    after = written.read_bytes()
    service.bus.subscribe(events.append)
    service.sharing.stop_serving()
    assert written.read_bytes() == BEFORE
    assert ClientsChanged() in events
    service.sharing.serve(lan=False, port=serving.port)
    assert written.read_bytes() == after


def test_with_the_setting_off_they_stay(service: Service, written: Path) -> None:
    service.sharing.serve(lan=False, port=0)
    use(service)
    after = written.read_bytes()
    service.change_settings(pause_while_not_serving=False)
    service.sharing.stop_serving()
    assert written.read_bytes() == after


def test_changing_over_while_serving_does_not_take_them_out(service: Service, written: Path) -> None:
    service.sharing.serve(lan=False, port=0)
    use(service)
    after, seen = written.read_bytes(), []
    service.bus.subscribe(lambda event: seen.append(written.read_bytes()))
    service.sharing.serve(lan=False)
    assert set(seen) == {after}


def test_a_port_that_another_server_holds_leaves_them(service: Service, written: Path) -> None:
    port = service.sharing.serve(lan=False, port=0).port
    use(service)
    after = written.read_bytes()
    other = Service(
        find_locations({"CHEESEBOARD_HOME": str(written.parent / "other")}), {}, folder=service.folder
    )
    other.open(watch=False)
    with pytest.raises(AddressInUse):
        other.sharing.serve(lan=False, port=port)
    other.close()
    assert written.read_bytes() == after


def test_certificates_that_installers_read_are_renewed_at_start(service: Service, written: Path) -> None:
    port = service.sharing.serve(lan=False, port=0).port
    use(service)
    bundle = Path(written.read_text().split("cert = ")[1].splitlines()[0])
    good = bundle.read_bytes()
    bundle.unlink()
    service.sharing.serve(lan=False, port=port)
    assert bundle.read_bytes() == good


# --- crashed ------------------------------------------------------------------------------------------


def crashed(service: Service, written: Path) -> bytes:
    """Leave what a killed server leaves: entries for an address at which nobody listens."""
    serving = service.sharing.serve(lan=False, port=0)
    use(service)
    left = written.read_bytes()
    service.sharing.stop_serving()
    service.clients.resume(serving.local_url, serving.local_url)  # as if it had not been stopped
    assert written.read_bytes() == left
    return left


def test_entries_of_a_server_that_crashed_leave_at_the_next_start_of_anything(
    service: Service, written: Path
) -> None:
    left = crashed(service, written)
    (url,) = service.clients.settle()
    assert written.read_bytes() == BEFORE
    assert service.clients.settle() == ()
    port = int(url.rpartition(":")[2].partition("/")[0])
    service.sharing.serve(lan=False, port=port)
    assert written.read_bytes() == left


def test_a_command_that_serves_nothing_sets_it_right_and_says_so(
    service: Service,
    written: Path,
    environ: dict[str, str],
    own_home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    crashed(service, written)
    variables = {**environ, "CHEESEBOARD_HOME": str(own_home / "cheeseboard")}
    assert run(parse(["list", "--folder", str(service.folder)]), variables) == 0
    assert written.read_bytes() == BEFORE
    assert capsys.readouterr().err.startswith("Nobody serves https://localhost:")


def test_with_the_setting_off_a_crash_leaves_them(service: Service, written: Path) -> None:
    left = crashed(service, written)
    service.change_settings(pause_while_not_serving=False)
    assert service.clients.settle() == ()
    assert written.read_bytes() == left


def test_while_another_process_serves_they_stay(service: Service, written: Path) -> None:
    service.sharing.serve(lan=False, port=0)
    use(service)
    after = written.read_bytes()
    assert service.clients.settle() == ()
    assert written.read_bytes() == after


def test_another_folder_that_serves_sets_it_right_too(
    service: Service, written: Path, environ: dict[str, str], own_home: Path, tmp_path: Path
) -> None:
    crashed(service, written)
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    other = Service(locations, environ, folder=tmp_path / "other")
    other.open(watch=False)
    other.sharing.serve(lan=False, port=0)
    other.close()
    assert written.read_bytes() == BEFORE


def test_a_paused_installer_is_proven_to_wait_for_a_server(service: Service, written: Path) -> None:
    service.sharing.serve(lan=False, port=0)
    use(service)
    service.sharing.stop_serving()
    (proof,) = service.clients.prove("pip")
    assert (proof.cause, proof.action) == (Cause.SERVER_STOPPED, "Start serving again.")


# --- another port -------------------------------------------------------------------------------------


def test_entries_follow_a_change_of_port(service: Service, written: Path) -> None:
    first = service.sharing.serve(lan=False, port=0)
    use(service)
    second = service.sharing.serve(lan=False, port=0)
    assert first.port != second.port
    text = written.read_text()
    assert (text.count(first.local_url), text.count(second.local_url)) == (0, 1)
    service.clients.unuse("pip")
    assert written.read_bytes() == BEFORE


def test_entries_follow_a_port_that_was_changed_while_nobody_served(service: Service, written: Path) -> None:
    first = service.sharing.serve(lan=False, port=0)
    use(service)
    service.sharing.stop_serving()
    second = service.sharing.serve(lan=False, port=0)
    text = written.read_text()
    assert (text.count(first.local_url), text.count(second.local_url)) == (0, 1)
