"""A private folder stays private wherever it goes."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cheeseboard.server.access.private_mark import mark_path, read_mark
from cheeseboard.server.access.token_store import TokenStore
from cheeseboard.server.access.tokens import Held, Reading, Rules, Token, TokenScope, digest_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HELD = Held(Token("0a1b2c3d", "ci", TokenScope.READ, (), NOW), digest_of("secret"))


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path / "access")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "packages/.cheeseboard").mkdir(parents=True)
    return tmp_path / "packages"


def close(store: TokenStore, folder: Path) -> None:
    store.change(folder, lambda rules: replace(rules, reading=Reading.TOKEN, held=(HELD,)))


def test_a_private_folder_that_was_renamed_keeps_its_rules(store: TokenStore, folder: Path) -> None:
    close(store, folder)
    moved = folder.rename(folder.with_name("moved"))
    rules = store.rules(moved)
    assert rules.reading is Reading.TOKEN
    assert HELD in rules.held


def test_it_keeps_them_when_they_change_at_the_new_place(store: TokenStore, folder: Path) -> None:
    close(store, folder)
    moved = folder.rename(folder.with_name("moved"))
    store.change(moved, lambda rules: replace(rules, held=()))
    assert store.rules(moved).held == ()
    assert store.rules(moved).reading is Reading.TOKEN


def test_a_private_folder_on_another_computer_is_closed_to_all_but_its_owner(
    store: TokenStore, folder: Path, tmp_path: Path
) -> None:
    close(store, folder)
    shutil.copytree(folder, tmp_path / "copied")
    assert TokenStore(tmp_path / "elsewhere").rules(tmp_path / "copied") == Rules(Reading.TOKEN)


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b"\xff", b'{"rules": ' + b"[" * 100_000])
def test_a_mark_that_cannot_be_read_keeps_the_folder_closed(
    store: TokenStore, folder: Path, damage: bytes
) -> None:
    mark_path(folder).write_bytes(damage)
    assert store.rules(folder).reading is Reading.TOKEN


def test_a_folder_that_was_opened_to_all_carries_no_mark(store: TokenStore, folder: Path) -> None:
    close(store, folder)
    assert read_mark(folder)
    store.change(folder, lambda rules: replace(rules, reading=Reading.ANYBODY))
    assert read_mark(folder) is None
    assert store.rules(folder.rename(folder.with_name("moved"))) == Rules()


def test_a_change_of_the_mark_is_noticed_by_a_server(store: TokenStore, folder: Path) -> None:
    before = store.signature(folder)
    mark_path(folder).write_bytes(b'{"rules": "x"}')
    assert store.signature(folder) != before


def test_a_folder_that_cannot_be_written_is_private_where_it_is(
    store: TokenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(folder)
    close(store, folder)
    assert store.rules(folder).reading is Reading.TOKEN
    assert read_mark(folder) is None
