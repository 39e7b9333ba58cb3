"""The command line: the second face on the service, and the one that scripts and headless machines use.

Exit codes: 0 done, 1 some item refused, 2 usage, 3 the world failed, with one plain sentence on stderr.
With ``--json`` every line on stdout is one JSON object with stable keys. One file a group of commands;
``parsing.COMMANDS`` names them all.
"""

from cheeseboard.cli.command import EXIT_FAILED, Options
from cheeseboard.cli.completing import complete
from cheeseboard.cli.parsing import command_parser, parse
from cheeseboard.cli.running import run, serve_for_want_of_display

__all__ = [
    "EXIT_FAILED",
    "Options",
    "command_parser",
    "complete",
    "parse",
    "run",
    "serve_for_want_of_display",
]
