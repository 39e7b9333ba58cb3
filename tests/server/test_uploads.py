"""Uploads over a real listener into a real folder, with a real token: what is kept, and what is said."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import build_sdist, build_wheel, sdist_filename
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
from cheeseboard.server.access.tokens import TokenScope
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


def test_the_same_file_again_is_fine_and_changes_nothing(service: Service, uploader: Uploader) -> None:
    uploader.upload(CONTENT)
    before = service.snapshot
    reply = uploader.upload(CONTENT)
    assert (reply.status, reply.text) == (200, f"{WHEEL} is already here.\n")
    assert service.snapshot is before


def test_a_source_archive_is_taken_too(service: Service, uploader: Uploader) -> None:
    content, filename = build_sdist(), sdist_filename("acme-core", "1.0")
    reply = uploader.upload(content, filename, fields={**fields_of(content), "filetype": "sdist"})
    assert reply.status == 200, reply.text
    assert names(service) == [filename]


@pytest.mark.parametrize("name", ["Acme.Core", "acme_core", "ACME-core"])
@pytest.mark.parametrize("version", ["1.0", "1.0.0", "v1.0"])
def test_names_and_versions_are_compared_by_what_they_mean(
    uploader: Uploader, name: str, version: str
) -> None:
    assert uploader.upload(CONTENT, changed={"name": name, "version": version}).status == 200


def test_fields_come_in_any_order_some_empty_and_classifiers_by_the_hundred(
    service: Service, uploader: Uploader
) -> None:
    fields = [field_part(*field) for field in fields_of(CONTENT).items()]
    many = [field_part("classifiers", f"Topic :: {number}") for number in range(400)]
    empty = [field_part(name, "") for name in ("home_page", "md5_digest", "attestations")]
    body = form([*fields[3:], file_part(CONTENT), *many, *empty, *fields[:3]])
    assert uploader.post(body).status == 200
    assert names(service) == [WHEEL]


def test_a_signature_and_a_comment_are_passed_over(service: Service, uploader: Uploader) -> None:
    parts = [field_part(*field) for field in fields_of(CONTENT).items()]
    signature = file_part(b"-----BEGIN PGP SIGNATURE-----", f"{WHEEL}.asc", name="gpg_signature")
    body = form([*parts, field_part("comment", "the first"), signature, file_part(CONTENT)])
    assert uploader.post(body).status == 200
    assert names(service) == [WHEEL]


def test_a_form_that_says_next_to_nothing_is_enough(uploader: Uploader) -> None:
    assert uploader.upload(CONTENT, fields={":action": "file_upload"}).status == 200


def test_the_window_is_told_and_activity_says_who(service: Service, uploader: Uploader) -> None:
    events: list[Event] = []
    service.bus.subscribe(events.append)
    uploader.upload(CONTENT)
    added = [event for event in events if isinstance(event, FileAdded)]
    assert added == [FileAdded(WHEEL, "acme-core", "1.0", Way.UPLOAD)]
    (act,) = service.activity()
    assert (act.act, act.filename, act.way, act.detail) == ("added", WHEEL, Way.UPLOAD, "ci")


def test_the_access_log_names_the_token(service: Service, uploader: Uploader, own_home: Path) -> None:
    uploader.upload(CONTENT)
    service.sharing.stop_serving()
    log = (own_home / "cheeseboard/state/logs/access.log").read_text()
    assert "- ci [" in log
    assert '"POST /legacy/ HTTP/1.1" 200' in log
    assert uploader.secret not in log


@pytest.mark.parametrize("path", ["/legacy/", "/legacy"])
def test_an_upload_is_never_redirected(uploader: Uploader, path: str) -> None:
    assert uploader.post(upload_body(CONTENT, fields_of(CONTENT)), path).status == 200


# --- what is refused, and in what words ------------------------------------------------------------------


def test_other_bytes_under_the_same_name_are_a_conflict(service: Service, uploader: Uploader) -> None:
    uploader.upload(CONTENT)
    other = build_wheel(summary="Another one")
    reply = uploader.upload(other)
    assert reply.status == 409
    assert reply.text.startswith("File already exists. ")
    assert "Raise the version" in reply.text
    assert (service.folder / "acme-core" / WHEEL).read_bytes() == CONTENT
    wait_until(lambda: not staged(service))


def test_a_broken_file_is_refused_with_the_reason(service: Service, uploader: Uploader) -> None:
    broken = CONTENT[:-40]
    reply = uploader.upload(broken)
    assert (reply.status, reply.text) == (400, f"{WHEEL} is cut short. Download or copy it again.\n")
    assert nothing_is_kept(service)
    (act,) = service.activity()
    assert (act.act, act.filename, act.way, act.detail) == ("refused", WHEEL, Way.UPLOAD, "truncated")


@pytest.mark.parametrize(
    ("filename", "words"),
    [
        ("notes.txt", "isn't a wheel or source archive"),
        ("acme_core-1.0.egg", "today's installers"),
        ("../../acme_core-1.0-py3-none-any.whl", "isn't named as a wheel"),
        ("acme_core-1.0-py3-none-any\u00e9.whl", "isn't named as a wheel"),
        ("acme_core-one-py3-none-any.whl", "has a version"),
    ],
)
def test_a_name_that_no_index_could_list_is_refused_before_the_file_is_read(
    service: Service, uploader: Uploader, filename: str, words: str
) -> None:
    reply = uploader.upload(CONTENT, filename)
    assert reply.status == 400
    assert words in reply.text
    assert nothing_is_kept(service)


@pytest.mark.parametrize("digest", ["sha256_digest", "blake2_256_digest", "md5_digest"])
def test_a_digest_that_differs_says_that_it_was_damaged_on_the_way(
    service: Service, uploader: Uploader, digest: str
) -> None:
    reply = uploader.upload(CONTENT, changed={digest: "0" * 64})
    assert reply.status == 400
    assert "its digest differs" in reply.text
    assert nothing_is_kept(service)


def test_the_right_md5_in_capitals_is_right(uploader: Uploader) -> None:
    assert (
        uploader.upload(CONTENT, changed={"md5_digest": hashlib.md5(CONTENT).hexdigest().upper()}).status
        == 200
    )


def test_damage_on_the_way_is_told_before_what_the_damage_made_of_the_file(uploader: Uploader) -> None:
    reply = uploader.upload(CONTENT[:-40], fields=fields_of(CONTENT))
    assert "its digest differs" in reply.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "acme-other"}, "its name is acme-core, and the form says acme-other"),
        ({"version": "2.0"}, "its version is 1.0, and the form says 2.0"),
        ({"version": "one"}, "its version is 1.0, and the form says one"),
        ({"filetype": "sdist"}, "its kind is wheel, and the form says sdist"),
    ],
)
def test_the_file_decides_and_a_form_that_contradicts_it_is_refused(
    service: Service, uploader: Uploader, changed: dict[str, str], words: str
) -> None:
    reply = uploader.upload(CONTENT, changed=changed)
    assert reply.status == 400
    assert words in reply.text
    assert nothing_is_kept(service)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({":action": "submit"}, 'is "submit"'),
        ({":action": ""}, "no :action=file_upload"),
        ({"protocol_version": "2"}, "protocol version 1"),
    ],
)
def test_nothing_but_uploads_is_done_there(
    service: Service, uploader: Uploader, changed: dict[str, str], words: str
) -> None:
    reply = uploader.upload(CONTENT, changed=changed)
    assert reply.status == 400
    assert words in reply.text
    assert nothing_is_kept(service)


@pytest.mark.parametrize("status", [ProjectStatus.ARCHIVED, ProjectStatus.QUARANTINED])
def test_a_closed_project_takes_no_uploads(
    service: Service, uploader: Uploader, status: ProjectStatus
) -> None:
    uploader.upload_wheel("acme-core", "0.9")
    service.set_project_status(NormalizedName("acme-core"), status)
    reply = uploader.upload(CONTENT)
    assert (reply.status, reply.text) == (403, f"{WHEEL} can't be added: its project is {status}.\n")
    assert WHEEL not in names(service)


def test_too_large_an_upload_is_refused_by_its_length_alone(service: Service, uploader: Uploader) -> None:
    service.change_settings(upload_megabytes=1)
    content = build_wheel(modules={"noise.bin": os.urandom(1_100_000)})
    reply = uploader.upload(content)
    assert reply.status == 413
    assert "is more than the 1.0 MB that may be uploaded here" in reply.text
    assert nothing_is_kept(service)


def test_an_upload_without_a_length_is_refused(service: Service, uploader: Uploader) -> None:
    connection = uploader.client.connect()
    connection.putrequest("POST", "/legacy/")
    connection.putheader("Authorization", basic(uploader.secret))
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders(b"5\r\nhello\r\n0\r\n\r\n")
    assert connection.getresponse().status == 411
    connection.close()
    assert nothing_is_kept(service)


# --- forms that are none ---------------------------------------------------------------------------------

PARTS = [field_part(":action", "file_upload"), file_part(CONTENT)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (form([field_part(":action", "file_upload")]), "holds no file"),
        (form([*PARTS, file_part(CONTENT)]), "one file"),
        (form([PARTS[0], file_part(CONTENT, None)]), "no name"),
        (form([*PARTS, field_part("name", "a"), field_part("name", "b")]), "says name twice"),
        (form([field_part("name", b"\xff\xfe"), *PARTS]), "not UTF-8"),
        (form([field_part("name", "a" * 5000), *PARTS]), "too long"),
        (form([*PARTS, *[field_part("classifiers", "x")] * 5000]), "too large"),
        (form([field_part("description", b"x" * (10 << 20) + b"x"), *PARTS]), "too large"),
        (form(PARTS).replace(b"--0f9f5a1c83a74c8d--\r\n", b""), "closing boundary"),
        (form([b'Content-Disposition: form-data; name="x"\r\nbroken header\r\n\r\nx', *PARTS]), "damaged"),
        (b"", "closing boundary"),
        (b"no form at all", "closing boundary"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_form_that_is_none_or_ambiguous_is_refused(
    service: Service, uploader: Uploader, body: bytes, words: str
) -> None:
    reply = uploader.post(body)
    assert reply.status == 400
    assert words in reply.text
    assert nothing_is_kept(service)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x",
    ],
)
def test_a_body_of_another_kind_is_refused(uploader: Uploader, content_type: str) -> None:
    reply = uploader.post(b"{}", Content_Type=content_type)
    assert reply.status == 400
    assert "not an upload" in reply.text


# --- who may -----------------------------------------------------------------------------------------------


def test_without_a_token_the_client_is_asked_for_one(service: Service, client: Client) -> None:
    body = upload_body(CONTENT, fields_of(CONTENT))
    reply = client.request("POST", "/legacy/", content=body)
    assert reply.status == 401
    assert reply.header("WWW-Authenticate").startswith("Basic realm=")
    assert nothing_is_kept(service)


def test_a_wrong_token_is_refused_before_anything_is_read(service: Service, client: Client) -> None:
    stranger = Uploader(client, "wrong")
    assert stranger.post(b"not even a form").status == 401
    assert nothing_is_kept(service)


def test_a_token_for_reading_does_not_publish(service: Service, client: Client) -> None:
    reader = Uploader(client, service.access.create("reader", scope=TokenScope.READ).secret)
    assert reader.upload(CONTENT).status == 403
    assert nothing_is_kept(service)


def test_a_token_for_other_projects_does_not_publish_whatever_the_form_says(
    service: Service, client: Client
) -> None:
    narrow = service.access.create("narrow", scope=TokenScope.PUBLISH, projects=["acme-other"])
    reply = Uploader(client, narrow.secret).upload(CONTENT, changed={"name": "acme-other"})
    assert reply.status == 403
    assert "acme-other" in reply.text
    assert nothing_is_kept(service)


def test_a_token_for_a_project_is_held_against_the_file_where_its_name_can_be_read_in_two_ways(
    service: Service, client: Client
) -> None:
    narrow = service.access.create("narrow", scope=TokenScope.PUBLISH, projects=["acme"])
    content = build_sdist("acme-1", "2.0", top="acme-1-2.0")
    reply = Uploader(client, narrow.secret).upload(
        content, "acme-1-2.0.tar.gz", fields={":action": "file_upload"}
    )
    assert reply.status == 403
    assert nothing_is_kept(service)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "https://[::1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
def test_a_web_page_in_the_users_browser_cannot_publish_even_with_a_token(
    service: Service, uploader: Uploader, headers: dict[str, str]
) -> None:
    reply = uploader.post(upload_body(CONTENT, fields_of(CONTENT)), **headers)
    assert reply.status == 403
    assert "not from web pages" in reply.text
    assert nothing_is_kept(service)


# --- addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/simple/", "/", "/simple/acme-core/"])
def test_an_upload_to_the_wrong_address_is_told_the_right_one(uploader: Uploader, path: str) -> None:
    reply = uploader.post(upload_body(CONTENT, fields_of(CONTENT)), path)
    assert reply.status == 405
    assert f"https://127.0.0.1:{uploader.client.port}/legacy/" in reply.text


def test_what_hatch_asks_before_it_uploads_is_not_found(client: Client) -> None:
    assert client.get("/legacy/%2Bsimple/acme-core/").status == 404


def test_a_reader_of_the_upload_address_is_told_what_it_is(client: Client) -> None:
    reply = client.get("/legacy/")
    assert (reply.status, reply.header("Allow")) == (405, "POST")


# --- attestations -------------------------------------------------------------------------------------------


def test_attestations_are_kept_and_served_as_provenance(
    service: Service, client: Client, uploader: Uploader
) -> None:
    attested = [attestation(WHEEL, CONTENT)]
    assert uploader.upload(CONTENT, changed={"attestations": json.dumps(attested)}).status == 200
    page = client.get("/simple/acme-core/?format=application/vnd.pypi.simple.v1%2Bjson")
    (file,) = json.loads(page.body)["files"]
    path = f"/simple/acme-core/{WHEEL}.provenance"
    assert file["provenance"] == f"{client.url}{path}"
    html = client.get("/simple/acme-core/", Accept="text/html").text
    assert f'data-provenance="{client.url}{path}"' in html
    reply = client.get(path)
    assert reply.header("Content-Type") == "application/vnd.pypi.integrity.v1+json"
    provenance = json.loads(reply.body)
    assert provenance["version"] == 1
    (bundle,) = provenance["attestation_bundles"]
    assert bundle["attestations"] == attested
    assert set(bundle["publisher"]) == {"kind", "claims"}
    assert client.get(path, If_None_Match=reply.header("ETag")).status == 304


def test_the_strict_oracle_finds_the_provenance(client: Client, uploader: Uploader) -> None:
    from pypi_simple import ACCEPT_HTML_ONLY, ACCEPT_JSON_ONLY, PyPISimple

    attested = [attestation(WHEEL, CONTENT)]
    uploader.upload(CONTENT, changed={"attestations": json.dumps(attested)})
    for accept in (ACCEPT_JSON_ONLY, ACCEPT_HTML_ONLY):
        with PyPISimple(f"{client.url}/simple/", accept=accept) as oracle:
            oracle.s.verify = str(client.ca)
            (package,) = oracle.get_project_page("acme-core").packages
            found = oracle.get_provenance(package)
            assert found["attestation_bundles"][0]["attestations"] == attested


def test_a_file_without_attestations_has_no_provenance(client: Client, uploader: Uploader) -> None:
    uploader.upload(CONTENT)
    assert b"provenance" not in client.get("/simple/acme-core/").body
    assert client.get(f"/simple/acme-core/{WHEEL}.provenance").status == 404


def test_attestations_survive_the_trash_and_a_restart(service: Service, uploader: Uploader) -> None:
    uploader.upload(CONTENT, changed={"attestations": json.dumps([attestation(WHEEL, CONTENT)])})
    (file,) = service.snapshot.files()
    service.restore(service.remove([file]))
    service.close()
    again = Service(find_locations(os.environ), os.environ, folder=service.folder)
    again.open(watch=False)
    assert list(again.snapshot.files()) == [file]
    assert file.attestations_sha256
    again.close()


def attestation_with(value: str) -> str:
    """Return attestations that hold one value more, written as JSON or as what only Python takes for it."""
    return json.dumps([{**attestation(WHEEL, CONTENT), "more": "HERE"}]).replace('"HERE"', value)


@pytest.mark.parametrize(
    ("attestations", "words"),
    [
        (attestation_with(r'"\ud800"'), "JSON has not"),
        (attestation_with(r'{"\udfff": 1}'), "JSON has not"),
        (attestation_with("NaN"), "JSON has not"),
        (attestation_with("1e999"), "JSON has not"),
        (attestation_with("[" * 900 + "]" * 900), "nest too deeply"),
        ("not json", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("{}", "JSON array"),
        ("[]", "JSON array"),
        ("[1]", "not a JSON object"),
        ('[{"version": 2}]', "version 1"),
        (json.dumps([attestation(WHEEL, b"other")]), "other bytes"),
        (json.dumps([attestation("acme_core-2.0-py3-none-any.whl", CONTENT)]), "another file"),
        (json.dumps([attestation(WHEEL, CONTENT, subject=[])]), "one subject"),
        (json.dumps([attestation(WHEEL, CONTENT, predicateType="https://e.example/v1")]), "predicateType"),
        (json.dumps([attestation(WHEEL, CONTENT, _type="statement")]), "in-toto"),
        (json.dumps([{**attestation(WHEEL, CONTENT), "envelope": {"signature": "!"}}]), "base64"),
        (json.dumps([attestation(WHEEL, CONTENT)] * 33), "more than 32"),
    ],
    ids=lambda value: value[-20:],
)
def test_attestations_of_the_wrong_shape_or_about_another_file_refuse_the_upload(
    service: Service, uploader: Uploader, attestations: str, words: str
) -> None:
    reply = uploader.upload(CONTENT, changed={"attestations": attestations})
    assert reply.status == 400
    assert words in reply.text
    assert nothing_is_kept(service)


def test_an_attestation_may_spell_the_files_name_otherwise(uploader: Uploader) -> None:
    content = build_wheel("acme-core", "1.0")
    spelt = attestation("Acme.Core-1.0.0-py3-none-any.whl", content)
    assert uploader.upload(content, changed={"attestations": json.dumps([spelt])}).status == 200


def test_one_upload_too_many_is_told_to_come_again(
    service: Service, uploader: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("cheeseboard.server.uploading.uploads._MOST_AT_ONCE", 0)
        reply = uploader.upload(CONTENT)
    assert (reply.status, reply.header("Retry-After")) == (503, "5")
    assert nothing_is_kept(service)
    assert uploader.upload(CONTENT).status == 200
