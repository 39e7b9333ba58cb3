"""What screen readers are told: a program's tree, read from the accessibility bus (AT-SPI 2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from jeepney.io.blocking import DBusConnection
from tests.session_bus import CallFailed, call

_REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
_ACCESSIBLE = "org.a11y.atspi.Accessible"
# Bits of the state set, from AtspiStateType.
_FOCUSABLE, _FOCUSED, _SHOWING = 11, 12, 25


@dataclass(frozen=True)
class Node:
    """One thing that a screen reader finds."""

    connection: DBusConnection
    place: tuple[str, str]

    @cached_property
    def name(self) -> str:
        return self._read("Name")

    @property
    def description(self) -> str:
        return self._read("Description")

    def _read(self, fact: str) -> str:
        facts = (_ACCESSIBLE, fact)
        ((_, value),) = call(
            self.connection, self.place, "org.freedesktop.DBus.Properties", "Get", "ss", facts
        )
        return str(value)

    @cached_property
    def role(self) -> str:
        return str(call(self.connection, self.place, _ACCESSIBLE, "GetRoleName")[0])

    @cached_property
    def children(self) -> tuple["Node", ...]:
        (found,) = call(self.connection, self.place, _ACCESSIBLE, "GetChildren")
        return tuple(Node(self.connection, place) for place in found)

    @cached_property
    def _states(self) -> int:
        ((low, high),) = call(self.connection, self.place, _ACCESSIBLE, "GetState")
        return int(low) | int(high) << 32

    @property
    def showing(self) -> bool:
        return bool(self._states >> _SHOWING & 1)

    @property
    def focusable(self) -> bool:
        return bool(self._states >> _FOCUSABLE & 1)

    @property
    def focused(self) -> bool:
        return bool(self._states >> _FOCUSED & 1)

    def walk(self) -> Iterator["Node"]:
        """Return itself and all below it that can be seen; what goes meanwhile is not there."""
        try:
            children = tuple(child for child in self.children if child.showing)
            _ = self.name, self.role, self.focusable  # read now, kept for whoever asks later
        except CallFailed:
            return
        yield self
        for child in children:
            yield from child.walk()

    def press(self) -> None:
        """Do what a screen reader's user does with a button."""
        call(self.connection, self.place, "org.a11y.atspi.Action", "DoAction", "i", (0,))

    def __str__(self) -> str:
        return f"{self.role} {self.name!r}"


def accessibility_bus(session: DBusConnection) -> str:
    """Return the address of the accessibility bus of a session; it starts when it is asked for."""
    return str(call(session, ("org.a11y.Bus", "/org/a11y/bus"), "org.a11y.Bus", "GetAddress")[0])


def programs(connection: DBusConnection) -> tuple[Node, ...]:
    """Return the programs that show themselves."""
    return Node(connection, _REGISTRY).children
