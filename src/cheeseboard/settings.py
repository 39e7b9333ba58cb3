"""The user's settings: one frozen, typed value, read and written as TOML.

What somebody added to the file by hand, comments included, survives a change made here.
"""

import os
import tempfile
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cheeseboard.errors import Sentence, SettingsError
from cheeseboard.locations import make_private

DEFAULT_PORT = 8443


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Which releases of which projects are kept; nothing goes before its owner says so.

    Attributes:
        projects: A pattern of names ("acme-*").
        keep_releases: How many releases that an installer could take are kept; None keeps all.
        prerelease_days: Pre-releases older than this go; None keeps all.
    """

    projects: str = "*"
    keep_releases: int | None = None
    prerelease_days: int | None = None

    def __post_init__(self) -> None:
        """Hold the values against what they may be.

        Raises:
            ValueError: One is out of its range, or the rule says nothing.
        """
        if self.keep_releases is None and self.prerelease_days is None:
            raise ValueError("a retention rule needs keep_releases or prerelease_days")
        if self.keep_releases is not None and self.keep_releases < 1:
            raise ValueError("keep_releases must be 1 or more")
        if self.prerelease_days is not None and self.prerelease_days < 0:
            raise ValueError("prerelease_days can't be negative")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set.

    Attributes:
        folder: The managed folder; empty for the default place.
        port: The port to serve on, for folders without one of their own.
        ports: The port chosen for a folder, by the folder's path.
        upload_ports: The port for uploads alone, likewise; 0 for none.
        repositories: The folders known besides, by the name shown for each.
        trash_days: How long what was removed is kept at least; never less than 30.
        trash_megabytes: How much older trash is kept beyond that; 0 keeps all of it.
        upload_megabytes: The largest upload that is taken, in millions of bytes.
        theme: "auto", "light", "dark" or "contrast".
        pause_while_not_serving: Whether installers' entries leave while nobody serves.
        shown_address: The host to show first while serving on the network; empty for the likeliest.
        retention: The rules kept for a folder, by the folder's path.
        build_python: The Python that builds source trees, a path or a name; empty for the usual one.
        announce: Whether the repository is announced on the network while it is served there.
        network_explained: The folders whose owner was told who may download while the network is served.
        window_geometry: The window's place and size, as Qt saves it, base64; empty at first.
        list_order: What the window's list is sorted by, e.g. "added descending"; empty at first.
        panel_width: How wide the panel beside that list was drawn, in pixels; 0 at first.
    """

    folder: str = ""
    port: int = DEFAULT_PORT
    ports: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    upload_ports: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    repositories: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    retention: Mapping[str, tuple[RetentionRule, ...]] = field(default_factory=lambda: MappingProxyType({}))
    trash_days: int = 90
    trash_megabytes: int = 0
    upload_megabytes: int = 10_000
    theme: str = "auto"
    window_geometry: str = ""
    list_order: str = ""
    panel_width: int = 0
    pause_while_not_serving: bool = True
    shown_address: str = ""
    announce: bool = True
    build_python: str = ""
    network_explained: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold the values against what they may be.

        Raises:
            ValueError: One is out of its range.
        """
        for port in (self.port, *self.ports.values(), *filter(None, self.upload_ports.values())):
            if not 1 <= port <= 65535:
                raise ValueError(f"port must be between 1 and 65535, not {port}")
        if self.trash_days < 0 or self.trash_megabytes < 0:
            raise ValueError("trash_days and trash_megabytes can't be negative")
        if self.upload_megabytes < 1:
            raise ValueError("upload_megabytes must be 1 or more")
        if self.theme not in {"auto", "light", "dark", "contrast"}:
            raise ValueError(f'theme must be "auto", "light", "dark" or "contrast", not "{self.theme}"')


def managed_folder(settings: Settings, asked: Path | None, default: Path) -> Path:
    """Return the folder to open: the one asked for, else the one that is set, else the default."""
    chosen = asked or (Path(settings.folder) if settings.folder else default)
    return chosen.expanduser().absolute()


def folder_name(settings: Settings, folder: Path) -> str:
    """Return the name that people know a folder by."""
    known = settings.repositories.items()
    return next((name for name, place in known if place == str(folder)), folder.name)


def read_settings(path: Path) -> Settings:
    """Read the settings; a missing file means the defaults, an unknown key is left alone.

    Raises:
        SettingsError: The file cannot be read, is no TOML, or holds a wrong value.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            Sentence("The settings file {path} can't be read: {cause}.", path=path, cause=error), path
        ) from error
    known: dict[str, Any] = {}
    for known_field in fields(Settings):
        if known_field.name in document:
            value = document[known_field.name]
            if not isinstance(value, _kind(known_field)):
                raise SettingsError(
                    Sentence(
                        "The settings file {path} has a wrong value for {known_field}.",
                        path=path,
                        known_field=known_field.name,
                    ),
                    path,
                )
            known[known_field.name] = value
    try:
        if "retention" in known:
            known["retention"] = _rules(known["retention"])
        if "network_explained" in known:
            known["network_explained"] = tuple(map(str, known["network_explained"]))
        return Settings(**known)
    except (TypeError, ValueError) as error:
        raise SettingsError(
            Sentence("The settings file {path} has a wrong value: {cause}.", path=path, cause=error), path
        ) from error


def _kind(known: Field[Any]) -> type:
    if known.name in {"ports", "upload_ports", "repositories", "retention"}:
        return dict
    return list if isinstance(known.default, tuple) else type(known.default)


def _rules(tables: Mapping[str, Any]) -> dict[str, tuple[RetentionRule, ...]]:
    """Read ``[[retention."FOLDER"]]``.

    Raises:
        TypeError, ValueError: A rule has a wrong key or value.
    """
    for rule in (rule for rules in tables.values() for rule in rules):
        for key, value in rule.items():
            if isinstance(value, bool) or not isinstance(value, str if key == "projects" else int):
                raise ValueError(f"retention has a wrong value for {key}")  # noqa: TRY004  # the caller's error
    return {folder: tuple(RetentionRule(**rule) for rule in rules) for folder, rules in tables.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401  # whatever a field holds
    """Return a value as TOML holds it."""
    if isinstance(value, RetentionRule):
        return {key: kept for key, kept in asdict(value).items() if kept is not None}
    if isinstance(value, Mapping):
        return {key: _plain(below) for key, below in value.items()}
    return [_plain(below) for below in value] if isinstance(value, tuple) else value


def write_settings(path: Path, settings: Settings) -> None:
    """Write the settings, atomically; keys and comments that are not ours stay.

    Raises:
        SettingsError: The file cannot be written.
    """
    # It keeps comments, and is slow to import: who only reads, at every start, does without.
    import tomlkit  # noqa: PLC0415
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    try:
        document = tomlkit.parse(path.read_text("utf-8"))
    except FileNotFoundError:
        document = tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise SettingsError(
            Sentence("The settings file {path} can't be read: {cause}.", path=path, cause=error), path
        ) from error
    for each in fields(Settings):
        value = getattr(settings, each.name)
        if value != getattr(Settings(), each.name) or each.name in document:
            document[each.name] = _plain(value)
    try:
        make_private(path.parent)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(tomlkit.dumps(document))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise SettingsError(
            Sentence("The settings file {path} can't be written: {cause}.", path=path, cause=error.strerror),
            path,
        ) from error


def change(settings: Settings, **changes: Any) -> Settings:  # noqa: ANN401  # the fields' own types are checked
    """Return settings with some fields changed.

    Raises:
        ValueError: A value is out of its range.
    """
    return replace(settings, **changes)


class KeptSettings:
    """The settings in force, and the file that keeps them."""

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            SettingsError: It cannot be used.
        """
        self._path = path
        self.current = read_settings(path)
        self._changing = threading.Lock()

    def change(self, **changes: Any) -> None:  # noqa: ANN401  # Settings checks each
        """Change some settings, on disk first.

        Raises:
            ValueError: A value is out of its range.
            SettingsError: The file cannot be written.
        """
        with self._changing:
            changed = change(self.current, **changes)
            write_settings(self._path, changed)
            self.current = changed
