"""The server's state, as a value: the service owns it, the faces render it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing listens."""


@dataclass(frozen=True, slots=True)
class Starting:
    """The listener was asked to start and has not answered a request yet."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A TLS request to every URL succeeded.

    Attributes:
        lan: Whether other computers can reach it.
        port: The port in use.
        urls: Simple API URLs, the one to show and copy first, e.g. "https://192.168.1.7:8443/simple/".
        local_url: The one for this computer's own installers.
        upload_port: The port for uploads alone, where a refusal's status line says why; None without one.
        upload_problem: Why there is none although one was wanted, in one plain sentence.
    """

    lan: bool
    port: int
    urls: tuple[str, ...]
    local_url: str
    upload_port: int | None = None
    upload_problem: str = ""


@dataclass(frozen=True, slots=True)
class Stopping:
    """No new connections; downloads in flight finish for a bounded time."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It could not start.

    Attributes:
        reason: One plain sentence.
        port: The port that was asked for.
        free_port: The next free port when the reason is that the port is taken.
        lan: Whether other computers were to reach it.
    """

    reason: str
    port: int
    free_port: int | None = None
    lan: bool = False


ServerState = Stopped | Starting | Serving | Stopping | Failed
