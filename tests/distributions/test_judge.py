"""The verdict on a file: good ones pass, every hostile or broken kind is refused with its reason."""

import ensurepip
import io
import os
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import (
    FIXED_TIME,
    INFO,
    build_sdist,
    build_wheel,
    core_metadata,
    gzip_bytes,
    patched,
    record_replaced,
    sdist_members,
    sdist_with,
    sdist_with_link,
    stored_gzip_tail,
    tar_bytes,
    wheel_members,
    wheel_with,
    with_record,
    without,
    zip_bytes,
)

from cheeseboard.distributions.distribution import Distribution, Kind, Refusal, WarningReason
from cheeseboard.distributions.judge import judge
from cheeseboard.distributions.members import Limits
from cheeseboard.errors import RefusalReason

WHEEL = "acme_core-1.0-py3-none-any.whl"
SDIST = "acme_core-1.0.tar.gz"


def verdict(directory: Path, filename: str, content: bytes, **limits: int) -> Distribution | Refusal:
    path = directory / filename
    path.write_bytes(content)
    return judge(path, limits=Limits(**limits))


def reason(directory: Path, filename: str, content: bytes, **limits: int) -> RefusalReason | None:
    found = verdict(directory, filename, content, **limits)
    return found.reason if isinstance(found, Refusal) else None


# --- good ones ------------------------------------------------------------------------------------


def test_a_wheel_is_understood(tmp_path: Path) -> None:
    found = verdict(tmp_path, WHEEL, build_wheel(summary="Shared models", requires_python=">=3.9"))
    assert isinstance(found, Distribution)
    assert (found.project, found.version, found.kind) == ("acme-core", "1.0", Kind.WHEEL)
    assert (found.summary, found.requires_python, found.warnings) == ("Shared models", ">=3.9", ())
    assert (
        found.metadata
        == wheel_members("acme-core", "1.0", summary="Shared models", requires_python=">=3.9")[
            f"{INFO}/METADATA"
        ]
    )


def test_the_hashes_are_those_of_the_whole_file(tmp_path: Path) -> None:
    import hashlib

    content = build_wheel()
    (tmp_path / WHEEL).write_bytes(content)
    found = judge(tmp_path / WHEEL, blake2b=True)
    assert isinstance(found, Distribution)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.blake2b_256 == hashlib.blake2b(content, digest_size=32).hexdigest()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_stored_and_deflated_wheels_are_taken(tmp_path: Path, compression: int) -> None:
    content = zip_bytes(wheel_members("acme-core", "1.0").items(), compression=compression)
    assert reason(tmp_path, WHEEL, content) is None


def test_a_wheel_written_to_a_pipe_with_data_descriptors_is_taken(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, content: object, /) -> int:
            self.content += bytes(content)  # type: ignore[call-overload]  # any buffer
            return len(bytes(content))  # type: ignore[call-overload]  # any buffer

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in wheel_members("acme-core", "1.0").items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    assert reason(tmp_path, WHEEL, pipe.content) is None


def test_a_zip64_wheel_is_taken(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in wheel_members("acme-core", "1.0").items():
            with archive.open(zipfile.ZipInfo(name, FIXED_TIME), "w", force_zip64=True) as member:
                member.write(content)
    assert reason(tmp_path, WHEEL, buffer.getvalue()) is None


def test_an_archive_comment_is_accepted_with_a_warning(tmp_path: Path) -> None:
    buffer = io.BytesIO(build_wheel())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"made by hand"
    found = verdict(tmp_path, WHEEL, buffer.getvalue())
    assert isinstance(found, Distribution)
    assert found.warnings == (WarningReason.ARCHIVE_COMMENT,)


def test_an_invalid_requires_python_is_left_out_with_a_warning(tmp_path: Path) -> None:
    found = verdict(tmp_path, WHEEL, build_wheel(requires_python=">=3.6.*"))
    assert isinstance(found, Distribution)
    assert found.requires_python is None
    assert found.warnings == (WarningReason.INVALID_REQUIRES_PYTHON,)


def test_an_sdist_is_understood(tmp_path: Path) -> None:
    found = verdict(tmp_path, SDIST, build_sdist())
    assert isinstance(found, Distribution)
    assert (found.project, found.version, found.kind) == ("acme-core", "1.0", Kind.SDIST)


def test_a_zip_sdist_is_understood(tmp_path: Path) -> None:
    content = zip_bytes(sdist_members("acme-core", "1.0").items())
    assert reason(tmp_path, "acme_core-1.0.zip", content) is None


def test_the_metadata_decides_where_an_old_sdist_name_splits(tmp_path: Path) -> None:
    content = build_sdist("acme-core", "6.2.post2", top="acme-core-6.2-2")
    found = verdict(tmp_path, "acme-core-6.2-2.tar.gz", content)
    assert isinstance(found, Distribution)
    assert (found.project, found.version) == ("acme-core", "6.2.post2")


def test_metadata_2_0_which_was_never_accepted_is_taken(tmp_path: Path) -> None:
    metadata = core_metadata("acme-core", "1.0").replace(b"Metadata-Version: 2.1", b"Metadata-Version: 2.0")
    assert reason(tmp_path, WHEEL, build_wheel(metadata=metadata)) is None


def test_long_paths_in_pax_and_gnu_archives_are_taken(tmp_path: Path) -> None:
    members = sdist_members(files={"deep/" * 20 + "x" * 120 + ".py": b"1"})
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz", format=form) as archive:
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        assert reason(tmp_path, SDIST, buffer.getvalue()) is None


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("shift", range(3))
def test_a_long_path_whose_short_form_ends_within_a_character_is_taken(
    tmp_path: Path, form: int, shift: int
) -> None:
    path = "acme_core-1.0/" + "x" * (70 + shift) + "\N{HIRAGANA LETTER A}" * 20 + ".py"
    extended = tarfile.TarInfo(path).tobuf(form)  # type: ignore[arg-type]  # one of two of its constants
    header = bytearray(extended[-512:])
    # As GNU tar writes it: the first hundred bytes.
    header[:100] = path.encode()[:100]
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 0x20 + sum(header[156:]))
    content = tar_bytes(sdist_members().items()).rstrip(b"\0")
    content += bytes(-len(content) % 512) + extended[:-512] + bytes(header) + bytes(1024)
    assert reason(tmp_path, SDIST, gzip_bytes(content)) is None


def test_a_hard_link_in_a_tar_of_dot_slash_names_is_taken(tmp_path: Path) -> None:
    link = tarfile.TarInfo("./acme_core-1.0/copy.py")
    link.type, link.linkname = tarfile.LNKTYPE, "./acme_core-1.0/acme_core.py"
    members = [(f"./{path}", content) for path, content in sdist_members().items()]
    assert reason(tmp_path, SDIST, gzip_bytes(tar_bytes([*members, (link, b"")]))) is None


def test_a_link_that_stays_inside_an_sdist_is_taken(tmp_path: Path) -> None:
    assert reason(tmp_path, SDIST, sdist_with_link("acme_core-1.0/doc/README", "../acme_core.py")) is None


# --- not an archive at all ------------------------------------------------------------------------


@pytest.mark.parametrize("filename", [WHEEL, SDIST])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", RefusalReason.EMPTY),
        (b"<!DOCTYPE html><title>404</title>", RefusalReason.NOT_AN_ARCHIVE),
        (b"hello " * 200, RefusalReason.NOT_AN_ARCHIVE),
    ],
)
def test_what_is_no_archive_is_refused(
    tmp_path: Path, filename: str, content: bytes, expected: RefusalReason
) -> None:
    assert reason(tmp_path, filename, content) is expected


@pytest.mark.parametrize(("filename", "content"), [(WHEEL, build_wheel()), (SDIST, build_sdist())])
def test_every_shortened_file_is_refused(tmp_path: Path, filename: str, content: bytes) -> None:
    for length in range(len(content)):
        assert reason(tmp_path, filename, content[:length]) is not None, length


def test_a_truncated_wheel_is_called_truncated(tmp_path: Path) -> None:
    assert reason(tmp_path, WHEEL, build_wheel()[:-30]) is RefusalReason.TRUNCATED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_links_and_pipes_are_refused_unopened(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(build_wheel())
    (tmp_path / WHEEL).symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / SDIST)
    for name in (WHEEL, SDIST):
        found = judge(tmp_path / name)
        assert isinstance(found, Refusal)
        assert found.reason is RefusalReason.NOT_A_FILE


# --- zips that lie -----------------------------------------------------------------------------------


LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


@pytest.mark.parametrize(
    ("mutate", "expected"),
    [
        pytest.param(
            lambda c: patched(patched(c, LOCAL, 6, b"\x01\0"), CENTRAL, 8, b"\x01\0"),
            RefusalReason.ENCRYPTED,
            id="encrypted",
        ),
        pytest.param(
            lambda c: patched(patched(c, LOCAL, 8, b"\x0c\0"), CENTRAL, 10, b"\x0c\0"),
            RefusalReason.UNSUPPORTED_COMPRESSION,
            id="bzip2",
        ),
        pytest.param(
            lambda c: patched(c, CENTRAL, 6, b"\x40\0"),
            RefusalReason.UNSUPPORTED_COMPRESSION,
            id="needs a version of the format that no installer reads",
        ),
        pytest.param(
            lambda c: patched(c, LOCAL, 4, b"\x40\0", which=1),
            RefusalReason.UNSUPPORTED_COMPRESSION,
            id="needs such a version for one member, says its own header",
        ),
        pytest.param(
            lambda c: patched(patched(c, LOCAL, 14, b"abcd"), CENTRAL, 16, b"abcd"),
            RefusalReason.DAMAGED,
            id="wrong CRC",
        ),
        pytest.param(
            lambda c: patched(c, LOCAL, 30, b"X"), RefusalReason.AMBIGUOUS_ARCHIVE, id="local name differs"
        ),
        pytest.param(
            lambda c: patched(c, LOCAL, 22, b"\xff\0\0\0"),
            RefusalReason.AMBIGUOUS_ARCHIVE,
            id="local size differs",
        ),
        pytest.param(lambda c: b"#!/bin/sh\n" + c, RefusalReason.EXTRA_DATA, id="prefix"),
        pytest.param(lambda c: c + b"trailing", RefusalReason.EXTRA_DATA, id="trailing data"),
        pytest.param(lambda c: c + c, RefusalReason.EXTRA_DATA, id="two archives in a row"),
        pytest.param(
            lambda c: c[:-2] + struct.pack("<H", len(c)) + c,
            RefusalReason.EXTRA_DATA,
            id="an archive that fills the comment",
        ),
        pytest.param(
            lambda c: c[:-2] + struct.pack("<H", len(c) + 1) + c + b"!",
            RefusalReason.EXTRA_DATA,
            id="an archive in the comment",
        ),
        pytest.param(
            lambda c: c[:-2] + struct.pack("<H", 4) + b"PK\x01\x02",
            RefusalReason.AMBIGUOUS_ARCHIVE,
            id="a signature in the comment",
        ),
        pytest.param(
            lambda c: c[:-2] + b"PK" + b"\x05\x06" + b"\0" * (0x4B50 - 2),
            RefusalReason.EXTRA_DATA,
            id="an end record that straddles the end record",
        ),
        pytest.param(
            lambda c: patched(c, END, 10, b"\x02\0"), RefusalReason.AMBIGUOUS_ARCHIVE, id="entry count"
        ),
        pytest.param(
            lambda c: patched(c, END, 16, b"\xff\xff\xff\xff"),
            RefusalReason.AMBIGUOUS_ARCHIVE,
            id="zip64 without its record",
        ),
    ],
)
def test_a_zip_that_contradicts_itself_is_refused(
    tmp_path: Path, mutate: Callable[[bytes], bytes], expected: RefusalReason
) -> None:
    assert reason(tmp_path, WHEEL, mutate(build_wheel())) is expected


@pytest.mark.parametrize("path", ["acme/module.py.", "acme/module.py ", "acme./module.py", "acme /module.py"])
def test_a_path_that_windows_takes_for_another_is_refused(tmp_path: Path, path: str) -> None:
    assert reason(tmp_path, WHEEL, wheel_with({path: b""})) is RefusalReason.UNSAFE_PATH
    member = tarfile.TarInfo(f"acme_core-1.0/{path}")
    assert reason(tmp_path, SDIST, sdist_with(member)) is RefusalReason.UNSAFE_PATH


@pytest.mark.parametrize("path", ["acme_core.py:hidden", "acme_core.py::$DATA", "acme/c:evil.py"])
def test_a_wheel_that_writes_out_of_sight_on_windows_is_refused(tmp_path: Path, path: str) -> None:
    assert reason(tmp_path, WHEEL, wheel_with({path: b""})) is RefusalReason.UNSAFE_PATH


@pytest.mark.parametrize("path", ["CON.py", "acme/nul", "acme/aux/module.py", "acme/what?.txt", "acme/COM1"])
def test_a_name_that_windows_cannot_make_is_accepted_with_a_warning(tmp_path: Path, path: str) -> None:
    for filename, content in (
        (WHEEL, wheel_with({path: b""})),
        (SDIST, sdist_with(tarfile.TarInfo(f"acme_core-1.0/{path}"))),
    ):
        found = verdict(tmp_path, filename, content)
        assert isinstance(found, Distribution)
        assert found.warnings == (WarningReason.NOT_FOR_WINDOWS,)


@pytest.mark.parametrize("path", ["acme/console.py", "acme/auxiliary/com10.py", "acme/null.py"])
def test_a_name_that_only_begins_like_a_device_is_nothing_odd(tmp_path: Path, path: str) -> None:
    found = verdict(tmp_path, WHEEL, wheel_with({path: b""}))
    assert isinstance(found, Distribution)
    assert found.warnings == ()


def test_a_wheel_for_linux_may_hold_what_windows_cannot_make(tmp_path: Path) -> None:
    found = verdict(tmp_path, "acme_core-1.0-py3-none-linux_x86_64.whl", wheel_with({"acme/aux.py": b""}))
    assert isinstance(found, Distribution)
    assert found.warnings == ()


def test_an_entry_that_the_directory_does_not_list_is_refused(tmp_path: Path) -> None:
    members = list(wheel_members("acme-core", "1.0").items())
    content = zip_bytes([*members[:1], ("hidden.py", b"evil"), *members[1:]])
    start = content.index(CENTRAL)
    entries = content[start : content.index(END)].split(CENTRAL)[1:]
    kept = b"".join(CENTRAL + entry for entry in entries if b"hidden.py" not in entry)
    count = len(entries) - 1
    end = END + struct.pack("<4H2LH", 0, 0, count, count, len(kept), start, 0)
    assert reason(tmp_path, WHEEL, content[:start] + kept + end) is RefusalReason.EXTRA_DATA


def test_two_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    content = zip_bytes([*wheel_members("acme-core", "1.0").items()])
    first = content.index(CENTRAL)
    second = content.index(CENTRAL, first + 1)
    shared = content[first + 42 : first + 46]
    overlapping = content[: second + 42] + shared + content[second + 46 :]
    assert reason(tmp_path, WHEEL, overlapping) in {RefusalReason.AMBIGUOUS_ARCHIVE, RefusalReason.EXTRA_DATA}


@pytest.mark.parametrize(
    "path",
    [
        "../evil.py",
        "a/../../evil.py",
        "/etc/passwd",
        "C:/evil.py",
        "a\\b.py",
        "a//b.py",
        "./a.py",
        "a\x1b[2J.py",
        "a\n.py",
        "d/" * 60 + "x.py",
        "x" * 300,
    ],
)
def test_a_member_with_an_unsafe_path_is_refused(tmp_path: Path, path: str) -> None:
    assert reason(tmp_path, WHEEL, wheel_with({path: b"evil"})) is RefusalReason.UNSAFE_PATH


def test_a_member_name_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    content = wheel_with({"XXXX.py": b"1"}).replace(b"XXXX.py", b"\xff\xfe\xfd\xfc.py")
    assert reason(tmp_path, WHEEL, content) is RefusalReason.UNSAFE_PATH


@pytest.mark.parametrize("twin", ["acme_core.py", "ACME_CORE.PY", "acme_core.py/x"])
def test_names_that_collide_are_refused(tmp_path: Path, twin: str) -> None:
    members = [*with_record(wheel_members("acme-core", "1.0")).items(), (twin, b"VERSION = 2")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of the duplicate that we are making
        content = zip_bytes(members)
    assert reason(tmp_path, WHEEL, content) is RefusalReason.DUPLICATE_MEMBER


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o120777, RefusalReason.UNSAFE_LINK), (0o010644, RefusalReason.SPECIAL_MEMBER)],
)
def test_links_and_special_files_in_a_zip_are_refused(
    tmp_path: Path, mode: int, expected: RefusalReason
) -> None:
    info = zipfile.ZipInfo("odd", FIXED_TIME)
    info.external_attr = mode << 16
    assert reason(
        tmp_path, WHEEL, zip_bytes([*wheel_members("acme-core", "1.0").items(), (info, b"/etc")])
    ) is (expected)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, WHEEL, build_wheel(), members=3) is RefusalReason.TOO_MANY_MEMBERS


def sized_by_pax(path: str, content: bytes) -> bytes:
    """Return a member whose size stands in its extended header alone."""
    info = tarfile.TarInfo(path)
    info.size, info.pax_headers = len(content), {"size": str(len(content))}
    blocks = bytearray(info.tobuf(tarfile.PAX_FORMAT))
    header = blocks[-512:]
    header[124:136] = b"%011o\0" % 0
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 0x20 + sum(header[156:]))
    return bytes(blocks[:-512] + header + content + bytes(-len(content) % 512))


def test_the_members_of_a_tar_are_counted_however_their_sizes_are_told(tmp_path: Path) -> None:
    files = {"deep/" * 30 + "module.py": b"1" * 700, "empty.py": b"", "exact.py": b"2" * 1024}
    # Its content looks like three more members.
    inner = sized_by_pax("acme_core-1.0/inner.tar", tar_bytes([("a", b""), ("b", b""), ("c", b"")])[:1536])
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
            for name, content in sdist_members(files=files).items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        content = gzip_bytes(inner + buffer.getvalue())
        assert reason(tmp_path, SDIST, content, members=6) is None
        assert reason(tmp_path, SDIST, content, members=5) is RefusalReason.TOO_MANY_MEMBERS


def test_members_that_were_counted_are_judged_all_the_same(tmp_path: Path) -> None:
    evil = gzip_bytes(tar_bytes([*sdist_members().items(), ("acme_core-1.0/../../evil", b"")]))
    for members in (2, 3, 4, 5):
        found = reason(tmp_path, SDIST, evil, members=members)
        assert found is (RefusalReason.TOO_MANY_MEMBERS if members < 4 else RefusalReason.UNSAFE_PATH)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    content = build_wheel(modules={"acme_core.py": b"\0" * 5_000_000})
    assert reason(tmp_path, WHEEL, content, expansion=1_000_000) is RefusalReason.BOMB
    assert reason(tmp_path, WHEEL, content) is None


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    members = [("acme_core-1.0/zeros", b"\0" * 5_000_000), *sdist_members().items()]
    small = struct.pack("<L", 1000)
    lying = patched(patched(zip_bytes(members), LOCAL, 22, small), CENTRAL, 24, small)
    assert reason(tmp_path, "acme_core-1.0.zip", lying) is RefusalReason.AMBIGUOUS_ARCHIVE


# --- wheels that are wrong --------------------------------------------------------------------------


def test_a_wheel_without_metadata_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, WHEEL, without("METADATA")) is RefusalReason.METADATA_MISSING


def test_a_wheel_without_wheel_file_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, WHEEL, without("WHEEL")) is RefusalReason.WHEEL_FILE_MISSING


def test_a_wheel_without_record_is_refused(tmp_path: Path) -> None:
    members = wheel_members("acme-core", "1.0")
    del members[f"{INFO}/RECORD"]
    assert reason(tmp_path, WHEEL, zip_bytes(members.items())) is RefusalReason.RECORD_MISSING


def test_a_wheel_without_dist_info_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, WHEEL, zip_bytes([("a.py", b"1")])) is RefusalReason.METADATA_MISSING


def test_a_wheel_with_two_dist_infos_is_refused(tmp_path: Path) -> None:
    content = wheel_with({"other-1.0.dist-info/METADATA": b"Name: other\n"})
    assert reason(tmp_path, WHEEL, content) is RefusalReason.METADATA_AMBIGUOUS


def test_vendored_dist_infos_below_a_package_are_no_second_one(tmp_path: Path) -> None:
    content = wheel_with({"acme_core/_vendor/other-1.0.dist-info/METADATA": b"Name: other\n"})
    assert reason(tmp_path, WHEEL, content) is None


def test_metadata_that_is_too_large_is_refused(tmp_path: Path) -> None:
    content = build_wheel(description="x" * 5000)
    assert reason(tmp_path, WHEEL, content, metadata=1000) is RefusalReason.METADATA_TOO_LARGE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"acme_core.py,sha256=", b"acme_core.py,sha256=A", id="hash"),
        pytest.param(b"acme_core.py,", b"other.py,", id="another name"),
        pytest.param(b"acme_core.py,sha256", b"acme_core.py,md5", id="weak hash"),
        pytest.param(b"RECORD,,", b"RECORD,,\nmissing.py,sha256=AAAA,1", id="listed, not there"),
        pytest.param(b",16\n", b",17\n", id="size"),
        pytest.param(b"RECORD,,", b"RECORD", id="not three fields"),
    ],
)
def test_a_record_that_is_wrong_is_refused(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert reason(tmp_path, WHEEL, record_replaced(old, new)) is RefusalReason.RECORD_MISMATCH


def test_a_member_that_record_does_not_list_is_refused(tmp_path: Path) -> None:
    content = zip_bytes([*wheel_members("acme-core", "1.0").items(), ("extra.py", b"evil")])
    assert reason(tmp_path, WHEEL, content) is RefusalReason.RECORD_MISMATCH


def test_a_record_with_backslashes_as_windows_builders_wrote_it_is_taken(tmp_path: Path) -> None:
    content = record_replaced(f"{INFO}/".encode(), f"{INFO}\\".encode())
    assert reason(tmp_path, WHEEL, content) is None


@pytest.mark.parametrize(
    ("filename", "expected"),
    [
        ("other-1.0-py3-none-any.whl", RefusalReason.NAME_MISMATCH),
        ("acme_core-2.0-py3-none-any.whl", RefusalReason.VERSION_MISMATCH),
    ],
)
def test_a_wheel_named_otherwise_than_its_contents_is_refused(
    tmp_path: Path, filename: str, expected: RefusalReason
) -> None:
    assert reason(tmp_path, filename, build_wheel()) is expected


def test_metadata_that_names_another_project_is_refused(tmp_path: Path) -> None:
    content = build_wheel(metadata=core_metadata("other", "1.0"))
    assert reason(tmp_path, WHEEL, content) is RefusalReason.NAME_MISMATCH


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param(core_metadata("acme-core", "1.0", extra_lines=["Name: evil"]), id="two names"),
        pytest.param(b"Metadata-Version: 2.1\nVersion: 1.0\n\n", id="no name"),
        pytest.param(b"Metadata-Version: 2.1\nName: acme-core\n\n", id="no version"),
        pytest.param(b"\xff\xfe\0\0", id="bytes"),
    ],
)
def test_metadata_without_one_name_and_version_is_refused(tmp_path: Path, metadata: bytes) -> None:
    assert reason(tmp_path, WHEEL, build_wheel(metadata=metadata)) is RefusalReason.INVALID_METADATA


@pytest.mark.parametrize("name", ["../../evil", "..", "a/b", "a\\b"])
def test_an_entry_point_that_leaves_the_scripts_directory_is_refused(tmp_path: Path, name: str) -> None:
    content = build_wheel(entry_points=f"[console_scripts]\n{name} = acme_core:main\n".encode())
    assert reason(tmp_path, WHEEL, content) is RefusalReason.UNSAFE_ENTRY_POINT


def test_ordinary_entry_points_are_taken(tmp_path: Path) -> None:
    content = build_wheel(entry_points=b"[console_scripts]\nacme-core.x = acme_core:main\n[x/y]\na/b = c\n")
    assert reason(tmp_path, WHEEL, content) is None


@pytest.mark.parametrize(
    "content",
    [
        b"[[console_scripts]]\n../../evil = m:f\n",
        b"[console_scripts] # x\n../../evil = m:f\n",
        b"\xef\xbb\xbf[console_scripts]\n../../evil = m:f\n",
        b"[console_scripts]\nC:evil = m:f\n",
        "[console_scripts]\na\u2028../b = m:f\n".encode(),
    ],
)
def test_entry_points_that_readers_split_differently_are_refused(tmp_path: Path, content: bytes) -> None:
    assert reason(tmp_path, WHEEL, build_wheel(entry_points=content)) is RefusalReason.UNSAFE_ENTRY_POINT


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("other-1.0.data/scripts/x", RefusalReason.AMBIGUOUS_ARCHIVE),
        ("acme_core-1.0.data/nowhere/x", RefusalReason.AMBIGUOUS_ARCHIVE),
        ("acme_core-1.0.data/purelib/pip-99.dist-info/METADATA", RefusalReason.METADATA_AMBIGUOUS),
        ("acme_core-1.0.data/scripts/x", None),
    ],
)
def test_data_that_installers_put_in_different_places_is_refused(
    tmp_path: Path, path: str, expected: RefusalReason | None
) -> None:
    assert reason(tmp_path, WHEEL, wheel_with({path: b"x"})) is expected


@pytest.mark.parametrize("wheel_file", [b"", b"Wheel-Version: 9.0\n", b"\0\1\2"])
def test_a_wheel_of_another_format_version_is_refused(tmp_path: Path, wheel_file: bytes) -> None:
    assert reason(tmp_path, WHEEL, build_wheel(wheel_file=wheel_file)) is RefusalReason.INVALID_METADATA


@pytest.mark.parametrize("line", ["x,,\u00b2", f"x,,{'9' * 5000}", "x,sha256=\u00b2,1"])
def test_numbers_that_are_none_are_refused_and_end_nothing(tmp_path: Path, line: str) -> None:
    content = record_replaced(b"RECORD,,", f"RECORD,,\n{line}".encode())
    assert reason(tmp_path, WHEEL, content) is RefusalReason.RECORD_MISMATCH


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"X-{number}: 1" for number in range(10_000)], RefusalReason.METADATA_TOO_LARGE),
        (["Content-Type: multipart/mixed; boundary=x"], None),
    ],
)
def test_metadata_that_is_slow_or_deep_for_readers_of_mail_does_no_harm(
    tmp_path: Path, lines: list[str], expected: RefusalReason | None
) -> None:
    body = "--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 1500
    metadata = core_metadata("acme-core", "1.0", extra_lines=lines, description=body)
    assert reason(tmp_path, WHEEL, build_wheel(metadata=metadata)) is expected


def test_what_nobody_foresaw_is_a_refusal_and_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("cheeseboard.distributions.judge.parse_metadata", fail)
    assert reason(tmp_path, WHEEL, build_wheel()) is RefusalReason.DAMAGED
    assert "too deep" in caplog.text


# --- sdists that are wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "target", "hard"),
    [
        ("acme_core-1.0/x", "../../etc/passwd", False),
        ("acme_core-1.0/x", "/etc/passwd", False),
        ("acme_core-1.0/a/x", "../../outside", False),
        ("acme_core-1.0/x", "sub/../../..", False),
        ("acme_core-1.0/x", "other-1.0/file", True),
        ("acme_core-1.0/x", "../etc/passwd", True),
        ("acme_core-1.0/x", "", False),
    ],
)
def test_a_link_that_leaves_the_top_directory_is_refused(
    tmp_path: Path, path: str, target: str, *, hard: bool
) -> None:
    assert reason(tmp_path, SDIST, sdist_with_link(path, target, hard=hard)) is RefusalReason.UNSAFE_LINK


def test_a_file_written_through_a_link_is_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("acme_core-1.0/dir")
    link.type, link.linkname = tarfile.SYMTYPE, "."
    content = gzip_bytes(
        tar_bytes([*sdist_members().items(), (link, b""), ("acme_core-1.0/dir/evil.py", b"evil")])
    )
    assert reason(tmp_path, SDIST, content) is RefusalReason.UNSAFE_LINK


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE])
def test_devices_pipes_and_sparse_files_are_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("acme_core-1.0/odd")
    info.type = kind
    assert reason(tmp_path, SDIST, sdist_with(info)) is RefusalReason.SPECIAL_MEMBER


def test_a_set_user_id_program_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("acme_core-1.0/tool")
    info.mode = 0o4755
    assert reason(tmp_path, SDIST, sdist_with(info, b"x")) is RefusalReason.SPECIAL_MEMBER


@pytest.mark.parametrize("path", ["../evil", "/evil", "acme_core-1.0/../../evil", "acme_core-1.0/a\\b"])
def test_an_sdist_member_with_an_unsafe_path_is_refused(tmp_path: Path, path: str) -> None:
    assert reason(tmp_path, SDIST, sdist_with(tarfile.TarInfo(path))) is RefusalReason.UNSAFE_PATH


def test_a_pax_header_that_hides_an_unsafe_path_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("acme_core-1.0/harmless.py")
    info.pax_headers = {"path": "../../evil.py"}
    assert reason(tmp_path, SDIST, sdist_with(info)) is RefusalReason.UNSAFE_PATH


def test_a_pax_header_that_overrides_the_size_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("acme_core-1.0/harmless.py")
    info.pax_headers = {"size": "512"}
    assert reason(tmp_path, SDIST, sdist_with(info, b"x" * 1024)) is RefusalReason.AMBIGUOUS_ARCHIVE


def test_a_global_pax_header_that_renames_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", pax_headers={"path": "elsewhere"}) as archive:
        for name, content in sdist_members().items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    assert reason(tmp_path, SDIST, gzip_bytes(buffer.getvalue())) is RefusalReason.AMBIGUOUS_ARCHIVE


def test_two_top_directories_are_refused(tmp_path: Path) -> None:
    assert (
        reason(tmp_path, SDIST, sdist_with(tarfile.TarInfo("second/file"))) is RefusalReason.AMBIGUOUS_ARCHIVE
    )


def test_an_sdist_without_pkg_info_is_refused(tmp_path: Path) -> None:
    content = gzip_bytes(tar_bytes([("acme_core-1.0/setup.py", b"")]))
    assert reason(tmp_path, SDIST, content) is RefusalReason.METADATA_MISSING


def test_an_sdist_with_two_pkg_infos_is_refused(tmp_path: Path) -> None:
    content = gzip_bytes(tar_bytes([*sdist_members().items(), *list(sdist_members().items())[:1]]))
    assert reason(tmp_path, SDIST, content) is RefusalReason.METADATA_AMBIGUOUS


@pytest.mark.parametrize("after", [b"junk", gzip_bytes(b"second member")])
def test_bytes_after_the_gzip_stream_are_refused(tmp_path: Path, after: bytes) -> None:
    assert reason(tmp_path, SDIST, build_sdist() + after) is RefusalReason.EXTRA_DATA


def test_a_tar_after_the_tar_is_refused(tmp_path: Path) -> None:
    content = gzip_bytes(tar_bytes(sdist_members().items()) + tar_bytes([("x/evil", b"")]))
    assert reason(tmp_path, SDIST, content) is RefusalReason.EXTRA_DATA


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    content = gzip_bytes(tar_bytes([*sdist_members().items(), ("acme_core-1.0/zeros", b"\0" * 20_000_000)]))
    assert reason(tmp_path, SDIST, content, expansion=1_000_000) is RefusalReason.BOMB


def test_a_damaged_gzip_stream_is_refused(tmp_path: Path) -> None:
    content = bytearray(build_sdist())
    content[len(content) // 2] ^= 0xFF
    assert reason(tmp_path, SDIST, bytes(content)) in {RefusalReason.DAMAGED, RefusalReason.TRUNCATED}


# --- anything at all -----------------------------------------------------------------------------------


def installers_view(content: bytes) -> dict[str, bytes] | None:
    """Return what Python's zipfile, and so pip, unpacks from a wheel; None when it refuses."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, RuntimeError, EOFError, ValueError, OSError):
        return None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_wheel_is_refused_or_holds_for_pip_just_what_the_original_held(
    tmp_path: Path, data: st.DataObject
) -> None:
    original = build_wheel()
    content = bytearray(original)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["flip", "insert", "delete", "copy"]))
        if kind == "flip":
            content[position] ^= data.draw(st.integers(1, 255))
        elif kind == "insert":
            content[position:position] = data.draw(st.binary(min_size=1, max_size=40))
        elif kind == "delete":
            del content[position : position + data.draw(st.integers(1, 40))]
        else:
            end = data.draw(st.integers(position, len(content)))
            content[position:position] = content[position:end]
        if not content:
            return
    found = verdict(tmp_path, WHEEL, bytes(content))
    if isinstance(found, Distribution):
        assert installers_view(bytes(content)) == installers_view(original)


@pytest.fixture(scope="module")
def real_wheel() -> Path:
    """Return a wheel that somebody released: the pip that this Python brings along."""
    found = sorted((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    if not found:
        pytest.skip("this Python brings no pip along")
    return found[0]


def test_the_real_wheel_passes(real_wheel: Path) -> None:
    assert isinstance(judge(real_wheel), Distribution)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_header_of_a_real_wheel_is_refused_or_changes_nothing_for_pip(
    tmp_path: Path, real_wheel: Path, data: st.DataObject
) -> None:
    original = real_wheel.read_bytes()
    content = bytearray(original)
    with zipfile.ZipFile(real_wheel) as archive:
        locals_at = [info.header_offset for info in archive.infolist()]
        directory_at = archive.start_dir
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.sampled_from([*locals_at[-3:], locals_at[0], directory_at, len(content) - 22]))
        length = 22 if start == len(content) - 22 else 120
        if start == directory_at:  # anywhere in it
            start = data.draw(st.integers(directory_at, len(original) - 143))
        position = min(start + data.draw(st.integers(0, length - 1)), len(content) - 1)
        if data.draw(st.booleans()):
            content[position] ^= data.draw(st.integers(1, 255))
        else:
            content[position] = data.draw(st.sampled_from([0, 1, 8, 0x2E, 0x2F, 0x50, 0xFF]))
    found = verdict(tmp_path, real_wheel.name, bytes(content))
    if isinstance(found, Distribution):
        assert installers_view(bytes(content)) == installers_view(original)


def unpacked_sdist(content: bytes) -> dict[str, bytes] | None:
    """Return what Python's tarfile, and so pip, unpacks from an sdist; None when it refuses."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            found = {}
            for member in archive.getmembers():
                file = archive.extractfile(member) if member.isreg() else None
                found[member.name] = file.read() if file else b""
            return found
    except (tarfile.TarError, zlib.error, EOFError, ValueError, OSError):
        return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_sdist_with_a_mutated_tar_is_refused_or_holds_for_pip_one_safe_tree(
    tmp_path: Path, data: st.DataObject
) -> None:
    tar = bytearray(tar_bytes(sdist_members().items()))
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(tar) - 1))
        tar[position] = data.draw(st.integers(0, 255))
    for header in range(0, len(tar) - 511, 512):  # so that not every mutation ends at the checksum
        if tar[header + 257 : header + 262] == b"ustar" and data.draw(st.booleans()):
            total = sum(tar[header : header + 148]) + 8 * 32 + sum(tar[header + 156 : header + 512])
            tar[header + 148 : header + 156] = b"%06o\0 " % total
    content = gzip_bytes(bytes(tar))
    found = verdict(tmp_path, SDIST, content)
    if isinstance(found, Distribution):
        tree = unpacked_sdist(content)
        assert tree is not None
        assert {name.split("/")[0] for name in tree} == {"acme_core-1.0"}
        assert tree["acme_core-1.0/PKG-INFO"] == found.metadata


@pytest.mark.parametrize("place", ["extra field", "content"])
def test_a_tar_that_is_also_a_zip_is_refused(tmp_path: Path, place: str) -> None:
    tar = tar_bytes(sdist_members().items())
    hidden = zip_bytes(sdist_members(files={"evil.py": b"evil"}).items())
    if place == "content":
        content = gzip_bytes(tar + hidden)[:10] + stored_gzip_tail(
            tar_bytes([*sdist_members().items(), ("acme_core-1.0/z", hidden)])
        )
    else:
        field = b"ZZ" + struct.pack("<H", len(hidden)) + hidden
        plain = gzip_bytes(tar)
        content = plain[:3] + b"\x04" + plain[4:10] + struct.pack("<H", len(field)) + field + plain[10:]
    assert reason(tmp_path, SDIST, content) is RefusalReason.AMBIGUOUS_ARCHIVE


def sdist_with_header(kind: bytes, records: bytes, after: bytes) -> bytes:
    """Return an sdist with an extended header of this kind, byte for byte, and what comes after it."""
    entry = tarfile.TarInfo("././@PaxHeader")
    entry.type, entry.size = kind, len(records)
    content = tar_bytes(sdist_members().items()).rstrip(b"\0")
    content += bytes(-len(content) % 512) + entry.tobuf(tarfile.USTAR_FORMAT)
    return gzip_bytes(content + records + bytes(-len(records) % 512) + after + bytes(1024))


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (b"13 mtime=1.5\n", None),
        (b"13 mtime=1.5\n13 atime=1.5\n", None),
        (b"53 mtime=1.5\n", RefusalReason.AMBIGUOUS_ARCHIVE),
        (b"13 mtime=1.5\n\0\0 atime=1.5\n", RefusalReason.AMBIGUOUS_ARCHIVE),
        (b"13 mtime=1.5\n\0\0\0", None),
        (b"12 mtime=1.5\n", RefusalReason.AMBIGUOUS_ARCHIVE),
    ],
)
def test_pax_records_hold_just_what_their_lengths_say(
    tmp_path: Path, records: bytes, expected: RefusalReason | None
) -> None:
    after = tarfile.TarInfo("acme_core-1.0/empty").tobuf(tarfile.USTAR_FORMAT)
    assert reason(tmp_path, SDIST, sdist_with_header(tarfile.XHDTYPE, records, after)) is expected


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
@pytest.mark.parametrize("records", [b"", b"13 mtime=1.5\n"])
def test_a_header_for_a_member_that_never_comes_is_refused(
    tmp_path: Path, kind: bytes, records: bytes
) -> None:
    assert reason(tmp_path, SDIST, sdist_with_header(kind, records, b"")) is RefusalReason.TRUNCATED


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(b"\0", None), (b"0", RefusalReason.AMBIGUOUS_ARCHIVE), (b"7", RefusalReason.AMBIGUOUS_ARCHIVE)],
)
def test_a_file_named_like_a_directory_is_refused_where_readers_differ(
    tmp_path: Path, kind: bytes, expected: RefusalReason | None
) -> None:
    entry = tarfile.TarInfo("acme_core-1.0/d/")
    header = bytearray(entry.tobuf(tarfile.GNU_FORMAT))
    header[156:157] = kind
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 0x20 + sum(header[156:]))
    content = tar_bytes(sdist_members().items()).rstrip(b"\0")
    content += bytes(-len(content) % 512) + bytes(header) + bytes(1024)
    assert reason(tmp_path, SDIST, gzip_bytes(content)) is expected


def test_a_directory_with_a_size_and_a_link_to_nothing_are_refused(tmp_path: Path) -> None:
    directory = tarfile.TarInfo("acme_core-1.0/d")
    directory.type, directory.pax_headers = tarfile.DIRTYPE, {"size": "512"}
    assert reason(tmp_path, SDIST, sdist_with(directory)) is RefusalReason.AMBIGUOUS_ARCHIVE
    nothing = sdist_with_link("acme_core-1.0/x", "acme_core-1.0/absent", hard=True)
    assert reason(tmp_path, SDIST, nothing) is RefusalReason.UNSAFE_LINK
