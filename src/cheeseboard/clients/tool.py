"""What every installer's own module offers, so that all are planned, applied, proven and undone alike."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from cheeseboard.clients.atomic_file import read_bytes
from cheeseboard.clients.plan import Caution, Mode, Scope
from cheeseboard.clients.proof import Proof
from cheeseboard.errors import ClientConfigError

T = TypeVar("T")

_SECONDS = 60.0
_LOOK_SECONDS = 0.2
# Whether the work that the current thread does is still wanted: asked while an installer runs.
_CANCELLED: ContextVar[Callable[[], bool]] = ContextVar("cancelled", default=lambda: False)


@dataclass(frozen=True, slots=True)
class Found:
    """An installer on this computer, and the configuration files that it reads.

    Attributes:
        tool: "pip", "uv", ...
        command: How to run it; empty when there is none and ``files`` are the documented places.
        label: For people, e.g. "pip 26.3 (/usr/bin/pip)"; empty when there is none.
        files: Each scope's files; later ones override earlier ones.
        version: What it says of itself; empty when unknown.
    """

    tool: str
    command: tuple[str, ...]
    label: str
    files: Mapping[Scope, tuple[Path, ...]]
    version: str = ""

    def file(self, scope: Scope) -> Path:
        """Return the file to write for a scope: the strongest that exists, else the tool's usual one.

        Raises:
            ClientConfigError: It has no such file.
        """
        files = self.files.get(scope, ())
        if not files:
            raise ClientConfigError(
                f"There is no {self.tool} whose {scope.value} configuration could be written.", self.tool
            )
        return next((path for path in reversed(files) if os.path.lexists(path)), files[-1])


@dataclass(frozen=True, slots=True)
class Entry:
    """What shall stand in a tool's configuration.

    Attributes:
        url: Our Simple API URL.
        mode: As one more index, or as the only one.
        bundle: The certificates to trust, for tools whose configuration names such a file.
        secret: The token to give, for tools whose configuration holds one; "" for none.
    """

    url: str
    mode: Mode
    bundle: Path | None
    secret: str = field(default="", repr=False)


class Tool(Protocol):
    """One installer or uploader: the module of that name.

    Functions that read or edit raise ``ClientConfigError`` when the file is left alone, and why.
    """

    TOOL: str
    MODES: tuple[Mode, ...]  # what it can be told
    UPLOADS: bool  # sends packages here, and is not kept waiting when nobody serves

    def find(self, environ: Mapping[str, str]) -> Found:
        """Return the installer that this environment's user would run; slow: it may be asked."""

    def bundle_sources(
        self, found: Found, path: Path, content: bytes | None, environ: Mapping[str, str]
    ) -> tuple[tuple[Path, ...], bool] | None:
        """Return the certificate files named now, and whether public ones are needed; None for no file."""

    def edit(self, found: Found, path: Path, content: bytes | None, entry: Entry) -> bytes:
        """Return the file's bytes with our entries in it."""

    def take_out(self, path: Path, current: bytes, before: bytes | None, after: bytes, url: str) -> bytes:
        """Return the file's bytes without our entries, with what others edited since."""

    def uses(self, content: bytes | None, url: str, mode: Mode) -> bool:
        """Return whether a file has our URL where the mode puts it; never raises."""

    def names_bundle(self, content: bytes | None, bundle: Path) -> bool:
        """Return whether a file still names this bundle; when in doubt it does."""

    def check(
        self, command: Sequence[str], path: Path, entry: Entry, environ: Mapping[str, str]
    ) -> str | None:
        """Let the real tool read the file; return None when it accepts it, else what it says."""

    def cautions(
        self,
        found: Found,
        path: Path,
        after: bytes,
        entry: Entry,
        *,
        scope: Scope,
        ca_pem: bytes,
        environ: Mapping[str, str],
    ) -> tuple[Caution, ...]:
        """Return what the user should know of the file as it will be."""

    def prove(
        self, *, url: str, mode: Mode, environ: Mapping[str, str], requirement: str | None
    ) -> tuple[Proof, ...]:
        """Let each real one ask our index, with all that the user's environment says; slow.

        Nothing for what uploads: a proof would leave something behind.
        """


def read_configuration(path: Path, tool: str) -> bytes | None:
    """Return a configuration file's bytes, or None when there is none.

    Raises:
        ClientConfigError: It cannot be read.
    """
    try:
        return read_bytes(path)
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise ClientConfigError(
            f"{path} can't be read ({cause}), so it was left alone.", tool, path
        ) from error


@contextmanager
def stoppable(cancelled: Callable[[], bool]) -> Iterator[None]:
    """Let installers that run inside, on this thread, be ended as soon as ``cancelled`` says so."""
    token = _CANCELLED.set(cancelled)
    try:
        yield
    finally:
        _CANCELLED.reset(token)


def likewise(function: Callable[..., T]) -> Callable[..., T]:
    """Return a function for other threads whose installers are ended when this thread's are."""
    context = copy_context()
    # A copy for each call: a context can be entered once at a time.
    return lambda *arguments: context.copy().run(function, *arguments)


def run_tool(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    directory: Path | None = None,
    seconds: float = _SECONDS,
) -> subprocess.CompletedProcess[str] | None:
    """Run an installer in the user's environment; None when it cannot be run or does not end in time.

    Inside :func:`stoppable` it is ended when it is not wanted any more, and None is returned too.
    """
    try:
        process = subprocess.Popen(
            list(command),
            env=dict(environ),
            cwd=directory or Path(Path.cwd().anchor),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="surrogateescape",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError):
        return None
    with process:
        try:
            output, errors = _wait_for(process, seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(list(command), process.returncode, output, errors)


def _wait_for(process: "subprocess.Popen[str]", seconds: float) -> tuple[str, str]:
    """Return what a process said, or raise TimeoutExpired once it took too long or is not wanted any more."""
    cancelled, deadline = _CANCELLED.get(), time.monotonic() + seconds
    while True:
        try:
            return process.communicate(timeout=min(_LOOK_SECONDS, max(0.0, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if cancelled() or time.monotonic() >= deadline:
                raise
