"""Uploads that are cut off, come all at once, or meet a full disk: nothing half-published, nothing left."""

import hashlib
import http.client
import json
import os
import random
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.builders import build_wheel, wheel_filename
from tests.faults.conftest import Served
from tests.server.client import Client
from tests.server.large import build_large_wheel
from tests.server.uploading import BOUNDARY, Uploader, basic, fields_of, upload_body
from tests.server.waiting import wait_until

from cheeseboard.locations import find_locations
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.staged import StagedFile
from cheeseboard.server.access.tokens import TokenScope
from cheeseboard.server.guarding.warden import Limits
from cheeseboard.service import Service


def open_service(folder: Path) -> Service:
    service = Service(find_locations(os.environ), os.environ, folder=folder)
    service.open(watch=False)
    return service


def serve(service: Service, port: str = "main") -> Uploader:
    serving = service.sharing.serve(lan=False, port=0)
    secret = service.access.create("ci", scope=TokenScope.PUBLISH).secret
    chosen = serving.port if port == "main" else serving.upload_port
    assert chosen
    return Uploader(Client("127.0.0.1", chosen, service.trust.ca_path), secret)


@pytest.fixture(params=["main", "upload"])
def port(request: pytest.FixtureRequest) -> str:
    """Return which port is uploaded to: granian's, or the one that we speak HTTP at ourselves."""
    return str(request.param)


@pytest.fixture
def service(tmp_path: Path, own_home: Path) -> Iterator[Service]:
    service = open_service(tmp_path / "packages")
    yield service
    service.close()


@pytest.fixture
def uploader(service: Service, port: str) -> Uploader:
    return serve(service, port)


def staged(folder: Path) -> list[Path]:
    staging = folder / ".cheeseboard/staging"
    return [path for path in staging.rglob("*") if path.is_file() and path.name != "owner.lock"]


def whole(service: Service) -> list[str]:
    """Return what is listed, having checked that every listed file is there with its hash."""
    for file in service.snapshot.files():
        assert hashlib.sha256(service.path_of(file).read_bytes()).hexdigest() == file.sha256
    return sorted(file.filename for file in service.snapshot.files())


# --- cut off ------------------------------------------------------------------------------------------


def request_bytes(uploader: Uploader, body: bytes) -> bytes:
    head = (
        f"POST /legacy/ HTTP/1.1\r\nHost: 127.0.0.1:{uploader.client.port}\r\n"
        f"Authorization: {basic(uploader.secret)}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send_and_break_off(uploader: Uploader, context: ssl.SSLContext, sent: bytes, *, abruptly: bool) -> None:
    with socket.create_connection(("127.0.0.1", uploader.client.port), timeout=20) as plain:
        if abruptly:  # a reset instead of an orderly end
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as connection:
            connection.sendall(sent)


@pytest.mark.parametrize(
    ("port", "places"),
    [("main", 1000), ("upload", 100), pytest.param("upload", 1000, marks=pytest.mark.full)],
)
def test_an_upload_that_is_cut_off_at_any_of_a_thousand_places_publishes_nothing_and_leaves_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, port: str, places: int
) -> None:
    begun: list[StagedFile] = []

    def stage(self: Repository, size: int) -> StagedFile:
        begun.append(real_stage(self, size))
        return begun[-1]

    real_stage = Repository.stage
    monkeypatch.setattr(Repository, "stage", stage)
    uploader = serve(service, port)
    content = build_wheel(modules={"noise.bin": random.Random(1).randbytes(300_000)})
    request = request_bytes(uploader, upload_body(content, fields_of(content)))
    context = uploader.client.context()
    choose = random.Random(7)
    for number in range(places):
        place = choose.randrange(1, len(request))
        send_and_break_off(uploader, context, request[:place], abruptly=number % 2 == 0)
    wait_until(lambda: not staged(service.folder), 60)
    assert len(begun) > places / 2  # the others were cut off in the header, or before anybody looked
    assert whole(service) == []
    assert [path.name for path in service.folder.iterdir()] == [".cheeseboard"]
    assert uploader.upload(content).status == 200
    assert whole(service) == [wheel_filename("acme-core", "1.0")]


def test_a_client_that_falls_silent_in_the_middle_is_given_up(
    service: Service, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setattr("cheeseboard.server.uploading.uploads.Limits", lambda: Limits(rate_seconds=0.3))
    slow = serve(service, port)
    content = build_wheel()
    request = request_bytes(slow, upload_body(content, fields_of(content)))
    with (
        socket.create_connection(("127.0.0.1", slow.client.port), timeout=20) as plain,
        slow.client.context().wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(request[:-100])
        answer = b""
        while piece := connection.recv(4096):  # until it is closed
            answer += piece
    assert answer.startswith(b"HTTP/1.1 408 ")
    wait_until(lambda: not staged(service.folder))


# --- all at once --------------------------------------------------------------------------------------


def test_twenty_at_once_are_all_taken_in(service: Service, uploader: Uploader) -> None:
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda n: uploader.upload_wheel(f"project-{n}"), range(20)))
    assert [reply.status for reply in replies] == [200] * 20
    assert len(whole(service)) == 20
    wait_until(lambda: not staged(service.folder))


def test_of_twenty_with_one_name_one_is_taken_and_the_others_are_told(
    service: Service, uploader: Uploader
) -> None:
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda n: uploader.upload_wheel("acme-core", summary=f"{n}"), range(20)))
    assert sorted(reply.status for reply in replies) == [200] + [409] * 19
    assert len(whole(service)) == 1


def post_file(client: Client, secret: str, head: bytes, file: Path, tail: bytes) -> int:
    """Upload a file from disk, so that the test's own memory says nothing; return the status."""
    context = client.context()
    connection = http.client.HTTPSConnection(client.host, client.port, timeout=300, context=context)
    connection.putrequest("POST", "/legacy/")
    connection.putheader("Authorization", basic(secret))
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(len(head) + file.stat().st_size + len(tail)))
    connection.endheaders(head)
    with file.open("rb") as content:
        while piece := content.read(256 * 1024):
            connection.send(piece)
    connection.send(tail)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("megabytes", [4, pytest.param(50, marks=pytest.mark.full)])
def test_twenty_large_uploads_at_once_take_no_memory(
    served: Served, tmp_path: Path, megabytes: int, port: str
) -> None:
    client = served.client if port == "main" else served.uploads
    service = open_service(tmp_path / "packages")
    secret = service.access.create("ci", scope=TokenScope.PUBLISH).secret
    service.close()
    files = []
    for number in range(20):
        file = tmp_path / wheel_filename(f"large-{number}", "1.0")
        file.write_bytes(build_large_wheel(megabytes, f"large-{number}"))
        files.append(file)
    wait_until(lambda: Uploader(client, secret).upload_wheel("warm-up").status == 200, 10)

    def upload(file: Path) -> int:
        fields = {":action": "file_upload", "sha256_digest": hashlib.sha256(file.read_bytes()).hexdigest()}
        head, _, tail = upload_body(b"@@@@", fields, file.name).partition(b"@@@@")
        return post_file(client, secret, head, file, tail)

    before = peak = served.memory()
    with ThreadPoolExecutor(20) as pool:
        jobs = [pool.submit(upload, file) for file in files]
        while not all(job.done() for job in jobs):
            peak = max(peak, served.memory())
            threading.Event().wait(0.02)
    sys.stdout.write(f"20 x {megabytes} MB, {port} port: {before:.0f} MB before, {peak:.0f} MB at most\n")
    assert [job.result() for job in jobs] == [200] * 20
    assert peak - before <= 64
    page = served.client.get("/simple/", Accept="application/vnd.pypi.simple.v1+json")
    assert {f"large-{number}" for number in range(20)} <= {
        project["name"] for project in json.loads(page.body)["projects"]
    }
    wait_until(lambda: not staged(tmp_path / "packages"), 60)


# --- the disk -----------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(mount_disk: Callable[[str], Path]) -> Path:
    return mount_disk("3m")


@pytest.mark.parametrize("noticed", ["beforehand", "while writing"])
def test_a_full_disk_is_told_in_words_and_the_next_upload_that_fits_goes_well(
    small_disk: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, noticed: str, port: str
) -> None:
    service = open_service(small_disk / "packages")
    uploader = serve(service, port)
    content = build_wheel(modules={"noise.bin": os.urandom(4_000_000)})
    with monkeypatch.context() as patched:
        if noticed == "while writing":
            from shutil import _ntuple_diskusage

            roomy = _ntuple_diskusage(1 << 40, 0, 1 << 40)
            patched.setattr("shutil.disk_usage", lambda _: roomy)
        reply = uploader.upload(content)
    assert reply.status == 507
    assert "disk is full" in reply.text
    assert reply.reason == (reply.text.strip() if port == "upload" else "Insufficient Storage")
    assert str(small_disk) not in reply.text
    wait_until(lambda: not staged(service.folder))
    assert whole(service) == []
    assert uploader.upload_wheel("acme-core").status == 200
    assert len(whole(service)) == 1
    service.close()


def test_a_folder_that_is_read_only_takes_no_uploads_and_serves_on(small_disk: Path, own_home: Path) -> None:
    service = open_service(small_disk / "packages")
    uploader = serve(service)
    assert uploader.upload_wheel("acme-core").status == 200
    subprocess.run(["mount", "--bind", str(small_disk), str(small_disk)], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", str(small_disk)], check=True)
    try:
        reply = uploader.upload_wheel("acme-other")
        assert reply.status == 503
        assert "can't be written to" in reply.text
        assert uploader.client.get("/simple/acme-core/").status == 200
    finally:
        subprocess.run(["umount", "-l", str(small_disk)], check=True)
    assert uploader.upload_wheel("acme-other").status == 200
    service.close()


@pytest.mark.parametrize("port", ["main"])
def test_a_folder_that_is_gone_takes_no_uploads_until_it_is_back(
    service: Service, uploader: Uploader
) -> None:
    aside = service.folder.with_name("aside")
    service.folder.rename(aside)
    reply = uploader.upload_wheel("acme-core")
    assert reply.status == 503
    assert "missing at the moment" in reply.text
    assert not service.folder.exists()
    aside.rename(service.folder)
    assert uploader.upload_wheel("acme-core").status == 200


@pytest.mark.parametrize("port", ["main"])
@pytest.mark.parametrize("call", ["os.fsync", "os.link", "os.chmod"])
def test_a_disk_that_fails_at_any_step_keeps_nothing_half(
    service: Service, uploader: Uploader, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(5, os.strerror(5))

    with monkeypatch.context() as patched:
        patched.setattr(call, fail)
        reply = uploader.upload_wheel("acme-core")
    assert reply.status == 503
    assert "reported an error" in reply.text
    wait_until(lambda: not staged(service.folder))
    assert [path.name for path in service.folder.iterdir()] == [".cheeseboard"]
    assert uploader.upload_wheel("acme-core").status == 200


def test_what_was_answered_survives_the_death_of_the_server(
    served: Served, tmp_path: Path, port: str
) -> None:
    service = open_service(tmp_path / "packages")
    secret = service.access.create("ci", scope=TokenScope.PUBLISH).secret
    service.close()
    uploader = Uploader(served.client if port == "main" else served.uploads, secret)
    wait_until(lambda: uploader.upload_wheel("warm-up").status == 200, 10)
    content = build_wheel("cut-off", modules={"noise.bin": os.urandom(300_000)})
    request = request_bytes(uploader, upload_body(content, fields_of(content, "cut-off")))
    with (
        socket.create_connection(("127.0.0.1", uploader.client.port), timeout=20) as plain,
        uploader.client.context().wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(request[:-100])
        wait_until(lambda: bool(staged(tmp_path / "packages")))
        assert uploader.upload_wheel("answered").status == 200
        served.process.kill()
        served.process.wait()
    again = open_service(tmp_path / "packages")
    assert wheel_filename("answered", "1.0") in whole(again)
    assert wheel_filename("cut-off", "1.0") not in whole(again)
    assert staged(tmp_path / "packages") == []
    again.close()
