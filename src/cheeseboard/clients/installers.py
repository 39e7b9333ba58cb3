"""Every installer's configuration behind one door: planned, applied, remembered, undone.

Knows the order of acts and what must hold between them; what a tool's file looks like is the tool's
own module's business.
"""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from filelock import FileLock, Timeout

from cheeseboard.clients import netrc_file, pip_tool, twine, uv, uv_publish
from cheeseboard.clients.atomic_file import remove_file, replace_bytes
from cheeseboard.clients.bundle import UnusableBundle, make_bundle
from cheeseboard.clients.ledger import Ledger, Record
from cheeseboard.clients.pip_conf import same_url
from cheeseboard.clients.plan import (
    CaBundle,
    Caution,
    CautionReason,
    ClientState,
    FileChange,
    Mode,
    Plan,
    Scope,
    Undone,
)
from cheeseboard.clients.proof import Proof
from cheeseboard.clients.tool import Entry, Found, Tool, read_configuration
from cheeseboard.errors import ClientConfigError
from cheeseboard.locations import make_private

logger = logging.getLogger(__name__)

_TOOLS: Mapping[str, Tool] = MappingProxyType(
    {tool.TOOL: tool for tool in (pip_tool, uv, twine, uv_publish, netrc_file)}
)
# What people choose; a netrc goes along with what they chose.
TOOLS = tuple(name for name in _TOOLS if name != netrc_file.TOOL)
# Where these look for the token of a repository that is private: never in pip.conf or uv.toml.
_KEEPERS: Mapping[str, str] = MappingProxyType({"pip": netrc_file.TOOL, "uv": netrc_file.TOOL})
_LOCK_SECONDS = 60.0


class Installers:
    """The installers of one user on this computer.

    Args:
        directory: Where the ledger and the CA bundles live; made when first needed, private.
        environ: The user's environment: it decides which pip is asked and what overrides what.
    """

    def __init__(self, directory: Path, environ: Mapping[str, str]) -> None:
        self._directory = directory.absolute()
        self._environ = dict(environ)
        self._ledger = Ledger(self._directory)

    # --- plan -----------------------------------------------------------------------------------------

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
    ) -> Plan:
        """Return what using our index would change. Nothing is written. Slow: it asks the real tool.

        Args:
            tool: "pip".
            url: Our Simple API URL.
            ca_pem: Our authority's certificate.
            mode: As one more index, or as the only one.
            scope: Whose configuration.
            owner: Whose address it is: the managed folder. Its entries follow it to another address.
            secret: The token that the tool needs; "" when it needs none.

        Raises:
            ClientConfigError: The configuration can't be read or edited; it will be left alone.
        """
        module = _tool(tool)
        if mode not in module.MODES:
            raise ClientConfigError(
                f'{tool} can\'t be told to look here "{mode.value}": it knows '
                f"{' and '.join(known.value for known in module.MODES)}.",
                tool,
            )
        if not (url.isascii() and url.isprintable() and " " not in url):
            raise ClientConfigError(f"The address {url!r} can't be written into a configuration.", tool)
        found = module.find(self._environ)
        path = found.file(scope)
        current = read_configuration(path, tool)
        base = self._base(self._record(tool, path), current)
        bundle = self._plan_bundle(module, found, path, scope, base, ca_pem)
        keeper = _KEEPERS.get(tool) if secret else None
        entry = Entry(url, mode, bundle.path if bundle else None, "" if keeper else secret)
        after = module.edit(found, path, base, entry)
        changes = () if after == current else (FileChange(path, current, after, secret=entry.secret),)
        cautions = module.cautions(
            found, path, after, entry, scope=scope, ca_pem=ca_pem, environ=self._environ
        )
        if not found.command:
            cautions = (Caution(CautionReason.TOOL_NOT_FOUND, tool), *cautions)
        if keeper:
            kept, more = self._plan_keeper(keeper, Entry(url, mode, None, secret))
            changes, cautions = (*changes, *kept), (*cautions, *more)
        return Plan(tool, mode, scope, url, changes, cautions, found.label, bundle, found.command, owner)

    def _plan_keeper(self, keeper: str, entry: Entry) -> tuple[tuple[FileChange, ...], tuple[Caution, ...]]:
        """Return what changes where an installer looks for its token, the user's own file always."""
        module = _tool(keeper)
        found = module.find(self._environ)
        path = found.file(Scope.USER)
        current = read_configuration(path, keeper)
        after = module.edit(found, path, self._base(self._record(keeper, path), current), entry)
        if after == current:
            return (), ()
        cautions = module.cautions(
            found, path, after, entry, scope=Scope.USER, ca_pem=b"", environ=self._environ
        )
        return (FileChange(path, current, after, keeper, entry.secret),), cautions

    def _plan_bundle(
        self, module: Tool, found: Found, path: Path, scope: Scope, base: bytes | None, ca_pem: bytes
    ) -> CaBundle | None:
        sources = module.bundle_sources(found, path, base, self._environ)
        if sources is None:
            return None
        bases, public = sources
        bundle = self._bundle_path(module.TOOL, path, scope)
        bases = tuple(named for named in bases if named != bundle)
        try:
            return CaBundle(bundle, bases, public, make_bundle(bases, ca_pem, public=public))
        except UnusableBundle as error:
            raise ClientConfigError(
                f"{module.TOOL} is told to read certificates from {error.filename}, but {error.strerror}. "
                "Correct or remove that setting, then try again.",
                module.TOOL,
                Path(error.filename),
            ) from error

    def _bundle_path(self, tool: str, path: Path, scope: Scope) -> Path:
        if scope is Scope.USER:
            # By the file's name: two homes may share our directory.
            name = sha256(os.fsencode(path)).hexdigest()[:12]
            return self._directory / f"{tool}-{name}-certificates.pem"
        # Others read this configuration too, and can't look into our private directory.
        return path.parent / "cheeseboard-certificates.pem"

    # --- apply ----------------------------------------------------------------------------------------

    def apply(self, plan: Plan) -> None:
        """Write what was planned, let the real tool read it, and remember it. Slow.

        Raises:
            ClientConfigError: A file changed since the plan, could not be written, or the tool did not
                accept it; then the old bytes are back.
        """
        with self._locked():
            for change in plan.changes:
                if read_configuration(change.path, change.tool or plan.tool) != change.before:
                    raise ClientConfigError(
                        f"{change.path.name} was changed since it was looked at, so it was left alone. "
                        "Try again.",
                        plan.tool,
                        change.path,
                    )
            with self._bundle_in_place(plan):
                self._apply_changes(plan)

    def _apply_changes(self, plan: Plan) -> None:
        """Write all files or none: what holds the token first, so that no installer is told of us without."""
        records, done = self._ledger.read(), list[FileChange]()
        try:
            for change in reversed(plan.changes):
                self._apply_change(plan, change)
                done.append(change)
        except ClientConfigError:
            for change in reversed(done):
                record = self._record(change.tool or plan.tool, change.path)
                assert record is not None  # noqa: S101 # it was written with the file
                self._put_back(change, record)
            self._ledger.write(records)
            raise

    @contextlib.contextmanager
    def _bundle_in_place(self, plan: Plan) -> Iterator[None]:
        """Write the bundle before the configuration that names it; a new one goes when that failed."""
        bundle = plan.ca_bundle
        if bundle is None:
            yield
            return
        existed = bundle.path.exists()
        self._write_bundle(bundle.path, bundle.content, plan.tool)
        try:
            yield
        except ClientConfigError:
            if not existed:
                bundle.path.unlink(missing_ok=True)
            raise

    def _apply_change(self, plan: Plan, change: FileChange) -> None:
        if change.after is None:
            raise ClientConfigError("Using an index never removes a file.", plan.tool, change.path)
        old_records = self._ledger.read()
        tool, bundle = (change.tool, None) if change.tool else (plan.tool, plan.ca_bundle)
        old = self._record(tool, change.path)
        record = Record(
            tool=tool,
            scope=plan.scope,
            mode=plan.mode,
            path=change.path,
            url=plan.url,
            before=self._base(old, change.before),
            after=change.after,
            made_directories=old.made_directories if old else _missing_directories(change.path),
            bundle=bundle.path if bundle else None,
            bases=bundle.bases if bundle else (),
            public=bundle is None or bundle.public,
            owner=plan.owner,
            secret=change.secret,
        )
        # Remembered first: whatever happens next, undo knows what was there.
        self._ledger.write([*(r for r in old_records if r != old), record])
        try:
            self._write(change, change.after, plan)
            self._check(plan, record)
        except ClientConfigError:
            self._put_back(change, record)
            self._ledger.write(old_records)
            raise

    def _check(self, plan: Plan, record: Record) -> None:
        path, entry = record.path, _entry(record, record.url)
        refusal = _tool(record.tool).check(plan.command, path, entry, self._environ)
        if refusal:
            raise ClientConfigError(
                f"{plan.tool} did not accept the changed {path.name}, so it is as it was before. {refusal}",
                plan.tool,
                path,
            )

    def _put_back(self, change: FileChange, record: Record) -> None:
        try:
            if change.before is None:
                remove_file(change.path, record.made_directories)
            elif read_configuration(change.path, record.tool) != change.before:
                replace_bytes(change.path, change.before, new_mode=0o600)
        except OSError as error:
            raise ClientConfigError(
                f"{change.path} could not be put back as it was: {_cause(error)}. "
                "The old contents are kept in Cheeseboard's records.",
                record.tool,
                change.path,
            ) from error

    # --- prove ----------------------------------------------------------------------------------------

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
        return _tool(tool).prove(url=url, mode=mode, environ=self._environ, requirement=requirement)

    # --- undo -----------------------------------------------------------------------------------------

    def undo(self, tool: str) -> tuple[Undone, ...]:
        """Take our entries out of every file of this tool that we wrote.

        Byte for byte when nobody edited it since; else only what is ours is taken out.

        Raises:
            ClientConfigError: Nothing is there to undo, or a file can't be written or understood any more.
        """
        _tool(tool)
        with self._locked():
            records = [record for record in self._ledger.read() if record.tool == tool]
            if not records:
                raise ClientConfigError(
                    f"Nothing to undo: Cheeseboard has not changed {tool}'s configuration.", tool
                )
            undone = tuple(self._undo_record(record) for record in reversed(records))
            return (*undone, *(self._undo_record(record) for record in self._needless(tool)))

    def _needless(self, tool: str) -> list[Record]:
        """Return where a token is kept that no installer of ours looks for any more."""
        keeper, records = _KEEPERS.get(tool), self._ledger.read()
        if keeper is None or any(_KEEPERS.get(record.tool) == keeper for record in records):
            return []
        return [record for record in records if record.tool == keeper]

    def _undo_record(self, record: Record) -> Undone:
        current = read_configuration(record.path, record.tool)
        wanted = self._base(record, current)
        self._leave(record, current, wanted)
        self._ledger.write([other for other in self._ledger.read() if other != record])
        # Last: a configuration that names a missing bundle breaks every install.
        if record.bundle and not _tool(record.tool).names_bundle(wanted, record.bundle):
            with contextlib.suppress(OSError):
                record.bundle.unlink(missing_ok=True)
        return Undone(record.path, exact=wanted == record.before)

    @staticmethod
    def _leave(record: Record, current: bytes | None, wanted: bytes | None) -> None:
        """Put a file's bytes without us in place."""
        try:
            if wanted is None:
                remove_file(record.path, record.made_directories)
            elif wanted != current:
                replace_bytes(record.path, wanted, new_mode=0o600)
        except OSError as error:
            raise ClientConfigError(
                f"{record.path} can't be written: {_cause(error)}.", record.tool, record.path
            ) from error

    def _base(self, record: Record | None, current: bytes | None) -> bytes | None:
        """Return a file's bytes without us."""
        if record is None or current is None:
            return current
        if current in (record.after, record.before):
            return record.before
        rest = _tool(record.tool).take_out(record.path, current, record.before, record.after, record.url)
        return None if record.before is None and not rest.strip() else rest

    # --- pause ----------------------------------------------------------------------------------------

    def pause(self, url: str) -> bool:
        """Take our entries out while nobody serves ``url``, so that installers don't wait for it.

        Mode "only" stays: that installer was told to look nowhere else, and would ask the public index
        for private names.

        Returns:
            Whether something was changed.

        Raises:
            ClientConfigError: A file can't be written, or be understood any more; the others are paused.
        """
        return self._for_each(
            lambda record: _may_pause(record) and same_url(record.url, url) and not record.paused,
            self._pause_record,
        )

    def resume(self, url: str) -> bool:
        """Put back what :meth:`pause` took out, with what others edited meanwhile.

        Returns:
            Whether something was changed.

        Raises:
            ClientConfigError: A file can't be written or edited; the others are resumed.
        """
        return self._for_each(
            lambda record: same_url(record.url, url) and record.paused,
            lambda record: self._resume_record(record, record.url),
        )

    def follow(self, owner: str, url: str) -> bool:
        """Let every entry that was written for a folder lead to its address of now; slow when any did not.

        An entry that the user took out, or gave another address, is left as it is.

        Args:
            owner: The managed folder.
            url: Its Simple API URL.

        Returns:
            Whether something was changed.

        Raises:
            ClientConfigError: A file can't be written or edited; the others follow.
        """
        return self._for_each(
            lambda record: (
                bool(owner)
                and record.owner == owner
                and not same_url(record.url, url)
                and (record.paused or self._stands(record))
            ),
            lambda record: self._resume_record(record, url),
        )

    def addresses(self) -> tuple[str, ...]:
        """Return the URLs that installers may wait for in vain: those of entries that a pause takes out."""
        records = self._ledger.read()
        return tuple(dict.fromkeys(r.url for r in records if _may_pause(r) and not r.paused))

    def _stands(self, record: Record) -> bool:
        content = read_configuration(record.path, record.tool)
        return _tool(record.tool).uses(content, record.url, record.mode)

    def _for_each(self, wanted: Callable[[Record], bool], act: Callable[[Record], None]) -> bool:
        failure: ClientConfigError | None = None
        with self._locked():
            records = [record for record in self._ledger.read() if wanted(record)]
            for record in records:
                try:
                    act(record)
                except ClientConfigError as error:
                    failure = error
        if failure:
            raise failure
        return bool(records)

    def _pause_record(self, record: Record) -> None:
        current = read_configuration(record.path, record.tool)
        module = _tool(record.tool)
        if not module.uses(current, record.url, record.mode):
            return  # the user took it out
        wanted = self._base(record, current)
        # Remembered first: after a crash in between, what is still there is found and taken for resumed.
        self._remember(record, replace(record, paused=True))
        self._leave(record, current, wanted)

    def _resume_record(self, record: Record, url: str) -> None:
        """Put our entry in, for an address that may be another than before."""
        module = _tool(record.tool)
        current = read_configuration(record.path, record.tool)
        base = self._base(record, current)
        resumed = replace(record, before=base, url=url, paused=False)
        if base != record.before or url != record.url:
            found = module.find(self._environ)
            edited = module.edit(found, record.path, base, _entry(record, url))
            resumed = replace(resumed, after=edited)
        pending = replace(resumed, paused=True)
        self._remember(record, pending)
        if current != resumed.after:
            try:
                new_mode = 0o600 if record.scope is Scope.USER else 0o644
                replace_bytes(record.path, resumed.after, new_mode=new_mode, private=bool(record.secret))
            except OSError as error:
                raise ClientConfigError(
                    f"{record.path} can't be written: {_cause(error)}.", record.tool, record.path
                ) from error
        self._remember(pending, resumed)

    def _remember(self, old: Record, new: Record) -> None:
        self._ledger.write([new if record == old else record for record in self._ledger.read()])

    # --- state ----------------------------------------------------------------------------------------

    def states(self) -> tuple[ClientState, ...]:
        """Return how each installer looks here. Fast: reads the ledger and the files, asks nobody."""
        try:
            records = self._ledger.read()
        except ClientConfigError:
            logger.exception("The ledger of installers' configuration can't be read")
            records = ()
        return tuple(_state(tool, [r for r in records if r.tool == tool]) for tool in TOOLS)

    @staticmethod
    def modes(tool: str) -> tuple[Mode, ...]:
        """Return what a tool can be told.

        Raises:
            ClientConfigError: We know no such tool.
        """
        return _tool(tool).MODES

    def refresh(self, ca_pem: bytes) -> None:
        """Renew the CA bundles that configurations name: public authorities and our own may have changed.

        A bundle whose base can't be read stays as it is, since a missing or poorer one breaks installs.

        Raises:
            ClientConfigError: A bundle could not be written.
        """
        with self._locked():
            for record in self._ledger.read():
                if record.bundle is None:
                    continue
                try:
                    content = make_bundle(record.bases, ca_pem, public=record.public)
                except UnusableBundle:
                    logger.warning("The certificates that %s named before can't be read", record.path)
                    continue
                self._write_bundle(record.bundle, content, record.tool)

    def bundle(self, ca_pem: bytes) -> Path:
        """Write a bundle for installers that are told of us on their command line; return its path.

        Raises:
            ClientConfigError: It cannot be written.
        """
        path = self._directory / "certificates.pem"
        with self._locked():
            self._write_bundle(path, make_bundle((), ca_pem, public=True), "")
        return path

    # --- rim ------------------------------------------------------------------------------------------

    def _record(self, tool: str, path: Path) -> Record | None:
        return next((r for r in self._ledger.read() if r.tool == tool and r.path == path), None)

    def _write_bundle(self, path: Path, content: bytes, tool: str) -> None:
        try:
            if not path.exists() or path.read_bytes() != content:
                mode = 0o600 if path.parent == self._directory else 0o644
                replace_bytes(path, content, new_mode=mode)
        except OSError as error:
            raise ClientConfigError(f"Can't write {path}: {_cause(error)}.", tool, path) from error

    @staticmethod
    def _write(change: FileChange, content: bytes, plan: Plan) -> None:
        path, new_mode = change.path, 0o600 if plan.scope is Scope.USER else 0o644
        try:
            replace_bytes(path, content, new_mode=new_mode, private=bool(change.secret))
        except OSError as error:
            raise ClientConfigError(
                f"{path} can't be written ({_cause(error)}), so nothing was changed.", plan.tool, path
            ) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self._directory / ".lock", timeout=_LOCK_SECONDS, mode=0o600)
        try:
            make_private(self._directory)
            lock.acquire()
        except Timeout as error:
            raise ClientConfigError(
                "Another Cheeseboard is changing installers' configuration.", ""
            ) from error
        except OSError as error:
            raise ClientConfigError(
                f"Can't write in {self._directory}: {_cause(error)}.", "", self._directory
            ) from error
        try:
            yield
        finally:
            lock.release()


def _state(tool: str, records: Sequence[Record]) -> ClientState:
    mode: Mode | None = None
    edited = False
    for record in records:
        try:
            content = read_configuration(record.path, tool)
        except ClientConfigError:
            content = None
        if content == record.after or record.paused:
            mode = record.mode
            edited = edited or content not in (record.after, record.before)
        elif content != record.before:
            edited = True
            if _TOOLS[tool].uses(content, record.url, record.mode):
                mode = record.mode
    return ClientState(
        tool,
        mode,
        edited,
        tuple(record.path for record in records),
        next((record.url for record in records), ""),
        paused=any(record.paused for record in records),
        uploads=_TOOLS[tool].UPLOADS,
    )


def _may_pause(record: Record) -> bool:
    """Tell whether an installer would wait for us; a token keeps nobody waiting."""
    installs = record.tool in TOOLS and not _tool(record.tool).UPLOADS
    return installs and record.mode is not Mode.ONLY


def _entry(record: Record, url: str) -> Entry:
    return Entry(url, record.mode, record.bundle, record.secret)


def _tool(name: str) -> Tool:
    tool = _TOOLS.get(name)
    if tool is None:
        raise ClientConfigError(f"Cheeseboard can't configure {name}. It knows {', '.join(TOOLS)}.", name)
    return tool


def _missing_directories(path: Path) -> tuple[Path, ...]:
    missing: list[Path] = []
    directory = path.resolve().parent
    while not directory.exists():
        missing.insert(0, directory)
        directory = directory.parent
    return tuple(missing)


def _cause(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
