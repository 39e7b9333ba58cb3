"""What another server left may be a stranger's: nothing in it stops the import, or spoils what is here."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_wheel

from cheeseboard.events import EventBus
from cheeseboard.repository.other_servers import Source, read_collection
from cheeseboard.repository.repository import Repository
from cheeseboard.service.importing import Imported, import_collection

WHEEL = "acme-1.0-py3-none-any.whl"
LONGEST_SECONDS = 20.0


def write_mirror(
    path: Path, entry: Mapping[str, Any] | None = None, page: Mapping[str, Any] | None = None
) -> Path:
    """Lay a bandersnatch mirror of one wheel out, whose JSON says what a test wants."""
    (path / "web/packages/a").mkdir(parents=True)
    (path / "web/simple/acme").mkdir(parents=True)
    write_wheel(path / "web/packages/a", "acme")
    listed = {"filename": WHEEL, "url": f"https://x/packages/a/{WHEEL}", "hashes": {}, **(entry or {})}
    content = {"name": "acme", "files": [listed], **(page or {})}
    (path / "web/simple/acme/index.v1_json").write_text(json.dumps(content))
    return path


def take_over(tmp_path: Path, source: Path, kind: Source) -> Imported:
    """Import into a new folder, then open that anew and look at all of it."""
    folder = tmp_path / "managed"
    repository = Repository(folder, EventBus())
    try:
        imported = import_collection(repository, read_collection(source, kind))
    finally:
        repository.close()
    again = Repository(folder, EventBus())
    times = [file.upload_time for project in again.snapshot.projects.values() for file in project.files]
    again.close()
    assert len(times) == len(imported.batch.accepted)
    return imported


def within_seconds(act: Callable[[], Imported]) -> Imported:
    """Return what an act returns; fail when it hangs."""
    returned: list[Imported] = []
    thread = threading.Thread(target=lambda: returned.append(act()), daemon=True)
    thread.start()
    thread.join(LONGEST_SECONDS)
    assert returned, "it hangs, or raised"
    return returned[0]


@pytest.mark.parametrize(
    ("entry", "page"),
    [
        ({"url": f"http://[::1/packages/a/{WHEEL}"}, {}),
        ({"url": f"https://x/packages/\ud800/{WHEEL}"}, {}),
        ({"url": f"https://x/packages/{'a' * 5000}/{WHEEL}"}, {}),
        ({"upload-time": "9999-12-31T23:59:59-23:59"}, {}),
        ({"upload-time": "0001-01-01T00:00:00+23:59"}, {}),
        ({"yanked": "\ud800"}, {}),
        ({"yanked": {"a": 1}}, {}),
        ({}, {"project-status": {"status": ["archived"]}}),
        ({}, {"project-status": {"status": "archived", "reason": "\ud800"}}),
    ],
    ids=ascii,
)
def test_whatever_a_mirrors_list_says_its_files_come_and_the_folder_opens_again(
    tmp_path: Path, entry: dict[str, Any], page: dict[str, Any]
) -> None:
    source = write_mirror(tmp_path / "mirror", entry, page)
    assert len(take_over(tmp_path, source, Source.BANDERSNATCH).batch.accepted) == 1


def test_a_strangers_reason_is_kept_as_one_line_without_control_characters(tmp_path: Path) -> None:
    source = write_mirror(tmp_path / "mirror", {"yanked": "old\n\x1b[31mred" + "x" * 5000})
    (accepted,) = take_over(tmp_path, source, Source.BANDERSNATCH).batch.accepted
    repository = Repository(tmp_path / "managed", EventBus())
    ((file,),) = (project.files for project in repository.snapshot.projects.values())
    repository.close()
    assert file.filename == accepted.file.filename
    assert file.yanked is not None
    assert file.yanked.startswith("old \N{REPLACEMENT CHARACTER}[31mred")
    assert len(file.yanked) == 1000


@pytest.mark.skipif(os.name == "nt", reason="no FIFOs, no such links there")
@pytest.mark.parametrize("kind", [Source.FOLDER, Source.PYPISERVER])
def test_a_fifo_a_device_and_a_dangling_link_are_refused_and_hold_nothing_up(
    tmp_path: Path, kind: Source
) -> None:
    source = tmp_path / "server"
    source.mkdir()
    write_wheel(source, "good")
    os.mkfifo(source / "fifo-1.0-py3-none-any.whl")
    (source / "endless-1.0-py3-none-any.whl").symlink_to("/dev/zero")
    (source / "gone-1.0-py3-none-any.whl").symlink_to(tmp_path / "nowhere")
    imported = within_seconds(lambda: take_over(tmp_path, source, kind))
    assert [each.source.name for each in imported.batch.accepted] == ["good-1.0-py3-none-any.whl"]
    assert len(imported.batch.outcomes) == 4


@pytest.mark.skipif(os.name == "nt", reason="no FIFOs there")
def test_a_fifo_in_the_place_of_a_list_holds_nothing_up(tmp_path: Path) -> None:
    source = write_mirror(tmp_path / "mirror")
    page = source / "web/simple/acme/index.v1_json"
    page.unlink()
    os.mkfifo(page)
    imported = within_seconds(lambda: take_over(tmp_path, source, Source.BANDERSNATCH))
    assert len(imported.batch.accepted) == 1


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_file_name_that_is_no_utf8_holds_nothing_up(tmp_path: Path) -> None:
    source = tmp_path / "server"
    source.mkdir()
    write_wheel(source, "good")
    Path(os.fsdecode(os.fsencode(source) + b"/\xff-1.0.tar.gz")).write_bytes(b"x")
    assert len(take_over(tmp_path, source, Source.PYPISERVER).batch.accepted) == 1
