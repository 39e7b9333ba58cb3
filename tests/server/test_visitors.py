import pytest
from tests.server.client import Client

from cheeseboard.server.guarding.visitors import Visitors, group_of, is_this_computer

NEIGHBOUR = ("192.168.1.7", 50000)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_address_may_ask_a_burst_and_then_its_rate() -> None:
    clock = Clock()
    visitors = Visitors(per_second=2.0, burst=3, clock=clock)
    assert [visitors.admit(NEIGHBOUR) for _ in range(4)] == [True, True, True, False]
    clock.now += 1.0
    assert [visitors.admit(NEIGHBOUR) for _ in range(3)] == [True, True, False]


def test_one_address_does_not_use_up_anothers_rate() -> None:
    visitors = Visitors(per_second=1.0, burst=1, clock=Clock())
    assert visitors.admit(NEIGHBOUR)
    assert not visitors.admit(NEIGHBOUR)
    assert visitors.admit(("192.168.1.8", 50000))


def test_this_computer_may_ask_as_often_as_it_likes() -> None:
    visitors = Visitors(per_second=1.0, burst=1, clock=Clock())
    assert all(visitors.admit(("127.0.0.1", 1)) for _ in range(10))
    assert all(visitors.admit(("::1", 1)) for _ in range(10))


def test_many_addresses_take_no_more_memory_for_ever() -> None:
    clock = Clock()
    visitors = Visitors(per_second=1.0, burst=1, clock=clock)
    for number in range(20_000):
        clock.now += 0.01
        visitors.admit((f"10.0.{number // 250}.{number % 250}", 1))
    assert len(visitors._buckets) <= 4096
    assert len(visitors._exempt) <= 4096


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("", ""),
    ],
)
def test_an_ipv6_host_counts_by_its_network(address: str, group: str) -> None:
    assert group_of(address) == group


@pytest.mark.parametrize(
    ("address", "own"), [("127.8.8.8", True), ("::1", True), ("10.0.0.1", False), ("", False)]
)
def test_loopback_is_this_computer(address: str, own: bool) -> None:
    assert is_this_computer(address) is own


def test_a_client_that_asks_too_often_waits_and_is_told_when_to_come_back(hurried: Client) -> None:
    assert [hurried.get("/simple/").status for _ in range(2)] == [200, 200]
    reply = hurried.get("/simple/")
    assert (reply.status, reply.header("Retry-After")) == (429, "1")
    assert "Try again in a moment." in reply.text
