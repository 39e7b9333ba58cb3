"""Every installer's configuration behind one door: planned, applied, remembered, undone.

The acts are files of their own: planning, applying, undoing, pausing. What a tool's file looks like is
the tool's own module's business.
"""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from cheeseboard.clients import pausing
from cheeseboard.clients.applying import apply_plan
from cheeseboard.clients.bundle import UnusableBundle, make_bundle
from cheeseboard.clients.ledger import Record
from cheeseboard.clients.pip_conf import without_user
from cheeseboard.clients.plan import ClientState, Mode, Plan, Scope, SecretPlace, Undone
from cheeseboard.clients.planning import Wanted, make_plan
from cheeseboard.clients.proof import Proof
from cheeseboard.clients.tool import Question, read_configuration
from cheeseboard.clients.tools import TOOLS, tool_named
from cheeseboard.clients.undoing import undo
from cheeseboard.clients.workbench import Workbench
from cheeseboard.errors import ClientConfigError

logger = logging.getLogger(__name__)


class Installers:
    """The installers of one user on this computer.

    Args:
        directory: Where the ledger and the CA bundles live; made when first needed, private.
        environ: The user's environment: it decides which pip is asked and what overrides what.
    """

    def __init__(self, directory: Path, environ: Mapping[str, str]) -> None:
        self._bench = Workbench(directory, environ)

    def plan(
        self,
        tool: str,
        *,
        url: str,
        ca_pem: bytes,
        mode: Mode,
        scope: Scope,
        owner: str = "",
        secret: str = "",
        place: SecretPlace | None = None,
    ) -> Plan:
        """Return what using our index would change. Nothing is written. Slow: it asks the real tool.

        The arguments are those of :class:`~cheeseboard.clients.planning.Wanted`.

        Raises:
            ClientConfigError: The configuration can't be read or edited; it will be left alone.
        """
        return make_plan(self._bench, tool, Wanted(url, ca_pem, mode, scope, owner, secret, place))

    def apply(self, plan: Plan) -> None:
        """Write what was planned, let the real tool read it, and remember it. Slow.

        Raises:
            ClientConfigError: A file changed since the plan, could not be written, or the tool did not
                accept it; then the old bytes are back.
        """
        apply_plan(self._bench, plan)

    def prove(self, tool: str, *, url: str, mode: Mode, requirement: str | None = None) -> tuple[Proof, ...]:
        """Let each real one of a tool ask our index, with all that the user's environment says. Slow.

        Args:
            tool: "pip", "uv", ...
            url: Our Simple API URL.
            mode: How it was told of us.
            requirement: What to download, e.g. "acme-core==7.0.1"; None to just ask.

        Raises:
            ClientConfigError: We know no such tool.
        """
        told = next((r.url for r in self._bench.records() if r.tool == tool and r.keyring), url)
        url = told if without_user(told) == without_user(url) else url
        return tool_named(tool).prove(Question(url, mode, self._bench.environ, requirement))

    def undo(self, tool: str) -> tuple[Undone, ...]:
        """Take our entries out of every file of this tool that we wrote.

        Byte for byte when nobody edited it since; else only what is ours is taken out.

        Raises:
            ClientConfigError: Nothing is there to undo, or a file can't be written or understood any more.
        """
        return undo(self._bench, tool)

    def pause(self, url: str) -> bool:
        """Take our entries out while nobody serves ``url``; see :func:`pausing.pause`."""
        return pausing.pause(self._bench, url)

    def resume(self, url: str) -> bool:
        """Put back what :meth:`pause` took out; see :func:`pausing.resume`."""
        return pausing.resume(self._bench, url)

    def follow(self, owner: str, url: str, upload_url: str = "") -> bool:
        """Let every entry that was written for a folder lead to its address; see :func:`pausing.follow`."""
        return pausing.follow(self._bench, owner, url, upload_url)

    def addresses(self) -> tuple[str, ...]:
        """Return the URLs that installers may wait for in vain: those of entries that a pause takes out."""
        return pausing.addresses(self._bench)

    def states(self) -> tuple[ClientState, ...]:
        """Return how each installer looks here. Fast: reads the ledger and the files, asks nobody."""
        try:
            records = self._bench.records()
        except ClientConfigError:
            logger.exception("The ledger of installers' configuration can't be read")
            records = ()
        return tuple(_state(tool, [r for r in records if r.tool == tool]) for tool in TOOLS)

    @staticmethod
    def secret_places(name: str) -> tuple[SecretPlace, ...]:
        """Return where an installer can find a token: not each looks into a keyring.

        Raises:
            ClientConfigError: We know no such installer.
        """
        looks = tool_named(name).keyring is not None
        return tuple(SecretPlace) if looks else (SecretPlace.FILE,)

    @staticmethod
    def modes(tool: str) -> tuple[Mode, ...]:
        """Return what a tool can be told.

        Raises:
            ClientConfigError: We know no such tool.
        """
        return tool_named(tool).modes

    @staticmethod
    def reads_reasons(tool: str) -> bool:
        """Return whether a tool shows its user the reason phrase of a refusal, and nothing else of it.

        Raises:
            ClientConfigError: We know no such tool.
        """
        return tool_named(tool).reads_reasons

    def refresh(self, ca_pem: bytes) -> None:
        """Renew the CA bundles that configurations name: public authorities and our own may have changed.

        A bundle whose base can't be read stays as it is, since a missing or poorer one breaks installs.

        Raises:
            ClientConfigError: A bundle could not be written.
        """
        with self._bench.locked():
            for record in self._bench.records():
                if record.bundle is None:
                    continue
                try:
                    content = make_bundle(record.bases, ca_pem, public=record.public)
                except UnusableBundle:
                    logger.warning("The certificates that %s named before can't be read", record.path)
                    continue
                self._bench.write_bundle(record.bundle, content, record.tool)

    def bundle(self, ca_pem: bytes, path: Path | None = None) -> Path:
        """Write a bundle for installers that are told of us on their command line; return its path.

        Args:
            ca_pem: Our authority's certificate.
            path: Where; None for a place of our own.

        Raises:
            ClientConfigError: It cannot be written.
        """
        path = path or self._bench.directory / "certificates.pem"
        with self._bench.locked():
            self._bench.write_bundle(path, make_bundle((), ca_pem, public=True), "")
        return path


def _state(name: str, records: Sequence[Record]) -> ClientState:
    mode: Mode | None = None
    edited = False
    tool = tool_named(name)
    for record in records:
        try:
            content = read_configuration(record.path, name)
        except ClientConfigError:
            content = None
        if content == record.after or record.paused:
            mode = record.mode
            edited = edited or content not in (record.after, record.before)
        elif content != record.before:
            edited = True
            if tool.uses(content, record.url, record.mode):
                mode = record.mode
    return ClientState(
        name,
        mode,
        edited,
        tuple(record.path for record in records),
        next((without_user(record.url) for record in records), ""),
        paused=any(record.paused for record in records),
        uploads=tool.uploads,
    )
