"""Uploads over a real listener into a real folder, with a real token: what is kept, and what is said."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import build_sdist, build_wheel, sdist_filename, wheel_filename
from tests.server.client import Client
from tests.server.uploading import (
    WHEEL,
    Uploader,
    attestation,
    basic,
    field_part,
    fields_of,
    file_part,
    form,
    upload_body,
)
from tests.server.waiting import wait_until

from cheeseboard.events import Event, FileAdded, Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.server.tokens import TokenScope
from cheeseboard.service import Service

CONTENT = build_wheel()


@pytest.fixture
def service(tmp_path: Path, own_home: Path) -> Iterator[Service]:
    service = Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages")
    service.open(watch=False)
    yield service
    service.close()


@pytest.fixture
def client(service: Service) -> Client:
    serving = service.sharing.serve(lan=False, port=0)
    return Client("127.0.0.1", serving.port, service.trust.ca_path)


@pytest.fixture
def uploader(service: Service, client: Client) -> Uploader:
    return Uploader(client, service.access.create("ci", scope=TokenScope.PUBLISH).secret)


def names(service: Service) -> list[str]:
    return sorted(file.filename for file in service.snapshot.files())


def staged(service: Service) -> list[str]:
    staging = service.folder / ".cheeseboard/staging"
    return [path.name for path in staging.rglob("*") if path.is_file() and path.name != "owner.lock"]


def nothing_is_kept(service: Service) -> bool:
    wait_until(lambda: not staged(service))
    return names(service) == []


# --- what goes well --------------------------------------------------------------------------------------


def test_an_upload_is_in_the_index_and_durable_when_it_is_answered(
    service: Service, client: Client, uploader: Uploader
) -> None:
    reply = uploader.upload(CONTENT)
    assert (reply.status, reply.text) == (200, f"Added {WHEEL}.\n")
    page = json.loads(client.get("/simple/acme-core/?format=application/vnd.pypi.simple.v1%2Bjson").body)
    assert [file["filename"] for file in page["files"]] == [WHEEL]
    assert client.get(f"/simple/acme-core/{WHEEL}").body == CONTENT
    assert (service.folder / "acme-core" / WHEEL).read_bytes() == CONTENT
    wait_until(lambda: not staged(service))
