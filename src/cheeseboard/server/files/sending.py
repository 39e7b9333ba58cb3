"""Files on their way out: small ones at once, large ones by ``pathsend``, ranges in bounded pieces."""

import asyncio
import logging
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cheeseboard.server.answers import make_start
from cheeseboard.server.asgi import Headers, Message, Receive, Scope, Send
from cheeseboard.server.files.conditions import ByteRange

logger = logging.getLogger(__name__)

_PATHSEND = "http.response.pathsend"
_PIECE = 256 * 1024
# Up to here reading a file ourselves costs less than granian's way to its own reader (measured: 50 kB
# files 1.3 times as many a second).
_SMALL = 256 * 1024
# The slowest reader that is put up with: one piece in this time, about 9 kB/s.
_SECONDS_A_PIECE = 30.0


def is_intact(path: Path, size: int) -> bool:
    """Return whether a regular file of that size lies at ``path``; a link is never followed."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == size


async def send_file(
    path: Path, size: int, headers: Headers, scope: Scope, receive: Receive, send: Send
) -> None:
    """Send a whole file with status 200; to a HEAD request its headers only.

    Raises:
        OSError: The file cannot be read; nothing was sent.
    """
    start = make_start(200, [*headers, (b"content-length", str(size).encode("ascii"))])
    if scope["method"] == "HEAD":
        await send(start)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    elif size <= _SMALL:
        body = _read_whole(path, size)
        await send(start)
        await send({"type": "http.response.body", "body": body, "more_body": False})
    elif _PATHSEND in scope.get("extensions", ()):
        # granian opens the file itself, answers 404 if it is gone by then, and breaks the connection
        # if it turns out too short: never a short body that looks whole.
        await send(start)
        await send({"type": _PATHSEND, "path": str(path)})
    else:
        await _send_pieces(path, ByteRange(0, size), start, receive, send)


async def send_range(
    path: Path,
    wanted: ByteRange,
    size: int,
    headers: Headers,
    receive: Receive,
    send: Send,
) -> None:
    """Send one range of a file with status 206.

    Raises:
        OSError: The file cannot be opened; nothing was sent.
    """
    last = wanted.start + wanted.length - 1
    content_range = f"bytes {wanted.start}-{last}/{size}".encode("ascii")
    length = str(wanted.length).encode("ascii")
    start = make_start(206, [*headers, (b"content-length", length), (b"content-range", content_range)])
    await _send_pieces(path, wanted, start, receive, send)


async def _send_pieces(path: Path, wanted: ByteRange, start: Message, receive: Receive, send: Send) -> None:
    loop = asyncio.get_running_loop()
    file = await loop.run_in_executor(None, path.open, "rb")
    disconnect = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        await send(start)
        left = wanted.length
        await loop.run_in_executor(None, file.seek, wanted.start)
        while left and not disconnect.done():
            piece = await loop.run_in_executor(None, _read, file, min(_PIECE, left))
            if not piece:
                # Ending here without the last message makes granian break the connection.
                logger.warning("%s is shorter than it was", path)
                return
            left -= len(piece)
            message: Message = {"type": "http.response.body", "body": piece, "more_body": left > 0}
            await asyncio.wait_for(send(message), _SECONDS_A_PIECE)
    except TimeoutError:
        logger.info("Gave up on a reader that took nothing for %.0f s", _SECONDS_A_PIECE)
    finally:
        disconnect.cancel()
        with suppress(asyncio.CancelledError):
            await disconnect
        file.close()


def _read_whole(path: Path, size: int) -> bytes:
    """Return a small file's bytes.

    Raises:
        OSError: It cannot be read, is a link, or has another size.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    try:
        body = os.read(descriptor, size + 1)
    finally:
        os.close(descriptor)
    if len(body) != size:
        raise OSError(f"{path} has {len(body)} bytes, not {size}")
    return body


def _read(file: BinaryIO, length: int) -> bytes:
    try:
        return file.read(length)
    except OSError:
        return b""


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
