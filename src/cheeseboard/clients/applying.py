"""A plan, applied: all of its files and its token or nothing, each remembered before it is written."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from cheeseboard.clients import keyring
from cheeseboard.clients.atomic_file import remove_file, replace_bytes
from cheeseboard.clients.ledger import Record
from cheeseboard.clients.plan import FileChange, Plan, Scope
from cheeseboard.clients.tool import read_configuration
from cheeseboard.clients.tools import tool_named
from cheeseboard.clients.undoing import release_token, undo_needless
from cheeseboard.clients.workbench import Workbench, bytes_without_us, cause_of, entry_of
from cheeseboard.errors import ClientConfigError, Sentence


def apply_plan(bench: Workbench, plan: Plan) -> None:
    """Write what was planned, let the real tool read it, and remember it. Slow.

    Raises:
        ClientConfigError: A file changed since the plan, could not be written, or the tool did not
            accept it; then the old bytes are back.
    """
    with bench.locked():
        for change in plan.changes:
            if read_configuration(change.path, change.tool or plan.tool) != change.before:
                raise ClientConfigError(
                    Sentence(
                        "{path} was changed since it was looked at, so it was left alone. Try again.",
                        path=change.path.name,
                    ),
                    plan.tool,
                    change.path,
                )
        former = bench.record(plan.tool, plan.changes[0].path) if plan.changes else None
        with _bundle_in_place(bench, plan), _token_in_place(bench, plan):
            _apply_changes(bench, plan)
        if former and (plan.keyring is None or not plan.keyring.same_place(former.keyring)):
            release_token(bench, former)
        undo_needless(bench, plan.tool)


def _apply_changes(bench: Workbench, plan: Plan) -> None:
    """Write all files or none: what holds the token first, so that no installer is told of us without."""
    records, done = bench.records(), list[FileChange]()
    try:
        for change in reversed(plan.changes):
            _apply_change(bench, plan, change)
            done.append(change)
    except ClientConfigError:
        for change in reversed(done):
            record = bench.record(change.tool or plan.tool, change.path)
            assert record is not None  # noqa: S101 # it was written with the file
            _put_back(change, record)
        bench.put_back(records)
        raise


@contextlib.contextmanager
def _bundle_in_place(bench: Workbench, plan: Plan) -> Iterator[None]:
    """Write the bundle before the configuration that names it; a new one goes when that failed."""
    bundle = plan.ca_bundle
    if bundle is None:
        yield
        return
    existed = bundle.path.exists()
    bench.write_bundle(bundle.path, bundle.content, plan.tool)
    try:
        yield
    except ClientConfigError:
        if not existed:
            bundle.path.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _token_in_place(bench: Workbench, plan: Plan) -> Iterator[None]:
    """Put the token into the keyring before an installer is told to look there; back when that failed."""
    entry = plan.keyring
    if entry is None or entry.stands:
        yield
        return
    former = keyring.look_up(entry, plan.tool, bench.environ)
    keyring.put_in(entry, plan.tool, bench.environ)
    try:
        yield
    except ClientConfigError:
        if former is None:
            keyring.take_out(entry, bench.environ)
        else:
            with contextlib.suppress(ClientConfigError):
                keyring.put_in(replace(entry, secret=former), plan.tool, bench.environ)
        raise


def _apply_change(bench: Workbench, plan: Plan, change: FileChange) -> None:
    if change.after is None:
        raise ClientConfigError(Sentence("Using an index never removes a file."), plan.tool, change.path)
    old_records = bench.records()
    old = bench.record(change.tool or plan.tool, change.path)
    record = _record(plan, change, change.after, old)
    # Remembered first: whatever happens next, undo knows what was there.
    bench.put_back((*(r for r in old_records if r != old), record))
    try:
        _write(change, change.after, plan)
        _check(bench, plan, record)
    except ClientConfigError:
        _put_back(change, record)
        bench.put_back(old_records)
        raise


def _record(plan: Plan, change: FileChange, after: bytes, old: Record | None) -> Record:
    """Return what is remembered of one file; one of another tool's holds neither bundle nor keyring."""
    bundle, kept = (None, None) if change.tool else (plan.ca_bundle, plan.keyring)
    return Record(
        tool=change.tool or plan.tool,
        scope=plan.scope,
        mode=plan.mode,
        path=change.path,
        url=plan.url,
        before=bytes_without_us(old, change.before),
        after=after,
        made_directories=old.made_directories if old else _missing_directories(change.path),
        bundle=bundle.path if bundle else None,
        bases=bundle.bases if bundle else (),
        public=bundle is None or bundle.public,
        owner=plan.owner,
        secret=change.secret,
        keyring=replace(kept, secret="", stands=False) if kept else None,
        digest=sha256(kept.secret.encode()).hexdigest() if kept else "",
    )


def _check(bench: Workbench, plan: Plan, record: Record) -> None:
    path = record.path
    check = tool_named(record.tool).check
    refusal = check(plan.command, path, entry_of(record, record.url), bench.environ)
    if refusal:
        raise ClientConfigError(
            Sentence(
                "{tool} did not accept the changed {path}, so it is as it was before. {refusal}",
                tool=plan.tool,
                path=path.name,
                refusal=refusal,
            ),
            plan.tool,
            path,
        )


def _write(change: FileChange, content: bytes, plan: Plan) -> None:
    path, new_mode = change.path, 0o600 if plan.scope is Scope.USER else 0o644
    try:
        replace_bytes(path, content, new_mode=new_mode, private=bool(change.secret))
    except OSError as error:
        raise ClientConfigError(
            Sentence(
                "{path} can't be written ({cause}), so nothing was changed.", path=path, cause=cause_of(error)
            ),
            plan.tool,
            path,
        ) from error


def _put_back(change: FileChange, record: Record) -> None:
    try:
        if change.before is None:
            remove_file(change.path, record.made_directories)
        elif read_configuration(change.path, record.tool) != change.before:
            replace_bytes(change.path, change.before, new_mode=0o600)
    except OSError as error:
        raise ClientConfigError(
            Sentence(
                "{path} could not be put back as it was: {cause}. The old contents are "
                "kept in Cheeseboard's records.",
                path=change.path,
                cause=cause_of(error),
            ),
            record.tool,
            change.path,
        ) from error


def _missing_directories(path: Path) -> tuple[Path, ...]:
    missing: list[Path] = []
    directory = path.resolve().parent
    while not directory.exists():
        missing.insert(0, directory)
        directory = directory.parent
    return tuple(missing)
