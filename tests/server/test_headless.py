"""`cheeseboard serve` as a real server: its unit for systemd, its journal, several addresses, its end."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.builders import write_wheel
from tests.server.client import Client
from tests.server.large import build_large_wheel
from tests.server.waiting import wait_until

from cheeseboard.server.binding import find_free_port

UNIT = Path(__file__).resolve().parents[2] / "packaging/linux/cheeseboard.service"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals, systemd")


@contextmanager
def serving(
    tmp_path: Path, *arguments: str, stderr: int = subprocess.PIPE, **variables: str
) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "cheeseboard", "serve", "--json", "--folder", str(tmp_path / "p"), *arguments],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def ready(process: "subprocess.Popen[str]") -> Mapping[str, str]:
    assert process.stdout is not None
    facts: dict[str, str] = json.loads(process.stdout.readline())
    return facts


def port_of(facts: Mapping[str, str]) -> int:
    match = re.search(r":(\d+)/", facts["url"])
    assert match is not None
    return int(match[1])


def test_the_systemd_unit_is_valid(need_tool: Callable[[str], str], tmp_path: Path) -> None:
    program = need_tool("systemd-analyze")
    here = UNIT.read_text().replace("%h/.local/bin/cheeseboard", sys.executable + " -m cheeseboard")
    unit = tmp_path / "cheeseboard.service"
    unit.write_text(here)
    done = subprocess.run(
        [program, "verify", "--user", str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_of_the_systemd_unit_is_one_of_ours() -> None:
    from cheeseboard import cli

    (line,) = [line for line in UNIT.read_text().splitlines() if line.startswith("ExecStart=")]
    options = cli.parse(line.split()[1:])
    assert (options.command, options.arguments.lan) == ("serve", True)


def test_the_journal_is_given_each_lines_priority(tmp_path: Path) -> None:
    journal, to_journal = os.pipe()
    identity = os.fstat(to_journal)
    variable = f"{identity.st_dev}:{identity.st_ino}"
    with serving(tmp_path, "--port", "0", stderr=to_journal, JOURNAL_STREAM=variable) as process:
        os.close(to_journal)
        stop_after_losing_the_folder(process, tmp_path)
    with os.fdopen(journal) as stream:
        lines = stream.read().splitlines()
    assert lines
    assert all(re.match(r"<[346]>\S", line) for line in lines)


def test_a_terminal_that_merely_descends_from_a_service_gets_no_priorities(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0", JOURNAL_STREAM="8:12345") as process:
        told = stop_after_losing_the_folder(process, tmp_path)
    assert not any(line.startswith("<") for line in told.splitlines())


def stop_after_losing_the_folder(process: "subprocess.Popen[str]", tmp_path: Path) -> str:
    """Give it something to tell, then end it; return what it told."""
    facts = ready(process)
    shutil.rmtree(tmp_path / "p")
    client = Client("127.0.0.1", port_of(facts), Path(facts["ca"]))
    wait_until(lambda: client.get("/simple/").status == 503, 20)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=40)
    assert process.returncode == 0
    return errors or ""


def test_a_closed_terminal_ends_it_as_ctrl_c_does(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0") as process:
        ready(process)
        process.send_signal(signal.SIGHUP)
        assert process.communicate(timeout=40)[1] == ""
        assert process.returncode == 0


def test_an_ipv6_address_is_served_with_a_url_that_works(tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "::1", "--port", "0") as process:
        facts = ready(process)
        assert facts["url"].startswith("https://[::1]:")
        assert Client("::1", port_of(facts), Path(facts["ca"])).get("/simple/").status == 200
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=40)[1] == ""


def test_several_addresses_are_served_at_once_and_no_other(tmp_path: Path) -> None:
    with serving(tmp_path, "--host", "127.0.0.2", "--host", "::1", "--port", "0") as process:
        facts = ready(process)
        assert facts["url"].startswith("https://127.0.0.2:")
        for host in ("127.0.0.2", "::1"):
            assert Client(host, port_of(facts), Path(facts["ca"])).get("/simple/").status == 200
        with pytest.raises(ConnectionRefusedError):
            Client("127.0.0.1", port_of(facts), Path(facts["ca"])).get("/simple/")
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=40)[1] == ""


def test_a_download_in_flight_survives_sigterm(tmp_path: Path) -> None:
    content = build_large_wheel(30)
    (tmp_path / "p").mkdir()
    (tmp_path / "p/acme_large-1.0-py3-none-any.whl").write_bytes(content)
    with serving(tmp_path, "--port", "0") as process:
        facts = ready(process)
        client = Client("127.0.0.1", port_of(facts), Path(facts["ca"]))
        wait_until(lambda: client.get("/simple/acme-large/").status == 200, 20)
        connection = client.connect()
        connection.request("GET", "/simple/acme-large/acme_large-1.0-py3-none-any.whl")
        response = connection.getresponse()
        received = response.read(1_000_000)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: not answers(client))
        assert received + response.read() == content
        connection.close()
        assert process.communicate(timeout=40)[1] == ""
        assert process.returncode == 0


def answers(client: Client) -> bool:
    try:
        return client.get("/health").status == 200
    except OSError:
        return False


def test_a_script_learns_where_twine_shows_the_reason(tmp_path: Path) -> None:
    with serving(tmp_path, "--port", "0") as process:
        facts = ready(process)
        assert facts["upload_url"] == f"https://127.0.0.1:{port_of(facts)}/legacy/"
        match = re.fullmatch(r"https://127\.0\.0\.1:(\d+)/legacy/", facts["twine_url"])
        assert match is not None
        assert Client("127.0.0.1", int(match[1]), Path(facts["ca"])).get("/health").status == 200
        process.terminate()
        assert process.wait(40) == 0


def test_the_port_for_uploads_is_chosen_and_kept_or_done_without(tmp_path: Path) -> None:
    chosen = find_free_port(["127.0.0.1", "::1"], 23_000)
    assert chosen is not None
    for arguments, url in (
        (["--port", "0", "--upload-port", str(chosen)], f"https://127.0.0.1:{chosen}/legacy/"),
        ([], f"https://127.0.0.1:{chosen}/legacy/"),
        (["--upload-port", "none"], None),
        ([], None),
    ):
        with serving(tmp_path, *arguments) as process:
            assert ready(process)["twine_url"] == url
            process.terminate()
            assert process.wait(40) == 0


@pytest.mark.parametrize("port", ["0", "65536", "-1", "some"])
def test_what_is_no_port_for_uploads_is_refused(tmp_path: Path, port: str) -> None:
    with serving(tmp_path, f"--upload-port={port}") as process:
        _, said = process.communicate(timeout=20)
        assert process.returncode == 2
        assert "is no port" in said


def test_who_asks_for_what_is_told_as_it_happens(tmp_path: Path) -> None:
    project = tmp_path / "p" / "acme-core"
    project.mkdir(parents=True)
    wheel = write_wheel(project)
    with serving(tmp_path, "--port", "0", "--requests") as process:
        facts = ready(process)
        client = Client("127.0.0.1", port_of(facts), Path(facts["ca"]))
        wait_until(lambda: client.get(f"/simple/acme-core/{wheel.name}").status == 200, 20)
        assert client.get("/simple/none/").status == 404
        assert process.stdout is not None
        told: list[dict[str, object]] = []
        while not told or told[-1].get("name") != "none":
            told.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=40)
    downloads = [line for line in told if line["event"] == "download"]
    assert [(line["address"], line["file"]) for line in downloads] == [("127.0.0.1", wheel.name)]
    assert (told[-1]["event"], told[-1]["answered"], told[-1]["count"]) == ("request", "not-here", 1)
