"""``token``: who may publish here, and who may read where not everybody may."""

import argparse
import sys
from typing import Any

from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, Command, Context, shared_options
from cheeseboard.cli.lesson import lesson
from cheeseboard.server.access.tokens import Reading, Token, TokenScope

_READING = {
    Reading.ANYBODY: "Anybody who reaches this repository may read it; publishing needs a token.",
    Reading.TOKEN: "Reading this repository needs a token, and so does publishing.",
}


def _add_token(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = _add_action(
        actions,
        "create",
        "make a token and print its secret, once",
        "Installers and uploaders give it as the password, with __token__ as the user name.",
    )
    create.add_argument("name", metavar="NAME", help="whom or what it is for; the access log shows it")
    create.add_argument(
        "--scope",
        type=TokenScope,
        choices=list(TokenScope),
        default=TokenScope.READ,
        help="what it is for (default: read; publish includes reading)",
    )
    create.add_argument(
        "--project",
        dest="projects",
        metavar="P",
        action="append",
        default=[],
        help="just this project (may be repeated; default: all)",
    )
    create.add_argument(
        "--expires", metavar="DAYS", type=int, help="void after so many days (default: when revoked)"
    )
    _add_action(actions, "list", "show the tokens: never their secrets, which are not kept")
    revoke = _add_action(actions, "revoke", "make a token void, in running servers within a second")
    revoke.add_argument(
        "id",
        metavar="ID",
        help="as `list` shows it; `owner` for your own on this computer (then repeat `cheeseboard use`)",
    )
    reading = _add_action(actions, "reading", "show or change who may read")
    reading.add_argument(
        "who",
        nargs="?",
        choices=[who.value for who in Reading],
        metavar="anybody|token",
        help="who may read",
    )


def _add_action(actions: Any, name: str, summary: str, more: str = "") -> argparse.ArgumentParser:  # noqa: ANN401 # argparse's own is private
    parser: argparse.ArgumentParser = actions.add_parser(
        name, parents=[shared_options()], help=summary, description=f"{summary.capitalize()}. {more}"
    )
    return parser


def _token(context: Context) -> int:
    run = {"create": _create, "list": _list, "revoke": _revoke, "reading": _reading}
    return run[context.options.arguments.action](context)


def _create(context: Context) -> int:
    arguments = context.options.arguments
    try:
        made = context.service.access.create(
            arguments.name, scope=arguments.scope, projects=arguments.projects, days=arguments.expires
        )
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_USAGE
    sys.stderr.write("This is the only time that the token is shown: what is kept is just its hash.\n")
    facts = _facts(made.token)
    context.say(made.secret, "token", **facts, token=made.secret, user="__token__")
    return EXIT_DONE


def _list(context: Context) -> int:
    tokens = context.service.access.tokens()
    for token in tokens:
        context.say(_describe(token), "token", **_facts(token))
    if not tokens:
        sys.stderr.write("There is no token yet. Make one with: cheeseboard token create NAME\n")
    return EXIT_DONE


def _revoke(context: Context) -> int:
    wanted = context.options.arguments.id
    token = context.service.access.revoke(wanted)
    if token is None and wanted != "owner":
        sys.stderr.write(f"There is no token {wanted}. `cheeseboard token list` shows them.\n")
        return EXIT_REFUSED
    name = "owner" if token is None else token.name
    context.say(f'The token "{name}" is void now.', "revoked", id=wanted, name=name)
    return EXIT_DONE


def _reading(context: Context) -> int:
    access, wanted = context.service.access, context.options.arguments.who
    if wanted is not None:
        access.set_reading(Reading(wanted))
    if wanted == Reading.TOKEN.value:
        _say_who_needs_it(context)
    reading = access.reading
    context.say(_READING[reading], "reading", reading=reading.value)
    return EXIT_DONE


def _say_who_needs_it(context: Context) -> None:
    """Tell which installers on this computer are turned away until they are told the owner's token."""
    for state in context.service.clients.states():
        if state.mode is not None and not state.uploads:
            sys.stderr.write(f"For {state.tool} on this computer: cheeseboard use {state.tool}\n")


def _describe(token: Token) -> str:
    projects = ", ".join(token.projects) or "all projects"
    expires = "never expires" if token.expires is None else f"expires {token.expires.date()}"
    used = "never used" if token.last_used is None else f"last used {token.last_used.date()}"
    return f"{token.id}  {token.name}: {token.scope.value}, {projects}, {expires}, {used}"


def _facts(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope.value,
        "projects": list(token.projects),
        "created": token.created.isoformat(),
        "expires": None if token.expires is None else token.expires.isoformat(),
        "last_used": None if token.last_used is None else token.last_used.isoformat(),
    }


TOKEN = Command(
    "make, list and revoke tokens: who may publish, and who may read",
    _add_token,
    _token,
    lesson=lesson(
        "A token lets somebody publish, or read where not everybody may. It is shown once and only "
        "its hash is kept; installers and uploaders give it as the password, with __token__ as the "
        "user name.",
        ("token create ci --scope publish --project acme-core", "for a build server, for one project"),
        ("token reading token", "from now on reading needs one, too"),
        token="id name scope projects created expires last_used; create: token user",  # noqa: S106  # names of keys
        revoked="id name",
        reading="reading",
    ),
)
