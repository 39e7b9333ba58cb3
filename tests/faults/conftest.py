"""A server in a process of its own, as `cheeseboard serve` runs it, so that its memory can be read."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.builders import build_wheel, wheel_filename
from tests.server.client import Client
from tests.server.large import build_large_wheel
from tests.server.waiting import wait_until


@dataclass(frozen=True, slots=True)
class Served:
    """A running server.

    Attributes:
        uploads: A client of its port for uploads alone.
    """

    client: Client
    uploads: Client
    process: "subprocess.Popen[str]"
    folder: Path

    def put(self, filename: str, content: bytes) -> None:
        """Put a file into the folder, as another program would: whole, at once."""
        aside = self.folder / f".{filename}"
        aside.write_bytes(content)
        aside.rename(self.folder / filename)

    def memory(self) -> float:
        """Return its resident memory in megabytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1000
        raise AssertionError("it is gone")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve a folder with one wheel of 50 kB and one of 60 MB."""
    folder = tmp_path / "packages"
    folder.mkdir()
    (folder / wheel_filename("acme-core", "1.0")).write_bytes(build_wheel())
    (folder / wheel_filename("acme-large", "1.0")).write_bytes(build_large_wheel(60))
    with subprocess.Popen(
        [sys.executable, "-m", "cheeseboard", "serve", "--json", "--port", "0", "--folder", str(folder)],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            ready = json.loads(process.stdout.readline())
            client, uploads = (
                Client("127.0.0.1", int(ready[url].split(":")[2].split("/")[0]), Path(ready["ca"]))
                for url in ("url", "twine_url")
            )
            wait_until(lambda: {"acme-core", "acme-large"} <= set(client.get("/simple/").text.split('"')), 30)
            yield Served(client, uploads, process, folder)
        finally:
            process.terminate()
            process.communicate(timeout=40)
