"""The system's store on Linux: a directory of anchors and a program that makes bundles of them."""

from dataclasses import dataclass
from pathlib import Path

from cheeseboard.tls.store import Command, Store, Trusted

# One command, hence one password: the words after the script are its arguments, so nothing is quoted.
_INSTALL = 'install -D -m 644 -- "$1" "$2" && shift 2 && "$@"'
_UNINSTALL = 'rm -f -- "$1" && shift && "$@"'


@dataclass(frozen=True, slots=True)
class Family:
    """How a family of distributions does it.

    Attributes:
        label: For people.
        anchors: Where certificates are put.
        suffix: What their names end in.
        refresh: Makes bundles of them.
        forget: Likewise, after one was taken out.
    """

    label: str
    anchors: Path
    suffix: str
    refresh: Command
    forget: Command


def families(root: Path) -> tuple[Family, ...]:
    """Return all families, each with its own directory; where several exist, the first is in use."""
    fedora = ("update-ca-trust", "extract")
    arch = ("trust", "extract-compat")
    debian = ("update-ca-certificates",)
    return (
        Family("Fedora", root / "etc/pki/ca-trust/source/anchors", ".pem", fedora, fedora),
        Family("Arch", root / "etc/ca-certificates/trust-source/anchors", ".crt", arch, arch),
        Family("openSUSE", root / "etc/pki/trust/anchors", ".pem", debian, debian),
        # Without --fresh the links of what was taken out stay.
        Family("Debian", root / "usr/local/share/ca-certificates", ".crt", debian, (*debian, "--fresh")),
    )


def find(certificate: Trusted, root: Path) -> tuple[Store, ...]:
    """Return this system's store, if it is of a kind that we know."""
    return tuple(store(certificate, family) for family in families(root) if family.anchors.is_dir())[:1]


def store(certificate: Trusted, family: Family) -> Store:
    """Return a family's store."""
    anchor = family.anchors / f"{certificate.nickname}{family.suffix}"
    return Store(
        name="system",
        label=f"This computer ({family.label})",
        needs_administrator=True,
        install=(("sh", "-c", _INSTALL, "sh", str(certificate.path), str(anchor), *family.refresh),),
        uninstall=(("sh", "-c", _UNINSTALL, "sh", str(anchor), *family.forget),),
        look=("cmp", "-s", str(certificate.path), str(anchor)),
    )
