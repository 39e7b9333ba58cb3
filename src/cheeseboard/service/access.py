"""Who may read and who may write: tokens made, listed and revoked, and the server that goes by them."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from packaging.utils import InvalidName, NormalizedName, canonicalize_name

from cheeseboard.errors import AccessError, Sentence
from cheeseboard.events import AccessChanged, EventBus
from cheeseboard.server.access.gate import Gate
from cheeseboard.server.access.token_store import OWNER, Signature, TokenStore
from cheeseboard.server.access.tokens import (
    LONGEST_NAME,
    Held,
    Reading,
    Rules,
    Token,
    TokenScope,
    digest_of,
    make_id,
    make_secret,
)
from cheeseboard.server.repeating import Repeating

logger = logging.getLogger(__name__)

# What another process changed counts within a second.
_LOOK_SECONDS = 0.3
# "Last used" is written at most this often: it is for people.
_NOTE_EVERY = timedelta(minutes=5)
_MOST_TOKENS = 1000
_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, and its secret, which is nowhere else: show it once."""

    token: Token
    secret: str


class Access:
    """The tokens and the reading rule of the repository that is open."""

    def __init__(
        self,
        directory: Path,
        bus: EventBus,
        *,
        folder: Callable[[], Path],
        clock: Callable[[], datetime],
    ) -> None:
        """Read nothing yet.

        Args:
            directory: Where tokens live.
            bus: Is told when something changed, here or in another process.
            folder: Tells the managed folder.
            clock: Tells the time that tokens expire by.
        """
        self._store = TokenStore(directory)
        self._bus = bus
        self._folder = folder
        self._clock = clock
        self._following = threading.Lock()
        self._gate: Gate | None = None
        self._seen: Signature = ()
        self._trouble = ""
        self._noted_at: datetime | None = None
        self._watching: Repeating | None = None

    # --- tokens ---------------------------------------------------------------------------------------

    def tokens(self) -> tuple[Token, ...]:
        """Return the repository's tokens, the oldest first, expired ones too; slow.

        Raises:
            AccessError: They cannot be read.
        """
        return tuple(held.token for held in self._store.rules(self._folder()).held if not held.here_only)

    def create(
        self,
        name: str,
        *,
        scope: TokenScope = TokenScope.READ,
        projects: Sequence[str] = (),
        days: int | None = None,
    ) -> NewToken:
        """Make a token; slow. It counts at once, in every process that serves this repository.

        Args:
            name: Whom or what it is for; people and the access log see it.
            scope: What it is for; publishing includes reading.
            projects: What it covers, by any spelling; none for everything.
            days: After how many it expires; None for never.

        Raises:
            ValueError: The name is empty, too long or taken, a project has no valid name, or the days are
                out of range.
            AccessError: It cannot be written.
        """
        now = self._clock()
        token = Token(
            id=make_id(),
            name=_clean_name(name),
            scope=scope,
            projects=tuple(dict.fromkeys(_canonical(project) for project in projects)),
            created=now,
            expires=None if days is None else now + _lifetime(days),
        )
        secret = make_secret()

        def add(rules: Rules) -> Rules:
            if any(held.token.name == token.name and not held.token.expired(now) for held in rules.held):
                raise ValueError(
                    Sentence(
                        'There is a token named "{token}" already. Choose another name.', token=token.name
                    )
                )
            if len(rules.held) >= _MOST_TOKENS:
                raise ValueError(
                    Sentence(
                        "There are {most_tokens} tokens already. Revoke some that nobody uses.",
                        most_tokens=_MOST_TOKENS,
                    )
                )
            return replace(rules, held=(*rules.held, Held(token, digest_of(secret))))

        self._change(add)
        return NewToken(token, secret)

    def revoke(self, token_id: str) -> Token | None:
        """Make a token void; slow. Servers in other processes turn it away within a second.

        Args:
            token_id: Its id; "owner" for the owner's own, which are made anew when they are needed.

        Returns:
            What it was; None when there is no such token (or for the owner's).

        Raises:
            AccessError: It cannot be written.
        """
        if token_id == OWNER:
            self._store.forget_owner()
            self.follow()
            return None
        gone: list[Token] = []

        def drop(rules: Rules) -> Rules:
            gone.extend(held.token for held in rules.held if held.token.id == token_id)
            return replace(rules, held=tuple(held for held in rules.held if held.token.id != token_id))

        self._change(drop)
        return gone[0] if gone else None

    @property
    def reading(self) -> Reading:
        """Who may read; slow.

        Raises:
            AccessError: The rule cannot be read.
        """
        return self._store.rules(self._folder()).reading

    def set_reading(self, reading: Reading) -> None:
        """Let anybody read, or only who has a token; slow.

        Raises:
            AccessError: It cannot be written.
        """
        self._change(lambda rules: replace(rules, reading=reading))

    def owner_secret(self, scope: TokenScope) -> str:
        """Return the owner's own token for this computer's installers, made at the first call; slow.

        Raises:
            AccessError: It cannot be read or written.
        """
        secret = self._store.owner_secret(scope)
        self.follow()
        return secret

    def _change(self, make: Callable[[Rules], Rules]) -> None:
        self._store.change(self._folder(), make)
        self.follow()

    # --- the server -----------------------------------------------------------------------------------

    def open_gate(self) -> Gate:
        """Return what the server asks, and keep it up to date until it is closed; slow.

        Raises:
            AccessError: The tokens cannot be read: nobody could say who may come in.
        """
        self.close_gate()
        folder = self._folder()
        seen = self._store.signature(folder)
        gate = Gate(now=self._clock, look=self.follow)
        gate.follow(self._store.rules(folder))
        with self._following:
            self._gate, self._seen, self._noted_at = gate, seen, None
        self._watching = Repeating(self._look, seconds=_LOOK_SECONDS, name="cheeseboard-access")
        return gate

    def close_gate(self) -> None:
        """Stop keeping it up to date, and write down what was used; idempotent."""
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.close()
        with self._following:
            gate, self._gate = self._gate, None
        if gate is not None:
            self._note_uses(gate)

    def follow(self) -> None:
        """Let the server go by what is on disk now, and tell who listens, if that changed; slow."""
        with self._following:
            changed = self._follow()
        if changed:
            self._bus.publish(AccessChanged())

    def _follow(self) -> bool:
        gate, folder = self._gate, self._folder()
        signature = self._store.signature(folder)
        if signature == self._seen:
            return False
        trouble = ""
        if gate is not None:
            try:
                gate.follow(self._store.rules(folder))
            except AccessError as error:
                trouble = str(error)
                gate.follow(Rules(Reading.ANYBODY if gate.reading_is_public else Reading.TOKEN))
        if not trouble:
            self._seen = signature  # else it is tried again: the cause may pass and leave no trace
        elif trouble == self._trouble:
            return False
        else:
            logger.warning("Nobody is let in by a token: %s", trouble)
        self._trouble = trouble
        return True

    def _look(self) -> None:
        try:
            self.follow()
            gate, now = self._gate, self._clock()
            if gate is not None and (self._noted_at is None or now - self._noted_at >= _NOTE_EVERY):
                self._note_uses(gate)
        except Exception:
            logger.exception("The tokens could not be looked at")

    def _note_uses(self, gate: Gate) -> None:
        uses = gate.take_uses()
        if not uses:
            return
        self._noted_at = self._clock()
        try:
            self._store.note_uses(self._folder(), uses)
        except AccessError as error:
            logger.warning("When tokens were used is not remembered: %s", error)


def _clean_name(name: str) -> str:
    clean = name.strip()
    if not clean or not clean.isprintable():
        raise ValueError(Sentence("A token needs a name, to tell it from others: whom or what it is for."))
    if len(clean) > LONGEST_NAME:
        raise ValueError(
            Sentence("A token's name has at most {longest_name} characters.", longest_name=LONGEST_NAME)
        )
    if clean == OWNER:
        raise ValueError(Sentence('"{owner}" is the name of your own token. Choose another.', owner=OWNER))
    return clean


def _lifetime(days: int) -> timedelta:
    if not 1 <= days <= _MOST_DAYS:
        raise ValueError(
            Sentence(
                "A token expires after 1 to {most_days} days, not {days}.", most_days=_MOST_DAYS, days=days
            )
        )
    return timedelta(days=days)


def _canonical(project: str) -> NormalizedName:
    try:
        return canonicalize_name(project, validate=True)
    except InvalidName as error:
        raise ValueError(Sentence("{project} is no valid project name.", project=repr(project))) from error
