"""Any static web server with a directory listing serves the managed folder too."""

import getpass
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.builders import installable_sdist, sdist_filename, write_wheel
from tests.server.waiting import wait_until

from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.service import Service

NGINX = """
daemon off; pid {work}/nginx.pid; error_log {work}/error.log; {user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    server {{ listen 127.0.0.1:{port}; location / {{ root {folder}; autoindex on; }} }}
}}
"""


@pytest.fixture
def folder(tmp_path: Path, own_home: Path) -> Path:
    """Return a managed folder, filled by the service and closed again."""
    service = Service(find_locations(os.environ), os.environ, folder=tmp_path / "packages")
    service.open()
    sdist = tmp_path / sdist_filename("acme-built", "1.0")
    sdist.write_bytes(installable_sdist("acme-built", "1.0"))
    wheels = [
        write_wheel(tmp_path, "acme-core", "1.0"),
        write_wheel(tmp_path, "acme-core", "1.1", requires_dist=["acme-util"]),
        write_wheel(tmp_path, "Acme.Util", "2.0+local.1"),
    ]
    batch = service.add([sdist, *wheels], Way.DROP)
    assert len(batch.accepted) == 4
    service.close()
    assert (tmp_path / "packages/.cheeseboard/catalog.sqlite3").is_file()
    return tmp_path / "packages"


@pytest.fixture
def url(
    request: pytest.FixtureRequest,
    folder: Path,
    tmp_path: Path,
    need_tool: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    port = free_port()
    monkeypatch.setenv("PATH", "/usr/sbin", prepend=os.pathsep)  # where Debian puts nginx
    if request.param == "nginx":
        command = nginx_command(folder, tmp_path / "nginx", port, need_tool)
    elif request.param == "twistd":
        where = [f"--listen=tcp:{port}:interface=127.0.0.1", f"--path={folder}"]
        command = [sys.executable, "-m", "twisted", "web", *where]
    else:
        options = ["--bind", "127.0.0.1", "--directory", str(folder), str(port)]
        command = [sys.executable, "-m", "http.server", *options]
    with running(command, port):
        yield f"http://127.0.0.1:{port}/"


def nginx_command(folder: Path, work: Path, port: int, need_tool: Callable[[str], str]) -> list[str]:
    work.mkdir()
    # Started by root it would become somebody who may not read the folder.
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    (work / "nginx.conf").write_text(NGINX.format(work=work, folder=folder, port=port, user=user))
    return [
        need_tool("nginx"),
        "-p",
        str(work),
        "-e",
        str(work / "error.log"),
        "-c",
        str(work / "nginx.conf"),
    ]


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: answers(port))
            yield
        finally:
            process.terminate()
            process.wait(20)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


# twistd calls a .tar.gz a tar in Content-Encoding gzip; pip knows that habit, uv undoes the encoding.
@pytest.mark.parametrize(
    ("url", "installer", "projects"),
    [
        ("nginx", "pip", ["acme-core", "acme-built"]),
        ("nginx", "uv", ["acme-core", "acme-built"]),
        ("http.server", "pip", ["acme-core", "acme-built"]),
        ("http.server", "uv", ["acme-core", "acme-built"]),
        ("twistd", "pip", ["acme-core", "acme-built"]),
        ("twistd", "uv", ["acme-core"]),
    ],
    indirect=["url"],
)
def test_an_installer_takes_wheels_and_an_sdist_from_a_static_server(
    url: str, installer: str, projects: list[str], tmp_path: Path, environment: dict[str, str]
) -> None:
    target = tmp_path / "target"
    python, uv = sys.executable, str(Path(sys.executable).with_name("uv"))
    command = {
        "pip": [python, "-m", "pip", "install", "--retries", "0", "--index-url", url],
        "uv": [uv, "pip", "install", "--no-config", "--python", python, "--default-index", url],
    }[installer]
    done = subprocess.run(
        [*command, "--target", str(target), *projects],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    expected = {"acme_core-1.1.dist-info", "acme_util-2.0+local.1.dist-info"}
    if "acme-built" in projects:
        expected.add("acme_built-1.0.dist-info")
    assert {path.name for path in target.glob("*.dist-info")} == expected
