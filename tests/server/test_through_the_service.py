"""The server as the service composes it: real folder, real catalog, real certificates."""

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import wheel_filename, write_wheel
from tests.server.client import Client
from tests.server.large import build_large_wheel
from tests.server.waiting import wait_until

from cheeseboard.events import Answered, AskedFor, Event, FileDownloaded, RequestsAnswered, Way
from cheeseboard.locations import find_locations
from cheeseboard.service import Service

WHEEL = wheel_filename("acme-core", "1.0")
URL = f"/simple/acme-core/{WHEEL}"


@pytest.fixture
def service(tmp_path: Path, own_home: Path) -> Iterator[Service]:
    service = Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages")
    service.open()
    service.add([write_wheel(tmp_path)], Way.DROP)
    yield service
    service.close()


@pytest.fixture
def client(service: Service) -> Client:
    serving = service.sharing.serve(lan=False, port=0)
    return Client("127.0.0.1", serving.port, service.trust.ca_path)


def test_downloads_are_counted_in_the_catalog(service: Service, client: Client) -> None:
    for _ in range(3):
        assert client.get(URL).status == 200
    client.get("/simple/acme-core/")
    service.sharing.stop_serving()
    assert service.downloads() == {WHEEL: 3}


def test_who_downloads_is_told_as_an_event(service: Service, client: Client) -> None:
    events: list[Event] = []
    service.bus.subscribe(events.append)
    client.get(URL, User_Agent='pip/26.3 {"python":"3.11.7","system":{"name":"Linux"}}')
    wait_until(lambda: bool(events))
    assert events == [FileDownloaded(WHEEL, "127.0.0.1", "pip/26.3", "3.11.7", "Linux")]


def test_requests_are_told_while_somebody_watches_and_not_otherwise(service: Service, client: Client) -> None:
    told: list[AskedFor] = []
    service.bus.subscribe(
        lambda event: told.extend(event.kinds) if isinstance(event, RequestsAnswered) else None
    )
    client.get("/simple/before/", User_Agent="pip/26.3")
    service.sharing.serve(lan=False)  # what came before is written
    service.sharing.watch_requests(wanted=True)
    client.get("/simple/requests/", User_Agent="pip/26.3")
    wait_until(lambda: bool(told))

    assert told == [AskedFor("127.0.0.1", "pip/26.3", "requests", Answered.NOT_HERE, 1)]


def test_the_access_log_is_kept_with_the_users_own_logs(
    service: Service, client: Client, own_home: Path
) -> None:
    client.get(URL, User_Agent="pip/26.3")
    service.sharing.stop_serving()
    log = own_home / "cheeseboard/state/logs/access.log"
    assert f'"GET {URL} HTTP/1.1" 200 ' in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_a_missing_folder_is_unavailable_and_not_unknown_until_it_is_back(
    service: Service, client: Client
) -> None:
    aside = service.folder.with_name("aside")
    service.folder.rename(aside)
    wait_until(lambda: client.get("/simple/acme-core/").status == 503, 20)
    for path in ("/simple/", URL, "/simple/unknown/", "/"):
        reply = client.get(path)
        assert (reply.status, reply.header("Retry-After")) == (503, "10")
    assert client.get("/health").status == 200
    aside.rename(service.folder)
    wait_until(lambda: client.get(URL).status == 200, 20)


@pytest.mark.parametrize("megabytes", [20, pytest.param(200, marks=pytest.mark.full)])
def test_a_slow_download_survives_the_stop(
    service: Service, client: Client, tmp_path: Path, megabytes: int
) -> None:
    large = tmp_path / wheel_filename("acme-large", "1.0")
    large.write_bytes(build_large_wheel(megabytes))
    assert service.add([large], Way.DROP).accepted
    connection = client.connect()
    connection.request("GET", f"/simple/acme-large/{large.name}")
    response = connection.getresponse()
    stopped: list[bool] = []
    stopping = threading.Thread(target=lambda: stopped.append(service.sharing.stop_serving()))
    stopping.start()
    pace = threading.Event()
    digest = hashlib.sha256()
    while piece := response.read(250_000):
        digest.update(piece)
        pace.wait(0.01)  # some 20 MB a second
    stopping.join(40)
    assert stopped == [True]
    assert digest.digest() == hashlib.sha256(large.read_bytes()).digest()
    connection.close()
