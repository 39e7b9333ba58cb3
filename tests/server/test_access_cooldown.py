"""Who gave wrong tokens waits, and nobody else."""

import pytest

from cheeseboard.server.access import cooldown
from cheeseboard.server.access.cooldown import Cooldown


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def waiting(clock: Clock) -> Cooldown:
    return Cooldown(first_seconds=30, longest_seconds=100, memory_seconds=3600, clock=clock)


def fail(waiting: Cooldown, times: int, address: str = "10.0.0.1") -> None:
    for _ in range(times):
        waiting.note_failure(address)


def test_four_failures_are_forgiven(waiting: Cooldown) -> None:
    fail(waiting, 4)
    assert waiting.seconds_left("10.0.0.1") == 0


def test_each_five_more_wait_twice_as_long_up_to_a_bound(waiting: Cooldown, clock: Clock) -> None:
    waits = []
    for _ in range(4):
        fail(waiting, 5)
        waits.append(waiting.seconds_left("10.0.0.1"))
        clock.seconds += waits[-1]
    assert waits == [30, 60, 100, 100]


def test_failures_of_long_ago_are_forgotten(waiting: Cooldown, clock: Clock) -> None:
    fail(waiting, 4)
    clock.seconds += 3601
    fail(waiting, 4)
    assert waiting.seconds_left("10.0.0.1") == 0


def test_the_addresses_of_one_ipv6_host_count_as_one(waiting: Cooldown) -> None:
    for number in range(5):
        waiting.note_failure(f"2001:db8::{number}")
    assert waiting.seconds_left("2001:db8::ffff") == 30
    assert waiting.seconds_left("2001:db8:0:1::1") == 0


def test_memory_is_bounded(waiting: Cooldown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cooldown, "_MOST_ADDRESSES", 100)
    for number in range(1000):
        fail(waiting, 1, f"10.0.{number // 250}.{number % 250}")
    assert len(waiting._records) == 100


def test_who_failed_last_is_remembered_longest(waiting: Cooldown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cooldown, "_MOST_ADDRESSES", 2)
    fail(waiting, 5, "10.0.0.1")
    fail(waiting, 5, "10.0.0.2")
    fail(waiting, 1, "10.0.0.3")
    assert waiting.seconds_left("10.0.0.2") == 30
