"""The gate: who may read and who may write."""

import ast
import base64
import inspect
import textwrap
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from cheeseboard.server.access.cooldown import Cooldown
from cheeseboard.server.access.gate import Allowed, Denied, Gate, Right, read_secret
from cheeseboard.server.access.tokens import (
    Held,
    Reading,
    Rules,
    Token,
    TokenScope,
    digest_of,
    make_id,
    make_secret,
)

LAN, HERE = "192.168.1.20", "127.0.0.1"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACME, OTHER = NormalizedName("acme-core"), NormalizedName("other")


def basic(secret: str, user: str = "__token__") -> str:
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0
        self.now = NOW

    def __call__(self) -> float:
        return self.seconds


class Board:
    """A gate with some tokens, and their secrets by name."""

    def __init__(self, reading: Reading = Reading.ANYBODY) -> None:
        self.clock = Clock()
        self.gate = Gate(now=lambda: self.clock.now, cooldown=Cooldown(clock=self.clock))
        self.reading = reading
        self.secrets: dict[str, str] = {}
        self.held: tuple[Held, ...] = ()
        self.gate.follow(Rules(reading))

    def add(
        self,
        name: str,
        scope: TokenScope,
        *projects: NormalizedName,
        expires: datetime | None = None,
        here_only: bool = False,
    ) -> str:
        secret = self.secrets[name] = make_secret()
        token = Token(make_id(), name, scope, projects, NOW, expires)
        self.held = (*self.held, Held(token, digest_of(secret), here_only))
        self.gate.follow(Rules(self.reading, self.held))
        return secret

    def ask(
        self,
        right: Right,
        authorization: str | None,
        *,
        address: str = LAN,
        project: NormalizedName | None = ACME,
    ) -> Allowed | Denied:
        return self.gate.decide(right, authorization, address=address, project=project)


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def private() -> Board:
    return Board(Reading.TOKEN)


def status(answer: Allowed | Denied) -> int:
    return answer.status if isinstance(answer, Denied) else 200


def test_at_first_anybody_reads(board: Board) -> None:
    assert board.ask(Right.READ, None) == Allowed("")
    assert board.gate.reading_is_public


@pytest.mark.parametrize("address", [LAN, HERE])
def test_at_first_nobody_writes_without_a_token_here_or_on_the_network(board: Board, address: str) -> None:
    assert status(board.ask(Right.PUBLISH, None, address=address)) == 401


def test_a_stale_token_is_no_hindrance_where_anybody_reads(board: Board) -> None:
    assert board.ask(Right.READ, basic("cheeseboard-old")) == Allowed("")


def test_a_token_for_publishing_publishes_and_is_named(board: Board) -> None:
    assert board.ask(Right.PUBLISH, basic(board.add("ci", TokenScope.PUBLISH))) == Allowed("ci")


@pytest.mark.parametrize("user", ["__token__", "anna", "", "ünï"])
def test_any_user_name_will_do(board: Board, user: str) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    assert status(board.ask(Right.PUBLISH, basic(secret, user))) == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_bearer_token_will_do(board: Board, scheme: str) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    assert status(board.ask(Right.PUBLISH, f"{scheme} {secret}")) == 200


def test_a_token_for_reading_does_not_publish(board: Board) -> None:
    assert status(board.ask(Right.PUBLISH, basic(board.add("reader", TokenScope.READ)))) == 403


def test_a_token_for_publishing_reads_too(private: Board) -> None:
    assert status(private.ask(Right.READ, basic(private.add("ci", TokenScope.PUBLISH)))) == 200


def test_a_private_repository_is_read_with_a_token_only(private: Board) -> None:
    secret = private.add("reader", TokenScope.READ)
    assert not private.gate.reading_is_public
    assert status(private.ask(Right.READ, None)) == 401
    assert private.ask(Right.READ, basic(secret)) == Allowed("reader")


def test_publishing_another_project_than_the_tokens_is_forbidden(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH, ACME)
    assert status(board.ask(Right.PUBLISH, basic(secret), project=ACME)) == 200
    assert status(board.ask(Right.PUBLISH, basic(secret), project=OTHER)) == 403


def test_before_the_project_is_known_any_publishing_token_may_begin(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH, ACME)
    assert status(board.ask(Right.PUBLISH, basic(secret), project=None)) == 200


def test_a_project_that_a_token_does_not_cover_is_not_there_for_its_holder(private: Board) -> None:
    secret = private.add("reader", TokenScope.READ, ACME)
    assert status(private.ask(Right.READ, basic(secret), project=ACME)) == 200
    # 404 and not 403: uv then goes on to its next index.
    assert status(private.ask(Right.READ, basic(secret), project=OTHER)) == 404


def test_the_list_of_all_projects_needs_a_token_for_all(private: Board) -> None:
    some = private.add("some", TokenScope.READ, ACME)
    everything = private.add("all", TokenScope.READ)
    assert status(private.ask(Right.READ, basic(some), project=None)) == 403
    assert status(private.ask(Right.READ, basic(everything), project=None)) == 200


def test_an_expired_token_is_void_and_says_since_when(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH, expires=NOW + timedelta(days=1))
    assert status(board.ask(Right.PUBLISH, basic(secret))) == 200
    board.clock.now += timedelta(days=1)
    denied = board.ask(Right.PUBLISH, basic(secret))
    assert isinstance(denied, Denied)
    assert denied.status == 401
    assert "2026-11-23" in denied.message


def test_a_revoked_token_is_void_at_once(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    board.gate.follow(Rules())
    assert status(board.ask(Right.PUBLISH, basic(secret))) == 401


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.8.8.8", "::ffff:127.0.0.1"])
def test_the_owners_token_goes_here(board: Board, address: str) -> None:
    secret = board.add("owner", TokenScope.PUBLISH, here_only=True)
    assert board.ask(Right.PUBLISH, basic(secret), address=address) == Allowed("owner")


@pytest.mark.parametrize("address", [LAN, "fe80::1%eth0", "::ffff:192.168.1.20", "", "nonsense"])
def test_the_owners_token_goes_nowhere_else(board: Board, address: str) -> None:
    secret = board.add("owner", TokenScope.PUBLISH, here_only=True)
    assert status(board.ask(Right.PUBLISH, basic(secret), address=address)) == 403


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic ",
        "Basic %%%",
        "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b"user:").decode(),
        "Basic Zm9v, Basic Zm9v",
        "Basic " + "QUJD" * 20_000,
        "Bearer ",
        "Digest username=x",
        "Negotiate abc",
        "\xff\xff",
        "Bearer \ud800",
    ],
)
def test_what_cannot_be_read_is_no_token(board: Board, authorization: str) -> None:
    board.add("ci", TokenScope.PUBLISH)
    assert status(board.ask(Right.PUBLISH, authorization)) == 401


@given(st.text(max_size=300))
def test_no_header_makes_the_gate_fail(header: str) -> None:
    private = Board(Reading.TOKEN)
    for authorization in (header, "Basic " + header, "Bearer " + header):
        assert status(private.ask(Right.READ, authorization)) == 401


@given(st.binary(max_size=100))
def test_no_credentials_make_the_gate_fail(credentials: bytes) -> None:
    private = Board(Reading.TOKEN)
    assert status(private.ask(Right.READ, "Basic " + base64.b64encode(credentials).decode())) == 401


def test_a_password_may_hold_colons() -> None:
    assert read_secret(basic("a:b:c")) == "a:b:c"


def test_after_five_wrong_tokens_an_address_waits(board: Board) -> None:
    for _ in range(5):
        assert status(board.ask(Right.PUBLISH, basic(make_secret()))) == 401
    denied = board.ask(Right.PUBLISH, basic(make_secret()))
    assert isinstance(denied, Denied)
    assert denied.status == 429
    assert denied.retry_after == 30


def test_a_right_token_is_let_in_while_wrong_ones_from_its_address_wait(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    for _ in range(50):
        board.ask(Right.PUBLISH, basic(make_secret()))
    assert status(board.ask(Right.PUBLISH, basic(secret))) == 200


def test_other_addresses_do_not_wait(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    for _ in range(50):
        board.ask(Right.PUBLISH, basic("wrong"))
    assert status(board.ask(Right.PUBLISH, basic(secret), address="192.168.1.21")) == 200


def test_the_wait_ends(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    for _ in range(5):
        board.ask(Right.PUBLISH, basic("wrong"))
    board.clock.seconds += 30
    assert status(board.ask(Right.PUBLISH, basic(secret))) == 200


def test_a_right_token_makes_good_for_wrong_ones(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    for _ in range(3):
        for _ in range(4):
            assert status(board.ask(Right.PUBLISH, basic("wrong"))) == 401
        assert status(board.ask(Right.PUBLISH, basic(secret))) == 200


def test_asking_without_a_token_is_no_failure(private: Board) -> None:
    # Installers and browsers ask without at first.
    secret = private.add("reader", TokenScope.READ)
    for _ in range(20):
        private.ask(Right.READ, None)
    assert status(private.ask(Right.READ, basic(secret))) == 200


@pytest.mark.parametrize("user", ["__token__", "anna", ""])
def test_a_user_name_without_a_password_is_a_question_and_no_failure(private: Board, user: str) -> None:
    # pip and uv send it for a URL with a user name alone, and again with what a keyring gave.
    asked = private.ask(Right.READ, None)
    for _ in range(20):
        assert private.ask(Right.READ, basic("", user)) == asked
    assert status(private.ask(Right.READ, basic(make_secret()))) == 401
    assert status(private.ask(Right.READ, basic(":", user))) == 401


def test_a_right_token_that_does_not_go_so_far_is_no_failure(board: Board) -> None:
    reader, ci = board.add("reader", TokenScope.READ), board.add("ci", TokenScope.PUBLISH)
    for _ in range(20):
        assert status(board.ask(Right.PUBLISH, basic(reader))) == 403
    assert status(board.ask(Right.PUBLISH, basic(ci))) == 200


def test_a_token_that_was_just_made_is_known_before_it_is_refused(board: Board) -> None:
    secret = make_secret()
    token = Token(make_id(), "ci", TokenScope.PUBLISH, (), NOW)
    rules = Rules(held=(Held(token, digest_of(secret)),))
    gate = Gate(now=lambda: NOW, look=lambda: gate.follow(rules))
    denied = gate.decide(Right.PUBLISH, basic("nothing like a token"), address=LAN, project=None)
    assert status(denied) == 401
    assert gate.name_of(basic(secret)) == ""
    assert gate.decide(Right.PUBLISH, basic(secret), address=LAN, project=None) == Allowed("ci")


def test_a_token_cut_short_is_told_so(board: Board) -> None:
    secret = board.add("ci", TokenScope.PUBLISH)
    denied = board.ask(Right.PUBLISH, basic(secret[:-1]))
    assert isinstance(denied, Denied)
    assert "Copy it again" in denied.message


def test_no_answer_tells_a_secret(board: Board) -> None:
    secret = board.add("ci", TokenScope.READ, ACME, expires=NOW)
    for authorization in (basic(secret), basic(secret[:-1]), f"Bearer {make_secret()}"):
        assert secret[12:40] not in str(board.ask(Right.PUBLISH, authorization))


def test_uses_are_told_once(board: Board) -> None:
    board.ask(Right.PUBLISH, basic(board.add("ci", TokenScope.PUBLISH)))
    (held,) = board.held
    assert board.gate.take_uses() == {held.token.id: NOW}
    assert board.gate.take_uses() == {}


def test_the_access_logs_name_is_the_tokens(private: Board) -> None:
    secret = private.add("anna", TokenScope.READ)
    assert private.gate.name_of(basic(secret)) == "anna"
    assert private.gate.name_of(basic("wrong")) == private.gate.name_of(None) == ""


def test_every_token_is_compared_in_constant_time_and_none_ends_the_search() -> None:
    source = textwrap.dedent(inspect.getsource(Gate._find))
    function = ast.parse(source).body[0]
    loop = next(node for node in ast.walk(function) if isinstance(node, ast.For))
    assert "compare_digest(digest, held.digest)" in ast.unparse(loop)
    assert not any(isinstance(node, ast.Break | ast.Return | ast.Eq) for node in ast.walk(loop))
