"""A keyring's backend that keeps passwords in a file: what a desktop's own does, for machines without one."""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Keyring(KeyringBackend):
    """The file that FILE_KEYRING names."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        known = self._read().get(service, {})
        return known.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        known = self._read()
        known.setdefault(service, {})[username] = password
        self._write(known)

    def delete_password(self, service: str, username: str) -> None:
        known = self._read()
        if known.get(service, {}).pop(username, None) is None:
            raise PasswordDeleteError("there is no such password")
        self._write({name: users for name, users in known.items() if users})

    def _read(self) -> dict[str, dict[str, str]]:
        if "FILE_KEYRING_LOCKED" in os.environ:
            raise KeyringLocked("Failed to unlock the collection!")
        path = Path(os.environ["FILE_KEYRING"])
        return json.loads(path.read_text()) if path.exists() else {}

    def _write(self, known: dict[str, dict[str, str]]) -> None:
        Path(os.environ["FILE_KEYRING"]).write_text(json.dumps(known))
