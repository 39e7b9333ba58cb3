"""The editor of pip.conf, held against the parser that pip uses."""

import configparser
import io
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cheeseboard.clients.pip_conf import (
    Unparsable,
    Wish,
    _scan,
    fulfil,
    take_out,
)

URL = "https://127.0.0.1:8443/simple/"
BUNDLE = "/home/ada/.local/state/cheeseboard/clients/certificates.pem"
EXTRA = (Wish("extra-index-url", URL), Wish("cert", BUNDLE))
ONLY = (Wish("index-url", URL), Wish("cert", BUNDLE))


def edit(text: str, wishes: tuple[Wish, ...] = EXTRA, inherited: Mapping[str, str] | None = None) -> str:
    return fulfil(text, wishes, inherited or {}, "\n")


def as_pip_reads(text: str) -> dict[str, str]:
    """Return values as pip's Configuration does: RawConfigParser on an open text file."""
    parser = configparser.RawConfigParser()
    content = io.BytesIO(text.encode("utf-8", "surrogateescape"))
    parser.read_file(io.TextIOWrapper(content, encoding="utf-8", errors="surrogateescape"))
    return {
        f"{section}.{name.lower().replace('_', '-').removeprefix('--')}": value
        for section in parser.sections()
        for name, value in parser.items(section)
    }


# --- by example --------------------------------------------------------------------------------------


def test_an_empty_file_becomes_the_shortest_one() -> None:
    assert edit("") == f"[global]\nextra-index-url = {URL}\ncert = {BUNDLE}\n"


def test_an_existing_value_keeps_its_line_and_ours_gets_one_below() -> None:
    before = "[global]\nextra-index-url = https://a.example/simple\ntimeout = 60\n"
    assert edit(before) == (
        f"[global]\nextra-index-url = https://a.example/simple\n    {URL}\ntimeout = 60\ncert = {BUNDLE}\n"
    )


def test_the_underscored_spelling_is_found_and_kept() -> None:
    after = edit("[global]\nextra_index_url: https://a.example/simple\n")
    assert "extra-index-url" not in after
    assert as_pip_reads(after)["global.extra-index-url"].split() == ["https://a.example/simple", URL]


def test_comments_inside_a_list_stay_where_they_are() -> None:
    before = "[global]\nextra-index-url =\n    https://a.example\n    # slow\n    https://b.example\n; end\n"
    after = edit(before, EXTRA[:1])
    assert after == before.replace("https://b.example\n", f"https://b.example\n    {URL}\n")


def test_carriage_returns_are_kept_and_used() -> None:
    after = edit("[global]\r\ntimeout = 60\r\n")
    assert after.count("\r\n") == after.count("\n") == 4


def test_a_last_line_without_newline_is_ended_first() -> None:
    assert edit("[global]\ntimeout = 60", EXTRA[:1]) == f"[global]\ntimeout = 60\nextra-index-url = {URL}\n"


def test_the_install_section_is_edited_too_when_its_list_would_hide_ours() -> None:
    values = as_pip_reads(edit("[install]\nextra-index-url = https://a.example\n"))
    assert values["install.extra-index-url"].split() == ["https://a.example", URL]
    assert values["global.extra-index-url"] == URL


def test_an_empty_list_of_install_hides_nothing_and_stays_empty() -> None:
    values = as_pip_reads(
        edit("[global]\nextra-index-url = https://a.example\n[install]\nextra-index-url =\n")
    )
    assert values["install.extra-index-url"] == ""


def test_a_list_of_a_weaker_file_is_copied_so_that_ours_does_not_hide_it() -> None:
    inherited = {"global.extra-index-url": "https://a.example\nhttps://b.example", "global.timeout": "9"}
    values = as_pip_reads(edit("", EXTRA[:1], inherited))
    assert values == {"global.extra-index-url": f"\nhttps://a.example\nhttps://b.example\n{URL}"}


def test_a_url_that_is_there_already_is_not_added_again() -> None:
    before = f"[global]\nextra-index-url = {URL.rstrip('/')}\n"
    assert edit(before, EXTRA[:1]) == before


def test_a_percent_sign_is_a_percent_sign() -> None:
    before = "[global]\nextra-index-url = https://u:p%40ss@a.example/simple\n"
    assert "p%40ss" in as_pip_reads(edit(before))["global.extra-index-url"]


def test_the_only_index_replaces_the_index_and_keeps_the_rest() -> None:
    values = as_pip_reads(
        edit("[global]\nindex-url = https://a.example\nextra-index-url = https://b.example\n", ONLY)
    )
    assert values["global.index-url"] == URL
    assert values["global.extra-index-url"] == "https://b.example"


def test_indented_options_are_followed_by_indented_ones() -> None:
    before = "[global]\n  timeout = 60\n  [install]\n  pre = true\n"
    after = edit(before, EXTRA[:1])
    assert f"  timeout = 60\n  extra-index-url = {URL}\n  [install]\n" in after
    assert as_pip_reads(after)["install.pre"] == "true"


def test_trusted_host_is_never_written() -> None:
    assert "trusted" not in edit("")


@pytest.mark.parametrize(
    "broken",
    [
        "\ufeff[global]\ntimeout = 60\n",
        "[global]\n[global]\n",
        "[global]\ntimeout = 1\ntimeout = 2\n",
        "[global]\ntimeout\n",
        "timeout = 60\n",
        "[global]\nextra-index-url = https://a.example\nhttps\n",
    ],
    ids=["BOM", "section twice", "option twice", "no value", "no section", "unindented continuation"],
)
def test_what_pip_refuses_is_refused(broken: str) -> None:
    with pytest.raises(configparser.Error):
        as_pip_reads(broken)
    with pytest.raises(Unparsable):
        edit(broken)


def test_a_default_section_that_would_come_alive_is_left_alone() -> None:
    with pytest.raises(Unparsable, match="unusual"):
        edit("[DEFAULT]\nno-index = true\n")


def test_undoing_leaves_an_index_that_was_added_since() -> None:
    before = "[global]\ntimeout = 60\n"
    after = edit(before)
    current = after.replace(URL, f"{URL} https://new.example")
    assert as_pip_reads(take_out(current, before, after, URL)) == {
        "global.timeout": "60",
        "global.extra-index-url": "https://new.example",
    }


def test_undoing_leaves_a_bundle_that_was_chosen_since() -> None:
    after = edit("")
    values = as_pip_reads(take_out(after.replace(BUNDLE, "/mine.pem"), "", after, URL))
    assert values == {"global.cert": "/mine.pem"}


def test_undoing_brings_the_former_single_value_back() -> None:
    before = "[global]\nindex-url = https://a.example\ncert = /mine.pem\n"
    after = edit(before, ONLY)
    assert take_out("# mine\n" + after, before, after, URL) == "# mine\n" + before


def test_undoing_removes_a_list_that_holds_only_copies_of_weaker_files() -> None:
    before = "[global]\ntimeout = 60\n"
    after = edit(before, EXTRA, {"global.extra-index-url": "https://a.example"})
    assert take_out(after + "# mine\n", before, after, URL) == before + "# mine\n"


def test_undoing_removes_a_section_that_was_made_for_us() -> None:
    before = "[install]\npre = true\n"
    after = edit(before)
    assert take_out(after + "# mine\n", before, after, URL).count("[") == 2  # the comment keeps the section
    assert take_out("# mine\n" + after, before, after, URL) == "# mine\n" + before


# --- by property -------------------------------------------------------------------------------------

_words = st.sampled_from(
    [
        "https://a.example/simple",
        "https://u:p%20w@b.example/x",
        "60",
        "/etc/çert.pem",
        '"quoted"',
        "a#b;c",
        "true",
    ]
)
_comments = st.sampled_from(["# ours = theirs", "; [global]", "#", "# naïve \udcff byte", ""])
_keys = st.sampled_from(
    ["extra-index-url", "index-url", "cert", "timeout", "trusted-host", "no-index", "find-links", "proxy"]
)
_sections = st.sampled_from(["global", "install", "download", "freeze", "Global", "list", "wheel"])


@st.composite
def _options(draw: st.DrawFn, key: str) -> list[str]:
    name = draw(st.sampled_from([key, key.replace("-", "_"), key.upper(), f"--{key}"]))
    indent = draw(st.sampled_from(["", "", " ", "\t"]))
    delimiter = draw(st.sampled_from(["=", " = ", ": ", ":", "  =  "]))
    lines = [indent + name + delimiter + " ".join(draw(st.lists(_words, max_size=2)))]
    for _ in range(draw(st.integers(0, 3))):
        # Deeper than any option, so that it continues the value.
        lines.append(draw(st.sampled_from(["    ", "\t\t", "      "])) + draw(_words))
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["", "  ", "      "])) + draw(_comments))
    return lines


@st.composite
def pip_confs(draw: st.DrawFn) -> str:
    lines = draw(st.lists(_comments, max_size=2))
    for section in draw(st.lists(_sections, unique=True, max_size=4)):
        lines.append(f"[{section}]")
        for key in draw(st.lists(_keys, unique=True, max_size=4)):
            lines += draw(_options(key))
            lines += draw(st.lists(_comments, max_size=2))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = newline.join(lines)
    return text + newline if draw(st.booleans()) else text


def valid(text: str) -> bool:
    try:
        as_pip_reads(text)
    except configparser.Error:
        return False
    return True


valid_pip_confs = pip_confs().filter(valid)


@given(valid_pip_confs)
def test_the_layout_agrees_with_the_parser(text: str) -> None:
    layout = _scan(text)
    ours = {f"{entry.section}.{entry.option}": layout.value_of(entry).split() for entry in layout.entries}
    assert ours == {key: value.split() for key, value in as_pip_reads(text).items()}


@settings(max_examples=150)
@given(valid_pip_confs, st.sampled_from([EXTRA, ONLY]))
def test_after_an_edit_pip_sees_ours_and_everything_it_saw_before(
    text: str, wishes: tuple[Wish, ...]
) -> None:
    old, new = as_pip_reads(text), as_pip_reads(edit(text, wishes))
    for command in ("global", "install", "download", "list", "wheel"):
        for wish in wishes:
            effective = new.get(f"{command}.{wish.option}") or new[f"global.{wish.option}"]
            assert wish.value in effective.split()
    for key, value in old.items():
        if key.rpartition(".")[2] not in {wish.option for wish in wishes} or key.endswith("extra-index-url"):
            assert value.split() == [word for word in new[key].split() if word != URL or URL in value]
    assert set(new) - set(old) <= {f"global.{wish.option}" for wish in wishes}


@settings(max_examples=150)
@given(valid_pip_confs, st.sampled_from([EXTRA, ONLY]))
def test_editing_twice_is_editing_once(text: str, wishes: tuple[Wish, ...]) -> None:
    once = edit(text, wishes)
    assert edit(once, wishes) == once


@settings(max_examples=150)
@given(valid_pip_confs, st.sampled_from([EXTRA, ONLY]))
def test_taking_out_gives_pip_back_what_it_saw_before(text: str, wishes: tuple[Wish, ...]) -> None:
    after = edit(text, wishes)
    rest = take_out(after, text, after, URL)
    assert as_pip_reads(rest) == as_pip_reads(text)
    assert [line for line in rest.split() if line.startswith(("#", ";"))] == [
        line for line in text.split() if line.startswith(("#", ";"))
    ]


@settings(max_examples=100)
@given(valid_pip_confs, st.sampled_from([EXTRA, ONLY]))
def test_an_edit_made_in_between_survives_the_taking_out(text: str, wishes: tuple[Wish, ...]) -> None:
    after = edit(text, wishes)
    ending = "\r\n" if "\r\n" in after else "\n"
    mine = f"# mine{ending}[hash]{ending}algorithm = sha512{ending}"
    current = after if after.endswith("\n") else after + ending
    rest = take_out(current + mine, text, after, URL)
    assert rest.endswith(mine)
    assert as_pip_reads(rest) == {**as_pip_reads(text), "hash.algorithm": "sha512"}


@given(st.text(alphabet="[]global =:\n\r\t #;-_aé\x0b\x85\u2028", max_size=60))
def test_any_text_is_edited_rightly_or_refused(text: str) -> None:
    try:
        after = edit(text)
    except Unparsable:
        return
    values = as_pip_reads(after)
    assert URL in values["global.extra-index-url"].split()
