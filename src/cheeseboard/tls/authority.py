"""This computer's certificate authority and the server's leaf, on disk: made once, checked on every load."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from filelock import FileLock, Timeout

from cheeseboard.errors import CertificateError, Sentence
from cheeseboard.private_file import private_directory, read_private, write_private
from cheeseboard.tls.certificate import (
    Address,
    Constraints,
    alternative_names,
    local_constraints,
    make_authority_certificate,
    make_leaf_certificate,
    normalize_name,
    plain_address,
    read_constraints,
    renewal_time,
)

CERTIFICATE = "authority.pem"
KEY = "authority.key"
_LOCK = ".lock"
_LOCK_SECONDS = 30.0
# A laptop that commutes finds the leaf of each place again.
_LEAVES_KEPT = 8


@dataclass(frozen=True, slots=True)
class Leaf:
    """A server's certificate and key on disk.

    Attributes:
        certificate_path: The chain, PEM: the leaf, then the authority.
        key_path: The key, PEM, 0600.
        names: DNS names that it is for.
        addresses: IP addresses that it is for.
        not_after: When it ends.
        renew_at: When to ask for a new one: a third of its life before it ends.
        left_out: Names and addresses asked for that this authority may not sign: clients would
            reject them, so serve without.
    """

    certificate_path: Path
    key_path: Path
    names: tuple[str, ...]
    addresses: tuple[Address, ...]
    not_after: datetime
    renew_at: datetime
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """A loaded and checked authority.

    Attributes:
        certificate_pem: Its certificate, for whoever shall trust it.
        certificate_path: Where that certificate lies.
        sha256: The certificate's fingerprint, lowercase hex of the DER.
        not_after: When it ends.
        constraints: What it may sign for.
    """

    certificate_pem: bytes
    certificate_path: Path
    sha256: str
    not_after: datetime
    constraints: Constraints
    _certificate: x509.Certificate = field(repr=False)
    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    def leaf(self, names: Sequence[str], addresses: Sequence[Address], *, now: datetime) -> Leaf:
        """Return a leaf for the names and addresses: a young one on disk that covers them, else a new one.

        Args:
            names: DNS names; what is no DNS name or lies outside the constraints is left out and reported.
            addresses: IP addresses, likewise.
            now: The time, aware.

        Raises:
            CertificateError: Nothing is left to sign for, the authority is not valid now, or the disk failed.
        """
        _check_time(self._certificate, self.certificate_path, now)
        wanted = self._select(names, addresses)
        with _locked(self.certificate_path.parent):
            return self._find(wanted, now) or self._issue(wanted, now)

    def _select(self, names: Sequence[str], addresses: Sequence[Address]) -> "_Wanted":
        good_names: dict[str, None] = {}
        good_addresses: dict[Address, None] = {}
        left_out: dict[str, None] = {}
        for name in names:
            normal = normalize_name(name)
            if normal is not None and self.constraints.permit_name(normal):
                good_names[normal] = None
            else:
                left_out[name] = None
        for address in addresses:
            plain = plain_address(address)
            if self.constraints.permit_address(plain):
                good_addresses[plain] = None
            else:
                left_out[str(address)] = None
        if not good_names and not good_addresses:
            asked = ", ".join(left_out) or "no name at all"
            raise CertificateError(
                Sentence(
                    "The local authority can't sign a certificate for {asked}: it is limited "
                    "to this computer and private networks.",
                    asked=asked,
                )
            )
        return _Wanted(tuple(good_names), tuple(good_addresses), tuple(left_out))

    def _find(self, wanted: "_Wanted", now: datetime) -> Leaf | None:
        for path in _leaf_paths(self.certificate_path.parent):
            certificate = self._check_leaf(path)
            if certificate is None:
                continue
            names, addresses = alternative_names(certificate)
            covers = set(wanted.names) <= set(names) and set(wanted.addresses) <= set(addresses)
            if covers and certificate.not_valid_before_utc <= now < renewal_time(certificate):
                return _describe(path, certificate, wanted)
        return None

    def _check_leaf(self, path: Path) -> x509.Certificate | None:
        """Return the leaf at ``path`` if all is well with it; a leaf is replaceable, so nothing is raised."""
        try:
            chain_pem = read_private(path, CertificateError, secret=False)
            key_pem = read_private(path.with_suffix(".key"), CertificateError, secret=True)
            if chain_pem is None or key_pem is None:
                return None
            certificate, *_ = x509.load_pem_x509_certificates(chain_pem)
            key = serialization.load_pem_private_key(key_pem, password=None)
            certificate.verify_directly_issued_by(self._certificate)
            alternative_names(certificate)
        except (CertificateError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            return None
        return certificate if key.public_key() == certificate.public_key() else None

    def _issue(self, wanted: "_Wanted", now: datetime) -> Leaf:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = make_leaf_certificate(
            key,
            authority=self._certificate,
            authority_key=self._key,
            names=wanted.names,
            addresses=wanted.addresses,
            now=now,
        )
        directory = self.certificate_path.parent
        # Each leaf has its own pair of names, the key first: a reader never meets half a pair, and a server
        # that is running keeps its files.
        path = directory / f"leaf-{certificate.serial_number:040x}.pem"
        write_private(path.with_suffix(".key"), _key_pem(key), CertificateError)
        write_private(path, _certificate_pem(certificate) + self.certificate_pem, CertificateError)
        _remove_old_leaves(directory)
        return _describe(path, certificate, wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    names: tuple[str, ...]
    addresses: tuple[Address, ...]
    left_out: tuple[str, ...]


def open_authority(directory: Path, *, now: datetime, host_names: Sequence[str]) -> Authority:
    """Load this user's authority after checking it, or make it when there is none.

    Safe when several processes do it at once, and when one is killed on the way.

    Args:
        directory: Where it lives, made 0700.
        now: The time, aware.
        host_names: This computer's names, the one for people first; a new authority may sign for these,
            an existing one keeps the names that it was made for.

    Raises:
        CertificateError: It cannot be made, or what is there is not usable; the sentence says why.
    """
    private_directory(directory, CertificateError)
    with _locked(directory):
        certificate_path = directory / CERTIFICATE
        certificate_pem = read_private(certificate_path, CertificateError, secret=False)
        if certificate_pem is None:
            # The certificate is written last: without it nobody has ever trusted the key, if there is one.
            certificate_pem = _create(directory, now=now, host_names=host_names)
        key_pem = read_private(directory / KEY, CertificateError, secret=True)
    return _load(certificate_path, certificate_pem, key_pem, now)


def remove_authority(directory: Path) -> None:
    """Destroy this user's authority: its key first, then every leaf, its certificate last.

    Whoever trusts it still does, but nothing new can be signed. The next :func:`open_authority` makes
    another.

    Raises:
        CertificateError: A file cannot be removed.
    """
    private_directory(directory, CertificateError)
    with _locked(directory):
        leaves = [path for leaf in _leaf_paths(directory) for path in (leaf.with_suffix(".key"), leaf)]
        for path in (directory / KEY, *leaves, directory / CERTIFICATE):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                cause = (error.strerror or str(error)).lower()
                raise CertificateError(
                    Sentence("Can't remove {path}: {cause}.", path=path, cause=cause), path
                ) from error


def _create(directory: Path, *, now: datetime, host_names: Sequence[str]) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    phrase = "Cheeseboard local authority of " + (host_names[0].strip() if host_names else "this computer")
    constraints = local_constraints(host_names)
    certificate = make_authority_certificate(key, phrase=phrase, constraints=constraints, now=now)
    certificate_pem = _certificate_pem(certificate)
    write_private(directory / KEY, _key_pem(key), CertificateError)
    write_private(directory / CERTIFICATE, certificate_pem, CertificateError)
    return certificate_pem


def _load(path: Path, certificate_pem: bytes, key_pem: bytes | None, now: datetime) -> Authority:
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        extensions = _checked_extensions(certificate, path)
    except ValueError as error:
        raise CertificateError(
            Sentence("{path} is damaged: it holds no certificate. {remedy}", path=path, remedy=_REMEDY), path
        ) from error
    key = _load_key(path.with_name(KEY), key_pem)
    if key.public_key() != certificate.public_key():
        raise CertificateError(
            Sentence("{path} and its key do not belong together. {remedy}", path=path, remedy=_REMEDY), path
        )
    _check_time(certificate, path, now)
    return Authority(
        certificate_pem=_certificate_pem(certificate),
        certificate_path=path,
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        not_after=certificate.not_valid_after_utc,
        constraints=extensions,
        _certificate=certificate,
        _key=key,
    )


_REMEDY = Sentence(
    "Put it back from a backup, or remove its directory: then a new authority is made, "
    "and installers and colleagues need its certificate."
)


def _checked_extensions(certificate: x509.Certificate, path: Path) -> Constraints:
    """Return the constraints of what must be one of our own authorities."""
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        limits = certificate.extensions.get_extension_for_class(x509.NameConstraints)
        certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        certificate.verify_directly_issued_by(certificate)
    except (
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        InvalidSignature,
        TypeError,
        ValueError,
    ) as error:
        raise _foreign(path) from error
    sound = (
        basic.critical
        and basic.value.ca
        and basic.value.path_length == 0
        and usage.value.key_cert_sign
        and limits.critical
        and limits.value.permitted_subtrees
    )
    if not sound:
        raise _foreign(path)
    return read_constraints(certificate)


def _foreign(path: Path) -> CertificateError:
    return CertificateError(
        Sentence(
            "{path} is not a certificate authority that Cheeseboard made. {remedy}", path=path, remedy=_REMEDY
        ),
        path,
    )


def _load_key(path: Path, key_pem: bytes | None) -> ec.EllipticCurvePrivateKey:
    if key_pem is None:
        raise CertificateError(
            Sentence("The authority's key, {path}, is missing. {remedy}", path=path, remedy=_REMEDY), path
        )
    try:
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError) as error:
        raise CertificateError(
            Sentence("{path} is damaged: it holds no usable key. {remedy}", path=path, remedy=_REMEDY), path
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CertificateError(
            Sentence("{path} is not a key that Cheeseboard made. {remedy}", path=path, remedy=_REMEDY), path
        )
    return key


def _check_time(certificate: x509.Certificate, path: Path, now: datetime) -> None:
    if now >= certificate.not_valid_after_utc:
        raise CertificateError(
            Sentence(
                "The local authority expired on {not_valid_after_utc}. {remedy}",
                not_valid_after_utc=f"{certificate.not_valid_after_utc:%Y-%m-%d}",
                remedy=_REMEDY,
            ),
            path,
        )
    if now < certificate.not_valid_before_utc:
        raise CertificateError(
            Sentence(
                "The local authority is valid from {not_valid_before_utc} on, but this "
                "computer's clock says {now}. Set the clock.",
                not_valid_before_utc=f"{certificate.not_valid_before_utc:%Y-%m-%d}",
                now=f"{now:%Y-%m-%d}",
            ),
            path,
        )


def _describe(path: Path, certificate: x509.Certificate, wanted: _Wanted) -> Leaf:
    names, addresses = alternative_names(certificate)
    return Leaf(
        certificate_path=path,
        key_path=path.with_suffix(".key"),
        names=names,
        addresses=addresses,
        not_after=certificate.not_valid_after_utc,
        renew_at=renewal_time(certificate),
        left_out=wanted.left_out,
    )


def _leaf_paths(directory: Path) -> list[Path]:
    """Return the leaves on disk, the newest first."""
    dated = []
    for path in directory.glob("leaf-*.pem"):
        with contextlib.suppress(OSError):
            dated.append((path.lstat().st_mtime_ns, path))
    return [path for _, path in sorted(dated, reverse=True)]


def _remove_old_leaves(directory: Path) -> None:
    for path in _leaf_paths(directory)[_LEAVES_KEPT:]:
        with contextlib.suppress(OSError):
            path.unlink()
            path.with_suffix(".key").unlink()


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    lock = FileLock(directory / _LOCK, timeout=_LOCK_SECONDS, mode=0o600)
    try:
        lock.acquire()
    except (Timeout, OSError) as error:
        raise CertificateError(
            Sentence(
                "Another Cheeseboard keeps {directory} busy, or it can't be written to.", directory=directory
            ),
            directory,
        ) from error
    try:
        yield
    finally:
        lock.release()


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
