"""Numbers, sizes and moments, as a person would say them; every room of the window says them alike."""

from datetime import datetime

from cheeseboard.desktop.words.translate import tr


def packages(count: int) -> str:
    """Return "1 package", "142 packages"."""
    return tr("1 package") if count == 1 else tr("{n} packages", n=f"{count:,}")


def files(count: int) -> str:
    """Return "1 file", "34 files"."""
    return tr("1 file") if count == 1 else tr("{n} files", n=f"{count:,}")


def downloads(count: int) -> str:
    """Return "1 download", "128 downloads"."""
    return tr("1 download") if count == 1 else tr("{n} downloads", n=f"{count:,}")


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
