"""What the list says of projects beside the snapshot: broken files, files on their way, names elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.utils import NormalizedName

from cheeseboard.clients.collisions import Collision, Winner
from cheeseboard.desktop.look.badges import Badge, BadgeKind


@dataclass(frozen=True, slots=True)
class RowNotes:
    """What is known by project name.

    Attributes:
        broken: In the folder, but some file there can't be offered.
        adding: A file is being taken in.
        collisions: Other indexes have them, too.
    """

    broken: frozenset[NormalizedName] = frozenset()
    adding: frozenset[NormalizedName] = frozenset()
    collisions: Mapping[str, Collision] = field(default_factory=dict)

    def badges_of(self, name: NormalizedName) -> tuple[Badge, ...]:
        """Return the badges that say it, the worst first."""
        badges = []
        if name in self.broken:
            badges.append(Badge(BadgeKind.BROKEN))
        if name in self.adding:
            badges.append(Badge(BadgeKind.ADDING))
        known = self.collisions.get(name)
        if known is not None and known.winner is not Winner.OURS:
            newer = known.winner is Winner.UPSTREAM
            kind = BadgeKind.NEWER_ELSEWHERE if newer else BadgeKind.ALSO_ELSEWHERE
            badges.append(Badge(kind, known.upstream))
        return tuple(badges)
