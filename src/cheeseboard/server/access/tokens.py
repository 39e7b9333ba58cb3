"""Tokens: what lets somebody read or publish; the secret is shown once, we keep what it hashes to."""

import re
import secrets
import string
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from packaging.utils import NormalizedName

PREFIX = "cheeseboard-"
_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_BYTES = 32
# How many letters write 256 bits, and 32.
_SECRET_LETTERS, _CHECK_LETTERS = 43, 6
# What a scanner for leaked secrets looks for; the last six letters let it dismiss false alarms.
TOKEN = re.compile(rf"\b{PREFIX}[0-9A-Za-z]{{{_SECRET_LETTERS + _CHECK_LETTERS}}}\b")
LONGEST_NAME = 64


class TokenScope(StrEnum):
    """What a token is for. Who may publish may read. Values are stable: the disk holds them."""

    READ = "read"
    PUBLISH = "publish"


class Reading(StrEnum):
    """Who may read a repository. Values are stable: the disk holds them."""

    ANYBODY = "anybody"
    TOKEN = "token"  # noqa: S105 # the rule's name


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; never its secret.

    Attributes:
        id: Short, for :meth:`revoke` and lists.
        name: Whom or what it is for; the access log shows it.
        projects: What it covers; empty for everything.
        expires: From then on it is void; None for never.
        last_used: To within a few minutes; None for never.
    """

    id: str
    name: str
    scope: TokenScope
    projects: tuple[NormalizedName, ...]
    created: datetime
    expires: datetime | None = None
    last_used: datetime | None = None

    def covers(self, project: NormalizedName) -> bool:
        """Return whether it goes for a project."""
        return not self.projects or project in self.projects

    def expired(self, now: datetime) -> bool:
        """Return whether it is void."""
        return self.expires is not None and now >= self.expires


@dataclass(frozen=True, slots=True)
class Held:
    """A token as it is kept.

    Attributes:
        digest: See :func:`digest_of`.
        here_only: Goes for requests from this computer alone: the owner's own.
    """

    token: Token
    digest: bytes
    here_only: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may do what with a repository: by default anyone reads, and nobody without a token writes.

    Attributes:
        id: What the mark on a private folder leads to; "" until the rules are written.
    """

    reading: Reading = Reading.ANYBODY
    held: tuple[Held, ...] = ()
    id: str = field(default="", compare=False)


def make_secret() -> str:
    """Return a new secret: the prefix that scanners know, 256 random bits and their checksum."""
    body = PREFIX + _write(int.from_bytes(secrets.token_bytes(_SECRET_BYTES)), _SECRET_LETTERS)
    return body + _checksum(body)


def is_whole(secret: str) -> bool:
    """Return whether this can be a secret of ours, wholly copied; says nothing of whether it is valid."""
    return (
        TOKEN.fullmatch(secret) is not None
        and _checksum(secret[:-_CHECK_LETTERS]) == secret[-_CHECK_LETTERS:]
    )


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret.

    One round of SHA-256, not a slow hash: those make up for passwords that can be guessed, and 256
    random bits can't. So a request costs a microsecond, and nobody can burden us with wrong ones.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def make_id() -> str:
    """Return a new token's id: eight letters, without a dash in front that a command line would misread."""
    return secrets.token_hex(4)


def _checksum(body: str) -> str:
    return _write(zlib.crc32(body.encode("ascii")), _CHECK_LETTERS)


def _write(number: int, length: int) -> str:
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return "".join(reversed(letters))
