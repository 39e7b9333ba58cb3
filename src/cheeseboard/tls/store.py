"""A trust store as a value: how it is told of our authority, and how it forgets it again."""

from dataclasses import dataclass
from pathlib import Path

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trusted:
    """The authority that stores shall trust.

    Attributes:
        path: Its certificate, PEM.
        sha256: Fingerprint, lowercase hex.
        sha1: Likewise; some stores know certificates by it.
    """

    path: Path
    sha256: str
    sha1: str

    @property
    def nickname(self) -> str:
        """A name that no other certificate has: another authority of ours never takes this one's place."""
        return f"cheeseboard-{self.sha256[:16]}"


@dataclass(frozen=True, slots=True)
class Store:
    """One place where certificates are trusted.

    Attributes:
        name: For machines, stable, e.g. "system".
        label: For people, e.g. "This computer (Debian)".
        needs_administrator: Whether its commands have to be run as one.
        install: The commands that make it trust our authority, in order.
        uninstall: Those that take it out, in order.
        look: The command that tells whether it does.
        expected: What that prints then, without blanks, beside ending well; "" for anything.
    """

    name: str
    label: str
    needs_administrator: bool
    install: tuple[Command, ...]
    uninstall: tuple[Command, ...]
    look: Command
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command came to: its exit status and all that it printed."""

    status: int
    output: str
