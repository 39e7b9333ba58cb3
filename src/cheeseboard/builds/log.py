"""What a build printed: plain text, bounded, readable by a window while it grows."""

import codecs
import itertools
import re
import threading
from collections import deque
from dataclasses import dataclass

FIRST_LINES = 200
LAST_LINES = 4_000
_LONGEST_LINE = 2_000
# Colours, cursor movements, titles and links of terminals (ECMA-48).
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]|[ -/]+[0-~])")
_DRAWN_OVER = re.compile(r"[^\n]*\r(?=[^\n\r])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# The user and password in an index's address.
_CREDENTIALS = re.compile(r"(\w://)[^/\s@]+@")


@dataclass(frozen=True, slots=True)
class LogPart:
    """Lines of a log.

    Attributes:
        lines: In the order printed.
        end: The number of the last line, to ask for what comes later.
    """

    lines: tuple[str, ...]
    end: int


class BuildLog:
    """Keeps the first and the last lines of what a build prints; any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unfinished = ""
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._count = 0

    def take(self, printed: bytes, *, final: bool = False) -> tuple[str, ...]:
        """Add what was printed; return the whole lines among it. ``final`` ends the last line."""
        with self._lock:
            text = self._unfinished + self._decoder.decode(printed, final)
            if final and text and not text.endswith("\n"):
                text += "\n"
            if len(text) > 64 * _LONGEST_LINE and "\n" not in text:
                text += "\n"  # somebody who never ends a line
            complete, _, self._unfinished = text.rpartition("\n")
            lines = clean(complete + "\n") if complete or text.startswith("\n") else ()
            self._keep(lines)
            return lines

    def note(self, line: str) -> None:
        """Add a line of ours."""
        with self._lock:
            self._keep(clean(line + "\n"))

    def _keep(self, lines: tuple[str, ...]) -> None:
        self._count += len(lines)
        room = max(0, FIRST_LINES - len(self._first))
        self._first += lines[:room]
        self._last.extend(lines[room:])

    def read(self, after: int = 0) -> LogPart:
        """Return the lines after the one with this number, with a word where lines were not kept."""
        with self._lock:
            kept_from, first = self._count - len(self._last), len(self._first)
            lines = self._first[after:]
            begin = max(after, first)
            if begin < kept_from:
                lines.append(f"… {kept_from - begin:,} lines left out …")
            lines += itertools.islice(self._last, max(0, begin - kept_from), None)
            return LogPart(tuple(lines), self._count)

    @property
    def end(self) -> int:
        """The number of the last line."""
        with self._lock:
            return self._count

    def text(self) -> str:
        """Return all that was kept."""
        return "".join(f"{line}\n" for line in self.read().lines)


def clean(text: str) -> tuple[str, ...]:
    """Return a terminal's lines as plain text: of a line drawn over and over, the last state."""
    plain = _CREDENTIALS.sub(r"\1****@", _TERMINAL.sub("", text))
    if "\r" in plain:
        plain = _DRAWN_OVER.sub("", plain.replace("\r\n", "\n"))
    lines = _CONTROLS.sub("", plain).split("\n")[:-1]
    return tuple(line[:_LONGEST_LINE] for line in lines)
