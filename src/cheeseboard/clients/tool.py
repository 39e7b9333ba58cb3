"""What every installer's module tells of it, so that all are planned, applied, proven and undone alike."""

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
from cheeseboard.errors import ClientConfigError, Sentence

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
                Sentence(
                    "There is no {tool} whose {scope} configuration could be written.",
                    tool=self.tool,
                    scope=scope.value,
                ),
                self.tool,
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
        keyring: Whether the tool shall look its token up in the user's keyring.
    """

    url: str
    mode: Mode
    bundle: Path | None
    secret: str = field(default="", repr=False)
    keyring: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """The file of an installer's that shall know of us.

    Attributes:
        found: The installer that reads it.
        path: Where it is.
        scope: Whose configuration it is.
        ca_pem: Our authority's certificate.
        environ: The user's environment.
    """

    found: Found
    path: Path
    scope: Scope
    ca_pem: bytes
    environ: Mapping[str, str]


class Written(Protocol):
    """A file as we left it: what the ledger's records know."""

    @property
    def path(self) -> Path: ...  # noqa: D102
    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def before(self) -> bytes | None: ...  # noqa: D102
    @property
    def after(self) -> bytes: ...  # noqa: D102


def _no_certificates(_target: Target, _content: bytes | None) -> None:
    return None


def _names_nothing(_content: bytes | None, _bundle: Path) -> bool:
    return False


def _proves_nothing(_question: "Question") -> "tuple[Proof, ...]":
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """What a real installer is to ask our index.

    Attributes:
        url: Our Simple API URL, as the installer was told of it.
        mode: How it was told.
        environ: The user's environment, with all that it says.
        requirement: What to download, e.g. "acme-core==7.0.1"; None to just ask.
    """

    url: str
    mode: Mode
    environ: Mapping[str, str]
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class KeyringReader:
    """How an installer looks up its token in the user's keyring.

    Attributes:
        program: Returns the ``keyring`` command whose passwords the installer sees.
        service: Returns the name under which it looks, from our Simple API URL.
        named_in_url: Whether it looks only when the address that it asks names a user.
    """

    program: Callable[[Found, Mapping[str, str]], str]
    service: Callable[[str], str]
    named_in_url: bool


@dataclass(frozen=True, slots=True)
class Tool:
    """One installer or uploader, and what its own module knows of it.

    Functions that read or edit raise ``ClientConfigError`` when the file is left alone, and why.

    Attributes:
        name: "pip", "uv", ...
        modes: What it can be told.
        find: Returns the installer that this environment's user would run; slow: it may be asked.
        edit: Returns the file's bytes (the second argument) with our entry in it.
        take_out: Returns the current bytes without our entries, with what others edited since.
        uses: Returns whether a file's bytes have our URL where the mode puts it; never raises.
        check: Lets the real tool (the command) read the file; None when it accepts it, else what it says.
        cautions: Returns what the user should know of the file's bytes as they will be.
        uploads: It sends packages here, and is not kept waiting when nobody serves.
        reads_reasons: It shows its user the reason phrase of a refusal, and nothing else of it: its address
            is the one where that is a sentence of ours.
        bundle_sources: Returns the certificate files that the file's bytes name now, and whether public
            ones are needed; None for a tool that names no certificates.
        names_bundle: Returns whether a file's bytes still name this bundle; when in doubt they do.
        prove: Lets each real one ask our index; slow. Nothing for what uploads: a proof would leave
            something behind.
        keyring: How it reads the user's keyring; None for a tool that can't be told to.
    """

    name: str
    modes: tuple[Mode, ...]
    find: Callable[[Mapping[str, str]], Found]
    edit: Callable[[Target, bytes | None, Entry], bytes]
    take_out: Callable[[Written, bytes], bytes]
    uses: Callable[[bytes | None, str, Mode], bool]
    check: Callable[[Sequence[str], Path, Entry, Mapping[str, str]], str | None]
    cautions: Callable[[Target, bytes, Entry], tuple[Caution, ...]]
    uploads: bool = False
    reads_reasons: bool = False
    bundle_sources: Callable[[Target, bytes | None], tuple[tuple[Path, ...], bool] | None] = _no_certificates
    names_bundle: Callable[[bytes | None, Path], bool] = _names_nothing
    prove: Callable[[Question], tuple[Proof, ...]] = _proves_nothing
    keyring: KeyringReader | None = None


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
            Sentence("{path} can't be read ({cause}), so it was left alone.", path=path, cause=cause),
            tool,
            path,
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
    told: str = "",
) -> subprocess.CompletedProcess[str] | None:
    """Run an installer in the user's environment; None when it cannot be run or does not end in time.

    What is ``told`` it reads from its standard input, where no other program sees it.

    Inside :func:`stoppable` it is ended when it is not wanted any more, and None is returned too.
    """
    try:
        process = subprocess.Popen(
            list(command),
            env=dict(environ),
            cwd=directory or Path(Path.cwd().anchor),
            stdin=subprocess.PIPE if told else subprocess.DEVNULL,
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
            output, errors = _wait_for(process, seconds, told or None)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(list(command), process.returncode, output, errors)


def _wait_for(process: "subprocess.Popen[str]", seconds: float, told: str | None) -> tuple[str, str]:
    """Return what a process said, or raise TimeoutExpired once it took too long or is not wanted any more."""
    cancelled, deadline = _CANCELLED.get(), time.monotonic() + seconds
    while True:
        try:
            return process.communicate(told, min(_LOOK_SECONDS, max(0.0, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            told = None  # it is being written already
            if cancelled() or time.monotonic() >= deadline:
                raise
