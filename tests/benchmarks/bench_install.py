"""A real `uv pip install` of 60 packages, cold cache: from us, and from nginx over the same files and pages.

Run it with ``python -m tests.benchmarks.bench_install``.
"""

import argparse
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.benchmarks.bench_peers import cheeseboard
from tests.benchmarks.bench_server import free_port, wait_for
from tests.builders import build_wheel, wheel_filename
from tests.server.authority import make_authority
from tests.server.waiting import wait_until

COUNT = 60
NAMES = [f"project-{number}" for number in range(COUNT)]


def make_files(directory: Path) -> Path:
    """Write a wheel of 50 kB for each of the projects."""
    directory.mkdir()
    for name in NAMES:
        content = build_wheel(name, modules={"module.bin": os.urandom(49_000)})
        (directory / wheel_filename(name, "1.0")).write_bytes(content)
    return directory


def copy_site(url: str, context: ssl.SSLContext, files: Path, www: Path) -> None:
    """Write what our server answers as files for nginx: pages, metadata, wheels."""
    for name in NAMES:
        directory = www / "simple" / name
        directory.mkdir(parents=True)
        wheel = wheel_filename(name, "1.0")
        for source, target in (
            (f"{name}/?format=text/html", "index.html"),
            (f"{name}/{wheel}.metadata",) * 2,
        ):
            with urllib.request.urlopen(url + source, context=context, timeout=10) as response:
                (directory / Path(target).name).write_bytes(response.read())
        (directory / wheel).symlink_to(files / wheel)


def seconds_to_install(url: str, ca: Path, work: Path) -> float:
    """Return how long uv takes."""
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "pip", "install", "--no-config", "--python", sys.executable, "--default-index", url]
    with tempfile.TemporaryDirectory(dir=work) as fresh:
        began = time.monotonic()
        subprocess.run(
            [*command, "--cache-dir", f"{fresh}/cache", "--target", f"{fresh}/target", *NAMES],
            env={**os.environ, "SSL_CERT_FILE": str(ca)},
            capture_output=True,
            timeout=120,
            check=True,
        )
        return time.monotonic() - began


def nginx_command(work: Path, port: int) -> list[str]:
    """Return the command of an nginx with one worker over ``work/www``."""
    configuration = work / "nginx.conf"
    configuration.write_text(
        f"""daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx.log;
        user {"root" if os.geteuid() == 0 else "nobody"};
        events {{ worker_connections 1024; }}
        http {{
            access_log {work}/nginx-access.log; sendfile on; types {{ text/html html; }}
            server {{
                listen 127.0.0.1:{port} ssl; root {work}/www;
                ssl_certificate {work}/leaf.pem; ssl_certificate_key {work}/leaf.key;
                ssl_protocols TLSv1.2 TLSv1.3;
            }}
        }}"""
    )
    return ["/usr/sbin/nginx", "-c", str(configuration), "-p", str(work)]


def run(rounds: int) -> None:
    """Measure in turn, and print medians."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        files = make_files(work / "files")
        authority = make_authority(work)
        authority.issue()
        port = free_port()
        with cheeseboard(files, work, work) as running:
            url = running.page.removesuffix("sixty/")
            our_ca = next((work / "home").rglob("authority.pem"))
            context = ssl.create_default_context(cafile=our_ca)
            wait_until(lambda: all((work / "packages" / name).is_dir() for name in NAMES))
            copy_site(url, context, files, work / "www")
            with subprocess.Popen(nginx_command(work, port)) as nginx:
                wait_for(port)
                ours, theirs = [], []
                for _ in range(rounds):
                    ours.append(seconds_to_install(url, our_ca, work))
                    theirs.append(seconds_to_install(f"https://127.0.0.1:{port}/simple/", authority.ca, work))
                nginx.terminate()
        mine, other = statistics.median(ours), statistics.median(theirs)
        sys.stdout.write(f"cheeseboard {mine:.3f} s   nginx {other:.3f} s   ratio {mine / other:.2f}\n")


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    run(parser.parse_args().rounds)


if __name__ == "__main__":
    main()
