"""``backup``, ``restore-backup`` and ``import``: a repository as one file, and others' taken over."""

import argparse
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from cheeseboard import wording
from cheeseboard.cli.command import EXIT_DONE, EXIT_FAILED, EXIT_REFUSED, Command, Context
from cheeseboard.cli.interrupts import interruptible
from cheeseboard.cli.lesson import OUTCOME, lesson
from cheeseboard.cli.outcomes import is_refused, say_outcome
from cheeseboard.cli.progress import shown
from cheeseboard.repository.backup import Cancelled
from cheeseboard.repository.other_servers import Collection, Source

_STOPPED = "Stopped; nothing of it is left.\n"
_KINDS = {
    Source.FOLDER: "a folder of packages",
    Source.PYPISERVER: "a pypiserver directory",
    Source.DEVPI: "a devpi export",
    Source.BANDERSNATCH: "a bandersnatch mirror",
}


def _add_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="where to; must not exist, compressed when it ends in .zst "
        "(default: NAME-DATE.cheeseboard.tar in this directory)",
    )
    parser.add_argument(
        "--with-authority",
        action="store_true",
        help="put the certificate authority's key in: keep such a file as safe as a password",
    )


def _backup(context: Context) -> int:
    arguments = context.options.arguments
    context.open_folder()
    name = f"{context.service.name}-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.cheeseboard.tar".replace("/", "-")
    destination = Path(arguments.file or name).absolute()
    stop = threading.Event()
    try:
        with shown("Backing up", wanted=not context.options.json) as tell, interruptible(stop):
            written = context.service.upkeep.back_up(
                destination, with_authority=arguments.with_authority, progress=tell, cancelled=stop.is_set
            )
    except Cancelled:
        sys.stderr.write(_STOPPED)
        return EXIT_FAILED
    for filename, why in written.left_out:
        message = f"{filename} is not in the backup: {why}. Run: cheeseboard check"
        context.say(message, "left-out", file=filename, reason=why, message=message)
    context.say(
        f"Wrote {written.path}: {written.files} files, {written.size:,} bytes.",
        "backup",
        file=str(written.path),
        files=written.files,
        size=written.size,
        authority=arguments.with_authority,
    )
    if arguments.with_authority:
        sys.stderr.write(
            "It holds the authority's key, unencrypted: whoever has this file can pose as your repository on "
            "every computer that trusts it. Only you can read it now; encrypt it before it leaves here.\n"
        )
    return EXIT_REFUSED if written.left_out else EXIT_DONE


def _add_restore_backup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="what `cheeseboard backup` wrote")
    parser.add_argument(
        "--with-authority", action="store_true", help="take the certificate authority over, too"
    )


def _restore_backup(context: Context) -> int:
    arguments = context.options.arguments
    stop = threading.Event()
    try:
        with shown("Restoring", wanted=not context.options.json) as tell, interruptible(stop):
            brought = context.service.upkeep.restore_backup(
                Path(arguments.file).absolute(),
                with_authority=arguments.with_authority,
                progress=tell,
                cancelled=stop.is_set,
            )
    except Cancelled:
        sys.stderr.write(_STOPPED)
        return EXIT_FAILED
    restored = brought.restored
    for filename in restored.missing:
        message = f"{filename} is listed in the backup, but was not put in."
        context.say(message, "left-out", file=filename, reason="missing", message=message)
    for file in restored.refused:
        message = wording.refusal(file.refusal, file.path.name)
        reason = file.refusal.reason.value
        context.say(
            message, "rejected", file=str(file.path), project="", version="", reason=reason, message=message
        )
    context.say(
        f"Restored {restored.files} files into {restored.folder} ({brought.name}). "
        f"Serve them with: cheeseboard serve --folder {restored.folder}",
        "restored-backup",
        folder=str(restored.folder),
        name=brought.name,
        files=restored.files,
        authority=brought.authority,
    )
    return EXIT_REFUSED if restored.missing or restored.refused else EXIT_DONE


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="DIR", help="what the other server keeps, or its export")
    parser.add_argument(
        "--from",
        dest="source",
        choices=["auto", *Source],
        default="auto",
        metavar="KIND",
        help="auto (default), folder, pypiserver, devpi or bandersnatch",
    )
    parser.add_argument(
        "--index",
        action="append",
        default=[],
        metavar="USER/INDEX",
        help="for devpi: this index alone (may be repeated)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what was found, take nothing in")


def _import(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    source = None if arguments.source == "auto" else Source(arguments.source)
    collection = service.upkeep.look_at_source(Path(arguments.path).absolute(), source, arguments.index)
    _say_found(context, collection)
    if arguments.dry_run:
        return EXIT_DONE
    context.open_folder()
    stop = threading.Event()
    with shown("Importing", wanted=not context.options.json) as tell, interruptible(stop):
        imported = service.upkeep.take_over(collection, progress=tell, cancelled=stop.is_set)
    service.last_act.note_added(imported.batch)
    for outcome in imported.batch.outcomes:
        say_outcome(context, outcome)
    refused = sum(map(is_refused, imported.batch.outcomes))
    added = len(imported.batch.accepted)
    here = len(imported.batch.outcomes) - added - refused
    back = " Take all of it back with: cheeseboard undo" if added else ""
    context.say(
        f"Took in {added} {'file' if added == 1 else 'files'} ({imported.yanked} yanked). "
        f"Here already: {here}. Refused: {refused}.{back}",
        "imported",
        source=collection.source.value,
        added=added,
        identical=here,
        yanked=imported.yanked,
        refused=refused,
        missing=len(collection.missing),
    )
    return EXIT_REFUSED if refused or collection.missing else EXIT_DONE


def _say_found(context: Context, collection: Collection) -> None:
    timed = sum(each.upload_time_us is not None for each in collection.arrivals)
    yanked = sum(each.yanked is not None for each in collection.arrivals)
    count = len(collection.arrivals)
    where = f" ({', '.join(collection.indexes)})" if collection.indexes else ""
    context.say(
        f"This is {_KINDS[collection.source]}{where}: {count} {'file' if count == 1 else 'files'}, "
        f"{timed} with upload times, {yanked} yanked.",
        "found",
        source=collection.source.value,
        files=count,
        with_times=timed,
        yanked=yanked,
        indexes=list(collection.indexes),
        missing=list(collection.missing),
    )
    for name in collection.missing:
        sys.stderr.write(f"It lists {name}, but does not have it.\n")


BACKUP = Command(
    "write the whole repository into one file",
    _add_backup,
    _backup,
    needs_folder=True,
    lesson=lesson(
        "Writes files, catalog (yanks, statuses, upload times, downloads, activity) and the "
        "repository's settings into one file that only you can read. It is of one moment, whatever "
        "is added or removed meanwhile. The trash is left out, and so is the certificate "
        "authority's key unless you ask for it: with it another machine can take this one's place "
        "without anybody trusting a new certificate.",
        ("backup /mnt/nas/packages.tar.zst", "compressed"),
        ("backup --with-authority move.tar", "to move house: handle it like a password"),
        backup="file files size authority",
        left_out="file reason message",
    ),
)
RESTORE_BACKUP = Command(
    "bring a backup back, into an empty folder",
    _add_restore_backup,
    _restore_backup,
    lesson=lesson(
        "Brings a backup back into a folder that is missing or empty, and changes nothing else. "
        "Every file is judged again and held against the catalog before the folder appears; if "
        "anything fails before that, there is no folder. Installers then see the same index as "
        "before.",
        ("restore-backup packages.tar.zst --folder /srv/packages", "into a new folder"),
        ("restore-backup move.tar --with-authority", "on a new machine, as your own folder"),
        restored_backup="folder name files authority",
        left_out="file reason message",
        rejected=OUTCOME,
    ),
)
IMPORT = Command(
    "take over what another package server keeps",
    _add_import,
    _import,
    lesson=lesson(
        "Takes over what another package server keeps: a pypiserver directory, a devpi export "
        "(made with devpi-export), a bandersnatch mirror, or a plain folder. It finds out which, "
        "says so, and takes every file through the same door as any other. Upload times, yanks and "
        "project statuses come along where the source has them. Nothing of it is changed, and one "
        "`cheeseboard undo` takes all of it back.",
        ("import ./devpi-export --index root/prod", "one index of a devpi"),
        ("import /var/lib/pypiserver --from pypiserver", "with the files' own times as upload times"),
        ("import /srv/mirror --dry-run", "just say what is there"),
        found="source files with_times yanked indexes missing",
        imported="source added identical yanked refused missing",
        added=OUTCOME,
        identical=OUTCOME,
        conflict=OUTCOME,
        rejected=OUTCOME,
    ),
)
