"""An sdist: one top directory, one PKG-INFO in it, and no member that leaves it.

Source: PyPUG "Source distribution format"; the rules for links are those of PEP 706's data filter,
without its repairs.
"""

from cheeseboard.distributions import tar_archive, zip_archive
from cheeseboard.distributions.distribution import WarningReason
from cheeseboard.distributions.filename import ParsedFilename
from cheeseboard.distributions.members import Limits, is_for_windows, printable
from cheeseboard.distributions.reading import HashedReader
from cheeseboard.distributions.wheel import ArchiveContent
from cheeseboard.distributions.zip_archive import Sink
from cheeseboard.errors import InvalidMetadata, RefusalReason, UnsafeArchive


def read_sdist(reader: HashedReader, parsed: ParsedFilename, limits: Limits) -> ArchiveContent:
    """Read an sdist whole.

    Raises:
        DistributionError: Why it is not taken in.
    """
    if parsed.filename.lower().endswith(".zip"):
        return _read_zip(reader, limits)
    tree = _Tree(limits)

    def sink_for(member: tar_archive.TarMember) -> Sink | None:
        return tree.visit(
            member.path, member.size, is_directory=member.is_directory, link=member.link, hard=member.hard
        )

    tar_archive.stream_members(reader, limits, sink_for)
    return ArchiveContent(tree.metadata(), tree.warnings)


def _read_zip(reader: HashedReader, limits: Limits) -> ArchiveContent:
    directory = zip_archive.read_directory(reader, limits)
    tree = _Tree(limits)

    def sink_for(member: zip_archive.Member) -> Sink | None:
        path = member.path.removesuffix("/")
        return tree.visit(path, member.size, is_directory=member.is_directory)

    zip_archive.stream_members(reader, directory, sink_for)
    commented = (WarningReason.ARCHIVE_COMMENT,) if directory.comment else ()
    return ArchiveContent(tree.metadata(), commented + tree.warnings)


class _Tree:
    """The tree that unpacking would make, watched as it grows."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._top: str | None = None
        self._links: set[str] = set()
        self._files: set[str] = set()
        self._directories: set[str] = set()
        self._parts: list[bytes] = []
        self._found = 0
        self._for_windows = True

    def visit(
        self, path: str, size: int, *, is_directory: bool, link: str | None = None, hard: bool = False
    ) -> Sink | None:
        top, _, inside = path.partition("/")
        if self._top is None:
            self._top = top
        if top != self._top or (not inside and not is_directory):
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, f"{printable(self._top)}, {printable(path)}")
        self._for_windows = self._for_windows and is_for_windows(path)
        self._check_parents(path)
        self._check_kind(path, is_directory=is_directory)
        if link is not None:
            self._check_link(path, link, hard=hard)
            if hard and link.removesuffix("/") not in self._files:
                raise UnsafeArchive(RefusalReason.UNSAFE_LINK, printable(f"{path} -> {link}"))
            self._links.add(path)
        elif path in self._links:
            # Writing "through" a link that an earlier member made.
            raise UnsafeArchive(RefusalReason.UNSAFE_LINK, printable(path))
        if inside != "PKG-INFO" or is_directory:
            return None
        self._found += 1
        if link is not None or self._found > 1:
            raise InvalidMetadata(RefusalReason.METADATA_AMBIGUOUS, printable(path))
        if size > self._limits.metadata:
            raise InvalidMetadata(RefusalReason.METADATA_TOO_LARGE, str(size))
        return self._parts.append

    @property
    def warnings(self) -> tuple[WarningReason, ...]:
        return () if self._for_windows else (WarningReason.NOT_FOR_WINDOWS,)

    def metadata(self) -> bytes:
        if not self._found:
            raise InvalidMetadata(RefusalReason.METADATA_MISSING)
        return b"".join(self._parts)

    def _check_kind(self, path: str, *, is_directory: bool) -> None:
        """Refuse a path that is a file here and a directory there."""
        parent = path if is_directory else path.rpartition("/")[0]
        while parent and parent not in self._directories:
            self._directories.add(parent)
            parent = parent.rpartition("/")[0]
        if not is_directory:
            self._files.add(path)
        both = path in self._files and path in self._directories
        if both or path.rpartition("/")[0] in self._files:
            raise UnsafeArchive(RefusalReason.DUPLICATE_MEMBER, printable(path))

    def _check_parents(self, path: str) -> None:
        if not self._links:
            return
        parent = path.rpartition("/")[0]
        while parent:
            if parent in self._links:
                raise UnsafeArchive(RefusalReason.UNSAFE_LINK, printable(path))
            parent = parent.rpartition("/")[0]

    def _check_link(self, path: str, target: str, *, hard: bool) -> None:
        """Refuse a link that leaves the top directory, or whose end depends on other links."""
        base = [] if hard else path.split("/")[:-1]
        descended = False
        for component in target.removesuffix("/").split("/"):
            if component == "..":
                # "a/.." goes where the link "a" leads, not back here.
                if descended or len(base) <= 1:
                    raise UnsafeArchive(RefusalReason.UNSAFE_LINK, printable(f"{path} -> {target}"))
                base.pop()
            elif component != ".":
                if not component or "\\" in component:
                    raise UnsafeArchive(RefusalReason.UNSAFE_LINK, printable(f"{path} -> {target}"))
                descended = True
                base.append(component)
        if not base or base[0] != self._top:
            raise UnsafeArchive(RefusalReason.UNSAFE_LINK, printable(f"{path} -> {target}"))
