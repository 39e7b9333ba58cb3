"""A README made into clean HTML, in a process of its own, which is given the content type.

Text comes on stdin, HTML leaves on stdout; exit code 1 means that it could not be rendered. Hostile text
keeps Markdown and reStructuredText renderers busy for minutes or grows a thousandfold (measured), so this
runs where it can be ended, and under limits of its own where the system has them.
"""

import io
import re
import sys

_SECONDS = 10
_MEMORY_BYTES = 1024 * 1024 * 1024
# As nh3 writes it: every value in double quotes.
_PICTURE = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>')
_ALTERNATIVE = re.compile(r'\salt="([^"]*)"')


def main() -> int:
    """Render stdin."""
    _limit_this_process()
    content_type = sys.argv[1] if len(sys.argv) > 1 else ""
    html = render(content_type, sys.stdin.buffer.read().decode("utf-8", "replace"))
    if html is None:
        return 1
    sys.stdout.buffer.write(name_pictures(html).encode("utf-8", "replace"))
    return 0


def name_pictures(html: str) -> str:
    """Return clean HTML with each picture's alternative text in its place: none is loaded from elsewhere."""

    def name(picture: re.Match[str]) -> str:
        alternative = _ALTERNATIVE.search(picture[0])
        return f'<span class="picture">{alternative[1]}</span>' if alternative and alternative[1] else ""

    return _PICTURE.sub(name, html)


def render(content_type: str, text: str) -> str | None:
    """Return ``text`` as clean HTML; None when it is not valid in its own markup."""
    from readme_renderer import markdown, rst, txt  # noqa: PLC0415 - slow to import, and for the process only

    media_type, _, parameters = content_type.lower().partition(";")
    match media_type.strip():
        case "text/markdown":
            variant = "CommonMark" if "commonmark" in parameters else "GFM"
            return markdown.render(text, variant=variant)
        case "" | "text/x-rst":
            # Without a type reStructuredText is meant (core metadata); who wrote plain text gets it plain.
            return rst.render(text, stream=io.StringIO())
        case _:
            return txt.render(text)


def _limit_this_process() -> None:
    try:
        import resource  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return
    for limit, most in ((resource.RLIMIT_CPU, _SECONDS), (resource.RLIMIT_AS, _MEMORY_BYTES)):
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):  # a system with a lower limit, or without this one
            continue


if __name__ == "__main__":
    sys.exit(main())
