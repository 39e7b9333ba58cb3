"""An uploaded file's way through the one door, without a server."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import build_wheel, wheel_filename
from tests.server.uploading import attestation

from cheeseboard.errors import FolderUnavailable, RefusalReason, StorageFull
from cheeseboard.events import Way
from cheeseboard.repository.intake import Accepted, Identical, Prepared, Rejected
from cheeseboard.repository.repository import Repository
from cheeseboard.repository.salvage import apply_decisions, read_decisions
from cheeseboard.repository.uploading import Digests, prepare_upload

WHEEL = wheel_filename("acme-core", "1.0")
CONTENT = build_wheel()


@pytest.fixture
def syncing() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def prepare(
    repository: Repository, syncing: Executor, content: bytes = CONTENT, claimed: Digests | None = None
) -> Prepared | Rejected:
    staged = repository.stage(len(content))
    staged.write(content[:100])
    staged.write(content[100:])
    return prepare_upload(staged, WHEEL, claimed or Digests(), syncing)


def staged_files(repository: Repository) -> list[Path]:
    staging = repository.folder / ".cheeseboard/staging"
    return [path for path in staging.rglob("*") if path.is_file() and path.name != "owner.lock"]


def test_it_is_placed_recorded_and_noted(repository: Repository, syncing: Executor) -> None:
    prepared = prepare(repository, syncing)
    assert isinstance(prepared, Prepared)
    outcome = repository.take_in(replace(prepared, who="ci"))
    assert isinstance(outcome, Accepted)
    assert repository.path_of(outcome.file).read_bytes() == CONTENT
    (act,) = repository.activity()
    assert (act.act, act.way, act.detail) == ("added", Way.UPLOAD, "ci")
    assert staged_files(repository) == []


def test_giving_it_up_after_it_was_taken_in_takes_nothing_away(
    repository: Repository, syncing: Executor
) -> None:
    staged = repository.stage(len(CONTENT))
    staged.write(CONTENT)
    prepared = prepare_upload(staged, WHEEL, Digests(), syncing)
    outcome = repository.take_in(prepared)
    staged.discard()
    staged.discard()
    assert isinstance(outcome, Accepted)
    assert repository.path_of(outcome.file).read_bytes() == CONTENT


def test_the_same_bytes_again_are_identical(repository: Repository, syncing: Executor) -> None:
    for expected in (Accepted, Identical):
        assert isinstance(repository.take_in(prepare(repository, syncing)), expected)
    assert staged_files(repository) == []


@pytest.mark.parametrize("claimed", [Digests("0" * 64), Digests("", "0" * 64), Digests("", "", "0" * 32)])
def test_a_digest_that_differs_refuses_it(
    repository: Repository, syncing: Executor, claimed: Digests
) -> None:
    refused = prepare(repository, syncing, claimed=claimed)
    assert isinstance(refused, Rejected)
    assert refused.refusal.reason is RefusalReason.DIGEST_MISMATCH
    assert staged_files(repository) == []


def test_digests_that_agree_are_fine(repository: Repository, syncing: Executor) -> None:
    claimed = Digests(
        hashlib.sha256(CONTENT).hexdigest().upper(),
        hashlib.blake2b(CONTENT, digest_size=32).hexdigest(),
        hashlib.md5(CONTENT).hexdigest(),
    )
    assert isinstance(prepare(repository, syncing, claimed=claimed), Prepared)


def test_what_is_refused_leaves_staging_and_is_noted(repository: Repository, syncing: Executor) -> None:
    refused = prepare(repository, syncing, b"no archive")
    assert staged_files(repository) == []
    assert repository.take_in(refused) is refused
    (act,) = repository.activity()
    assert (act.act, act.way, act.detail) == ("refused", Way.UPLOAD, "not-an-archive")


def test_what_cannot_fit_is_refused_before_it_is_sent(repository: Repository) -> None:
    with pytest.raises(StorageFull):
        repository.stage(1 << 60)


def test_nothing_is_staged_in_a_folder_that_is_gone(repository: Repository) -> None:
    aside = repository.folder.with_name("aside")
    repository.folder.rename(aside)
    with pytest.raises(FolderUnavailable):
        repository.stage(1)
    aside.rename(repository.folder)


def test_attestations_are_saved_from_a_catalog_that_is_set_aside(
    repository: Repository, syncing: Executor, open_repository: Callable[..., Repository]
) -> None:
    attested = json.dumps([attestation(WHEEL, CONTENT)]).encode()
    prepared = prepare(repository, syncing)
    assert isinstance(prepared, Prepared)
    repository.take_in(replace(prepared, attestations=attested))
    (before,) = repository.snapshot.files()
    assert repository.attestations_of(before) == attested
    repository.close()
    path = repository.folder / ".cheeseboard/catalog.sqlite3"
    decisions = read_decisions(path)
    path.unlink()
    os.utime(repository.path_of(before), (1e9, 1e9))  # not as if it were still being written
    again = open_repository()
    apply_decisions(again._opened.catalog, decisions)
    again.scan()
    (after,) = again.snapshot.files()
    assert after == before
    assert again.attestations_of(after) == attested
