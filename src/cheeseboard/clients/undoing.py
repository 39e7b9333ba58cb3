"""What we wrote for an installer, undone: byte for byte, or just what is ours where somebody edited since."""

import contextlib
from hashlib import sha256

from cheeseboard.clients import keyring
from cheeseboard.clients.ledger import Record
from cheeseboard.clients.plan import TokenFate, Undone
from cheeseboard.clients.tool import read_configuration
from cheeseboard.clients.tools import KEEPERS, tool_named
from cheeseboard.clients.workbench import Workbench, bytes_without_us, leave
from cheeseboard.errors import ClientConfigError, Sentence


def undo(bench: Workbench, name: str) -> tuple[Undone, ...]:
    """Take our entries out of every file of this tool that we wrote, and its token out of the keyring.

    Raises:
        ClientConfigError: Nothing is there to undo, or a file can't be written or understood any more.
    """
    tool_named(name)
    with bench.locked():
        records = [record for record in bench.records() if record.tool == name]
        if not records:
            raise ClientConfigError(
                Sentence("Nothing to undo: Cheeseboard has not changed {name}'s configuration.", name=name),
                name,
            )
        undone = tuple(_undo_record(bench, record) for record in reversed(records))
        return (*undone, *undo_needless(bench, name))


def undo_needless(bench: Workbench, name: str) -> tuple[Undone, ...]:
    """Take out what a tool's token was kept in, when no installer of ours looks there any more."""
    keeper, records = KEEPERS.get(name), bench.records()
    looking = any(KEEPERS.get(record.tool) == keeper and record.keyring is None for record in records)
    if keeper is None or looking:
        return ()
    return tuple(_undo_record(bench, record) for record in records if record.tool == keeper)


def _undo_record(bench: Workbench, record: Record) -> Undone:
    current = read_configuration(record.path, record.tool)
    wanted = bytes_without_us(record, current)
    leave(record, current, wanted)
    bench.forget(record)
    # Last: a configuration that names a missing bundle breaks every install.
    if record.bundle and not tool_named(record.tool).names_bundle(wanted, record.bundle):
        with contextlib.suppress(OSError):
            record.bundle.unlink(missing_ok=True)
    return Undone(record.path, wanted == record.before, record.keyring, release_token(bench, record))


def release_token(bench: Workbench, record: Record) -> TokenFate | None:
    """Take a record's token out of the keyring, unless others need it; None when it was in none."""
    entry = record.keyring
    if entry is None:
        return None
    if any(entry.same_place(other.keyring) for other in bench.records() if other != record):
        return TokenFate.NEEDED
    try:
        known = keyring.look_up(entry, record.tool, bench.environ)
    except ClientConfigError:
        return TokenFate.STUCK
    if known is None:
        return TokenFate.GONE
    if sha256(known.encode()).hexdigest() != record.digest:
        return TokenFate.CHANGED
    return TokenFate.GONE if keyring.take_out(entry, bench.environ) else TokenFate.STUCK
