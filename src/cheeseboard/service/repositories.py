"""The folders that the user works with: several are known by a name, one is open."""

from dataclasses import dataclass
from pathlib import Path

from cheeseboard.errors import Sentence
from cheeseboard.settings import KeptSettings, folder_name


@dataclass(frozen=True, slots=True)
class KnownRepository:
    """A folder that the user works with."""

    name: str
    folder: Path
    is_open: bool


def known_repositories(settings: KeptSettings, opened: Path, default: Path) -> tuple[KnownRepository, ...]:
    """Return the folders known, the open and the default one among them, by name."""
    known = {Path(folder): name for name, folder in settings.current.repositories.items()}
    known.setdefault(opened, opened.name)
    known.setdefault(default, default.name)
    found = [KnownRepository(name, folder, folder == opened) for folder, name in known.items()]
    return tuple(sorted(found, key=lambda repository: repository.name.lower()))


def name_of(settings: KeptSettings, folder: Path) -> str:
    """Return the name that people know a folder by."""
    return folder_name(settings.current, folder)


def remember(settings: KeptSettings, name: str, folder: Path) -> None:
    """Know a folder by a name from now on.

    Raises:
        ValueError: The name is empty, or another folder's.
        SettingsError: The settings cannot be written.
    """
    clean, place = name.strip(), str(folder.expanduser().absolute())
    known = dict(settings.current.repositories)
    if not clean or known.get(clean, place) != place:
        raise ValueError(
            Sentence('There is a repository called "{name}" already.', name=clean)
            if clean
            else Sentence("A name is needed.")
        )
    others = {known_name: path for known_name, path in known.items() if path != place}
    settings.change(repositories={**others, clean: place})


def forget(settings: KeptSettings, folder: Path) -> None:
    """Know a folder no more; its files stay as they are.

    Raises:
        SettingsError: The settings cannot be written.
    """
    known = settings.current.repositories.items()
    settings.change(repositories={name: path for name, path in known if path != str(folder)})
