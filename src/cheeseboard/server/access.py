"""Who may read and who may write: the decision on each request that needs one.

A token travels as the password of Basic authentication, whatever the user name (``__token__`` by
custom), or as a Bearer token. Nothing here is slow: no disk, no network.
"""

from dataclasses import dataclass
from enum import Enum, auto

from packaging.utils import NormalizedName


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


# With every 401 (RFC 9110, 11.6.1); a browser then asks its user.
CHALLENGE = (b"www-authenticate", b'Basic realm="Cheeseboard", charset="UTF-8"')


class Gate:
    """Decides; may be asked from any thread."""

    def __init__(self) -> None:
        # Read on every request, so it is a plain attribute.
        self.reading_is_public = True

    def decide(
        self,
        right: Right,
        authorization: str | None,  # noqa: ARG002 # the tokens follow
        *,
        address: str,  # noqa: ARG002
        project: NormalizedName | None,  # noqa: ARG002
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
            return Allowed("")
        return Denied(401, "A token is needed here.")
