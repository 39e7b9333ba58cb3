"""The plan: what using our index would change for one installer. Nothing is written here."""

import os
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from cheeseboard.clients import keyring
from cheeseboard.clients.bundle import UnusableBundle, make_bundle
from cheeseboard.clients.ledger import Record
from cheeseboard.clients.pip_conf import with_user
from cheeseboard.clients.plan import (
    CaBundle,
    Caution,
    CautionReason,
    FileChange,
    KeyringEntry,
    Mode,
    Plan,
    Scope,
    SecretPlace,
)
from cheeseboard.clients.tool import Entry, Found, Target, Tool, read_configuration
from cheeseboard.clients.tools import KEEPERS, tool_named
from cheeseboard.clients.workbench import Workbench, bytes_without_us
from cheeseboard.errors import ClientConfigError, Sentence


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an installer shall be told.

    Attributes:
        url: Our Simple API URL.
        ca_pem: Our authority's certificate.
        mode: As one more index, or as the only one.
        scope: Whose configuration.
        owner: Whose address it is: the managed folder. Its entries follow it to another address.
        secret: The token that the tool needs; "" when it needs none.
        place: Where it shall find that; None for where it does now, a file at first.
    """

    url: str
    ca_pem: bytes
    mode: Mode
    scope: Scope
    owner: str = ""
    secret: str = field(default="", repr=False)
    place: SecretPlace | None = None


def make_plan(bench: Workbench, name: str, wanted: Wanted) -> Plan:
    """Return what would change. Slow: it asks the real tool.

    Raises:
        ClientConfigError: The configuration can't be read or edited; it will be left alone.
    """
    tool = tool_named(name)
    _refuse_impossible(tool, wanted)
    found = tool.find(bench.environ)
    target = bench.target(found, found.file(wanted.scope), wanted.scope, wanted.ca_pem)
    current = read_configuration(target.path, name)
    record = bench.record(name, target.path)
    base = bytes_without_us(record, current)
    bundle = _plan_bundle(bench, tool, target, base)
    entry = Entry(wanted.url, wanted.mode, bundle.path if bundle else None, wanted.secret)
    kept = _plan_keyring(bench, tool, found, wanted, record)
    keeper = KEEPERS.get(name) if wanted.secret and not kept else None
    if kept:
        entry = _looked_up(tool, entry)
    elif keeper:
        entry = replace(entry, secret="")
    after = tool.edit(target, base, entry)
    unchanged = after == current and (kept is None or kept.stands)
    changes = () if unchanged else (FileChange(target.path, current, after, secret=entry.secret),)
    cautions = (*_first_cautions(found, kept), *tool.cautions(target, after, entry))
    if keeper:
        more, warned = _plan_keeper(bench, keeper, replace(entry, bundle=None, secret=wanted.secret))
        changes, cautions = (*changes, *more), (*cautions, *warned)
    return Plan(
        tool=name,
        mode=wanted.mode,
        scope=wanted.scope,
        url=entry.url,
        changes=changes,
        cautions=cautions,
        tool_label=found.label,
        ca_bundle=bundle,
        command=found.command,
        owner=wanted.owner,
        keyring=kept,
        token=bool(wanted.secret),
    )


def _refuse_impossible(tool: Tool, wanted: Wanted) -> None:
    if wanted.mode not in tool.modes:
        raise ClientConfigError(
            Sentence(
                '{tool} can\'t be told to look here "{mode}": it knows {known}.',
                tool=tool.name,
                mode=wanted.mode.value,
                known=" and ".join(known.value for known in tool.modes),
            ),
            tool.name,
        )
    url = wanted.url
    if not (url.isascii() and url.isprintable() and " " not in url):
        raise ClientConfigError(
            Sentence("The address {url} can't be written into a configuration.", url=repr(url)), tool.name
        )


def _first_cautions(found: Found, kept: KeyringEntry | None) -> tuple[Caution, ...]:
    return (
        *((Caution(CautionReason.TOOL_NOT_FOUND, found.tool),) if not found.command else ()),
        *((Caution(CautionReason.CREDENTIAL_IN_KEYRING, kept.program),) if kept else ()),
    )


def _plan_keyring(
    bench: Workbench, tool: Tool, found: Found, wanted: Wanted, record: Record | None
) -> KeyringEntry | None:
    """Return what would stand in the keyring; None when the token is kept in a file, or there is none."""
    place = wanted.place or (SecretPlace.KEYRING if record and record.keyring else SecretPlace.FILE)
    if place is SecretPlace.FILE:
        return None
    reader = tool.keyring
    if reader is None:
        raise ClientConfigError(
            Sentence(
                "{tool} can't be told to look into the keyring; it has a store of its own, "
                "which only you can read (--secret file).",
                tool=tool.name,
            ),
            tool.name,
        )
    if not wanted.secret:
        if wanted.place is None:
            return None
        raise ClientConfigError(
            Sentence(
                "{tool} needs no token here: anybody may read this repository. Make "
                "reading need one first: cheeseboard token reading token",
                tool=tool.name,
            ),
            tool.name,
        )
    program = reader.program(found, bench.environ)
    entry = KeyringEntry(program, reader.service(wanted.url), keyring.USER, wanted.secret)
    known = keyring.look_up(entry, tool.name, bench.environ)
    if known is not None and known != wanted.secret and not _is_ours(bench, entry, known):
        raise ClientConfigError(
            Sentence(
                "The keyring has another password for {user} at {service}, so it was left "
                "alone. Take it out first: keyring del {service} {user}",
                user=entry.user,
                service=entry.service,
            ),
            tool.name,
        )
    return replace(entry, stands=known == wanted.secret)


def _is_ours(bench: Workbench, entry: KeyringEntry, known: str) -> bool:
    """Tell whether a password in the keyring is a token that we put there before."""
    digest = sha256(known.encode()).hexdigest()
    return any(entry.same_place(record.keyring) and record.digest == digest for record in bench.records())


def _looked_up(tool: Tool, entry: Entry) -> Entry:
    """Return an entry whose token the tool finds in the keyring."""
    in_url = tool.keyring is not None and tool.keyring.named_in_url
    url = with_user(entry.url, keyring.USER) if in_url else entry.url
    return replace(entry, url=url, secret="", keyring=True)


def _plan_keeper(
    bench: Workbench, keeper: str, entry: Entry
) -> tuple[tuple[FileChange, ...], tuple[Caution, ...]]:
    """Return what changes where an installer looks for its token, the user's own file always."""
    tool = tool_named(keeper)
    found = tool.find(bench.environ)
    target = bench.target(found, found.file(Scope.USER), Scope.USER)
    current = read_configuration(target.path, keeper)
    base = bytes_without_us(bench.record(keeper, target.path), current)
    after = tool.edit(target, base, entry)
    if after == current:
        return (), ()
    change = FileChange(target.path, current, after, keeper, entry.secret)
    return (change,), tool.cautions(target, after, entry)


def _plan_bundle(bench: Workbench, tool: Tool, target: Target, base: bytes | None) -> CaBundle | None:
    sources = tool.bundle_sources(target, base)
    if sources is None:
        return None
    bases, public = sources
    bundle = _bundle_path(bench, tool.name, target)
    bases = tuple(named for named in bases if named != bundle)
    try:
        return CaBundle(bundle, bases, public, make_bundle(bases, target.ca_pem, public=public))
    except UnusableBundle as error:
        raise ClientConfigError(
            Sentence(
                "{tool} is told to read certificates from {filename}, but {cause}. Correct "
                "or remove that setting, then try again.",
                tool=tool.name,
                filename=error.filename,
                cause=error.strerror,
            ),
            tool.name,
            Path(error.filename),
        ) from error


def _bundle_path(bench: Workbench, tool: str, target: Target) -> Path:
    if target.scope is Scope.USER:
        # By the file's name: two homes may share our directory.
        name = sha256(os.fsencode(target.path)).hexdigest()[:12]
        return bench.directory / f"{tool}-{name}-certificates.pem"
    # Others read this configuration too, and can't look into our private directory.
    return target.path.parent / "cheeseboard-certificates.pem"
