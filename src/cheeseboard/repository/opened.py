"""What an open folder consists of: its disk, its catalog, the door, the trash, the scanner."""

import contextlib
import gc
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import NormalizedName

from cheeseboard.errors import (
    CatalogUnreadable,
    FolderMissing,
    FolderReadOnly,
    FolderReplaced,
    FolderUnavailable,
    RepositoryError,
    Sentence,
)
from cheeseboard.repository.catalog import Catalog
from cheeseboard.repository.intake import Intake
from cheeseboard.repository.layout import Layout
from cheeseboard.repository.read_only import ReadOnlyCopy, copy_aside
from cheeseboard.repository.records import Contents
from cheeseboard.repository.salvage import apply_decisions, read_decisions
from cheeseboard.repository.scanner import Scanner
from cheeseboard.repository.shown import Shown
from cheeseboard.repository.store import Store
from cheeseboard.repository.trash import Trash

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenedFolder:
    """The parts that belong to one folder on one disk; a folder put in its place needs new ones.

    Attributes:
        identity: (device, inode) of the folder when it was opened.
        catalog_identity: The same of the catalog; another process sets a damaged one aside.
        shown: What this process knows of the catalog.
        looked_through: Whether the folder was ever looked through whole before it was opened.
        copy: The copied catalog, where the folder was read-only when it was opened.
    """

    layout: Layout
    identity: tuple[int, int] | None
    catalog_identity: tuple[int, int] | None
    store: Store
    catalog: Catalog
    shown: Shown
    intake: Intake
    trash: Trash
    scanner: Scanner
    looked_through: bool
    copy: ReadOnlyCopy | None = None

    def check(self) -> None:
        """Make sure that the folder is still the one that was opened.

        Raises:
            FolderUnavailable: It is missing; an empty mount point counts as that.
            FolderReplaced: Another repository's folder stands in its place.
        """
        folder = self.layout.folder
        if self.copy is not None:
            self._check_copied(self.copy)
            return
        catalog = identity_of(self.layout.catalog)
        there = catalog is not None
        same = identity_of(folder) == self.identity
        if not there and same and self.identity is not None:
            raise FolderReplaced(f"What Cheeseboard knew of {folder} was deleted from outside.", folder)
        if not there:
            raise FolderMissing(folder)
        if not same:
            raise FolderReplaced(f"Another folder stands in the place of {folder}.", folder)
        if catalog != self.catalog_identity:
            raise FolderReplaced(f"What Cheeseboard knew of {folder} was replaced from outside.", folder)

    def _check_copied(self, copy: ReadOnlyCopy) -> None:
        folder = self.layout.folder
        same = identity_of(folder) == self.identity
        if copy.had_catalog and identity_of(copy.source) is None:
            raise FolderMissing(folder)
        if not same and not copy.had_catalog:
            # Nothing tells another repository from the mount point of one that is away.
            raise FolderMissing(folder)
        if not same:
            raise FolderReplaced(f"Another folder stands in the place of {folder}.", folder)

    def follow(self) -> frozenset[NormalizedName]:
        """Take over what was recorded since; return the projects that differ.

        Raises:
            RepositoryError: The catalog cannot be read.
        """
        return self.shown.follow(self.catalog)

    def close(self) -> None:
        """Let go of the folder; idempotent."""
        self.catalog.close()
        with contextlib.suppress(RepositoryError, OSError):  # it may be gone: nothing to clear then
            self.store.close()
        if self.copy is not None:
            self.copy.remove()


def open_folder(folder: Path, clock: Callable[[], int], *, thorough: bool = False) -> OpenedFolder:
    """Open a folder, made when it is missing, and read all that its catalog knows.

    One that is read-only is opened, too: by a copy of its catalog.

    Args:
        folder: The folder.
        clock: The time, microseconds since the epoch.
        thorough: Whether the catalog is checked whole, which reads all of it.

    Raises:
        RepositoryError: It cannot be used.
    """
    layout = Layout(folder)
    _make(folder)
    try:
        return _open(layout, clock, thorough=thorough)
    except FolderReadOnly as error:
        logger.info("%s", error)
        if _is_empty(layout):
            raise
    copy = copy_aside(layout)
    try:
        return _open(Layout(folder, copy.place), clock, thorough=thorough, copy=copy)
    except BaseException:
        copy.remove()
        raise


def _open(
    layout: Layout, clock: Callable[[], int], *, thorough: bool, copy: ReadOnlyCopy | None = None
) -> OpenedFolder:
    store = Store(layout)
    try:
        catalog, contents = _open_catalog(layout, clock, thorough=thorough)
    except BaseException:
        store.close()
        raise
    intake = Intake(layout, store, catalog, clock)
    trash = Trash(layout, store, catalog, clock)
    scanner = Scanner(layout, intake, store, catalog, clock)
    identities = (identity_of(layout.folder), identity_of(layout.catalog))
    looked_through = catalog.looked_through()
    shown = Shown(contents)
    return OpenedFolder(
        layout, *identities, store, catalog, shown, intake, trash, scanner, looked_through, copy
    )


def identity_of(folder: Path) -> tuple[int, int] | None:
    """Return (device, inode) of a folder or file; None when it is missing."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino)


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise FolderUnavailable(Sentence("{folder} is not a folder.", folder=folder), folder) from None
    except PermissionError as error:
        raise FolderReadOnly(f"Can't make the folder {folder}: {error.strerror}.", folder) from error
    except OSError as error:
        raise FolderUnavailable(
            Sentence("Can't make the folder {folder}: {cause}.", folder=folder, cause=error.strerror), folder
        ) from error


def _is_empty(layout: Layout) -> bool:
    """Tell whether nothing is known of the folder, and nothing is in it: a disk may be missing there.

    Served, it would send installers elsewhere for every name.
    """
    if os.path.lexists(layout.private):
        return False
    try:
        return not any(layout.folder.iterdir())
    except OSError:
        return True


def _open_catalog(layout: Layout, clock: Callable[[], int], *, thorough: bool) -> tuple[Catalog, Contents]:
    """Open the catalog and read it all; a damaged one is set aside.

    The owner's decisions are saved from it where they can be read; the scan finds the files again.
    """
    try:
        return _read_catalog(layout, thorough=thorough)
    except CatalogUnreadable:
        decisions = read_decisions(layout.catalog)
        aside = layout.private / f"catalog-damaged-{clock()}.sqlite3"
        logger.warning("The catalog of %s is damaged; it was set aside as %s", layout.folder, aside.name)
        layout.catalog.rename(aside)
        for suffix in ("-wal", "-shm"):
            Path(f"{layout.catalog}{suffix}").unlink(missing_ok=True)
        catalog, _ = _read_catalog(layout, thorough=False)
        apply_decisions(catalog, decisions)
        return catalog, catalog.contents()


def _read_catalog(layout: Layout, *, thorough: bool) -> tuple[Catalog, Contents]:
    catalog = Catalog(layout.catalog, layout.folder)
    try:
        if thorough:
            catalog.check()
        return catalog, catalog.contents()
    except BaseException:
        catalog.close()
        raise


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the cyclic garbage collector off a hundred thousand new values, none of which is garbage.

    It would look through all of them again and again: a third of the time that opening takes, and
    later a stall of the window each time. They hold no cycles, so counting references frees them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
