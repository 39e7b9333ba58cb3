"""What a command teaches: a paragraph, examples, and the JSON that scripts may rely on.

``--help``, ``cheeseboard help`` and the man page all print it; it stands with its command.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Example:
    """A line to type, and what it does."""

    line: str
    does: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """All there is to say of one command.

    Attributes:
        about: A paragraph.
        examples: Two at least.
        events: The JSON lines it prints, by the value of "event": their other keys. Keys are only ever added.
    """

    about: str
    examples: tuple[Example, ...]
    events: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def epilog(self) -> str:
        """The examples, as they stand below a command's help."""
        lines = ["examples:"]
        for example in self.examples:
            lines += [f"  cheeseboard {example.line}".rstrip(), f"      {example.does}"]
        return "\n".join(lines)

    @property
    def description(self) -> str:
        """The paragraph, wrapped."""
        return textwrap.fill(self.about, _WIDTH)


def lesson(about: str, *examples: tuple[str, str], **events: str) -> Lesson:
    """Return a lesson: its paragraph, its examples as pairs, and the keys of each event."""
    named = {name.replace("_", "-"): keys for name, keys in events.items()}
    return Lesson(about, tuple(Example(line, does) for line, does in examples), MappingProxyType(named))


# What several commands print.
OUTCOME = "file project version reason message"
UNKNOWN = "name suggestions message"
DECIDED = "file project version reason"
TRASHED = "id file project version size sha256 removed"


def json_page(lessons: Mapping[str, Lesson]) -> str:
    """Return the reference of what ``--json`` prints."""
    lines = [
        'With --json every line on stdout is one JSON object. Its key "event" says what it is; the other',
        "keys are below. Keys are added now and then, and never change or go. Times are UTC, sizes bytes.",
    ]
    for name, each in lessons.items():
        if each.events:
            lines += ["", name]
            lines += [f"  {event}: {keys or '(nothing else)'}" for event, keys in each.events.items()]
    return "\n".join(lines)
