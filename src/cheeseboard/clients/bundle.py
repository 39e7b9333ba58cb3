"""The certificates that an installer is told to trust: those it trusted before, and our authority.

An installer that is given a bundle may forget the public authorities (pip before 24.2 does), so
they come first; a file that the user had named before takes their place.
"""

import contextlib
import re
from collections.abc import Sequence
from pathlib import Path

import certifi

from cheeseboard.clients.atomic_file import read_bytes

_CERTIFICATE = re.compile(
    rb"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----\s.+?-----END (?:X509 |TRUSTED )?CERTIFICATE-----",
    re.DOTALL,
)
# The distributions' own pips trust the system's store, which may hold a company's authority.
_SYSTEM_STORES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian, Arch, Alpine
    Path("/etc/pki/tls/certs/ca-bundle.crt"),  # Fedora
    Path("/etc/ssl/ca-bundle.pem"),  # openSUSE
)


class UnusableBundle(OSError):
    """A file of certificates that was named before cannot be read, or holds none."""


def certificates_in(content: bytes) -> list[bytes]:
    """Return the PEM blocks of all certificates, with newlines as line ends."""
    return [block.replace(b"\r\n", b"\n") for block in _CERTIFICATE.findall(content)]


def make_bundle(bases: Sequence[Path], ca_pem: bytes, *, public: bool) -> bytes:
    """Return the bytes of a bundle.

    Args:
        bases: Files or directories of certificates to keep.
        ca_pem: Our authority, PEM.
        public: Whether the public authorities come with them.

    Raises:
        UnusableBundle: A base cannot be read or holds no certificate.
    """
    trusted: dict[bytes, None] = {}
    for base in bases:
        found = _certificates_at(base)
        if not found:
            raise UnusableBundle(0, "it holds no certificate", str(base))
        trusted.update(dict.fromkeys(found))
    if public:
        trusted.update(dict.fromkeys(certificates_in(certifi.contents().encode())))
        for store in _SYSTEM_STORES:
            with contextlib.suppress(UnusableBundle):
                trusted.update(dict.fromkeys(_certificates_at(store)))
    trusted.update(dict.fromkeys(certificates_in(ca_pem)))
    return b"".join(block + b"\n" for block in trusted)


def trusts(path: Path, ca_pem: bytes) -> bool:
    """Return whether the file or directory of certificates has our authority in it already."""
    try:
        return set(certificates_in(ca_pem)) <= set(_certificates_at(path))
    except UnusableBundle:
        return False


def system_trusts(ca_pem: bytes) -> bool:
    """Return whether the system's store has our authority; False where that is no file (macOS, Windows)."""
    return any(trusts(store, ca_pem) for store in _SYSTEM_STORES)


def _certificates_at(path: Path) -> list[bytes]:
    try:
        if path.is_dir():  # as made by OpenSSL's c_rehash
            files = sorted(file for file in path.iterdir() if file.is_file())
            return [block for file in files for block in certificates_in(read_bytes(file) or b"")]
        content = read_bytes(path)
    except OSError as error:
        raise UnusableBundle(0, (error.strerror or "it can't be read").lower(), str(path)) from error
    if content is None:
        raise UnusableBundle(0, "it does not exist", str(path))
    return certificates_in(content)
