"""What dragged paths will come to, as far as their names tell: before anything is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.distributions.filename import parse_filename
from cheeseboard.errors import DistributionError, RefusalReason
from cheeseboard.repository.adding import collect


@dataclass(frozen=True, slots=True)
class Preview:
    """What a dragged path will come to, as far as its name tells.

    Attributes:
        refusal: Why it will not be added; None when it will.
    """

    path: Path
    accepted: bool
    is_folder: bool
    refusal: Refusal | None = None


def preview(path: Path) -> Preview:
    """Tell by name alone whether a path would be added."""
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except OSError as error:  # in a directory that nobody may look into
        refusal = Refusal(RefusalReason.UNREADABLE, error.strerror or "")
        return Preview(path, accepted=False, is_folder=False, refusal=refusal)
    if is_folder:
        return Preview(path, accepted=True, is_folder=True)
    try:
        parse_filename(path.name)
    except DistributionError as error:
        refusal = Refusal(error.reason, error.detail)
        return Preview(path, accepted=False, is_folder=False, refusal=refusal)
    if not is_there:
        refusal = Refusal(RefusalReason.UNREADABLE, "no such file")
        return Preview(path, accepted=False, is_folder=False, refusal=refusal)
    return Preview(path, accepted=True, is_folder=False)


def projects_among(paths: Sequence[Path]) -> frozenset[NormalizedName]:
    """Tell by names alone of which projects files would be added; slow for folders."""
    given, _ = collect(paths)
    found = set()
    for one in given:
        try:
            found.add(parse_filename(one.path.name).project)
        except DistributionError:
            continue  # it will be refused, and of no project
    return frozenset(found)
