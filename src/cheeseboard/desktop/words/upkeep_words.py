"""What the window says about keeping a repository in order: the check, old releases, backups, moving here."""

from collections.abc import Sequence
from datetime import datetime

from cheeseboard.desktop.words.amounts import files, moment, size
from cheeseboard.desktop.words.translate import mark, tr
from cheeseboard.events import Progress
from cheeseboard.repository.backup import Written
from cheeseboard.repository.check import CheckReport, Fault, Finding
from cheeseboard.repository.other_servers import Collection, Source
from cheeseboard.repository.retention import Lapse, Lapsed
from cheeseboard.service.upkeep import BroughtBack
from cheeseboard.settings import RetentionRule

_FAULTS = {
    Fault.CHANGED: mark(
        "{file} is not what it was: its bytes changed on the disk. It is no longer offered and still in its "
        "place. Put a good copy there, or restore a backup."
    ),
    Fault.MISSING: mark("{file} is missing, so it is no longer offered. Add it again, or restore a backup."),
    Fault.UNREADABLE: mark("{file} can’t be read ({detail}). It is still offered; look at the disk."),
    Fault.CATALOG: mark(
        "The catalog is damaged: {detail}. Close Cheeseboard, move .cheeseboard/catalog.sqlite3 away and "
        "start again: it is made anew from the folder. Yanks and upload times come back only from a backup."
    ),
}
_SOURCES = {
    Source.FOLDER: mark("a folder of packages"),
    Source.PYPISERVER: mark("a pypiserver folder"),
    Source.DEVPI: mark("a devpi export"),
    Source.BANDERSNATCH: mark("a bandersnatch mirror"),
}


# --- the check ------------------------------------------------------------------------------------


def checking(progress: Progress) -> str:
    """Say how far the check is."""
    return tr(
        "Checking file {done} of {total} · {read} of {size}",
        done=f"{progress.done:,}",
        total=f"{progress.total:,}",
        read=size(progress.bytes_done),
        size=size(progress.bytes_total),
    )


def checked(report: CheckReport) -> str:
    """Say what a check came to."""
    read = tr("{files} read, {size}", files=files(report.checked), size=size(report.size))
    if report.findings:
        count = len(report.findings)
        wrong = (
            tr("1 thing needs your attention.")
            if count == 1
            else tr("{n} things need your attention.", n=f"{count:,}")
        )
        return tr("{wrong} {read}.", wrong=wrong, read=read)
    if not report.complete:
        return tr("Cancelled after {read}. Nothing wrong was found so far.", read=read)
    if not report.checked:
        return tr("There are no files to check yet.")
    return tr("All well: {read}, each as it was recorded.", read=read)


def finding(found: Finding) -> str:
    """Say what is wrong with one file, and what to do."""
    name = found.file.filename if found.file else ""
    return tr(_FAULTS[found.fault], file=name, detail=found.detail)


def last_check(when: datetime | None, now: datetime) -> str:
    """Say when every file was read the last time."""
    if when is None:
        return tr("Not checked yet")
    return tr("Last checked: {when}", when=moment(when.astimezone(), now))


# --- old releases ---------------------------------------------------------------------------------


def lapse(lapsed: Lapsed) -> str:
    """Say why a file would go."""
    rule = lapsed.rule
    match lapsed.reason:
        case Lapse.OLDER_RELEASE if rule.keep_releases == 1:
            return tr("older than the newest release")
        case Lapse.OLDER_RELEASE:
            return tr("older than the {n} newest releases", n=rule.keep_releases)
        case Lapse.OLD_PRERELEASE:
            return tr("pre-release older than {n} days", n=rule.prerelease_days)


def would_go(chosen: Sequence[Lapsed]) -> str:
    """Say how much would go to the Trash."""
    if not chosen:
        return tr("Nothing would go to the Trash.")
    total = size(sum(each.file.size for each in chosen))
    return tr("{files}, {size} would go to the Trash.", files=files(len(chosen)), size=total)


def kept_rule(rule: RetentionRule) -> str:
    """Return a rule in a few words."""
    parts = []
    if rule.keep_releases is not None:
        parts.append(tr("keep {n} releases", n=rule.keep_releases))
    if rule.prerelease_days is not None:
        parts.append(tr("pre-releases for {n} days", n=rule.prerelease_days))
    return f"{rule.projects}: {', '.join(parts)}"


def trashing(progress: Progress) -> str:
    """Say how far the clean-up is."""
    return tr(
        "Moving to the Trash: {done} of {total}", done=f"{progress.done:,}", total=f"{progress.total:,}"
    )


# --- backups --------------------------------------------------------------------------------------


def backing_up(progress: Progress) -> str:
    """Say how far the backup is."""
    return tr("Backing up file {done} of {total}", done=f"{progress.done:,}", total=f"{progress.total:,}")


def backed_up(written: Written, *, with_authority: bool) -> str:
    """Say what is in the backup."""
    words = tr(
        "Backed up {files} into {name} ({size}).",
        files=files(written.files),
        name=written.path.name,
        size=size(written.size),
    )
    if with_authority:
        return " ".join((words, tr("It holds the certificate authority’s key: keep it like a password.")))
    return words


def left_out(filename: str, why: str) -> str:
    """Say that a file is not in the backup."""
    return tr("{file} is not in the backup: {why}. Check every file.", file=filename, why=why)


def restoring(progress: Progress) -> str:
    """Say how far the restore is."""
    return tr("Restoring file {done} of {total}", done=f"{progress.done:,}", total=f"{progress.total:,}")


def restored(brought: BroughtBack) -> str:
    """Say what came back, and where."""
    return tr(
        "Restored {files} into {folder}.",
        files=files(brought.restored.files),
        folder=brought.restored.folder,
    )


def not_put_in(filename: str) -> str:
    """Say that a backup lacks a file which its catalog lists."""
    return tr("{file} is listed in the backup, but was not put in.", file=filename)


# --- moving here ----------------------------------------------------------------------------------


def source(kind: Source) -> str:
    """Return whose files a folder holds."""
    return tr(_SOURCES[kind])


def found(collection: Collection, total: int, here: int) -> str:
    """Say what was found in a folder, before anything is done with it.

    Args:
        collection: What was found.
        total: The bytes of its files.
        here: How many files of the same names are in the repository already.
    """
    arrivals = collection.arrivals
    if not arrivals:
        return tr("No wheels or source archives were found there.")
    facts = [
        tr(
            "This is {what}: {files}, {size}.",
            what=source(collection.source),
            files=files(len(arrivals)),
            size=size(total),
        )
    ]
    if collection.indexes:
        facts.append(tr("Indexes: {names}.", names=", ".join(collection.indexes)))
    timed = sum(each.upload_time_us is not None for each in arrivals)
    yanked = sum(each.yanked is not None for each in arrivals)
    if timed:
        facts.append(tr("With upload times: {files}.", files=files(timed)))
    if yanked:
        facts.append(tr("Yanked, and will stay so: {files}.", files=files(yanked)))
    if here:
        facts.append(tr("Already here by name: {files}.", files=files(here)))
    if collection.missing:
        facts.append(tr("Listed but missing there: {files}.", files=files(len(collection.missing))))
    return " ".join(facts)


def taking_in(progress: Progress) -> str:
    """Say how far the move is."""
    name = progress.current.name if progress.current else ""
    return tr(
        "Taking in {done} of {total}: {file}",
        done=f"{min(progress.done + 1, progress.total):,}",
        total=f"{progress.total:,}",
        file=name,
    )


def listed_only(filename: str) -> str:
    """Say that the other server lists a file which it does not have."""
    return tr("{file} is listed there, but the file itself is missing.", file=filename)
