"""Renders a project's description to clean HTML: pure and slow, so a worker does it."""

import html
import io
from email.message import Message

LONGEST = 300_000
# What a text document needs. No pictures: showing them would ask servers that learn who reads.
_TEXT_TAGS = "abbr b br code del em i kbd p pre q s samp small span strong sub sup tt var"
_BLOCK_TAGS = "blockquote div dd dl dt h1 h2 h3 h4 h5 h6 hr li ol table tbody td tfoot th thead tr ul"
_TAGS = frozenset(("a", *_TEXT_TAGS.split(), *_BLOCK_TAGS.split()))
_CELL = {"colspan", "align"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "td": _CELL, "th": _CELL}
_SCHEMES = frozenset({"http", "https", "mailto"})


def render_readme(text: str, content_type: str) -> str:
    """Return ``text`` as HTML without scripts, styles, pictures or odd links; empty for empty text.

    Args:
        text: The Description of the core metadata.
        content_type: Its Description-Content-Type; plain text where it is empty or unknown.
    """
    if not text.strip():
        return ""
    # heavy: brought in by the first README that is looked at, on the worker that renders it
    import readme_renderer.markdown  # noqa: PLC0415
    import readme_renderer.rst  # noqa: PLC0415

    header = Message()
    header["content-type"] = content_type or "text/plain"
    kind, shortened = header.get_content_type(), text[:LONGEST]
    rendered: str | None = None
    if kind == "text/markdown":
        variant = str(header.get_param("variant") or "GFM")
        rendered = readme_renderer.markdown.render(shortened, variant=variant)
    elif kind == "text/x-rst" or not content_type:
        # the field's default is reStructuredText (PyPUG "Core metadata"); what is none falls through
        rendered = readme_renderer.rst.render(shortened, stream=io.StringIO())
    if rendered is None:
        rendered = f"<pre>{html.escape(shortened)}</pre>"
    return clean(rendered)


def clean(markup: str) -> str:
    """Return only what a text document needs of ``markup``."""
    import nh3  # noqa: PLC0415  # as above

    cleaned: str = nh3.clean(
        markup,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(_SCHEMES),
        clean_content_tags={"script", "style", "svg", "math", "picture", "video", "audio"},
    )
    return cleaned.replace("\n</code></pre>", "</code></pre>").replace("\n</pre>", "</pre>")
