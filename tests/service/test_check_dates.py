"""When each folder was checked is remembered, and never in the way."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cheeseboard.service.check_dates import CheckDates

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_each_folder_has_its_own_date(tmp_path: Path) -> None:
    dates = CheckDates(tmp_path / "state" / "checks.json")
    dates.note(tmp_path / "one", NOON)
    dates.note(tmp_path / "two", NOON.replace(hour=13))

    again = CheckDates(tmp_path / "state" / "checks.json")

    assert again.read(tmp_path / "one") == NOON
    assert again.read(tmp_path / "two") == NOON.replace(hour=13)
    assert again.read(tmp_path / "three") is None


@pytest.mark.parametrize("content", [b"", b"[]", b'{"FOLDER": 3}', b'{"FOLDER": "soon"}', b"\xff\xfe"])
def test_a_spoilt_file_means_that_nobody_knows(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "checks.json"
    path.write_bytes(content.replace(b"FOLDER", str(tmp_path).encode()))

    assert CheckDates(path).read(tmp_path) is None


def test_a_date_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")

    CheckDates(tmp_path / "state" / "checks.json").note(tmp_path, NOON)
