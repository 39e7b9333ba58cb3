"""What a build printed, made readable and kept within bounds."""

from cheeseboard.builds.log import FIRST_LINES, LAST_LINES, BuildLog, clean


def test_colours_titles_and_cursor_movements_are_taken_out() -> None:
    text = "\x1b[1m\x1b[92mgreen\x1b[0m \x1b]0;title\x07plain \x1b]8;;file:///x\x1b\\link\x1b]8;;\x1b\\\n"

    assert clean(text) == ("green plain link",)


def test_of_a_line_drawn_over_and_over_the_last_state_stays() -> None:
    assert clean("10 %\r50 %\r100 %\nnext\r\n\r\n") == ("100 %", "next", "")


def test_what_could_change_how_a_log_reads_is_taken_out() -> None:
    assert clean("a\x00b\x08c\u202ed\x9be\tf\n") == ("abcde\tf",)


def test_user_and_password_of_an_index_are_not_kept() -> None:
    assert clean("Looking in https://ada:secret@index.example/simple and http://token@other/\n") == (
        "Looking in https://****@index.example/simple and http://****@other/",
    )


def test_lines_that_arrive_in_pieces_are_put_together() -> None:
    log = BuildLog()

    assert log.take(b"* Build") == ()
    assert log.take("ing sdi\u00df".encode()[:-1]) == ()
    assert log.take("\u00df".encode()[1:] + b"\nrest") == ("* Building sdi\u00df",)
    assert log.take(b"", final=True) == ("rest",)
    assert log.text() == "* Building sdi\u00df\nrest\n"


def test_a_line_without_end_is_cut() -> None:
    log = BuildLog()
    for _ in range(100):
        log.take(b"x" * 10_000)

    assert 0 < len(log.text()) < 50_000


def test_a_reader_gets_each_line_once_and_hears_of_those_it_missed() -> None:
    log = BuildLog()
    log.take(b"one\ntwo\n")
    first = log.read()
    log.take(b"three\n")
    second = log.read(first.end)

    assert first.lines == ("one", "two")
    assert second.lines == ("three",)
    assert log.read(second.end).lines == ()

    log.take(b"".join(b"%d\n" % number for number in range(20_000)))
    missed = 20_003 - FIRST_LINES - LAST_LINES
    whole, third = log.read().lines, log.read(second.end).lines
    assert len(whole) == FIRST_LINES + 1 + LAST_LINES
    assert whole[FIRST_LINES] == f"… {missed:,} lines left out …"
    assert third[FIRST_LINES - 3] == f"… {missed:,} lines left out …"
    assert third[-1] == whole[-1] == "19999"
