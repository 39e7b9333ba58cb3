"""Somebody else's computer: a home of its own, the programs it is given, and lines pasted into its shell."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.builders import build_wheel
from tests.clients.index import Index, server_context, start

from cheeseboard.tls.authority import Authority


class Colleague:
    """Somebody else's computer.

    Args:
        home: Where they will live.
        path: Where their programs are.
    """

    def __init__(self, home: Path, path: str) -> None:
        home.mkdir()
        self.home = home
        self.variables = {"HOME": str(home), "PATH": path, "LC_ALL": "C.UTF-8"}

    @property
    def pip_conf(self) -> Path:
        return self.home / ".config" / "pip" / "pip.conf"

    @property
    def uv_toml(self) -> Path:
        return self.home / ".config" / "uv" / "uv.toml"

    @property
    def netrc(self) -> Path:
        return self.home / ".netrc"

    def paste(self, line: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Let their shell do what a line says, with nobody at the keyboard."""
        return subprocess.run(
            ["/bin/sh", "-c", line],
            env={**self.variables, **variables},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def trace(self) -> list[Path]:
        """Return all files and directories of the home, but caches."""
        return [path for path in sorted(self.home.rglob("*")) if ".cache" not in str(path)]


@contextmanager
def serving_beside(pages: Mapping[str, bytes], authority: Authority) -> Iterator[Index]:
    """Serve an index of one wheel, with pages beside it, as localhost."""
    index = Index(files={"acme_core-1.0-py3-none-any.whl": build_wheel("acme-core", "1.0")})
    index.pages = dict(pages)
    stop = start(index, server_context(authority, ["localhost"], datetime.now(UTC)))
    try:
        yield index
    finally:
        stop()
