"""The ports that each repository keeps, so that what others wrote down holds from one start to the next."""

import logging
from collections.abc import Callable
from pathlib import Path

from cheeseboard.errors import SettingsError
from cheeseboard.service.served_addresses import usual_upload_port
from cheeseboard.settings import KeptSettings

logger = logging.getLogger(__name__)


class KeptPorts:
    """The ports of the repository that is open."""

    def __init__(self, settings: KeptSettings, folder: Callable[[], Path]) -> None:
        """Know nothing yet.

        Args:
            settings: Keep them.
            folder: Tells the managed folder.
        """
        self._settings = settings
        self._folder = folder

    @property
    def main(self) -> int:
        """The one chosen for this repository, or the general one."""
        return self._settings.current.ports.get(str(self._folder()), self._settings.current.port)

    @property
    def uploads(self) -> int | None:
        """The one for uploads alone: the last one, or the usual one; None without."""
        kept = self._kept_for_uploads
        return usual_upload_port(self.main) if kept is None else kept or None

    @property
    def _kept_for_uploads(self) -> int | None:
        return self._settings.current.upload_ports.get(str(self._folder()))

    def for_uploads(self, beside: int, asked: int | None) -> int | None:
        """Return where to take uploads beside a main port: 0 for anywhere, None for nowhere.

        Args:
            beside: The main port; 0 for anywhere.
            asked: What somebody asks for this time; 0 for nowhere, None for what is kept.
        """
        if asked is not None:
            return asked or None
        kept = self._kept_for_uploads
        if kept == 0:
            return None
        if beside == 0:
            return 0
        return kept or usual_upload_port(beside)

    def remember_main(self, port: int) -> None:
        """Keep the main port."""
        if port != self.main:
            ports = {**self._settings.current.ports, str(self._folder()): port}
            self._change(ports=ports)

    def remember_uploads(self, port: int | None) -> None:
        """Keep the port for uploads alone; None keeps that there is none."""
        if port != self.uploads:
            ports = {**self._settings.current.upload_ports, str(self._folder()): port or 0}
            self._change(upload_ports=ports)

    def _change(self, **changes: object) -> None:
        try:
            self._settings.change(**changes)
        except SettingsError as error:
            logger.warning("A port is not remembered: %s", error)
