"""What is deleted for good, decided by age and size; pure."""

from packaging.utils import canonicalize_name

from cheeseboard.repository.records import TrashRow
from cheeseboard.repository.trash import choose_expired

DAY = 86_400 * 1_000_000
NOW = 1_000 * DAY


def row(number: int, days_ago: int, size: int = 100) -> TrashRow:
    return TrashRow(
        id=number,
        filename=f"file-{number}",
        project=canonicalize_name("project"),
        version="1.0",
        sha256="00" * 32,
        size=size,
        upload_time_us=0,
        yanked=None,
        removed_us=NOW - days_ago * DAY,
    )


ROWS = [row(1, 100), row(2, 50), row(3, 10), row(4, 1)]


def expired(keep_days: int, keep_bytes: int | None = None, spared_days: int = 0) -> list[int]:
    return sorted(found.id for found in choose_expired(ROWS, NOW, keep_days, keep_bytes, spared_days))


def test_what_was_removed_longer_ago_than_set_goes() -> None:
    assert expired(90) == [1]
    assert expired(0) == [1, 2, 3, 4]


def test_of_the_rest_the_oldest_go_until_it_is_small_enough() -> None:
    assert expired(1000, keep_bytes=250) == [1, 2]
    assert expired(1000, keep_bytes=0) == [1, 2, 3, 4]


def test_what_is_spared_stays_however_much_it_is() -> None:
    assert expired(1000, keep_bytes=0, spared_days=30) == [1, 2]
