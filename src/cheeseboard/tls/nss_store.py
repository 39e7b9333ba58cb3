"""NSS databases: Firefox has one a profile, Chromium on Linux one a user."""

from collections.abc import Callable
from pathlib import Path

from cheeseboard.tls.store import Store, Trusted

_CHROMIUM = (".pki/nssdb", "snap/chromium/current/.pki/nssdb")
_FIREFOX = (
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
    "Library/Application Support/Firefox/Profiles",
)


def find(certificate: Trusted, home: Path, which: Callable[[str], str | None]) -> tuple[Store, ...]:
    """Return the databases of this user's browsers; none without NSS' ``certutil``."""
    certutil = which("certutil")
    if certutil is None:
        return ()
    databases = [("Chromium", home / place) for place in _CHROMIUM]
    databases += [("Firefox", path) for place in _FIREFOX for path in sorted((home / place).glob("*"))]
    return tuple(
        store(certificate, certutil, browser, path)
        for browser, path in databases
        if (path / "cert9.db").exists()
    )


def store(certificate: Trusted, certutil: str, browser: str, directory: Path) -> Store:
    """Return one database as a store."""
    database, name = f"sql:{directory}", certificate.nickname
    label = f"{browser} (profile {directory.name})" if browser == "Firefox" else browser
    return Store(
        name=f"nss:{directory}",
        label=label,
        needs_administrator=False,
        install=((certutil, "-A", "-d", database, "-t", "C,,", "-n", name, "-i", str(certificate.path)),),
        uninstall=((certutil, "-D", "-d", database, "-n", name),),
        look=(certutil, "-L", "-d", database, "-n", name, "-a"),
    )
