"""The join script's files: read and replaced whole, several at once, on a computer that has only Python.

join.py sends this file to Python 3.8 and newer: standard library only.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FACTS: dict[str, str] = {}
CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s.+?-----END CERTIFICATE-----", re.DOTALL)
# Debian, Arch and Alpine; Fedora; openSUSE; macOS and FreeBSD.
SYSTEM_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class Refused(Exception):
    """Nothing is written, and why."""


@dataclass(frozen=True, slots=True)
class Step:
    """One tool's configuration: without us, and as it shall be.

    Attributes:
        tool: "pip" or "uv".
        label: The tool for people, with its version.
        command: How to run it.
        path: The file.
        before: Its bytes without us; None when there would be no file.
        after: Its bytes with us.
        made: The directories that have to be made for it, the outermost first.
        bundle: The file of certificates that it needs; None when the system trusts us.
        certificates: What shall be in that file.
        notes: What the user should know or do, a sentence each.
    """

    tool: str
    label: str
    command: tuple[str, ...]
    path: Path
    before: bytes | None
    after: bytes
    made: tuple[Path, ...]
    bundle: Path | None
    certificates: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What an earlier line wrote: one file.

    Attributes:
        tool: "pip" or "uv".
        url: Our address in it.
        before: The bytes without us; None when there was no file.
        after: The bytes with us.
        made: The directories that were made for it, the outermost first.
    """

    tool: str
    path: Path
    url: str
    before: bytes | None
    after: bytes
    made: tuple[Path, ...]


def say(text: str, *, error: bool = False) -> None:
    """Print for people, whatever their terminal can show."""
    stream = sys.stderr if error else sys.stdout
    stream.write(text.encode(stream.encoding or "ascii", "replace").decode(stream.encoding or "ascii") + "\n")
    stream.flush()


def run(command: Sequence[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a tool in this user's environment, with some variables besides."""
    try:
        return subprocess.run(
            list(command),
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(list(command), 127, "", str(error))


# --- certificates ------------------------------------------------------------------------------------


def bundle_of(sources: Sequence[bytes]) -> bytes:
    """Return the certificates of several texts, each once, and our authority's behind them."""
    blocks = [block for source in sources for block in CERTIFICATE.findall(source)]
    blocks += CERTIFICATE.findall(FACTS["ca"].encode())
    return b"".join(block.replace(b"\r\n", b"\n") + b"\n" for block in dict.fromkeys(blocks))


def public_certificates(shipped: str) -> list[bytes]:
    """Return the public authorities: those that pip comes with, and the system's.

    Args:
        shipped: pip's own file; empty when there is none.
    """
    found = [read(Path(place)) or b"" for place in (shipped, *SYSTEM_STORES) if place]
    # Windows has no such file, but its store can be read.
    loaded = ssl.create_default_context().get_ca_certs(binary_form=True)
    return [*found, *(ssl.DER_cert_to_PEM_cert(certificate).encode() for certificate in loaded)]


# --- files -------------------------------------------------------------------------------------------


def keep_directory() -> Path:
    """Return where certificates, this script and the undo record are kept, one directory a repository."""
    home = Path.home()
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "cheeseboard-joined" / FACTS["sha256"][:16]


def read(path: Path) -> bytes | None:
    """Return a file's bytes; None when there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from error


def write_together(files: Sequence[tuple[Path, bytes]]) -> None:
    """Replace files whole, all of them or none: each is on the disk before the first takes its place.

    A symlink stays, an existing file keeps its mode, and missing directories are made.

    Raises:
        OSError: A file can't be written; all are as they were.
    """
    made: list[Path] = []
    staged: list[tuple[Path, Path]] = []
    try:
        for path, content in files:
            target = path.resolve()
            made += missing(target.parent)
            staged.append((_stage(path, target, content), target))
        for temporary, target in staged:
            temporary.replace(target)
    except OSError:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink()
        remove_empty(made)
        raise


def _stage(path: Path, target: Path, content: bytes) -> Path:
    """Write a file's new bytes beside it; return where."""
    if target.exists() and not (os.access(str(target), os.W_OK) and target.stat().st_mode & 0o222):
        raise PermissionError(13, "it is read-only", str(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name("." + target.name + "." + secrets.token_hex(8))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(str(temporary), flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(str(target), str(temporary))
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise OSError(error.errno or 0, error.strerror or str(error), str(path)) from error
    return temporary


def remove(path: Path, made: Sequence[Path]) -> None:
    """Remove a file, and the directories made for it."""
    with contextlib.suppress(FileNotFoundError):
        path.resolve().unlink()
    remove_empty(made)


def missing(directory: Path) -> list[Path]:
    """Return the directories that do not exist yet, the outermost first."""
    found: list[Path] = []
    while not directory.exists():
        found.insert(0, directory)
        directory = directory.parent
    return found


def remove_empty(directories: Sequence[Path]) -> None:
    """Remove directories, the innermost first, up to the first that holds something."""
    with contextlib.suppress(OSError):
        for directory in reversed(directories):
            directory.rmdir()


def decoded(content: bytes | None) -> str:
    """Return text from which every byte comes back."""
    return (content or b"").decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """Return the bytes of :func:`decoded`'s text."""
    return text.encode("utf-8", "surrogateescape")


def quoted(path: str) -> str:
    """Return a path as one word for sh, PowerShell and cmd alike."""
    return f'"{path}"' if " " in path else path
