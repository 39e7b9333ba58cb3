"""Garbage is collected between acts, and a crowd of files is not walked again and again."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from cheeseboard.desktop.work import garbage


@pytest.fixture
def timer(qapp: QApplication) -> Iterator[garbage.GarbageTimer]:
    made = garbage.GarbageTimer()
    yield made
    made.close()


def test_pythons_own_schedule_rests_while_the_window_lives(timer: garbage.GarbageTimer) -> None:
    assert not gc.isenabled()
    timer.close()
    assert gc.isenabled()


def test_cycles_are_collected(timer: garbage.GarbageTimer) -> None:
    gc.collect()
    cycle: list[object] = []
    cycle.append(cycle)
    identity = id(cycle)
    del cycle

    timer.collect()

    assert all(id(one) != identity for one in gc.get_objects())


def test_a_crowd_is_set_aside(timer: garbage.GarbageTimer) -> None:
    gc.collect()
    crowd = [[number] for number in range(garbage.CROWD + 1000)]

    timer.collect()

    assert gc.get_freeze_count() > len(crowd)
