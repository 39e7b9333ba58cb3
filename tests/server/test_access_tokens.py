"""Tokens: what they look like, and how they are kept."""

import json
import multiprocessing
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheeseboard.errors import AccessError
from cheeseboard.server.access.token_store import TokenStore
from cheeseboard.server.access.tokens import (
    TOKEN,
    Held,
    Reading,
    Rules,
    Token,
    TokenScope,
    digest_of,
    is_whole,
    make_id,
    make_secret,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def held(name: str = "ci", secret: str = "") -> Held:
    token = Token(make_id(), name, TokenScope.READ, (), NOW)
    return Held(token, digest_of(secret or make_secret()))


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path / "access")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "packages"


def add(store: TokenStore, folder: Path, *more: Held) -> None:
    store.change(folder, lambda rules: replace(rules, held=(*rules.held, *more)))


def test_a_secret_is_recognisable_and_whole() -> None:
    secret = make_secret()
    assert secret.startswith("cheeseboard-")
    assert TOKEN.fullmatch(secret)
    assert is_whole(secret)


def test_two_secrets_differ() -> None:
    assert len({make_secret() for _ in range(100)}) == 100


@given(st.integers(0, 60), st.sampled_from("0aZ-"))
def test_a_secret_with_another_letter_is_not_whole(place: int, letter: str) -> None:
    secret = make_secret()
    wrong = secret[:place] + letter + secret[place + 1 :]
    assert is_whole(wrong) == (wrong == secret)


def test_a_repository_without_rules_is_open_to_readers_only(store: TokenStore, folder: Path) -> None:
    assert store.rules(folder) == Rules(Reading.ANYBODY, ())


def test_what_is_kept_comes_back(store: TokenStore, folder: Path) -> None:
    kept = held()
    add(store, folder, kept)
    store.change(folder, lambda rules: replace(rules, reading=Reading.TOKEN))
    assert store.rules(folder) == Rules(Reading.TOKEN, (kept,))


def test_no_secret_is_at_rest(store: TokenStore, folder: Path) -> None:
    secret = make_secret()
    add(store, folder, held(secret=secret))
    content = store.path(folder).read_text()
    assert secret not in content
    assert secret[12:] not in content


def test_only_the_user_can_read_what_is_kept(store: TokenStore, folder: Path) -> None:
    before = os.umask(0)
    try:
        add(store, folder, held())
        store.owner_secret(TokenScope.PUBLISH)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.directory.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700


def test_tokens_that_others_could_have_read_are_not_used(store: TokenStore, folder: Path) -> None:
    add(store, folder, held())
    store.path(folder).chmod(0o644)
    with pytest.raises(AccessError, match="Other users"):
        store.rules(folder)


def test_a_link_in_their_place_is_not_followed(store: TokenStore, folder: Path, tmp_path: Path) -> None:
    add(store, folder, held())
    store.path(folder).rename(tmp_path / "elsewhere")
    store.path(folder).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AccessError, match="Can't read"):
        store.rules(folder)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", "{}", '{"version": 1}', '{"version":1,"reading":"x","tokens":[]}']
)
def test_damaged_rules_are_said_and_stay(store: TokenStore, folder: Path, content: str) -> None:
    add(store, folder, held())
    store.path(folder).write_text(content)
    with pytest.raises(AccessError, match="damaged"):
        store.rules(folder)
    with pytest.raises(AccessError, match="damaged"):
        add(store, folder, held())
    assert store.path(folder).read_text() == content


def test_rules_of_a_newer_program_are_left_alone(store: TokenStore, folder: Path) -> None:
    add(store, folder, held())
    data = json.loads(store.path(folder).read_text())
    store.path(folder).write_text(json.dumps({**data, "version": 2}))
    with pytest.raises(AccessError, match="newer"):
        store.rules(folder)


def test_each_repository_has_rules_of_its_own(store: TokenStore, folder: Path, tmp_path: Path) -> None:
    add(store, folder, held())
    assert store.rules(tmp_path / "other") == Rules()


def test_a_link_to_the_folder_leads_to_the_same_rules(
    store: TokenStore, folder: Path, tmp_path: Path
) -> None:
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    store.change(folder, lambda rules: replace(rules, reading=Reading.TOKEN))
    assert store.rules(tmp_path / "link").reading is Reading.TOKEN


def test_the_owner_has_one_token_a_scope_for_every_repository(
    store: TokenStore, folder: Path, tmp_path: Path
) -> None:
    publish, read = store.owner_secret(TokenScope.PUBLISH), store.owner_secret(TokenScope.READ)
    assert publish != read
    assert store.owner_secret(TokenScope.PUBLISH) == publish
    for place in (folder, tmp_path / "other"):
        known = {each.digest: each for each in store.rules(place).held}
        assert set(known) == {digest_of(publish), digest_of(read)}
        assert all(each.here_only for each in known.values())


def test_the_owners_token_can_be_renewed(store: TokenStore, folder: Path) -> None:
    before = store.owner_secret(TokenScope.PUBLISH)
    store.forget_owner()
    assert store.rules(folder).held == ()
    assert store.owner_secret(TokenScope.PUBLISH) != before


def test_a_change_shows_in_the_signature(store: TokenStore, folder: Path) -> None:
    seen = [store.signature(folder)]
    add(store, folder, held())
    seen.append(store.signature(folder))
    store.owner_secret(TokenScope.READ)
    seen.append(store.signature(folder))
    assert len(set(seen)) == 3


def test_the_last_use_is_remembered_and_never_goes_back(store: TokenStore, folder: Path) -> None:
    kept = held()
    add(store, folder, kept)
    later = datetime(2026, 11, 23, tzinfo=UTC)
    store.note_uses(folder, {kept.token.id: later, "gone": later})
    store.note_uses(folder, {kept.token.id: NOW})
    (found,) = store.rules(folder).held
    assert found.token.last_used == later


def _add_many(directory: Path, folder: Path, name: str) -> None:
    store = TokenStore(directory)
    for number in range(10):
        add(store, folder, held(f"{name}-{number}"))


def test_two_processes_lose_none_of_each_others_tokens(store: TokenStore, folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [
        context.Process(target=_add_many, args=(store.directory, folder, name)) for name in ("a", "b", "c")
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert len(store.rules(folder).held) == 30
