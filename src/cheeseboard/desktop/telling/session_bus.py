"""Notifications where there is no tray: a message to the desktop over D-Bus; Linux, no Qt."""

import html
import logging
from collections.abc import Mapping

logger = logging.getLogger(__name__)

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
SECONDS = 5.0
# What the specification calls "normal": it goes away by itself.
URGENCY = 1


def notify(environ: Mapping[str, str], title: str, text: str, *, icon: str = "cheeseboard") -> bool:
    """Show a notification; slow (it waits for the desktop's answer).

    Args:
        environ: Names the bus of the user's session.
        title: One line.
        text: Plain; what looks like markup in it is shown as it is written.
        icon: The name of an installed icon.

    Returns:
        Whether the desktop took it. Where nobody shows notifications, the log says why not.
    """
    bus = environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not bus:
        logger.info("No notification: there is no session bus")
        return False
    try:
        return _send(bus, (title, html.escape(text, quote=False)), icon)
    except Exception as error:  # noqa: BLE001  # a desktop may break in any way; nothing of ours depends on it
        logger.info("No notification: %s", str(error) or type(error).__name__)
        return False


def _send(bus: str, words: tuple[str, str], icon: str) -> bool:
    from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415  # rarely wanted, Linux only
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415  # as above

    hints = {"desktop-entry": ("s", "cheeseboard"), "urgency": ("y", URGENCY)}
    buttons: list[str] = []
    body = ("Cheeseboard", 0, icon, *words, buttons, hints, -1)
    message = new_method_call(
        DBusAddress(PATH, bus_name=NAME, interface=NAME), "Notify", "susssasa{sv}i", body
    )
    connection = open_dbus_connection(bus=bus)
    try:
        answer = connection.send_and_get_reply(message, timeout=SECONDS)
    finally:
        connection.close()
    if answer.header.message_type is MessageType.error:
        logger.info("No notification: %s", *answer.body[:1])
        return False
    return True
