"""What is said of a project in a word: always with text, never by colour alone."""

from dataclasses import dataclass
from enum import StrEnum


class BadgeKind(StrEnum):
    """What a badge says."""

    BROKEN = "broken"
    ADDING = "adding"
    WHEEL = "wheel"
    PLATFORM_WHEEL = "platform-wheel"
    SDIST = "sdist"
    PRE_RELEASE = "pre-release"
    YANKED = "yanked"
    ARCHIVED = "archived"
    DEPRECATED = "deprecated"
    QUARANTINED = "quarantined"
    NEWER_ELSEWHERE = "newer-elsewhere"
    ALSO_ELSEWHERE = "also-elsewhere"


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge; ``detail`` holds what only this file says ("cp311 · linux")."""

    kind: BadgeKind
    detail: str = ""
