"""Moving here from other servers: what they knew comes along, and nothing of theirs is changed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.benchmarks.bench_server import free_port
from tests.builders import write_sdist, write_wheel

from cheeseboard.errors import BackupError
from cheeseboard.repository.other_servers import Source, read_collection, recognize

Command = Callable[..., tuple[int, list[dict[str, Any]]]]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def listed(command: Command, *projects: str) -> dict[str, dict[str, Any]]:
    return {line["file"]: line for project in projects for line in command("list", project)[1]}


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


# --- plain folders and pypiserver ------------------------------------------------------------------


def test_a_plain_folder_is_taken_with_now_as_upload_time(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "wheels"
    (source / "deeper").mkdir(parents=True)
    os.utime(write_wheel(source, "one"), (1_600_000_000, 1_600_000_000))
    write_sdist(source / "deeper", "two")
    (source / "notes.txt").write_text("mine")
    before = contents(source)
    code, lines = command("import", str(source))
    assert code == 0
    assert (lines[0]["event"], lines[0]["source"], lines[0]["files"]) == ("found", "folder", 2)
    assert (lines[-1]["event"], lines[-1]["added"]) == ("imported", 2)
    assert not listed(command, "one")["one-1.0-py3-none-any.whl"]["upload_time"].startswith("2020")
    assert contents(source) == before


def test_pypiserver_knows_upload_times_by_its_files(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "pypiserver"
    source.mkdir()
    os.utime(write_wheel(source, "one"), (1_600_000_000, 1_600_000_000))
    (source / "one-1.0-py3-none-any.whl.asc").write_text("signature")
    assert command("import", str(source), "--from", "pypiserver")[0] == 0
    found = listed(command, "one")
    assert found["one-1.0-py3-none-any.whl"]["upload_time"] == "2020-09-13T12:26:40Z"


def test_a_dry_run_says_what_is_there_and_takes_nothing(command: Command, tmp_path: Path) -> None:
    write_wheel(tmp_path, "one")
    code, (line,) = command("import", str(tmp_path), "--dry-run", folder=tmp_path.parent / "elsewhere")
    assert (code, line["event"], line["files"]) == (0, "found", 1)
    assert not (tmp_path.parent / "elsewhere" / "one").exists()


def test_one_undo_takes_a_whole_import_back(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "wheels"
    source.mkdir()
    for number in range(5):
        write_wheel(source, f"many-{number}")
    command("import", str(source))
    assert len(command("list")[1]) == 5
    assert command("undo")[0] == 0
    assert command("list")[1] == []


def test_importing_again_adds_nothing(command: Command, tmp_path: Path) -> None:
    source = tmp_path / "wheels"
    source.mkdir()
    write_wheel(source, "one")
    command("import", str(source))
    code, lines = command("import", str(source))
    assert (code, [line["event"] for line in lines]) == (0, ["found", "identical", "imported"])
    assert (lines[-1]["added"], lines[-1]["identical"]) == (0, 1)


def test_importing_nothing_new_offers_no_undo_which_would_undo_something_else(
    say: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    source = tmp_path / "wheels"
    source.mkdir()
    write_wheel(source, "one")
    assert say("import", str(source))[1].endswith("Take all of it back with: cheeseboard undo\n")
    last = say("import", str(source))[1].splitlines()[-1]
    assert last == "Took in 0 files (0 yanked). Here already: 1. Refused: 0."


def test_the_managed_folder_itself_is_no_source(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    assert command("import", str(folder))[0] == 3
    assert "managed folder itself" in capsys.readouterr().err


# --- devpi -----------------------------------------------------------------------------------------


def devpi_export(directory: Path) -> Path:
    """Lay out what devpi-export of devpi-server 6.20 writes, cut to what matters."""
    files: list[dict[str, Any]] = []
    for name, version in (("alpha", "1.0"), ("alpha", "1.1"), ("beta-pkg", "2.0")):
        place = directory / "root/dev" / name / version
        place.mkdir(parents=True)
        path = write_wheel(place, name, version)
        files.append(
            {
                "version": version,
                "entrymapping": {
                    "last_modified": "Sun, 22 Nov 2026 15:25:07 GMT",
                    "hash_spec": f"sha256={sha256(path)}",
                    "hashes": {"sha256": sha256(path)},
                    "project": name,
                    "version": version,
                },
                "log": [{"what": "upload", "who": "root", "when": [2025, 3, 4, 5, 6, 7], "dst": "root/dev"}],
                "type": "releasefile",
                "projectname": name,
                "relpath": path.relative_to(directory).as_posix(),
            }
        )
    index = {"indexconfig": {"type": "stage", "bases": []}, "projects": {}, "files": files}
    other = {"indexconfig": {"type": "stage", "bases": ["root/dev"]}, "projects": {}, "files": files[:1]}
    data = {"dumpversion": "2", "users": {}, "indexes": {"root/dev": index, "root/prod": other}}
    (directory / "dataindex.json").write_text(json.dumps(data))
    return directory


def test_a_devpi_export_comes_with_its_upload_times(command: Command, tmp_path: Path) -> None:
    export = devpi_export(tmp_path / "export")
    code, lines = command("import", str(export))
    assert code == 0
    assert (lines[0]["source"], lines[0]["indexes"]) == ("devpi", ["root/dev", "root/prod"])
    found = listed(command, "alpha", "beta-pkg")
    assert len(found) == 3
    assert {line["upload_time"] for line in found.values()} == {"2025-03-04T05:06:07Z"}


def test_one_devpi_index_alone_can_be_taken(command: Command, tmp_path: Path) -> None:
    export = devpi_export(tmp_path / "export")
    command("import", str(export), "--index", "root/prod")
    assert [line["project"] for line in command("list")[1]] == ["alpha"]


def test_an_index_that_devpi_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no index root/x; it has root/dev, root/prod"):
        read_collection(devpi_export(tmp_path / "export"), Source.DEVPI, ["root/x"])


def test_a_file_that_is_not_what_devpi_says_is_refused(command: Command, tmp_path: Path) -> None:
    export = devpi_export(tmp_path / "export")
    place = next(export.rglob("alpha-1.1*.whl"))
    write_wheel(place.parent, "alpha", "1.1", modules={"alpha.py": b"evil = True"})
    code, lines = command("import", str(export))
    assert code == 1
    (refused,) = [line for line in lines if line["event"] == "rejected"]
    assert (Path(refused["file"]).name, refused["reason"]) == (place.name, "digest-mismatch")
    assert "alpha-1.1" not in "".join(listed(command, "alpha"))


def test_an_export_that_names_files_outside_of_itself_takes_none_of_them(tmp_path: Path) -> None:
    outside = write_wheel(tmp_path, "outside")
    export = devpi_export(tmp_path / "export")
    (export / "link").symlink_to(tmp_path)
    data = json.loads((export / "dataindex.json").read_text())
    files = data["indexes"]["root/dev"]["files"]
    for relative in (
        f"../{outside.name}",
        str(outside),
        f"link/{outside.name}",
        f"root\\{outside.name}",
        "",
        7,
    ):
        files.append({"type": "releasefile", "relpath": relative})
    (export / "dataindex.json").write_text(json.dumps(data))
    collection = read_collection(export, Source.DEVPI)
    assert len(collection.missing) == 6
    assert outside not in {each.path.resolve() for each in collection.arrivals}


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"indexes": 3}', "[" * 100_000])
def test_a_broken_list_of_files_is_one_sentence(
    command: Command, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "export"
    export.mkdir()
    (export / "dataindex.json").write_text(text)
    code, lines = command("import", str(export))
    assert code == 3 or lines[-1]["added"] == 0
    assert "Traceback" not in capsys.readouterr().err


# --- bandersnatch ----------------------------------------------------------------------------------


def mirror(directory: Path) -> Path:
    """Lay out what bandersnatch writes: hashed directories, the Simple API's JSON, the older JSON."""
    web = directory / "web"
    pages: dict[str, list[dict[str, Any]]] = {"alpha": [], "beta": []}
    older: dict[str, Any] = {}
    for name, version in (("alpha", "1.0"), ("alpha", "1.1"), ("beta", "2.0")):
        made = write_wheel(directory.parent, name, version)
        digest = sha256(made)
        place = web / "packages" / digest[:2] / digest[2:4] / digest[4:] / made.name
        place.parent.mkdir(parents=True)
        shutil.move(made, place)
        url = f"../../packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{made.name}"
        yanked = "broken" if version == "1.1" else False
        if name == "alpha":
            pages[name].append(
                {
                    "filename": made.name,
                    "url": url,
                    "hashes": {"sha256": digest},
                    "upload-time": "2024-01-02T03:04:05.678901Z",
                    "yanked": yanked,
                }
            )
        else:
            older[version] = [
                {
                    "filename": made.name,
                    "url": f"https://files.example/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{made.name}",
                    "digests": {"sha256": digest},
                    "upload_time_iso_8601": "2023-01-02T03:04:05Z",
                    "yanked": True,
                    "yanked_reason": None,
                }
            ]
    page = web / "simple/alpha/index.v1_json"
    page.parent.mkdir(parents=True)
    status = {"status": "deprecated", "reason": "use beta"}
    page.write_text(json.dumps({"name": "alpha", "files": pages["alpha"], "project-status": status}))
    (web / "json").mkdir()
    (web / "json/beta").write_text(json.dumps({"info": {"name": "beta"}, "releases": older}))
    return directory


@pytest.mark.parametrize("below", ["", "web"])
def test_a_mirror_comes_with_upload_times_yanks_and_statuses(
    command: Command, tmp_path: Path, below: str
) -> None:
    source = mirror(tmp_path / "mirror") / below
    assert recognize(source) is Source.BANDERSNATCH
    code, lines = command("import", str(source))
    assert (code, lines[-1]["added"], lines[-1]["yanked"]) == (0, 3, 2)
    found = listed(command, "alpha", "beta")
    assert found["alpha-1.0-py3-none-any.whl"]["upload_time"] == "2024-01-02T03:04:05.678901Z"
    assert not found["alpha-1.0-py3-none-any.whl"]["yanked"]
    assert found["alpha-1.1-py3-none-any.whl"]["yanked_reason"] == "broken"
    assert found["beta-2.0-py3-none-any.whl"]["yanked"]
    (_, status) = command("status", "alpha")
    assert (status[0]["status"], status[0]["reason"]) == ("deprecated", "use beta")


def test_a_yank_comes_along_even_where_other_bytes_had_the_name_before(
    command: Command, tmp_path: Path
) -> None:
    first = write_wheel(tmp_path, "alpha", "1.1", modules={"alpha.py": b"x = 9"})
    command("add", str(first))
    command("remove", "alpha")
    command("import", str(mirror(tmp_path / "mirror")))
    assert listed(command, "alpha")["alpha-1.1-py3-none-any.whl"]["yanked_reason"] == "broken"


def test_what_a_mirror_lists_and_does_not_have_is_told(command: Command, tmp_path: Path) -> None:
    source = mirror(tmp_path / "mirror")
    next(source.rglob("alpha-1.0*.whl")).unlink()
    code, lines = command("import", str(source))
    assert (code, lines[0]["missing"], lines[-1]["added"]) == (1, ["alpha-1.0-py3-none-any.whl"], 2)


# --- a real devpi ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def devpi_programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install a real devpi; where its index cannot be reached the test skips, except in CI."""
    directory = tmp_path_factory.mktemp("devpi")
    uv = str(Path(sys.executable).with_name("uv"))
    packages = ["devpi-server", "devpi-client", "setuptools<81"]
    variables = {**os.environ, **_ORIGINAL}
    for words in (
        ["venv", "--python", sys.executable, str(directory)],
        ["pip", "install", "--python", str(directory / "bin/python"), *packages],
    ):
        done = subprocess.run(
            [uv, *words], env=variables, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode != 0:
            if os.environ.get("CI") == "true":
                pytest.fail(done.stderr)
            pytest.skip(f"devpi can't be installed: {done.stderr[-200:]}")
    return directory / "bin"


# The tests scrub what reaches the index of this machine; installing a peer needs it back.
_ORIGINAL = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}


@contextmanager
def devpi_server(programs: Path, state: Path) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [programs / "devpi-server", "--serverdir", state, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="devpi's programs lie elsewhere there")
def test_a_really_made_devpi_export_is_taken_whole(
    command: Command, tmp_path: Path, devpi_programs: Path
) -> None:
    state, client, export = tmp_path / "state", str(tmp_path / "client"), tmp_path / "export"
    files = tmp_path / "files"
    files.mkdir()
    made = [
        write_wheel(files, "alpha", "1.0"),
        write_sdist(files, "alpha", "1.0"),
        write_wheel(files, "Beta_pkg", "2.0rc1"),
    ]

    def run(program: str, *words: str) -> None:
        done = subprocess.run(
            [devpi_programs / program, *words], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def devpi(*words: str) -> None:
        run("devpi", words[0], "--clientdir", client, *words[1:])

    run("devpi-init", "--serverdir", str(state), "--no-root-pypi")
    with devpi_server(devpi_programs, state) as address:
        devpi("use", address)
        devpi("login", "root", "--password=")
        devpi("index", "-c", "dev", "bases=")
        devpi("index", "-c", "prod", "bases=root/dev")
        devpi("use", "root/dev")
        devpi("upload", "--from-dir", str(files))
        devpi("push", "alpha==1.0", "root/prod")
    run("devpi-export", "--serverdir", str(state), str(export))
    code, lines = command("import", str(export))
    assert code == 0
    assert lines[0] == {
        "event": "found",
        "source": "devpi",
        "files": 5,
        "with_times": 5,
        "yanked": 0,
        "indexes": ["root/dev", "root/prod"],
        "missing": [],
    }
    found = listed(command, "alpha", "beta-pkg")
    assert {name: line["sha256"] for name, line in found.items()} == {
        each.name: sha256(each) for each in made
    }
    export_data = json.loads((export / "dataindex.json").read_text())
    when = export_data["indexes"]["root/dev"]["files"][0]["log"][0]["when"]
    assert next(iter(found.values()))["upload_time"][:4] == str(when[0])
