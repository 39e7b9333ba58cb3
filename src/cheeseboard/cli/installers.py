"""``use``, ``unuse`` and ``prove``: this computer's installers."""

import argparse
import shlex
import sys
from typing import Any

from cheeseboard import wording
from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, Command, Context
from cheeseboard.cli.lesson import lesson
from cheeseboard.clients.paste import TOOLS as PASTE_TOOLS
from cheeseboard.clients.pip_conf import without_user
from cheeseboard.clients.plan import FileChange, Mode, Plan, Scope, SecretPlace
from cheeseboard.clients.tools import TOOLS
from cheeseboard.clients.uv import upload_url

_HOW = {
    Mode.EXTRA: "{tool} on this computer now also knows this repository.",
    Mode.FIRST: "{tool} on this computer now looks here first.",
    Mode.ONLY: "{tool} on this computer now looks only here.",
}
_UPLOAD = {
    "twine": "twine upload -r cheeseboard dist/*",
    "uv-publish": "uv publish --publish-url {url} dist/*",
}


def _add_use(parser: argparse.ArgumentParser) -> None:
    tools = (*TOOLS, *PASTE_TOOLS)
    parser.add_argument("tool", choices=tools, metavar="TOOL", help=", ".join(tools))
    parser.add_argument(
        "--scope", type=Scope, choices=list(Scope), default=Scope.USER, help="whose configuration"
    )
    parser.add_argument(
        "--as",
        dest="mode",
        type=Mode,
        choices=list(Mode),
        default=Mode.EXTRA,
        help="one more index, the first, or the only",
    )
    parser.add_argument(
        "--secret",
        type=SecretPlace,
        choices=list(SecretPlace),
        help="where its token is kept, if it needs one (default: where it is now, a file at first)",
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")
    parser.add_argument(
        "--check-names",
        action="store_true",
        help="ask your other indexes whether they have projects of ours, which tells them the names",
    )


def _use(context: Context) -> int:
    arguments = context.options.arguments
    if arguments.tool in PASTE_TOOLS:
        return _say_lines(context)
    if arguments.check_names:
        context.service.open(watch=False)
        context.service.look_through()
        context.service.clients.check_collisions()
    plan = context.service.clients.plan_use(
        arguments.tool, mode=arguments.mode, scope=arguments.scope, secret_place=arguments.secret
    )
    for caution in plan.cautions:
        sys.stderr.write(f"Note: {wording.caution(caution, plan.tool)}\n")
    if not plan.changes:
        url = without_user(plan.url)
        context.say(f"{plan.tool} already looks here: {url}", "unchanged", tool=plan.tool, url=url)
        return EXIT_DONE
    if arguments.dry_run:
        _say_plan(context, plan)
        return EXIT_DONE
    context.service.clients.apply(plan)
    for change in plan.changes:
        context.say(
            f"{_HOW[plan.mode].format(tool=plan.tool)} Changed {change.path}; "
            f"undo with: cheeseboard unuse {plan.tool}",
            "used",
            **_facts(plan, change),
            undo=f"cheeseboard unuse {plan.tool}",
        )
    if plan.keyring:
        sys.stderr.write(f"The token is in the keyring of {plan.keyring.program}: {plan.keyring.line}\n")
    if plan.tool in _UPLOAD:
        sys.stderr.write(f"Publish from this computer with: {upload_line(plan)}\n")
    return EXIT_DONE


def upload_line(plan: Plan) -> str:
    """Return what uploads; no file tells uv whom to trust, so that is said with it."""
    command = _UPLOAD[plan.tool].format(url=upload_url(plan.url))
    if plan.tool == "twine" or plan.ca_bundle is None:
        return command
    return f"SSL_CERT_FILE={shlex.quote(str(plan.ca_bundle.path))} {command}"


def _facts(plan: Plan, change: FileChange) -> dict[str, Any]:
    """Return what scripts learn of one file that changes."""
    return {
        "tool": plan.tool,
        "file": str(change.path),
        "url": plan.url,
        "mode": plan.mode.value,
        "diff": change.diff,
        "cautions": _cautions(plan),
        "keyring": plan.keyring.facts if plan.keyring else None,
    }


def _cautions(plan: Plan) -> list[dict[str, str]]:
    return [
        {"reason": each.reason.value, "detail": each.detail, "message": wording.caution(each, plan.tool)}
        for each in plan.cautions
    ]


def _say_lines(context: Context) -> int:
    lines = context.service.clients.paste_lines(context.options.arguments.tool)
    for step in lines.steps:
        context.say(
            "\n".join((f"# {step.where}", *step.lines, "")),
            "paste",
            tool=lines.tool,
            where=step.where,
            lines=list(step.lines),
        )
    return EXIT_DONE


def _say_plan(context: Context, plan: Plan) -> None:
    for change in plan.changes:
        kept = plan.keyring
        token = f"\nThe token goes into the keyring of {kept.program}:\n+{kept.line}" if kept else ""
        context.say(
            f"Would change {change.path}:\n{change.diff}{token}",
            "planned",
            **_facts(plan, change),
        )


def _add_unuse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tool", choices=TOOLS, metavar="TOOL", help=", ".join(TOOLS))


def _unuse(context: Context) -> int:
    tool = context.options.arguments.tool
    for undone in context.service.clients.unuse(tool):
        how = "as it was before" if undone.exact else "without our entries; other changes in it were kept"
        fate = wording.token_fate(undone.token, undone.keyring) if undone.token and undone.keyring else ""
        context.say(
            " ".join(part for part in (f"{undone.path} is {how}.", fate) if part),
            "undone",
            tool=tool,
            file=str(undone.path),
            exact=undone.exact,
            keyring=undone.keyring.facts if undone.keyring else None,
            token=undone.token.value if undone.token else None,
        )
    return EXIT_DONE


def _add_prove(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "tool", nargs="?", choices=TOOLS, metavar="TOOL", help="this installer alone (default: all in use)"
    )


def _prove(context: Context) -> int:
    tool = context.options.arguments.tool
    proofs = context.service.clients.prove(tool)
    if not proofs:
        sys.stderr.write(f"{tool} uploads: nothing could be proven without an upload.\n")
    for proof in proofs:
        context.say(
            " ".join(part for part in (f"{proof.label}:", proof.sentence, proof.action) if part),
            "proof",
            tool=proof.tool,
            label=proof.label,
            cause=proof.cause.value if proof.cause else None,
            message=proof.sentence,
            action=proof.action,
        )
    return EXIT_REFUSED if any(proof.cause for proof in proofs) else EXIT_DONE


USE = Command(
    "let an installer on this computer look here",
    _add_use,
    _use,
    lesson=lesson(
        "Tells an installer on this computer of this repository, by changing its own "
        "configuration: the change is shown with --dry-run, and undone to the byte with "
        "`cheeseboard unuse`. For tools that have no such configuration it prints the lines to "
        "paste. A token that the tool needs is kept in a file that only you can read (netrc, "
        ".pypirc, uv's store), never in pip.conf; with --secret keyring, pip (23.1 and newer), uv "
        "and twine find it in your keyring instead.",
        ("use pip --dry-run", "show what would change in pip.conf"),
        ("use twine --secret keyring", "the token goes into your keyring, into no file"),
        ("use uv --as first", "uv looks here before it looks elsewhere"),
        used="tool file url mode diff cautions keyring undo",
        planned="tool file url mode diff cautions keyring",
        unchanged="tool url",
        paste="tool where lines",
    ),
)
UNUSE = Command(
    "undo what `use` did",
    _add_unuse,
    _unuse,
    lesson=lesson(
        "Undoes what `cheeseboard use` wrote. A file that nobody changed since is as it was "
        "before, byte for byte; else only our entries leave.",
        ("unuse pip", "pip forgets this repository"),
        ("unuse uv --json", "for a script; tells each file and whether it is exactly as before"),
        undone="tool file exact keyring token",
    ),
)
PROVE = Command(
    "let real installers ask this repository; say why one fails",
    _add_prove,
    _prove,
    lesson=lesson(
        "Lets the real installers ask this repository, each with its own configuration, and says "
        "why one fails and what to do.",
        ("prove", "every installer that was told of this repository"),
        ("prove pip", "this one alone"),
        proof="tool label cause message action",
    ),
)
