"""What *use* would change, as values: shown first, applied atomically, remembered, undone."""

import difflib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Mode(StrEnum):
    """How an installer is told of us.

    FIRST means before all other indexes, for tools that have an order and stop at the first that knows
    the name; EXTRA beside them; ONLY instead of them.
    """

    EXTRA = "extra"
    FIRST = "first"
    ONLY = "only"


class SecretPlace(StrEnum):
    """Where an installer shall find its token: in a file of its own kind, 0600, or in the user's keyring."""

    FILE = "file"
    KEYRING = "keyring"


class Scope(StrEnum):
    """Whose configuration is written."""

    USER = "user"
    SITE = "site"
    GLOBAL = "global"


# Passwords in .pypirc, netrc, TOML and addresses, whoever's they are.
_SECRETS = (
    re.compile(r"(?i)(\bpassword\b[\"']?\s*[=:\s]\s*[\"']?)([^\s\"'=:]+)"),
    re.compile(r"(?i)(\b(?:token|api[-_]key|secret)\b[\"']?\s*[=:]\s*[\"']?)([^\s\"']+)"),
    re.compile(r"(://[^/\s:@]*:)([^/\s@]+)(?=@)"),
    re.compile(r"()\b(cheeseboard-[0-9A-Za-z]{20,})"),
)
_MASK = "********"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One configuration file, before and after.

    Attributes:
        path: Where it is (a symlink is written through, to what it resolves to).
        before: Its bytes now; None when it does not exist.
        after: Its bytes afterwards; None when it shall not exist.
        tool: Whose file it is, where it is not the plan's own tool's: "netrc".
        secret: What it will hold that nobody else may read; "" for nothing. Then the file becomes 0600.
    """

    path: Path
    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)
    tool: str = ""
    secret: str = field(default="", repr=False)

    @property
    def diff(self) -> str:
        """A unified diff, without timestamps and with every password masked; empty when nothing changes."""
        before, after = (_lines(content) for content in (self.before, self.after))
        name = self.path.name
        return mask("\n".join(difflib.unified_diff(before, after, name, name, lineterm="")))


@dataclass(frozen=True, slots=True)
class KeyringEntry:
    """One password in the user's keyring, under the name by which an installer looks for it.

    Attributes:
        program: The ``keyring`` command of the keyring that the installer reads.
        service: What the password is for: an address of ours.
        user: Whose it is.
        secret: The password; "" where it is not to be known, as in the ledger.
        stands: Whether it is there already.
    """

    program: str
    service: str
    user: str
    secret: str = field(default="", repr=False)
    stands: bool = False

    @property
    def line(self) -> str:
        """What will be there, for people, without the password."""
        return f"{self.user} at {self.service}: {_MASK}"

    @property
    def facts(self) -> dict[str, str]:
        """All but the password, for the ledger and for scripts."""
        return {"program": self.program, "service": self.service, "user": self.user}

    def same_place(self, other: "KeyringEntry | None") -> bool:
        """Return whether another entry is found by the same name."""
        return other is not None and (self.service, self.user) == (other.service, other.user)


def mask(text: str) -> str:
    """Return a text of configuration without the passwords and tokens in it."""
    for pattern in _SECRETS:
        text = pattern.sub(rf"\g<1>{_MASK}", text)
    return text


def _lines(content: bytes | None) -> list[str]:
    return [] if content is None else content.decode("utf-8", "replace").splitlines()


class CautionReason(StrEnum):
    """What the user should know before or after applying."""

    CA_BUNDLE_OVERRIDDEN = "ca-bundle-overridden"
    CONFIG_FILE_OVERRIDDEN = "config-file-overridden"
    INDEX_OVERRIDDEN = "index-overridden"
    OTHER_INDEXES = "other-indexes"
    NO_INDEX = "no-index"
    TRUSTED_HOST = "trusted-host"
    TOOL_NOT_FOUND = "tool-not-found"
    CA_NOT_TRUSTED = "ca-not-trusted"
    NAME_COLLISION = "name-collision"
    NOT_SERVING = "not-serving"
    CREDENTIAL_WRITTEN = "credential-written"
    CREDENTIAL_FOR_HOST = "credential-for-host"
    CREDENTIAL_OVERRIDDEN = "credential-overridden"
    CREDENTIAL_IN_KEYRING = "credential-in-keyring"


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to know.

    Attributes:
        reason: What it is about. CA_BUNDLE_OVERRIDDEN: our certificate will not be seen.
            CONFIG_FILE_OVERRIDDEN: the file that we write will not be read. INDEX_OVERRIDDEN: our URL will
            not be seen. OTHER_INDEXES: mode "only", yet more indexes are asked. NO_INDEX: no index is
            asked at all. TRUSTED_HOST: verification is switched off for us. TOOL_NOT_FOUND: the installer
            was not found, so the file's documented place is used. CA_NOT_TRUSTED: the installer trusts what
            the system trusts, and that is not our authority yet. NAME_COLLISION: projects of ours exist
            upstream in higher versions, which would win. NOT_SERVING: nobody listens at our address.
            CREDENTIAL_WRITTEN: this computer's own token will stand in a file. CREDENTIAL_FOR_HOST: programs
            that read that file send it to every port of a host. CREDENTIAL_OVERRIDDEN: another one is sent.
            CREDENTIAL_IN_KEYRING: the token goes into the user's keyring, and into no file of ours.
        detail: The variable, or the option and its file, e.g. "REQUESTS_CA_BUNDLE".
    """

    reason: CautionReason
    detail: str


@dataclass(frozen=True, slots=True)
class CaBundle:
    """The file of certificates that a configuration will name; it is ours alone, so no diff shows it.

    Attributes:
        path: Where it will be.
        bases: The files named before, whose certificates stay trusted.
        public: Whether the public authorities are in it: no file took their place before.
        content: Its bytes, PEM.
    """

    path: Path
    bases: tuple[Path, ...]
    public: bool
    content: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What *use* would do for one tool.

    Attributes:
        tool: "pip", "uv", ...
        url: Our Simple API URL that will be written.
        changes: The files that would change; empty when everything is in place already.
        cautions: What the user should know.
        tool_label: The installer for people, e.g. "pip 26.3 (/usr/bin/pip)".
        ca_bundle: The certificates that the configuration names.
        command: How the installer is run, to check the result; empty when it was not found.
        owner: Whose address it is: the managed folder.
        keyring: Where the token goes, or is, when it is kept in no file.
        token: Whether the installer needs a token of the user's own.
    """

    tool: str
    mode: Mode
    scope: Scope
    url: str
    changes: tuple[FileChange, ...]
    cautions: tuple[Caution, ...] = ()
    tool_label: str = ""
    ca_bundle: CaBundle | None = None
    command: tuple[str, ...] = ()
    owner: str = ""
    keyring: KeyringEntry | None = None
    token: bool = False


class TokenFate(StrEnum):
    """What became of a token in the keyring when its installer was told of us no longer."""

    GONE = "gone"
    NEEDED = "needed"  # by another installer
    CHANGED = "changed"  # somebody put another in its place, which stays
    STUCK = "stuck"  # the keyring did not let go of it


@dataclass(frozen=True, slots=True)
class Undone:
    """What *unuse* did for one file.

    Attributes:
        path: The file.
        exact: True when the file is byte for byte what it was before; False when somebody had
            edited it since, so only our own entries were taken out.
        keyring: Where the token was kept besides; None when in no keyring.
        token: What became of it there.
    """

    path: Path
    exact: bool
    keyring: KeyringEntry | None = None
    token: TokenFate | None = None


@dataclass(frozen=True, slots=True)
class ClientState:
    """Whether one installer on this computer looks here.

    Attributes:
        tool: "pip", "uv", ...
        mode: How it looks here; None when it does not.
        edited: True when a file that we wrote was changed outside Cheeseboard since.
        files: The files that we wrote.
        url: Our address that was written; empty when none was.
        uploads: True for what sends packages here instead of fetching them.
        paused: True while our entries are taken out because nobody serves.
    """

    tool: str
    mode: Mode | None
    edited: bool = False
    files: tuple[Path, ...] = ()
    url: str = ""
    paused: bool = False
    uploads: bool = False
