"""Wheels and sdists built in memory, byte by byte where a test needs them wrong.

``build_wheel`` and ``build_sdist`` make valid ones. Every deviation is a keyword, so that a test says
just what is wrong with its file.
"""

import base64
import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

WHEEL_FILE = b"Wheel-Version: 1.0\nGenerator: builders\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
FIXED_TIME = (2026, 1, 2, 3, 4, 6)


def core_metadata(
    name: str,
    version: str,
    *,
    summary: str = "A package made by a test",
    requires_python: str | None = ">=3.8",
    requires_dist: Iterable[str] = (),
    description: str = "",
    extra_lines: Iterable[str] = (),
) -> bytes:
    """Return METADATA or PKG-INFO."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    if summary:
        lines.append(f"Summary: {summary}")
    if requires_python is not None:
        lines.append(f"Requires-Python: {requires_python}")
    lines += [f"Requires-Dist: {requirement}" for requirement in requires_dist]
    lines += extra_lines
    return ("\n".join(lines) + "\n\n" + description).encode()


def record_line(name: str, content: bytes) -> str:
    """Return one line of RECORD."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def wheel_filename(name: str, version: str, tag: str = "py3-none-any", build: str = "") -> str:
    """Return the file name that a builder would give."""
    escaped = name.replace("-", "_").replace(".", "_").lower()
    return f"{escaped}-{version}{'-' + build if build else ''}-{tag}.whl"


def wheel_members(
    name: str,
    version: str,
    *,
    modules: Mapping[str, bytes] | None = None,
    metadata: bytes | None = None,
    wheel_file: bytes | None = WHEEL_FILE,
    dist_info: str | None = None,
    entry_points: bytes | None = None,
    requires_dist: Iterable[str] = (),
    summary: str = "A package made by a test",
    requires_python: str | None = ">=3.8",
    description: str = "",
) -> dict[str, bytes]:
    """Return the members of a valid wheel, RECORD last."""
    escaped = name.replace("-", "_").replace(".", "_").lower()
    dist_info = dist_info if dist_info is not None else f"{escaped}-{version}.dist-info"
    members = dict(modules if modules is not None else {f"{escaped}.py": f"VERSION = {version!r}\n".encode()})
    members[f"{dist_info}/METADATA"] = metadata or core_metadata(
        name,
        version,
        summary=summary,
        requires_dist=requires_dist,
        requires_python=requires_python,
        description=description,
    )
    if wheel_file is not None:
        members[f"{dist_info}/WHEEL"] = wheel_file
    if entry_points is not None:
        members[f"{dist_info}/entry_points.txt"] = entry_points
    record = "".join(record_line(path, content) for path, content in members.items())
    members[f"{dist_info}/RECORD"] = (record + f"{dist_info}/RECORD,,\n").encode()
    return members


def zip_bytes(
    members: Iterable[tuple[str | zipfile.ZipInfo, bytes]], *, compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """Return a zip with these members in this order; names may repeat."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name, FIXED_TIME)
            if not isinstance(name, zipfile.ZipInfo):
                info.external_attr = 0o100644 << 16
                info.compress_type = compression
            archive.writestr(info, content)
    return buffer.getvalue()


def build_wheel(name: str = "acme-core", version: str = "1.0", **keywords: object) -> bytes:
    """Return a valid wheel; keywords as for :func:`wheel_members`."""
    return zip_bytes(wheel_members(name, version, **keywords).items())  # type: ignore[arg-type]  # see above


def tar_bytes(members: Iterable[tuple[tarfile.TarInfo | str, bytes]]) -> bytes:
    """Return a plain tar of these members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if info.isreg():
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def gzip_bytes(content: bytes) -> bytes:
    """Return one gzip member."""
    return gzip.compress(content, mtime=0)


PYPROJECT = b'[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def sdist_members(
    name: str = "acme-core",
    version: str = "1.0",
    *,
    top: str | None = None,
    metadata: bytes | None = None,
    files: Mapping[str, bytes] | None = None,
    summary: str = "A package made by a test",
    requires_python: str | None = ">=3.8",
    description: str = "",
) -> dict[str, bytes]:
    """Return the members of a valid sdist."""
    escaped = name.replace("-", "_").replace(".", "_").lower()
    top = top if top is not None else f"{escaped}-{version}"
    members = {
        f"{top}/PKG-INFO": metadata
        or core_metadata(
            name, version, summary=summary, requires_python=requires_python, description=description
        ),
        f"{top}/pyproject.toml": PYPROJECT,
    }
    for path, content in (files or {f"{escaped}.py": b"VERSION = 1\n"}).items():
        members[f"{top}/{path}"] = content
    return members


def sdist_filename(name: str, version: str) -> str:
    """Return the file name that a builder would give (PEP 625)."""
    return f"{name.replace('-', '_').replace('.', '_').lower()}-{version}.tar.gz"


def build_sdist(name: str = "acme-core", version: str = "1.0", **keywords: object) -> bytes:
    """Return a valid .tar.gz sdist; keywords as for :func:`sdist_members`."""
    return gzip_bytes(tar_bytes(sdist_members(name, version, **keywords).items()))  # type: ignore[arg-type]  # see above


def installable_sdist(name: str = "acme-core", version: str = "1.0") -> bytes:
    """Return an sdist with a build backend of its own, so that pip builds it without any download."""
    escaped = name.replace("-", "_").lower()
    wheel = f"{escaped}-{version}-py3-none-any.whl"
    backend = f"""
import pathlib
WHEEL = {build_wheel(name, version)!r}
def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    pathlib.Path(wheel_directory, {wheel!r}).write_bytes(WHEEL)
    return {wheel!r}
"""
    return build_sdist(name, version, files={"backend.py": backend.encode()})


def write_wheel(directory: Path, name: str = "acme-core", version: str = "1.0", **keywords: object) -> Path:
    """Write a valid wheel into ``directory`` under its proper name."""
    path = directory / wheel_filename(name, version)
    path.write_bytes(build_wheel(name, version, **keywords))
    return path


def write_sdist(directory: Path, name: str = "acme-core", version: str = "1.0", **keywords: object) -> Path:
    """Write a valid sdist into ``directory`` under its proper name."""
    path = directory / sdist_filename(name, version)
    path.write_bytes(build_sdist(name, version, **keywords))
    return path


# --- hostile and broken ones --------------------------------------------------------------------------

INFO = "acme_core-1.0.dist-info"


def with_record(members: dict[str, bytes], *, info: str = INFO) -> dict[str, bytes]:
    """Return the members with a RECORD that fits them."""
    rest = {path: content for path, content in members.items() if path != f"{info}/RECORD"}
    lines = "".join(record_line(path, content) for path, content in rest.items())
    return {**rest, f"{info}/RECORD": (lines + f"{info}/RECORD,,\n").encode()}


def wheel_with(extra: dict[str, bytes]) -> bytes:
    """Return a wheel with more members, all of them in RECORD."""
    return zip_bytes(with_record({**wheel_members("acme-core", "1.0"), **extra}).items())


def patched(content: bytes, signature: bytes, offset: int, value: bytes, *, which: int = 0) -> bytes:
    """Overwrite bytes at ``offset`` after the ``which``-th occurrence of a signature."""
    position = -1
    for _ in range(which + 1):
        position = content.index(signature, position + 1)
    position += offset
    return content[:position] + value + content[position + len(value) :]


def without(name: str) -> bytes:
    """Return a wheel that lacks a file of its .dist-info."""
    members = wheel_members("acme-core", "1.0")
    return zip_bytes(with_record({p: c for p, c in members.items() if p != f"{INFO}/{name}"}).items())


def record_replaced(old: bytes, new: bytes) -> bytes:
    """Return a wheel whose RECORD was edited after it was built."""
    members = wheel_members("acme-core", "1.0")
    record = members[f"{INFO}/RECORD"]
    assert old in record
    members[f"{INFO}/RECORD"] = record.replace(old, new)
    return zip_bytes(members.items())


def sdist_with(member: tarfile.TarInfo, content: bytes = b"") -> bytes:
    """Return an sdist with one more member."""
    return gzip_bytes(tar_bytes([*sdist_members().items(), (member, content)]))


def sdist_with_link(path: str, target: str, *, hard: bool = False) -> bytes:
    """Return an sdist with a link in it."""
    info = tarfile.TarInfo(path)
    info.type = tarfile.LNKTYPE if hard else tarfile.SYMTYPE
    info.linkname = target
    return sdist_with(info)


def stored_gzip_tail(content: bytes) -> bytes:
    """Return the rest of a gzip member whose data is stored, not deflated."""
    packer = zlib.compressobj(0, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush() + struct.pack("<LL", zlib.crc32(content), len(content))


# --- extra fields of zip headers ----------------------------------------------------------------------

ALL_ONES = 0xFFFFFFFF
UNICODE_PATH, ZIP64 = 0x7075, 0x0001
ZIP_TIME = 0x5C22_1884  # any valid one

# What is in a header's extra fields, given the member's name and size.
ExtraFields = Callable[[bytes, int], bytes]


def extra_field(kind: int, content: bytes) -> bytes:
    """Return one extra field."""
    return struct.pack("<HH", kind, len(content)) + content


def unicode_path(name: bytes, shown: bytes) -> bytes:
    """Return the field that gives a member another name (Info-ZIP, APPNOTE 4.6.9)."""
    return extra_field(UNICODE_PATH, struct.pack("<BL", 1, zlib.crc32(name)) + shown)


def zip64_sizes(*sizes: int) -> bytes:
    """Return the field that holds sizes too large for a header (APPNOTE 4.5.3)."""
    return extra_field(ZIP64, struct.pack(f"<{len(sizes)}Q", *sizes))


def wheel_with_extra_fields(fields: ExtraFields, *, local: bool, central: bool, wide: bool = False) -> bytes:
    """Return a wheel whose first member has extra fields in its local header, its directory entry or both.

    Args:
        fields: What they are.
        local: Whether the local header has them.
        central: Whether the directory entry has them.
        wide: Whether the header that has them leaves its sizes to them.
    """
    body, table = b"", b""
    members = wheel_members("acme-core", "1.0")
    for number, (path, content) in enumerate(members.items()):
        name, offset = path.encode(), len(body)
        odd = [has and not number for has in (local, central)]
        extras = [fields(name, len(content)) if has else b"" for has in odd]
        sizes = [ALL_ONES if has and wide else len(content) for has in odd]
        header = struct.pack("<3HLL", 45, 0, 0, ZIP_TIME, zlib.crc32(content))
        here, there = (
            struct.pack("<LLHH", size, size, len(name), len(extra))
            for size, extra in zip(sizes, extras, strict=True)
        )
        body += b"PK\x03\x04" + header + here + name + extras[0] + content
        table += b"PK\x01\x02\x2d\x03" + header + there
        table += struct.pack("<3HLL", 0, 0, 0, 0o100644 << 16, offset) + name + extras[1]
    count = len(members)
    return body + table + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(table), len(body), 0)
