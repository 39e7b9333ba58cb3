"""Every sentence that the window says, translatable: what happened, what it means, one action.

Sentences about refused files come from ``cheeseboard.wording``, which both faces share.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, assert_never

from cheeseboard import wording
from cheeseboard.clients.collisions import Collision, Winner
from cheeseboard.clients.plan import Caution, CautionReason, ClientState, Mode
from cheeseboard.clients.proof import REACHED, WORDS, Proof
from cheeseboard.desktop.look.badges import Badge, BadgeKind
from cheeseboard.desktop.look.theme import Scheme
from cheeseboard.desktop.words import first_words
from cheeseboard.distributions.compatibility import Reason, System, Verdict
from cheeseboard.distributions.distribution import WarningReason
from cheeseboard.errors import RefusalReason
from cheeseboard.events import Answered, AskedFor, Way
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
from cheeseboard.repository.records import Activity
from cheeseboard.repository.snapshot import File, ProjectStatus, Snapshot
from cheeseboard.server.access.tokens import TokenScope
from cheeseboard.server.addresses import InterfaceKind
from cheeseboard.service.preview import Preview
from cheeseboard.service.served_addresses import AddressChoice

# The window's texts are asked for as messages.tr(...); first sight has its own module.
tr, mark = first_words.tr, first_words.mark
packages, downloads = first_words.packages, first_words.downloads


# --- numbers, sizes, moments ----------------------------------------------------------------------


def files(count: int) -> str:
    """Return "1 file", "34 files"."""
    return tr("1 file") if count == 1 else tr("{n} files", n=f"{count:,}")


def size(count: int) -> str:
    """Return a size as file managers write it, in powers of 1000."""
    if count < 1000:
        return tr("{n} B", n=count)
    value, units = count / 1000, ["KB", "MB", "GB", "TB"]
    while value >= 999.5 and len(units) > 1:
        value /= 1000
        units.pop(0)
    unit = units[0]
    return f"{value:.1f} {unit}" if value < 9.95 and unit != "KB" else f"{value:.0f} {unit}"


def moment(when: datetime, now: datetime) -> str:
    """Say when something happened, as a person would; both in local time."""
    seconds = (now - when).total_seconds()
    days = (now.date() - when.date()).days
    if -60 < seconds < 60:
        return tr("Just now")
    if 0 <= seconds < 3600:
        return tr("{n} min ago", n=int(seconds // 60))
    if days == 0:
        return tr("Today")
    if days == 1:
        return tr("Yesterday")
    day = f"{when.day} {_month(when.month)}"
    return day if when.year == now.year else f"{day} {when.year}"


def _month(number: int) -> str:
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return tr(names[number - 1])


# --- header, list and panel -----------------------------------------------------------------------


_BADGES = {
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
        parts.append(tr("yanked: {reason}", reason=reason) if reason else tr("yanked"))
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


def status(snapshot: Snapshot, *, scanning: bool, problem: bool) -> str:
    """Return the left half of the status line."""
    if not snapshot.projects:
        if problem:
            return tr("The folder can’t be used")
        return tr("Scanning…") if scanning else tr("No packages yet")
    parts = [packages(len(snapshot.projects)), files(snapshot.file_count), size(snapshot.total_size)]
    if scanning:
        parts.append(tr("scanning…"))
    elif not problem:
        parts.append(tr("index up to date"))
    return " · ".join(parts)


def client_state(state: ClientState) -> str:
    """Say whether an installer on this computer looks here."""
    if state.edited:
        return tr("{tool} here: changed elsewhere", tool=state.tool)
    if state.uploads and state.mode is not None:
        return tr("{tool} here: can upload", tool=state.tool)
    match state.mode:
        case None:
            return tr("{tool} here: not using this repository", tool=state.tool)
        case Mode.EXTRA:
            return tr("{tool} here: extra index", tool=state.tool)
        case Mode.FIRST:
            return tr("{tool} here: first index", tool=state.tool)
        case Mode.ONLY:
            return tr("{tool} here: only index", tool=state.tool)
        case _:
            assert_never(state.mode)


# --- the share card -------------------------------------------------------------------------------


def address_choice(choice: AddressChoice) -> str:
    """Say in plain words where an address leads."""
    match choice.kind:
        case None if choice.host.endswith(".local"):
            return tr("this computer’s name on the network")
        case None:
            return tr("this computer’s name")
        case InterfaceKind.PHYSICAL if choice.wireless:
            words = tr("Wi-Fi")
        case InterfaceKind.PHYSICAL:
            words = tr("network")
        case InterfaceKind.OTHER:
            words = tr("virtual network")
        case InterfaceKind.VPN:
            words = tr("VPN: only for those on it")
        case InterfaceKind.CONTAINER:
            words = tr("containers on this computer")
        case _:
            assert_never(choice.kind)
    return tr("{what} ({interface})", what=words, interface=choice.label)


def address_changed(*, still_works: bool) -> str:
    """Words 10, and what is to be done when the old address is gone."""
    if still_works:
        return tr("Your network address changed. Setup lines you already sent still work.")
    return tr("Your network address changed. Setup lines you already sent name the old one.")


def who_can_download(*, private: bool) -> str:
    """Say what serving on the network means (words 8)."""
    if private:
        return tr("Only those to whom you gave a token can download packages. Connections are encrypted.")
    return tr("Anyone on this network can download these packages. Publishing needs a token, always.")


def join_means(*, private: bool) -> str:
    """Say what the setup line does on a colleague's computer."""
    words = tr("It shows what it will change, writes it, proves that it works and says how to undo it.")
    asks = tr("Reading needs a token, so it asks for theirs.")
    return f"{words} {asks}" if private else words


def one_install_means(*, private: bool) -> str:
    """Say what one install without configuration trusts and asks."""
    words = tr(
        "The first line compares the certificate with its fingerprint and writes {file}; the second trusts "
        "that file for this install. pip also asks the public index: the higher version wins.",
        file="cheeseboard-ca.pem",
    )
    asks = tr("Reading needs a token: pip asks for the user, __token__, and the password, the token.")
    return f"{words} {asks}" if private else words


def setup_line_copied() -> str:
    """Words 11."""
    return tr(
        "Setup line copied. It includes the certificate fingerprint, so nobody can swap the certificate on "
        "the way."
    )


# --- drops and their results ----------------------------------------------------------------------


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


# --- why it cannot install ------------------------------------------------------------------------


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


def newer_elsewhere(known: Collision, filename: str) -> str:
    """Say that another index wins over ours."""
    return tr(
        "pip takes {version} from {host} instead of {file}: of several indexes, the higher version wins.",
        version=known.theirs,
        host=known.upstream,
        file=filename,
    )


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


# --- preferences ----------------------------------------------------------------------------------


def scheme(shown: Scheme) -> str:
    """Name a choice of colours."""
    match shown:
        case Scheme.AUTO:
            return tr("Like the system")
        case Scheme.LIGHT:
            return tr("Light")
        case Scheme.DARK:
            return tr("Dark")
        case Scheme.CONTRAST:
            return tr("High contrast")
        case _:
            assert_never(shown)


# --- who may publish and read ---------------------------------------------------------------------


def token_scope(scope: TokenScope) -> str:
    """Say what a token is for."""
    match scope:
        case TokenScope.READ:
            return tr("read")
        case TokenScope.PUBLISH:
            return tr("publish and read")
        case _:
            assert_never(scope)


def lifetime(days: int | None) -> str:
    """Say how long a token is good."""
    if days is None:
        return tr("Never")
    return tr("In a year") if days == 365 else tr("In {n} days", n=days)


def reading_rule(*, private: bool) -> str:
    """Say who may read from now on."""
    if private:
        return tr(
            "Reading needs a token now. Installers that look here already need to be told again, with theirs."
        )
    return tr("Anybody who reaches this repository may read it again.")


# --- activity -------------------------------------------------------------------------------------


def downloader(installer: str, address: str) -> str:
    """Name who downloads: "pip/26.3 on 192.168.1.23"."""
    where = tr("this computer") if first_words.is_here(address) else address
    return tr("{installer} on {where}", installer=installer, where=where) if installer else where


def download_activity(at_us: int, filename: str, who: str) -> Activity:
    """Return a download as something that happened."""
    return Activity(at_us, "download", filename, "", Way.FOLDER, who)


def request_activity(at_us: int, kind: AskedFor, count: int) -> Activity:
    """Return requests that were alike as something that happened."""
    who = downloader(kind.installer, kind.address)
    times = f"{who} ({count:,}×)" if count > 1 else who
    return Activity(at_us, kind.answered, kind.name or tr("the list of packages"), "", Way.FOLDER, times)


_ACTS = {
    "added": mark("{file} was added, {way}"),
    "removed": mark("{file} was moved to the Trash"),
    "gone": mark("{file} disappeared from the folder"),
    "changed": mark("{file} was changed in the folder by something else"),
    "restored": mark("{file} was restored"),
    "yanked": mark("{file} was yanked"),
    "unyanked": mark("{file} is no longer yanked"),
    "download": mark("{detail} downloaded {file}"),
    Answered.HERE: mark("{detail} asked for {file}: here"),
    Answered.NOT_HERE: mark("{detail} asked for {file}: not here"),
    Answered.TURNED_AWAY: mark("{detail} asked for {file} and was turned away"),
    Answered.UPLOAD_REFUSED: mark("{detail} tried to publish and was turned away"),
}


def activity(act: Activity) -> str:
    """Say what happened to a file or project."""
    template = _ACTS.get(act.act)
    if act.act == "yanked" and act.detail:
        template = mark("{file} was yanked: {detail}")
    elif act.act == "added" and act.way is Way.UPLOAD and act.detail:
        template = mark("{file} was uploaded by {detail}")
    facts = {"file": act.filename or act.project, "detail": act.detail, "way": _way(act.way), "act": act.act}
    return tr(template or mark("{file}: {act} {detail}"), **facts).strip()


def _way(way: Way) -> str:
    match way:
        case Way.DROP:
            return tr("in the window")
        case Way.FOLDER:
            return tr("found in the folder")
        case Way.UPLOAD:
            return tr("uploaded")
        case Way.COMMAND_LINE:
            return tr("by command line")
        case _:
            assert_never(way)


# --- the extra index ------------------------------------------------------------------------------


def in_use(tool: str, mode: Mode) -> str:
    """Words 12."""
    match mode:
        case Mode.EXTRA:
            return tr("{tool} on this computer now also looks here.", tool=tool)
        case Mode.FIRST:
            return tr("{tool} on this computer now looks here first.", tool=tool)
        case Mode.ONLY:
            return tr("{tool} on this computer now looks only here.", tool=tool)
        case _:
            assert_never(mode)


def proof(shown: Proof) -> tuple[str, str]:
    """Say what came of letting an installer ask this repository, and one thing to do about it."""
    sentence, action = (
        tr(words, **{**shown.facts, "inspect": tr(shown.facts.get("inspect", ""))}) if words else ""
        for words in (WORDS[shown.cause] if shown.cause else REACHED)
    )
    return sentence, action


def undone(tool: str, *, exact: bool) -> str:
    """Say how an installer's configuration was brought back."""
    if exact:
        return tr(
            "{tool} no longer looks here. Its configuration is what it was before, byte for byte.", tool=tool
        )
    return tr(
        "{tool} no longer looks here. Only our own lines were taken out; the changes made since were kept.",
        tool=tool,
    )


def _state_caution(
    reason: Literal[CautionReason.NOT_SERVING, CautionReason.NAME_COLLISION, CautionReason.CA_NOT_TRUSTED],
    detail: str,
    tool: str,
) -> str:
    """Say what holds now and can change before the installer runs."""
    match reason:
        case CautionReason.NOT_SERVING:
            words = tr(
                "Nothing is served at {detail} now, so {tool} would wait for it.", detail=detail, tool=tool
            )
        case CautionReason.NAME_COLLISION:
            words = tr(
                "Other indexes have higher versions of {detail}: {tool} would install those instead of ours.",
                detail=detail,
                tool=tool,
            )
        case CautionReason.CA_NOT_TRUSTED:
            words = tr(
                "{tool} trusts what this computer trusts, and that is not our certificate yet.", tool=tool
            )
        case _:
            assert_never(reason)
    return words


def _credential_caution(
    reason: Literal[
        CautionReason.CREDENTIAL_WRITTEN,
        CautionReason.CREDENTIAL_FOR_HOST,
        CautionReason.CREDENTIAL_OVERRIDDEN,
    ],
    detail: str,
    tool: str,
) -> str:
    """Say where a token of the user's own goes."""
    match reason:
        case CautionReason.CREDENTIAL_WRITTEN:
            words = tr(
                "{detail} will hold a token of your own, which works on this computer only. You alone will "
                "be able to read the file.",
                detail=detail,
            )
        case CautionReason.CREDENTIAL_FOR_HOST:
            words = tr(
                "Programs that read this file give the token to any server at {detail}, whatever its port. "
                "It can read packages there, and nothing else.",
                detail=detail,
            )
        case CautionReason.CREDENTIAL_OVERRIDDEN:
            words = tr(
                "{detail} is set, so {tool} will send that instead of the token.", detail=detail, tool=tool
            )
        case _:
            assert_never(reason)
    return words


def caution(shown: Caution, tool: str) -> str:
    """Words 13 and their kin: what stands in the way and what it means."""
    detail = shown.detail
    match shown.reason:
        case CautionReason.CA_BUNDLE_OVERRIDDEN:
            words = tr("{detail} is set, so {tool} will ignore our certificate.", detail=detail, tool=tool)
        case CautionReason.CONFIG_FILE_OVERRIDDEN:
            words = tr("{detail} is set, so {tool} will not read this file.", detail=detail, tool=tool)
        case CautionReason.INDEX_OVERRIDDEN:
            words = tr(
                "{detail} replaces the list of indexes, so {tool} will not see ours there.",
                detail=detail,
                tool=tool,
            )
        case CautionReason.OTHER_INDEXES:
            words = tr(
                "{detail} names more indexes, so {tool} will look there too.", detail=detail, tool=tool
            )
        case CautionReason.NO_INDEX:
            words = tr("{detail} keeps {tool} from asking any index.", detail=detail, tool=tool)
        case CautionReason.TOOL_NOT_FOUND:
            words = tr("{tool} was not found here, so this is the place its manual names.", tool=tool)
        case CautionReason.NOT_SERVING | CautionReason.NAME_COLLISION | CautionReason.CA_NOT_TRUSTED:
            words = _state_caution(shown.reason, detail, tool)
        case (
            CautionReason.CREDENTIAL_WRITTEN
            | CautionReason.CREDENTIAL_FOR_HOST
            | CautionReason.CREDENTIAL_OVERRIDDEN
        ):
            words = _credential_caution(shown.reason, detail, tool)
        case CautionReason.TRUSTED_HOST:
            words = tr(
                "{detail} switches off certificate checks for a host. Cheeseboard never needs that.",
                detail=detail,
            )
        case _:
            assert_never(shown.reason)
    return words


def _credential_help(
    reason: Literal[
        CautionReason.CREDENTIAL_WRITTEN,
        CautionReason.CREDENTIAL_FOR_HOST,
        CautionReason.CREDENTIAL_OVERRIDDEN,
    ],
    detail: str,
) -> str:
    if reason is CautionReason.CREDENTIAL_OVERRIDDEN:
        return tr("Remove {detail} from your shell’s start-up file and open a new terminal.", detail=detail)
    return tr("Undo takes it out again.")


def _state_help(
    reason: Literal[CautionReason.NOT_SERVING, CautionReason.NAME_COLLISION, CautionReason.CA_NOT_TRUSTED],
    detail: str,
    tool: str,
) -> str:
    match reason:
        case CautionReason.NOT_SERVING:
            words = tr("Start serving, then go on.")
        case CautionReason.NAME_COLLISION:
            words = tr(
                "Rename the project, give it a higher version, or let {tool} look only here.", tool=tool
            )
        case CautionReason.CA_NOT_TRUSTED:
            words = tr("Let this computer trust it, or set {detail} for {tool}.", detail=detail, tool=tool)
        case _:
            assert_never(reason)
    return words


def caution_help(shown: Caution, tool: str) -> str:
    """Say how to mend what a caution names."""
    detail = shown.detail
    match shown.reason:
        case CautionReason.CA_BUNDLE_OVERRIDDEN:
            words = tr(
                "Remove {detail} from your shell’s start-up file and open a new terminal, or add our "
                "certificate to the file it names.",
                detail=detail,
            )
        case CautionReason.CONFIG_FILE_OVERRIDDEN:
            words = tr(
                "Remove {detail} from your shell’s start-up file and open a new terminal, or write the lines "
                "above into the file it names.",
                detail=detail,
            )
        case CautionReason.INDEX_OVERRIDDEN:
            words = tr("Remove {detail}, or add the address above to it.", detail=detail)
        case CautionReason.OTHER_INDEXES | CautionReason.NO_INDEX:
            words = tr("Remove {detail} when nothing else needs it.", detail=detail)
        case CautionReason.TOOL_NOT_FOUND:
            words = tr("Install {tool}, or go on: it will read this file once it is there.", tool=tool)
        case CautionReason.NOT_SERVING | CautionReason.NAME_COLLISION | CautionReason.CA_NOT_TRUSTED:
            words = _state_help(shown.reason, detail, tool)
        case CautionReason.TRUSTED_HOST:
            words = tr("Remove it from {tool}’s configuration when nothing else needs it.", tool=tool)
        case (
            CautionReason.CREDENTIAL_WRITTEN
            | CautionReason.CREDENTIAL_FOR_HOST
            | CautionReason.CREDENTIAL_OVERRIDDEN
        ):
            words = _credential_help(shown.reason, detail)
        case _:
            assert_never(shown.reason)
    return words


def collision() -> str:
    """Warn of names that exist here and on the public index."""
    return tr(
        "If a name exists both here and on the public index, the higher version is installed, "
        "wherever it comes from. Give your own packages names of their own."
    )


def collision_found(known: Collision) -> str:
    """Say what pip picks of a name that another index has, too, and why."""
    facts = {"project": known.project, "host": known.upstream, "theirs": known.theirs, "ours": known.ours}
    match known.winner:
        case Winner.UPSTREAM:
            words = tr(
                "{project}: pip takes {theirs} from {host}, which is higher than yours, {ours}.", **facts
            )
        case Winner.EITHER:
            words = tr("{project}: {host} has {theirs}, too; pip takes either.", **facts)
        case Winner.OURS:
            words = tr("{project}: {host} has {theirs}; yours, {ours}, is higher and wins.", **facts)
        case _:
            assert_never(known.winner)
    return words


def index_questions() -> tuple[tuple[str, str], ...]:
    """Return what people ask before they press the button, and the answers."""
    return (
        (
            tr("What happens to my pip?"),
            tr(
                "One file of yours gets the lines shown below. pip then asks this repository besides the "
                "public index; your virtual environments and installed packages stay as they are."
            ),
        ),
        (
            tr("Is this safe?"),
            tr(
                "Connections are encrypted and verified. The certificate is trusted by these installers "
                "only, not by your browser or system, and it is valid for this computer’s names alone."
            ),
        ),
    )


def unexpected() -> str:
    """Say that something failed that we did not foresee; the log has it."""
    return tr("Something went wrong. Nothing was lost; the details are in the log.")
