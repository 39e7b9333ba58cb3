"""The port for uploads alone, as the service opens, keeps, describes and does without it."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.server.client import Client
from tests.server.uploading import Uploader

from cheeseboard.errors import AddressInUse
from cheeseboard.locations import find_locations
from cheeseboard.server import binding
from cheeseboard.server.access.tokens import TokenScope
from cheeseboard.server.binding import find_free_port
from cheeseboard.server.guarding.visitors import Visitors
from cheeseboard.server.state import Failed, Serving
from cheeseboard.service import Service
from cheeseboard.service.doctor import Subject, examine
from cheeseboard.service.served_addresses import upload_url_at, usual_upload_port

BOTH = ["127.0.0.1", "::1"]


@pytest.fixture
def service(tmp_path: Path, own_home: Path) -> Iterator[Service]:
    service = Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages")
    service.open(watch=False)
    yield service
    service.close()


def free_port(first: int) -> int:
    port = find_free_port(BOTH, first)
    assert port is not None
    return port


def sender(service: Service, serving: Serving) -> Uploader:
    secret = service.access.create("ci", scope=TokenScope.PUBLISH).secret
    return Uploader(Client("127.0.0.1", serving.upload_port or 0, service.trust.ca_path), secret)


@pytest.mark.parametrize(
    ("port", "upload_port"), [(8443, 9443), (64_535, 65_535), (64_536, 63_536), (1, 1001)]
)
def test_it_is_a_thousand_above_the_main_port_at_first(port: int, upload_port: int) -> None:
    assert usual_upload_port(port) == upload_port


@pytest.mark.parametrize("host", ["localhost", "192.0.2.7", "[2001:db8::1]"])
def test_its_address_is_on_the_same_host(host: str) -> None:
    url = f"https://{host}:8443/simple/"
    assert upload_url_at(url, 9443) == f"https://{host}:9443/legacy/"
    assert upload_url_at(url, None) == f"https://{host}:8443/legacy/"


def test_what_comes_there_is_in_the_repository_and_in_the_log(service: Service, own_home: Path) -> None:
    serving = service.sharing.serve(lan=False, port=0)
    uploader = sender(service, serving)
    assert uploader.upload_wheel("acme-core").status == 200
    assert list(service.snapshot.projects) == ["acme-core"]
    refused = uploader.upload_wheel("acme-core", summary="Changed")
    assert (refused.status, refused.reason) == (409, refused.text.strip())
    elsewhere = uploader.client.get("/simple/")
    assert (
        elsewhere.reason
        == f"This port takes uploads alone. All else is at https://127.0.0.1:{serving.port}/."
    )
    service.sharing.stop_serving()
    log = (own_home / "cheeseboard/state/logs/access.log").read_text()
    assert "- ci [" in log
    assert '"POST /legacy/ HTTP/1.1" 409' in log
    assert '"GET /simple/ HTTP/1.1" 404' in log


def test_wrong_tokens_wait_there_as_at_the_main_port(service: Service) -> None:
    serving = service.sharing.serve(lan=False, port=0)
    wrong = Uploader(Client("127.0.0.1", serving.upload_port or 0, service.trust.ca_path), "wrong")
    answers = [wrong.post(b"") for _ in range(8)]
    assert (answers[0].status, answers[-1].status) == (401, 429)
    assert answers[-1].reason.startswith("Too many wrong tokens came from this address.")


def test_who_asks_too_often_is_told_so_there_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def few() -> Visitors:
        return Visitors(per_second=0.01, burst=2, is_exempt=lambda _: False)

    monkeypatch.setattr("cheeseboard.service.sharing.Visitors", few)
    monkeypatch.setattr("cheeseboard.server.app._SLOW_DOWN_SECONDS", 0.0)
    serving = service.sharing.serve(lan=False, port=0)
    client = Client("127.0.0.1", serving.upload_port or 0, service.trust.ca_path)
    assert [client.get("/legacy/").status for _ in range(4)][-1] == 429


def test_the_port_stays_with_its_repository(service: Service) -> None:
    port = free_port(24_000)
    assert service.sharing.serve(lan=False, port=port).upload_port == port + 1000
    assert service.settings.upload_ports == {}  # the usual one
    other = free_port(26_000)
    assert service.sharing.serve(lan=False, upload_port=other).upload_port == other
    service.sharing.stop_serving()
    assert service.sharing.serve(lan=False).upload_port == other
    assert service.settings.upload_ports == {str(service.folder): other}


def test_none_is_kept_too_until_one_is_wanted(service: Service) -> None:
    assert service.sharing.serve(lan=False, port=0, upload_port=0).upload_port is None
    state = service.sharing.serve(lan=False)
    assert (state.upload_port, state.upload_problem) == (None, "")
    port = free_port(27_000)
    assert service.sharing.serve(lan=False, upload_port=port).upload_port == port


def test_a_port_that_was_asked_for_is_not_replaced_silently(service: Service) -> None:
    before = service.sharing.serve(lan=False, port=0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(AddressInUse, match=f"Port {taken} is in use"):
            service.sharing.serve(lan=False, upload_port=taken)
    assert service.settings.upload_ports.get(str(service.folder)) == before.upload_port
    assert sender(service, before).upload_wheel("acme-core").status == 200


def test_a_taken_port_gives_way_and_the_next_is_kept(service: Service) -> None:
    taken = free_port(28_000)
    service.sharing.serve(lan=False, port=0, upload_port=taken)
    service.sharing.stop_serving()
    with socket.create_server(("127.0.0.1", taken)):
        moved = service.sharing.serve(lan=False).upload_port
    assert moved is not None
    assert moved > taken
    assert service.sharing.serve(lan=False).upload_port == moved


def test_where_none_can_be_had_it_serves_on_and_says_so(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port(29_000)
    monkeypatch.setattr(binding, "_PORTS_TRIED", 0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        service.change_settings(upload_ports={str(service.folder): taken})
        serving = service.sharing.serve(lan=False, port=port)
        assert serving.upload_port is None
        assert f"port {taken}".lower() in serving.upload_problem.lower()
        assert service.sharing.place.upload_url == f"https://localhost:{serving.port}/legacy/"
        assert service.clients.plan_use("twine").url == service.sharing.place.upload_url
        (told,) = (each for each in examine(service) if each.subject is Subject.SERVER)
        assert told.sentence.startswith(serving.upload_problem)
        assert "twine shows why an upload is refused only with --verbose" in told.sentence
    secret = service.access.create("ci", scope=TokenScope.PUBLISH).secret
    main = Uploader(Client("127.0.0.1", serving.port, service.trust.ca_path), secret)
    assert main.upload_wheel("acme-core").status == 200


def test_a_change_that_fails_leaves_both_ports_as_they_were(service: Service) -> None:
    before = service.sharing.serve(lan=False, port=0)
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(AddressInUse):
        service.sharing.serve(lan=False, port=other.getsockname()[1])
    assert isinstance(service.sharing.server_state, Failed)
    assert sender(service, before).upload_wheel("acme-core").status == 200
