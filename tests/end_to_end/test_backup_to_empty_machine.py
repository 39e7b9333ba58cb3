"""A repository moves house: restored on an empty machine, it gives every response that it gave before."""

import json
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.builders import write_sdist, write_wheel

# What a client keeps or acts on; dates of the answer itself and names of the server differ by nature.
_HEADERS = ("content-type", "etag", "last-modified", "content-length", "cache-control", "x-pypi-last-serial")
_JSON = "application/vnd.pypi.simple.v1+json"
_HTML = "application/vnd.pypi.simple.v1+html"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends the server with a signal")


def cheeseboard(home: Path, *words: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "cheeseboard", *words, "--json"],
        env={**os.environ, "HOME": str(home), "CHEESEBOARD_HOME": str(home / "cheeseboard")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def served(home: Path, folder: Path) -> Iterator[Mapping[str, str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "cheeseboard", "serve", "--json", "--port", "0", "--folder", str(folder)],
        env={**os.environ, "HOME": str(home), "CHEESEBOARD_HOME": str(home / "cheeseboard")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


Answer = tuple[int, dict[str, str | None], bytes]


def answers(facts: Mapping[str, str], ca: str) -> dict[str, Answer]:
    """Ask for every page, file and metadata that the index leads to, in each form."""
    context = ssl.create_default_context(cafile=ca)
    found: dict[str, Answer] = {}

    def ask(path: str, accept: str = "*/*") -> bytes:
        request = urllib.request.Request(facts["url"] + path, headers={"Accept": accept})
        try:
            with urllib.request.urlopen(request, context=context, timeout=20) as reply:
                status, headers, body = reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as error:
            status, headers, body = error.code, error.headers, error.read()
        found[f"{path} as {accept}"] = (status, {name: headers[name] for name in _HEADERS}, body)
        return bytes(body)

    ask("", _HTML)
    for project in json.loads(ask("", _JSON))["projects"]:
        name = project["name"].lower().replace("_", "-")
        ask(f"{name}/", _HTML)
        for file in json.loads(ask(f"{name}/", _JSON))["files"]:
            ask(f"{name}/{file['filename']}")
            ask(f"{name}/{file['filename']}.metadata")
    return found


@pytest.mark.full
def test_a_restored_repository_gives_every_response_of_the_old_one(tmp_path: Path) -> None:
    old_home, new_home = tmp_path / "old", tmp_path / "new"
    old, new = old_home / "packages", new_home / "elsewhere" / "repository"
    old_home.mkdir()
    new_home.mkdir()
    given = tmp_path / "given"
    given.mkdir()
    for version in ("1.0", "1.1", "2.0rc1"):
        write_wheel(given, "acme-core", version)
        write_sdist(given, "acme-core", version)
    for name in ("Acme_Web", "other", "closed", "held"):
        write_wheel(given, name, "3.2")
    at = ["--folder", str(old)]
    cheeseboard(old_home, "add", str(given), *at)
    cheeseboard(old_home, "yank", "acme-core==1.0", "--reason", "loses data", *at)
    cheeseboard(old_home, "yank", "other", *at)
    for project, status in (("acme-web", "deprecated"), ("closed", "archived"), ("held", "quarantined")):
        cheeseboard(old_home, "status", project, status, "--reason", f"it is {status}", *at)
    cheeseboard(old_home, "remove", "acme-core==1.1", *at)

    with served(old_home, old) as facts:
        before = answers(facts, facts["ca"])
        backup = tmp_path / "backup.tar.zst"
        cheeseboard(old_home, "backup", "--with-authority", str(backup), *at)
    restored = cheeseboard(new_home, "restore-backup", str(backup), "--with-authority", "--folder", str(new))
    assert restored[-1]["files"] == 8
    with served(new_home, new) as facts:
        # Verified by the certificate that colleagues trusted before: the authority moved along.
        after = answers(facts, str(old_home / "cheeseboard/state/authority/authority.pem"))

    assert len(before) >= 2 + 2 * 4 + 2 * 7
    assert sum(headers["etag"] is not None for _, headers, _ in before.values()) > 10
    assert {status for status, _, _ in before.values()} <= {200, 404}
    assert after.keys() == before.keys()
    for path, answer in before.items():
        assert after[path] == answer, path
    listings = [
        cheeseboard(home, "list", "acme-core", "--folder", str(at))
        for home, at in ((old_home, old), (new_home, new))
    ]
    for line in listings[0] + listings[1]:
        line.pop("path")
    assert listings[0] == listings[1]


@pytest.mark.full
def test_a_backup_taken_while_another_process_adds_is_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    folder = home / "packages"
    given = tmp_path / "given"
    given.mkdir()
    for number in range(150):
        write_wheel(given, f"many-{number}", "1.0")
    first, *rest = sorted(given.iterdir())
    cheeseboard(home, "add", str(first), "--folder", str(folder))
    environ = {**os.environ, "HOME": str(home), "CHEESEBOARD_HOME": str(home / "cheeseboard")}
    words = ["add", "--json", "--folder", str(folder), *map(str, rest)]
    with subprocess.Popen(
        [sys.executable, "-m", "cheeseboard", *words], env=environ, stdout=subprocess.PIPE, text=True
    ) as adding:
        assert adding.stdout is not None
        adding.stdout.readline()
        counts = []
        for number in range(3):
            backup = str(tmp_path / f"{number}.tar")
            made = cheeseboard(home, "backup", backup, "--folder", str(folder))
            back = cheeseboard(home, "restore-backup", backup, "--folder", str(tmp_path / f"back-{number}"))
            assert made[-1]["files"] == back[-1]["files"]
            checked = cheeseboard(home, "check", "--folder", str(tmp_path / f"back-{number}"))
            assert checked[-1]["findings"] == 0
            counts.append(made[-1]["files"])
        adding.stdout.read()
    assert counts == sorted(counts)
    assert counts[0] > 1
