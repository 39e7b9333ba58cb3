"""The certificates that an installer is told to trust."""

import ssl
from pathlib import Path

import certifi
import pytest

from cheeseboard.clients.bundle import UnusableBundle, certificates_in, make_bundle, trusts
from cheeseboard.tls.authority import Authority


def test_the_public_authorities_stay_trusted_beside_ours(authority: Authority, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(make_bundle((), authority.certificate_pem, public=True))
    context = ssl.create_default_context(cafile=str(bundle))
    assert context.cert_store_stats()["x509"] > 100
    assert set(certificates_in(certifi.contents().encode())) <= set(certificates_in(bundle.read_bytes()))
    assert trusts(bundle, authority.certificate_pem)


def test_no_certificate_is_in_it_twice(authority: Authority, tmp_path: Path) -> None:
    base = tmp_path / "base.pem"
    base.write_bytes(authority.certificate_pem * 2)
    assert make_bundle((base,), authority.certificate_pem, public=False).count(b"BEGIN") == 1


def test_a_directory_of_certificates_is_read(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(certificates_in(certifi.contents().encode())[0])
    assert make_bundle((tmp_path,), authority.certificate_pem, public=False).count(b"BEGIN") == 2


@pytest.mark.parametrize("content", [None, b"", b"no certificates here"])
def test_a_base_without_certificates_is_refused(
    authority: Authority, tmp_path: Path, content: bytes | None
) -> None:
    base = tmp_path / "base.pem"
    if content is not None:
        base.write_bytes(content)
    with pytest.raises(UnusableBundle):
        make_bundle((base,), authority.certificate_pem, public=False)
