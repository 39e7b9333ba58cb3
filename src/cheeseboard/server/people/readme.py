"""A project's README for its page: rendered once, in a process apart, within limits of size and time."""

import logging
import subprocess
import sys
from collections import OrderedDict

from markupsafe import Markup, escape

from cheeseboard.distributions.metadata import ProjectDetails

logger = logging.getLogger(__name__)

_MOST_TEXT = 512 * 1024
_MOST_HTML = 2 * 1024 * 1024
_SECONDS = 10.0
_MOST_KEPT = 64


class Readmes:
    """Renders READMEs and keeps the last ones; asked from one thread at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Markup] = OrderedDict()

    def render(self, metadata_sha256: str, details: ProjectDetails) -> Markup:
        """Return a description as clean HTML, "" when there is none; slow the first time.

        Args:
            metadata_sha256: Of the metadata that the description is from: the key under which it is kept.
            details: That metadata.
        """
        kept = self._kept.get(metadata_sha256)
        if kept is None:
            kept = render_readme(details.description, details.description_content_type)
            while len(self._kept) >= _MOST_KEPT:
                self._kept.popitem(last=False)
            self._kept[metadata_sha256] = kept
        else:
            self._kept.move_to_end(metadata_sha256)
        return kept


def render_readme(text: str, content_type: str, *, seconds: float = _SECONDS) -> Markup:
    """Return ``text`` as clean HTML; what cannot be rendered in time and size is shown as it is."""
    if not text.strip() or text.strip() == "UNKNOWN":
        return Markup()
    html = None if len(text) > _MOST_TEXT else _run(text, content_type, seconds)
    if html is None or len(html) > _MOST_HTML:
        shown = text[:_MOST_TEXT] + ("\n…" if len(text) > _MOST_TEXT else "")
        return Markup('<pre class="plain">{}</pre>').format(escape(shown))
    # nh3 has cleaned it in the other process: a list of allowed tags and attributes, no script, no style.
    return Markup(html)  # noqa: S704 - see above


def _run(text: str, content_type: str, seconds: float) -> str | None:
    if getattr(sys, "frozen", False):  # a program without an interpreter of its own to run
        return None
    command = [sys.executable, "-I", "-m", "cheeseboard.server.people.readme_process", content_type]
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        logger.info("A README is shown as plain text: %s", type(error).__name__)
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
