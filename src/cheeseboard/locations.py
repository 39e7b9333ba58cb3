"""Where settings, state, keys, logs and the first managed folder live.

Everything but the managed folder is private to the user: directories are made 0700. The variable
``CHEESEBOARD_HOME`` moves all of it below one directory (portable use, tests).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APPLICATION = "cheeseboard"


@dataclass(frozen=True, slots=True)
class Locations:
    """Absolute paths; nothing is created until somebody asks for it with :func:`make_private`."""

    config: Path
    state: Path
    data: Path

    @property
    def settings_file(self) -> Path:
        """The user's settings, TOML."""
        return self.config / "settings.toml"

    @property
    def authority(self) -> Path:
        """The local certificate authority's directory: certificate, key, leaf."""
        return self.state / "authority"

    @property
    def access(self) -> Path:
        """Who may read and write: tokens, hashed, and the owner's own."""
        return self.state / "access"

    @property
    def clients(self) -> Path:
        """What we wrote into installers' configuration: the ledger, CA bundles."""
        return self.state / "clients"

    @property
    def builds(self) -> Path:
        """Where source trees are copied and built; empty while nothing is built."""
        return self.state / "builds"

    @property
    def logs(self) -> Path:
        """Log files, rotated."""
        return self.state / "logs"

    @property
    def default_folder(self) -> Path:
        """The managed folder of a user who never chose one."""
        return self.data / "packages"


def find_locations(environ: Mapping[str, str]) -> Locations:
    """Return the locations of this user.

    Args:
        environ: The process environment; ``CHEESEBOARD_HOME`` overrides the platform's places.
    """
    home = environ.get("CHEESEBOARD_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        return Locations(config=root / "config", state=root / "state", data=root / "data")
    return Locations(
        config=platformdirs.user_config_path(APPLICATION, appauthor=False),
        state=platformdirs.user_state_path(APPLICATION, appauthor=False),
        data=platformdirs.user_data_path(APPLICATION, appauthor=False),
    )


def make_private(directory: Path) -> Path:
    """Create ``directory`` (and parents) readable by this user only; return it.

    Raises:
        OSError: The directory cannot be made.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def resource(name: str) -> Path:
    """Return the path of a file below ``resources/``, installed or in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "resources" / name
    return installed if installed.exists() else here.parent.parent / "resources" / name
