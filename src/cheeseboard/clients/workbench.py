"""What every act on installers' configuration works with: the user's environment, our records, one lock."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from filelock import FileLock, Timeout

from cheeseboard.clients.atomic_file import remove_file, replace_bytes
from cheeseboard.clients.ledger import Ledger, Record
from cheeseboard.clients.plan import Scope
from cheeseboard.clients.tool import Entry, Found, Target
from cheeseboard.clients.tools import tool_named
from cheeseboard.errors import ClientConfigError, Sentence
from cheeseboard.locations import make_private

_LOCK_SECONDS = 60.0


class Workbench:
    """The installers of one user on this computer, as far as we wrote for them.

    Args:
        directory: Where the ledger and the CA bundles live; made when first needed, private.
        environ: The user's environment: it decides which pip is asked and what overrides what.
    """

    def __init__(self, directory: Path, environ: Mapping[str, str]) -> None:
        self.directory = directory.absolute()
        self.environ = dict(environ)
        self._ledger = Ledger(self.directory)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes of ours from changing installers' configuration meanwhile.

        Raises:
            ClientConfigError: Another one does not end, or the disk refuses.
        """
        lock = FileLock(self.directory / ".lock", timeout=_LOCK_SECONDS, mode=0o600)
        try:
            make_private(self.directory)
            lock.acquire()
        except Timeout as error:
            raise ClientConfigError(
                Sentence("Another Cheeseboard is changing installers' configuration."), ""
            ) from error
        except OSError as error:
            raise ClientConfigError(
                Sentence(
                    "Can't write in {directory}: {cause}.", directory=self.directory, cause=cause_of(error)
                ),
                "",
                self.directory,
            ) from error
        try:
            yield
        finally:
            lock.release()

    # --- records --------------------------------------------------------------------------------------

    def records(self) -> tuple[Record, ...]:
        """Return all that we wrote.

        Raises:
            ClientConfigError: The ledger is damaged, or newer than this program.
        """
        return self._ledger.read()

    def record(self, tool: str, path: Path) -> Record | None:
        """Return what we wrote for a tool into a file."""
        return next((r for r in self.records() if r.tool == tool and r.path == path), None)

    def put_back(self, records: tuple[Record, ...]) -> None:
        """Let the ledger hold just these."""
        self._ledger.write(records)

    def remember(self, new: Record, *, instead_of: Record | None) -> None:
        """Let a record take another's place, or stand behind all others."""
        records = self.records()
        if instead_of in records:
            self._ledger.write([new if record == instead_of else record for record in records])
        else:
            self._ledger.write([*records, new])

    def forget(self, record: Record) -> None:
        """Take a record out."""
        self._ledger.write([other for other in self.records() if other != record])

    def target(self, found: Found, path: Path, scope: Scope, ca_pem: bytes = b"") -> Target:
        """Return a file as what is to be changed, for this user."""
        return Target(found, path, scope, ca_pem, self.environ)

    # --- files ----------------------------------------------------------------------------------------

    def write_bundle(self, path: Path, content: bytes, tool: str) -> None:
        """Put a CA bundle in place, unless it is there already.

        Raises:
            ClientConfigError: It can't be written.
        """
        try:
            if not path.exists() or path.read_bytes() != content:
                mode = 0o600 if path.parent == self.directory else 0o644
                replace_bytes(path, content, new_mode=mode)
        except OSError as error:
            raise ClientConfigError(
                Sentence("Can't write {path}: {cause}.", path=path, cause=cause_of(error)), tool, path
            ) from error


def bytes_without_us(record: Record | None, current: bytes | None) -> bytes | None:
    """Return a file's bytes without us: those of before when nobody edited it since.

    Raises:
        ClientConfigError: Somebody did, so that the tool could not read it any more.
    """
    if record is None or current is None:
        return current
    if current in (record.after, record.before):
        return record.before
    rest = tool_named(record.tool).take_out(record, current)
    return None if record.before is None and not rest.strip() else rest


def leave(record: Record, current: bytes | None, wanted: bytes | None) -> None:
    """Put a file's bytes without us in place.

    Raises:
        ClientConfigError: It can't be written.
    """
    try:
        if wanted is None:
            remove_file(record.path, record.made_directories)
        elif wanted != current:
            replace_bytes(record.path, wanted, new_mode=0o600)
    except OSError as error:
        raise ClientConfigError(
            Sentence("{path} can't be written: {cause}.", path=record.path, cause=cause_of(error)),
            record.tool,
            record.path,
        ) from error


def entry_of(record: Record, url: str) -> Entry:
    """Return what stands in a record's file, for an address that may be another by now."""
    return Entry(url, record.mode, record.bundle, record.secret, keyring=record.keyring is not None)


def cause_of(error: OSError) -> str:
    """Return what the system says, for the middle of a sentence."""
    return (error.strerror or str(error)).lower()
