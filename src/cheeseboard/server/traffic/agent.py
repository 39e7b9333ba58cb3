"""Who downloads: what installers tell of themselves in their User-Agent, read without trust."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_PRODUCT = re.compile(r"([A-Za-z][A-Za-z0-9._-]{0,39})/([A-Za-z0-9.+_-]{1,40})")
_INTERPRETERS = {"cpython", "pypy", "python", "graalpy"}
_SYSTEMS = {"linux", "darwin", "windows", "freebsd"}
_LONGEST = 4096
_LONGEST_FACT = 40


@dataclass(frozen=True, slots=True)
class Agent:
    """A client, as it describes itself; every fact may be empty, and none is to be relied on.

    Attributes:
        installer: Name and version, e.g. "pip/26.3".
        python: The version of its Python, e.g. "3.11.7".
        system: The operating system, e.g. "Linux", "Darwin", "Windows".
    """

    installer: str = ""
    python: str = ""
    system: str = ""


@lru_cache(maxsize=512)
def read_agent(user_agent: str) -> Agent:
    """Return what a User-Agent tells.

    pip and uv put JSON behind their product ("pip/26.3 {...}"); poetry, pdm and others name further
    products ("poetry/2.1.0 CPython/3.11.7 Linux/6.1").
    """
    text = user_agent[:_LONGEST]
    start, brace, rest = text.partition("{")
    products = _PRODUCT.findall(start)
    installer = "/".join(products[0]) if products else ""
    if brace:
        told = _read_json(brace + rest)
        python = _text(told.get("python")) or _text(_member(told, "implementation").get("version"))
        return Agent(installer, python, _text(_member(told, "system").get("name")))
    named = {name.lower(): (name, version) for name, version in products[1:]}
    python = next((version for key, (_, version) in named.items() if key in _INTERPRETERS), "")
    system = next((name for key, (name, _) in named.items() if key in _SYSTEMS), "")
    return Agent(installer, python, system)


def _read_json(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _member(told: dict[str, Any], name: str) -> dict[str, Any]:
    member = told.get(name)
    return member if isinstance(member, dict) else {}


def _text(value: object) -> str:
    """Return a fact fit for a line: short and printable."""
    return value[:_LONGEST_FACT] if isinstance(value, str) and value.isprintable() else ""
