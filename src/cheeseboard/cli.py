"""The command line: the second face on the service, and the one that scripts and headless machines use.

Exit codes: 0 done, 1 some item refused, 2 usage, 3 the world failed, with one plain sentence on stderr.
With ``--json`` every line on stdout is one JSON object with stable keys.
"""

import argparse
import json
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TextIO

from packaging.utils import canonicalize_name

from cheeseboard import __version__, wording
from cheeseboard.clients.installers import TOOLS
from cheeseboard.clients.paste import TOOLS as PASTE_TOOLS
from cheeseboard.clients.plan import Mode, Plan, Scope
from cheeseboard.errors import AddressInUse, CheeseboardError
from cheeseboard.events import Way
from cheeseboard.locations import find_locations
from cheeseboard.logs import show_log
from cheeseboard.repository.intake import Accepted, Conflict, Deferred, Identical, Outcome, Rejected
from cheeseboard.repository.snapshot import File, Project
from cheeseboard.server.state import Serving
from cheeseboard.service import Service

EXIT_DONE = 0
EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_FAILED = 3


@dataclass(frozen=True, slots=True)
class Options:
    """A parsed command line.

    Attributes:
        command: Empty for the window.
        files: For the window: to be added.
        arguments: What the command was given besides.
    """

    command: str
    folder: Path | None
    json: bool
    files: tuple[str, ...]
    arguments: argparse.Namespace


# --- parsing ----------------------------------------------------------------------------------------


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; ends the process with 2 on wrong usage, with 0 after help."""
    parser = _command_parser() if _names_command(arguments) else _window_parser()
    found = parser.parse_args(arguments)
    return Options(
        command=getattr(found, "command", None) or "",
        folder=Path(found.folder).absolute() if getattr(found, "folder", None) else None,
        json=bool(getattr(found, "json", False)),
        files=tuple(getattr(found, "files", ())),
        arguments=found,
    )


def _names_command(arguments: Sequence[str]) -> bool:
    """Tell whether the first word that is no option (or an option's value) is a command."""
    words = iter(arguments)
    for word in words:
        if word == "--folder":
            next(words, None)
        elif word in {"-h", "--help"}:
            return True
        elif not word.startswith("-"):
            return word in _COMMANDS
    return False


def _shared_options() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--folder", metavar="DIR", default=argparse.SUPPRESS, help="the managed folder (default: yours)"
    )
    shared.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object a line"
    )
    return shared


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cheeseboard", parents=[_shared_options()])
    parser.add_argument("--version", action="version", version=f"cheeseboard {__version__}")
    parser.add_argument("files", nargs="*", metavar="FILE", help="wheels and source archives to add")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    shared = _shared_options()
    parser = argparse.ArgumentParser(
        prog="cheeseboard",
        parents=[shared],
        description="Turn a folder of Python packages into a private package repository. "
        "Without a command the window opens; files given are added.",
    )
    parser.add_argument("--version", action="version", version=f"cheeseboard {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (add_arguments, _, summary) in _COMMANDS.items():
        add_arguments(commands.add_parser(name, parents=[shared], help=summary, description=summary))
    return parser


def _add_serve(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--lan", action="store_true", help="let other computers on the network in")
    where.add_argument(
        "--host",
        metavar="A",
        type=_address,
        action="append",
        default=[],
        help="bind just this IP address (may be repeated)",
    )
    parser.add_argument(
        "--port", metavar="N", type=_port, help="the port (default: the repository's, 8443 at first)"
    )


def _add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders to search")


def _add_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", nargs="?", metavar="PROJECT", help="list this project's files")


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
    parser.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")
    parser.add_argument(
        "--check-names",
        action="store_true",
        help="ask your other indexes whether they have projects of ours, which tells them the names",
    )


def _add_unuse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tool", choices=TOOLS, metavar="TOOL", help=", ".join(TOOLS))


def _add_prove(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "tool", nargs="?", choices=TOOLS, metavar="TOOL", help="this installer alone (default: all in use)"
    )


def _add_trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=["show", "export", "install", "uninstall", "rotate", "remove"], help="what to do"
    )
    parser.add_argument("target", nargs="?", metavar="FILE", help="for export: where to write it")
    parser.add_argument(
        "--store", action="append", default=[], metavar="NAME", help="this store alone, as `show` names it"
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (0 to 65535; 0 takes any free one)")
    return int(text)


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP address") from error


# --- running ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Context:
    """What a command works with."""

    options: Options
    service: Service
    out: TextIO

    def say(self, text: str, event: str, **facts: Any) -> None:  # noqa: ANN401  # whatever JSON can hold
        """Print one line: ``text`` for people, or the event with its facts for ``--json``."""
        line = json.dumps({"event": event, **facts}) if self.options.json else text
        self.out.write(line + "\n")
        self.out.flush()


def run(options: Options, environ: Mapping[str, str], out: TextIO | None = None) -> int:
    """Run a command; return its exit code."""
    show_log(sys.stderr, environ)
    command = _COMMANDS[options.command][1]
    try:
        service = Service(find_locations(environ), environ, folder=options.folder)
        with closing(service):
            return command(Context(options, service, out or sys.stdout))
    except AddressInUse as error:
        hint = f" Use --port {error.free_port}." if error.free_port else ""
        sys.stderr.write(f"{error}{hint}\n")
    except CheeseboardError as error:
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
    except BrokenPipeError:
        # Whoever read our lines has left; nothing is wrong.
        sys.stderr.close()
    return EXIT_FAILED


def serve_for_want_of_display(options: Options, environ: Mapping[str, str]) -> int:
    """Serve instead of opening the window, and say why and how to install from here."""
    sys.stderr.write(
        "There is no display for the window, so the repository is served without one. Stop with Ctrl-C.\n"
    )
    arguments = ["serve", *(["--json"] if options.json else [])]
    if options.folder:
        arguments += ["--folder", str(options.folder)]
    if options.files:
        added = parse(["add", *arguments[1:], *options.files])
        if run(added, environ) == EXIT_FAILED:
            return EXIT_FAILED
    chosen = parse(arguments)
    chosen.arguments.explain = True
    return run(chosen, environ)


def _serve(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    stopped = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stopped.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        service.open()
        serving = service.serve(lan=arguments.lan, hosts=arguments.host, port=arguments.port)
        _say_ready(context, serving, explain=getattr(arguments, "explain", False))
        while not stopped.wait(1.0):
            pass  # on Windows an untimed wait would not see Ctrl-C
        service.stop_serving()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return EXIT_DONE


def _say_ready(context: Context, serving: Serving, *, explain: bool) -> None:
    service = context.service
    url = serving.urls[0]
    context.say(
        f"Serving {service.folder} at {url}",
        "ready",
        url=url,
        upload_url=url.removesuffix("simple/") + "legacy/",
        ca=str(service.ca_path),
        ca_sha256=service.ca_sha256,
    )
    if explain and not context.options.json:
        command = ["pip", "install", "--extra-index-url", url, "--cert", str(service.bundle_path())]
        context.out.write(f"Certificate authority: {service.ca_path}\n")
        context.out.write(f"Install from here:     {shlex.join(command)} PACKAGE\n")
        context.out.write(f"Add packages:          copy wheels into {service.folder}\n")
        context.out.flush()


def _add(context: Context) -> int:
    context.service.open(watch=False)
    paths = [Path(path).absolute() for path in context.options.arguments.paths]
    batch = context.service.add(paths, Way.COMMAND_LINE)
    for outcome in batch.outcomes:
        _say_outcome(context, outcome)
    if not batch.outcomes:
        sys.stderr.write("There is no wheel or source archive in there.\n")
    refused = any(not isinstance(outcome, Accepted | Identical) for outcome in batch.outcomes)
    return EXIT_REFUSED if refused else EXIT_DONE


def _say_outcome(context: Context, outcome: Outcome) -> None:
    event, reason = "added", ""
    file: File | None = None
    match outcome:
        case Accepted(file=file):
            pass
        case Identical(file=file):
            event = "identical"
        case Conflict(existing=file):
            event, reason = "conflict", "already-here"
        case Rejected(refusal=refusal):
            event, reason = "rejected", refusal.reason.value
        case Deferred(reason=deferral):
            event, reason = "rejected", deferral.value
    message = wording.sentence(outcome)
    context.say(
        message,
        event,
        file=str(outcome.source),
        project=file.project if file else "",
        version=file.version if file else "",
        reason=reason,
        message=message,
    )


def _list(context: Context) -> int:
    context.service.open(watch=False)
    context.service.look_through()
    snapshot = context.service.snapshot
    wanted = context.options.arguments.project
    if wanted is None:
        for name in sorted(snapshot.projects):
            _say_project(context, snapshot.projects[name])
        return EXIT_DONE
    project = snapshot.projects.get(canonicalize_name(wanted))
    if project is None:
        sys.stderr.write(f"There is no project {wanted} in {context.service.folder}.\n")
        return EXIT_REFUSED
    for file in project.files:
        _say_file(context, file)
    return EXIT_DONE


def _say_project(context: Context, project: Project) -> None:
    count = len(project.files)
    context.say(
        f"{project.name}  {project.latest}  {count} {'file' if count == 1 else 'files'}",
        "project",
        project=project.name,
        version=project.latest,
        versions=list(project.versions),
        files=count,
        size=project.size,
        summary=project.summary,
        status=project.status.value,
    )


def _say_file(context: Context, file: File) -> None:
    yanked = "" if file.yanked is None else "  yanked" + (f": {file.yanked}" if file.yanked else "")
    context.say(
        f"{file.filename}  {file.size} bytes  sha256={file.sha256}{yanked}",
        "file",
        file=file.filename,
        project=file.project,
        version=file.version,
        kind=file.kind.value,
        size=file.size,
        sha256=file.sha256,
        requires_python=file.requires_python,
        upload_time=file.upload_time.isoformat().replace("+00:00", "Z"),
        yanked=file.yanked is not None,
        yanked_reason=file.yanked or "",
    )


_HOW = {
    Mode.EXTRA: "{tool} on this computer now also knows this repository.",
    Mode.FIRST: "{tool} on this computer now looks here first.",
    Mode.ONLY: "{tool} on this computer now looks only here.",
}


def _use(context: Context) -> int:
    arguments = context.options.arguments
    if arguments.tool in PASTE_TOOLS:
        return _say_lines(context)
    if arguments.check_names:
        context.service.open(watch=False)
        context.service.look_through()
        context.service.check_collisions()
    plan = context.service.plan_use(arguments.tool, mode=arguments.mode, scope=arguments.scope)
    for caution in plan.cautions:
        sys.stderr.write(f"Note: {wording.caution(caution, plan.tool)}\n")
    if not plan.changes:
        context.say(f"{plan.tool} already looks here: {plan.url}", "unchanged", tool=plan.tool, url=plan.url)
        return EXIT_DONE
    if arguments.dry_run:
        _say_plan(context, plan)
        return EXIT_DONE
    context.service.apply(plan)
    for change in plan.changes:
        context.say(
            f"{_HOW[plan.mode].format(tool=plan.tool)} Changed {change.path}; "
            f"undo with: cheeseboard unuse {plan.tool}",
            "used",
            tool=plan.tool,
            file=str(change.path),
            url=plan.url,
            mode=plan.mode.value,
            diff=change.diff,
            cautions=_cautions(plan),
            undo=f"cheeseboard unuse {plan.tool}",
        )
    return EXIT_DONE


def _cautions(plan: Plan) -> list[dict[str, str]]:
    return [
        {"reason": each.reason.value, "detail": each.detail, "message": wording.caution(each, plan.tool)}
        for each in plan.cautions
    ]


def _say_lines(context: Context) -> int:
    lines = context.service.paste_lines(context.options.arguments.tool)
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
        context.say(
            f"Would change {change.path}:\n{change.diff}",
            "planned",
            tool=plan.tool,
            file=str(change.path),
            url=plan.url,
            mode=plan.mode.value,
            diff=change.diff,
            cautions=_cautions(plan),
        )


def _unuse(context: Context) -> int:
    tool = context.options.arguments.tool
    for undone in context.service.unuse(tool):
        how = "as it was before" if undone.exact else "without our entries; other changes in it were kept"
        context.say(
            f"{undone.path} is {how}.", "undone", tool=tool, file=str(undone.path), exact=undone.exact
        )
    return EXIT_DONE


def _prove(context: Context) -> int:
    tool = context.options.arguments.tool
    proofs = context.service.prove(tool)
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


def _trust(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    if (arguments.action == "export") != (arguments.target is not None):
        sys.stderr.write("`trust export` takes a file, the others take none.\n")
        return EXIT_USAGE
    if arguments.action == "show":
        _say_trust(context)
        return EXIT_DONE
    if arguments.action == "export":
        service.export_ca(Path(arguments.target).absolute())
        facts = {"file": arguments.target, "ca_sha256": service.ca_sha256}
        context.say(f"Wrote {arguments.target}, SHA-256 {service.ca_sha256}.", "exported", **facts)
        return EXIT_DONE
    return _change_trust(context)


def _change_trust(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    changes = {
        "install": lambda: service.install_trust(arguments.store),
        "uninstall": lambda: service.uninstall_trust(arguments.store),
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
        f"Certificate authority: {service.ca_path}\nSHA-256: {service.ca_sha256}",
        "authority",
        ca=str(service.ca_path),
        ca_sha256=service.ca_sha256,
    )
    for state in service.trust_states():
        context.say(
            f"{state.label}: {'trusted' if state.trusted else 'not trusted'} ({state.name})",
            "store",
            store=state.name,
            label=state.label,
            trusted=state.trusted,
            needs_administrator=state.needs_administrator,
        )


_Command = tuple[Callable[[argparse.ArgumentParser], None], Callable[[Context], int], str]
_COMMANDS: dict[str, _Command] = {
    "serve": (_add_serve, _serve, "serve without a window until Ctrl-C"),
    "add": (_add_add, _add, "add wheels and source archives; the originals stay where they are"),
    "list": (_add_list, _list, "list projects, or one project's files"),
    "use": (_add_use, _use, "let an installer on this computer look here"),
    "unuse": (_add_unuse, _unuse, "undo what `use` did"),
    "trust": (_add_trust, _trust, "show this computer's certificate authority, and who trusts it"),
    "prove": (_add_prove, _prove, "let real installers ask this repository; say why one fails"),
}
