"""A refusal costs little, whatever the file: half a second of processor and 200 MB at most.

But for 130,000 headers of long names: a bomb, of which 64 MB are allowed, so they are read first.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import (
    INFO,
    gzip_bytes,
    sdist_members,
    tar_bytes,
    wheel_members,
    wheel_with,
    zip_bytes,
)

MEASURE = """
import re, sys, time
from pathlib import Path
from cheeseboard.distributions.judge import judge
def cost():
    began = time.process_time()
    judge(Path(sys.argv[1]))
    return time.process_time() - began
# Of three, as the others may have met a crowded processor.
seconds, verdict = min(cost() for _ in range(3)), judge(Path(sys.argv[1]))
# Of this program; what getrusage tells counts its parent too.
peak = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())
print(seconds, int(peak[1]) / 1024, verdict.reason)
"""
WHEEL, SDIST = "acme_core-1.0-py3-none-any.whl", "acme_core-1.0.tar.gz"


def sdist(*more: tuple[str, bytes]) -> bytes:
    return gzip_bytes(tar_bytes([*sdist_members().items(), *more]))


def wheel_with_record(record: bytes) -> bytes:
    return zip_bytes({**wheel_members("acme-core", "1.0"), f"{INFO}/RECORD": record}.items())


COSTLY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a gzip bomb": (SDIST, lambda: sdist(("acme_core-1.0/zeros", bytes(100_000_000)))),
    "a zip bomb": (WHEEL, lambda: wheel_with({"acme_core/zeros": bytes(100_000_000)})),
    "very many members": (WHEEL, lambda: wheel_with({f"a/{n}": b"" for n in range(50_001)})),
    "very many headers": (SDIST, lambda: sdist(*((f"acme_core-1.0/{n}", b"") for n in range(50_001)))),
    "very many headers with content": (
        SDIST,
        lambda: sdist(*((f"acme_core-1.0/{n}", bytes(500)) for n in range(50_001))),
    ),
    "very many long names": (
        SDIST,
        lambda: sdist(*((f"acme_core-1.0/{n:0120}", b"") for n in range(50_001))),
    ),
    "a record without end": (WHEEL, lambda: wheel_with_record(b"a,sha256=AAAA,1\n" * 1_000_000)),
    "large metadata": (WHEEL, lambda: wheel_with({f"{INFO}/METADATA": b"Name: x\n" * 1_000_000})),
    "no archive at all": (WHEEL, lambda: b"<html>" * 10_000_000),
}


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the memory")
@pytest.mark.parametrize("what", COSTLY)
def test_a_costly_file_is_refused_cheaply(tmp_path: Path, what: str) -> None:
    name, build = COSTLY[what]
    (tmp_path / name).write_bytes(build())
    words = [sys.executable, "-c", MEASURE, str(tmp_path / name)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    seconds, megabytes = map(float, done.stdout.split()[:2])
    assert seconds < (1.5 if what == "very many long names" else 0.5), done.stdout
    assert megabytes < 200, done.stdout
