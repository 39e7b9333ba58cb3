"""The access log, in the usual combined form, written beside the hot path and rotated by size."""

import logging
import os
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cheeseboard.server.repeating import Repeating

logger = logging.getLogger(__name__)

# More than a minute of full load; beyond, the oldest lines are lost rather than memory.
_MOST_WAITING = 200_000
_LONGEST_FIELD = 1000


class Access(NamedTuple):
    """One request and its answer. A tuple: one is made for every request.

    Attributes:
        target: Path and query as the client sent them.
        length: Of the body that was to be sent, in bytes.
        referer: "" when not said; likewise ``agent``.
        user: The name of the token that was shown, never the token; "" for anybody.
    """

    address: str
    method: str
    target: str
    protocol: str
    status: int
    length: int
    referer: str
    agent: str
    user: str = ""


def format_combined(access: Access, moment: datetime) -> str:
    """Return one line of the combined log format, without its end; what a client said is escaped."""
    return _format(access, _format_moment(moment))


def _format_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")


def _format(access: Access, moment: str) -> str:
    address, *said, user = access
    # Most requests say what was said before; a long one is not worth the memory.
    short = len(access.target) + len(access.referer) + len(access.agent) <= _LONGEST_FIELD
    written = _write_said(*said) if short else _write_said.__wrapped__(*said)
    return f"{_write_address(address)} - {_write_user(user) if user else '-'} [{moment}] {written}"


@lru_cache(maxsize=1024)
def _write_address(address: str) -> str:
    return _write_field(address[:_LONGEST_FIELD])


@lru_cache(maxsize=1024)
def _write_said(
    method: str, target: str, protocol: str, status: int, length: int, referer: str, agent: str
) -> str:
    request = f"{_escape(method)} {_escape(target)} HTTP/{_escape(protocol)}"
    return f'"{request}" {status} {length or "-"} "{_write_field(referer)}" "{_write_field(agent)}"'


def _write_user(name: str) -> str:
    # A space would end the field.
    return _escape(name).replace(" ", "\\x20")


def _write_field(text: str) -> str:
    return _escape(text) or "-"


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _escape(text: str) -> str:
    """Return ``text`` so that it can neither end its field nor its line (as Apache and nginx do)."""
    if len(text) <= _LONGEST_FIELD and _is_plain(text):
        return text
    return "".join(
        character if " " <= character <= "~" and character not in '"\\' else _escaped(character)
        for character in text[:_LONGEST_FIELD]
    )


def _escaped(character: str) -> str:
    return f"\\x{ord(character):02X}" if ord(character) < 0x100 else f"\\u{ord(character):04X}"


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class AccessLog:
    """Takes accesses from any thread at the cost of an append; a thread of its own writes them.

    Args:
        path: The file; older ones are ``path.1``, ``path.2``, ...
        now: The clock.
        most_bytes: A file is put aside when it has grown beyond this.
        kept: How many older files are kept.
        seconds: How often what came is written.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        most_bytes: int = 10_000_000,
        kept: int = 5,
        seconds: float = 1.0,
    ) -> None:
        self._path = path
        self._now = now
        self._most_bytes = most_bytes
        self._kept = kept
        # Told of all that came, about every second; None while nobody watches.
        self.watcher: Callable[[Sequence[Access]], None] | None = None
        self._waiting: deque[tuple[datetime, Access]] = deque(maxlen=_MOST_WAITING)
        self._repeating = Repeating(self._write, seconds=seconds, name="cheeseboard-access-log")

    def __call__(self, access: Access) -> None:
        """Take one access; returns at once."""
        self._waiting.append((self._now(), access))

    def close(self) -> None:
        """Write what is left and end; idempotent."""
        self._repeating.close()

    def _write(self) -> None:
        lines: list[str] = []
        watcher, watched = self.watcher, list[Access]()
        second, shown = -1, ""
        with suppress(IndexError):
            while True:
                moment, access = self._waiting.popleft()
                if int(moment.timestamp()) != second:
                    second, shown = int(moment.timestamp()), _format_moment(moment)
                lines.append(_format(access, shown) + "\n")
                if watcher is not None:
                    watched.append(access)
        if not lines:
            return
        if watcher is not None:
            watcher(watched)
        try:
            with open(self._path, "a", encoding="ascii", opener=_open_private) as file:
                file.writelines(lines)
                grown = file.tell() > self._most_bytes
            if grown:
                self._rotate()
        except OSError as error:
            logger.warning("The access log can't be written: %s", error)

    def _rotate(self) -> None:
        for number in range(self._kept, 0, -1):
            newer = self._aside(number - 1) if number > 1 else self._path
            if newer.exists():
                newer.replace(self._aside(number))

    def _aside(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")
