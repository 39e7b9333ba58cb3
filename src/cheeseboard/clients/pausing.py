"""Entries that come and go with the server: out while nobody serves, back, at any address, with it."""

from collections.abc import Callable
from dataclasses import replace

from cheeseboard.clients import keyring
from cheeseboard.clients.atomic_file import replace_bytes
from cheeseboard.clients.ledger import Record
from cheeseboard.clients.pip_conf import same_url, with_user, without_user
from cheeseboard.clients.plan import KeyringEntry, Mode, Scope
from cheeseboard.clients.tool import read_configuration
from cheeseboard.clients.tools import TOOLS, tool_named
from cheeseboard.clients.undoing import release_token
from cheeseboard.clients.workbench import Workbench, bytes_without_us, cause_of, entry_of, leave
from cheeseboard.errors import ClientConfigError, Sentence


def pause(bench: Workbench, url: str) -> bool:
    """Take our entries out while nobody serves ``url``, so that installers don't wait for it.

    Mode "only" stays: that installer was told to look nowhere else, and would ask the public index
    for private names.

    Returns:
        Whether something was changed.

    Raises:
        ClientConfigError: A file can't be written, or be understood any more; the others are paused.
    """
    return _for_each(
        bench,
        lambda record: _may_pause(record) and same_url(record.url, url) and not record.paused,
        lambda record: _pause_record(bench, record),
    )


def resume(bench: Workbench, url: str) -> bool:
    """Put back what :func:`pause` took out, with what others edited meanwhile.

    Returns:
        Whether something was changed.

    Raises:
        ClientConfigError: A file can't be written or edited; the others are resumed.
    """
    return _for_each(
        bench,
        lambda record: same_url(record.url, url) and record.paused,
        lambda record: _resume_record(bench, record, url),
    )


def follow(bench: Workbench, owner: str, url: str, upload_url: str = "") -> bool:
    """Let every entry that was written for a folder lead to its address of now; slow when any did not.

    An entry that the user took out, or gave another address, is left as it is.

    Args:
        bench: The user's installers.
        owner: The managed folder.
        url: Its Simple API URL.
        upload_url: Where tools upload to that show the reason in the status line alone; "" for there.

    Returns:
        Whether something was changed.

    Raises:
        ClientConfigError: A file can't be written or edited; the others follow.
    """

    def address(record: Record) -> str:
        return upload_url if upload_url and tool_named(record.tool).reads_reasons else url

    return _for_each(
        bench,
        lambda record: (
            bool(owner)
            and record.owner == owner
            and not same_url(record.url, address(record))
            and (record.paused or _stands(record))
        ),
        lambda record: _resume_record(bench, record, address(record)),
    )


def addresses(bench: Workbench) -> tuple[str, ...]:
    """Return the URLs that installers may wait for in vain: those of entries that a pause takes out."""
    records = bench.records()
    waiting = (without_user(r.url) for r in records if _may_pause(r) and not r.paused)
    return tuple(dict.fromkeys(waiting))


def _may_pause(record: Record) -> bool:
    """Tell whether an installer would wait for us; a token keeps nobody waiting."""
    installs = record.tool in TOOLS and not tool_named(record.tool).uploads
    return installs and record.mode is not Mode.ONLY


def _stands(record: Record) -> bool:
    content = read_configuration(record.path, record.tool)
    return tool_named(record.tool).uses(content, record.url, record.mode)


def _for_each(bench: Workbench, wanted: Callable[[Record], bool], act: Callable[[Record], None]) -> bool:
    failure: ClientConfigError | None = None
    with bench.locked():
        records = [record for record in bench.records() if wanted(record)]
        for record in records:
            try:
                act(record)
            except ClientConfigError as error:
                failure = error
    if failure:
        raise failure
    return bool(records)


def _pause_record(bench: Workbench, record: Record) -> None:
    current = read_configuration(record.path, record.tool)
    if not tool_named(record.tool).uses(current, record.url, record.mode):
        return  # the user took it out
    wanted = bytes_without_us(record, current)
    # Remembered first: after a crash in between, what is still there is found and taken for resumed.
    bench.remember(replace(record, paused=True), instead_of=record)
    leave(record, current, wanted)


def _resume_record(bench: Workbench, record: Record, url: str) -> None:
    """Put our entry in, for an address that may be another than before."""
    tool = tool_named(record.tool)
    current = read_configuration(record.path, record.tool)
    base = bytes_without_us(record, current)
    told, kept = _address(bench, record, url)
    resumed = replace(record, before=base, url=told, keyring=kept, paused=False)
    if base != record.before or told != record.url:
        target = bench.target(tool.find(bench.environ), record.path, record.scope)
        resumed = replace(resumed, after=tool.edit(target, base, entry_of(record, told)))
    pending = replace(resumed, paused=True)
    bench.remember(pending, instead_of=record)
    if current != resumed.after:
        try:
            new_mode = 0o600 if record.scope is Scope.USER else 0o644
            replace_bytes(record.path, resumed.after, new_mode=new_mode, private=bool(record.secret))
        except OSError as error:
            raise ClientConfigError(
                Sentence("{path} can't be written: {cause}.", path=record.path, cause=cause_of(error)),
                record.tool,
                record.path,
            ) from error
    bench.remember(resumed, instead_of=pending)
    if kept != record.keyring:
        release_token(bench, record)


def _address(bench: Workbench, record: Record, url: str) -> tuple[str, KeyringEntry | None]:
    """Return an address as this installer is told of it, with its token in the keyring under that name.

    Raises:
        ClientConfigError: The keyring does not give the token, or takes none.
    """
    entry, reader = record.keyring, tool_named(record.tool).keyring
    if same_url(record.url, url):
        return record.url, entry
    if entry is None or reader is None:
        return url, entry
    told = with_user(url, entry.user) if reader.named_in_url else url
    new = replace(entry, service=reader.service(url))
    secret = keyring.look_up(entry, record.tool, bench.environ)
    if secret is not None:  # the user may have taken it out
        keyring.put_in(replace(new, secret=secret), record.tool, bench.environ)
    return told, new
