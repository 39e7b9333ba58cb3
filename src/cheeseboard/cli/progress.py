"""How far a job is, for somebody who watches: a bar on a terminal, nothing where output is piped."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

from cheeseboard.events import Progress

Told = Callable[[Progress], None]


@contextlib.contextmanager
def shown(title: str, *, wanted: bool = True, stream: TextIO | None = None) -> Iterator[Told]:
    """Show a job's progress on stderr while the context lasts.

    Args:
        title: What is done: "Adding".
        wanted: False keeps it quiet even on a terminal.
        stream: Where; stderr unless given.
    """
    stream = stream or sys.stderr
    if not wanted or not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield _quiet
        return
    # Only here: it takes longer to import than most commands take to run.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        DownloadColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[current]}"),
    )
    # Console honours NO_COLOR by itself.
    with Bars(*columns, console=Console(file=stream), transient=True) as bars:
        files = bars.add_task(title, total=None, count="", current="")

        def tell(progress: Progress) -> None:
            name = progress.current.name if progress.current else ""
            bars.update(
                files,
                total=progress.bytes_total or progress.total,
                completed=progress.bytes_done if progress.bytes_total else progress.done,
                count=f"{progress.done}/{progress.total}",
                current=name[-40:],
            )

        yield tell


def _quiet(_progress: Progress) -> None:
    """Nobody watches."""
