"""Start Cheeseboard: the window, or, with a command or without a display, the command line."""

import gc
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cheeseboard import __version__

if TYPE_CHECKING:
    from cheeseboard.service import Service

EXIT_FAILED = 3
# A shell that asks how a word goes on sets it (argcomplete).
COMPLETING = "_ARGCOMPLETE"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with the process's own arguments and environment; return the exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words == ["--version"]:
        sys.stdout.write(f"cheeseboard {__version__}\n")
        return 0
    plain = all(Path(word).is_absolute() for word in words) and COMPLETING not in os.environ
    if plain and has_display(os.environ, sys.platform):
        return _open_window(None, words)  # as a desktop starts it: the command line is not even read
    return _run_command(words)


def _run_command(words: Sequence[str]) -> int:
    from cheeseboard import cli  # noqa: PLC0415  # brings the whole core along, which the first paint waits for

    if COMPLETING in os.environ:
        cli.complete(cli.command_parser())
    options = cli.parse(words)
    if options.command:
        return cli.run(options, os.environ)
    if not has_display(os.environ, sys.platform):
        return cli.serve_for_want_of_display(options, os.environ)
    return _open_window(options.folder, options.files, hidden=options.arguments.hidden)


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """Tell whether a window could be shown."""
    if platform in {"win32", "darwin", "cygwin"}:
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _open_window(folder: Path | None, files: Sequence[str], *, hidden: bool = False) -> int:
    # What is read from here to the first paint is all meant to stay: nothing of it is garbage yet.
    gc.disable()
    from cheeseboard.desktop.application import run  # noqa: PLC0415  # a headless machine needs no Qt
    from cheeseboard.desktop.start import Start  # noqa: PLC0415  # likewise
    from cheeseboard.errors import SettingsError  # noqa: PLC0415  # --version needs none of these
    from cheeseboard.locations import find_locations  # noqa: PLC0415
    from cheeseboard.settings import Settings, managed_folder, read_settings  # noqa: PLC0415

    locations = find_locations(os.environ)
    unreadable: SettingsError | None = None
    try:
        settings = read_settings(locations.settings_file)
    except SettingsError as error:
        settings, unreadable = Settings(), error

    def make_service() -> "Service":
        if unreadable is not None:
            raise unreadable  # the window says it
        from cheeseboard.service import Service  # noqa: PLC0415  # half a second's worth of modules

        return Service(locations, os.environ, folder=folder)

    return run(
        Start(
            settings=settings,
            folder=managed_folder(settings, folder, locations.default_folder),
            make_service=make_service,
            logs=locations.logs,
            files=[Path(file).absolute() for file in files],
            hidden=hidden,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
