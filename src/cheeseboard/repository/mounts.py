"""What kind of disk a folder is on: where others change files unseen, the watcher must look for itself.

Source: proc(5), /proc/PID/mountinfo. Linux alone says it; elsewhere every disk is taken for one that tells.
"""

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

# Shared by other machines (or by the host of this virtual one), whose changes cause no events here.
_SILENT = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "davfs", "glusterfs", "lustre"),
        *("ncpfs", "prl_fs", "vboxsf", "virtiofs", "vmhgfs"),
    }
)
_ESCAPED = re.compile(r"\\([0-7]{3})")


def tells_of_changes(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Tell whether a change that anybody makes in ``folder`` causes an event on this machine."""
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
        place = folder.resolve()
    except OSError:
        return True
    kind = _kind_of(place, lines)
    # What a program of this machine shows as a disk (sshfs, rclone, ...) may change behind its back too.
    return kind not in _SILENT and kind != "fuse" and not kind.startswith("fuse.")


def _kind_of(place: Path, lines: list[str]) -> str:
    """Return the kind of file system mounted over ``place``: of the deepest mount, the last one there."""
    kind, depth = "", -1
    for line in lines:
        before, separator, after = line.partition(" - ")
        fields, described = before.split(" "), after.split(" ")
        if not separator or len(fields) < 5:
            continue
        point = Path(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4]))
        if place.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = described[0], len(point.parts)
    return kind
