"""Names that exist upstream too: asked by the user's own pip, kept, and said what would win."""

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from packaging.utils import NormalizedName
from tests.builders import write_wheel

from cheeseboard.clients.collisions import FILE, Answer, Collisions, Winner, compare, read_transcript
from cheeseboard.clients.plan import CautionReason, Mode
from cheeseboard.errors import ClientConfigError
from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.repository.snapshot import ProjectStatus
from cheeseboard.service import Service

OWN = "https://localhost:1/simple/"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Upstream:
    url: str
    root: Path
    asked: list[str]


@pytest.fixture
def upstream(tmp_path: Path) -> Iterator[Upstream]:
    """Serve a small public index that remembers what it was asked for."""
    root, asked = tmp_path / "public", []  # type: Path, list[str]
    for name, version in (("popular", "2.0"), ("popular", "3.0rc1"), ("same", "1.0"), ("older", "0.5")):
        (root / "simple" / name).mkdir(parents=True, exist_ok=True)
        write_wheel(root / "simple" / name, name, version)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(root))
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Upstream(f"http://127.0.0.1:{server.server_port}/simple/", root, asked)
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def configured(environ: dict[str, str], upstream: Upstream, pip_conf: Path) -> dict[str, str]:
    """Return the environment of a user whose pip looks at that index, and at us, who are not serving."""
    pip_conf.parent.mkdir(parents=True)
    pip_conf.write_text(f"[global]\nindex-url = {upstream.url}\nextra-index-url = {OWN}\n")
    return environ


def test_what_would_win_is_known_from_the_users_own_index(
    configured: dict[str, str], tmp_path: Path, upstream: Upstream
) -> None:
    ours = {"popular": "1.0", "same": "1.0", "older": "1.0", "ours-alone": "1.0"}
    collisions = Collisions(tmp_path / "clients", configured)
    assert collisions.known(ours.get) == ()
    done: list[tuple[int, int]] = []
    collisions.ask(ours, own_url=OWN, now=NOW, progress=lambda *counts: done.append(counts))
    found = {each.project: (each.theirs, each.winner) for each in collisions.known(ours.get)}
    assert found == {
        "popular": ("2.0", Winner.UPSTREAM),
        "same": ("1.0", Winner.EITHER),
        "older": ("0.5", Winner.OURS),
    }
    assert done[-1] == (4, 4)
    assert {each.upstream for each in collisions.known(ours.get)} == {"127.0.0.1"}


def test_an_answer_is_kept_and_asked_anew_after_a_week(
    configured: dict[str, str], tmp_path: Path, upstream: Upstream
) -> None:
    collisions = Collisions(tmp_path / "clients", configured)
    collisions.ask(["popular"], own_url=OWN, now=NOW)
    count = len(upstream.asked)
    collisions.ask(["popular"], own_url=OWN, now=NOW + timedelta(days=6))
    assert len(upstream.asked) == count
    collisions.ask(["popular"], own_url=OWN, now=NOW + timedelta(days=8))
    assert len(upstream.asked) > count


def test_an_upstream_that_does_not_answer_is_said_and_nothing_is_claimed(
    environ: dict[str, str], tmp_path: Path
) -> None:
    collisions = Collisions(tmp_path / "clients", {**environ, "PIP_INDEX_URL": "http://127.0.0.1:1/simple/"})
    with pytest.raises(ClientConfigError, match=r"did not reach 127\.0\.0\.1"):
        collisions.ask(["popular"], own_url=OWN, now=NOW)
    assert collisions.known({"popular": "1.0"}.get) == ()


def test_cancelling_asks_no_more(configured: dict[str, str], tmp_path: Path, upstream: Upstream) -> None:
    collisions = Collisions(tmp_path / "clients", configured)
    collisions.ask(["popular", "same"], own_url=OWN, now=NOW, cancelled=lambda: True)
    assert upstream.asked == []


def test_what_is_known_is_kept_when_a_later_name_fails(
    configured: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_: object, name: str, *__: object) -> Answer:
        if name == "b":
            raise ClientConfigError("pip did not reach its index.", "pip")
        return Answer(NOW, "a.example", ("2.0",))

    monkeypatch.setattr("cheeseboard.clients.collisions._ask_pip", answer)
    collisions = Collisions(tmp_path / "clients", configured)
    with pytest.raises(ClientConfigError):
        collisions.ask(["a", "b"], own_url=OWN, now=NOW)
    assert [each.project for each in collisions.known({"a": "1.0", "b": "1.0"}.get)] == ["a"]
    cancelled = iter([False, True, True, True])
    collisions.ask(["b"], own_url=OWN, now=NOW, cancelled=lambda: next(cancelled))  # no error then


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"version": 9}', b'{"version": 1, "answers": {"x": 1}}'])
def test_answers_that_cannot_be_read_are_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert Collisions(tmp_path, {}).known({"x": "1.0"}.get) == ()


def test_our_own_answer_does_not_count() -> None:
    said = (
        f"Fetched page {OWN}x/ as text/html\n  Found link {OWN}x/x-1.0.tar.gz (from {OWN}x/), version: 1.0\n"
    )
    other = "Could not fetch URL https://a.example/simple/x/: 404 Client Error: Not Found - skipping\n"
    assert read_transcript(said + other, "x", OWN, NOW) == Answer(NOW, "", ())
    with pytest.raises(ClientConfigError):
        read_transcript(said, "x", OWN, NOW)


@pytest.mark.parametrize(
    ("ours", "theirs", "winner"),
    [
        ("2.0rc1", "2.0rc2", Winner.UPSTREAM),
        ("1.0", "2.0rc1", Winner.OURS),
        ("2.0rc1", "1.0", Winner.UPSTREAM),
    ],
)
def test_a_prerelease_counts_where_there_is_nothing_else(ours: str, theirs: str, winner: Winner) -> None:
    collision = compare("x", ours, Answer(NOW, "a.example", (theirs, "nonsense")))
    assert collision is not None
    assert (collision.theirs, collision.winner) == (theirs, winner)


def test_the_plan_warns_in_extra_mode_alone_and_nobody_is_asked_unbidden(
    configured: dict[str, str], upstream: Upstream, tmp_path: Path, own_home: Path
) -> None:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    service = Service(locations, configured, folder=tmp_path / "packages")
    service.open(watch=False)
    try:
        service.add([write_wheel(tmp_path, "popular", "1.0")], Way.COMMAND_LINE)
        service.sharing.serve(lan=False, port=0)
        assert service.clients.plan_use("pip").cautions == ()
        assert upstream.asked == []
        assert [collision.project for collision in service.clients.check_collisions()] == ["popular"]
        (caution,) = service.clients.plan_use("pip").cautions
        assert (caution.reason, caution.detail) == (CautionReason.NAME_COLLISION, "popular")
        reasons = {caution.reason for caution in service.clients.plan_use("pip", mode=Mode.ONLY).cautions}
        assert CautionReason.NAME_COLLISION not in reasons
    finally:
        service.close()


def test_what_is_wholly_yanked_or_quarantined_is_none_of_ours_that_pip_could_take(
    configured: dict[str, str], tmp_path: Path, own_home: Path
) -> None:
    locations = find_locations({"CHEESEBOARD_HOME": str(own_home / "cheeseboard")})
    service = Service(locations, configured, folder=tmp_path / "packages")
    service.open(watch=False)
    name = NormalizedName("popular")
    try:
        service.add([write_wheel(tmp_path, "popular", "99.0")], Way.COMMAND_LINE)
        (ours,) = service.clients.check_collisions()
        assert (ours.ours, ours.winner) == ("99.0", Winner.OURS)

        service.yank(service.snapshot.projects[name].files)
        (theirs,) = service.clients.collisions
        assert (theirs.ours, theirs.winner) == ("", Winner.UPSTREAM)

        service.unyank(service.snapshot.projects[name].files)
        assert service.clients.collisions == (ours,)
        service.set_project_status(name, ProjectStatus.QUARANTINED)
        assert service.clients.collisions == (theirs,)
    finally:
        service.close()
