"""``trust``: the certificate authority, and who trusts it."""

import argparse
import sys
from pathlib import Path

from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, Command, Context
from cheeseboard.cli.lesson import lesson


def _add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=["show", "export", "bundle", "install", "uninstall", "rotate", "remove"],
        help="show it; write it (export), or it and the public ones (bundle), to FILE; let trust stores know "
        "it (install) or no more (uninstall); make another (rotate); undo all that trusts it, then "
        "destroy it (remove)",
    )
    parser.add_argument("target", nargs="?", metavar="FILE", help="for export and bundle: where to write it")
    parser.add_argument(
        "--store", action="append", default=[], metavar="NAME", help="this store alone, as `show` names it"
    )


def _trust(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    if (arguments.action in {"export", "bundle"}) != (arguments.target is not None):
        sys.stderr.write("`trust export` and `trust bundle` take a file, the others take none.\n")
        return EXIT_USAGE
    if arguments.action == "show":
        _say_trust(context)
        return EXIT_DONE
    if arguments.action == "export":
        service.trust.export(Path(arguments.target).absolute())
        facts = {"file": arguments.target, "ca_sha256": service.trust.ca_sha256}
        context.say(f"Wrote {arguments.target}, SHA-256 {service.trust.ca_sha256}.", "exported", **facts)
        return EXIT_DONE
    if arguments.action == "bundle":
        service.clients.export_bundle(Path(arguments.target).absolute())
        words = (
            f"Wrote {arguments.target}: the public certificates and ours, for `pip --cert` and SSL_CERT_FILE."
        )
        context.say(words, "bundle", file=arguments.target, ca_sha256=service.trust.ca_sha256)
        return EXIT_DONE
    return _change_trust(context)


def _change_trust(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    changes = {
        "install": lambda: service.trust.install(arguments.store),
        "uninstall": lambda: service.trust.uninstall(arguments.store),
        "rotate": service.rotate_authority,
        "remove": service.remove_authority,
    }
    outcomes = changes[arguments.action]()
    for outcome in outcomes:
        facts = {"store": outcome.store.name, "done": outcome.done, "message": outcome.sentence}
        context.say(outcome.sentence, "trust", **facts)
    if not all(outcome.done for outcome in outcomes):
        return EXIT_REFUSED
    if arguments.action == "rotate":
        _say_trust(context)
    if arguments.action == "remove":
        context.say("The authority is removed; the next start makes another.", "removed")
    if not outcomes and arguments.action in {"install", "uninstall"}:
        sys.stderr.write("No trust store that Cheeseboard knows was found here.\n")
        return EXIT_REFUSED
    return EXIT_DONE


def _say_trust(context: Context) -> None:
    service = context.service
    context.say(
        f"Certificate authority: {service.trust.ca_path}\nSHA-256: {service.trust.ca_sha256}",
        "authority",
        ca=str(service.trust.ca_path),
        ca_sha256=service.trust.ca_sha256,
    )
    for state in service.trust.states():
        context.say(
            f"{state.label}: {'trusted' if state.trusted else 'not trusted'} ({state.name})",
            "store",
            store=state.name,
            label=state.label,
            trusted=state.trusted,
            needs_administrator=state.needs_administrator,
        )


TRUST = Command(
    "show this computer's certificate authority, and who trusts it",
    _add_trust,
    _trust,
    lesson=lesson(
        "The repository's certificate is signed by an authority of your own, which can sign for "
        "private names and addresses only. Here you see it, hand it to others, or let this "
        "computer's trust stores know it.",
        ("trust export ca.pem", "the certificate, for a colleague or a container"),
        ("trust bundle all.pem", "with the public ones, for `pip --cert` and SSL_CERT_FILE"),
        ("trust install", "browsers and programs on this computer accept it"),
        authority="ca ca_sha256",
        store="store label trusted needs_administrator",
        exported="file ca_sha256",
        bundle="file ca_sha256",
        trust="store done message",
        removed="",
    ),
)
