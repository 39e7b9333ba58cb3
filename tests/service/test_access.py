"""The server goes by the tokens on disk, whatever happens to their file while it serves."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cheeseboard.errors import AccessError
from cheeseboard.locations import find_locations
from cheeseboard.server.access.gate import Allowed, Gate, Right
from cheeseboard.server.access.token_store import TokenStore
from cheeseboard.server.access.tokens import Reading, Rules, TokenScope
from cheeseboard.service import Service


@pytest.fixture
def service(tmp_path: Path, own_home: Path) -> Iterator[Service]:
    service = Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages")
    service.open(watch=False)
    yield service
    service.access.close_gate()
    service.close()


@pytest.fixture
def gate(service: Service) -> Gate:
    service.access.set_reading(Reading.TOKEN)
    return service.access.open_gate()


def rules_file(service: Service) -> Path:
    return TokenStore(find_locations(os.environ).access).path(service.folder)


def reads(gate: Gate, secret: str) -> bool:
    decision = gate.decide(Right.READ, f"Bearer {secret}", address="127.0.0.1", project=None)
    return isinstance(decision, Allowed)


@pytest.mark.skipif(os.name == "nt", reason="modes are not like this there")
def test_tokens_count_again_once_their_file_is_private_again(service: Service, gate: Gate) -> None:
    secret = service.access.create("colleague", scope=TokenScope.READ).secret
    assert reads(gate, secret)
    rules_file(service).chmod(0o644)
    service.access.follow()
    assert not reads(gate, secret)
    assert not gate.reading_is_public
    rules_file(service).chmod(0o600)
    service.access.follow()
    assert reads(gate, secret)


def test_tokens_count_again_after_a_trouble_that_leaves_no_trace(
    service: Service, gate: Gate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = service.access.create("colleague", scope=TokenScope.READ).secret
    read: Callable[[TokenStore, Path], Rules] = TokenStore.rules

    def fail(_store: TokenStore, folder: Path) -> Rules:
        raise AccessError("Can't read it: too many open files.", folder)

    monkeypatch.setattr(TokenStore, "rules", fail)
    os.utime(rules_file(service))
    for _ in range(3):
        service.access.follow()
    assert not reads(gate, secret)
    assert not gate.reading_is_public
    assert caplog.text.count("too many open files") == 1
    monkeypatch.setattr(TokenStore, "rules", read)
    service.access.follow()
    assert reads(gate, secret)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_that_is_none_lets_nobody_in_and_nobody_else_out(
    service: Service, gate: Gate, moment: str
) -> None:
    created = service.access.create("colleague", scope=TokenScope.READ)
    path = rules_file(service)
    path.write_text(path.read_text().replace(created.token.created.isoformat(), moment))
    service.access.follow()
    assert not reads(gate, created.secret)
    assert not gate.reading_is_public


def test_a_private_repository_whose_rules_vanish_stays_closed(service: Service, gate: Gate) -> None:
    secret = service.access.create("colleague", scope=TokenScope.READ).secret
    rules_file(service).unlink()
    service.access.follow()
    assert not gate.reading_is_public
    assert not reads(gate, secret)
