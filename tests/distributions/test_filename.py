"""The first look at a file: its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheeseboard.distributions.distribution import Kind
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.errors import InvalidFilename, RefusalReason


@pytest.mark.parametrize(
    ("filename", "project", "version", "kind"),
    [
        ("acme_core-7.0.1-py3-none-any.whl", "acme-core", "7.0.1", Kind.WHEEL),
        ("zope.interface-3.6.8-cp27-cp27m-macosx_10_6_intel.whl", "zope-interface", "3.6.8", Kind.WHEEL),
        ("numpy-1.13.3-2-cp36-none-win32.whl", "numpy", "1.13.3", Kind.WHEEL),
        ("PyQtPurchasing-5.10-5.10.0-cp35.cp36.cp37-none-win32.whl", "pyqtpurchasing", "5.10", Kind.WHEEL),
        ("acme-1.0+local.1-py2.py3-none-any.whl", "acme", "1.0+local.1", Kind.WHEEL),
        ("acme_core-7.0.1.tar.gz", "acme-core", "7.0.1", Kind.SDIST),
        ("acme-core-7.0.1.tar.gz", "acme-core", "7.0.1", Kind.SDIST),
        ("pypiserver-2.0.1.zip", "pypiserver", "2.0.1", Kind.SDIST),
        ("six-1.0b1.tar.gz", "six", "1.0b1", Kind.SDIST),
    ],
)
def test_a_real_name_is_understood(filename: str, project: str, version: str, kind: Kind) -> None:
    parsed = parse_filename(filename)
    assert (parsed.project, str(parsed.version), parsed.kind) == (project, version, kind)


def test_build_tag_and_compressed_tags_are_told_apart() -> None:
    parsed = parse_filename("PyQtPurchasing-5.10-5.10.0-cp35.cp36.cp37-none-win32.whl")
    assert (parsed.build, parsed.tag) == ("5.10.0", "cp35.cp36.cp37-none-win32")


def test_an_sdist_name_with_several_dashes_keeps_every_reading_for_the_metadata_to_decide() -> None:
    parsed = parse_filename("cx_Oracle-6.2-2.tar.gz")
    assert [(c.project, str(c.version)) for c in parsed.candidates] == [
        ("cx-oracle-6-2", "2"),
        ("cx-oracle", "6.2.post2"),
    ]


@pytest.mark.parametrize(
    ("filename", "reason"),
    [
        ("notes.docx", RefusalReason.NOT_A_DISTRIBUTION),
        ("README", RefusalReason.NOT_A_DISTRIBUTION),
        ("photos.zip", RefusalReason.NOT_A_DISTRIBUTION),
        ("pytz-2005k.tar.bz2", RefusalReason.LEGACY_FORMAT),
        ("acme-1.0-py2.7.egg", RefusalReason.LEGACY_FORMAT),
        ("acme-1.0.win32.exe", RefusalReason.LEGACY_FORMAT),
        ("acme-1.0.msi", RefusalReason.LEGACY_FORMAT),
        ("pytz-2013d.tar.gz", RefusalReason.INVALID_VERSION),
        ("acme-one-py3-none-any.whl", RefusalReason.INVALID_VERSION),
        ("acme-1.0.whl", RefusalReason.INVALID_FILENAME),
        ('acme-1.0-py3-none-"><img src=x>.whl', RefusalReason.INVALID_FILENAME),
        ("acmé-1.0-py3-none-any.whl", RefusalReason.INVALID_FILENAME),
        ("acme__core-1.0-py3-none-any.whl", RefusalReason.INVALID_FILENAME),
        ("../../etc/x-1.0.tar.gz", RefusalReason.INVALID_FILENAME),
        ("..\\x-1.0.tar.gz", RefusalReason.INVALID_FILENAME),
        ("acme-1.0\n.tar.gz", RefusalReason.INVALID_FILENAME),
        ("a" * 250 + "-1.0.tar.gz", RefusalReason.INVALID_FILENAME),
    ],
)
def test_a_name_that_installers_would_not_take_is_refused_with_the_reason(
    filename: str, reason: RefusalReason
) -> None:
    with pytest.raises(InvalidFilename) as caught:
        parse_filename(filename)
    assert caught.value.reason is reason


@given(st.text(max_size=60), st.sampled_from([".whl", ".tar.gz", ".zip", ""]))
def test_any_text_is_either_understood_or_refused_and_what_is_understood_is_plain(
    text: str, end: str
) -> None:
    try:
        parsed = parse_filename(text + end)
    except InvalidFilename:
        return
    assert parsed.filename.isascii()
    assert not set(parsed.filename) & set("/\\\0\r\n\"'<>&? ")
