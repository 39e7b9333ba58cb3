"""The few lines of core metadata that the panel shows beside a project's name; read leniently."""

from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr

LONGEST_LICENSE = 40


@dataclass(frozen=True, slots=True)
class Facts:
    """What is worth a line; empty where the metadata is silent."""

    license: str = ""
    author: str = ""


def read_facts(metadata: bytes | None) -> Facts:
    """Return licence and author from the bytes of METADATA or PKG-INFO; never raises on odd ones."""
    if metadata is None:
        return Facts()
    headers = BytesHeaderParser(policy=compat32).parsebytes(metadata)

    def value(name: str) -> str:
        return " ".join(str(headers.get(name, "")).split())

    terms = value("License-Expression") or value("License")
    mail = parseaddr(value("Author-email") or value("Maintainer-email"))[1]
    author = value("Author") or value("Maintainer") or mail
    return Facts(license=terms if len(terms) <= LONGEST_LICENSE else "", author=mail or author)
