"""What a build requires may come from this very repository, as the user's installers are configured."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.builds.trees import make_tree

from cheeseboard.locations import find_locations
from cheeseboard.settings import Settings, write_settings

COMMAND = [sys.executable, "-m", "cheeseboard"]


def cheeseboard(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def ca(tmp_path: Path) -> Iterator[str]:
    """Serve a repository that holds a build backend; give its certificate's path."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    write_settings(find_locations(os.environ).settings_file, Settings(port=port))
    made = make_tree(tmp_path / "backend-source")
    code = (made / "backend" / "own_backend.py").read_bytes()
    wheel = write_wheel(tmp_path, "acme-backend", "1.0", modules={"acme_backend.py": code})
    added = cheeseboard("add", str(wheel))
    assert added.returncode == 0, added.stderr
    process = subprocess.Popen([*COMMAND, "serve", "--json"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield json.loads(process.stdout.readline())["ca"]
    process.terminate()
    process.communicate(timeout=30)


@pytest.mark.parametrize("tool", ["uv", pytest.param("pip", marks=pytest.mark.full)])
def test_a_backend_from_here_builds(ca: str, tmp_path: Path, tool: str) -> None:
    tree = make_tree(tmp_path / "tree", requires=("acme-backend",))
    text = (tree / "pyproject.toml").read_text()
    text = text.replace('"own_backend"', '"acme_backend"').replace('backend-path = ["backend"]', "")
    (tree / "pyproject.toml").write_text(text)
    used = cheeseboard("use", tool, "--as", "only")
    assert used.returncode == 0, used.stderr
    # `use uv` says that it wants this where the system does not trust us; of a uv that nobody configured
    # nothing is to be asked elsewhere.
    others = {"SSL_CERT_FILE": ca} if tool == "uv" else {"UV_OFFLINE": "1"}

    done = cheeseboard("build", str(tree), "--yes", "--verbose", **others)

    assert done.returncode == 0, done.stderr
    assert "acme-backend==1.0" in done.stderr
    assert ("Trying again with pip" in done.stderr) == (tool == "pip")
    assert "Added acme_core-7.0.1-py3-none-any.whl." in done.stdout
