"""One command, run: with a service of its own, and every failure told in one sentence."""

import logging
import os
import sys
from collections.abc import Mapping
from contextlib import closing
from typing import TextIO

from cheeseboard.cli.command import EXIT_FAILED, Context, Options
from cheeseboard.cli.parsing import COMMANDS, parse
from cheeseboard.errors import AddressInUse, CheeseboardError, FolderUnavailable, Sentence
from cheeseboard.locations import find_locations
from cheeseboard.logs import show_log
from cheeseboard.service import Service

logger = logging.getLogger(__name__)


def run(options: Options, environ: Mapping[str, str], out: TextIO | None = None) -> int:
    """Run a command; return its exit code."""
    show_log(sys.stderr, environ)
    command = COMMANDS[options.command]
    try:
        service = Service(find_locations(environ), environ, folder=options.folder)
        with closing(service):
            if options.command != "serve":  # which sets right what it finds when it has begun
                _settle(service)
            if command.needs_folder:
                _check_folder(service)
            return command.run(Context(options, service, out or sys.stdout))
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
        _say_no_more(out)
    except OSError as error:
        logger.info("A command failed on the system", exc_info=True)
        where = f" {error.filename}" if error.filename else ""
        sys.stderr.write(f"Can't use{where or ' the disk'}: {error.strerror or error}.\n")
        _say_no_more(out)
    return EXIT_FAILED


def _say_no_more(out: TextIO | None) -> None:
    """Send what is left of the output nowhere: Python would try it again at its end, and exit with 120."""
    if out is None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _check_folder(service: Service) -> None:
    """Make no folder for a mistyped name: there is nothing in it to look at.

    Raises:
        FolderUnavailable: It is not there.
    """
    if not os.path.lexists(service.folder):
        raise FolderUnavailable(
            Sentence(
                "There is no folder {folder}, so there is nothing in it. `cheeseboard "
                "add`, `cheeseboard serve` or the window makes it.",
                folder=service.folder,
            ),
            service.folder,
        )


def _settle(service: Service) -> None:
    """Let installers wait no more for a server that crashed, and say so."""
    for url in service.clients.settle():
        sys.stderr.write(f"Nobody serves {url}, so installers look elsewhere until somebody does.\n")


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
