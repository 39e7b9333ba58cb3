"""Where tokens live: with the user's own state, outside the folder, one file a repository.

Another web server may serve the folder, and somebody may copy it: what is in it is no secret. Several
processes share the files: a change is made under a lock and put in place whole, so a reader needs none.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from packaging.utils import NormalizedName

from cheeseboard.errors import AccessError, Sentence
from cheeseboard.private_file import private_directory, read_private, write_private
from cheeseboard.server.access.private_mark import mark_path, read_mark, set_mark
from cheeseboard.server.access.tokens import (
    Held,
    Reading,
    Rules,
    Token,
    TokenScope,
    digest_of,
    make_id,
    make_secret,
)

VERSION = 1
OWNER = "owner"
_OWNER_FILE = "owner.json"
_LOCK_SECONDS = 30.0
# Nobody is shown when the owner's own were made.
_LONG_AGO = datetime.fromisoformat("2026-01-01T00:00:00+00:00")

Signature = tuple[tuple[int, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class TokenStore:
    """The rules of each repository, and the owner's own tokens, which go for all of them."""

    directory: Path

    def rules(self, folder: Path) -> Rules:
        """Return who may do what with a repository; slow.

        Raises:
            AccessError: The files cannot be read, or are damaged.
        """
        kept = self._read(folder)
        return replace(kept, held=(*kept.held, *self._owner()))

    def signature(self, folder: Path) -> Signature:
        """Return what differs after a change, by whomever; three looks at the disk."""
        return tuple(
            _look(path) for path in (self.path(folder), self.directory / _OWNER_FILE, mark_path(folder))
        )

    def change(self, folder: Path, make: Callable[[Rules], Rules]) -> None:
        """Replace a repository's rules by what ``make`` makes of them; slow.

        Raises:
            AccessError: The files cannot be read or written; the old rules stand.
        """
        with self._locked():
            before = self._read(folder)
            after = make(before)
            if after != before:
                self._write(folder, after)

    def note_uses(self, folder: Path, uses: Mapping[str, datetime]) -> None:
        """Remember when tokens (by id) were used last; slow.

        Raises:
            AccessError: The files cannot be read or written.
        """

        def note(held: Held) -> Held:
            used, known = uses.get(held.token.id), held.token.last_used
            if used is None or (known is not None and known >= used):
                return held
            return replace(held, token=replace(held.token, last_used=used))

        self.change(folder, lambda rules: replace(rules, held=tuple(note(held) for held in rules.held)))

    def owner_secret(self, scope: TokenScope) -> str:
        """Return the owner's own token, made at the first call; slow.

        It lies here as it is, 0600 like the authority's key: installers on this computer are given it. For
        each scope there is one, so that what only reads is never given what could publish.

        Raises:
            AccessError: It cannot be read or written.
        """
        with self._locked():
            known = self._owner_secrets()
            if scope not in known:
                known[scope] = make_secret()
                data = {"version": VERSION, **{each.value: secret for each, secret in known.items()}}
                write_private(self.directory / _OWNER_FILE, _encode(data), AccessError)
            return known[scope]

    def forget_owner(self) -> None:
        """Make the owner's own tokens void; slow. New ones are made when somebody asks for them.

        Raises:
            AccessError: They cannot be removed.
        """
        path = self.directory / _OWNER_FILE
        with self._locked():
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise AccessError(
                    Sentence("Can't remove {path}: {cause}.", path=path, cause=error.strerror), path
                ) from error

    def path(self, folder: Path) -> Path:
        """Return where a repository's rules lie; the same by whatever links the folder is reached."""
        return self.directory / f"{sha256(os.fsencode(folder.resolve())).hexdigest()[:16]}.json"

    # --- the files ------------------------------------------------------------------------------------

    def _read(self, folder: Path) -> Rules:
        known = _read_rules(self.path(folder))
        if known is not None:
            return known
        mark = read_mark(folder)
        return Rules() if mark is None else self._marked(mark)

    def _marked(self, rules_id: str) -> Rules:
        """Return the rules of a folder that was moved here; without any the owner alone may read."""
        closed = Rules(Reading.TOKEN)
        if not rules_id or not self.directory.is_dir():
            return closed
        for path in sorted(self.directory.glob("*.json")):
            rules = None if path.name == _OWNER_FILE else _read_rules(path)
            if rules is not None and rules.id == rules_id:
                return rules
        return closed

    def _write(self, folder: Path, rules: Rules) -> None:
        rules_id = rules.id or make_id()
        data = {
            "version": VERSION,
            "id": rules_id,
            "folder": str(folder),
            "reading": rules.reading.value,
            "tokens": [_item(held) for held in rules.held],
        }
        write_private(self.path(folder), _encode(data), AccessError)
        set_mark(folder, None if rules.reading is Reading.ANYBODY else rules_id)

    def _owner(self) -> tuple[Held, ...]:
        return tuple(
            Held(Token(f"{OWNER}-{scope.value}", OWNER, scope, (), _LONG_AGO), digest_of(secret), True)
            for scope, secret in self._owner_secrets().items()
        )

    def _owner_secrets(self) -> dict[TokenScope, str]:
        path = self.directory / _OWNER_FILE
        content = read_private(path, AccessError, secret=True)
        if content is None:
            return {}
        with _explained(path):
            data = json.loads(content)
            _check_version(data, path)
            return {scope: str(data[scope.value]) for scope in TokenScope if scope.value in data}

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        private_directory(self.directory, AccessError)
        lock = FileLock(self.directory / ".lock", timeout=_LOCK_SECONDS, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise AccessError(Sentence("Another Cheeseboard is changing the tokens. Try again.")) from error
        except OSError as error:
            cause = (error.strerror or str(error)).lower()
            raise AccessError(
                Sentence("Can't write in {directory}: {cause}.", directory=self.directory, cause=cause),
                self.directory,
            ) from error
        try:
            yield
        finally:
            lock.release()


def _read_rules(path: Path) -> Rules | None:
    content = read_private(path, AccessError, secret=True)
    if content is None:
        return None
    with _explained(path):
        data = json.loads(content)
        _check_version(data, path)
        held = tuple(_held(item) for item in data["tokens"])
        return Rules(Reading(data["reading"]), held, str(data.get("id", "")))


def _look(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    # ctime: who is told to make a file private again changes neither its bytes nor its mtime.
    return status.st_mtime_ns, status.st_ino, status.st_size, status.st_ctime_ns


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise AccessError(
            Sentence(
                "The list of tokens {path} is damaged, so nobody is let in by one. Put a "
                "copy of it back, or remove it and make new tokens.",
                path=path,
            ),
            path,
        ) from error


def _check_version(data: Mapping[str, Any], path: Path) -> None:
    if data["version"] != VERSION:
        raise AccessError(
            Sentence("{path} was written by a newer Cheeseboard. Update Cheeseboard to use it.", path=path),
            path,
        )


def _encode(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, indent=1).encode("ascii")


def _item(held: Held) -> dict[str, Any]:
    token = held.token
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope.value,
        "projects": list(token.projects),
        "created": token.created.isoformat(),
        "expires": None if token.expires is None else token.expires.isoformat(),
        "last_used": None if token.last_used is None else token.last_used.isoformat(),
        "sha256": held.digest.hex(),
    }


def _held(item: Mapping[str, Any]) -> Held:
    token = Token(
        id=str(item["id"]),
        name=str(item["name"]),
        scope=TokenScope(item["scope"]),
        projects=tuple(NormalizedName(project) for project in item["projects"]),
        created=datetime.fromisoformat(item["created"]).astimezone(UTC),
        expires=_moment(item["expires"]),
        last_used=_moment(item["last_used"]),
    )
    return Held(token, bytes.fromhex(item["sha256"]))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
