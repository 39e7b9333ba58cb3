"""Who may read and who may write: the decision on each request that needs one.

A token travels as the password of Basic authentication, whatever the user name (``__token__`` by
custom), or as a Bearer token. Nothing here is slow.
"""

import base64
import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto

from packaging.utils import NormalizedName

from cheeseboard.server.access.cooldown import Cooldown
from cheeseboard.server.access.tokens import Held, Reading, Rules, Token, TokenScope, digest_of, is_whole
from cheeseboard.server.guarding.visitors import is_this_computer

# With every 401 (RFC 9110, 11.6.1); a browser then asks its user.
CHALLENGE = ("www-authenticate", 'Basic realm="Cheeseboard", charset="UTF-8"')
_LONGEST_HEADER = 4096
_HOW = "Use it as the password, with __token__ as the user name."


class Right(Enum):
    """What somebody wants to do. Who may publish may read."""

    READ = auto()
    PUBLISH = auto()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go ahead.

    Attributes:
        who: The token's name, for the access log; "" for anybody.
    """

    who: str


@dataclass(frozen=True, slots=True)
class Denied:
    """Not like this.

    Attributes:
        status: 401 without a valid token, 403 when it does not go so far, 429 after too many wrong ones,
            404 for reading a project that the token does not cover: to its holder there is none.
        message: One plain sentence or two, fit to be shown; never a secret.
        retry_after: Seconds to wait before the next try, with 429.
    """

    status: int
    message: str
    retry_after: int | None = None


_ANYBODY = Allowed("")


class Gate:
    """Decides; may be asked from any thread.

    Args:
        now: The clock that tokens expire by.
        cooldown: Remembers who gave wrong tokens.
        look: Lets this gate :meth:`follow` the rules of now; called on a token that is not known, since
            somebody may just have made it.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        cooldown: Cooldown | None = None,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        self._now = now
        self._look = look
        self._cooldown = cooldown or Cooldown()
        self._rules = Rules()
        self._using = threading.Lock()
        self._used: dict[str, datetime] = {}
        # Read on every request, so it is a plain attribute.
        self.reading_is_public = True

    def follow(self, rules: Rules) -> None:
        """Go by these rules from the next request on."""
        self._rules = rules
        self.reading_is_public = rules.reading is Reading.ANYBODY

    def decide(
        self, right: Right, authorization: str | None, *, address: str, project: NormalizedName | None
    ) -> Allowed | Denied:
        """Return whether a request may go on.

        Args:
            right: What it wants.
            authorization: Its Authorization header; None without one.
            address: Where it comes from.
            project: Which project it is about. None: to read, all of them (their list); to publish, not
                known yet (ask again once it is, before anything is kept).
        """
        if right is Right.READ and self.reading_is_public:
            return _ANYBODY
        if authorization is None or is_without_password(authorization):
            return Denied(401, f"{_needs_token(right)} {_HOW}")
        secret = read_secret(authorization)
        held = self._find(secret)
        if held is None:
            # Not before: behind one address are colleagues, or programs of this computer, whose tokens are
            # right. Nobody guesses 256 bits; what waits is who burdens us by trying.
            wait = self._cooldown.seconds_left(address)
            if wait:
                message = f"Too many wrong tokens came from this address. Try again in {wait} seconds."
                return Denied(429, message, wait)
            if secret is not None and is_whole(secret):
                self._look()
                held = self._find(secret)
        if held is None:
            self._cooldown.note_failure(address)
            return Denied(401, _why_unknown(secret))
        self._cooldown.note_success(address)
        denied = self._refuse(held, right, address, project)
        if denied is None:
            self._note_use(held)
            return Allowed(held.token.name)
        return denied

    def name_of(self, authorization: str | None) -> str:
        """Return the name of the token that a header carries, "" for none that is known."""
        held = None if authorization is None else self._find(read_secret(authorization))
        return "" if held is None else held.token.name

    def take_uses(self) -> Mapping[str, datetime]:
        """Return when which token (by id) was used last since this was asked before."""
        with self._using:
            used, self._used = self._used, {}
        return used

    def _find(self, secret: str | None) -> Held | None:
        """Return the token that a secret is of.

        What is compared is what the secret hashes to, so nobody can steer a comparison; and each is
        made in constant time, all of them always: how long it takes tells nothing.
        """
        if secret is None:
            return None
        digest, found = digest_of(secret), None
        for held in self._rules.held:
            if hmac.compare_digest(digest, held.digest):
                found = held
        return found

    def _refuse(
        self, held: Held, right: Right, address: str, project: NormalizedName | None
    ) -> Denied | None:
        token = held.token
        if token.expires is not None and token.expired(self._now()):
            day = token.expires.date().isoformat()
            return Denied(401, f"This token expired on {day}. Ask for a new one.")
        if held.here_only and not is_this_computer(address):
            return Denied(403, "The owner's token works on the owner's computer only. Make one for this use.")
        return _refuse_publisher(token, project) if right is Right.PUBLISH else _refuse_reader(token, project)

    def _note_use(self, held: Held) -> None:
        if not held.here_only:
            with self._using:
                self._used[held.token.id] = self._now()


def read_secret(authorization: str) -> str | None:
    """Return the secret in an Authorization header; None when there is none that can be read."""
    scheme, value = _take_apart(authorization)
    if scheme == "bearer":
        return value or None
    credentials = _read_basic(value) if scheme == "basic" else None
    return None if credentials is None else credentials.partition(":")[2] or None


def is_without_password(authorization: str) -> bool:
    """Tell whether a header names a user and gives no password.

    Installers send that for a URL with a user name alone, before they ask a keyring or a person: it is a
    question, not a wrong token.
    """
    scheme, value = _take_apart(authorization)
    credentials = _read_basic(value) if scheme == "basic" else None
    return credentials is not None and credentials.endswith(":") and credentials.count(":") == 1


def _take_apart(authorization: str) -> tuple[str, str]:
    """Return the scheme of a header, in lower case, and what follows it; both empty when it is too long."""
    if len(authorization) > _LONGEST_HEADER:
        return "", ""
    scheme, _, value = authorization.strip().partition(" ")
    return scheme.lower(), value.strip()


def _read_basic(value: str) -> str | None:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except ValueError:
        return None


def _refuse_publisher(token: Token, project: NormalizedName | None) -> Denied | None:
    if token.scope is not TokenScope.PUBLISH:
        return Denied(403, "This token is for reading only; publishing needs one made for it.")
    if project is not None and not token.covers(project):
        return Denied(403, f"This token does not cover {project}; {_list_projects(token)}.")
    return None


def _refuse_reader(token: Token, project: NormalizedName | None) -> Denied | None:
    if project is None:
        what = "This token does not cover the list of all projects"
        return Denied(403, f"{what}; {_list_projects(token)}.") if token.projects else None
    # uv goes on to its next index on 404, and on nothing else.
    return None if token.covers(project) else Denied(404, f"There is no project named {project} here.")


def _needs_token(right: Right) -> str:
    return "Reading needs a token here." if right is Right.READ else "Publishing needs a token."


def _why_unknown(secret: str | None) -> str:
    if secret is None:
        return f"No token could be read from this request. {_HOW}"
    if not is_whole(secret):
        return "This is no whole token of Cheeseboard. Copy it again, all of it."
    return "This token is not valid here, or not any more. Ask for a new one."


def _list_projects(token: Token) -> str:
    return f"it is for {', '.join(token.projects)}"
