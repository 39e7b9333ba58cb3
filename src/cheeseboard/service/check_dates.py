"""When each folder's files were all read the last time; a convenience, so it never stops a check."""

import json
import logging
import secrets
from datetime import datetime
from pathlib import Path

from cheeseboard.locations import make_private

logger = logging.getLogger(__name__)


class CheckDates:
    """One small file of the user's own; several processes may write it, the last one wins."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, folder: Path) -> datetime | None:
        """Return when a folder was checked; None when that is unknown."""
        try:
            return datetime.fromisoformat(self._all()[str(folder)])
        except (KeyError, TypeError, ValueError):
            return None

    def note(self, folder: Path, when: datetime) -> None:
        """Remember a check, if that can be written."""
        kept = {**self._all(), str(folder): when.isoformat()}
        temporary = self._path.with_name(f".{self._path.name}.{secrets.token_hex(6)}")
        try:
            make_private(self._path.parent)
            temporary.write_text(json.dumps(kept), "utf-8")
            temporary.replace(self._path)
        except OSError as error:
            logger.warning("The date of a check was not kept: %s", error)

    def _all(self) -> dict[str, str]:
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
