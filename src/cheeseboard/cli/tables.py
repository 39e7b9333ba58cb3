"""A table for somebody who watches; where output is piped, commands print plain lines instead."""

from collections.abc import Iterable, Sequence
from typing import TextIO


def print_table(out: TextIO, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows as wide as the terminal is; text that came from a package is shown as it is."""
    # Only here: it takes longer to import than most commands take to run.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(_plain(cell)) for cell in row))
    Console(file=out).print(table)


def _plain(text: str) -> str:
    """Return text without what would steer a terminal: a summary is a stranger's."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
