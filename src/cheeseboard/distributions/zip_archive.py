"""A zip, read so strictly that every installer must read it the same way.

The central directory is read first; then the file goes by once, front to back, and each local entry
must follow the one before without a gap, agree with the directory, and unpack to just what both say.

Source: PKWARE APPNOTE 6.3.10, of which a wheel needs little: stored and deflated members, zip64.
"""

import stat
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from zlib_ng import zlib_ng

from cheeseboard.distributions.members import (
    Limits,
    check_collisions,
    check_path,
    check_unchanged_by_windows,
    printable,
)
from cheeseboard.distributions.reading import HashedReader, InflateError
from cheeseboard.errors import RefusalReason, UnreadableArchive, UnsafeArchive

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_CENTRAL_SIGNATURE = b"PK\x01\x02"
_END_SIGNATURE = b"PK\x05\x06"
_END64_SIGNATURE = b"PK\x06\x06"
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_DESCRIPTOR_SIGNATURE = b"PK\x07\x08"
_SIGNATURES = (_LOCAL_SIGNATURE, _CENTRAL_SIGNATURE, _END_SIGNATURE, _END64_SIGNATURE, _LOCATOR_SIGNATURE)

_ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000
_DESCRIPTOR_FLAG = 0x0008
_PATCH_FLAG = 0x0020
_UTF8_FLAG = 0x0800
# Flags that must be alike in the local header and the directory: they change how bytes are read.
_READING_FLAGS = _ENCRYPTED_FLAGS | _DESCRIPTOR_FLAG | _PATCH_FLAG | _UTF8_FLAG
_STORED = 0
_DEFLATED = 8
_ZIP64_EXTRA = 0x0001
_UNICODE_PATH_EXTRA = 0x7075
_MAX16 = 0xFFFF
_MAX32 = 0xFFFFFFFF
# The newest version of the format that installers know, in the low byte of a header's word.
_NEWEST_VERSION = 63
_INFLATE_STEP = 1024 * 1024

Sink = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the central directory.

    Attributes:
        path: As written, "/" as separator; a directory's ends with it.
        size: Unpacked, in bytes.
        packed_size: In the archive, in bytes.
        offset: Of the local header.
        mode: Unix mode, or 0 where the archive has none.
    """

    path: str
    raw_path: bytes
    size: int
    packed_size: int
    crc: int
    method: int
    flags: int
    offset: int
    mode: int

    @property
    def is_directory(self) -> bool:
        """Whether the entry is a directory."""
        return self.path.endswith("/")


@dataclass(frozen=True, slots=True)
class Directory:
    """The central directory, checked by itself.

    Attributes:
        members: In the order in which their bytes lie in the file.
        start: Where the central directory begins, that is where the members end.
        comment: The archive's comment.
    """

    members: tuple[Member, ...]
    start: int
    comment: bytes
    _by_path: dict[str, Member] = field(default_factory=dict, compare=False, repr=False)

    def find(self, path: str) -> Member | None:
        """Return the member of exactly that path."""
        if not self._by_path:
            self._by_path.update((member.path, member) for member in self.members)
        return self._by_path.get(path)


def read_directory(reader: HashedReader, limits: Limits) -> Directory:
    """Read and check the central directory; the sequence of ``reader`` does not move.

    Raises:
        UnreadableArchive: It is no zip, or not a whole one.
        UnsafeArchive: Its parts contradict each other, or a member breaks a rule.
    """
    _check_beginning(reader)
    end = _find_end(reader)
    if end.count > limits.members or end.size > limits.directory:
        raise UnsafeArchive(RefusalReason.TOO_MANY_MEMBERS, str(end.count))
    table = reader.peek(end.start, end.size)
    members = tuple(_central_entries(table, end.count))
    check_collisions(member.path for member in members)
    total = sum(member.size for member in members)
    if total > limits.allowed_expansion(reader.size):
        raise UnsafeArchive(RefusalReason.BOMB, str(total))
    ordered = tuple(sorted(members, key=lambda member: member.offset))
    return Directory(ordered, end.start, end.comment)


def read_small(reader: HashedReader, member: Member, limit: int) -> bytes:
    """Return one member's content ahead of the sequence, e.g. METADATA or RECORD.

    Raises:
        UnreadableArchive: It is damaged.
        UnsafeArchive: BOMB when it is, or claims to be, larger than ``limit`` bytes.
    """
    if member.size > limit or member.packed_size > limit + 1024:
        raise UnsafeArchive(RefusalReason.BOMB, printable(member.path))
    header = _LOCAL.unpack(_exactly(reader.peek(member.offset, _LOCAL.size), _LOCAL.size))
    start = member.offset + _LOCAL.size + header[9] + header[10]
    packed = reader.peek(start, member.packed_size)
    parts: list[bytes] = []
    _unpack(member, iter((packed,)), parts.append)
    return b"".join(parts)


def stream_members(
    reader: HashedReader, directory: Directory, sink_for: Callable[[Member], Sink | None]
) -> None:
    """Read all members in one pass, handing each one's content to its sink in pieces.

    Afterwards ``reader`` has gone over the whole file, so its hashes are the file's.

    Raises:
        UnreadableArchive: A member is damaged.
        UnsafeArchive: A local entry and the directory differ, entries overlap, or bytes lie between.
    """
    ends = [member.offset for member in directory.members[1:]]
    ends.append(directory.start)
    for member, end in zip(directory.members, ends, strict=False):
        if member.offset != reader.position:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(member.path))
        _read_local_header(reader, member)
        if reader.position + member.packed_size > end:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(member.path))
        _unpack(member, reader.pieces(member.packed_size), sink_for(member))
        _read_descriptor(reader, member, end - reader.position)
    if reader.position != directory.start:
        raise UnsafeArchive(RefusalReason.EXTRA_DATA)
    reader.finish()


# --- the end of the file ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _End:
    count: int
    size: int
    start: int
    comment: bytes


def _check_beginning(reader: HashedReader) -> None:
    beginning = reader.peek(0, 512)
    if not beginning:
        raise UnreadableArchive(RefusalReason.EMPTY)
    if beginning.startswith(_LOCAL_SIGNATURE):
        return
    if beginning.startswith(_END_SIGNATURE):
        raise UnreadableArchive(RefusalReason.EMPTY)
    if b"PK\x05\x06" in reader.peek(max(0, reader.size - _END.size - _MAX16), _END.size + _MAX16):
        raise UnsafeArchive(RefusalReason.EXTRA_DATA)
    raise UnreadableArchive(RefusalReason.NOT_AN_ARCHIVE, look_of(beginning))


def look_of(beginning: bytes) -> str:
    """Return a word for what a file that is no archive looks like, or nothing."""
    text = beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "html"
    if beginning.startswith(b"version https://git-lfs"):
        return "git-lfs"
    return ""


def _find_end(reader: HashedReader) -> _End:
    tail_start = max(0, reader.size - _END.size - _MAX16)
    tail = reader.peek(tail_start, reader.size - tail_start)
    at = tail.rfind(_END_SIGNATURE)
    if at < 0:
        raise UnreadableArchive(RefusalReason.TRUNCATED)
    if len(tail) - at < _END.size or _END.unpack_from(tail, at)[7] != len(tail) - at - _END.size:
        # Bytes follow the last signature. Python takes it for the end record all the same, others
        # look for an earlier one: two readers, two archives.
        raise UnreadableArchive(RefusalReason.EXTRA_DATA)
    _, disk, start_disk, count_here, count, size, start, _ = _END.unpack_from(tail, at)
    comment = tail[at + _END.size :]
    if any(signature in comment for signature in _SIGNATURES):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "comment")
    if disk or start_disk or count_here != count:
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "multi-disk")
    position = tail_start + at
    count, size, start, position = _apply_zip64(reader, position, (count, size, start))
    if start + size != position:
        raise UnsafeArchive(RefusalReason.EXTRA_DATA)
    return _End(count, size, start, comment)


def _apply_zip64(reader: HashedReader, end: int, classic: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Return (count, size, start, position) with zip64's values, if it is one, both agreeing."""
    locator_at = end - _LOCATOR.size
    locator = reader.peek(locator_at, _LOCATOR.size) if locator_at >= 0 else b""
    if not locator.startswith(_LOCATOR_SIGNATURE):
        if _MAX16 in classic[:1] or _MAX32 in classic[1:]:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "zip64")
        return (*classic, end)
    _, disk, record_at, disks = _LOCATOR.unpack(locator)
    record = reader.peek(record_at, _END64.size)
    if disk or disks > 1 or record_at + _END64.size != locator_at or not record.startswith(_END64_SIGNATURE):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "zip64")
    _, length, _, _, disk, start_disk, count_here, count, size, start = _END64.unpack(record)
    wide = (count, size, start)
    limits = (_MAX16, _MAX32, _MAX32)
    if (
        length != _END64.size - 12
        or disk
        or start_disk
        or count_here != count
        or any(
            narrow not in {limit, value} for narrow, value, limit in zip(classic, wide, limits, strict=True)
        )
    ):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "zip64")
    return (*wide, record_at)


# --- the central directory ----------------------------------------------------------------------------


def _central_entries(table: bytes, count: int) -> Iterator[Member]:
    position = 0
    for _ in range(count):
        fields = _CENTRAL.unpack(_exactly(table[position : position + _CENTRAL.size], _CENTRAL.size))
        if fields[0] != _CENTRAL_SIGNATURE:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "directory")
        name_length, extra_length, comment_length = fields[10:13]
        name_end = position + _CENTRAL.size + name_length
        name = _exactly(table[position + _CENTRAL.size : name_end], name_length)
        extra = _exactly(table[name_end : name_end + extra_length], extra_length)
        yield _central_entry(fields, name, extra)
        position = name_end + extra_length + comment_length
    if position != len(table):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, "directory")


def _central_entry(fields: tuple[int, ...], name: bytes, extra: bytes) -> Member:
    flags, method, crc, packed_size, size = fields[3], fields[4], fields[7], fields[8], fields[9]
    disk, attributes, offset = fields[13], fields[15], fields[16]
    path = _decode(name, flags)
    check_path(path)
    check_unchanged_by_windows(path)
    if flags & _ENCRYPTED_FLAGS:
        raise UnsafeArchive(RefusalReason.ENCRYPTED, path)
    if method not in {_STORED, _DEFLATED} or flags & _PATCH_FLAG or _is_too_new(fields[2]):
        raise UnreadableArchive(RefusalReason.UNSUPPORTED_COMPRESSION, path)
    wide = _extra_fields(path, name, extra).get(_ZIP64_EXTRA)
    size, packed_size, offset = _wide_values(path, wide, (size, packed_size, offset))
    mode = attributes >> 16
    kind = stat.S_IFMT(mode)
    if kind == stat.S_IFLNK:
        raise UnsafeArchive(RefusalReason.UNSAFE_LINK, path)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise UnsafeArchive(RefusalReason.SPECIAL_MEMBER, path)
    if disk or (method == _STORED and size != packed_size) or (path.endswith("/") and size):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, path)
    return Member(path, name, size, packed_size, crc, method, flags, offset, mode)


def _decode(name: bytes, flags: int) -> str:
    try:
        # Without the flag the encoding is anybody's guess, and readers guess differently.
        return name.decode("utf-8" if flags & _UTF8_FLAG else "ascii")
    except UnicodeDecodeError:
        raise UnsafeArchive(RefusalReason.UNSAFE_PATH, printable(name.decode("utf-8", "replace"))) from None


def _extra_fields(path: str, name: bytes, extra: bytes) -> dict[int, bytes]:
    """Return the extra fields of a header by their kind.

    Raises:
        UnsafeArchive: One is cut short or stands there twice, or gives the member another name.
    """
    fields: dict[int, bytes] = {}
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        content = extra[position + 4 : position + 4 + length]
        if len(content) != length or kind in fields:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, path)
        fields[kind] = content
        position += 4 + length
    named = fields.get(_UNICODE_PATH_EXTRA)
    # A version, a checksum, then the name.
    if named is not None and (len(named) < 5 or named[5:] != name):
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, path)
    return fields


def _wide_values(path: str, wide: bytes | None, values: tuple[int, ...]) -> tuple[int, ...]:
    """Replace each value that is all ones by the zip64 field's, in the order APPNOTE gives.

    The field holds those and nothing else: a value that nobody needs is read by some, passed over by
    others, and refused by uv.
    """
    needed = values.count(_MAX32)
    if len(wide or b"") != 8 * needed:
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, path)
    given = iter(struct.unpack(f"<{needed}Q", wide or b""))
    return tuple(next(given) if value == _MAX32 else value for value in values)


# --- the members -----------------------------------------------------------------------------------------


def _read_local_header(reader: HashedReader, member: Member) -> None:
    fields = _LOCAL.unpack(reader.read(_LOCAL.size))
    signature, version, flags, method, _, _, crc, packed_size, size, name_length, extra_length = fields
    name = reader.read(name_length)
    extra = reader.read(extra_length)
    alike = (
        signature == _LOCAL_SIGNATURE
        and name == member.raw_path
        and method == member.method
        and (flags ^ member.flags) & _READING_FLAGS == 0
    )
    if alike:
        wide = _extra_fields(member.path, member.raw_path, extra).get(_ZIP64_EXTRA)
        # Some writers (protobuf's) repeat in it what the header says already; so does uv allow.
        if wide != struct.pack("<QQ", size, packed_size):
            size, packed_size = _wide_values(member.path, wide, (size, packed_size))
        stated, known = (crc, packed_size, size), (member.crc, member.packed_size, member.size)
        if flags & _DESCRIPTOR_FLAG:
            alike = all(value in {0, truth} for value, truth in zip(stated, known, strict=True))
        else:
            alike = stated == known
    if not alike:
        raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(member.path))
    if _is_too_new(version):
        raise UnreadableArchive(RefusalReason.UNSUPPORTED_COMPRESSION, printable(member.path))


def _is_too_new(version: int) -> bool:
    """Tell whether a header asks for a reader that no installer is: uv stops there, zipfile at some."""
    return version & 0xFF > _NEWEST_VERSION


def _read_descriptor(reader: HashedReader, member: Member, length: int) -> None:
    """Read what stands between a member's data and the next header: a data descriptor or nothing."""
    if not length:
        if member.flags & _DESCRIPTOR_FLAG:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(member.path))
        return
    if member.flags & _DESCRIPTOR_FLAG and length in {12, 16, 20, 24}:
        descriptor = reader.read(length)
        if length in {16, 24}:
            signature, descriptor = descriptor[:4], descriptor[4:]
        else:
            signature = _DESCRIPTOR_SIGNATURE
        layout = "<LLL" if len(descriptor) == 12 else "<LQQ"
        if signature == _DESCRIPTOR_SIGNATURE and struct.unpack(layout, descriptor) == (
            member.crc,
            member.packed_size,
            member.size,
        ):
            return
    # Bytes that the directory does not know: an entry left out of it, or data for another reader.
    raise UnsafeArchive(RefusalReason.EXTRA_DATA, printable(member.path))


def _unpack(member: Member, pieces: Iterator[bytes], sink: Sink | None) -> None:
    crc = 0
    unpacked = 0
    for content in pieces if member.method == _STORED else _inflate(member, pieces):
        crc = zlib_ng.crc32(content, crc)
        unpacked += len(content)
        if unpacked > member.size:
            raise UnsafeArchive(RefusalReason.AMBIGUOUS_ARCHIVE, printable(member.path))
        if sink is not None:
            sink(content)
    if unpacked != member.size or crc != member.crc:
        raise UnreadableArchive(RefusalReason.DAMAGED, printable(member.path))


def _inflate(member: Member, pieces: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
    # One byte more than promised, so that a lie shows without unpacking all of it.
    step = min(_INFLATE_STEP, member.size + 1)
    try:
        for piece in pieces:
            waiting = piece
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, step)
                waiting = inflater.unconsumed_tail
            if inflater.eof and (inflater.unused_data or waiting):
                raise UnsafeArchive(RefusalReason.EXTRA_DATA, printable(member.path))
        while not inflater.eof:
            rest = inflater.decompress(b"", step)
            if not rest:
                raise UnreadableArchive(RefusalReason.DAMAGED, printable(member.path))
            yield rest
    except InflateError as error:
        raise UnreadableArchive(RefusalReason.DAMAGED, printable(member.path)) from error


def _exactly(content: bytes, count: int) -> bytes:
    if len(content) != count:
        raise UnreadableArchive(RefusalReason.TRUNCATED)
    return content
