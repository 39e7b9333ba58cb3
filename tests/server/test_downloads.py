import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from tests.server.waiting import wait_until

from cheeseboard.errors import FolderReadOnly
from cheeseboard.server.traffic.downloads import Counts, DownloadCounts

MOMENT = datetime(2026, 11, 22, 23, 30, tzinfo=timezone(-timedelta(hours=1)))


def test_what_was_counted_is_handed_on_at_the_end_once_with_its_day_in_utc() -> None:
    handed: list[Counts] = []
    counts = DownloadCounts(handed.append, now=lambda: MOMENT, seconds=60)
    for name in ("a.whl", "b.whl", "a.whl"):
        counts.add(name)
    counts.close()
    counts.close()
    assert handed == [{("2026-11-23", "a.whl"): 2, ("2026-11-23", "b.whl"): 1}]


def test_what_was_counted_is_handed_on_while_the_server_runs() -> None:
    handed: list[Counts] = []
    counts = DownloadCounts(handed.append, seconds=0.01)
    counts.add("a.whl")
    wait_until(lambda: len(handed) == 1)
    counts.close()
    assert len(handed) == 1


def test_what_could_not_be_recorded_waits_for_the_next_time() -> None:
    handed: list[Counts] = []

    def hand_on(counted: Counts) -> None:
        handed.append(dict(counted))
        if len(handed) == 1:
            raise FolderReadOnly("The folder is read-only.", Path())

    counts = DownloadCounts(hand_on, now=lambda: datetime(2026, 11, 22, tzinfo=UTC), seconds=0.01)
    counts.add("a.whl")
    wait_until(lambda: len(handed) == 2)
    counts.close()
    assert handed == [{("2026-11-22", "a.whl"): 1}] * 2


def test_no_download_is_lost_among_threads() -> None:
    handed: list[Counts] = []
    counts = DownloadCounts(handed.append, seconds=0.001)

    def add() -> None:
        for _ in range(2000):
            counts.add("a.whl")

    adding = [threading.Thread(target=add) for _ in range(4)]
    for each in adding:
        each.start()
    for each in adding:
        each.join()
    counts.close()
    assert sum(sum(batch.values()) for batch in handed) == 8000
