"""Start Cheeseboard: the window, or, with a command or without a display, the command line."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from cheeseboard import cli
from cheeseboard.errors import CheeseboardError
from cheeseboard.locations import find_locations
from cheeseboard.logs import keep_log
from cheeseboard.service import Service


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with the process's own arguments and environment; return the exit code."""
    options = cli.parse(sys.argv[1:] if arguments is None else list(arguments))
    if options.command:
        return cli.run(options, os.environ)
    if not has_display(os.environ, sys.platform):
        return cli.serve_for_want_of_display(options, os.environ)
    return _open_window(options)


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """Tell whether a window could be shown."""
    if platform in {"win32", "darwin", "cygwin"}:
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _open_window(options: cli.Options) -> int:
    from cheeseboard.desktop.application import run  # noqa: PLC0415  # a headless machine needs no Qt

    locations = find_locations(os.environ)
    try:
        keep_log(locations.logs)
        service = Service(locations, os.environ, folder=options.folder)
    except CheeseboardError as error:
        sys.stderr.write(f"{error}\n")
        return cli.EXIT_FAILED
    return run(service, [Path(file).absolute() for file in options.files], locations.logs)


if __name__ == "__main__":
    sys.exit(main())
