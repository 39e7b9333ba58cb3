import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheeseboard.server.files.conditions import (
    ByteRange,
    Unsatisfiable,
    choose_range,
    matches_etag,
    unmodified_since,
)

ETAG = '"abc"'
DATE = "Mon, 21 Sep 2026 14:13:20 GMT"


def choose(header: str, if_range: str | None = None, size: int = 100) -> ByteRange | Unsatisfiable | None:
    return choose_range(header, if_range, size=size, etag=ETAG, last_modified=DATE)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-9", ByteRange(0, 10)),
        ("bytes=90-", ByteRange(90, 10)),
        ("bytes=-10", ByteRange(90, 10)),
        ("bytes=-1000", ByteRange(0, 100)),
        ("bytes=0-1000", ByteRange(0, 100)),
        ("bytes=99-99", ByteRange(99, 1)),
        ("Bytes = 0 - 9", ByteRange(0, 10)),
        ("bytes=100-", Unsatisfiable()),
        ("bytes=100-200", Unsatisfiable()),
        ("bytes=-0", Unsatisfiable()),
        ("bytes=9-0", None),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("bytes=a-b", None),
        ("lines=0-1", None),
        ("bytes=0-" + "9" * 5000, None),
        ("bytes=\u0661-\u0662", None),
        ("", None),
    ],
)
def test_one_range_is_understood_and_all_else_means_the_whole_file(
    header: str, expected: ByteRange | Unsatisfiable | None
) -> None:
    assert choose(header) == expected


def test_a_range_of_an_empty_file_cannot_be_satisfied() -> None:
    assert choose("bytes=0-", size=0) == Unsatisfiable()
    assert choose("bytes=-5", size=0) == Unsatisfiable()


@pytest.mark.parametrize("if_range", [ETAG, DATE, f" {ETAG} "])
def test_a_range_is_sent_when_the_client_holds_this_very_file(if_range: str) -> None:
    assert choose("bytes=0-9", if_range) == ByteRange(0, 10)


@pytest.mark.parametrize("if_range", ['"other"', 'W/"abc"', "Tue, 22 Sep 2026 14:13:20 GMT", "", "abc"])
def test_the_whole_file_is_sent_when_the_client_holds_another(if_range: str) -> None:
    assert choose("bytes=0-9", if_range) is None


@given(st.text(max_size=40), st.integers(0, 10**12))
def test_no_range_leads_outside_the_file(text: str, size: int) -> None:
    chosen = choose(f"bytes={text}", size=size)
    if isinstance(chosen, ByteRange):
        assert chosen.start >= 0
        assert 0 < chosen.length <= size - chosen.start


@pytest.mark.parametrize("header", ['"abc"', '"x", "abc"', 'W/"abc"', "*", ' "abc" ,"x"'])
def test_an_etag_that_the_client_holds_matches(header: str) -> None:
    assert matches_etag(header, ETAG)


@pytest.mark.parametrize("header", ["", '"abcd"', "abc", '"ab", "c"'])
def test_another_etag_does_not_match(header: str) -> None:
    assert not matches_etag(header, ETAG)


@pytest.mark.parametrize(
    ("since", "unmodified"),
    [
        (DATE, True),
        ("Mon, 21 Sep 2026 14:13:21 GMT", True),
        ("Mon, 21 Sep 2026 14:13:19 GMT", False),
        ("yesterday", False),
        ("", False),
        ("Mon, 99 Sep 99999 14:13:19 GMT", False),
    ],
)
def test_a_date_tells_whether_the_file_is_newer(since: str, unmodified: bool) -> None:
    assert unmodified_since(since, DATE) is unmodified
