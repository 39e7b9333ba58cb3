"""A uv.toml as text: our lines put in and taken out line by line, so that all else stays.

Pure: text in, text out. The text is valid for uv; whether it still is afterwards, the caller lets a
TOML reader or uv itself judge. A setting stands at the top, where no table can swallow it; an index
stands at the end, or before the first one, as a table of its own.

The join script carries this file to Python 3.8 as it is (see join.py): standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

NAMED_INDEXES_SINCE = (0, 5)
# `system-certs` was called `native-tls` before; uv refuses a file with a key that it doesn't know.
SYSTEM_CERTS_SINCE = (0, 11)
CERTIFICATE_SETTINGS = ("system-certs", "native-tls")
KEYRING_SETTING = "keyring-provider"
KEYRING_LINE = f'{KEYRING_SETTING} = "subprocess"'
_INDEX_HEADER = re.compile(r"(?m)^[ \t]*\[\[[ \t]*index[ \t]*\]\]")
_TABLE_HEADER = re.compile(r"(?m)^[ \t]*\[.*$")
_NAME = re.compile(r"""(?m)^\s*name\s*=\s*["']([^"'\r\n]*)["']""")
_BYTE_ORDER_MARK = "\ufeff"


def user_config(environ: Mapping[str, str], home: Path, platform: str) -> Path:
    """Return where uv's documentation says that a user's configuration lies."""
    if platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "uv" / "uv.toml"
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "uv" / "uv.toml"


def version_numbers(version: str) -> tuple[int, ...]:
    """Return major and minor; empty when unknown."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def certificates_setting(version: str) -> str:
    """Return the line that lets a uv trust what the system trusts, in that version's own word."""
    numbers = version_numbers(version)
    return f"{'native-tls' if numbers and numbers < SYSTEM_CERTS_SINCE else 'system-certs'} = true"


def has_certificates_setting(text: str) -> bool:
    """Return whether it says already whether to trust what the system trusts."""
    return any(re.search(rf"(?m)^\s*{key}\s*=", text) for key in CERTIFICATE_SETTINGS)


def has_url(text: str, url: str) -> bool:
    """Return whether a line gives this address to an index."""
    return re.search(_url_line(url), text) is not None


def has_index_tables(text: str) -> bool:
    """Return whether there is an index as a table of its own."""
    return _INDEX_HEADER.search(text) is not None


def free_name(text: str, wished: str) -> str:
    """Return the wished name, with a number behind it when an index has it already."""
    taken = set(_NAME.findall(text))
    numbered = (f"{wished}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (wished, *numbered) if name not in taken)


def added(text: str, *, setting: str = "", index: Sequence[str] = (), first: bool = False) -> str:
    """Return the text with a setting at its top, and an index at its end.

    Args:
        text: The file now; empty when there is none.
        setting: A line, or some; empty for none.
        index: The lines of a table; none for none.
        first: Put the index before the first one that is there.
    """
    mark, rest = (_BYTE_ORDER_MARK, text[1:]) if text.startswith(_BYTE_ORDER_MARK) else ("", text)
    table = _INDEX_HEADER.search(rest) if first else None
    place = table.start() if table else len(rest)
    lead, tail = rest[:place], rest[place:]
    block = "".join(line + "\n" for line in index)
    if block and lead and not lead.endswith("\n"):
        lead += "\n"
    gap = "\n" if lead and block and not table else ""
    edited = (
        (setting + "\n" if setting else "") + lead + gap + block + ("\n" if table and block else "") + tail
    )
    if "\r\n" in text and text.count("\r\n") == text.count("\n"):
        edited = edited.replace("\r\n", "\n").replace("\n", "\r\n")
    return mark + edited


def without(text: str, former: str, after: str, url: str) -> str:
    """Return the text without what led from ``former`` to ``after``; what others edited since stays."""
    lines = {**{key: f"{key} = true" for key in CERTIFICATE_SETTINGS}, KEYRING_SETTING: KEYRING_LINE}
    for key, line in lines.items():
        if not re.search(rf"(?m)^\s*{key}\s*=", former):
            text = re.sub(rf"\A(\ufeff?){line}\r?\n", r"\1", text, count=1)
    return _without_index(text, url) if has_url(after, url) and not has_url(former, url) else text


def _without_index(text: str, url: str) -> str:
    """Take out the [[index]] table that has our URL, up to the next header; somebody's comments stay."""
    tables = list(_TABLE_HEADER.finditer(text))
    for number, header in enumerate(tables):
        end = tables[number + 1].start() if number + 1 < len(tables) else len(text)
        body = text[header.start() : end]
        if _INDEX_HEADER.match(body) and has_url(body, url):
            kept = "".join(
                line for line in body.splitlines(keepends=True)[1:] if line.lstrip().startswith("#")
            )
            start = header.start()
            gap = re.search(r"(?:\r?\n)\r?\n\Z", text[:start])
            lead = text[:start] if gap is None or end < len(text) else text[: start - len(gap[0]) // 2]
            return lead + kept + text[end:]
    return text


def _url_line(url: str) -> str:
    return rf"""(?m)^\s*url\s*=\s*["']{re.escape(url.rstrip("/"))}/?["']"""
