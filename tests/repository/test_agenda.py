"""What a folder's thread looks at next: the names at which something happened, the whole when calm."""

import pytest

from cheeseboard.repository.agenda import Agenda, Look

WHOLE = Look(None)


def at(*names: str) -> Look:
    return Look(frozenset(names))


@pytest.fixture
def agenda() -> Agenda:
    """Return an agenda whose first look through the folder ended at 0 and took no time."""
    agenda = Agenda()
    assert agenda.next(-1.0) == WHOLE
    agenda.looked(WHOLE, 0.0, 0.0, {}, told=True)
    return agenda


def test_the_whole_folder_comes_first() -> None:
    assert Agenda().next(5.0) == WHOLE


def test_nothing_is_due_before_the_regular_look(agenda: Agenda) -> None:
    assert (agenda.next(29.9), agenda.seconds_left(20.0)) == (None, 10.0)
    assert agenda.next(30.0) == WHOLE


def test_names_at_which_something_happened_are_looked_at_once(agenda: Agenda) -> None:
    agenda.note({"acme"}, 1.0)
    agenda.note({"acme", "other"}, 1.1)
    assert agenda.seconds_left(1.1) == 0.0
    assert agenda.next(1.2) == at("acme", "other")
    assert agenda.next(1.3) is None


def test_a_name_where_a_file_grows_is_looked_at_again_by_itself(agenda: Agenda) -> None:
    agenda.note({"acme"}, 1.0)
    look = agenda.next(1.0)
    assert look is not None
    agenda.looked(look, 1.0, 1.1, {"acme": 0.2}, told=True)
    assert agenda.next(1.2) is None
    assert agenda.next(1.31) == at("acme")


def test_many_names_are_taken_in_parts_the_earliest_first(agenda: Agenda) -> None:
    for number in range(900):
        agenda.note({f"project-{number}"}, 1.0)
    first, second, third = (agenda.next(1.0) for _ in range(3))
    assert (first, third) == (at(*(f"project-{number}" for number in range(512))), None)
    assert second == at(*(f"project-{number}" for number in range(512, 900)))


def test_so_many_events_that_some_may_be_lost_end_in_a_look_through_all_once_it_is_calm(
    agenda: Agenda,
) -> None:
    for number in range(1_000):
        agenda.note({f"project-{number % 10}"}, 1.0 + number / 1000)
    assert agenda.next(2.0) != WHOLE
    agenda.note({"one-more"}, 2.5)
    assert agenda.next(2.5) == at("one-more")
    assert agenda.next(3.4) is None
    assert agenda.next(3.6) == WHOLE
    agenda.looked(WHOLE, 3.6, 3.6, {}, told=True)
    assert agenda.next(20.0) is None


def test_calm_takes_as_long_as_a_look_through_all(agenda: Agenda) -> None:
    agenda.ask()
    assert agenda.next(1.0) == WHOLE
    agenda.looked(WHOLE, 1.0, 5.0, {}, told=True)
    agenda.note({f"project-{number}" for number in range(1_000)}, 6.0)
    while agenda.next(6.0) is not None:
        pass
    assert agenda.next(9.9) is None
    assert agenda.next(10.0) == WHOLE


def test_an_event_that_names_no_place_ends_in_a_look_through_all(agenda: Agenda) -> None:
    agenda.note({""}, 1.0)
    assert (agenda.next(1.5), agenda.next(2.0)) == (None, WHOLE)


@pytest.mark.parametrize(
    ("took", "told", "due_in"),
    [(0.0, True, 30.0), (0.4, True, 40.0), (3.0, True, 45.0), (20.0, True, 200.0), (0.0, False, 2.0)],
)
def test_a_regular_look_costs_a_bounded_share_and_comes_within_a_minute_where_it_can(
    took: float, told: bool, due_in: float
) -> None:
    agenda = Agenda()
    agenda.next(0.0)
    agenda.looked(WHOLE, 100.0 - took, 100.0, {}, told=told)
    assert agenda.seconds_left(100.0) == pytest.approx(due_in)


def test_a_look_through_all_comes_even_in_a_storm_without_end(agenda: Agenda) -> None:
    agenda.note({"acme"}, 31.0)
    assert agenda.next(31.0) == WHOLE
    agenda.looked(WHOLE, 31.0, 31.0, {}, told=True)
    assert agenda.next(31.0) is None
