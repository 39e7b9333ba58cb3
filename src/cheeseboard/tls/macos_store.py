"""The user's keychain on macOS: Safari, Chrome, curl and whatever asks the system."""

from pathlib import Path

from cheeseboard.tls.store import Store, Trusted

_SECURITY = "/usr/bin/security"


def find(certificate: Trusted, home: Path) -> tuple[Store, ...]:
    """Return the login keychain; the system asks the user before its trust changes."""
    keychain, path = str(home / "Library/Keychains/login.keychain-db"), str(certificate.path)
    return (
        Store(
            name="macos-user",
            label="This user's keychain",
            needs_administrator=False,
            install=((_SECURITY, "add-trusted-cert", "-r", "trustRoot", "-p", "ssl", "-k", keychain, path),),
            uninstall=(
                (_SECURITY, "remove-trusted-cert", path),
                (_SECURITY, "delete-certificate", "-Z", certificate.sha1.upper(), keychain),
            ),
            look=(_SECURITY, "find-certificate", "-a", "-Z", keychain),
            expected=f"sha-1hash:{certificate.sha1}",
        ),
    )
