"""Extra fields in a zip's headers: what two readers would read as two archives is refused."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import (
    ExtraFields,
    extra_field,
    unicode_path,
    wheel_filename,
    wheel_with_extra_fields,
    zip64_sizes,
)

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.distributions.judge import judge
from cheeseboard.errors import RefusalReason

WHEEL = wheel_filename("acme-core", "1.0")
UNKNOWN = extra_field(0xCAFE, b"")

# What stands in the header, and whether its sizes are left to it.
Case = tuple[ExtraFields, bool]
Write = Callable[[Case, str], Path]

CONTRADICTING: dict[str, Case] = {
    "another name": (lambda name, _: unicode_path(name, b"evil.py"), False),
    "another name with a wrong checksum": (lambda _, __: unicode_path(b"other", b"evil.py"), False),
    "a name cut short": (lambda _, __: extra_field(0x7075, b"\1\0"), False),
    "an empty name field": (lambda _, __: extra_field(0x7075, b""), False),
    "the name twice": (lambda name, _: unicode_path(name, name) * 2, False),
    "an unknown field twice": (lambda _, __: UNKNOWN * 2, False),
    "a field cut short": (lambda _, __: UNKNOWN[:2] + b"\x09\0a", False),
    "sizes twice": (lambda _, size: zip64_sizes(size, size) * 2, True),
    "other sizes beside the true ones": (lambda _, size: zip64_sizes(size + 1, size + 1), False),
    "sizes of zero beside the true ones": (lambda _, __: zip64_sizes(0, 0), False),
    "one size that nobody needs": (lambda _, size: zip64_sizes(size), False),
    "a size too many": (lambda _, size: zip64_sizes(size, size, 7), True),
    "a byte too many": (lambda _, size: extra_field(1, zip64_sizes(size, size)[4:] + b"x"), True),
    "a size too few": (lambda _, size: zip64_sizes(size), True),
    "no sizes": (lambda _, __: b"", True),
}
AGREEING: dict[str, Case] = {
    "the same name": (lambda name, _: unicode_path(name, name), False),
    "an unknown field": (lambda _, __: UNKNOWN, False),
    "a time stamp": (lambda _, __: extra_field(0x5455, b"\1\0\0\0\0"), False),
    "padding": (lambda _, __: b"\0\0\0", False),
    "sizes where they belong": (lambda _, size: zip64_sizes(size, size), True),
}
ALL = CONTRADICTING | AGREEING
PLACES = {"local": (True, False), "central": (False, True), "both": (True, True)}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a wheel with such a header."""

    def write_it(case: Case, place: str) -> Path:
        fields, wide = case
        local, central = PLACES[place]
        path = tmp_path / WHEEL
        path.write_bytes(wheel_with_extra_fields(fields, local=local, central=central, wide=wide))
        return path

    return write_it


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", CONTRADICTING)
def test_extra_fields_that_tell_another_story_are_refused(write: Write, what: str, place: str) -> None:
    verdict = judge(write(CONTRADICTING[what], place))
    assert verdict == Refusal(RefusalReason.AMBIGUOUS_ARCHIVE, "acme_core.py")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", AGREEING)
def test_extra_fields_that_agree_are_taken(write: Write, what: str, place: str) -> None:
    assert not isinstance(judge(write(AGREEING[what], place)), Refusal)


def test_sizes_repeated_in_the_local_header_are_taken(write: Write) -> None:
    # As protobuf's wheels have them.
    assert not isinstance(judge(write((lambda _, size: zip64_sizes(size, size), False), "local")), Refusal)


@pytest.mark.full
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", ALL)
def test_what_uv_refuses_is_refused(
    write: Write,
    what: str,
    place: str,
    tmp_path: Path,
    need_tool: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    wheel = write(ALL[what], place)
    command = [need_tool("uv"), "pip", "install", "--offline", "--no-deps", "--no-cache", "--no-config"]
    command += ["--python", sys.executable, "--target", str(tmp_path / "target"), str(wheel)]
    installed = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), check=False)
    refused = isinstance(judge(wheel), Refusal)
    assert installed.returncode == 0 or refused, installed.stderr
    assert (what in AGREEING) == (not refused)
