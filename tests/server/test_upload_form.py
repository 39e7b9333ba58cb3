"""The form's reader, fuzzed: whatever is cut wherever, it hands on just the file, or refuses."""

import contextlib
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.server.uploading import BOUNDARY, WHEEL, field_part, file_part, form

from cheeseboard.server.uploading.upload_form import FileBegun, FormLimits, FormReader, FormRefused

KIND = f"multipart/form-data; boundary={BOUNDARY}"
NAMES = st.sampled_from([":action", "name", "version", "classifiers", "attestations", "gpg_signature", "x"])
# Bytes that look like delimiters, now and then.
BYTES = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b"\r\n", b"\r", b"--", b"\r\n--", BOUNDARY.encode(), b"\r\n--0f9f5a1c83a7"]),
    ),
    max_size=8,
).map(b"".join)


def read(
    body: bytes, cuts: list[int], limits: FormLimits | None = None
) -> tuple[list[str], bytes, Mapping[str, str]]:
    """Feed a body in pieces; return the files' names, the file and the fields."""
    reader = FormReader(KIND, len(body), limits)
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    filenames, content = [], b""
    for start, end in pairwise(places):
        for part in reader.feed(body[start:end]):
            if isinstance(part, FileBegun):
                filenames.append(part.filename)
            else:
                content += part
    return filenames, content, reader.finish()


@given(
    content=BYTES,
    fields=st.dictionaries(NAMES, st.text("ab\u00e9", max_size=5)),
    cuts=st.lists(st.integers(0)),
)
@settings(max_examples=200, deadline=None)
@example(content=b"\r\n--", fields={"name": "a"}, cuts=[])
def test_the_file_arrives_byte_by_byte_wherever_the_body_is_cut(
    content: bytes, fields: dict[str, str], cuts: list[int]
) -> None:
    if b"\r\n--" + BOUNDARY.encode() in b"\r\n" + content:
        return  # such content no client sends: the boundary is chosen not to be in it
    parts = [field_part(*field) for field in fields.items()]
    body = form([*parts[:2], file_part(content), *parts[2:]])
    filenames, found, kept = read(body, cuts)
    assert (filenames, found) == ([WHEEL], content)
    known = {
        name: value for name, value in fields.items() if name not in {"classifiers", "gpg_signature", "x"}
    }
    assert kept == {name: value for name, value in known.items() if value}


@given(noise=BYTES, place=st.integers(0), cuts=st.lists(st.integers(0)), cut_off=st.integers(0))
@settings(max_examples=300, deadline=None)
def test_a_body_with_anything_in_it_is_read_or_refused_and_never_fails(
    noise: bytes, place: int, cuts: list[int], cut_off: int
) -> None:
    body = form([field_part(":action", "file_upload"), file_part(b"content"), field_part("name", "a")])
    place %= len(body)
    body = body[:place] + noise + body[place:]
    with contextlib.suppress(FormRefused):
        filenames, _, kept = read(body[: cut_off % (len(body) + 1)], cuts)
        assert len(filenames) == 1
        assert all(len(value) <= FormLimits().kept_bytes for value in kept.values())


@given(body=st.binary(max_size=300), cuts=st.lists(st.integers(0)))
@settings(max_examples=100, deadline=None)
def test_noise_is_refused(body: bytes, cuts: list[int]) -> None:
    with pytest.raises(FormRefused):
        read(body, cuts)


@given(
    kind=st.one_of(
        st.none(), st.text(max_size=60), st.text(max_size=20).map(lambda b: f"{KIND[:19]}; boundary={b}")
    )
)
@settings(max_examples=200, deadline=None)
def test_any_content_type_is_read_or_refused(kind: str | None) -> None:
    with contextlib.suppress(FormRefused):
        FormReader(kind, 10)


@pytest.mark.parametrize(
    "limits",
    [FormLimits(parts=2), FormLimits(field_bytes=3), FormLimits(fields_bytes=5), FormLimits(kept_bytes=3)],
    ids=str,
)
def test_every_limit_is_a_limit(limits: FormLimits) -> None:
    body = form([field_part("name", "abcd"), field_part("x", "abcd"), file_part(b"content")])
    assert read(body, [])[1] == b"content"
    with pytest.raises(FormRefused):
        read(body, [], limits)


def test_the_file_counts_against_no_fields_limit() -> None:
    body = form([file_part(b"x" * 100), field_part("name", "a")])
    assert read(body, [], FormLimits(field_bytes=10, fields_bytes=10))[2] == {"name": "a"}
