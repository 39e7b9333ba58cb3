"""pip as one of the tools: its configuration, its cautions and its proof behind the common interface."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cheeseboard.clients import pip
from cheeseboard.clients.pip_cautions import find_cautions
from cheeseboard.clients.plan import Caution, Mode, Scope
from cheeseboard.clients.proof import Proof
from cheeseboard.clients.prove import prove_pip, refused
from cheeseboard.clients.tool import Entry, Found
from cheeseboard.errors import ClientConfigError

TOOL = pip.TOOL
# pip knows no order: it compares all indexes, and the highest version wins.
MODES = (Mode.EXTRA, Mode.ONLY)
UPLOADS = False


def find(environ: Mapping[str, str]) -> Found:
    """Return the pip that this environment's user would run, and its files.

    Raises:
        ClientConfigError: pip refuses its own configuration; the message has pip's reason.
    """
    return pip.find_pip(environ)


def bundle_sources(
    found: Found, path: Path, content: bytes | None, environ: Mapping[str, str]
) -> tuple[tuple[Path, ...], bool]:
    """Return the certificate files that pip's configuration names now, and whether some commands have none.

    Raises:
        ClientConfigError: A path is relative, or pip could not read the file.
    """
    return pip.named_bundles(path, content, pip.read_inherited(found, path).values, environ)


def edit(found: Found, path: Path, content: bytes | None, entry: Entry) -> bytes:
    """Return the file's bytes with our entries in it.

    Raises:
        ClientConfigError: pip could not read the file, or it is too odd to be edited.
    """
    return pip.edit(path, content, pip.wishes(entry), pip.read_inherited(found, path).values)


def take_out(path: Path, current: bytes, before: bytes | None, after: bytes, url: str) -> bytes:
    """Return the file's bytes without our entries, with what others edited since.

    Raises:
        ClientConfigError: pip could not read the file as it is now.
    """
    return pip.take_out(path, current, before, after, url)


def uses(content: bytes | None, url: str, mode: Mode) -> bool:
    """Return whether a file has our URL where the mode puts it."""
    return pip.uses(content, url, mode)


def names_bundle(content: bytes | None, bundle: Path) -> bool:
    """Return whether a file still names this bundle."""
    return pip.names_bundle(content, bundle)


def check(command: Sequence[str], path: Path, entry: Entry, environ: Mapping[str, str]) -> str | None:
    """Let the real pip read the file; return None when it sees all that was written, else what it says."""
    return pip.check(command, path, pip.wishes(entry), environ)


def cautions(
    found: Found,
    path: Path,
    after: bytes,
    entry: Entry,
    *,
    scope: Scope,
    ca_pem: bytes,
    environ: Mapping[str, str],
) -> tuple[Caution, ...]:
    """Return what keeps pip from asking us, or from asking us safely."""
    return find_cautions(
        url=entry.url,
        ca_pem=ca_pem,
        mode=entry.mode,
        scope=scope,
        target=(path, pip.values_in(after)),
        inherited=pip.read_inherited(found, path),
        environ=environ,
    )


def prove(*, url: str, mode: Mode, environ: Mapping[str, str], requirement: str | None) -> tuple[Proof, ...]:
    """Let every pip of this computer ask our index."""
    try:
        first = pip.find_pip(environ)
    except ClientConfigError as error:
        return (refused(str(error)),)
    every = pip.find_every_pip(environ)
    if not first.command or not every:
        return (prove_pip((), url=url, mode=mode, environ=environ),)
    return tuple(
        prove_pip(
            each.command, url=url, mode=mode, environ=environ, requirement=requirement, label=each.label
        )
        for each in every
    )
