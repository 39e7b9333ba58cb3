"""``doctor``: what is wrong, and what to do; or all of it in a file for somebody who helps."""

import argparse
import os
import sys
from pathlib import Path

from cheeseboard.cli.command import EXIT_DONE, EXIT_FAILED, EXIT_REFUSED, Command, Context
from cheeseboard.cli.lesson import lesson
from cheeseboard.locations import find_locations
from cheeseboard.service.diagnostics import report_on
from cheeseboard.service.doctor import Complaint, Subject, examine, is_served


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bundle",
        metavar="FILE",
        help="also write versions, settings, states and logs there, without keys, tokens and names",
    )


def _doctor(context: Context) -> int:
    complaints = examine(context.service)
    for each in complaints:
        context.say(
            f"{each.sentence} {each.action}",
            "complaint",
            subject=each.subject.value,
            message=each.sentence,
            action=each.action,
        )
    if not complaints:
        context.say("Nothing is wrong here.", "well")
    _say_served(context, complaints)
    bundle = context.options.arguments.bundle
    if bundle is not None and not _write_bundle(context, Path(bundle), complaints):
        return EXIT_FAILED
    return EXIT_REFUSED if complaints else EXIT_DONE


def _say_served(context: Context, complaints: tuple[Complaint, ...]) -> None:
    """Say whether somebody serves the folder: that nobody does is no fault, but good to know."""
    if any(each.subject is Subject.SERVER for each in complaints):
        return  # told already
    url = context.service.sharing.place.url
    served = is_served(context.service)
    nobody = "Nobody serves this folder now: open the window, or run `cheeseboard serve`."
    words = f"It is served at {url}" if served else nobody
    context.say(words, "server", url=url, served=served, message=words)


def _write_bundle(context: Context, path: Path, complaints: tuple[Complaint, ...]) -> bool:
    try:
        report = report_on(context.service, find_locations(os.environ).logs, complaints)
        path.write_text(report, encoding="utf-8")
    except OSError as error:
        sys.stderr.write(f"{path} could not be written: {error.strerror}.\n")
        return False
    context.say(f"Wrote {path}. Read it before you pass it on.", "bundle", file=str(path))
    return True


DOCTOR = Command(
    "say what is wrong with this folder, server, trust or configuration, and what to do",
    _add_doctor,
    _doctor,
    lesson=lesson(
        "Looks at the folder, the server's port, the certificates and the configuration of installers, "
        "lets real installers in use ask where somebody serves, and says each thing that is wrong with "
        "one thing to do about it. It changes nothing. --bundle writes what helps somebody else to "
        "help: versions, settings, states and logs, without keys, tokens, your name and your home "
        "directory. Exits with 1 when anything is wrong.",
        ("doctor", "what is wrong, and what to do"),
        ("doctor --bundle report.txt", "the same, and a file to read and pass on"),
        complaint="subject message action",
        well="",
        server="url served message",
        bundle="file",
    ),
)
