import pytest

from cheeseboard.server.people.wheel_words import describe_wheel


@pytest.mark.parametrize(
    ("filename", "words"),
    [
        ("a-1-py3-none-any.whl", "any Python 3, any system"),
        ("a-1-py2.py3-none-any.whl", "any Python 2 or any Python 3, any system"),
        ("a-1-cp311-cp311-win_amd64.whl", "CPython 3.11, Windows (x86-64)"),
        ("a-1-cp36-none-win32.whl", "CPython 3.6, Windows (32 bits)"),
        ("a-1-cp38-abi3-macosx_11_0_arm64.whl", "CPython 3.8 or newer, macOS 11 or newer (Apple silicon)"),
        ("a-1-cp27-cp27m-macosx_10_6_intel.whl", "CPython 2.7, macOS 10.6 or newer (Intel)"),
        (
            "a-1-cp313-cp313t-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "CPython 3.13, free-threaded, Linux (x86-64, glibc 2.17 or newer)",
        ),
        ("a-1-pp310-pypy310_pp73-musllinux_1_2_aarch64.whl", "PyPy 3.10, Linux (ARM64, musl 1.2 or newer)"),
        ("a-1-cp312-cp312-linux_armv7l.whl", "CPython 3.12, Linux (ARM, 32 bits)"),
        ("a-1-py3-none-freebsd_13_amd64.whl", "any Python 3, freebsd_13_amd64"),
        ("nonsense.whl", ""),
        ("a-1.tar.gz", ""),
    ],
)
def test_a_wheels_tags_are_told_in_plain_words(filename: str, words: str) -> None:
    assert describe_wheel(filename) == words
