"""``join-line``, ``address`` and ``neighbours``: colleagues, and how they find this repository."""

import argparse
import sys
import threading

from cheeseboard.cli.command import EXIT_DONE, EXIT_USAGE, Command, Context
from cheeseboard.cli.lesson import lesson

_LOOK_SECONDS = 4.0


def _add_join_line(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--windows", action="store_true", help="for a colleague on Windows, where Python is called py"
    )
    way = parser.add_mutually_exclusive_group()
    way.add_argument(
        "--once", action="store_true", help="two lines for a single install that changes no configuration"
    )
    way.add_argument(
        "--uv", action="store_true", help="two lines: one sets up, one adds a package to a project"
    )


def _join_line(context: Context) -> int:
    arguments = context.options.arguments
    lines = context.service.reaching.setup_lines(windows=arguments.windows)
    if arguments.once:
        context.say(f"{lines.fetch}\n{lines.install}", "once", fetch=lines.fetch, install=lines.install)
    else:
        words = f"{lines.join}\n{lines.uv_add}" if arguments.uv else lines.join
        context.say(words, "join-line", line=lines.join, undo=lines.undo, uv_add=lines.uv_add)
    return EXIT_DONE


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("host", nargs="?", metavar="HOST", help="put this one in front, as listed")
    parser.add_argument("--likeliest", action="store_true", help="let Cheeseboard choose again")
    parser.add_argument("--qr", action="store_true", help="draw the first one as a QR code, for a phone")


def _address(context: Context) -> int:
    arguments, reaching = context.options.arguments, context.service.reaching
    if arguments.host and arguments.likeliest:
        sys.stderr.write("Name a host, or ask for the likeliest; not both.\n")
        return EXIT_USAGE
    if arguments.host or arguments.likeliest:
        try:
            reaching.choose(arguments.host or "")
        except ValueError as error:
            sys.stderr.write(f"{error}\n")
            return EXIT_USAGE
    ways = reaching.ways()
    for way in ways:
        answer = "answers" if way.answers else "does not answer"
        context.say(
            f"{way.url}  {way.label}, {answer}{', chosen' if way.chosen else ''}",
            "address",
            host=way.host,
            url=way.url,
            label=way.label,
            answers=way.answers,
            chosen=way.chosen,
        )
    if not any(way.answers for way in ways):
        sys.stderr.write("Colleagues reach none of these now. Let them with: cheeseboard serve --lan\n")
    if arguments.qr and ways:
        _draw(context, ways[0].url)
    return EXIT_DONE


def _draw(context: Context, url: str) -> None:
    """Draw a QR code, which needs a terminal's colours."""
    if context.options.json or not context.out.isatty():
        sys.stderr.write("A QR code is drawn on a terminal alone.\n")
        return
    import segno  # noqa: PLC0415  # no other command needs it

    segno.make(url, error="m", micro=False).terminal(context.out, compact=True)


def _add_neighbours(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", metavar="N", type=float, default=_LOOK_SECONDS, help="how long to listen (default: 4)"
    )


def _neighbours(context: Context) -> int:
    sharing = context.service.sharing
    sharing.look_around()
    threading.Event().wait(min(max(context.options.arguments.seconds, 0.0), 60.0))
    own = context.service.trust.ca_sha256
    found = [neighbour for neighbour in sharing.neighbours if neighbour.ca_sha256 != own]
    for neighbour in found:
        context.say(
            f"{neighbour.name}  {neighbour.url}  certificate authority SHA-256 {neighbour.ca_sha256}",
            "neighbour",
            name=neighbour.name,
            url=neighbour.url,
            computer=neighbour.computer,
            addresses=list(neighbour.addresses),
            ca_sha256=neighbour.ca_sha256,
        )
    if not found:
        sys.stderr.write("Nobody announces a repository on this network.\n")
    return EXIT_DONE


JOIN_LINE = Command(
    "print the line by which a colleague joins",
    _add_join_line,
    _join_line,
    lesson=lesson(
        "Prints one line for a colleague. They paste it into a terminal (sh, PowerShell or cmd), "
        "and their pip and uv look here over verified HTTPS; --undo behind it takes all back. Send "
        "it over a channel that you both trust, such as your chat, since the line proves the "
        "certificate. The repository has to be served on the network, by the window or by `serve "
        "--lan`.",
        ("join-line", "for a colleague on Linux or macOS"),
        ("join-line --windows", "where Python is called py"),
        ("join-line --uv", "and how a project that uv keeps takes a package from here"),
        ("join-line --once", "for one install that changes none of their configuration"),
        join_line="line undo uv_add",
        once="fetch install",
    ),
)
ADDRESS = Command(
    "show or choose the address that colleagues are told",
    _add_address,
    _address,
    lesson=lesson(
        "Shows the addresses by which colleagues reach this repository, and whether it answers "
        "there now, or puts one in front. A name outlives an address that a router gave. A server "
        "that runs already shows the choice from its next start on.",
        ("address", "what there is"),
        ("address ada-laptop.local", "show this one first"),
        ("address --likeliest", "let Cheeseboard choose again"),
        ("address --qr", "for a phone, or a computer with a camera"),
        address="host url label answers chosen",
    ),
)
NEIGHBOURS = Command(
    "list other repositories on this network",
    _add_neighbours,
    _neighbours,
    lesson=lesson(
        "Lists the repositories that others announce on this network. What they say of themselves "
        "is not verified: ask their owner for the join line, or compare the fingerprint over "
        "another channel.",
        ("neighbours", "listen for a few seconds"),
        ("neighbours --seconds 15 --json", "listen longer, for a script"),
        neighbour="name url computer addresses ca_sha256",
    ),
)
