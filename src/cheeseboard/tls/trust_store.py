"""Where else our authority may be trusted, beside installers: the system's, browsers' and users' stores.

A store is a value: the commands that install, uninstall and look, as a pair that leaves no trace. What
is found where is each platform's file; running is the caller's business, so that nothing here needs to
be an administrator to be understood or tested.
"""

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1, sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cheeseboard.tls import linux_store, macos_store, nss_store, windows_store
from cheeseboard.tls.store import Answer, Store, Trusted

if TYPE_CHECKING:
    from cheeseboard.tls.authority import Authority

Runner = Callable[[Sequence[str]], Answer]
_SECONDS = 180.0  # somebody may have to type a password


@dataclass(frozen=True, slots=True)
class TrustOutcome:
    """What became of one store.

    Attributes:
        store: The store.
        done: Whether it is as it was asked to be.
        sentence: For people.
    """

    store: Store
    done: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class TrustState:
    """One place beside installers where our authority may be trusted.

    Attributes:
        name: For machines, e.g. "system".
        label: For people, e.g. "This computer (Debian)".
        trusted: Whether it is.
        needs_administrator: Whether changing it takes one.
    """

    name: str
    label: str
    trusted: bool
    needs_administrator: bool


def describe(path: Path, pem: bytes) -> Trusted:
    """Return the facts of a certificate by which stores know it again."""
    der = ssl.PEM_cert_to_DER_cert(pem.decode("ascii"))
    return Trusted(path, sha256(der).hexdigest(), sha1(der, usedforsecurity=False).hexdigest())


def find_stores(
    certificate: Trusted,
    environ: Mapping[str, str],
    *,
    platform: str = sys.platform,
    root: Path = Path("/"),
) -> tuple[Store, ...]:
    """Return the stores of this computer and this user.

    Args:
        certificate: Our authority's.
        environ: The user's environment: where home is, which programs there are.
        platform: As ``sys.platform`` has it.
        root: Where the system's directories are.
    """
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    search = environ.get("PATH", os.defpath)

    def which(name: str) -> str | None:
        return shutil.which(name, path=search)

    if platform == "win32":
        return windows_store.find(certificate)
    if platform == "darwin":
        return (*macos_store.find(certificate, home), *nss_store.find(certificate, home, which))
    return (*linux_store.find(certificate, root), *nss_store.find(certificate, home, which))


def is_installed(store: Store, run: Runner) -> bool:
    """Return whether a store trusts our authority."""
    answer = run(store.look)
    return answer.status == 0 and store.expected.lower() in answer.output.lower().replace(" ", "")


def install(
    stores: Sequence[Store], run: Runner, elevation: Sequence[str] | None
) -> tuple[TrustOutcome, ...]:
    """Make stores trust our authority; what does already is left alone.

    Args:
        stores: Which.
        run: Runs a command.
        elevation: What to put before a command that needs an administrator, e.g. ``("sudo",)``; empty
            for one; None when there is no way.
    """
    return tuple(
        _change(store, store.install, run, elevation, "trusts this authority now", wanted=True)
        for store in stores
    )


def uninstall(
    stores: Sequence[Store], run: Runner, elevation: Sequence[str] | None
) -> tuple[TrustOutcome, ...]:
    """Take our authority out of stores; what does not have it is left alone. Arguments as above."""
    return tuple(
        _change(store, store.uninstall, run, elevation, "no longer trusts this authority", wanted=False)
        for store in stores
    )


def _change(
    store: Store,
    commands: Sequence[Sequence[str]],
    run: Runner,
    elevation: Sequence[str] | None,
    success: str,
    *,
    wanted: bool,
) -> TrustOutcome:
    if is_installed(store, run) is wanted:
        return TrustOutcome(store, done=True, sentence=f"{store.label} {success}.")
    if store.needs_administrator and elevation is None:
        return TrustOutcome(
            store, done=False, sentence=f"{store.label} can be changed by an administrator only."
        )
    prefix = tuple(elevation or ()) if store.needs_administrator else ()
    for command in commands:
        answer = run((*prefix, *command))
        if answer.status != 0:
            said = " ".join(answer.output.split())[:300]
            return TrustOutcome(
                store, done=False, sentence=f"{store.label} was not changed. {command[0]} says: {said or '-'}"
            )
    if is_installed(store, run) is not wanted:
        return TrustOutcome(store, done=False, sentence=f"{store.label} did not take the change.")
    return TrustOutcome(store, done=True, sentence=f"{store.label} {success}.")


class TrustStores:
    """The stores of one user on one computer, and what they make of our authority.

    Args:
        environ: The user's environment.
        run: Runs a command.
    """

    def __init__(self, environ: Mapping[str, str], run: Runner) -> None:
        self._environ = dict(environ)
        self._run = run

    def states(self, authority: "Authority") -> tuple[TrustState, ...]:
        """Return each store and whether it trusts the authority; slow."""
        return tuple(
            TrustState(store.name, store.label, is_installed(store, self._run), store.needs_administrator)
            for store in self._find(authority)
        )

    def install(self, authority: "Authority", names: Sequence[str] = ()) -> tuple[TrustOutcome, ...]:
        """Let the stores of these names, or all, trust the authority; slow, may ask for a password."""
        return install(self._find(authority, names), self._run, self._elevation())

    def uninstall(self, authority: "Authority", names: Sequence[str] = ()) -> tuple[TrustOutcome, ...]:
        """Take the authority out of the stores of these names, or of all; slow, may ask for a password."""
        return uninstall(self._find(authority, names), self._run, self._elevation())

    def _find(self, authority: "Authority", names: Sequence[str] = ()) -> tuple[Store, ...]:
        certificate = describe(authority.certificate_path, authority.certificate_pem)
        stores = find_stores(certificate, self._environ)
        return tuple(store for store in stores if not names or store.name in names)

    def _elevation(self) -> tuple[str, ...] | None:
        return find_elevation(self._environ, administrator=is_administrator())


# --- the rim -----------------------------------------------------------------------------------------


def find_elevation(environ: Mapping[str, str], *, administrator: bool) -> tuple[str, ...] | None:
    """Return what makes a command run as the administrator; None when there is no way."""
    if administrator:
        return ()
    search = environ.get("PATH", os.defpath)
    asks_in_window = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    for name in ("pkexec", "sudo") if asks_in_window else ("sudo",):
        program = shutil.which(name, path=search)
        if program:
            return (program,)
    return None


def is_administrator() -> bool:
    """Tell whether this process may change the system's store."""
    return os.name == "posix" and os.geteuid() == 0


def run_command(command: Sequence[str]) -> Answer:
    """Run a command to its end."""
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(127, str(error))
    return Answer(done.returncode, done.stdout)
