"""The authority on disk: made once, checked on every load, safe between processes."""

import os
import stat
import subprocess
import sys
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cheeseboard.errors import CertificateError
from cheeseboard.tls.authority import CERTIFICATE, KEY, Authority, open_authority
from cheeseboard.tls.certificate import local_constraints, make_authority_certificate, make_leaf_certificate

NAMES = ["ada-laptop", "ada-laptop.local", "localhost"]
ADDRESSES = [ip_address("127.0.0.1"), ip_address("::1"), ip_address("192.168.1.7")]


def reopen(authority: Authority, now: datetime) -> Authority:
    return open_authority(authority.certificate_path.parent, now=now, host_names=["another-name"])


def test_the_same_authority_is_found_again(authority: Authority, now: datetime) -> None:
    again = reopen(authority, now + timedelta(days=400))
    assert (again.sha256, again.certificate_pem) == (authority.sha256, authority.certificate_pem)


def test_the_fingerprint_is_of_the_certificate(authority: Authority) -> None:
    certificate = x509.load_pem_x509_certificate(authority.certificate_path.read_bytes())
    assert authority.sha256 == certificate.fingerprint(hashes.SHA256()).hex()


def test_keys_are_private_whatever_the_umask(tmp_path: Path, now: datetime) -> None:
    old = os.umask(0)
    try:
        authority = open_authority(tmp_path / "open", now=now, host_names=[])
        authority.leaf(NAMES, [], now=now)
    finally:
        os.umask(old)
    directory = authority.certificate_path.parent
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}
    assert not [path for path in directory.iterdir() if path.name.startswith(".") and path.name != ".lock"]


def test_a_key_that_others_can_read_is_refused(authority: Authority, now: datetime) -> None:
    (authority.certificate_path.parent / KEY).chmod(0o644)
    with pytest.raises(CertificateError, match=r"can read .*0644"):
        reopen(authority, now)


def test_a_directory_that_others_can_write_in_is_refused(authority: Authority, now: datetime) -> None:
    authority.certificate_path.parent.chmod(0o777)
    with pytest.raises(CertificateError, match="Other users can write"):
        reopen(authority, now)


def test_a_directory_that_others_can_only_read_is_closed(authority: Authority, now: datetime) -> None:
    authority.certificate_path.parent.chmod(0o755)
    reopen(authority, now)
    assert stat.S_IMODE(authority.certificate_path.parent.stat().st_mode) == 0o700


def test_a_key_behind_a_symlink_is_refused(authority: Authority, now: datetime, tmp_path: Path) -> None:
    key = authority.certificate_path.parent / KEY
    key.rename(tmp_path / "elsewhere.key")
    key.symlink_to(tmp_path / "elsewhere.key")
    with pytest.raises(CertificateError, match="Can't read"):
        reopen(authority, now)


def test_a_fifo_in_the_keys_place_is_refused_without_waiting(authority: Authority, now: datetime) -> None:
    key = authority.certificate_path.parent / KEY
    key.unlink()
    os.mkfifo(key, 0o600)
    with pytest.raises(CertificateError, match="not a key"):
        reopen(authority, now)


def test_a_missing_key_is_said(authority: Authority, now: datetime) -> None:
    (authority.certificate_path.parent / KEY).unlink()
    with pytest.raises(CertificateError, match="missing"):
        reopen(authority, now)


def test_a_key_of_another_authority_is_said(authority: Authority, now: datetime, tmp_path: Path) -> None:
    other = open_authority(tmp_path / "other", now=now, host_names=[])
    (other.certificate_path.parent / KEY).replace(authority.certificate_path.parent / KEY)
    with pytest.raises(CertificateError, match="do not belong together"):
        reopen(authority, now)


@pytest.mark.parametrize("name", [CERTIFICATE, KEY])
@pytest.mark.parametrize("content", [b"", b"garbage", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_garbled_files_are_said(authority: Authority, now: datetime, name: str, content: bytes) -> None:
    (authority.certificate_path.parent / name).write_bytes(content)
    with pytest.raises(CertificateError, match="damaged"):
        reopen(authority, now)


def test_an_expired_authority_is_said(authority: Authority) -> None:
    with pytest.raises(CertificateError, match="expired on"):
        reopen(authority, authority.not_after)


def test_a_clock_before_the_authority_is_said(authority: Authority, now: datetime) -> None:
    with pytest.raises(CertificateError, match="Set the clock"):
        reopen(authority, now - timedelta(days=3))


def test_a_leaf_in_the_authoritys_place_is_refused(authority: Authority, now: datetime) -> None:
    leaf = authority.leaf(NAMES, [], now=now)
    directory = authority.certificate_path.parent
    (directory / CERTIFICATE).write_bytes(leaf.certificate_path.read_bytes())
    (directory / KEY).write_bytes(leaf.key_path.read_bytes())
    with pytest.raises(CertificateError, match="not a certificate authority that Cheeseboard made"):
        reopen(authority, now)


def test_an_unconstrained_authority_is_refused(authority: Authority, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody else")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority.certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    with pytest.raises(CertificateError, match="not a certificate authority that Cheeseboard made"):
        reopen(authority, now)


def test_a_creation_that_was_killed_before_the_certificate_is_done_again(
    authority: Authority, now: datetime
) -> None:
    authority.certificate_path.unlink()
    assert reopen(authority, now).sha256 != authority.sha256


def test_processes_that_start_together_share_one_authority(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from cheeseboard.tls.authority import open_authority\n"
        "now = datetime.now(UTC)\n"
        "a = open_authority(Path(sys.argv[1]), now=now, host_names=['ada'])\n"
        "print(a.sha256, a.leaf(['localhost'], [], now=now).certificate_path.name)\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "shared")], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    outputs = {process.communicate(timeout=30)[0] for process in processes}
    assert len(outputs) == 1
    assert outputs != {b""}


def test_a_file_in_the_directorys_place_is_said(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CertificateError):
        open_authority(tmp_path / "file", now=now, host_names=[])


# --- leaves ------------------------------------------------------------------------------------------


def test_a_leaf_covers_all_that_was_asked(authority: Authority, now: datetime) -> None:
    leaf = authority.leaf(NAMES, ADDRESSES, now=now)
    assert (leaf.names, leaf.addresses, leaf.left_out) == (tuple(NAMES), tuple(ADDRESSES), ())
    assert leaf.not_after - now <= timedelta(days=398)
    assert leaf.certificate_path.read_bytes().count(b"BEGIN CERTIFICATE") == 2


def test_a_leaf_that_covers_all_is_used_again(authority: Authority, now: datetime) -> None:
    leaf = authority.leaf(NAMES, ADDRESSES, now=now)
    again = reopen(authority, now).leaf(NAMES[:1], ADDRESSES[:1], now=now + timedelta(days=30))
    assert again.certificate_path == leaf.certificate_path


def test_a_new_address_makes_a_new_leaf_of_the_same_authority(authority: Authority, now: datetime) -> None:
    leaf = authority.leaf(NAMES, ADDRESSES, now=now)
    moved = authority.leaf(NAMES, [ip_address("10.0.0.9")], now=now)
    assert moved.certificate_path != leaf.certificate_path
    assert leaf.key_path.exists()  # a server may be running on it


def test_a_leaf_is_renewed_with_a_third_of_its_life_left(authority: Authority, now: datetime) -> None:
    leaf = authority.leaf(NAMES, ADDRESSES, now=now)
    assert authority.leaf(NAMES, ADDRESSES, now=leaf.renew_at - timedelta(seconds=1)) == leaf
    assert authority.leaf(NAMES, ADDRESSES, now=leaf.renew_at) != leaf
    assert timedelta(days=29) < leaf.not_after - leaf.renew_at < timedelta(days=31)


def test_what_clients_would_reject_is_left_out_and_said(authority: Authority, now: datetime) -> None:
    names = ["www.example.com", "two words", "*.local", "Ada-Laptop.LOCAL."]
    addresses = [ip_address("8.8.8.8"), ip_address("2001:db8::1"), ip_address("fe80::1%eth0")]
    leaf = authority.leaf(names, addresses, now=now)
    assert leaf.names == ("ada-laptop.local",)
    assert leaf.addresses == (ip_address("fe80::1"),)
    assert leaf.left_out == ("www.example.com", "two words", "*.local", "8.8.8.8", "2001:db8::1")


def test_nothing_left_to_sign_for_is_an_error(authority: Authority, now: datetime) -> None:
    with pytest.raises(CertificateError, match=r"can't sign a certificate for www\.example\.com"):
        authority.leaf(["www.example.com"], [], now=now)


@pytest.mark.parametrize("name", ["dev", "app", "de", "xn--p1ai"])
def test_a_computer_named_like_a_public_zone_gives_no_power_over_it(
    tmp_path: Path, now: datetime, name: str
) -> None:
    authority = open_authority(tmp_path / "zone", now=now, host_names=[name])
    assert authority.leaf([name, f"{name}.local"], [], now=now).names == (f"{name}.local",)


@pytest.mark.parametrize("content", [b"", b"garbage"])
def test_a_garbled_leaf_is_simply_replaced(authority: Authority, now: datetime, content: bytes) -> None:
    leaf = authority.leaf(NAMES, ADDRESSES, now=now)
    leaf.certificate_path.write_bytes(content)
    assert authority.leaf(NAMES, ADDRESSES, now=now).certificate_path != leaf.certificate_path


def test_a_leaf_of_another_authority_is_not_used(authority: Authority, now: datetime, tmp_path: Path) -> None:
    other = open_authority(tmp_path / "other", now=now, host_names=["ada-laptop"])
    foreign = other.leaf(NAMES, ADDRESSES, now=now)
    directory = authority.certificate_path.parent
    foreign.certificate_path.rename(directory / foreign.certificate_path.name)
    foreign.key_path.rename(directory / foreign.key_path.name)
    leaf = authority.leaf(NAMES, ADDRESSES, now=now)
    assert leaf.certificate_path.name != foreign.certificate_path.name


def test_old_leaves_do_not_pile_up(authority: Authority, now: datetime) -> None:
    for number in range(12):
        authority.leaf(NAMES, [ip_address(f"10.0.0.{number}")], now=now)
    directory = authority.certificate_path.parent
    assert len(list(directory.glob("leaf-*.pem"))) == len(list(directory.glob("leaf-*.key"))) == 8


def test_a_leaf_never_outlives_its_authority(authority: Authority) -> None:
    late = authority.not_after - timedelta(days=5)
    assert authority.leaf(NAMES, [], now=late).not_after == authority.not_after


def test_the_certificates_are_made_as_strict_clients_want_them(now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    ca = make_authority_certificate(
        key, phrase="Cheeseboard local authority of ada", constraints=local_constraints(["ada"]), now=now
    )
    leaf = make_leaf_certificate(
        key, authority=ca, authority_key=key, names=["ada"], addresses=[ip_address("127.0.0.1")], now=now
    )
    critical = {type(extension.value) for extension in ca.extensions if extension.critical}
    assert critical == {x509.BasicConstraints, x509.KeyUsage, x509.NameConstraints}
    assert ca.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert " " in ca.subject.rfc4514_string()
    identifier = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert identifier == ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert leaf.not_valid_before_utc == now - timedelta(hours=1)
