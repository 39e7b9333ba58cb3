"""``settings`` and ``autostart``: what the window's preferences show, on the command line."""

import argparse
import sys
from dataclasses import fields
from typing import Any

from cheeseboard.cli.command import EXIT_DONE, EXIT_USAGE, Command, Context
from cheeseboard.cli.completing import completed_by
from cheeseboard.cli.lesson import lesson
from cheeseboard.cli.selection import alike
from cheeseboard.settings import Settings

# What has a command of its own, or is the window's alone.
_ELSEWHERE = {
    "folder": "cheeseboard repositories choose DIR",
    "repositories": "cheeseboard repositories",
    "retention": "cheeseboard retention",
    "ports": "cheeseboard serve --port N",
    "upload_ports": "cheeseboard serve --upload-port N",
    "network_explained": "the window",
    "window_geometry": "the window",
    "list_order": "the window",
    "panel_width": "the window",
}
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def settable() -> dict[str, Any]:
    """Return the settings that a command may set, with their defaults."""
    return {
        each.name: each.default
        for each in fields(Settings)
        if each.name not in _ELSEWHERE and isinstance(each.default, bool | int | str)
    }


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["show", "set"], nargs="?", default="show", help="what to do")
    name = parser.add_argument("name", nargs="?", metavar="NAME", help="which one")
    completed_by(name, lambda **_: list(settable()))
    parser.add_argument("value", nargs="?", metavar="VALUE", help="for set: a text, a number, or on/off")


def _settings(context: Context) -> int:
    arguments = context.options.arguments
    known = settable()
    if arguments.name in _ELSEWHERE:
        sys.stderr.write(f"{arguments.name} is set elsewhere: {_ELSEWHERE[arguments.name]}\n")
        return EXIT_USAGE
    if arguments.name is not None and arguments.name not in known:
        likely = alike(arguments.name, known)
        hint = f"Did you mean {' or '.join(likely)}?" if likely else "See: cheeseboard settings"
        sys.stderr.write(f"There is no setting {arguments.name}. {hint}\n")
        return EXIT_USAGE
    if arguments.action == "set":
        return _set(context, arguments.name, arguments.value)
    if arguments.value is not None:
        sys.stderr.write("Did you mean: cheeseboard settings set NAME VALUE?\n")
        return EXIT_USAGE
    for name in [arguments.name] if arguments.name else known:
        _say(context, name)
    return EXIT_DONE


def _set(context: Context, name: str | None, text: str | None) -> int:
    if name is None or text is None:
        sys.stderr.write("`settings set` takes a name and a value. See: cheeseboard settings\n")
        return EXIT_USAGE
    default = settable()[name]
    value: Any = text
    if isinstance(default, bool):
        value = _WORDS.get(text.lower())
    elif isinstance(default, int):
        value = int(text) if text.lstrip("-").isdigit() else None
    if value is None:
        kind = "on or off" if isinstance(default, bool) else "a number"
        sys.stderr.write(f"{name} is {kind}, not {text}.\n")
        return EXIT_USAGE
    if name == "build_python" and text and not context.service.builds.can_use(text):
        sys.stderr.write(f"{text} can't build: it is missing here, or older than Python 3.11.\n")
        return EXIT_USAGE
    try:
        context.service.change_settings(**{name: value})
    except ValueError as error:
        sys.stderr.write(f"{str(error)[:1].upper()}{str(error)[1:]}.\n")
        return EXIT_USAGE
    _say(context, name)
    return EXIT_DONE


def _say(context: Context, name: str) -> None:
    value, default = getattr(context.service.settings, name), settable()[name]
    shown = ("on" if value else "off") if isinstance(value, bool) else (value if value != "" else "-")
    changed = "" if value == default else "  (changed)"
    context.say(f"{name:<26} {shown}{changed}", "setting", name=name, value=value, default=default)


def _add_autostart(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=["status", "on", "off"], nargs="?", default="status", help="what to do"
    )


def _autostart(context: Context) -> int:
    autostart, action = context.service.autostart, context.options.arguments.action
    if action == "on":
        autostart.enable()
    elif action == "off":
        autostart.disable()
    enabled = autostart.enabled
    words = (
        f"Cheeseboard starts when you log in: {autostart.place}"
        if enabled
        else "Cheeseboard does not start when you log in."
    )
    context.say(words, "autostart", enabled=enabled, place=autostart.place)
    return EXIT_DONE


SETTINGS = Command(
    "show or set preferences",
    _add_settings,
    _settings,
    lesson=lesson(
        "Shows your preferences, or sets one; they are those of the window. Changed ones are marked.",
        ("settings", "all of them"),
        ("settings set trash_days 180", "keep removed files for half a year"),
        setting="name value default",
    ),
)
AUTOSTART = Command(
    "start the window when you log in, or no more",
    _add_autostart,
    _autostart,
    lesson=lesson(
        "Shows whether the window starts when you log in, in the tray where there is one, or changes "
        "that. It serves the repository on this computer from then on. One entry is written where your "
        "system looks for such programs; `off` takes it away again. On a machine without a desktop let "
        "a service manager run `cheeseboard serve` instead.",
        ("autostart on", "from the next login on"),
        ("autostart off", "no more; nothing of it is left"),
        autostart="enabled place",
    ),
)
