"""What we wrote into installers' configuration, so that it can be undone: the bytes before and after."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cheeseboard.clients.atomic_file import read_bytes, replace_bytes
from cheeseboard.clients.plan import KeyringEntry, Mode, Scope
from cheeseboard.errors import ClientConfigError, Sentence

VERSION = 1
FILE = "ledger.json"


@dataclass(frozen=True, slots=True)
class Record:
    """One configuration file as we found it and as we left it.

    Attributes:
        tool: "pip", "uv", ...
        path: The file; a symlink is followed anew each time.
        url: Our URL that was written.
        before: The bytes without us; None when there was no file.
        after: The bytes with us.
        made_directories: Directories that were made for the file, the outermost first.
        bundle: The CA bundle that the file names.
        bases: What the bundle was made from, see ``CaBundle``.
        public: Likewise.
        paused: Whether our entries are taken out for as long as nobody serves.
        owner: Whose address it is: the managed folder; empty when unknown.
        secret: The token that stands in it; empty for none.
        keyring: Where the token is kept when the file does not hold it; without the token.
        digest: The SHA-256 of that token, to know it again.
    """

    tool: str
    scope: Scope
    mode: Mode
    path: Path
    url: str
    before: bytes | None
    after: bytes
    made_directories: tuple[Path, ...] = ()
    bundle: Path | None = None
    bases: tuple[Path, ...] = ()
    public: bool = True
    paused: bool = False
    owner: str = ""
    secret: str = field(default="", repr=False)
    keyring: KeyringEntry | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records on disk, in a file of our own, 0600: configuration files may hold passwords."""

    directory: Path

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self.directory / FILE

    def read(self) -> tuple[Record, ...]:
        """Return all records.

        Raises:
            ClientConfigError: The ledger is damaged, or newer than this program.
        """
        try:
            content = read_bytes(self.path)
        except OSError as error:
            raise _unreadable(self.path, str(error)) from error
        if content is None:
            return ()
        try:
            data = json.loads(content)
            version = data["version"]
            records = tuple(_record(item) for item in data["records"]) if version == VERSION else ()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unreadable(self.path, "it is damaged") from error
        if version != VERSION:
            raise _unreadable(self.path, "it was written by a newer Cheeseboard")
        return records

    def write(self, records: Sequence[Record]) -> None:
        """Replace all records.

        Raises:
            ClientConfigError: The disk failed; the old ledger stands.
        """
        data = {"version": VERSION, "records": [_item(record) for record in records]}
        content = json.dumps(data, indent=1).encode()
        try:
            replace_bytes(self.path, content, new_mode=0o600)
        except OSError as error:
            cause = (error.strerror or str(error)).lower()
            raise ClientConfigError(
                Sentence("Can't write {path}: {cause}.", path=self.path, cause=cause), "", self.path
            ) from error


def _unreadable(path: Path, cause: str) -> ClientConfigError:
    return ClientConfigError(
        Sentence(
            "Cheeseboard's record of what it wrote for installers, {path}, can't be used: {cause}.",
            path=path,
            cause=cause,
        ),
        "",
        path,
    )


def _item(record: Record) -> dict[str, Any]:
    return {
        "tool": record.tool,
        "scope": record.scope.value,
        "mode": record.mode.value,
        "path": str(record.path),
        "url": record.url,
        "before": None if record.before is None else base64.b64encode(record.before).decode(),
        "after": base64.b64encode(record.after).decode(),
        "made_directories": [str(path) for path in record.made_directories],
        "bundle": None if record.bundle is None else str(record.bundle),
        "bases": [str(path) for path in record.bases],
        "public": record.public,
        "paused": record.paused,
        "owner": record.owner,
        "secret": record.secret,
        "keyring": record.keyring.facts if record.keyring else None,
        "digest": record.digest,
    }


def _record(item: dict[str, Any]) -> Record:
    return Record(
        tool=str(item["tool"]),
        scope=Scope(item["scope"]),
        mode=Mode(item["mode"]),
        path=Path(item["path"]),
        url=str(item["url"]),
        before=None if item["before"] is None else base64.b64decode(item["before"], validate=True),
        after=base64.b64decode(item["after"], validate=True),
        made_directories=tuple(Path(path) for path in item["made_directories"]),
        bundle=None if item["bundle"] is None else Path(item["bundle"]),
        bases=tuple(Path(path) for path in item["bases"]),
        public=bool(item["public"]),
        paused=bool(item.get("paused", False)),  # records of before there was a pause
        owner=str(item.get("owner", "")),
        secret=str(item.get("secret", "")),
        keyring=_keyring(item.get("keyring")),
        digest=str(item.get("digest", "")),
    )


def _keyring(item: dict[str, str] | None) -> KeyringEntry | None:
    return KeyringEntry(item["program"], item["service"], item["user"]) if item else None
