"""``remove``, ``restore``, ``undo`` and ``trash``: what leaves the repository, and how it comes back."""

import argparse
import sys
from datetime import UTC, datetime

from cheeseboard.cli.command import EXIT_DONE, EXIT_REFUSED, EXIT_USAGE, Command, Context
from cheeseboard.cli.decisions import add_names, chosen_files, say_unknown
from cheeseboard.cli.lesson import OUTCOME, TRASHED, UNKNOWN, lesson
from cheeseboard.cli.outcomes import is_refused, say_outcome
from cheeseboard.cli.selection import Unknown, choose_trashed
from cheeseboard.events import Way
from cheeseboard.repository.records import Removal, TrashRow
from cheeseboard.service.last_act import UndoneAct


def _remove(context: Context) -> int:
    context.open_folder()
    files, unknown = chosen_files(context)
    removal = context.service.remove(files, Way.COMMAND_LINE)
    context.service.last_act.note_removed(removal)
    say_removal(context, removal)
    return EXIT_REFUSED if unknown or len(removal.rows) < len(files) else EXIT_DONE


def say_removal(context: Context, removal: Removal) -> None:
    """Say which files went to the trash, and how they come back."""
    for row in removal.rows:
        context.say(f"Removed {row.filename}; it is in the trash.", "removed", **_facts(row))
    if removal.rows and not context.options.json:
        context.out.write("Bring back what went last with: cheeseboard undo\n")


def _facts(row: TrashRow) -> dict[str, object]:
    return {
        "id": row.id,
        "file": row.filename,
        "project": row.project,
        "version": row.version,
        "size": row.size,
        "sha256": row.sha256,
        "removed": when(row.removed_us),
    }


def when(microseconds: int) -> str:
    """Return a time as machines and people read it: UTC, to the second."""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).isoformat().replace("+00:00", "Z")


def _add_restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names",
        nargs="+",
        metavar="NAME",
        help="FILE, PROJECT==VERSION, PROJECT, or a number from `trash list`",
    )


def _restore(context: Context) -> int:
    context.open_folder()
    rows: dict[int, TrashRow] = {}
    unknown = False
    trash = context.service.trash()
    for word in context.options.arguments.names:
        found = choose_trashed(trash, word)
        if isinstance(found, Unknown):
            unknown = True
            say_unknown(context, found, f"the trash of {context.service.folder}")
        else:
            rows.update((row.id, row) for row in found)
    outcomes = context.service.restore_rows(list(rows.values()), Way.COMMAND_LINE)
    for outcome in outcomes:
        say_outcome(context, outcome, accepted="restored")
    return EXIT_REFUSED if unknown or any(map(is_refused, outcomes)) else EXIT_DONE


def _add_undo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--redo", action="store_true", help="do again what was undone last")


def _undo(context: Context) -> int:
    context.open_folder()
    again, folder = context.options.arguments.redo, context.service.folder
    undone = context.service.last_act.redo() if again else context.service.last_act.undo()
    if undone is None:
        sys.stderr.write(f"No command has added or removed anything in {folder} lately.\n")
        return EXIT_REFUSED
    if undone.before:
        sys.stderr.write(
            f"Nothing is undone in {folder} that could be done again.\n"
            if again
            else "The last command is undone already. `cheeseboard undo --redo` does it again.\n"
        )
        return EXIT_REFUSED
    say_removal(context, undone.removal)
    for outcome in undone.outcomes:
        say_outcome(context, outcome, accepted="restored")
    _say_undone(undone, again=again)
    done = len(undone.removal.rows) + sum(not is_refused(outcome) for outcome in undone.outcomes)
    if done < undone.asked:
        sys.stderr.write(
            f"{undone.asked - done} of the {undone.asked} files are not what they were any more.\n"
        )
    return EXIT_DONE if done == undone.asked else EXIT_REFUSED


def _say_undone(undone: UndoneAct, *, again: bool) -> None:
    """Say which way it went, and the way back."""
    # What is undone reversed what was done: who undoes an add removes.
    act = {"added": "removed", "removed": "added"}[undone.act] if again else undone.act
    files = "1 file" if undone.asked == 1 else f"{undone.asked} files"
    sys.stderr.write(
        f"Done again: {files} {act}. `cheeseboard undo` takes that back.\n"
        if again
        else f"Undone: {files} {act}. `cheeseboard undo --redo` does that again.\n"
    )


def _add_trash(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["list", "empty"], nargs="?", default="list", help="what to do")
    parser.add_argument("--yes", action="store_true", help="for empty: delete for good without asking")


def _trash(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    service.open(watch=False)
    rows = service.trash()
    if arguments.action == "list":
        for row in rows:
            text = f"{row.id:>5}  {when(row.removed_us)}  {row.filename}  {row.size} bytes"
            context.say(text, "trashed", **_facts(row))
        return EXIT_DONE
    if rows and not arguments.yes:
        if not sys.stdin.isatty():
            sys.stderr.write("Emptying the trash can't be undone. Add --yes to say that you mean it.\n")
            return EXIT_USAGE
        if not _is_confirmed(len(rows)):
            sys.stderr.write("Nothing was deleted.\n")
            return EXIT_REFUSED
    count = service.empty_trash()
    context.say(f"Deleted {count} {'file' if count == 1 else 'files'} for good.", "emptied", files=count)
    return EXIT_DONE


def _is_confirmed(count: int) -> bool:
    sys.stderr.write(
        f"Delete {count} {'file' if count == 1 else 'files'} for good? This can't be undone [y/N] "
    )
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


REMOVE = Command(
    "move files to the trash",
    add_names,
    _remove,
    needs_folder=True,
    lesson=lesson(
        "Moves files out of the index and into the trash, from where they come back byte for byte, "
        "with their upload times and yanks. Builds that pinned them will fail; `cheeseboard yank` "
        "is gentler.",
        ("remove acme-core==1.4", "a whole release"),
        ("remove acme-core", "every file of the project"),
        removed=TRASHED,
        unknown=UNKNOWN,
    ),
)
RESTORE = Command(
    "bring files back from the trash",
    _add_restore,
    _restore,
    needs_folder=True,
    lesson=lesson(
        "Brings files back from the trash, just as they were. Names are those that `remove` takes, "
        "or a number that `trash list` shows; of several removals of one file the latest is meant.",
        ("restore acme-core==1.4", "a whole release"),
        ("restore 17", "the file that `trash list` shows as 17"),
        restored=OUTCOME,
        conflict=OUTCOME,
        rejected=OUTCOME,
        unknown=UNKNOWN,
    ),
)
UNDO = Command(
    "undo what a command added or removed last",
    _add_undo,
    _undo,
    needs_folder=True,
    lesson=lesson(
        "Undoes what the last command in this folder added or removed, all of it together: an add, "
        "an import, a remove, a retention. What is undone is not undone twice; --redo does it again.",
        ("undo", "in your own folder"),
        ("undo --redo", "take the undo back"),
        ("undo --folder /srv/packages", "in another one"),
        removed=TRASHED,
        restored=OUTCOME,
        conflict=OUTCOME,
        rejected=OUTCOME,
    ),
)
TRASH = Command(
    "list what was removed, or delete it for good",
    _add_trash,
    _trash,
    needs_folder=True,
    lesson=lesson(
        "Shows what was removed, the latest first, or deletes all of it for good. What is in the "
        "trash is kept for 30 days at least, whatever the settings say, unless you empty it.",
        ("trash", "what could still come back"),
        ("trash empty --yes", "delete it for good, without being asked"),
        trashed=TRASHED,
        emptied="files",
    ),
)
