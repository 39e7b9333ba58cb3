"""A gzipped tar, streamed once and read so strictly that every unpacker must read it the same way.

Sources: POSIX ustar and pax interchange formats, GNU's long names; RFC 1952 for gzip.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import adler32

from zlib_ng import zlib_ng

from cheeseboard.distributions.members import (
    Limits,
    check_path,
    check_unchanged_by_windows,
    printable,
    whole_number,
)
from cheeseboard.distributions.reading import CHUNK, HashedReader, InflateError
from cheeseboard.distributions.zip_archive import Sink, look_of
from cheeseboard.errors import RefusalReason, UnreadableArchive, UnsafeArchive

BLOCK = 512
_INFLATE_STEP = 1024 * 1024
_LONGEST_EXTENDED_HEADER = 64 * 1024
_MOST_EXTENDED_HEADERS = 4
_GZIP_EXTRA_FIELD = 0x04
_ZIP_END_REACH = 65_535 + 22
_MAGICS = {b"ustar\0", b"ustar ", bytes(6)}
_PAX_NUMBERS = ("mtime", "atime", "ctime")

# So many are judged before all are counted; few sdists have more.
_CROWD = 2_000
# Owner, group, time and device numbers.
_UNUSED_NUMBERS = (slice(108, 116), slice(116, 124), slice(136, 148), slice(329, 337), slice(337, 345))
_OCTAL = b"01234567"
_BINARY = (0x80, 0xFF)
_PAX_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
_OLD_REGULAR = b"\0"
_REGULAR = {b"0", _OLD_REGULAR, b"7"}
_HARD_LINK = b"1"
_SYMBOLIC_LINK = b"2"
_DIRECTORY = b"5"
_PAX = b"x"
_PAX_GLOBAL = b"g"
_GNU_LONG_NAME = b"L"
_GNU_LONG_LINK = b"K"
_EXTENDED = frozenset({_PAX, _PAX_GLOBAL, _GNU_LONG_NAME, _GNU_LONG_LINK})


@dataclass(frozen=True, slots=True)
class TarMember:
    """One member.

    Attributes:
        path: "/" as separator, a leading "./" taken off, without a trailing "/".
        link: Where a link points, or None.
        size: In bytes; 0 for all but regular files.
    """

    path: str
    size: int
    mode: int
    is_directory: bool
    link: str | None = None
    hard: bool = False


def stream_members(
    reader: HashedReader, limits: Limits, sink_for: Callable[[TarMember], Sink | None]
) -> None:
    """Read all members in one pass; afterwards ``reader`` has gone over the whole file.

    Raises:
        UnreadableArchive: It is no gzipped tar, or not a whole one.
        UnsafeArchive: A member breaks a rule, or another reader would see something else.
    """
    _check_no_zip(reader)
    beginning = reader.peek(0, BLOCK)
    if not beginning:
        raise UnreadableArchive(RefusalReason.EMPTY)
    if not beginning.startswith(b"\x1f\x8b\x08"):
        raise UnreadableArchive(RefusalReason.NOT_AN_ARCHIVE, look_of(beginning))
    if beginning[3] & _GZIP_EXTRA_FIELD:
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "gzip")
    stream = _Unzipped(_gunzip(reader.remaining(), limits.allowed_expansion(reader.size)))
    for count, (header, extended) in enumerate(_headers(stream), start=1):
        if count == min(_CROWD, limits.members):
            _check_count(reader, limits)
        member = _member(header, extended)
        if count > limits.members:
            raise UnsafeArchive(RefusalReason.TOO_MANY_MEMBERS, str(count))
        sink = sink_for(member)
        for piece in stream.pieces(member.size):
            if sink is not None:
                sink(piece)
        stream.skip_padding(member.size)
    reader.finish()


def _check_count(reader: HashedReader, limits: Limits) -> None:
    """Refuse too many members before each of them is judged at length.

    A tar has no list of them: it is unpacked once more, and just the sizes are read, by which a reader
    comes from one to the next.
    """
    stream = _Unzipped(_gunzip(_peeked(reader), limits.allowed_expansion(reader.size)))
    for count, (header, extended) in enumerate(_headers(stream, _read_size, _extend_size), start=1):
        if count > limits.members:
            raise UnsafeArchive(RefusalReason.TOO_MANY_MEMBERS, str(count))
        if size := _stated_size(header, extended):
            stream.skip(size)


def _peeked(reader: HashedReader) -> Iterator[bytes]:
    """Yield the whole file, outside the sequence."""
    for offset in range(0, reader.size, CHUNK):
        yield reader.peek(offset, CHUNK)


def _check_no_zip(reader: HashedReader) -> None:
    """Refuse a file that is also a zip: pip before 24 looks for one in every sdist, and unpacks that."""
    tail = reader.peek(max(0, reader.size - _ZIP_END_REACH), _ZIP_END_REACH)
    if b"PK\x05\x06" in tail:
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "zip")


# --- gzip ---------------------------------------------------------------------------------------------


def _gunzip(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    """Yield the unpacked bytes of exactly one gzip member that fills the file."""
    inflater = zlib_ng.decompressobj(16 + zlib_ng.MAX_WBITS)
    unpacked = 0
    try:
        for piece in pieces:
            waiting = piece
            while waiting and not inflater.eof:
                content = inflater.decompress(waiting, _INFLATE_STEP)
                waiting = inflater.unconsumed_tail
                unpacked += len(content)
                if unpacked > most:
                    raise UnsafeArchive(RefusalReason.BOMB, str(unpacked))
                if content:
                    yield content
            rest = inflater.unused_data if inflater.eof and waiting is not piece else waiting
            # Python pads some archives with zeros, and every reader skips those.
            if inflater.eof and rest.strip(b"\0"):
                raise UnsafeArchive(RefusalReason.EXTRA_DATA)
        while not inflater.eof:
            content = inflater.decompress(b"", _INFLATE_STEP)
            if not content:
                raise UnreadableArchive(RefusalReason.TRUNCATED)
            yield content
    except InflateError as error:
        raise UnreadableArchive(RefusalReason.DAMAGED) from error


class _Unzipped:
    """The tar inside, as a sequence of bytes."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._chunk = b""
        self._at = 0

    def pieces(self, count: int) -> Iterator[bytes]:
        while count:
            piece = self._chunk[self._at : self._at + count]
            if not piece:
                self._chunk, self._at = next(self._chunks, b""), 0
                if not self._chunk:
                    raise UnreadableArchive(RefusalReason.TRUNCATED)
                continue
            self._at += len(piece)
            count -= len(piece)
            yield piece

    def read(self, count: int) -> bytes:
        piece = self._chunk[self._at : self._at + count]
        if len(piece) == count:
            self._at += count
            return piece
        return b"".join(self.pieces(count))

    def block(self) -> bytes | None:
        """Return the next block, or None at the very end."""
        if self._at == len(self._chunk):
            self._chunk, self._at = next(self._chunks, b""), 0
            if not self._chunk:
                return None
        return self.read(BLOCK)

    def skip_padding(self, size: int) -> None:
        if size % BLOCK:
            self.read(-size % BLOCK)

    def skip(self, size: int) -> None:
        """Pass over a member's content and its padding."""
        for _ in self.pieces(size + -size % BLOCK):
            pass

    def rest_is_empty(self) -> bool:
        clean = not self._chunk[self._at :].strip(b"\0")
        for chunk in self._chunks:
            clean = clean and not chunk.strip(b"\0")
        return clean


# --- tar ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Header:
    path: str
    size: int
    mode: int
    kind: bytes
    link: str


def _extend(extended: dict[str, str], kind: bytes, content: bytes) -> None:
    if kind == _GNU_LONG_NAME:
        found = {"path": _text(content.split(b"\0", 1)[0])}
    elif kind == _GNU_LONG_LINK:
        found = {"linkpath": _text(content.split(b"\0", 1)[0])}
    else:
        found = _pax_records(content)
    if kind == _PAX_GLOBAL:
        # A global header that renames or resizes what follows has no honest use.
        sparse = any(key.startswith("GNU.sparse.") for key in found)
        if sparse or found.keys() & {"path", "linkpath", "size"}:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "pax")
        return
    if any(key.startswith("GNU.sparse.") for key in found):
        raise UnsafeArchive(RefusalReason.SPECIAL_MEMBER, "sparse")
    if found.keys() & extended.keys() & {"path", "linkpath", "size"}:
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "pax")
    extended.update(found)


def _pax_records(content: bytes) -> dict[str, str]:
    """Parse records of the form "<length> <key>=<value>", each ended by a line feed."""
    found: dict[str, str] = {}
    position = 0
    while position < len(content) and content[position : position + 1] != b"\0":
        space = content.find(b" ", position, position + 12)
        digits = content[position:space] if space > 0 else b""
        length = whole_number(digits.decode("ascii", "replace")) or 0
        record = content[space + 1 : position + length]
        key, equals, value = record[:-1].partition(b"=")
        whole = 0 < length <= len(content) - position and record.endswith(b"\n")
        if not whole or not equals or _text(key) in found:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "pax")
        found[_text(key)] = value.decode("utf-8", "surrogateescape")
        position += length
    if content[position:].strip(b"\0"):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "pax")
    return found


def _parse_header(block: bytes) -> _Header:
    # The checksum is taken with spaces in its own place.
    if _number(block[148:156]) != _sum(block) - sum(block[148:156]) + 8 * 0x20:
        raise UnreadableArchive(RefusalReason.DAMAGED, "header")
    for place in _UNUSED_NUMBERS:
        # Nothing here depends on them, but other readers stop at one that is no number.
        field = block[place]
        if field[0] not in _BINARY and _digits(field).strip(_OCTAL):
            raise UnreadableArchive(RefusalReason.DAMAGED, "header")
    name = _text(block[:100].split(b"\0", 1)[0])
    prefix = _text(block[345:500].split(b"\0", 1)[0])
    if block[257:263] not in _MAGICS or (prefix and block[257:263] != b"ustar\0"):
        # Some readers take the prefix whatever the format says it is, others refuse the format.
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "header")
    name = f"{prefix}/{name}" if prefix else name
    return _Header(
        path=name,
        size=_number(block[124:136]),
        mode=_number(block[100:108]),
        kind=block[156:157],
        link=_text(block[157:257].split(b"\0", 1)[0]),
    )


def _sum(block: bytes) -> int:
    """Return the sum of a block's bytes, four times faster than ``sum``.

    The lower half of an Adler-32 is one more than the sum of the bytes, modulo 65521: 256 bytes never
    reach that.
    """
    return (adler32(block[:256]) & 0xFFFF) + (adler32(block[256:]) & 0xFFFF) - 2


def _number(field: bytes) -> int:
    if field[0] in _BINARY:  # GNU base-256, for what octal digits cannot hold
        value = int.from_bytes(field[1:], "big")
        if field[0] == 0xFF or value >= 1 << 63:
            raise UnreadableArchive(RefusalReason.DAMAGED, "header")
        return value
    digits = _digits(field)
    if digits.strip(_OCTAL):  # something is left if anything else is among them
        raise UnreadableArchive(RefusalReason.DAMAGED, "header")
    return int(digits, 8) if digits else 0


def _digits(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0].strip()


def _read_size(block: bytes) -> _Header:
    """Read of a header what leads to the next one, and judge nothing else of it."""
    return _Header("", _number(block[124:136]), 0, block[156:157], "")


def _extend_size(extended: dict[str, str], kind: bytes, content: bytes) -> None:
    """Note what an extended header says about a size, likewise."""
    if kind == _PAX and b"size=" in content:
        _extend(extended, kind, content)


def _headers(
    stream: _Unzipped,
    parse: Callable[[bytes], _Header] = _parse_header,
    extend: Callable[[dict[str, str], bytes, bytes], None] = _extend,
) -> Iterator[tuple[_Header, dict[str, str]]]:
    """Yield each member's header with what extended headers before it say about it.

    Args:
        stream: The tar, at its beginning.
        parse: Reads a header as far as it is needed.
        extend: Notes what an extended header says, as far as that is needed.
    """
    extended: dict[str, str] = {}
    in_a_row = 0
    while (block := stream.block()) is not None:
        if not block.strip(b"\0"):
            if not stream.rest_is_empty():
                raise UnsafeArchive(RefusalReason.EXTRA_DATA)
            break
        header = parse(block)
        if header.kind in _EXTENDED:
            in_a_row += 1
            if header.size > _LONGEST_EXTENDED_HEADER or in_a_row > _MOST_EXTENDED_HEADERS:
                raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "header")
            content = stream.read(header.size)
            stream.skip_padding(header.size)
            extend(extended, header.kind, content)
            continue
        yield header, extended
        extended, in_a_row = {}, 0
    if in_a_row:
        raise UnreadableArchive(RefusalReason.TRUNCATED)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _member(header: _Header, extended: dict[str, str]) -> TarMember:
    path = _relative(extended.get("path", header.path), header.kind == _DIRECTORY)
    check_path(path)
    check_unchanged_by_windows(path)
    if "path" in extended:
        # A reader that knows no extended headers sees the short name: it must be harmless too. It may
        # have been cut within a character.
        cut = header.path.encode("utf-8", "surrogateescape").decode("utf-8", "ignore")
        check_path(_relative(cut, is_directory=True))
    size = _size(header, extended, path)
    return _typed_member(header, extended, path, size)


def _stated_size(header: _Header, extended: dict[str, str]) -> int:
    if "size" not in extended:
        return header.size
    stated = whole_number(extended["size"])
    if stated is None or (stated != header.size and header.size):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(extended.get("path", header.path)))
    return stated


def _size(header: _Header, extended: dict[str, str], path: str) -> int:
    size = _stated_size(header, extended)
    if any(key in extended and not _PAX_NUMBER.fullmatch(extended[key]) for key in _PAX_NUMBERS):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(path))
    if size and header.kind not in _REGULAR:
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(path))
    return size


def _typed_member(header: _Header, extended: dict[str, str], path: str, size: int) -> TarMember:
    if header.kind in _REGULAR:
        if extended.get("path", header.path).endswith("/"):
            # A directory, as old tars write it; of the newer kinds of files that holds for some readers.
            if size or header.kind != _OLD_REGULAR:
                raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(path))
            return TarMember(path, 0, header.mode, is_directory=True)
        if header.mode & 0o6000:
            raise UnsafeArchive(RefusalReason.SPECIAL_MEMBER, printable(path))
        return TarMember(path, size, header.mode, is_directory=False)
    if header.kind == _DIRECTORY:
        return TarMember(path, 0, header.mode, is_directory=True)
    if header.kind in {_SYMBOLIC_LINK, _HARD_LINK}:
        target = extended.get("linkpath", header.link)
        hard = header.kind == _HARD_LINK
        if hard:  # it names another member, as members are named
            target = _relative(target, is_directory=False)
        return TarMember(path, 0, header.mode, is_directory=False, link=target, hard=hard)
    raise UnsafeArchive(RefusalReason.SPECIAL_MEMBER, printable(path))


def _relative(path: str, is_directory: bool) -> str:
    while path.startswith("./") and len(path) > 2:
        path = path[2:]
    if path.endswith("/") and len(path) > 1 and (is_directory or not path.endswith("//")):
        path = path[:-1]
    return path
