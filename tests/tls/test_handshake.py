"""Real clients against real handshakes: who accepts our leaves, and that nobody accepts a forged one."""

import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cheeseboard.tls.authority import CERTIFICATE, KEY, Authority, open_authority
from cheeseboard.tls.certificate import Address, make_leaf_certificate

Serve = Callable[[Path, Path], int]
LOOPBACK = ip_address("127.0.0.1")

CLIENT = """
import socket, ssl, sys
ca, host, port, strict = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "strict"
context = ssl.create_default_context(cafile=ca)
if strict:
    context.verify_flags |= ssl.VERIFY_X509_STRICT
with socket.create_connection(("127.0.0.1", port), 10) as raw:
    with context.wrap_socket(raw, server_hostname=host) as secure:
        print(secure.version())
"""


def pythons() -> list[str]:
    """Return the tests' own Python and, where present, others with another OpenSSL and other defaults."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [root / version / "bin" / "python" for version in ("3.8.18", "3.13.0")]
    return [sys.executable, *(str(path) for path in found if path.exists())]


def forge(
    authority: Authority, directory: Path, names: list[str], addresses: list[Address], now: datetime
) -> tuple[Path, Path]:
    """Sign what the authority itself refuses to sign, as a thief of its key would."""
    home = authority.certificate_path.parent
    ca = x509.load_pem_x509_certificate((home / CERTIFICATE).read_bytes())
    ca_key = serialization.load_pem_private_key((home / KEY).read_bytes(), None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = make_leaf_certificate(
        key, authority=ca, authority_key=ca_key, names=names, addresses=addresses, now=now
    )
    certificate, key_path = directory / "forged.pem", directory / "forged.key"
    certificate.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key_path


def handshake(
    python: str, ca: Path, host: str, port: int, strictness: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "-c", CLIENT, str(ca), host, str(port), strictness],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("strictness", ["strict", "lenient"])
@pytest.mark.parametrize("python", pythons())
def test_python_verifies_every_name_and_address_of_a_leaf(
    python: str, strictness: str, authority: Authority, serve: Serve, now: datetime
) -> None:
    leaf = authority.leaf(["ada-laptop", "localhost"], [LOOPBACK], now=now)
    port = serve(leaf.certificate_path, leaf.key_path)
    for host in ("ada-laptop", "127.0.0.1"):
        answer = handshake(python, authority.certificate_path, host, port, strictness)
        assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("strictness", ["strict", "lenient"])
@pytest.mark.parametrize("python", pythons())
def test_python_rejects_a_forged_public_name(
    python: str, strictness: str, authority: Authority, serve: Serve, now: datetime, tmp_path: Path
) -> None:
    port = serve(*forge(authority, tmp_path, ["www.example.com"], [], now))
    answer = handshake(python, authority.certificate_path, "www.example.com", port, strictness)
    assert answer.returncode != 0
    assert "permitted subtree violation" in answer.stderr


@pytest.mark.parametrize("strictness", ["strict", "lenient"])
@pytest.mark.parametrize("python", pythons())
def test_python_rejects_a_forged_public_address(
    python: str, strictness: str, authority: Authority, now: datetime, serve: Serve, tmp_path: Path
) -> None:
    port = serve(*forge(authority, tmp_path, ["localhost"], [ip_address("8.8.8.8")], now))
    answer = handshake(python, authority.certificate_path, "localhost", port, strictness)
    assert "permitted subtree violation" in answer.stderr


def test_curl_accepts_a_leaf(
    authority: Authority, serve: Serve, now: datetime, need_tool: Callable[[str], str]
) -> None:
    leaf = authority.leaf(["localhost"], [LOOPBACK], now=now)
    port = serve(leaf.certificate_path, leaf.key_path)
    for host in ("localhost", "127.0.0.1"):
        url = f"https://{host}:{port}/"
        arguments = [
            need_tool("curl"),
            "-4sS",
            "--noproxy",
            "*",
            "--cacert",
            str(authority.certificate_path),
            url,
        ]
        answer = subprocess.run(arguments, capture_output=True, timeout=60, check=False)
        assert answer.stdout == b"hello", answer.stderr


def test_curl_rejects_a_forged_leaf(
    authority: Authority, serve: Serve, now: datetime, tmp_path: Path, need_tool: Callable[[str], str]
) -> None:
    port = serve(*forge(authority, tmp_path, ["localhost", "www.example.com"], [], now))
    arguments = [need_tool("curl"), "-4sS", "--noproxy", "*", "--cacert", str(authority.certificate_path)]
    answer = subprocess.run(
        [*arguments, f"https://localhost:{port}/"], capture_output=True, timeout=60, check=False
    )
    assert answer.returncode == 60  # the peer's certificate can't be authenticated


def test_the_authority_itself_is_no_servers_certificate(
    authority: Authority, serve: Serve, now: datetime
) -> None:
    port = serve(authority.certificate_path, authority.certificate_path.parent / KEY)
    answer = handshake(sys.executable, authority.certificate_path, "localhost", port, "strict")
    assert answer.returncode != 0


def test_a_leaf_of_another_authority_is_rejected(
    authority: Authority, serve: Serve, now: datetime, tmp_path: Path
) -> None:
    other = open_authority(tmp_path / "other", now=now, host_names=["ada-laptop"])
    leaf = other.leaf(["localhost"], [], now=now)
    port = serve(leaf.certificate_path, leaf.key_path)
    context = ssl.create_default_context(cafile=str(authority.certificate_path))
    with (
        socket.create_connection(("127.0.0.1", port), 10) as raw,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(raw, server_hostname="localhost")


# --- installers --------------------------------------------------------------------------------------


def pips() -> list[str]:
    """Return the Pythons whose pips are tried: each came with another one."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    return [
        str(path) for path in sorted(root.glob("3.*/bin/python")) if not re.search(r"/3\.[67]\.", str(path))
    ]


def ask_pip(python: str, ca: Path, port: int) -> str:
    """Return what pip says when it asks for a project."""
    words = ["download", "-vv", "--no-cache-dir", "--retries", "0", "--index-url"]
    environ = {name: value for name, value in os.environ.items() if name != "PYENV_VERSION"}
    return subprocess.run(
        [python, "-m", "pip", *words, f"https://localhost:{port}/simple/", "--cert", str(ca), "acme"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**environ, "PIP_CONFIG_FILE": os.devnull},
        check=False,
    ).stdout


@pytest.fixture(scope="session")
def programs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment with one installer in it."""
    directory = tmp_path_factory.mktemp("installer") / "environment"
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "-q", "-p", sys.executable, str(directory)], check=True)
    python = str(directory / "bin" / "python")
    subprocess.run([uv, "pip", "install", "-q", "-U", "-p", python, request.param], check=True)
    return directory / "bin"


def ask_uv(ca: Path, port: int, directory: Path, program: Path | None = None) -> str:
    """Return what uv says when it asks for a project."""
    (directory / "requirements.in").write_text("acme\n")
    words = [
        "pip",
        "compile",
        "-v",
        "--no-cache",
        "--no-config",
        "--python",
        sys.executable,
        "--default-index",
    ]
    return subprocess.run(
        [
            str(program or Path(sys.executable).with_name("uv")),
            *words,
            f"https://localhost:{port}/simple/",
            "requirements.in",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=directory,
        env={**os.environ, "SSL_CERT_FILE": str(ca), "UV_HTTP_RETRIES": "0"},
        check=False,
    ).stderr


FORGED = ["localhost", "packages.example.org"]


@pytest.mark.parametrize(
    "python", [sys.executable, *(pytest.param(path, marks=pytest.mark.full) for path in pips())]
)
def test_pip_accepts_a_leaf_and_rejects_one_that_is_also_for_a_public_name(
    authority: Authority, serve: Serve, now: datetime, tmp_path: Path, python: str
) -> None:
    leaf = authority.leaf(["localhost"], [], now=now)
    said = ask_pip(python, authority.certificate_path, serve(leaf.certificate_path, leaf.key_path))
    assert '"GET /simple/acme/ HTTP/1.1" 200' in said, said
    port = serve(*forge(authority, tmp_path, FORGED, [LOOPBACK], now))
    assert "permitted subtree violation" in ask_pip(python, authority.certificate_path, port)


def test_uv_accepts_a_leaf_and_rejects_one_that_is_also_for_a_public_name(
    authority: Authority, serve: Serve, now: datetime, tmp_path: Path
) -> None:
    leaf = authority.leaf(["localhost"], [], now=now)
    port = serve(leaf.certificate_path, leaf.key_path)
    assert "certificate" not in ask_uv(authority.certificate_path, port, tmp_path)
    port = serve(*forge(authority, tmp_path, FORGED, [LOOPBACK], now))
    assert "NameConstraintViolation" in ask_uv(authority.certificate_path, port, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("programs", ["uv==0.5.0", "uv==0.8.0", "uv==0.11.0"], indirect=True)
def test_older_uvs_do_so_too(
    authority: Authority, serve: Serve, now: datetime, tmp_path: Path, programs: Path
) -> None:
    leaf = authority.leaf(["localhost"], [], now=now)
    port = serve(leaf.certificate_path, leaf.key_path)
    assert "certificate" not in ask_uv(authority.certificate_path, port, tmp_path, programs / "uv")
    port = serve(*forge(authority, tmp_path, FORGED, [LOOPBACK], now))
    said = ask_uv(authority.certificate_path, port, tmp_path, programs / "uv")
    assert "NameConstraintViolation" in said or "UnsupportedNameType" in said, said


@pytest.mark.full
@pytest.mark.parametrize("programs", ["pip==23.2", "pip>=26"], indirect=True)
def test_pip_23_and_26_do_so_too(
    authority: Authority, serve: Serve, now: datetime, tmp_path: Path, programs: Path
) -> None:
    python = str(programs / "python")
    leaf = authority.leaf(["localhost"], [], now=now)
    said = ask_pip(python, authority.certificate_path, serve(leaf.certificate_path, leaf.key_path))
    assert '"GET /simple/acme/ HTTP/1.1" 200' in said, said
    port = serve(*forge(authority, tmp_path, FORGED, [LOOPBACK], now))
    assert "permitted subtree violation" in ask_pip(python, authority.certificate_path, port)
