"""The mark on a folder that not everybody may read: it goes where the folder goes.

Who may read is kept with the user's own state, by the folder's path. A folder that is renamed, moved or
brought to another computer would be open to all there; the mark keeps it closed, and leads to its rules
where they are known. It is no secret.
"""

import json
import logging
import os
from pathlib import Path

from cheeseboard.errors import AccessError
from cheeseboard.private_file import read_private, write_private
from cheeseboard.repository.layout import Layout

logger = logging.getLogger(__name__)

_LONGEST_ID = 64


def mark_path(folder: Path) -> Path:
    """Return where a folder's mark is, if it has one."""
    return Layout(folder).private / "private.json"


def read_mark(folder: Path) -> str | None:
    """Return the id of the rules that a folder was closed by.

    None when it is not marked; "" when it is, and by what cannot be read: it is closed all the same.
    """
    path = mark_path(folder)
    try:
        content = read_private(path, AccessError, secret=False)
        return None if content is None else str(json.loads(content)["rules"])[:_LONGEST_ID]
    except (AccessError, ValueError, KeyError, TypeError, RecursionError) as error:
        logger.warning("The folder is marked as private, but %s can't be read: %s", path, error)
        return ""


def set_mark(folder: Path, rules_id: str | None) -> None:
    """Mark a folder as closed by these rules, or take its mark off (None).

    Where it cannot be written the rules hold all the same, for as long as the folder stays where it is.
    """
    path = mark_path(folder)
    try:
        if rules_id is None:
            if os.path.lexists(path):  # a read-only disk would complain of nothing
                path.unlink(missing_ok=True)
        elif path.parent.is_dir() and read_mark(folder) != rules_id:
            write_private(path, json.dumps({"rules": rules_id}).encode("ascii"), AccessError)
    except (AccessError, OSError) as error:
        logger.warning("The mark of a private folder can't be changed: %s", error)
