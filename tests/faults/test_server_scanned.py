"""A TLS scanner's verdict on our server: nothing but that its authority is a private one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.faults.conftest import Served

# As the machine has it, before a test's own environment is cleaned: by it uv finds the public index.
MACHINE = dict(os.environ)


@pytest.mark.full
def test_a_scanner_finds_nothing_but_the_private_authority(served: Served, tmp_path: Path) -> None:
    directory = tmp_path / "scanner"
    uv = str(Path(sys.executable).with_name("uv"))
    python = str(directory / "bin/python")
    for command in (
        [uv, "venv", "--python", sys.executable, str(directory)],
        [uv, "pip", "install", "--python", python, "sslyze"],
    ):
        subprocess.run(command, env=MACHINE, capture_output=True, timeout=300, check=True)
    scanned = subprocess.run(
        [python, "-m", "sslyze", "--mozilla_config=intermediate", f"localhost:{served.client.port}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    ).stdout
    verdict = scanned.partition("COMPLIANCE AGAINST TLS CONFIGURATION")[2]
    found = [line.strip() for line in verdict.splitlines() if line.strip().startswith("*")]
    assert len(found) == 1
    assert found[0].startswith("* certificate_path_validation:")
    for weakness in ("VULNERABLE -", "ERROR:", "Exception"):
        assert weakness not in scanned
    for well in (
        "Not vulnerable to Heartbleed",
        "Compression disabled",
        "Secure Renegotiation:",
        "Order is valid",
    ):
        assert well in scanned
