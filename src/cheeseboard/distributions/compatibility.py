"""Decides as an installer does: which of a project's files a given Python takes, and why not the others.

Sources: PyPUG "Platform compatibility tags" and "Version specifiers", PEP 592 (yanked), PEP 503
(data-requires-python), and pip's ``index/package_finder.py`` for the order of preference, against
which the tests hold this module.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from cheeseboard.distributions.distribution import Kind


class System(StrEnum):
    """Where somebody installs; the values are stable."""

    LINUX_X86_64 = "linux-x86_64"
    LINUX_ARM64 = "linux-aarch64"
    MUSL_X86_64 = "musllinux-x86_64"
    MACOS_ARM64 = "macos-arm64"
    MACOS_X86_64 = "macos-x86_64"
    WINDOWS_X86_64 = "windows-amd64"
    WINDOWS_ARM64 = "windows-arm64"


class Reason(StrEnum):
    """Why a file is not the one that is installed."""

    WRONG_PYTHON = "wrong-python"
    WRONG_SYSTEM = "wrong-system"
    REQUIRES_PYTHON = "requires-python"
    NOT_ASKED_FOR = "not-asked-for"
    PRE_RELEASE = "pre-release"
    YANKED = "yanked"
    SOURCE = "source"
    OLDER = "older"
    LESS_SUITED = "less-suited"
    INVALID_NAME = "invalid-name"


@dataclass(frozen=True, slots=True)
class Offer:
    """What an index says of one file."""

    filename: str
    kind: Kind
    version: str
    requires_python: str | None = None
    yanked: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one file; ``reason`` is None for the one that is installed.

    Attributes:
        detail: What the reason is about: the specifier, the yank's reason, the version that is preferred.
    """

    offer: Offer
    reason: Reason | None
    detail: str = ""


@dataclass(frozen=True)
class Target:
    """A CPython on some system.

    Attributes:
        python: With its patch number, as ``requires-python`` sees it.
        platforms: Platform tags, the most specific first.
    """

    python: Version
    platforms: tuple[str, ...]

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """What it installs, the most preferred first."""
        version = (self.python.major, self.python.minor)
        interpreter = f"cp{self.python.major}{self.python.minor}"
        return (
            *cpython_tags(version, platforms=self.platforms),
            *compatible_tags(version, interpreter=interpreter, platforms=self.platforms),
        )

    @cached_property
    def ranks(self) -> dict[Tag, int]:
        """Return the place of each tag among the preferences."""
        ranks: dict[Tag, int] = {}
        for rank, tag in enumerate(self.tags):
            ranks.setdefault(tag, rank)
        return ranks


def platforms_of(
    system: System, *, glibc: tuple[int, int] = (2, 36), macos: tuple[int, int] = (14, 0)
) -> tuple[str, ...]:
    """Return the platform tags of a system.

    Args:
        system: Which one.
        glibc: The C library of a Linux that has it; 2.36 is Debian 12's.
        macos: The version of macOS.
    """
    match system:
        case System.LINUX_X86_64:
            tags = _manylinux("x86_64", glibc, oldest=5)
        case System.LINUX_ARM64:
            tags = _manylinux("aarch64", glibc, oldest=17)
        case System.MUSL_X86_64:
            tags = (*(f"musllinux_1_{minor}_x86_64" for minor in range(2, -1, -1)), "linux_x86_64")
        case System.MACOS_ARM64:
            tags = tuple(mac_platforms(macos, "arm64"))
        case System.MACOS_X86_64:
            tags = tuple(mac_platforms(macos, "x86_64"))
        case System.WINDOWS_X86_64:
            tags = ("win_amd64",)
        case System.WINDOWS_ARM64:
            tags = ("win_arm64",)
        case _:
            assert_never(system)
    return tags


def _manylinux(machine: str, glibc: tuple[int, int], *, oldest: int) -> tuple[str, ...]:
    """Return manylinux tags as packaging orders them (PEP 600, with the older names)."""
    former = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
    tags = []
    for minor in range(glibc[1], oldest - 1, -1):
        tags.append(f"manylinux_{glibc[0]}_{minor}_{machine}")
        if minor in former:
            tags.append(f"{former[minor]}_{machine}")
    return (*tags, f"linux_{machine}")


def judge(
    offers: Sequence[Offer],
    target: Target,
    *,
    asked_for: SpecifierSet | None = None,
    only_wheels: bool = False,
    pre_releases: bool = False,
) -> tuple[Verdict, ...]:
    """Return a verdict on each offer, in their order; at most one has no reason against it.

    Args:
        offers: All files of one project.
        target: Where it is installed.
        asked_for: The versions asked for, as in ``name==1.0``.
        only_wheels: As with ``--only-binary :all:``.
        pre_releases: As with ``--pre``.
    """
    wanted = asked_for or SpecifierSet()
    verdicts = {offer: _judge_alone(offer, target, only_wheels=only_wheels) for offer in offers}
    fitting = [offer for offer in offers if verdicts[offer] is None]
    versions = {offer: Version(offer.version) for offer in fitting}
    allowed = set(wanted.filter(versions.values(), prereleases=True if pre_releases else None))
    candidates = [offer for offer in fitting if versions[offer] in allowed]
    for offer in fitting:
        if versions[offer] not in allowed:
            asked = wanted.contains(versions[offer], prereleases=True)
            reason = Reason.PRE_RELEASE if asked else Reason.NOT_ASKED_FOR
            verdicts[offer] = Verdict(offer, reason, "" if asked else str(wanted))
    takes_yanked = _is_pinned(wanted) and all(offer.yanked is not None for offer in candidates)
    for offer in candidates:
        if offer.yanked is not None and not takes_yanked:
            verdicts[offer] = Verdict(offer, Reason.YANKED, offer.yanked)
    left = [offer for offer in candidates if verdicts[offer] is None]
    if left:
        _prefer(left, target, verdicts)
    return tuple(verdict or Verdict(offer, None) for offer, verdict in verdicts.items())


def _judge_alone(offer: Offer, target: Target, *, only_wheels: bool) -> Verdict | None:
    """Return what speaks against a file whatever others there are."""
    if offer.kind is Kind.WHEEL:
        try:
            tags = parse_wheel_filename(offer.filename)[3]
        except InvalidWheelFilename:
            return Verdict(offer, Reason.INVALID_NAME)
        if not any(tag in target.ranks for tag in tags):
            return Verdict(offer, _which_is_wrong(tags, target))
    elif only_wheels:
        return Verdict(offer, Reason.SOURCE)
    if not _suits(offer.requires_python, target.python):
        return Verdict(offer, Reason.REQUIRES_PYTHON, offer.requires_python or "")
    return None


def _which_is_wrong(tags: Iterable[Tag], target: Target) -> Reason:
    platforms = {*target.platforms, "any"}
    return Reason.WRONG_PYTHON if any(tag.platform in platforms for tag in tags) else Reason.WRONG_SYSTEM


def _suits(requires_python: str | None, python: Version) -> bool:
    if not requires_python:
        return True
    try:
        return SpecifierSet(requires_python).contains(python, prereleases=True)
    except InvalidSpecifier:
        return True  # installers take no notice of what they cannot read


def _is_pinned(wanted: SpecifierSet) -> bool:
    """Tell whether one exact version is asked for, the only case in which a yanked one is taken."""
    return any(
        one.operator == "===" or (one.operator == "==" and not one.version.endswith(".*")) for one in wanted
    )


def _prefer(left: list[Offer], target: Target, verdicts: dict[Offer, Verdict | None]) -> None:
    """Leave the best without a reason against it, and say of the others what it has over them."""
    best = max(left, key=lambda offer: _preference(offer, target))
    for offer in left:
        if offer is not best:
            older = Version(offer.version) != Version(best.version)
            reason = Reason.OLDER if older else Reason.LESS_SUITED
            verdicts[offer] = Verdict(offer, reason, best.version if older else best.filename)


def _preference(offer: Offer, target: Target) -> tuple[Version, int, tuple[int, str]]:
    if offer.kind is not Kind.WHEEL:
        return Version(offer.version), -len(target.tags), (-1, "")
    _, _, build, tags = parse_wheel_filename(offer.filename)
    rank = min(target.ranks[tag] for tag in tags if tag in target.ranks)
    return Version(offer.version), -rank, build or (-1, "")
