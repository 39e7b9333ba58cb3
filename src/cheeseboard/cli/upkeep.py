"""``check`` and ``retention``: keeping a repository well."""

import argparse
import sys
import threading

from cheeseboard.cli.command import EXIT_DONE, EXIT_FAILED, EXIT_REFUSED, EXIT_USAGE, Command, Context
from cheeseboard.cli.history import whole_number
from cheeseboard.cli.interrupts import interruptible
from cheeseboard.cli.lesson import TRASHED, lesson
from cheeseboard.cli.progress import shown
from cheeseboard.cli.removal import say_removal
from cheeseboard.events import Way
from cheeseboard.repository.check import CheckReport, Fault, Finding
from cheeseboard.repository.retention import Lapse, Lapsed
from cheeseboard.settings import RetentionRule

_FAULTS = {
    Fault.CHANGED: (
        "{file} is not what it was: its bytes changed on the disk. It is out of the index and still in its "
        "place. Bring a good copy there, or restore a backup."
    ),
    Fault.MISSING: "{file} is missing, so it is out of the index. Add it again, or restore a backup.",
    Fault.UNREADABLE: "{file} can't be read ({detail}). It is still in the index; look at the disk.",
    Fault.CATALOG: (
        "The catalog is damaged: {detail}. Close Cheeseboard, move .cheeseboard/catalog.sqlite3 away and "
        "start again: it is made anew from the folder. Yanks and upload times come back only from a backup."
    ),
}
_LAPSES = {
    Lapse.OLDER_RELEASE: "older than the {newest}",
    Lapse.OLD_PRERELEASE: "a pre-release older than {days} days",
}


def _add_check(_parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments of its own."""


def _check(context: Context) -> int:
    context.open_folder()
    stop = threading.Event()
    with shown("Checking", wanted=not context.options.json) as tell, interruptible(stop):
        report = context.service.upkeep.check(progress=tell, cancelled=stop.is_set)
    for finding in report.findings:
        _say_finding(context, finding)
    _say_report(context, report)
    if not report.complete:
        sys.stderr.write("Stopped before the end.\n")
        return EXIT_FAILED
    return EXIT_REFUSED if report.findings else EXIT_DONE


def _say_finding(context: Context, finding: Finding) -> None:
    name = finding.file.filename if finding.file else ""
    message = _FAULTS[finding.fault].format(file=name, detail=finding.detail)
    context.say(
        message,
        "finding",
        fault=finding.fault.value,
        file=name,
        project=finding.file.project if finding.file else "",
        version=finding.file.version if finding.file else "",
        detail=finding.detail,
        message=message,
    )


def _say_report(context: Context, report: CheckReport) -> None:
    files = f"{report.checked} {'file' if report.checked == 1 else 'files'}"
    wrong = f"{len(report.findings)} wrong" if report.findings else "all as recorded"
    context.say(
        f"Read {files}, {report.size:,} bytes: {wrong}.",
        "checked",
        files=report.checked,
        size=report.size,
        findings=len(report.findings),
        complete=report.complete,
    )


def _add_retention(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--projects", metavar="PATTERN", default="*", help='which projects ("acme-*"; default: all)'
    )
    parser.add_argument("--keep", metavar="N", type=whole_number, help="keep the N newest releases of each")
    parser.add_argument(
        "--prereleases", metavar="DAYS", type=whole_number, help="let pre-releases older than this go"
    )
    parser.add_argument("--save", action="store_true", help="keep this rule for the folder")
    parser.add_argument("--forget", metavar="PATTERN", help="forget the rule kept for these projects")
    parser.add_argument("--rules", action="store_true", help="show the rules kept, nothing else")
    parser.add_argument("--apply", action="store_true", help="move what is shown to the trash")


def _retention(context: Context) -> int:
    arguments, upkeep = context.options.arguments, context.service.upkeep
    rule = None
    if arguments.keep is not None or arguments.prereleases is not None:
        try:
            rule = RetentionRule(arguments.projects, arguments.keep, arguments.prereleases)
        except ValueError:
            sys.stderr.write("--keep must be 1 or more.\n")
            return EXIT_USAGE
    elif arguments.save:
        sys.stderr.write("A rule to --save needs --keep N or --prereleases DAYS.\n")
        return EXIT_USAGE
    if arguments.forget is not None and not upkeep.forget_retention_rule(arguments.forget):
        sys.stderr.write(f"No rule is kept for {arguments.forget}. See: cheeseboard retention --rules\n")
        return EXIT_REFUSED
    if rule is not None and arguments.save:
        upkeep.keep_retention_rule(rule)
    if arguments.rules or arguments.forget is not None:
        return _say_rules(context)
    rules = upkeep.retention_rules if rule is None or arguments.save else (rule,)
    if not rules:
        sys.stderr.write("No rule is kept for this folder. Try one: cheeseboard retention --keep 5\n")
        return EXIT_DONE
    return _retain(context, rules)


def _retain(context: Context, rules: tuple[RetentionRule, ...]) -> int:
    context.open_folder()
    upkeep = context.service.upkeep
    lapsed = upkeep.preview_retention(rules)
    if context.options.arguments.apply:
        removal = upkeep.apply_retention(lapsed, Way.COMMAND_LINE)
        context.service.last_act.note_removed(removal)
        say_removal(context, removal)
        return EXIT_DONE if len(removal.rows) == len(lapsed) else EXIT_REFUSED
    for each in lapsed:
        _say_lapsed(context, each)
    size = sum(each.file.size for each in lapsed)
    context.say(
        f"{len(lapsed)} {'file' if len(lapsed) == 1 else 'files'}, {size:,} bytes, would go to the trash. "
        "Nothing was changed" + ("; add --apply to do it." if lapsed else "."),
        "retention",
        files=len(lapsed),
        size=size,
    )
    return EXIT_DONE


def _say_lapsed(context: Context, lapsed: Lapsed) -> None:
    file, rule = lapsed.file, lapsed.rule
    newest = "newest release" if rule.keep_releases == 1 else f"{rule.keep_releases} newest releases"
    why = _LAPSES[lapsed.reason].format(newest=newest, days=rule.prerelease_days)
    context.say(
        f"Would remove {file.filename}: {why}.",
        "would-remove",
        file=file.filename,
        project=file.project,
        version=file.version,
        size=file.size,
        reason=lapsed.reason.value,
        rule=rule.projects,
        message=why,
    )


def _say_rules(context: Context) -> int:
    for rule in context.service.upkeep.retention_rules:
        parts = [f"keep {rule.keep_releases} releases"] if rule.keep_releases is not None else []
        if rule.prerelease_days is not None:
            parts.append(f"pre-releases for {rule.prerelease_days} days")
        context.say(
            f"{rule.projects}: {', '.join(parts)}",
            "rule",
            projects=rule.projects,
            keep=rule.keep_releases,
            prereleases=rule.prerelease_days,
        )
    return EXIT_DONE


CHECK = Command(
    "read every file again and say what is wrong",
    _add_check,
    _check,
    needs_folder=True,
    lesson=lesson(
        "Reads every file again and holds it against the hash that was recorded, and lets SQLite "
        "check the catalog. A file that changed leaves the index at once and stays where it is; a "
        "missing one leaves it too. Exits with 1 when anything is wrong, so it fits a weekly "
        "timer. Ctrl-C ends it well.",
        ("check", "with a progress bar on a terminal"),
        ("check --json", "for a monitor: findings, then one line that sums up"),
        finding="fault file project version detail message",
        checked="files size findings complete",
    ),
)
RETENTION = Command(
    "show which old releases rules would let go; --apply does it",
    _add_retention,
    _retention,
    needs_folder=True,
    lesson=lesson(
        "Shows which files your rules would let go, and why. Nothing goes until you say --apply; "
        "then all goes to the trash together, and `cheeseboard undo` brings it back. Of each "
        "project the N newest releases stay; yanked releases do not count among them, nor "
        "pre-releases beside final ones. What an installer would take today always stays, and archived "
        "and quarantined projects are left alone. Of several rules the one with the most specific "
        "pattern holds. No rule is ever applied by itself.",
        ("retention --keep 5", "what would go if five releases of each project stayed"),
        ('retention --projects "acme-*" --keep 3 --prereleases 30 --save', "keep this rule, and preview"),
        ("retention --apply", "move what the kept rules let go to the trash"),
        would_remove="file project version size reason rule message",
        retention="files size",
        removed=TRASHED,
        rule="projects keep prereleases",
    ),
)
