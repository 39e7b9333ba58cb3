"""What the activity drawer says happened: files that came and went, requests that were answered."""

from typing import assert_never

from cheeseboard.desktop.words import first_words
from cheeseboard.desktop.words.translate import mark, tr
from cheeseboard.events import Answered, AskedFor, Way
from cheeseboard.repository.records import Activity


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
    "archived": mark("{file} was marked as archived"),
    "quarantined": mark("{file} was marked as quarantined"),
    "deprecated": mark("{file} was marked as deprecated"),
    "active": mark("{file} is active again"),
    "refused": mark("{file} was not taken in"),
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
