"""Real installers and uploaders, told of a repository by *use*, find the owner's token where we put it."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.builders import write_wheel
from tests.clients.conftest import Run

from cheeseboard.cli.installers import upload_line
from cheeseboard.clients.plan import Mode, Plan
from cheeseboard.clients.proof import Cause
from cheeseboard.server.access.tokens import Reading, TokenScope
from cheeseboard.service import Service


def use(service: Service, tool: str, mode: Mode = Mode.EXTRA) -> Plan:
    plan = service.clients.plan_use(tool, mode=mode)
    service.clients.apply(plan)
    return plan


def upload_url(service: Service) -> str:
    return service.sharing.place.url.removesuffix("simple/") + "legacy/"


def pip_install(service: Service, run: Run, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    (wheel,) = (tmp_path / "packages" / "acme-core").glob("*.whl")
    digest = sha256(wheel.read_bytes()).hexdigest()
    (tmp_path / "wanted.txt").write_text(f"acme-core==1.0 --hash=sha256:{digest}\n")
    command = ["pip", "install", "-v", "--no-input", "--no-cache-dir", "--target", str(tmp_path / "target")]
    return run(*command, "--require-hashes", "-r", "wanted.txt")


def test_pip_installs_from_a_private_repository_by_what_use_wrote(
    service: Service, run: Run, tmp_path: Path, own_home: Path
) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, "pip", Mode.ONLY)
    done = pip_install(service, run, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "target" / "acme_core-1.0.dist-info").exists()
    assert service.clients.prove("pip")[0].cause is None
    service.sharing.stop_serving()
    log = (own_home / "cheeseboard" / "state" / "logs" / "access.log").read_text()
    asked = [line.split() for line in log.splitlines() if "/simple/acme-core/" in line]
    assert {line[2] for line in asked} == {"owner"}
    assert any(line[6].endswith(".whl") for line in asked)


def test_pip_without_a_token_is_turned_away_and_the_proof_says_why(
    service: Service, run: Run, tmp_path: Path
) -> None:
    use(service, "pip", Mode.ONLY)
    service.access.set_reading(Reading.TOKEN)
    assert pip_install(service, run, tmp_path).returncode != 0
    (proof,) = service.clients.prove("pip")
    assert proof.cause is Cause.NOT_AUTHORIZED
    assert "cheeseboard use pip" in proof.action


def test_uv_installs_from_a_private_repository_by_the_same_netrc(
    service: Service, run: Run, tmp_path: Path, own_home: Path
) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, "uv", Mode.ONLY)
    assert (own_home / ".netrc").exists()
    trust = {"SSL_CERT_FILE": str(service.trust.ca_path)}
    command = (
        "uv",
        "pip",
        "install",
        "--no-cache",
        "-p",
        sys.executable,
        "--target",
        str(tmp_path / "target"),
    )
    done = run(*command, "acme-core", **trust)
    assert done.returncode == 0, done.stderr
    service.clients.unuse("uv")
    done = run(*command, "--reinstall", "--default-index", service.sharing.place.url, "acme-core", **trust)
    assert done.returncode != 0
    assert "401" in done.stderr


def test_netrcs_token_reads_and_does_not_publish(service: Service, run: Run, tmp_path: Path) -> None:
    service.access.set_reading(Reading.TOKEN)
    use(service, "pip")
    wheel = write_wheel(tmp_path, "acme-tool", "1.0")
    trust = {"SSL_CERT_FILE": str(service.trust.ca_path)}
    done = run("uv", "publish", "--publish-url", upload_url(service), str(wheel), **trust)
    assert done.returncode != 0
    assert "403" in done.stderr
    assert "reading only" in done.stderr


def test_twine_publishes_by_the_repositorys_name_and_no_more_after_undo(
    service: Service, run: Run, tmp_path: Path, own_home: Path
) -> None:
    wheel = write_wheel(tmp_path, "acme-tool", "1.0")
    command = ("twine", "upload", "--non-interactive", "-r", "cheeseboard", str(wheel))
    use(service, "twine")
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "acme-tool" in service.snapshot.projects
    assert (own_home / ".pypirc").stat().st_mode & 0o077 == 0
    service.clients.unuse("twine")
    assert run(*command).returncode != 0


def test_uv_publishes_with_what_use_wrote_and_not_without(service: Service, run: Run, tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, "acme-tool", "1.0")
    trust = {"SSL_CERT_FILE": str(service.trust.ca_path)}
    command = ("uv", "publish", "--publish-url", upload_url(service), str(wheel))
    assert run(*command, **trust).returncode != 0
    use(service, "uv-publish")
    done = run(*command, **trust)
    assert done.returncode == 0, done.stderr
    assert "acme-tool" in service.snapshot.projects


def test_the_line_that_use_prints_publishes_as_it_stands(service: Service, run: Run, tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    write_wheel(tmp_path / "dist", "acme-tool", "1.0")
    done = run("/bin/sh", "-c", upload_line(use(service, "uv-publish")))
    assert done.returncode == 0, done.stderr
    assert "acme-tool" in service.snapshot.projects


def test_a_new_owners_token_locks_the_old_one_out_until_use_writes_it(
    service: Service, run: Run, tmp_path: Path
) -> None:
    wheel = write_wheel(tmp_path, "acme-tool", "1.0")
    command = ("twine", "upload", "--non-interactive", "-r", "cheeseboard", str(wheel))
    use(service, "twine")
    service.access.revoke("owner")
    assert run(*command).returncode != 0
    use(service, "twine")
    assert run(*command).returncode == 0


def test_no_file_of_ours_but_the_owners_holds_a_token_that_was_made(
    service: Service, own_home: Path, tmp_path: Path
) -> None:
    secret = service.access.create("ci", scope=TokenScope.PUBLISH).secret
    for path in (*own_home.rglob("*"), *tmp_path.rglob("*")):
        if path.is_file() and not path.is_symlink():
            assert secret.encode() not in path.read_bytes(), path
