"""Asks for a text in the user's language; English is its own key."""

from PySide6.QtCore import QCoreApplication


def tr(source: str, /, **facts: object) -> str:
    """Translate ``source`` and put the facts where it names them."""
    text = QCoreApplication.translate("Cheeseboard", source)
    return text.format(**facts) if facts else text


def mark(source: str) -> str:
    """Return ``source`` as it is; it is translated where it is used."""
    return source
