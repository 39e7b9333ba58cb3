"""Every exception of the house; each carries its facts as attributes.

``str(error)`` is one plain English sentence. A refusal of a file is a value, not an exception, by the
time it leaves the repository: ``DistributionError`` travels only inside ``distributions``.
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Self


class Sentence(str):
    """What an error says, in English, that also knows what it was made of, so that a face can word it anew.

    Attributes:
        template: The words, with the facts' names in braces.
        facts: What stands for the names; sentences among them are worded anew, too.
    """

    __slots__ = ("facts", "template")

    template: str
    facts: Mapping[str, str]

    def __new__(cls, template: str, /, **facts: object) -> Self:
        """Put the facts into the words."""
        made = super().__new__(cls, template.format(**facts) if facts else template)
        made.template = template
        made.facts = MappingProxyType(
            {name: fact if isinstance(fact, Sentence) else str(fact) for name, fact in facts.items()}
        )
        return made


class CheeseboardError(Exception):
    """The world failed in a way that we know how to explain."""


# --- one file -----------------------------------------------------------------------------------


class RefusalReason(StrEnum):
    """Why a file is not taken in. The values are stable: ``--json`` and the catalog hold them."""

    # The name
    NOT_A_DISTRIBUTION = "not-a-distribution"
    LEGACY_FORMAT = "legacy-format"
    INVALID_FILENAME = "invalid-filename"
    INVALID_VERSION = "invalid-version"
    # Reading it
    NOT_A_FILE = "not-a-file"
    TOO_DEEP = "too-deep"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    NOT_AN_ARCHIVE = "not-an-archive"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    UNSUPPORTED_COMPRESSION = "unsupported-compression"
    # What it would do to who unpacks it
    UNSAFE_PATH = "unsafe-path"
    DUPLICATE_MEMBER = "duplicate-member"
    UNSAFE_LINK = "unsafe-link"
    SPECIAL_MEMBER = "special-member"
    AMBIGUOUS_ARCHIVE = "ambiguous-archive"
    EXTRA_DATA = "extra-data"
    TOO_MANY_MEMBERS = "too-many-members"
    BOMB = "bomb"
    UNSAFE_ENTRY_POINT = "unsafe-entry-point"
    # What it says of itself
    METADATA_MISSING = "metadata-missing"
    METADATA_AMBIGUOUS = "metadata-ambiguous"
    METADATA_TOO_LARGE = "metadata-too-large"
    INVALID_METADATA = "invalid-metadata"
    WHEEL_FILE_MISSING = "wheel-file-missing"
    RECORD_MISSING = "record-missing"
    RECORD_MISMATCH = "record-mismatch"
    NAME_MISMATCH = "name-mismatch"
    VERSION_MISMATCH = "version-mismatch"
    # Against what an upload claimed, or what the project's owner decided
    DIGEST_MISMATCH = "digest-mismatch"
    FORM_MISMATCH = "form-mismatch"
    INVALID_ATTESTATIONS = "invalid-attestations"
    PROJECT_CLOSED = "project-closed"
    # Against what is in the folder
    NAME_TAKEN = "name-taken"
    ALREADY_HERE = "already-here"
    CHANGED = "changed"
    # While it was being looked at
    CHANGED_WHILE_READING = "changed-while-reading"


class DistributionError(CheeseboardError):
    """A file that is not taken in.

    Attributes:
        reason: The reason, for machines.
        detail: The fact behind it: a member's name, the two versions that differ. May be empty.
    """

    def __init__(self, reason: RefusalReason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail


class InvalidFilename(DistributionError):
    """The name is not that of a wheel or sdist."""


class UnreadableArchive(DistributionError):
    """The bytes are not a whole archive of the kind that the name promises."""


class UnsafeArchive(DistributionError):
    """The archive would harm, or be read differently by, somebody who unpacks it."""


class InvalidMetadata(DistributionError):
    """The metadata is missing, or cannot be read."""


class MetadataMismatch(DistributionError):
    """Name, version or RECORD contradict what the file is."""


# --- the managed folder ---------------------------------------------------------------------------


class RepositoryError(CheeseboardError):
    """The managed folder could not be used."""

    def __init__(self, message: str, folder: Path) -> None:
        super().__init__(message)
        self.folder = folder


class FolderUnavailable(RepositoryError):
    """The managed folder is missing, or is no folder."""


class FolderMissing(FolderUnavailable):
    """Nothing stands where the managed folder stood; its disk may be away."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"The managed folder {folder} is missing.", folder)


class FolderReplaced(FolderUnavailable):
    """Another folder stands where the one that was opened stood."""


class FolderReadOnly(RepositoryError):
    """The managed folder cannot be written to."""


class StorageFull(RepositoryError):
    """There is no room left where the managed folder lies."""


class StorageFailed(RepositoryError):
    """The disk under the managed folder reported an error."""


class CatalogTooNew(RepositoryError):
    """The catalog was written by a newer Cheeseboard.

    Attributes:
        found: The schema version found.
        supported: The newest schema version that this program knows.
    """

    def __init__(self, folder: Path, found: int, supported: int) -> None:
        super().__init__(
            f"The catalog of {folder} was written by a newer Cheeseboard "
            f"(schema {found}, this one knows {supported}). Update Cheeseboard to open it.",
            folder,
        )
        self.found = found
        self.supported = supported


class CatalogUnreadable(RepositoryError):
    """The catalog's file is damaged."""


class BackupError(CheeseboardError):
    """A backup, or what another server left, cannot be written or read.

    Attributes:
        path: The file or folder concerned.
    """

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path


# --- the server -------------------------------------------------------------------------------------


class AutostartError(CheeseboardError):
    """The entry that starts Cheeseboard at login cannot be changed.

    Attributes:
        place: The file, or the registry's value.
    """

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


class ServerError(CheeseboardError):
    """The server could not do what was asked."""


class AddressInUse(ServerError):
    """Another program listens on this port.

    Attributes:
        host: The address asked for.
        port: The port asked for.
        free_port: The next free port, or None when none was found nearby.
    """

    def __init__(self, host: str, port: int, free_port: int | None) -> None:
        hint = f" Port {free_port} is free." if free_port else ""
        super().__init__(f"Port {port} is in use by another program.{hint}")
        self.host = host
        self.port = port
        self.free_port = free_port


class AddressUnavailable(ServerError):
    """This computer does not have the address, or may not listen on the port."""

    def __init__(self, host: str, port: int, cause: str) -> None:
        super().__init__(
            Sentence("Can't listen on {host}, port {port}: {cause}.", host=host, port=port, cause=cause)
        )
        self.host = host
        self.port = port
        self.cause = cause


class ServerStartFailed(ServerError):
    """The server started, but did not answer a request to itself."""


# --- trust and installers -------------------------------------------------------------------------


class CertificateError(CheeseboardError):
    """A certificate or key cannot be made, read or used.

    Attributes:
        path: The file concerned, if there is one.
    """

    def __init__(self, message: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.path = path


class AccessError(CheeseboardError):
    """The tokens, or the rule who may read, cannot be read or written.

    Attributes:
        path: The file concerned, if there is one.
    """

    def __init__(self, message: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.path = path


class ClientConfigError(CheeseboardError):
    """An installer's configuration was left alone, and why.

    Attributes:
        tool: The installer: "pip", "uv", ...
        path: The configuration file concerned, if there is one.
    """

    def __init__(self, message: str, tool: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.tool = tool
        self.path = path


class SettingsError(CheeseboardError):
    """The settings file cannot be read or written."""

    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.path = path
