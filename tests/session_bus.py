"""A message bus of the test's own, as a desktop session has one."""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from jeepney import DBusAddress, MessageType, new_method_call, new_method_return
from jeepney.io.blocking import DBusConnection, open_dbus_connection


class CallFailed(Exception):
    """The object of a call is not there, or says that it failed."""


@contextmanager
def running_bus(daemon: str, directory: Path) -> Iterator[str]:
    """Run ``dbus-daemon``; give the address of its bus."""
    arguments = [daemon, "--session", "--nofork", "--nopidfile", "--print-address"]
    process = subprocess.Popen(
        [*arguments, f"--address=unix:path={directory / 'bus'}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address, "dbus-daemon did not start"
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def connected(address: str) -> Iterator[DBusConnection]:
    """Connect to a bus."""
    connection = open_dbus_connection(bus=address)
    try:
        yield connection
    finally:
        connection.close()


def call(
    connection: DBusConnection,
    place: tuple[str, str],
    interface: str,
    method: str,
    signature: str | None = None,
    body: Sequence[Any] = (),
) -> tuple[Any, ...]:
    """Call a method of an object, which is a bus name and a path; return what it answers.

    Raises:
        CallFailed: It answers with an error.
    """
    name, path = place
    address = DBusAddress(path, bus_name=name, interface=interface)
    message = new_method_call(address, method, signature, tuple(body))
    answer = connection.send_and_get_reply(message, timeout=10)
    if answer.header.message_type is MessageType.error:
        raise CallFailed(method, place, answer.body)
    return tuple(answer.body)


class NotificationDaemon:
    """Takes notifications as a desktop does, and keeps them instead of showing them."""

    def __init__(self, address: str) -> None:
        """Own the name on the bus; ``with`` runs it."""
        self.shown: list[tuple[str, str]] = []
        self.icons: list[str] = []
        self._connection = open_dbus_connection(bus=address)
        place = ("org.freedesktop.DBus", "/org/freedesktop/DBus")
        name = ("org.freedesktop.Notifications", 4)  # 4: fail when somebody else has it
        assert call(self._connection, place, "org.freedesktop.DBus", "RequestName", "su", name) == (1,)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(10)
        self._connection.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                _, _, icon, summary, body, *_ = message.body
                self.icons.append(icon)
                self.shown.append((summary, body))
                self._connection.send(new_method_return(message, "u", (len(self.shown),)))
