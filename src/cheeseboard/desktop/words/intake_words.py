"""What the window says about files coming and going: drops and their results, the Trash.

Sentences about refused files come from ``cheeseboard.wording``, which both faces share.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

from cheeseboard import wording
from cheeseboard.desktop.words.amounts import files, packages
from cheeseboard.desktop.words.translate import mark, tr
from cheeseboard.errors import RefusalReason
from cheeseboard.repository.intake import (
    Accepted,
    Batch,
    Conflict,
    DeferralReason,
    Deferred,
    Identical,
    Outcome,
    Rejected,
)
from cheeseboard.repository.snapshot import File, Snapshot
from cheeseboard.service.preview import Preview


def drop_title(accepted: int, folders: int) -> str:
    """Return the heading of the overlay."""
    if folders and not accepted:
        return tr("Drop to search this folder") if folders == 1 else tr("Drop to search these folders")
    if not accepted:
        return tr("Nothing here can be added")
    if folders:
        return tr("Drop to add these packages")
    return tr("Drop to add 1 file") if accepted == 1 else tr("Drop to add {n} files", n=accepted)


# What a refusal says after a drop, said before it.
_FORESEEN = {
    RefusalReason.NOT_A_DISTRIBUTION: mark(
        "{file} isn't a wheel or source archive. It will stay where it is."
    ),
    RefusalReason.NOT_A_FILE: mark("{file} is a link or a device, not a file. It will stay where it is."),
}


def foreseen(preview: Preview) -> str:
    """Say why a dragged path will not be added; empty when it will."""
    refusal, name = preview.refusal, preview.path.name
    if refusal is None:
        return ""
    words = _FORESEEN.get(refusal.reason, wording.REFUSALS[refusal.reason])
    return tr(words, **wording.refusal_facts(refusal, name))


def adding(done: int, total: int, current: Path | None) -> str:
    """Say how far a drop is."""
    if total <= 1 or current is None:
        return tr("Adding files…") if current is None else tr("Adding {file}…", file=current.name)
    return tr("Adding {done} of {total}: {file}", done=min(done + 1, total), total=total, file=current.name)


def batch(result: Batch) -> str:
    """Say what became of a drop (words 2 and 3)."""
    accepted, total = result.accepted, len(result.outcomes)
    identical = [o for o in result.outcomes if isinstance(o, Identical)]
    skipped = total - len(accepted) - len(identical)
    if total == 0:
        return tr("No wheels or source archives were found there.")
    if total == 1:
        return outcome(result.outcomes[0])
    if not accepted and not skipped:
        return tr("All {n} files are already here. Nothing changed.", n=total)
    if not skipped:
        return _added(accepted, len(identical))
    return " ".join(
        (
            tr("Added {n} of {total} files.", n=len(accepted), total=total),
            tr("1 was skipped.") if skipped == 1 else tr("{n} were skipped.", n=skipped),
        )
    )


def _added(accepted: tuple[Accepted, ...], identical: int) -> str:
    releases = {(one.file.project, one.file.version) for one in accepted}
    if len(releases) == 1:
        project, version = releases.pop()
        what = tr("Added {project} {version}", project=project, version=version)
    else:
        projects = {project for project, _ in releases}
        what = tr("Added {packages}", packages=packages(len(projects)))
    sentence = f"{what} ({files(len(accepted))})."
    return sentence if not identical else " ".join((sentence, tr("{n} were already here.", n=identical)))


def outcome(what: Outcome) -> str:
    """Say what became of one file."""
    match what:
        case Accepted(file=file):
            return tr("Added {project} {version} (1 file).", project=file.project, version=file.version)
        case Identical(file=file):
            return tr("{file} is already here. Nothing changed.", file=file.filename)
        case Conflict(existing=file):
            return tr("{file} is already here with different contents.", file=file.filename)
        case Rejected(refusal=refusal):
            facts = wording.refusal_facts(refusal, what.source.name)
            return tr(wording.REFUSALS[refusal.reason], **facts)
        case Deferred():
            return _deferred(what)
        case _:
            assert_never(what)


def _deferred(what: Deferred) -> str:
    match what.reason:
        case DeferralReason.STILL_GROWING:
            return tr(
                "{file} is still being written. Add it again when it is complete.", file=what.source.name
            )
        case DeferralReason.CANCELLED:
            return tr("{file} was not added: you cancelled.", file=what.source.name)
        case _:
            assert_never(what.reason)


def replaced(filenames: Sequence[str]) -> str:
    """Say that files took others' places."""
    if len(filenames) == 1:
        return tr("Replaced {file}. The former one is in the Trash.", file=filenames[0])
    return tr("Replaced {what}. The former ones are in the Trash.", what=files(len(filenames)))


def kept(filename: str) -> str:
    """Say that nothing was replaced."""
    return tr("Kept the existing {file}.", file=filename)


def trashed(removed: tuple[File, ...], before: Snapshot) -> str:
    """Say what was moved to the Trash, as much of it as one name can hold.

    Args:
        removed: The files.
        before: The snapshot that still had them.
    """
    return tr("Moved {what} to the Trash.", what=_name_all(removed, before))


def _name_all(removed: tuple[File, ...], before: Snapshot) -> str:
    names, releases = {file.project for file in removed}, {(file.project, file.version) for file in removed}
    project = before.projects.get(next(iter(names))) if len(names) == 1 else None
    if project is None:
        return files(len(removed))
    if len(releases) == 1:
        version = removed[0].version
        whole = sum(file.version == version for file in project.files) == len(removed)
        return f"{project.name} {version}" if whole or len(removed) > 1 else removed[0].filename
    whole = len(project.files) == len(removed)
    return f"{project.name} ({files(len(removed))})" if whole else files(len(removed))


def restored(count: int) -> str:
    """Say that files came back from the Trash."""
    return tr("Restored {what}.", what=files(count))


def trash_about(count: int, days: int) -> str:
    """Say what the Trash is, and how long."""
    if not count:
        return tr("The Trash is empty. What you remove is kept here, so that it can come back.")
    return tr(
        "What was removed is kept for at least {days} days and comes back byte for byte.", days=max(days, 30)
    )
