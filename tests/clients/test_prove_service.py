"""What our real server refuses, a real pip reports and the proof names."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cheeseboard.clients.installers import Installers
from cheeseboard.clients.plan import Mode
from cheeseboard.clients.proof import Cause, Proof
from cheeseboard.locations import find_locations
from cheeseboard.server.access.tokens import Reading
from cheeseboard.service import Service


@pytest.fixture
def service(environ: dict[str, str], own_home: Path, tmp_path: Path) -> Iterator[Service]:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    service = Service(locations, environ, folder=tmp_path / "packages")
    service.open()
    service.sharing.serve(lan=False, port=0)
    yield service
    service.close()


@pytest.fixture
def prove(service: Service, environ: dict[str, str], pip_conf: Path, tmp_path: Path) -> Callable[..., Proof]:
    """Return a function that lets a pip, configured for an address of our server, prove it."""

    def run(port: int | None = None) -> Proof:
        url = f"https://localhost:{port or service.sharing.port}/simple/"
        pip_conf.parent.mkdir(parents=True, exist_ok=True)
        pip_conf.write_text(f"[global]\nindex-url = {url}\ncert = {service.trust.ca_path}\n")
        (proof,) = Installers(tmp_path / "clients", environ).prove("pip", url=url, mode=Mode.ONLY)
        return proof

    return run


@pytest.fixture
def forwarded(service: Service) -> Iterator[int]:
    """Return a port that leads to the server's, as ssh -L or a container's does."""
    door = socket.create_server(("127.0.0.1", 0))
    port = service.sharing.port

    def copy(source: socket.socket, target: socket.socket) -> None:
        with source, target:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def accept() -> None:
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            for pair in ((client.dup(), server.dup()), (server, client)):
                threading.Thread(target=lambda pair=pair: _quietly(copy, *pair), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield door.getsockname()[1]
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join(10)


def _quietly(copy: Callable[[socket.socket, socket.socket], None], *pair: socket.socket) -> None:
    try:
        copy(*pair)
    except OSError:
        return


def test_the_server_itself_is_fine(prove: Callable[..., Proof]) -> None:
    proof = prove()
    assert proof.cause is None, proof.transcript


def test_a_name_that_the_server_does_not_answer_to(prove: Callable[..., Proof], forwarded: int) -> None:
    proof = prove(forwarded)
    assert proof.cause is Cause.HOST_NOT_ALLOWED, proof.transcript


def test_a_folder_that_is_gone(prove: Callable[..., Proof], service: Service) -> None:
    shutil.rmtree(service.folder)
    deadline = time.monotonic() + 60
    while service.folder_problem is None and time.monotonic() < deadline:
        service.rescan()
        threading.Event().wait(0.05)
    proof = prove()
    assert proof.cause is Cause.FOLDER_UNAVAILABLE, proof.transcript


def test_a_token_that_is_asked_for(prove: Callable[..., Proof], service: Service) -> None:
    service.access.set_reading(Reading.TOKEN)
    proof = prove()
    assert proof.cause is Cause.NOT_AUTHORIZED, proof.transcript


def test_a_server_that_stopped(prove: Callable[..., Proof], service: Service) -> None:
    service.sharing.stop_serving()
    proof = prove()
    assert proof.cause is Cause.SERVER_STOPPED, proof.transcript
