"""The certificates themselves, as pure functions: what the authority may sign, and how a leaf looks.

Everything here follows what OpenSSL, rustls, Python's strict mode, pip, uv and curl were measured to
accept and to enforce. Nothing here reads a clock, a disk or a host name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

AUTHORITY_LIFE = timedelta(days=3650)
AUTHORITY_BACKDATE = timedelta(days=1)
LEAF_LIFE = timedelta(days=90)  # far below the 398 days that clients accept: a stolen leaf dies soon
LEAF_BACKDATE = timedelta(hours=1)

# Without these subtrees a DNS-only constraint would leave every IP address free to sign.
PRIVATE_NETWORKS: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",  # carrier-grade NAT, also what overlay networks hand out
        "192.0.2.0/24",  # documentation and benchmarking (RFC 5737, 2544): never public, real in labs
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)

# A DNS constraint also permits every name below it: a computer called "dev" must not give its authority
# power over the public zone of that name. Public zones are letters only (two are a country's) or IDNA;
# these are the longer ones that people call their computers.
_PUBLIC_ZONE = re.compile(
    "[a-z]{2}|xn--.*|android|app|arpa|art|audio|auto|bar|best|bike|biz|blog|blue|boats|book|bot|box|build|cab|"
    "cafe|cam|camera|car|cars|center|chat|city|cloud|club|codes|coffee|com|company|computer|cool|data|day|dell|"
    "design|dev|diamonds|digital|direct|dog|earth|edu|education|energy|engineering|expert|farm|fish|foo|forum|"
    "foundation|free|fun|fyi|games|garden|gold|google|gov|graphics|green|group|guru|haus|health|here|host|"
    "hosting|house|how|inc|info|ing|ink|institute|int|international|kim|kitchen|lab|land|lenovo|life|link|live|"
    "lol|love|market|media|meme|microsoft|mil|mini|mobi|money|monster|moon|mov|movie|museum|music|name|net|"
    "network|new|news|nexus|ninja|now|office|one|online|open|orange|org|page|party|pet|phone|photo|photography|"
    "photos|pics|pictures|pink|pixel|place|play|plus|press|pro|prod|pub|radio|red|rocks|room|run|samsung|save|"
    "school|science|search|security|services|sharp|shop|show|site|sky|soap|social|software|solar|solutions|sony|"
    "space|spot|store|stream|studio|surf|systems|team|tech|technology|tel|tools|top|town|toys|training|travel|"
    "tube|video|vip|vision|watch|web|website|wiki|win|windows|wine|work|works|world|wtf|xbox|xyz|yoga|you|zero|"
    "zip|zone"
)


@dataclass(frozen=True, slots=True)
class Constraints:
    """What an authority may sign for: a name and all below it, a network and all in it."""

    names: tuple[str, ...]
    networks: tuple[Network, ...]

    def permit_name(self, name: str) -> bool:
        """Return whether a certificate for this normalized DNS name is accepted by clients."""
        return any(name == base or name.endswith("." + base) for base in self.names)

    def permit_address(self, address: Address) -> bool:
        """Return whether a certificate for this IP address is accepted by clients."""
        return any(address.version == network.version and address in network for network in self.networks)


def normalize_name(name: str) -> str | None:
    """Return a DNS name as certificates spell it, or None when it cannot be one.

    Lower case, no final dot, IDNA for what is not ASCII. IP addresses and wildcards are no names.
    """
    name = name.strip().rstrip(".").lower()
    try:
        ip_address(name)
    except ValueError:
        pass
    else:
        return None
    try:
        ascii_name = name.encode("ascii").decode() if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = ascii_name.split(".")
    if len(ascii_name) > 253 or not all(_is_label(label) for label in labels):
        return None
    return ascii_name


def _is_label(label: str) -> bool:
    letters = label.replace("-", "").replace("_", "")
    return 0 < len(label) <= 63 and letters.isalnum() and label[0] != "-" and label[-1] != "-"


def plain_address(address: Address) -> Address:
    """Return the address without an IPv6 scope, which no certificate can hold."""
    return IPv6Address(int(address)) if isinstance(address, IPv6Address) else address


def local_constraints(host_names: Sequence[str]) -> Constraints:
    """Return the constraints for this computer's authority.

    Args:
        host_names: The computer's names. One that cannot be a DNS name, or that is a public
            top-level zone, is left out.
    """
    names = ["localhost", "local"]
    for host_name in host_names:
        name = normalize_name(host_name)
        if name is not None and name not in names and not _is_public_zone(name):
            names.append(name)
    return Constraints(tuple(names), PRIVATE_NETWORKS)


def _is_public_zone(name: str) -> bool:
    return _PUBLIC_ZONE.fullmatch(name) is not None


def read_constraints(certificate: x509.Certificate) -> Constraints:
    """Return the permitted subtrees of an authority's certificate.

    Raises:
        cryptography.x509.ExtensionNotFound: It is not constrained.
    """
    extension = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    subtrees = extension.value.permitted_subtrees or []
    return Constraints(
        names=tuple(tree.value for tree in subtrees if isinstance(tree, x509.DNSName)),
        networks=tuple(
            tree.value
            for tree in subtrees
            if isinstance(tree, x509.IPAddress) and isinstance(tree.value, IPv4Network | IPv6Network)
        ),
    )


def make_authority_certificate(
    key: EllipticCurvePrivateKey, *, phrase: str, constraints: Constraints, now: datetime
) -> x509.Certificate:
    """Return a self-signed certificate of an authority that can sign leaves within ``constraints`` only.

    Args:
        key: The authority's key.
        phrase: Whose authority it is, for people who look at it; at most 64 characters are kept.
        constraints: What it may sign for.
        now: The time, aware.
    """
    # A phrase with spaces: OpenSSL takes a host-like common name for a name to check.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, phrase[:64].strip())])
    subtrees: list[x509.GeneralName] = [x509.DNSName(base) for base in constraints.names]
    subtrees += [x509.IPAddress(network) for network in constraints.networks]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_utc(now - AUTHORITY_BACKDATE))
        .not_valid_after(_utc(now + AUTHORITY_LIFE))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(subtrees, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def make_leaf_certificate(
    key: EllipticCurvePrivateKey,
    *,
    authority: x509.Certificate,
    authority_key: EllipticCurvePrivateKey,
    names: Sequence[str],
    addresses: Sequence[Address],
    now: datetime,
) -> x509.Certificate:
    """Return a server's certificate for these names and addresses, which the caller has checked.

    Args:
        key: The server's key.
        authority: Who signs.
        authority_key: The authority's key.
        names: Normalized DNS names.
        addresses: IP addresses without a scope.
        now: The time, aware.
    """
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cheeseboard package server")])
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    san: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    san += [x509.IPAddress(address) for address in addresses]
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_utc(now - LEAF_BACKDATE))
        .not_valid_after(min(_utc(now + LEAF_LIFE), authority.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
        )
        .add_extension(x509.SubjectAlternativeName(san), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def alternative_names(certificate: x509.Certificate) -> tuple[tuple[str, ...], tuple[Address, ...]]:
    """Return the DNS names and the IP addresses that a leaf is for.

    Raises:
        cryptography.x509.ExtensionNotFound: It names none.
    """
    san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = san.get_values_for_type(x509.IPAddress)
    return tuple(san.get_values_for_type(x509.DNSName)), tuple(
        address for address in addresses if isinstance(address, IPv4Address | IPv6Address)
    )


def renewal_time(certificate: x509.Certificate) -> datetime:
    """Return when a leaf is to be replaced: with a third of its life left."""
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return certificate.not_valid_after_utc - life / 3


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _key_usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
