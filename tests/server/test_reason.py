"""A sentence in a status line: one line, plain letters, and nobody's header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheeseboard.server.upload_port.reason import reason_phrase


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("File already exists.", b"File already exists."),
        ("It’s “Käse” – 2 × …", b'It\'s "Kase" - 2 x ...'),
        ("one\r\nX-Evil: 1\r\n\r\n<html>", b"one X-Evil: 1 <html>"),
        ("  a\ttab\x00and\x7fmore\u2028here  ", b"a tab and more here"),
        ("name is acme, and the form says チーズ", b"name is acme, and the form says ???"),
        ("\u202egnp.exe", b"gnp.exe"),
        ("", b""),
    ],
)
def test_a_sentence_is_put_on_one_line_of_plain_letters(sentence: str, phrase: bytes) -> None:
    assert reason_phrase(sentence) == phrase


@given(st.text(max_size=3000))
def test_whatever_is_said_the_line_is_printable_and_short(sentence: str) -> None:
    phrase = reason_phrase(sentence)
    assert len(phrase) <= 400
    assert all(0x20 <= byte <= 0x7E for byte in phrase)
    assert phrase == phrase.strip()


def test_a_long_sentence_says_that_it_goes_on() -> None:
    phrase = reason_phrase("word " * 500)
    assert len(phrase) == 400
    assert phrase.endswith(b"...")
