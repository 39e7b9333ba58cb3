"""pip as one of the tools: its configuration, its cautions and its proof behind the common interface."""

from pathlib import Path

from cheeseboard.clients import pip
from cheeseboard.clients.pip_cautions import find_cautions
from cheeseboard.clients.pip_conf import without_user
from cheeseboard.clients.plan import Caution, Mode
from cheeseboard.clients.proof import Proof
from cheeseboard.clients.prove import prove_pip, refused
from cheeseboard.clients.tool import Entry, KeyringReader, Question, Target, Tool
from cheeseboard.errors import ClientConfigError


def bundle_sources(target: Target, content: bytes | None) -> tuple[tuple[Path, ...], bool]:
    """Return the certificate files that pip's configuration names now, and whether some commands have none.

    Raises:
        ClientConfigError: A path is relative, or pip could not read the file.
    """
    inherited = pip.read_inherited(target.found, target.path)
    return pip.named_bundles(target.path, content, inherited.values, target.environ)


def edit(target: Target, content: bytes | None, entry: Entry) -> bytes:
    """Return the file's bytes with our entries in it.

    Raises:
        ClientConfigError: pip could not read the file, or it is too odd to be edited.
    """
    inherited = pip.read_inherited(target.found, target.path)
    return pip.edit(target.path, content, entry, inherited.values)


def cautions(target: Target, after: bytes, entry: Entry) -> tuple[Caution, ...]:
    """Return what keeps pip from asking us, or from asking us safely."""
    return find_cautions(
        url=entry.url,
        ca_pem=target.ca_pem,
        mode=entry.mode,
        scope=target.scope,
        target=(target.path, pip.values_in(after)),
        inherited=pip.read_inherited(target.found, target.path),
        environ=target.environ,
    )


def prove(question: Question) -> tuple[Proof, ...]:
    """Let every pip of this computer ask our index."""
    environ = question.environ
    try:
        first = pip.find_pip(environ)
    except ClientConfigError as error:
        return (refused(str(error)),)
    every = pip.find_every_pip(environ)
    if not first.command or not every:
        return (prove_pip((), question),)
    return tuple(prove_pip(each.command, question, label=each.label) for each in every)


PIP = Tool(
    pip.TOOL,
    # pip knows no order: it compares all indexes, and the highest version wins.
    modes=(Mode.EXTRA, Mode.ONLY),
    find=pip.find_pip,
    bundle_sources=bundle_sources,
    edit=edit,
    take_out=pip.take_out,
    uses=pip.uses,
    names_bundle=pip.names_bundle,
    check=lambda command, path, entry, environ: pip.check(command, path, pip.wishes(entry), environ),
    cautions=cautions,
    prove=prove,
    keyring=KeyringReader(pip.keyring_program, service=without_user, named_in_url=True),
)
