"""What the list and the panel say about projects, releases and files."""

from collections.abc import Sequence
from typing import assert_never

from cheeseboard import wording
from cheeseboard.desktop.look.badges import Badge, BadgeKind
from cheeseboard.desktop.words import intake_words
from cheeseboard.desktop.words.amounts import files
from cheeseboard.desktop.words.translate import mark, tr
from cheeseboard.distributions.distribution import WarningReason
from cheeseboard.repository.intake import Rejected
from cheeseboard.repository.snapshot import File, ProjectStatus

_BADGES = {
    BadgeKind.BROKEN: mark("broken"),
    BadgeKind.ADDING: mark("adding"),
    BadgeKind.WHEEL: mark("wheel"),
    BadgeKind.PLATFORM_WHEEL: "{detail}",
    BadgeKind.SDIST: mark("sdist"),
    BadgeKind.PRE_RELEASE: mark("pre-release"),
    BadgeKind.YANKED: mark("yanked"),
    BadgeKind.ARCHIVED: mark("archived"),
    BadgeKind.DEPRECATED: mark("deprecated"),
    BadgeKind.QUARANTINED: mark("quarantined"),
    BadgeKind.NEWER_ELSEWHERE: mark("newer elsewhere"),
    BadgeKind.ALSO_ELSEWHERE: mark("also elsewhere"),
}


def badge(shown: Badge) -> str:
    """Return the words in a badge."""
    return tr(_BADGES[shown.kind], detail=shown.detail)


def requires_python(specifier: str | None) -> str:
    """Return "Python ≥3.9", or that any will do."""
    if not specifier:
        return tr("Any Python")
    shown = ", ".join(part.strip() for part in specifier.split(","))
    return tr("Python {versions}", versions=shown.replace(">=", "≥").replace("<=", "≤").replace("!=", "≠"))


def release(version: str, members: tuple[File, ...], when: str) -> str:
    """Return the line of a release in the panel's tree."""
    parts = [version, files(len(members)), when]
    if all(member.yanked is not None for member in members):
        reason = next((member.yanked for member in members if member.yanked), "")
        parts.insert(1, tr("yanked: {reason}", reason=reason) if reason else tr("yanked"))
    return "  ·  ".join(parts)


def file_note(file: File, runs: str, downloaded: str) -> str:
    """Return the second line of a file in the panel's tree."""
    parts = [_capital(runs)]
    if downloaded:
        parts.append(downloaded)
    if file.yanked is not None:
        parts.insert(0, tr("yanked: {reason}", reason=file.yanked) if file.yanked else tr("yanked"))
    return " · ".join(parts)


def file_warning(reason: WarningReason) -> str:
    """Say what is odd about a file that was taken in all the same."""
    return tr(wording.WARNINGS[reason])


def broken(files: Sequence[Rejected]) -> str:
    """Say what is wrong with the first of a project's broken files, and how many more there are (words 6)."""
    first, others = intake_words.outcome(files[0]), len(files) - 1
    if not others:
        return first
    more = tr("1 more file is broken.") if others == 1 else tr("{n} more files are broken.", n=others)
    return f"{first} {more}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def files_or_name(named: tuple[File, ...]) -> str:
    """Name one file, or a whole release's files together, or count them."""
    if len(named) == 1:
        return named[0].filename
    releases = {(file.project, file.version) for file in named}
    if len(releases) == 1:
        return f"{named[0].project} {named[0].version}"
    return files(len(named))


def project_status(status: ProjectStatus) -> str:
    """Return a project's status in a word (PEP 792)."""
    match status:
        case ProjectStatus.ACTIVE:
            return tr("Active")
        case ProjectStatus.ARCHIVED:
            return tr("Archived")
        case ProjectStatus.QUARANTINED:
            return tr("Quarantined")
        case ProjectStatus.DEPRECATED:
            return tr("Deprecated")
        case _:
            assert_never(status)


def project_status_means(status: ProjectStatus) -> str:
    """Say what a status does to those who install."""
    match status:
        case ProjectStatus.ACTIVE:
            return tr("Nothing special: it can be installed and gets new versions.")
        case ProjectStatus.ARCHIVED:
            return tr("It can be installed; no new versions are expected.")
        case ProjectStatus.QUARANTINED:
            return tr("It may be harmful: installers are offered none of its files.")
        case ProjectStatus.DEPRECATED:
            return tr("It can be installed; something else should be used instead.")
        case _:
            assert_never(status)


def status_set(what: str, status: ProjectStatus) -> str:
    """Say what a project is now."""
    return " ".join(
        (
            tr("{what} is now marked as {status}.", what=what, status=project_status(status).lower()),
            project_status_means(status),
        )
    )
