"""The pages for people in a real Chromium: phone and desktop, light and dark, nothing from elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from tests.server.authority import Authority
from tests.server.board import Board
from tests.server.chromium import Browser, public_key_pin, run_chromium
from tests.server.client import Client
from tests.server.test_readme import METADATA

README = (
    b"""
## Installing

```python
from acme_core import Board  # the board itself
board = Board("packages", size=3)
```

| Option | Meaning | Default |
|---|---|---|
| `--size` | how large it is, in a column that has a rather long explanation | 3 |
| `--name` | what it is called | board |

> Cheese boards are best served at room temperature.

- [x] wheels
- [ ] crackers

1. First
2. Second, with `code` and a [link](https://example.test/)

A_very_long_word_without_any_break_"""
    + b"x" * 200
    + b"\n"
)
WIDTHS = {"phone": (390, 844), "desktop": (1280, 900)}


@pytest.fixture
def furnished(board: Board) -> None:
    metadata = METADATA + README
    board.add(
        "acme_core-2.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        b"x" * 48_000_000,
        metadata=metadata,
        summary="A board for cheese, wheels and everything that goes with them",
    )
    board.add("acme_core-2.0-py3-none-any.whl", b"x" * 48_000, metadata=metadata)
    board.add("acme_core-2.0.tar.gz", b"x" * 31_000, metadata=metadata)
    board.add("acme_core-1.0.tar.gz", b"x" * 30_000, yanked="loses crackers")
    board.add("acme_util-2.0.tar.gz", summary="What the others need")
    for number in range(12):
        board.add(f"zope_part{number}-1.{number}.tar.gz", summary="One of many parts " * (number % 4))


def test_the_pages_fit_phone_and_desktop_in_light_and_dark_and_ask_for_nothing_elsewhere(
    client: Client,
    board: Board,
    authority: Authority,
    furnished: None,
    need_tool: Callable[[str], str],
    tmp_path: Path,
) -> None:
    pin = public_key_pin(authority.directory / "leaf.pem")
    with run_chromium(need_tool("chromium"), tmp_path / "profile", pin) as browser:
        for path in ("/", "/projects/acme-core/", "/?q=nowhere", "/projects/nothing/"):
            for device, (width, height) in WIDTHS.items():
                for dark in (False, True):
                    browser.show(client.url + path, width=width, height=height, dark=dark)
                    name = re.sub(r"\W+", "-", f"shot{path}{device}-{'dark' if dark else 'light'}")
                    check(browser, tmp_path / f"{name}.png", width=width, dark=dark)
        assert all(url.startswith((client.url, "data:")) for url in browser.asked)
        assert [told for told in browser.complaints if "404" not in told] == []
        browser.show(f"{client.url}/", width=1280, height=900, dark=False)
        # Asked where it would lead, not sent: the page that came of that would race with the next.
        asked = browser.evaluate(
            "document.querySelector('input').value = 'UTIL';"
            "const form = document.forms[0];"
            "[form.method, form.action, new URLSearchParams(new FormData(form)).toString()]"
        )
        assert asked == ["get", f"{client.url}/", "q=UTIL"]
        browser.show(f"{client.url}/?q=UTIL", width=1280, height=900, dark=False)
        assert browser.evaluate(
            "[...document.querySelectorAll('ul.projects strong')].map(e => e.textContent)"
        ) == ["acme-util"]


def check(browser: Browser, path: Path, *, width: int, dark: bool) -> None:
    assert browser.evaluate("document.documentElement.scrollWidth") <= width, path.name
    browser.screenshot(path)
    corner = QColor(QImage(str(path)).pixelColor(2, 2))
    assert (corner.lightness() < 128) is dark, path.name
