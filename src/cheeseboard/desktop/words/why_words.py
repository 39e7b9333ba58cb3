"""What the window says about which file an installer picks, and why not another."""

from typing import assert_never

from packaging.version import Version

from cheeseboard.clients.collisions import Collision
from cheeseboard.desktop.words.project_words import requires_python
from cheeseboard.desktop.words.translate import mark, tr
from cheeseboard.distributions.compatibility import Offer, Reason, System, Verdict


def system(which: System) -> str:
    """Name a system as people do."""
    match which:
        case System.LINUX_X86_64:
            name = "Linux x86-64"
        case System.LINUX_ARM64:
            name = "Linux ARM64"
        case System.MUSL_X86_64:
            name = tr("Linux x86-64 with musl (Alpine)")
        case System.MACOS_ARM64:
            name = "macOS ARM64"
        case System.MACOS_X86_64:
            name = "macOS Intel"
        case System.WINDOWS_X86_64:
            name = "Windows x86-64"
        case System.WINDOWS_ARM64:
            name = "Windows ARM64"
        case _:
            assert_never(which)
    return name


def nothing_fits(python: str, system_: str) -> str:
    """Say that pip finds nothing, as pip says it, and where to read why."""
    return tr(
        "Nothing fits: pip says “No matching distribution found” on Python {python}, {system}. "
        "The reason stands beside each file.",
        python=python,
        system=system_,
    )


def taken_elsewhere(known: Collision, ours: Offer | None) -> str:
    """Say that another index wins over ours, or may.

    Args:
        known: What it has.
        ours: What would be taken from here; None where nothing would.
    """
    facts = {"version": known.theirs, "host": known.upstream, "file": ours.filename if ours else ""}
    if ours is None:
        return tr("pip takes {version} from {host}: nothing of it fits here.", **facts)
    if Version(known.theirs) == Version(ours.version):
        return tr("pip takes {file}, or {version} from {host}: of equal versions, it takes either.", **facts)
    if Version(ours.version).is_prerelease:
        return tr(
            "pip takes {version} from {host} instead of {file}: a pre-release comes last.",
            **facts,
        )
    return tr(
        "pip takes {version} from {host} instead of {file}: of several indexes, the higher version wins.",
        **facts,
    )


def beaten(known: Collision, ours: Offer) -> str:
    """Say beside our best file what another index has."""
    facts = {"version": known.theirs, "host": known.upstream}
    if Version(known.theirs) == Version(ours.version):
        return tr("{host} has {version}, too; pip takes either.", **facts)
    if Version(ours.version).is_prerelease:
        return tr("{host} has {version}, which is no pre-release.", **facts)
    return tr("{host} has {version}, which is newer.", **facts)


_REFUSED = {
    Reason.NOT_ASKED_FOR: mark("Another version was asked for."),
    Reason.PRE_RELEASE: mark("A pre-release: taken with --pre, or when asked for exactly."),
    Reason.SOURCE: mark("Source, and only wheels are wanted."),
    Reason.OLDER: mark("Older than {detail}."),
    Reason.LESS_SUITED: mark("It would do, but {detail} suits better."),
    Reason.INVALID_NAME: mark("Its name can’t be read."),
    Reason.WRONG_PYTHON: mark("Made for something else: {runs}."),
    Reason.WRONG_SYSTEM: mark("Made for something else: {runs}."),
    Reason.REQUIRES_PYTHON: mark("Asks for {wants}, this is {python}."),
}


def verdict(shown: Verdict, runs: str, python: str) -> str:
    """Say why a file is the one, or is not."""
    if shown.reason is None:
        return tr("This one is installed.")
    if shown.reason is Reason.YANKED:
        if not shown.detail:
            return tr("Yanked. Taken only when asked for exactly.")
        why = shown.detail.rstrip(".")
        return tr("Yanked: {reason}. Taken only when asked for exactly.", reason=why)
    wants = requires_python(shown.detail) if shown.reason is Reason.REQUIRES_PYTHON else ""
    return tr(_REFUSED[shown.reason], detail=shown.detail, runs=runs, wants=wants, python=python)
